"""Paragraphs and lists of one place to passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.domain.passage import PassageDraft
from evidence_mapper.segment.placed import Placed, draft
from evidence_mapper.segment.sizes import CAP, SHORT, TARGET
from evidence_mapper.segment.split import balanced, split_text

_STEM_WORDS: Final = 80


@dataclass(slots=True)
class _Unit:
    """Blocks that belong together, at most the cap unless it is one block."""

    blocks: list[Placed]
    stem: str | None = None
    """What announced the list that this is a later part of."""

    @property
    def words(self) -> int:
        return sum(placed.words for placed in self.blocks)


def prose_passages(run: Sequence[Placed]) -> Iterator[PassageDraft]:
    """Yield the passages of neighbouring paragraphs and list items that stand in one place."""
    for unit in _joined(_units(run)):
        if unit.words <= CAP:
            yield draft(unit.blocks, context=_with_stem(unit))
        else:
            placed = unit.blocks[0]
            for start, end in split_text(placed.text):
                span = placed.start + start, placed.start + end
                yield draft([placed], start=span[0], end=span[1], context=_with_stem(unit))


def _units(run: Sequence[Placed]) -> Iterator[_Unit]:
    index = 0
    while index < len(run):
        placed = run[index]
        index += 1
        if not placed.is_stem:
            yield _Unit([placed])
            continue
        items = []
        while index < len(run) and run[index].block.kind is BlockKind.LIST_ITEM:
            items.append(run[index])
            index += 1
        yield from _listed(placed, items)


def _listed(stem: Placed, items: list[Placed]) -> Iterator[_Unit]:
    """Yield a stem with its items: one unit, or parts cut between items that repeat the stem as context."""
    whole = [stem, *items]
    if sum(placed.words for placed in whole) <= CAP:
        yield _Unit(whole)
        return
    stem_text = _stem_text(stem.text)
    for first, last in balanced([placed.words for placed in whole], TARGET):
        yield _Unit(whole[first:last], stem_text if first else None)


def _stem_text(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= _STEM_WORDS else "… " + " ".join(words[-_STEM_WORDS:])


def _joined(units: Iterator[_Unit]) -> list[_Unit]:
    """Return units with short ones joined to what follows, or else to what came before."""
    joined: list[_Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last and last.words < SHORT and _fits(last, unit):
            last.blocks.extend(unit.blocks)
        else:
            if last and last.words < SHORT:
                _join_back(joined)
            joined.append(unit)
    if joined and joined[-1].words < SHORT:
        _join_back(joined)
    return joined


def _join_back(joined: list[_Unit]) -> None:
    if len(joined) > 1 and _fits(joined[-2], joined[-1]):
        joined[-2].blocks.extend(joined.pop().blocks)


def _fits(first: _Unit, second: _Unit) -> bool:
    # A later part of a list keeps its stem as context, which would be wrong for any other text.
    announced = any(_stem_text(placed.text) == second.stem for placed in first.blocks)
    return (first.stem == second.stem or announced) and first.words + second.words <= CAP


def _with_stem(unit: _Unit) -> str | None:
    if unit.stem is None:
        return None
    own = unit.blocks[0].block.context
    return f"{own} - {unit.stem}" if own else unit.stem
