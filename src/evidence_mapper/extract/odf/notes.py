"""Footnotes, endnotes and comments, read after the text they are anchored in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from evidence_mapper.domain.document import Block, BlockKind, SourceLocation
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.odf.body import Findings, Note, Walker
from evidence_mapper.extract.odf.names import ODF
from evidence_mapper.extract.odf.styles import Styles


def add_notes(findings: Findings, styles: Styles, out: BlockList) -> None:
    """Add one NOTE a footnote, endnote or comment, under the headings of the place it is anchored to."""
    seen: Counter[str] = Counter()
    for part in ("footnotes", "endnotes", "comments"):
        for note in [n for n in findings.notes if n.part == part]:
            seen[part] += 1
            block = read_note(note, styles, SourceLocation(part=part, paragraph=seen[part]))
            if block is not None:
                out.blocks.append(block)


def read_note(note: Note, styles: Styles, place: SourceLocation) -> Block | None:
    """Return a note as one block, a comment with its author; None when it has no text."""
    element = note.element if note.part == "comments" else ODF.child(note.element, "text:note-body")
    if element is None:
        return None
    inner = BlockList()
    walker = Walker(styles, inner, Findings(), place)
    walker.walk(element)
    walker.flush()
    text = clean("\n".join(block.text for block in inner.blocks))
    if not text:
        return None
    creator = ODF.child(note.element, "dc:creator")
    author = one_line(creator.text or "") if creator is not None else ""
    block = Block(text, BlockKind.NOTE, place, note.path)
    return replace(block, attributes=(("author", author),)) if author else block
