"""What graphic frames hold: tables, charts and diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.extract.celltable import CellRow, CellTable
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.grid import row_text
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.pptx.names import PPT, Element
from evidence_mapper.extract.pptx.text import add_paragraphs, body_text
from evidence_mapper.extract.vocabulary import whole_number

_MOST_POINTS: Final = 2_000
_SERIES: Final = 64


def add_table(out: BlockList, table: Element, place: SourceLocation) -> None:
    """Add a table's rows; a table of one column is read as paragraphs."""
    elements = list(PPT.children(table, "a:tr"))
    if all(sum(1 for _ in PPT.children(row, "a:tc")) <= 1 for row in elements):
        for number, row in enumerate(elements, start=1):
            for cell in PPT.children(row, "a:tc"):
                add_paragraphs(out, PPT.child(cell, "a:txBody"), replace(place, row=number), listed=False)
        return
    properties = PPT.child(table, "a:tblPr")
    marked = properties is not None and (properties.get("firstRow") or "") in {"1", "true"}
    rows = list(_rows(elements, marked=marked))
    CellTable(out, lambda number: replace(place, row=number)).add([row for row in rows if row.cells])


def _rows(elements: list[Element], *, marked: bool) -> Iterator[CellRow]:
    above: dict[int, str] = {}
    for number, element in enumerate(elements, start=1):
        row = CellRow(number, {}, is_header=marked and number == 1)
        for column, cell in enumerate(PPT.children(element, "a:tc")):
            text = clean(body_text(PPT.child(cell, "a:txBody")))
            if (cell.get("vMerge") or "") in {"1", "true"} and not text:
                row.merged[column] = above.get(column, "")
                continue
            above[column] = text
            if text:
                row.cells[column] = text
        yield row


def add_chart(out: BlockList, chart: Element, place: SourceLocation) -> None:
    """Add a chart's title and, for each category, the values of its series."""
    place = replace(place, part="chart")
    title = next(PPT.all(chart, "c:title"), None)
    words = [body_text(body) for body in PPT.all(title, "c:rich")] if title is not None else []
    context = one_line(" ".join(words)) or None
    series = list(PPT.all(chart, "c:ser"))[:_SERIES]
    names = {i: _values(PPT.child(s, "c:tx")).get(0, "") for i, s in enumerate(series, start=1)}
    categories = [_values(_either(s, "c:cat", "c:xVal")) for s in series]
    values = [_values(_either(s, "c:val", "c:yVal")) for s in series]
    labels = categories[0] if categories else {}
    points = sorted({point for found in values for point in found})[:_MOST_POINTS]
    if context and not points:
        out.add(context, BlockKind.PARAGRAPH, place)
    for point in points:
        row = {i: found[point] for i, found in enumerate(values, start=1) if point in found}
        if point in labels:
            row[0] = labels[point]
        out.add(row_text(row, names), BlockKind.TABLE_ROW, replace(place, row=point + 1), context=context)


def add_diagram(out: BlockList, data: Element, place: SourceLocation) -> None:
    """Add the texts of a SmartArt diagram in the order in which they are kept."""
    for point in PPT.all(data, "dgm:pt"):
        add_paragraphs(out, PPT.child(point, "dgm:t"), replace(place, part="diagram"), listed=True)


def _either(series: Element, *names: str) -> Element | None:
    return next((e for e in series if PPT.name(e) in names), None)


def _values(holder: Element | None) -> dict[int, str]:
    """Return the values a chart keeps of its cells, by zero-based point."""
    found: dict[int, str] = {}
    for index, point in enumerate(PPT.all(holder, "c:pt")):
        value = PPT.child(point, "c:v")
        text = one_line(value.text or "") if value is not None else ""
        place = whole_number(point.get("idx"), most=1 << 20)
        if text and len(found) < _MOST_POINTS:
            found[index if place is None else place] = _figure(text)
    return found


def _figure(text: str) -> str:
    """Return a figure without the noise of binary fractions."""
    try:
        number = float(text)
    except ValueError:
        return text
    return text if text.lstrip("-").isdigit() else f"{number:.6g}"
