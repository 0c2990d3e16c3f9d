"""Made-up rows to export, and ways to read exports back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from evidence_mapper.domain.document import BlockKind, Document, SourceLocation, SourceType
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.export import ExportContext, Table, exporter

CONTEXT = ExportContext(
    framework_title="Assessment framework for local authority assurance",
    framework_id="test-framework",
    framework_version="1",
    copyright="© The publisher",
    project_id="prj-0123",
    exported_at="2026-01-05T10:00:00+00:00",
    titles={"s1": "Assessing needs", "s2": "Supporting people, to live healthier lives"},
    unverified=("statement s2, wording: unverified",),
    documents=Table(("document", "passages"), [("policies/=cover.docx", 12), ("survey.xlsx", 3)]),
    matrix=Table(("statement", "processes"), [("s1", 4), ("s2", 0)]),
    gaps=Table(("statement", "category", "expected"), [("s2", "processes", 0.25), ("s2", None, 0.0)]),
)


def passage(text: str, **changes: Any) -> Passage:
    """Return a passage of the text; ``changes`` are fields."""
    made = Passage(
        id=derived_id("psg", text),
        revision_id="rev-1",
        document_id="doc-1",
        ordinal=0,
        span=Span(10, 10 + len(text)),
        text=text,
        kind=BlockKind.PARAGRAPH,
        location=SourceLocation(page=4, page_end=5, bbox=(1.0, 2.5, 3.0, 4.0)),
        heading_path=("Waiting times", "Adults"),
        context=None,
    )
    return replace(made, **changes)


def document(name: str = "policies/waiting.pdf") -> Document:
    """Return a document."""
    return Document(
        id="doc-1",
        name=name,
        file_sha256=sha256_text(name),
        media_type="application/pdf",
        source_type=SourceType.POLICY,
        source_type_by=None,
        pages=9,
        added_at="2026-01-05T09:00:00+00:00",
    )


def confirmed(text: str, **changes: Any) -> EvidenceRow:
    """Return a coder's row; ``changes`` are fields."""
    row = EvidenceRow(
        passage=passage(text),
        document=document(),
        status="confirmed",
        statements=("s1", "s2"),
        topics=("s1-waiting",),
        i_statements=(),
        evidence_category="processes",
        polarity="strength",
        probability=None,
        coder="A. Officer",
        decided_at="2026-01-05T09:30:00.000000+00:00",
        note=None,
        run_id="run-1",
        framework="test-framework@1",
    )
    return replace(row, **changes)


def suggested(text: str, **changes: Any) -> EvidenceRow:
    """Return a suggestion's row; ``changes`` are fields."""
    row = confirmed(text, status="suggested", statements=("s1",), probability=0.123456789)
    return replace(replace(row, coder=None, decided_at=None), **changes)


SAMPLE = (
    confirmed('People waited 12 days on average,\nand said "that\'s fine".'),
    confirmed(
        "=SUM(A1:A9) was in the cell 😀 שלום",
        passage=passage(
            "=SUM(A1:A9) was in the cell 😀 שלום",
            location=SourceLocation(sheet="Comments", row=12, column="C"),
            context="What went well?",
            heading_path=(),
        ),
        note="- see also p. 9",
        evidence_category=None,
        polarity=None,
        run_id=None,
    ),
    suggested("Referrals are triaged within 48 hours."),
)


def export(name: str, rows: Sequence[EvidenceRow], context: ExportContext = CONTEXT) -> bytes:
    """Return an export's bytes, having checked that the count is right."""
    stream = io.BytesIO()
    assert exporter(name).write(iter(rows), stream, context) == len(rows)
    return stream.getvalue()


def csv_records(data: bytes) -> list[dict[str, str]]:
    """Return the records of a CSV export, cells as they stand in the file."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def workbook(data: bytes) -> Any:
    """Return an XLSX export as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def sheet_records(data: bytes, sheet: str = "Evidence") -> list[dict[str, Any]]:
    """Return the records of a sheet with Excel's ``_xHHHH_`` escapes resolved, as Excel shows them."""
    rows = workbook(data)[sheet].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, (unescaped(v) for v in row), strict=True)) for row in rows]


def unescaped(value: Any) -> Any:
    """Return a cell's value as Excel shows it."""
    return unescape(value) if isinstance(value, str) else value
