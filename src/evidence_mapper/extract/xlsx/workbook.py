"""Parts of a workbook: sheets and their state, shared strings, styles, cell comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.ooxml import relations_by_id
from evidence_mapper.extract.xlsx.names import Element, is_true, local, relation_id
from evidence_mapper.extract.xlsx.values import Formats, read_formats

_OFFICE: Final = "/officeDocument"
_THREADED: Final = "[Threaded comment]"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """An opened workbook; sheets are streamed by :mod:`evidence_mapper.extract.xlsx.cells`."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        top = relations_by_id(archive, "").values()
        main = next((t for k, t in top if k.endswith(_OFFICE)), "xl/workbook.xml")
        root = archive.xml(main)
        parts = relations_by_id(archive, main)
        self.sheets = tuple(self._sheets(root, parts))
        properties = next((e for e in root if local(e) == "workbookPr"), None)
        from_1904 = properties is not None and is_true(properties.get("date1904"))
        self.formats: Formats = read_formats(self._root(parts, "styles"), from_1904=from_1904)
        self.strings = tuple(self._strings(parts))

    def comments(self, sheet: Sheet) -> list[tuple[str, str]]:
        """Return (cell reference, text) of a sheet's comments; a thread's replies follow its start."""
        found: list[tuple[str, str]] = []
        for kind, part in relations_by_id(self.archive, sheet.part).values():
            if part in self.archive and kind.endswith(("/comments", "/threadedComment")):
                found.extend(_read_comments(self.archive.xml(part)))
        return found

    def _sheets(self, root: Element, parts: dict[str, tuple[str, str]]) -> Iterator[Sheet]:
        for element in root.iter():
            if local(element) != "sheet":
                continue
            kind, part = parts.get(relation_id(element) or "", ("", ""))
            if kind.endswith("/worksheet") and part in self.archive:
                hidden = (element.get("state") or "visible") != "visible"
                yield Sheet(clean(element.get("name") or "") or part, part, hidden)

    def _root(self, parts: dict[str, tuple[str, str]], kind: str) -> Element | None:
        part = next((t for k, t in parts.values() if k.endswith(f"/{kind}")), None)
        return self.archive.xml(part) if part is not None and part in self.archive else None

    def _strings(self, parts: dict[str, tuple[str, str]]) -> Iterator[str]:
        part = next((t for k, t in parts.values() if k.endswith("/sharedStrings")), None)
        if part is None or part not in self.archive:
            return
        for element in stream(self.archive, part, "si"):
            yield clean(rich_text(element))


def stream(archive: Archive, part: str, *wanted: str) -> Iterator[Element]:
    """Yield elements of some names as they are read, and forget each afterwards.

    Raises
    ------
    DamagedFile
        Not well-formed, or with a document type declaration.
    """
    with archive.open(part) as source:
        start = source.read(1 << 16)
        archive.refuse_doctype(part, start)
    with archive.open(part) as source:
        events = etree.iterparse(
            source, events=("end",), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        )
        try:
            for _, element in events:
                if local(element) not in wanted:
                    continue
                yield element
                element.clear()
                _forget_before(element)
        except etree.XMLSyntaxError as error:
            raise archive.damaged(f"the part '{part}' is not valid XML ({error})") from error


def _forget_before(element: Element) -> None:
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def rich_text(element: Element) -> str:
    """Return the text of a string item: its runs joined, phonetic guides left out."""
    pieces = []
    for inner in element:
        kind = local(inner)
        if kind == "t":
            pieces.append(inner.text or "")
        elif kind == "r":
            pieces.extend(t.text or "" for t in inner if local(t) == "t")
    return "".join(pieces)


def _read_comments(root: Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        kind = local(element)
        if kind not in {"comment", "threadedComment"}:
            continue
        body = next((e for e in element if local(e) == "text"), None)
        text = clean((body.text or "") + rich_text(body)) if body is not None else ""
        # Old readers get a copy of each thread behind a notice; the thread itself is read too.
        if text and not text.startswith(_THREADED):
            yield element.get("ref") or "", text
