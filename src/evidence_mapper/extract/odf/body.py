"""The walk through block content: paragraphs, headings, lists, sections, text boxes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from evidence_mapper.domain.document import BlockKind, Exclusion, ExclusionReason, SourceLocation
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.lists import bulleted
from evidence_mapper.extract.odf.inline import DRAWN, Inline, InlineReader, collect_shapes
from evidence_mapper.extract.odf.names import ODF, Element
from evidence_mapper.extract.odf.styles import Styles
from evidence_mapper.extract.vocabulary import whole_number

BOLD_LEVEL: Final = 9
"""Level of a bold line that stands as a heading: below every styled one."""
_BOLD_WORDS: Final = 10
_LONG_ITEM: Final = 25
_MAX_LEVEL: Final = 10
_INDEXES: Final = frozenset(
    {
        "text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index",
        "text:user-index", "text:alphabetical-index", "text:bibliography",
    }
)  # fmt: skip
_WRAPPERS: Final = frozenset({"", "text:numbered-paragraph", "text:list-header", "draw:text-box"})
_PARAGRAPHS: Final = frozenset({"text:p", "text:h"})


@dataclass(slots=True)
class Note:
    """A footnote, endnote or comment and where it is anchored."""

    part: str
    element: Element
    path: tuple[str, ...]
    """Headings above the anchor."""


@dataclass(slots=True)
class Findings:
    """What reading gathers besides blocks."""

    exclusions: list[Exclusion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    deleted: dict[str, str] = field(default_factory=dict)
    """Id of a tracked deletion to its text."""
    counts: Counter[str] = field(default_factory=Counter)
    """``pictures``, ``sections``, ``uncopied``: what was seen and not read; ``copies``: cells read again."""

    def exclude(self, text: str, reason: ExclusionReason, place: SourceLocation) -> None:
        """Record text left out; nothing when it is blank."""
        cleaned = clean(text)
        if cleaned:
            self.exclusions.append(Exclusion(cleaned, reason, place))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    kind: BlockKind
    place: SourceLocation


@dataclass(frozen=True, slots=True)
class _List:
    style: str | None
    level: int


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
    place
        Where all of it stands; None in a document's main text, whose paragraphs are counted.
    """

    def __init__(
        self, styles: Styles, out: BlockList, findings: Findings, place: SourceLocation | None = None
    ) -> None:
        self.styles = styles
        self.out = out
        self.findings = findings
        self.place = place or SourceLocation()
        """What is being read, without the paragraph; has a row inside tables."""
        self.tables = 0
        self._counts_paragraphs = place is None
        self._inline = InlineReader(styles)
        self._paragraphs = 0
        self._held: _Line | None = None

    def walk(self, container: Element, context: str | None = None, listed: _List | None = None) -> None:
        """Read all block content of an element; ``context`` is given to its blocks."""
        for element in container:
            kind = ODF.name(element)
            if kind in _PARAGRAPHS:
                self._paragraph(element, context, listed)
                # Only the first paragraph of an item carries its bullet.
                listed = None if listed is None else replace(listed, level=0)
            elif kind == "text:list":
                self._list(element, context, listed)
            else:
                self._other(element, kind, context)

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
        record, place = self.findings, self.here(ahead=1)
        record.exclude("".join(found.hidden), ExclusionReason.HIDDEN, place)
        record.exclude("".join(found.placeholders), ExclusionReason.OTHER, place)
        for change in found.changes:
            record.exclude(record.deleted.pop(change, ""), ExclusionReason.DELETED, place)
        self.keep(found)
        return found

    def keep(self, found: Inline) -> None:
        """Record notes and pictures for later."""
        self.findings.counts["pictures"] += found.pictures
        self.findings.notes += [Note(part, element, self.out.path) for part, element in found.notes]

    def here(self, *, ahead: int = 0) -> SourceLocation:
        """Return the place of the last paragraph, or of one further on."""
        if self.place.row is not None or not self._counts_paragraphs:
            return self.place
        return replace(self.place, paragraph=self._paragraphs + ahead)

    def all_text(self, element: Element) -> str:
        """Return every paragraph's visible text below an element, for what is left out whole."""
        return "\n".join("".join(self._inline.read(p).text) for p in ODF.all(element, *_PARAGRAPHS))

    def _other(self, element: Element, kind: str, context: str | None) -> None:
        from evidence_mapper.extract.odf.table import read_table

        if kind == "table:table":
            self.flush()
            read_table(self, element, context)
        elif kind == "text:section":
            self._section(element, context)
        elif kind in _INDEXES:
            self.findings.exclude(self.all_text(element), ExclusionReason.CONTENTS, self.here())
        elif kind == "text:tracked-changes":
            self._tracked(element)
        elif kind == "office:annotation":
            self.findings.notes.append(Note("comments", element, self.out.path))
        elif kind == "text:change":
            text = self.findings.deleted.pop(ODF.attr(element, "text:change-id") or "", "")
            self.findings.exclude(text, ExclusionReason.DELETED, self.here())
        elif kind in DRAWN:
            found = Inline()
            collect_shapes(element, found)
            self.keep(found)
            self._boxes(found, context)
        elif kind in _WRAPPERS and isinstance(element.tag, str):
            self.walk(element, context)

    def _section(self, section: Element, context: str | None) -> None:
        hides = ODF.attr(section, "text:display") == "none" or ODF.attr(section, "text:is-hidden") == "true"
        if hides:
            self.findings.counts["sections"] += 1
            self.findings.exclude(self.all_text(section), ExclusionReason.HIDDEN, self.here())
        else:
            self.walk(section, context)

    def _tracked(self, changes: Element) -> None:
        for region in ODF.children(changes, "text:changed-region"):
            change = next((v for k, v in region.attrib.items() if str(k).endswith("}id")), "")
            for deletion in ODF.children(region, "text:deletion"):
                self.findings.deleted[str(change)] = self.all_text(deletion)

    def _list(self, element: Element, context: str | None, outer: _List | None) -> None:
        style = ODF.attr(element, "text:style-name") or (outer.style if outer else None)
        level = _depth(element)
        for item in ODF.children(element, "text:list-header", "text:list-item"):
            marked = ODF.name(item) == "text:list-item"
            self.walk(item, context, _List(style, level if marked else 0))

    def _boxes(self, found: Inline, context: str | None) -> None:
        for box in found.boxes:
            self.flush()
            self.walk(box, context)

    def _paragraph(self, paragraph: Element, context: str | None, listed: _List | None) -> None:
        found = self.inline(paragraph)
        text = clean("".join(found.text))
        if text:
            self._add(paragraph, text, found, context, listed)
        self._boxes(found, context)

    def _add(
        self, paragraph: Element, text: str, found: Inline, context: str | None, listed: _List | None
    ) -> None:
        if self.place.row is None:
            self._paragraphs += 1
        place, style = self.here(), ODF.attr(paragraph, "text:style-name")
        if self.styles.is_contents(style):
            self.findings.exclude(text, ExclusionReason.CONTENTS, place)
            return
        level = self.styles.heading_level(style)
        if ODF.name(paragraph) == "text:h":
            level = whole_number(ODF.attr(paragraph, "text:outline-level"), most=_MAX_LEVEL) or level or 1
        if level is not None:
            self.flush()
            self.out.heading(text, level, place)
            return
        line = _Line(*self._kind(text, listed), place)
        self.flush(as_heading=not found.bold)
        if found.bold and context is None and _may_head(line):
            self._held = line
        else:
            self.out.add(line.text, line.kind, place, context=context)

    def _kind(self, text: str, listed: _List | None) -> tuple[str, BlockKind]:
        if listed is not None:
            bullet = listed.level and self.styles.is_bullet(listed.style, listed.level)
            # Committee reports number whole paragraphs ("3.4 The council ..."): those are not list items.
            item = bullet or (listed.level and len(text.split()) < _LONG_ITEM)
            return text, BlockKind.LIST_ITEM if item else BlockKind.PARAGRAPH
        typed = bulleted(text)
        return (typed, BlockKind.LIST_ITEM) if typed else (text, BlockKind.PARAGRAPH)


def _depth(element: Element) -> int:
    """Return the one-based depth of a list among the lists around it."""
    return sum(1 for _ in element.iterancestors(element.tag)) + 1


def _may_head(line: _Line) -> bool:
    short = len(line.text.split()) <= _BOLD_WORDS and "\n" not in line.text
    return short and line.kind is BlockKind.PARAGRAPH and line.text[-1] not in ".:;,?!"
