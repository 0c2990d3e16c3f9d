"""What the rows of a sheet, a CSV file or a table say: survey answers, forms, or plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from evidence_mapper.domain.document import CELL_BREAK, BlockKind
from evidence_mapper.extract.grid import SHORT_WORDS, Grid, Row, TableReport, add_row, form_text
from evidence_mapper.extract.header_rows import Header, sheet_header
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.layout import QUESTION_WORDS, find_header, heads_form, is_form
from evidence_mapper.extract.survey import Columns, Survey, is_figures, survey_columns
from evidence_mapper.extract.survey_choice import choose

_LONG_WORDS: Final = 25


def add_grid(out: BlockList, grid: Grid) -> TableReport:
    """Add a grid's blocks.

    A sheet whose columns hold free text gives one COMMENT a cell, with the column's header as context
    and the row's short cells as attributes. A form (label in one column, value in the next) and any
    other table give one TABLE_ROW a row, ``"Header: value; Header: value"``.
    """
    report = TableReport()
    if not grid.rows:
        return report
    choice = choose(grid) if grid.chosen and grid.is_sheet else None
    if choice is None and (grid.is_form or _looks_like_form(grid)):
        _add_form(out, grid)
        return report
    header = choice.header if choice is not None else _header(grid)
    _add_preamble(out, grid, header.first if header else None)
    body = grid.rows[header.last + 1 :] if header else grid.rows
    titles = dict(header.titles) if header else {}
    if header is not None:
        _add_unused_titles(out, grid, header)
    report.titles = tuple(titles[c] for c in sorted(titles))
    columns = survey_columns(titles, [row for _, row in body])
    if choice is not None:
        columns = Columns(columns.count, columns.labels - choice.columns, choice.columns, keeps_rows=False)
        report.found = choice.found
    if choice is not None or _is_survey(grid, header, columns, body):
        survey = Survey(out, grid, titles, columns, report, chosen=choice is not None)
        survey.add(body)
        report.survey = survey.found(body)
    else:
        for number, row in body:
            add_row(out, grid, number, row, titles)
    return report


def _looks_like_form(grid: Grid) -> bool:
    return grid.header is None and is_form([row for _, row in grid.rows])


def _is_survey(grid: Grid, header: Header | None, columns: Columns, body: Sequence[tuple[int, Row]]) -> bool:
    if not (grid.is_sheet and columns.free and (header is not None or columns.count == 1)):
        return False
    return header is None or not is_figures(header.titles, [row for _, row in body])


def _header(grid: Grid) -> Header | None:
    rows = [row for _, row in grid.rows]
    if grid.header is not None:
        titles = {column: " ".join(text.split()) for column, text in rows[grid.header].items()}
        return Header(grid.header, grid.header, titles)
    if grid.is_sheet:
        return sheet_header(rows, QUESTION_WORDS)
    found = find_header(rows, SHORT_WORDS)
    return None if found is None else _header(replace(grid, header=found))


def _add_unused_titles(out: BlockList, grid: Grid, header: Header) -> None:
    """Add long texts of the header rows with nothing below them: they are no column's name."""
    used = {column for _, below in grid.rows[header.last + 1 :] for column in below}
    for number, row in grid.rows[header.first : header.last + 1]:
        for column in sorted(row.keys() - used):
            if len(row[column].split()) > SHORT_WORDS:
                out.add(row[column], BlockKind.PARAGRAPH, grid.locate(number, column))


def _add_preamble(out: BlockList, grid: Grid, header: int | None) -> None:
    for number, row in grid.rows[:header] if header else ():
        text = " ".join(row[c] for c in sorted(row))
        place = grid.locate(number, min(row) if len(row) == 1 else None)
        if len(row) == 1 and len(text.split()) <= SHORT_WORDS and not text.endswith("."):
            out.heading(text, 8, place)
        else:
            out.add(text, BlockKind.PARAGRAPH, place)


def _add_form(out: BlockList, grid: Grid) -> None:
    first = min(min(row) for _, row in grid.rows)
    label = None
    for index, (number, row) in enumerate(grid.rows):
        cells = [(c, row[c]) for c in sorted(row)]
        label = row.get(first, label)
        if len(cells) == 1 and first in row:
            _add_preamble(out, Grid([(number, row)], grid.locate), 1)
        elif len(cells) == 1:
            # A value without a label goes on with the answer above.
            out.add(
                cells[0][1],
                _free_kind(grid),
                grid.locate(number, cells[0][0]),
                context=label and label.rstrip(": "),
            )
        elif not (index == 0 and heads_form([text for _, text in cells])):
            _add_form_row(out, grid, number, cells)


def _free_kind(grid: Grid) -> BlockKind:
    return BlockKind.COMMENT if grid.is_sheet else BlockKind.PARAGRAPH


def _add_form_row(out: BlockList, grid: Grid, number: int, cells: list[tuple[int, str]]) -> None:
    label = cells[0][1]
    values = cells[1:]
    long = [(c, text) for c, text in values if len(text.split()) > _LONG_WORDS]
    short = CELL_BREAK.join(text for c, text in values if (c, text) not in long)
    if short:
        out.add(form_text(label, short), BlockKind.TABLE_ROW, grid.locate(number, None))
    for column, text in long:
        out.add(text, _free_kind(grid), grid.locate(number, column), context=label.rstrip(": "))
