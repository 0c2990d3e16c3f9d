"""CSV and tab-separated files, with the table rules of workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import ExtractedDocument, SourceLocation
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.columns import column_letter
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.grid import Grid, TableReport
from evidence_mapper.extract.header_rows import sheet_header
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.layout import QUESTION_WORDS
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sniff import CSV, TSV, damaged
from evidence_mapper.extract.survey_choice import SurveyLog, choose
from evidence_mapper.extract.tables import add_grid

_FIELD_LIMIT: Final = 4 * 1024 * 1024
_SWALLOWED_LINES: Final = 50
"""More line breaks than this in one cell mean that a quotation mark was never closed."""
_SAMPLE: Final = 64 * 1024
_DELIMITERS: Final = "\t|;,"
"""Rarest in prose first: that one is taken when two split a file equally well."""


@dataclass(frozen=True, slots=True)
class _Table:
    rows: list[tuple[int, dict[int, str]]]
    lines: dict[int, int]
    """Row number to the line it starts on: a quoted cell may hold line breaks."""
    warnings: tuple[str, ...]


class CsvExtractor:
    """Reader of CSV files in any common encoding and with any common delimiter."""

    name = "csv/2"
    media_type = CSV

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        decoded = decode(read_file(path, limits))
        text = decoded.text.replace("\0", "")
        table = _read(path, text, self._delimiter(text), limits.rows)
        chosen = limits.chosen(path)
        titles = _titles(table, chosen)
        out = BlockList()

        def locate(row: int, column: int | None) -> SourceLocation:
            title = None
            if column is not None:
                title = titles.get(column) or column_letter(column)
            return SourceLocation(line=table.lines[row], row=row, column=title)

        report = add_grid(out, Grid(table.rows, locate, chosen=chosen))
        log = SurveyLog(path.name, chosen)
        log.add(report)
        return ExtractedDocument(
            media_type=self.media_type,
            extractor=self.name,
            blocks=tuple(out.blocks),
            exclusions=tuple(report.exclusions),
            warnings=(*decoded.warnings, *table.warnings, *_unanswered(report)),
            metadata=log.metadata(),
        )

    def _delimiter(self, text: str) -> str:
        return sniff_delimiter(text)


class TsvExtractor(CsvExtractor):
    """Reader of tab-separated files."""

    name = "tsv/2"
    media_type = TSV

    def _delimiter(self, text: str) -> str:
        return "\t" if "\t" in text[:_SAMPLE] else sniff_delimiter(text)


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that splits the first records most evenly; a comma when none does."""
    sample = text[:_SAMPLE]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = [len(r) for r in _records(sample, delimiter, strict=False) if any(r)][:50]
        common = max(set(widths), key=widths.count, default=1)
        score = (widths.count(common) / len(widths), common) if common > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            if strict:
                raise
            return


def _read(path: Path, text: str, delimiter: str, most: int) -> _Table:
    csv.field_size_limit(_FIELD_LIMIT)
    rows: list[tuple[int, dict[int, str]]] = []
    lines: dict[int, int] = {}
    warnings: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for number, record in enumerate(reader, start=1):
            cells = {i: cleaned for i, cell in enumerate(record) if (cleaned := clean(cell))}
            if len(rows) >= most and cells:
                warnings.append(f"only the first {most} rows were read")
                break
            if any(cell.count("\n") > _SWALLOWED_LINES for cell in record):
                raise damaged(path, f"a quotation mark opened near line {line} is never closed")
            if cells:
                rows.append((number, cells))
                lines[number] = line
            line = reader.line_num + 1
    except csv.Error as error:
        raise damaged(path, f"not a readable table near line {line} ({error})") from error
    return _Table(rows, lines, tuple(warnings))


def _titles(table: _Table, chosen: tuple[str, ...]) -> Mapping[int, str]:
    """Return the columns' names as the table will be read with them."""
    choice = (
        choose(Grid(table.rows, lambda row, _: SourceLocation(row=row), chosen=chosen)) if chosen else None
    )
    header = choice.header if choice else sheet_header([row for _, row in table.rows], QUESTION_WORDS)
    return header.titles if header is not None else {}


def _unanswered(report: TableReport) -> tuple[str, ...]:
    if not report.unanswered:
        return ()
    return (f"{report.unanswered} rows without a free-text answer are not passages",)
