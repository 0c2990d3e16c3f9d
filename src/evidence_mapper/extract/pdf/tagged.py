"""Blocks of a tagged page, in the logical order of its structure tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.flow import build_lines, flow_pieces, split_at_blank_lines
from evidence_mapper.extract.pdf.model import (
    Cell,
    Fragment,
    Key,
    Line,
    Node,
    PageContent,
    Piece,
    join,
    runs_on,
)

_HEADING = re.compile(r"(?i)^(?:h|heading ?)(\d)$")
_INLINE = {
    "Span", "Link", "Quote", "Reference", "Em", "Strong", "Code", "Annot", "Ruby", "RB", "RT", "RP",
    "Warichu", "WT", "WP", "BibEntry", "Lbl", "LBody", "Sub", "Form",
}  # fmt: skip
_BREAKS = {"P", "LI", "TD", "TH", "TR", "Caption", "Note", "FENote", "Figure", "L", "Table"}


def tagged_share(page: PageContent) -> float:
    """Return the share of characters outside artefacts that the structure tree reaches, in [0, 1]."""
    ids = {mcid for node in page.nodes for mcid in content_ids(node)}
    sizes = [(len(f.text), f.mcid in ids) for f in page.fragments if not f.artefact]
    total = sum(size for size, _ in sizes)
    return sum(size for size, inside in sizes if inside) / total if total else 0.0


def content_ids(node: Node) -> Iterable[int]:
    """Yield the marked-content ids under an element, in logical order."""
    for kid in node.kids:
        if isinstance(kid, int):
            yield kid
        else:
            yield from content_ids(kid)


def protected_ids(nodes: Iterable[Node]) -> Iterable[int]:
    """Yield ids inside tables and headings: such text is never page furniture."""
    for node in nodes:
        if node.role == "Table" or _HEADING.match(node.role):
            yield from content_ids(node)
        else:
            yield from protected_ids(kid for kid in node.kids if isinstance(kid, Node))


def tagged_pieces(page: PageContent, lines: list[Line]) -> list[Piece]:
    """Return the page's pieces in logical order.

    Parameters
    ----------
    page
        What was read.
    lines
        The page's lines without its furniture, in stream order. Text among them that the tree does
        not reach is grouped by its layout and put where the stream has it.
    """
    kept: dict[int, list[Fragment]] = {}
    for line in lines:
        for fragment in line.fragments:
            kept.setdefault(fragment.mcid, []).append(fragment)
    walker = _Walker(kept)
    for node in page.nodes:
        walker.block(node, BlockKind.PARAGRAPH)
    outside = [rest for line in lines if (rest := [f for f in line.fragments if f.mcid not in walker.used])]
    for piece in flow_pieces([Line(fragments) for fragments in outside]):
        _insert(walker.pieces, piece)
    return walker.pieces


def _insert(pieces: list[Piece], new: Piece) -> None:
    place = next((i for i, piece in enumerate(pieces) if piece.start > new.start), len(pieces))
    pieces.insert(place, new)


_LONGEST = 3_000
"""Characters on one page: a longer element is a whole page tagged as one, and is split by its layout."""


class _Walker:
    """Turns elements into pieces."""

    def __init__(self, kept: dict[int, list[Fragment]]) -> None:
        self._kept = kept
        self.used: set[int] = {-2}
        self.pieces: list[Piece] = []

    def block(self, node: Node, kind: BlockKind, *, contents: bool = False) -> None:
        """Add the pieces of one element; ``kind`` is what its plain paragraphs become."""
        heading = _HEADING.match(node.role)
        if node.role == "Table" and not contents:
            self._table(node)
        elif heading or node.role in {"H", "Title"}:
            self._leaf(node, BlockKind.HEADING, level=max(1, int(heading[1])) if heading else 1)
        elif node.role == "LI":
            self._leaf(node, BlockKind.LIST_ITEM, contents=contents)
        elif node.role in {"Note", "FENote"}:
            self._leaf(node, BlockKind.NOTE, contents=contents)
        elif node.role in {"TOC", "TOCI"}:
            self._group(node, kind, contents=True)
        elif node.role == "P" or node.role in _INLINE or node.role == "Caption":
            self._leaf(node, kind, contents=contents)
        else:
            self._group(node, kind, contents=contents)

    def _group(self, node: Node, kind: BlockKind, *, contents: bool) -> None:
        """A grouping element: its own text becomes paragraphs between its children."""
        loose: list[Fragment] = []
        for kid in node.kids:
            if isinstance(kid, int):
                loose += self._take(kid)
            elif kid.role in _INLINE:
                loose += [f for mcid in content_ids(kid) for f in self._take(mcid)]
            else:
                self._add(kind, None, loose, contents=contents)
                loose = []
                self.block(kid, kind, contents=contents)
        self._add(kind, None, loose, contents=contents)

    def _leaf(self, node: Node, kind: BlockKind, *, level: int | None = None, contents: bool = False) -> None:
        """An element of running text; blocks nested in it follow its own text."""
        own, later = self._inline(node)
        nested = [kid for kid in later if kid.role == "P"]
        if kind is BlockKind.LIST_ITEM and nested and len("".join(f.text for f in own).strip()) <= 8:
            more, deeper = self._inline(nested[0])  # the label stands apart from its first paragraph
            own += more
            later = deeper + [kid for kid in later if kid is not nested[0]]
        self._add(kind, node.key, own, level=level, contents=contents)
        for kid in later:
            self.block(kid, BlockKind.PARAGRAPH if kind is BlockKind.HEADING else kind, contents=contents)

    def _inline(self, node: Node) -> tuple[list[Fragment], list[Node]]:
        own: list[Fragment] = []
        later: list[Node] = []
        for kid in node.kids:
            if isinstance(kid, int):
                own += self._take(kid)
            elif kid.role in _INLINE:
                text, blocks = self._inline(kid)
                if kid.role == "Lbl" and text:
                    text[-1].text += " "  # a label and its text are apart by a tab only
                own += text
                later += blocks
            else:
                later.append(kid)
        return own, later

    def _take(self, mcid: int) -> list[Fragment]:
        """Return the fragments of a marked-content sequence, the first time it is asked for."""
        if mcid in self.used:
            return []
        self.used.add(mcid)
        return self._kept.get(mcid, [])

    def _add(
        self,
        kind: BlockKind,
        key: Key | None,
        fragments: list[Fragment],
        *,
        level: int | None = None,
        contents: bool = False,
    ) -> None:
        if sum(len(f.text) for f in fragments) > _LONGEST:
            self.pieces += flow_pieces(build_lines(fragments))
        elif fragments:
            parts = split_at_blank_lines(fragments)
            for part in parts:
                piece = Piece(kind, part, key, level, contents=contents, split=len(parts) > 1)
                self.pieces.append(piece)

    def _table(self, table: Node) -> None:
        for node, in_head in _rows(table, in_head=False):
            if node.role != "TR":
                self.block(node, BlockKind.PARAGRAPH)
                continue
            cells = [
                Cell(
                    index=kid.key[-1],
                    header=in_head or kid.role == "TH",
                    paragraphs=self._cell(kid),
                    columns=kid.columns,
                    rows=kid.rows,
                )
                for kid in node.kids
                if isinstance(kid, Node)
            ]
            loose = [f for kid in node.kids if isinstance(kid, int) for f in self._take(kid)]
            if loose:
                cells.append(Cell(len(node.kids), header=False, paragraphs=[loose]))
            fragments = [f for cell in cells for paragraph in cell.paragraphs for f in paragraph]
            self.pieces.append(Piece(BlockKind.TABLE_ROW, fragments, node.key, cells=cells, table=table.key))

    def _cell(self, node: Node) -> list[list[Fragment]]:
        """Return the paragraphs of a cell as shown: some programs tag every line as one."""
        found = [p for p in self._paragraphs(node) if p]
        lines = [build_lines(p) for p in found]
        cut = any(runs_on(join(a), join(b)) for a, b in pairwise(found))
        if cut and all(len(own) == 1 for own in lines):
            return [piece.fragments for piece in flow_pieces([line for own in lines for line in own])]
        return [part for p in found for part in split_at_blank_lines(p)]

    def _paragraphs(self, node: Node) -> list[list[Fragment]]:
        """Return the paragraphs of a cell; a nested table's cells are paragraphs of it."""
        found: list[list[Fragment]] = [[]]
        for kid in node.kids:
            if isinstance(kid, int):
                found[-1].extend(self._take(kid))
                continue
            inner = self._paragraphs(kid)
            if kid.role in _BREAKS or _HEADING.match(kid.role):
                found += [*inner, []]
            else:
                found[-1] = found[-1] + inner[0]
                found += inner[1:]
        return [p for p in found if p] or [[]]


def _rows(node: Node, *, in_head: bool) -> Iterable[tuple[Node, bool]]:
    """Yield the rows of a table and whatever else stands in it beside them."""
    for kid in node.kids:
        if not isinstance(kid, Node):
            continue
        if kid.role in {"THead", "TBody", "TFoot"}:
            yield from _rows(kid, in_head=kid.role == "THead")
        else:
            yield kid, in_head
