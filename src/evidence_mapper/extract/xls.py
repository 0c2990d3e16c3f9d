"""Excel 97-2003 workbooks, by xlrd: what a cell shows and its exact place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlrd

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import EncryptedFile
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.own import refuse_own_rows
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sheets import CellNote, SheetRows, SheetsReading
from evidence_mapper.extract.sniff import XLS, damaged
from evidence_mapper.extract.xlsx.values import Formats, number_kind

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell, Sheet

_ENCRYPTED: Final = "encrypted"


class XlsExtractor:
    """Reader of Excel .xls workbooks, BIFF 5 and 8."""

    name = "xls/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        reading = SheetsReading(path, limits)
        data = read_file(path, limits)
        try:
            book = xlrd.open_workbook(
                file_contents=data,
                logfile=io.StringIO(),
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
            )
            sheets = list(_sheets(book, limits.rows))
        except MemoryError:
            raise
        except xlrd.XLRDError as error:
            if _ENCRYPTED in str(error).lower():
                raise EncryptedFile(
                    f"{path.name}: protected by a password. Open it in Excel, remove the password, save it "
                    "and add it again."
                ) from error
            raise damaged(path, f"not a readable Excel workbook ({one_line(str(error))[:200]})") from error
        except Exception as error:  # xlrd meets damage with whatever its code stumbles over
            raise damaged(path, f"not a readable Excel workbook ({type(error).__name__})") from error
        for sheet in sheets:
            if sheet.found.rows:
                refuse_own_rows(path, sheet.found.rows[0][1])
            reading.add(sheet.name, sheet.found, sheet.notes, hidden=sheet.is_hidden)
        return reading.document(XLS, self.name)


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    found: SheetRows
    notes: list[CellNote]
    is_hidden: bool


def _sheets(book: Book, most: int) -> Iterator[_Sheet]:
    for index in range(book.nsheets):
        sheet = _read(book, index, most)
        most -= len(sheet.found.rows) + len(sheet.found.hidden)
        yield sheet


def _read(book: Book, index: int, most: int) -> _Sheet:
    sheet = book.sheet_by_index(index)
    formats = _formats(book)
    hidden = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    found = SheetRows()
    for number in range(sheet.nrows):
        cells = dict(_cells(sheet, number, formats))
        if not cells:
            continue
        if len(found.rows) + len(found.hidden) >= most:
            found.is_cut = True
            break
        info = sheet.rowinfo_map.get(number)
        found.add(number + 1, cells, hidden, row_hidden=bool(info is not None and info.hidden))
    notes = [
        CellNote(row + 1, column, clean(note.text or ""), one_line(note.author or ""))
        for (row, column), note in sorted(sheet.cell_note_map.items())
    ]
    is_hidden = bool(sheet.visibility)
    book.unload_sheet(index)
    return _Sheet(clean(sheet.name) or f"sheet {index + 1}", found, notes, is_hidden)


def _formats(book: Book) -> Formats:
    codes: dict[str | None, str] = {
        str(key): entry.format_str or "" for key, entry in book.format_map.items()
    }
    kinds = tuple(number_kind(str(xf.format_key), codes) for xf in book.xf_list)
    return Formats(kinds, from_1904=bool(book.datemode))


def _cells(sheet: Sheet, number: int, formats: Formats) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(sheet.row(number)):
        text = _text(cell, formats)
        if text:
            yield column, text


def _text(cell: Cell, formats: Formats) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return clean(cell.value)
    if cell.ctype in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return formats.show(repr(cell.value), cell.xf_index or 0)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return ""
