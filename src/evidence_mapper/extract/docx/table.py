"""Tables of a DOCX: rows with their headers, forms, layout tables, cells with long text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import BlockKind, ExclusionReason
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.docx.names import Element, attr, child, is_on, name, number
from evidence_mapper.extract.grid import form_text, row_text
from evidence_mapper.extract.layout import find_header, is_form

if TYPE_CHECKING:
    from evidence_mapper.extract.docx.body import Walker

_LONG_CELL: Final = 40
_MAX_SPAN: Final = 200
_WRAPPERS: Final = frozenset({"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"})


@dataclass(slots=True)
class _Cell:
    element: Element
    column: int
    text: str
    continues: bool
    nested: list[Element]

    @property
    def is_long(self) -> bool:
        return len(self.text.split()) >= _LONG_CELL


@dataclass(slots=True)
class _Row:
    number: int
    cells: list[_Cell]
    is_header: bool
    merged: dict[int, str] = field(default_factory=dict)
    """Column to the text of the cell above that reaches down into this row."""

    def values(self) -> dict[int, str]:
        return {c.column: c.text for c in self.cells if c.text}


def read_table(walker: Walker, table: Element, context: str | None) -> None:
    """Add a table's blocks; a nested table follows the row it stands in."""
    walker.tables += 1
    outer, table_number = walker.place, walker.tables
    rows = []
    for index, element in enumerate(_through(table, "w:tr"), start=1):
        walker.place = replace(outer, paragraph=None, table=table_number, row=index)
        row = _read_row(walker, element, index)
        if row is not None:
            rows.append(row)
    if all(len(row.cells) == 1 for row in rows):
        for row in rows:
            walker.place = replace(outer, paragraph=None, table=table_number, row=row.number)
            walker.walk(row.cells[0].element, context)
            walker.flush()
    else:
        _add_rows(walker, rows, context)
    walker.place = outer


def _through(parent: Element, wanted: str) -> Iterator[Element]:
    for element in parent:
        kind = name(element)
        if kind == wanted:
            yield element
        elif kind in _WRAPPERS:
            yield from _through(element, wanted)


def _read_row(walker: Walker, element: Element, index: int) -> _Row | None:
    properties = child(element, "w:trPr")
    for mark, reason in (("w:del", ExclusionReason.DELETED), ("w:hidden", ExclusionReason.HIDDEN)):
        found = child(properties, mark)
        if found is not None and (mark == "w:del" or is_on(found)):
            walker.findings.exclude(_deleted_text(element), reason, walker.place)
            return None
    before = child(properties, "w:gridBefore")
    column = (number(attr(before, "val")) or 0) if before is not None else 0
    cells = []
    for cell in _through(element, "w:tc"):
        span = child(cell, "w:tcPr", "w:gridSpan")
        width = (number(attr(span, "val")) or 1) if span is not None else 1
        merge = child(cell, "w:tcPr", "w:vMerge")
        continues = merge is not None and attr(merge, "val") != "restart"
        cells.append(_Cell(cell, column, "", continues, []))
        column += max(1, min(width, _MAX_SPAN))
    return _Row(index, cells, is_on(child(properties, "w:tblHeader"))) if cells else None


def _deleted_text(row: Element) -> list[str]:
    texts: list[str] = []
    for element in row.iter():
        kind = name(element)
        if kind in {"w:t", "w:delText"}:
            texts.append(element.text or "")
        elif kind == "w:p" and texts:
            texts.append("\n")
    return texts


def _read_cells(walker: Walker, row: _Row) -> None:
    for cell in row.cells:
        lines: list[str] = []
        _cell_lines(walker, cell.element, lines, cell.nested)
        cell.text = clean("\n".join(filter(None, lines)))


def _cell_lines(walker: Walker, container: Element, lines: list[str], nested: list[Element]) -> None:
    for element in container:
        kind = name(element)
        if kind == "w:p":
            found = walker.inline(element)
            lines.append(clean("".join(found.text)))
            for box in found.boxes:
                _cell_lines(walker, box, lines, nested)
        elif kind == "w:tbl":
            nested.append(element)
        elif kind in _WRAPPERS:
            _cell_lines(walker, element, lines, nested)


def _add_rows(walker: Walker, rows: list[_Row], context: str | None) -> None:
    for row in rows:
        walker.place = replace(walker.place, row=row.number)
        _read_cells(walker, row)
    _carry_merged(rows)
    form = not rows[0].is_header and is_form([row.values() for row in rows])
    header = None if form else _header(rows)
    titles = {}
    if header is not None:
        titles = {column: " ".join(text.split()) for column, text in rows[header].values().items()}
    for index, row in enumerate(rows):
        walker.place = replace(walker.place, row=row.number)
        if index != header:
            below = header is not None and index > header
            _RowWriter(walker, titles if below else {}, context, form).add(row)
        for nested in (table for cell in row.cells for table in cell.nested):
            read_table(walker, nested, context)


def _carry_merged(rows: list[_Row]) -> None:
    above: dict[int, str] = {}
    for row in rows:
        for cell in row.cells:
            if cell.continues and not cell.text:
                row.merged[cell.column] = above.get(cell.column, "")
            else:
                above[cell.column] = cell.text


def _header(rows: list[_Row]) -> int | None:
    marked = [i for i, row in enumerate(rows) if row.is_header and row.values()]
    if marked and marked[0] == 0 and len(rows) > 1:
        leading = [i for i in marked if i < len(rows) - 1]
        return leading[-1] if leading == list(range(len(leading))) else 0
    return find_header([row.values() for row in rows])


@dataclass(frozen=True, slots=True)
class _RowWriter:
    walker: Walker
    titles: dict[int, str]
    context: str | None
    form: bool

    def add(self, row: _Row) -> None:
        long = [cell for cell in row.cells if cell.is_long]
        short = {c.column: c.text for c in row.cells if c.text and not c.is_long}
        above = row_text({c: t for c, t in row.merged.items() if t}, self.titles)
        around = " - ".join(filter(None, (self.context, above)))
        if short and not (long and len(short) == 1):
            pair = self.form and len(short) == 2
            text = form_text(*short.values()) if pair else row_text(short, self.titles)
            self.walker.out.add(text, BlockKind.TABLE_ROW, self.walker.place, context=around or None)
        label = next(iter(short.values()), "").rstrip(": ")
        for cell in long:
            heading = " - ".join(filter(None, (around, label, self.titles.get(cell.column, ""))))
            for line in cell.text.split("\n"):
                self.walker.out.add(line, BlockKind.PARAGRAPH, self.walker.place, context=heading or None)
