"""HTML pages: what a reader sees, in document order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from lxml import etree
from lxml import html as lxml_html

from evidence_mapper.domain.document import (
    BlockKind,
    Exclusion,
    ExclusionReason,
    ExtractedDocument,
    SourceLocation,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.columns import column_letter
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.grid import Grid
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.lists import bulleted
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sniff import HTML
from evidence_mapper.extract.survey_choice import SurveyLog
from evidence_mapper.extract.tables import add_grid
from evidence_mapper.extract.transcript import as_turns

_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_LINE: Final = re.compile(r"\s*<\?xml[^>]*\?>")
_HEADING: Final = re.compile(r"h[1-6]$")
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SILENT: Final = frozenset(
    {
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "canvas",
        "button",
        "select",
    }
)
_FURNITURE: Final = frozenset({"nav", "footer", "header"})
_INLINE: Final = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
    }
    | {"img", "input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong"}
    | {"sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_MAX_SPAN: Final = 200
_SHEET_NAMES: Final = frozenset({".xls", ".xlsx", ".xlsm", ".ods"})
_EXCEL: Final = b"urn:schemas-microsoft-com:office:excel"
_HEAD: Final = 4096


class HtmlExtractor:
    """Reader of HTML."""

    name = "html/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        data = read_file(path, limits)
        if path.suffix.lower() not in _SHEET_NAMES and _EXCEL not in data[:_HEAD]:
            return read_html(data)
        log = SurveyLog(path.name, limits.chosen(path))
        document = read_html(data, sheets=log)
        return replace(document, metadata=(*document.metadata, *log.metadata()))


def read_html(
    data: bytes, declared: str | None = None, *, sheets: SurveyLog | None = None
) -> ExtractedDocument:
    """Return what a page says; the blocks are empty when it says nothing.

    Parameters
    ----------
    data
        The page.
    declared
        Encoding named outside the page, as by an e-mail; it goes before the page's own.
    sheets
        Given when the page is a workbook in disguise, whose tables may be surveys: told what they are.
    """
    meta = _CHARSET.search(data[:4096])
    decoded = decode(data, declared=declared or (meta[1].decode("ascii", "replace") if meta else None))
    reader = _Reader(sheets=sheets)
    root, stopped = _parse(decoded.text)
    warnings = (*decoded.warnings, *stopped)
    if root is not None:
        reader.walk(root)
        reader.flush()
    turns = as_turns(reader.out.blocks)
    title = root.findtext(".//title") if root is not None else None
    return ExtractedDocument(
        media_type=HTML,
        extractor=HtmlExtractor.name,
        blocks=tuple(reader.out.blocks if turns is None else turns),
        exclusions=tuple(reader.exclusions),
        warnings=warnings,
        metadata=(("title", one_line(title)),) if title and one_line(title) else (),
    )


def _parse(text: str) -> tuple[etree._Element | None, tuple[str, ...]]:
    """Return the page's root, None when there is none, and a warning where the parser gave up."""
    data = _XML_LINE.sub("", text, count=1).replace("\0", "").encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root: etree._Element | None = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    fatal = next((e for e in parser.error_log if e.level_name == "FATAL"), None)
    if fatal is None:
        return root, ()
    return root, (f"what follows line {fatal.line} was not read: {one_line(fatal.message)}",)


@dataclass(slots=True)
class _Reader:
    out: BlockList = field(default_factory=BlockList)
    exclusions: list[Exclusion] = field(default_factory=list)
    place: SourceLocation = field(default_factory=SourceLocation)
    sheets: SurveyLog | None = None
    _buffer: list[str] = field(default_factory=list)
    _kind: BlockKind = BlockKind.PARAGRAPH
    _paragraphs: int = 0
    _tables: int = 0

    def walk(self, parent: etree._Element) -> None:
        self._buffer.append(_collapsed(parent.text))
        for element in parent:
            tag: object = element.tag
            if isinstance(tag, str):
                self._element(element, tag.lower())
            self._buffer.append(_collapsed(element.tail))

    def flush(self) -> None:
        text = clean("".join(self._buffer))
        self._buffer.clear()
        text = re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", text))
        if not text:
            return
        self._paragraphs += 1
        typed = bulleted(text) if self._kind is BlockKind.PARAGRAPH else None
        kind = BlockKind.LIST_ITEM if typed else self._kind
        self.out.add(typed or text, kind, self._here())

    def _here(self) -> SourceLocation:
        return replace(self.place, paragraph=self._paragraphs)

    def _element(self, element: etree._Element, tag: str) -> None:
        if tag in _SILENT:
            return
        if _is_hidden(element):
            self._exclude(element, ExclusionReason.HIDDEN)
        elif tag == "br":
            self._buffer.append("\n")
        elif tag in _INLINE:
            self.walk(element)
        elif tag in _FURNITURE and not _in_article(element):
            self._exclude(element, ExclusionReason.FURNITURE)
        else:
            self.flush()
            self._block(element, tag)
            self.flush()

    def _block(self, element: etree._Element, tag: str) -> None:
        if _HEADING.match(tag):
            self._paragraphs += 1
            self.out.heading(_all_text(element), int(tag[1]), self._here())
        elif tag == "table":
            self._table(element)
        elif tag in {"li", "dd"}:
            outer, self._kind = self._kind, BlockKind.LIST_ITEM
            self.walk(element)
            self.flush()
            self._kind = outer
        else:
            self.walk(element)

    def _exclude(self, element: etree._Element, reason: ExclusionReason) -> None:
        text = one_line(_all_text(element))
        if text:
            self.exclusions.append(Exclusion(text, reason, self._here()))

    def _table(self, table: etree._Element) -> None:
        rows = [tr for tr in table.iter("tr") if next(tr.iterancestors("table"), None) is table]
        cells = [[c for c in tr if c.tag in {"td", "th"}] for tr in rows]
        nests = any(cell.find(".//table") is not None for row in cells for cell in row)
        if nests or all(len(row) <= 1 for row in cells):
            # A table that only arranges the page: its cells are read one after another.
            for row in cells:
                for cell in row:
                    self.walk(cell)
                    self.flush()
            return
        self._tables += 1
        caption = table.find("caption")
        if caption is not None:
            self.out.add(_all_text(caption), BlockKind.PARAGRAPH, self._here())
        self._rows(cells, self._tables)

    def _rows(self, cells: list[list[etree._Element]], table: int) -> None:
        rows = []
        for number, row in enumerate(cells, start=1):
            values, column = {}, 0
            for cell in row:
                text = clean(re.sub(r"[ \t]+", " ", _all_text(cell)))
                if text and not _is_hidden(cell):
                    values[column] = text
                span = cell.get("colspan") or "1"
                column += max(1, min(int(span), _MAX_SPAN)) if span.isdigit() and len(span) < 5 else 1
            if values:
                rows.append((number, values))
        marked = bool(cells and cells[0] and all(cell.tag == "th" for cell in cells[0]) and len(rows) > 1)

        def locate(row: int, column: int | None) -> SourceLocation:
            letter = column_letter(column) if column is not None and self.sheets is not None else None
            return SourceLocation(table=table, row=row, column=letter)

        labelled = all(len(row) == 2 and row[0].tag == "th" and row[1].tag == "td" for row in cells if row)
        header = 0 if marked else None
        if self.sheets is None:
            add_grid(self.out, Grid(rows, locate, header=header, is_sheet=False, is_form=labelled))
            return
        report = add_grid(self.out, Grid(rows, locate, header=header, chosen=self.sheets.chosen))
        self.exclusions += report.exclusions
        self.sheets.add(report)


def _collapsed(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


def _in_article(element: etree._Element) -> bool:
    above = {ancestor.tag for ancestor in element.iterancestors()}
    return element.tag != "nav" and bool(above & {"main", "article", "section"})


def _all_text(element: etree._Element) -> str:
    """Return the text below an element with a space or break between its blocks."""
    pieces: list[str] = [_collapsed(element.text)]
    for inner in element:
        tag: object = inner.tag
        if isinstance(tag, str) and tag not in _SILENT:
            gap = "" if tag in _INLINE else "\n"
            pieces.extend((gap, _all_text(inner), gap))
        pieces.append(_collapsed(inner.tail))
    return re.sub(r"\s*\n\s*", "\n", "".join(pieces))
