"""Small projects with case records and audit forms in the formats councils use."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.store.builders import NOW, reading, suggestion

from evidence_mapper.domain.coding import RunSpec, SuggestedChoice, Suggestion
from evidence_mapper.workflow.project import Project

VOICE = "Is the person's voice heard: what they want and what matters to them, in their own words?"
CARERS = "Were unpaid carers identified, and offered an assessment and support of their own?"
RISKS = "Were risks and safeguarding concerns recognised and managed with the person?"

Line = tuple[str, str, str, str, str, str]
"""Case, auditor, date, question, grade, comment."""

HEADER = ("Case", "Auditor", "Date", "Question", "Grade", "Comment")


def audits_csv(path: Path, lines: Sequence[Line], header: Sequence[str] = HEADER) -> Path:
    """Write a list with one row an answer."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(lines)
    return path


def record(
    project: Project, name: str, texts: Sequence[str], suggestions: Sequence[Suggestion] | None = None
) -> list[str]:
    """Put a document into a project with suggestions; returns the passages' ids."""
    ingested = reading(name, texts)
    project.store.add_document(ingested)
    run = project.store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
    made = list(suggestions or [suggestion(none=0.9)] * len(texts))
    ids = [p.id for p in ingested.passages]
    project.store.save_suggestions(run, list(zip(ids, made, strict=True)))
    return ids


def concern(*topics: str) -> Suggestion:
    """Return a suggestion of topics that reads as a concern."""
    made = suggestion(("safeguarding", 0.9), topics=topics)
    return replace(made, polarity=SuggestedChoice("concern", 0.9, (("concern", 0.9), ("strength", 0.1))))
