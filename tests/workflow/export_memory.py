"""Peak memory of one export of a small project, then of a large one: run in a process of its own by a test.

What the program holds on purpose, however large a project is, is made small first, so that a short test shows
what grows: SQLite's pages, the rows sorted together, a row group of Parquet, rows of a sheet as high as their
text.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.document import BlockKind, Document, DocumentRevision, SourceLocation, SourceType
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.store import database, views
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.workflow import publish
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project, create_project, open_project

PER_DOCUMENT = 100
NOW = "2026-01-05T09:00:00.000000+00:00"
HOLDS = "holds"
"""Stands for an export that keeps every row: what the test must notice."""


def build(path: Path, documents: int) -> None:
    """Make a project in which every passage is confirmed, some with a note, some as none of these."""
    chance = random.Random(7)
    with create_project(path) as project:
        for number in range(documents):
            ingested = _document(chance, number)
            project.store.add_document(ingested)
            made = [(p.id, _decision(n).to_json()) for n, p in enumerate(ingested.passages)]
            project.store.decide_together("Ann", NOW, made)


def _document(chance: random.Random, number: int) -> IngestedDocument:
    name = f"papers/paper {number:05}.docx"
    words = ("people", "carers", "support", "review", "waiting")
    texts = [f"Passage {number}-{n}: {' '.join(chance.choices(words, k=12))}" for n in range(PER_DOCUMENT)]
    body, file = "\n\n".join(texts), sha256_text(name)
    document = Document(derived_id("doc", name), name, file, "", SourceType.POLICY, None, 9, NOW)
    revision = DocumentRevision(
        derived_id("rev", file), document.id, file, body, sha256_text(body), "made-up/1", NOW
    )
    passages = []
    for ordinal, text in enumerate(texts):
        start = body.index(text)
        passages.append(
            Passage(
                id=derived_id("psg", file, str(ordinal)),
                revision_id=revision.id,
                document_id=document.id,
                ordinal=ordinal,
                span=Span(start, start + len(text)),
                text=text,
                kind=BlockKind.PARAGRAPH,
                location=SourceLocation(page=ordinal // 10 + 1),
                heading_path=("Part one",),
                context="What is it like?",
            )
        )
    return IngestedDocument(document, revision, passages, metadata=(("date", "2025-03-31"),))


def _decision(number: int) -> Decision:
    if number % 10 == 0:
        return Decision(Outcome.NONE, note="Nothing in it.")
    return Decision(
        Outcome.CODED,
        statements=(("assessing-needs", Verdict.ACCEPTED), ("learning", Verdict.REJECTED)),
        evidence_category="processes",
        polarity=list(Polarity)[number % 4],
        note=f"Note {number}: ask the team again" if number % 3 == 0 else None,
    )


def bound() -> None:
    """Make what is held on purpose small."""
    from evidence_mapper.export import parquet, refi_qda, sheet
    from evidence_mapper.workflow import report

    pragmas = [p for p in database._PRAGMAS if "cache_size" not in p]
    database._PRAGMAS = (*pragmas, "PRAGMA cache_size=-1024")  # type: ignore[misc,assignment]
    views._SORTED = 200  # type: ignore[misc]
    sheet._FITTED_ROWS = 100  # type: ignore[misc]
    refi_qda._IN_MEMORY = 100_000  # type: ignore[misc]
    parquet.GROUP = 200  # type: ignore[misc]
    report.LISTED = 1_000_000  # type: ignore[misc]


def hold(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write rows as JSON Lines, having kept them all."""
    rows: Iterable[EvidenceRow] = list(project.store.evidence_rows(confirmed=True))
    report = publish.write_jsonl(project, path, request)
    assert rows
    return report


def peak() -> float:
    """Return the most memory this process has had, in MB; getrusage would count what started it, too."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert told is not None
    return int(told[1]) / 1024


def main() -> None:
    """Write one format from two projects; print how many rows, and the peak after each, in MB."""
    small, large, folder, file, chosen = sys.argv[1:6]
    bound()
    told = []
    for size, place in enumerate((small, small, large)):
        with open_project(Path(place)) as project:
            path = Path(folder) / f"{size}-{file}"
            if chosen == HOLDS:
                report = hold(project, path, ExportRequest())
            else:
                report = publish.export_as_asked(project, path, chosen or None, ExportRequest())
        told.append([report.confirmed, peak()])
    sys.stdout.write(json.dumps(told[1:]) + "\n")


if __name__ == "__main__":
    main()
