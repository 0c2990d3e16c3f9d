"""Footnotes, endnotes and reviewers' comments: parts of their own, read after the body."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from evidence_mapper.domain.document import Block, BlockKind, SourceLocation
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.docx.body import Findings, Walker
from evidence_mapper.extract.docx.names import Element, attr, children
from evidence_mapper.extract.docx.package import Package
from evidence_mapper.extract.docx.styles import Styles
from evidence_mapper.extract.headings import BlockList

_PARTS: Final = {"footnotes": "w:footnote", "endnotes": "w:endnote", "comments": "w:comment"}


def add_notes(package: Package, styles: Styles, out: BlockList, findings: Findings) -> None:
    """Add one NOTE a footnote, endnote or comment, under the headings of the place it is anchored to."""
    for part, element_name in _PARTS.items():
        root = package.root(part)
        notes = children(root, element_name) if root is not None else iter(())
        written = (note for note in notes if attr(note, "type") in {None, "normal"})
        for index, note in enumerate(written, start=1):
            _add_note(note, SourceLocation(part=part, paragraph=index), styles, out, findings)


def _add_note(
    note: Element, place: SourceLocation, styles: Styles, out: BlockList, findings: Findings
) -> None:
    inner = BlockList()
    walker = Walker(styles, inner, findings)
    walker.place = place
    walker.walk(note)
    walker.flush()
    text = clean("\n".join(block.text for block in inner.blocks))
    if not text:
        return
    author = one_line(attr(note, "author") or "")
    path = findings.paths.get((place.part or "", attr(note, "id") or ""), ())
    block = Block(text, BlockKind.NOTE, place, path)
    out.blocks.append(replace(block, attributes=(("author", author),)) if author else block)
