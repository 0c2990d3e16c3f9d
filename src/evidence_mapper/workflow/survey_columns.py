"""Which columns of surveys a person named, now or when the file was added before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evidence_mapper.domain.survey import SurveyColumns, from_metadata
from evidence_mapper.workflow.discover import FoundFile
from evidence_mapper.workflow.document_facts import INSIDE
from evidence_mapper.workflow.project import Project

TABLES: Final = frozenset(
    {
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv",
        "text/html",
        "text/tab-separated-values",
    }
)
"""Media types of files that may be surveys."""


def columns_of(project: Project, name: str) -> tuple[SurveyColumns, ...]:
    """Return what the columns of a document's tables were taken for; empty when it has no survey."""
    return from_metadata(project.store.facts().get(name, {}).items())


def named_again(project: Project, comments: Sequence[str]) -> frozenset[str]:
    """Return the documents that are to be read anew although their files are as they were."""
    if not comments:
        return frozenset()
    return frozenset(d.name for d in project.store.documents() if d.media_type in TABLES)


def by_path(
    project: Project, files: Sequence[FoundFile], comments: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return path to the columns of answers to read a file with, for those files that have any named.

    A file inside an archive or a message has that one's path, a slash, and its path inside.

    Parameters
    ----------
    project
        An open project.
    files
        Files with the names of their documents.
    comments
        Columns named now; empty takes those named when the document was last read.
    """
    if comments:
        return {str(file.path): tuple(comments) for file in files}
    facts = project.store.facts()
    kept = {file: _named(from_metadata(facts.get(file.name, {}).items())) for file in files}
    found = {str(file.path): names for file, names in kept.items() if names}
    tops = {file.name: file for file in files}
    for name, said in facts.items():
        inside = said.get(INSIDE, "")
        top = tops.get(name.removesuffix(f"/{inside}")) if inside else None
        names = _named(from_metadata(said.items())) if top is not None else ()
        if top is not None and names:
            found[f"{top.path}/{inside}"] = names
    return found


def _named(surveys: Sequence[SurveyColumns]) -> tuple[str, ...]:
    names = []
    for survey in surveys:
        if survey.chosen:
            before = f"{survey.sheet}!" if survey.sheet else ""
            names += [f"{before}{title or letter}" for letter, title in survey.comments]
    return tuple(names)
