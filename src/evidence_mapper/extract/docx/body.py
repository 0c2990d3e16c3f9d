"""The walk through a document's body: paragraphs, lists, headings, text boxes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from evidence_mapper.domain.document import BlockKind, Exclusion, ExclusionReason, SourceLocation
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.docx.inline import Inline, InlineReader, alternative
from evidence_mapper.extract.docx.names import Element, attr, child, name
from evidence_mapper.extract.docx.styles import ListKind, Styles
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.lists import bulleted

BOLD_LEVEL: Final = 9
"""Level of a bold line that stands as a heading: below every styled one."""
_BOLD_WORDS: Final = 10
_LONG_ITEM: Final = 25
_WRAPPERS: Final = frozenset({"w:customXml", "w:ins", "w:moveTo", "w:sdtContent", "w:smartTag"})


@dataclass(slots=True)
class Findings:
    """What reading gathers besides blocks."""

    exclusions: list[Exclusion] = field(default_factory=list)
    paths: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """(part, id) of a note to the headings above its anchor."""
    counts: Counter[str] = field(default_factory=Counter)
    """``pictures``, ``imported``: what was seen and not read."""

    def exclude(self, texts: list[str], reason: ExclusionReason, place: SourceLocation) -> None:
        """Record text left out; nothing when it is blank."""
        text = clean("".join(texts))
        if text:
            self.exclusions.append(Exclusion(text, reason, place))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    kind: BlockKind
    place: SourceLocation


class Walker:
    """Reads block content into a block list.

    Parameters
    ----------
    styles
        The document's styles and lists.
    out
        Where blocks go.
    findings
        Where everything else goes.
    """

    def __init__(self, styles: Styles, out: BlockList, findings: Findings) -> None:
        self.styles = styles
        self.out = out
        self.findings = findings
        self.place = SourceLocation()
        """Table and row of what is being read; empty in the body."""
        self.tables = 0
        self._inline = InlineReader(styles)
        self._paragraphs = 0
        self._held: _Line | None = None

    def walk(self, container: Element, context: str | None = None) -> None:
        """Read all block content of an element; ``context`` is given to its blocks."""
        from evidence_mapper.extract.docx.table import read_table

        for element in container:
            kind = name(element)
            if kind == "w:p":
                self._paragraph(element, context)
            elif kind == "w:tbl":
                self.flush()
                read_table(self, element, context)
            elif kind == "w:sdt":
                self._control(element, context)
            elif kind in _WRAPPERS:
                self.walk(element, context)
            elif kind == "mc:AlternateContent":
                self.walk(alternative(element), context)
            elif kind == "w:altChunk":
                self.findings.counts["imported"] += 1

    def flush(self, *, as_heading: bool = False) -> None:
        """Add the bold line that was held back until it was clear whether it heads what follows."""
        held, self._held = self._held, None
        if held is None:
            return
        if as_heading:
            self.out.heading(held.text, BOLD_LEVEL, held.place)
        else:
            self.out.add(held.text, held.kind, held.place)

    def inline(self, paragraph: Element) -> Inline:
        """Return a paragraph's content and record what it leaves out."""
        found = self._inline.read(paragraph)
        record = self.findings
        place = replace(self.place, paragraph=self._paragraphs + 1) if self.place.row is None else self.place
        record.exclude(found.deleted, ExclusionReason.DELETED, place)
        record.exclude(found.hidden, ExclusionReason.HIDDEN, place)
        record.exclude(found.placeholders, ExclusionReason.OTHER, place)
        record.counts["pictures"] += found.pictures
        for reference in found.references:
            record.paths.setdefault(reference, self.out.path)
        return found

    def all_text(self, element: Element) -> list[str]:
        """Return every paragraph's visible text below an element, for what is left out whole."""
        return [f"{''.join(self._inline.read(p).text)}\n" for p in element.iter() if name(p) == "w:p"]

    def _control(self, control: Element, context: str | None) -> None:
        gallery = child(control, "w:sdtPr", "w:docPartObj", "w:docPartGallery")
        content = child(control, "w:sdtContent")
        if content is None:
            return
        if gallery is not None and "contents" in (attr(gallery, "val") or "").lower():
            self.findings.exclude(self.all_text(content), ExclusionReason.CONTENTS, self.place)
        else:
            self.walk(content, context)

    def _paragraph(self, paragraph: Element, context: str | None) -> None:
        found = self.inline(paragraph)
        text = clean("".join(found.text))
        if text:
            self._add_paragraph(paragraph, text, found.bold, context)
        for box in found.boxes:
            self.flush()
            self.walk(box, context)

    def _add_paragraph(self, paragraph: Element, text: str, bold: bool, context: str | None) -> None:
        if self.place.row is None:
            self._paragraphs += 1
            place = replace(self.place, paragraph=self._paragraphs)
        else:
            place = self.place
        if self.styles.is_contents(paragraph):
            self.findings.exclude([text], ExclusionReason.CONTENTS, place)
            return
        level = self.styles.heading_level(paragraph)
        if level is not None:
            self.flush()
            self.out.heading(text, level, place)
            return
        line = _Line(*self._kind(paragraph, text), place)
        self.flush(as_heading=not bold and line.kind is not BlockKind.HEADING)
        if bold and context is None and _may_head(line):
            self._held = line
        else:
            self.out.add(line.text, line.kind, place, context=context)

    def _kind(self, paragraph: Element, text: str) -> tuple[str, BlockKind]:
        listed = self.styles.list_kind(paragraph)
        # Committee reports number whole paragraphs ("3.4 The council ..."): those are not list items.
        if listed is ListKind.BULLET or (listed and len(text.split()) < _LONG_ITEM):
            return text, BlockKind.LIST_ITEM
        typed = bulleted(text) if listed is None else None
        return (typed, BlockKind.LIST_ITEM) if typed else (text, BlockKind.PARAGRAPH)


def _may_head(line: _Line) -> bool:
    short = len(line.text.split()) <= _BOLD_WORDS and "\n" not in line.text
    return short and line.kind is BlockKind.PARAGRAPH and line.text[-1] not in ".:;,?!"
