"""OpenDocument presentations: slides in order, shapes in reading order, notes and comments apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import (
    Block,
    BlockKind,
    ExclusionReason,
    ExtractedDocument,
    SourceLocation,
)
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.odf.body import Findings, Note, Walker
from evidence_mapper.extract.odf.inline import DRAWN, Inline, collect_shapes
from evidence_mapper.extract.odf.names import ODF, Element
from evidence_mapper.extract.odf.notes import read_note
from evidence_mapper.extract.odf.package import body, metadata, optional_xml, refuse_encrypted
from evidence_mapper.extract.odf.styles import Styles
from evidence_mapper.extract.odf.text import warnings
from evidence_mapper.extract.placing import Box, reading_order
from evidence_mapper.extract.slides import hidden_slides
from evidence_mapper.extract.sniff import ODP

_FURNITURE: Final = frozenset({"date-time", "footer", "header", "page-number"})
_LENGTH: Final = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)$")
_MILLIMETRES: Final = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": 25.4 / 96}
_MOVED: Final = re.compile(r"translate\s*\(\s*(\S+)[\s,]+([^\s)]+)")


class OdpExtractor:
    """Reader of OpenDocument .odp presentations."""

    name = "odp/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        with Archive(path, limits) as archive:
            refuse_encrypted(archive)
            content = archive.xml("content.xml")
            reading = _Reading(Styles(content, optional_xml(archive, "styles.xml")))
            pages = ODF.children(body(archive, content, "office:presentation"), "draw:page")
            for number, page in enumerate(pages, start=1):
                reading.read(page, number)
            return ExtractedDocument(
                media_type=ODP,
                extractor=self.name,
                blocks=tuple(reading.blocks),
                exclusions=tuple(reading.findings.exclusions),
                warnings=(*hidden_slides(reading.hidden), *warnings(reading.findings)),
                metadata=metadata(archive),
            )


@dataclass(slots=True)
class _Reading:
    styles: Styles
    findings: Findings = field(default_factory=Findings)
    blocks: list[Block] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)

    def read(self, page: Element, number: int) -> None:
        place = SourceLocation(slide=number)
        if self.styles.is_slide_hidden(ODF.attr(page, "draw:style-name")):
            self.hidden.append(number)
            shapes = [element for element in page if ODF.name(element) in DRAWN]
            text = "\n".join(Walker(self.styles, BlockList(), Findings()).all_text(s) for s in shapes)
            self.findings.exclude(text, ExclusionReason.HIDDEN, place)
            return
        out = BlockList()
        for shape in _ordered(page):
            self._shape(shape, number, out)
        self._notes(page, number, out)
        self.blocks.extend(out.blocks)

    def _shape(self, shape: Element, number: int, out: BlockList) -> None:
        kind = ODF.attr(shape, "presentation:class")
        place = SourceLocation(slide=number, shape=one_line(ODF.attr(shape, "draw:name") or "") or kind)
        inner = Findings()
        walker = Walker(self.styles, out, inner, place)
        if kind in _FURNITURE:
            self.findings.exclude(walker.all_text(shape), ExclusionReason.FURNITURE, place)
            return
        if ODF.attr(shape, "presentation:placeholder") == "true":
            return  # nobody has filled it in
        if kind == "title":
            out.heading(clean(walker.all_text(shape)), 1, place)
            return
        found = Inline()
        collect_shapes(shape, found)
        walker.keep(found)
        for box in found.boxes:
            walker.walk(box)
        walker.flush()
        self.findings.exclusions += inner.exclusions
        self.findings.counts += inner.counts

    def _notes(self, page: Element, number: int, out: BlockList) -> None:
        for frame in ODF.all(ODF.child(page, "presentation:notes"), "draw:frame"):
            if ODF.attr(frame, "presentation:class") == "notes":
                text = Walker(self.styles, BlockList(), Findings()).all_text(frame)
                out.add(text, BlockKind.NOTE, SourceLocation(slide=number, part="notes"))
        for index, element in enumerate(ODF.children(page, "office:annotation"), start=1):
            place = SourceLocation(slide=number, part="comments", paragraph=index)
            block = read_note(Note("comments", element, out.path), self.styles, place)
            if block is not None:
                out.blocks.append(block)


def _ordered(page: Element) -> list[Element]:
    shapes = list(_shapes(page))
    titles = [s for s in shapes if ODF.attr(s, "presentation:class") == "title"]
    others = [s for s in shapes if ODF.attr(s, "presentation:class") != "title"]
    return [*titles, *(others[i] for i in reading_order([_box(s) for s in others]))]


def _shapes(parent: Element) -> Iterator[Element]:
    for element in parent:
        kind = ODF.name(element)
        if kind in {"draw:g", "draw:a"}:
            yield from _shapes(element)
        elif kind in DRAWN:
            yield element


def _box(shape: Element) -> Box | None:
    left, top = _length(ODF.attr(shape, "svg:x")), _length(ODF.attr(shape, "svg:y"))
    moved = _MOVED.search(ODF.attr(shape, "draw:transform") or "")
    if moved and left is None and top is None:
        left, top = _length(moved[1]), _length(moved[2])
    if left is None or top is None:
        return None
    width, height = _length(ODF.attr(shape, "svg:width")), _length(ODF.attr(shape, "svg:height"))
    return Box(left, top, left + abs(width or 0.0), top + abs(height or 0.0))


def _length(text: str | None) -> float | None:
    """Return a length in millimetres; None when the text is not one."""
    match = _LENGTH.match(text or "")
    return float(match[1]) * _MILLIMETRES[match[2]] if match else None
