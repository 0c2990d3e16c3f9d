"""The stack of headings above a block, and the block builder that keeps it."""

from __future__ import annotations

from evidence_mapper.domain.document import Block, BlockKind, SourceLocation
from evidence_mapper.extract.clean import clean, one_line


class BlockList:
    """Blocks in reading order, each given the headings above it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._stack: list[tuple[int, str]] = []

    @property
    def path(self) -> tuple[str, ...]:
        """Headings above whatever comes next, outermost first."""
        return tuple(text for _, text in self._stack)

    def heading(self, text: str, level: int, location: SourceLocation) -> None:
        """Add a heading; ``level`` counts from 1, the outermost. Nothing is added without text."""
        title = one_line(text)
        if not title:
            return
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        self.blocks.append(Block(title, BlockKind.HEADING, location, self.path, level))
        self._stack.append((level, title))

    def add(
        self,
        text: str,
        kind: BlockKind,
        location: SourceLocation,
        *,
        context: str | None = None,
        attributes: tuple[tuple[str, str], ...] = (),
    ) -> bool:
        """Add a block of any other kind and return whether it had text."""
        cleaned = clean(text)
        if not cleaned:
            return False
        shown = one_line(context) if context else ""
        self.blocks.append(
            Block(cleaned, kind, location, self.path, context=shown or None, attributes=attributes)
        )
        return True
