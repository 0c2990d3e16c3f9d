"""PowerPoint presentations: slides in order, shapes in reading order, notes and comments apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import (
    Block,
    BlockKind,
    Exclusion,
    ExclusionReason,
    ExtractedDocument,
    SourceLocation,
)
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.pptx.comments import add_comments, authors
from evidence_mapper.extract.pptx.frames import add_chart, add_diagram, add_table
from evidence_mapper.extract.pptx.names import PPT, Element, relation
from evidence_mapper.extract.pptx.package import Package
from evidence_mapper.extract.pptx.shapes import TITLES, Shape, shapes
from evidence_mapper.extract.pptx.text import add_paragraphs, body_text
from evidence_mapper.extract.slides import hidden_slides
from evidence_mapper.extract.sniff import PPTX

_FURNITURE: Final = frozenset({"dt", "ftr", "hdr", "sldNum"})


class PptxExtractor:
    """Reader of PowerPoint .pptx presentations, transitional and strict."""

    name = "pptx/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        with Archive(path, limits) as archive:
            package = Package(archive)
            reading = _Reading(package, authors(package))
            for number, part in enumerate(package.slides(), start=1):
                reading.read(part, number)
            return ExtractedDocument(
                media_type=PPTX,
                extractor=self.name,
                blocks=tuple(reading.blocks),
                exclusions=tuple(reading.exclusions),
                warnings=(*hidden_slides(reading.hidden), *reading.warnings()),
                metadata=package.metadata(),
            )


@dataclass(slots=True)
class _Reading:
    package: Package
    authors: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def read(self, part: str, number: int) -> None:
        slide = self.package.archive.xml(part)
        found = shapes(slide, *self._layouts(part))
        if (slide.get("show") or "") in {"0", "false"}:
            self.hidden.append(number)
            text = "\n".join(filter(None, (_all_text(shape.element) for shape in found)))
            self._exclude(text, ExclusionReason.HIDDEN, SourceLocation(slide=number))
            return
        out = BlockList()
        for shape in found:
            self._shape(shape, SourceLocation(slide=number, shape=shape.name or None), part, out)
        for notes in self.package.related(part, "notesSlide"):
            self._notes(self.package.archive.xml(notes), number, out)
        add_comments(self.package, part, number, self.authors, out)
        self.blocks.extend(out.blocks)

    def warnings(self) -> tuple[str, ...]:
        n = self.counts["pictures"]
        return (f"{n} pictures were not read: text inside them is not searched",) if n else ()

    def _layouts(self, part: str) -> list[Element]:
        layouts = self.package.related(part, "slideLayout")[:1]
        masters = [m for layout in layouts for m in self.package.related(layout, "slideMaster")[:1]]
        return [self.package.shared(name) for name in (*layouts, *masters)]

    def _shape(self, shape: Shape, place: SourceLocation, part: str, out: BlockList) -> None:
        body = PPT.child(shape.element, "p:txBody")
        if shape.is_hidden:
            self._exclude(_all_text(shape.element), ExclusionReason.HIDDEN, place)
        elif shape.placeholder in _FURNITURE:
            self._exclude(body_text(body), ExclusionReason.FURNITURE, place)
        elif shape.placeholder in TITLES:
            out.heading(body_text(body), 1, place)
        elif shape.kind == "p:pic":
            self.counts["pictures"] += 1
        elif shape.kind == "p:graphicFrame":
            self._frame(shape.element, place, part, out)
        else:
            add_paragraphs(out, body, place, listed=shape.placeholder in {"body", "obj"})

    def _frame(self, frame: Element, place: SourceLocation, part: str, out: BlockList) -> None:
        data = PPT.child(frame, "a:graphic", "a:graphicData")
        table = PPT.child(data, "a:tbl")
        if table is not None:
            add_table(out, table, place)
            return
        chart = self.package.target(part, relation(PPT.child(data, "c:chart")))
        diagram = self.package.target(part, relation(PPT.child(data, "dgm:relIds"), "dm"))
        if chart:
            add_chart(out, self.package.archive.xml(chart), place)
        elif diagram:
            add_diagram(out, self.package.archive.xml(diagram), place)
        else:
            self.counts["pictures"] += 1

    def _notes(self, notes: Element, number: int, out: BlockList) -> None:
        for shape in shapes(notes):
            if shape.placeholder == "body":
                text = body_text(PPT.child(shape.element, "p:txBody"))
                out.add(text, BlockKind.NOTE, SourceLocation(slide=number, part="notes"))

    def _exclude(self, text: str, reason: ExclusionReason, place: SourceLocation) -> None:
        cleaned = clean(text)
        if cleaned:
            self.exclusions.append(Exclusion(cleaned, reason, place))


def _all_text(element: Element) -> str:
    """Return the text of every body below an element, for what is left out whole."""
    bodies = PPT.all(element, "p:txBody", "a:txBody")
    return "\n".join(filter(None, (body_text(body) for body in bodies)))
