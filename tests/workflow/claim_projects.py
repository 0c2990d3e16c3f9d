"""A small project with a report and a survey, for tests of claims."""

from __future__ import annotations

from pathlib import Path

from tests.workflow.pack_samples import CALLS, STAFF, WAIT, add, write

from evidence_mapper.domain.document import SourceType
from evidence_mapper.workflow.documents import set_source_type
from evidence_mapper.workflow.project import Project, create_project

SAID = (
    "I rang on a Monday about my mother and somebody came on the Thursday to see us both, "
    "which I had not expected after all that I had heard of the waits."
)
REPORT = "in/report 2025-03-31.txt"
SURVEY = "in/survey.txt"


def made(folder: Path) -> Project:
    """Return an open project with two documents, the second without a date, and no suggestions."""
    project = create_project(folder / "p.sqlite")
    write(folder / REPORT, WAIT, CALLS, STAFF)
    write(folder / SURVEY, SAID)
    add(project, folder / "in")
    set_source_type(project, REPORT, SourceType.PERFORMANCE_REPORT, "ann")
    set_source_type(project, SURVEY, SourceType.SURVEY_COMMENT, "ann")
    return project
