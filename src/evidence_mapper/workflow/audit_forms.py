"""Audit forms in a council's files: rows of cells, whichever format and layout they have."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.errors import ExtractionError, UsageError

Row = Mapping[int, str]
"""Zero-based column to text; empty cells are absent."""

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "case": (
        "case", "case id", "case no", "case number", "case ref", "case reference", "record", "record no",
        "record number", "person id", "client id", "mosaic id", "liquidlogic id", "las id", "case file",
    ),
    "auditor": ("auditor", "audited by", "auditor name", "name of auditor", "moderator", "completed by"),
    "date": ("date", "date of audit", "audit date", "audited on", "date completed", "completed on"),
    "team": ("team", "service", "service area", "worker's team"),
    "question": ("question", "standard", "criterion", "criteria", "area", "audit question", "we looked for"),
    "grade": ("grade", "rating", "score", "judgement", "judgment", "met", "answer", "outcome", "finding"),
    "comment": (
        "comment", "comments", "why", "rationale", "reason", "evidence", "auditor's comment",
        "auditor's comments", "notes", "remarks", "evidence and comments",
    ),
}  # fmt: skip
"""What columns and labels of audit forms are usually called."""
_LABELLED: Final = re.compile(r"([^:;]{2,40}): (.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rectangle of cells: a worksheet, a CSV file, or a document's tables."""

    name: str | None
    rows: tuple[tuple[int, Row], ...]
    """(one-based number, cells); empty rows are absent."""
    lettered: bool = True
    """Whether columns have letters."""


def plain(text: str) -> str:
    """Return a heading's or question's words, to be compared: lower case, without numbers before it."""
    words = " ".join(text.casefold().replace("’", "'").split())
    return re.sub(r"^(?:q\.? ?)?\d{1,2}[.):]? +", "", words).rstrip(" ?:*.")


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the cells of a workbook, CSV file or Word document.

    Raises
    ------
    UsageError
        It is of another kind, cannot be read, or has no cell.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in (".xlsx", ".xlsm"):
            sheets = _workbook(path)
        elif suffix in (".csv", ".tsv", ".txt"):
            sheets = _csv(path)
        elif suffix == ".docx":
            sheets = _document(path)
        else:
            raise UsageError(f"{path} is no audit form this reads; save it as one of .xlsx, .csv and .docx")
    except (ExtractionError, OSError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    if not any(sheet.rows for sheet in sheets):
        raise UsageError(f"{path} has no table with a cell in it: nothing to read answers from")
    return sheets


def _workbook(path: Path) -> tuple[Sheet, ...]:
    from evidence_mapper.extract.xlsx.plain_rows import read_plain_rows

    return tuple(Sheet(sheet.name, sheet.rows) for sheet in read_plain_rows(path))


_LONGEST_CELL: Final = 100_000
"""Characters: no comment on a form is longer."""


def _csv(path: Path) -> tuple[Sheet, ...]:
    from evidence_mapper.extract.encoding import decode

    text = decode(path.read_bytes()).text
    head = text[:4096]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(_LONGEST_CELL)  # the module's own limit, which other readers may have raised
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(f"{path} is no CSV file: {error}") from error
    rows = ((n, {c: v.strip() for c, v in enumerate(line) if v.strip()}) for n, line in enumerate(lines, 1))
    return (Sheet(None, tuple((n, row) for n, row in rows if row)),)


def _document(path: Path) -> tuple[Sheet, ...]:
    from evidence_mapper.extract.registry import extract_file

    return tuple(_tables(extract_file(path)))


def _tables(document: ExtractedDocument) -> Iterator[Sheet]:
    """Yield a document's tables as sheets; all facts above the questions are repeated in each."""
    facts: list[tuple[int, Row]] = []
    tables: dict[int, list[tuple[int, Row]]] = {}
    for block in document.blocks:
        number, row = block.location.table, block.location.row
        if number is None or row is None:
            continue
        cells = _answer_cells(block.text)
        if cells is not None:
            tables.setdefault(number, [(1, {0: "Question", 1: "Grade", 2: "Comment"})]).append((row, cells))
        elif block.kind is BlockKind.PARAGRAPH and tables.get(number) and tables[number][-1][0] == row:
            # A long comment is a block of its own, below its row.
            before = tables[number][-1][1]
            joined = " ".join(filter(None, (before.get(2, ""), block.text)))
            tables[number][-1] = (row, {**before, 2: joined})
        elif (found := _LABELLED.fullmatch(block.text)) is not None:
            facts.append((row, {0: found[1], 1: found[2]}))
    for number, rows in tables.items():
        yield Sheet(f"table {number}", (*facts, *rows), lettered=False)


def _answer_cells(text: str) -> Row | None:
    """Return question, grade and comment of a row that the reader gives as ``Header: value; ...``."""
    names = {key: "|".join(map(re.escape, USUAL[key])) for key in ("question", "grade", "comment")}
    pattern = (
        rf"(?:{names['question']})\??: (?P<q>.+?)"
        rf"(?:; (?:{names['grade']})\??: (?P<g>.*?))?(?:; (?:{names['comment']})\??: (?P<c>.*))?"
    )
    found = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
    if found is None:
        return None
    cells = {0: found["q"], 1: found["g"] or "", 2: found["c"] or ""}
    return {column: value.strip() for column, value in cells.items() if value.strip()}


def names_of(key: str, own: Sequence[str] = ()) -> frozenset[str]:
    """Return the plain names a column may have."""
    return frozenset({*map(plain, own), *USUAL[key]})
