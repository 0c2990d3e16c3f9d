"""The fact-check table of claims: for interviews, and for checking a draft report for accuracy in ten days.

A workbook has one row a claim, and a sheet with one row a quote; CSV has the rows of that sheet, and one
for each claim without a quote. Markdown and DOCX are for reading and writing on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from evidence_mapper.export.base import Cell, Table
from evidence_mapper.export.document import Bullets, Element, Heading, Paragraph, Run, Style, text
from evidence_mapper.export.workbook import write_table_csv, write_workbook

SCHEMA: Final = "1"
"""Version of the columns."""
CLAIM_COLUMNS: Final = (
    "claim_number",
    "claim",
    "statements",
    "evidence_for",
    "evidence_against",
    "findings",
    "checked_by",
    "draft",
    "claim_id",
)
QUOTE_COLUMNS: Final = (
    "claim_number",
    "claim",
    "statements",
    "side",
    "quote",
    "document",
    "place",
    "date",
    "evidence_categories",
    "polarity",
    "coders",
    "standing",
    "findings",
    "passage_id",
    "file_sha256",
    "claim_id",
)
_CONFIRMED: Final = (
    "A person confirmed each quote, and a person linked it for the claim or against it. Quotes are verbatim."
)
_CELL: Final = 8_000
"""Most characters of quotes in a claim's own row; the Quotes sheet has all of them."""


@dataclass(frozen=True, slots=True)
class ClaimQuote:
    """One linked quote."""

    side: str
    """``for`` or ``against``."""
    quote: str
    """Verbatim; empty when it was erased."""
    document: str
    place: str
    date: str
    """Of the document; empty when none was found."""
    categories: str
    polarity: str
    """As coders marked it; empty when none did."""
    coders: str
    standing: str
    """``counts``, or why it does not."""
    passage_id: str
    file_sha256: str

    @property
    def source(self) -> str:
        """Document, place and date in one line."""
        parts = [self.document or "erased from the project", self.place, self.date or "undated"]
        if self.standing != "counts":
            parts.append(f"does not count: {self.standing}")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One claim as the table shows it."""

    number: int
    id: str
    text: str
    statements: tuple[str, ...]
    """Titles."""
    draft: str
    """Where a draft says it; empty for a claim typed in."""
    quotes: tuple[ClaimQuote, ...]
    findings: tuple[str, ...]
    """What a check found, each with its kind in front."""

    def of_side(self, side: str) -> tuple[ClaimQuote, ...]:
        """Return the quotes of one side."""
        return tuple(quote for quote in self.quotes if quote.side == side)


@dataclass(frozen=True, slots=True)
class ClaimsAbout:
    """What the reader of the table must know about it."""

    framework: str
    project_id: str
    changed_at: str
    """When the project last changed: UTC, ISO 8601."""
    as_of: str
    """Day that ages were counted to."""
    months: int
    voice_rule: str
    privacy: str = ""
    """What the reader must know of names that were replaced; empty where none were."""


def write_claims_workbook(entries: Sequence[ClaimEntry], about: ClaimsAbout, stream: BinaryIO) -> None:
    """Write the table as a workbook: sheets Claims, Quotes, About.

    Raises
    ------
    ExportError
        A sheet has more rows, or a text more characters, than a workbook holds.
    """
    sheets = (
        ("Claims", Table(CLAIM_COLUMNS, [_claim_row(entry) for entry in entries])),
        ("Quotes", quotes_table(entries)),
        ("About", Table(("item", "text"), list(_about(about, len(entries))))),
    )
    write_workbook(sheets, stream, title="Claims and their evidence")


def write_claims_csv(entries: Sequence[ClaimEntry], stream: BinaryIO) -> None:
    """Write one row a quote, and one for each claim without any."""
    write_table_csv(quotes_table(entries), stream)


def quotes_table(entries: Sequence[ClaimEntry]) -> Table:
    """Return one row a quote, and one for each claim without any."""
    rows: list[tuple[Cell, ...]] = []
    for entry in entries:
        before = (entry.number, entry.text, "; ".join(entry.statements))
        found = "\n".join(entry.findings)
        rows += [
            (
                *before,
                quote.side,
                quote.quote,
                quote.document,
                quote.place,
                quote.date,
                quote.categories,
                quote.polarity,
                quote.coders,
                quote.standing,
                found,
                quote.passage_id,
                quote.file_sha256,
                entry.id,
            )
            for quote in entry.quotes
        ]
        if not entry.quotes:
            rows.append((*before, *(None,) * 9, found, None, None, entry.id))
    return Table(QUOTE_COLUMNS, rows)


def claims_document(entries: Sequence[ClaimEntry], about: ClaimsAbout) -> Iterator[Element]:
    """Yield the table as a document: a claim a heading, its quotes with their sources below."""
    yield Heading(0, "Claims and their evidence")
    yield Bullets(tuple(f"{item}: {words}" for item, words in _about(about, len(entries))))
    for entry in entries:
        yield Heading(1, f"Claim {entry.number}")
        yield text(entry.text, Style.CLAIM, bold=True)
        yield text(f"Made under: {'; '.join(entry.statements) or 'no statement'}")
        if entry.draft:
            yield text(f"In the draft: {entry.draft}")
        for title, side in (("Evidence for it", "for"), ("Evidence against it", "against")):
            yield Heading(2, title)
            quotes = entry.of_side(side)
            if not quotes:
                yield text("None linked.")
            for quote in quotes:
                yield text(f"“{quote.quote}”" if quote.quote else "(erased)", Style.QUOTE)
                yield text(f"{quote.source} ({quote.passage_id})", Style.SOURCE)
        if entry.findings:
            yield Heading(2, "To look at")
            yield Bullets(entry.findings)
        yield Paragraph((Run("Checked by: ______________  Accurate: yes / no  Note: ______________"),))


def _claim_row(entry: ClaimEntry) -> tuple[Cell, ...]:
    return (
        entry.number,
        entry.text,
        "; ".join(entry.statements),
        _quotes(entry.of_side("for")),
        _quotes(entry.of_side("against")),
        "\n".join(entry.findings),
        None,
        entry.draft,
        entry.id,
    )


def _quotes(quotes: Sequence[ClaimQuote]) -> str:
    """Return quotes with their sources, in one cell; what does not fit there is counted."""
    told: list[str] = []
    for number, quote in enumerate(quotes):
        words = f"“{quote.quote}”\n{quote.source}"
        if sum(map(len, told)) + len(words) > _CELL:
            told.append(f"{len(quotes) - number} more on the sheet Quotes")
            break
        told.append(words)
    return "\n\n".join(told)


def _about(about: ClaimsAbout, count: int) -> Iterator[tuple[str, str]]:
    yield "Framework", about.framework
    yield "Project", about.project_id
    yield "Project last changed at (UTC)", about.changed_at
    yield "Claims", str(count)
    yield "Columns, version", SCHEMA
    yield "Old", f"Dated more than {about.months} months before {about.as_of}, by the date of the document."
    yield "Own voice", about.voice_rule.removeprefix("Own voice: ")
    yield "Evidence", _CONFIRMED
    if about.privacy:
        yield "Names", about.privacy
    yield "Ratings", "Nothing here is a rating or a score, and none is predicted."
