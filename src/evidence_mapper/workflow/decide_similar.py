"""Passages of the same kind as an open one: listed with what is suggested, then decided in one go."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.coding import Decision, Event, Suggestion
from evidence_mapper.domain.document import BlockKind
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import QueueFilter, QueueOrder, QueueRow
from evidence_mapper.workflow.review import ReviewSession, again, complete, decision_from_suggestion

MOST: Final = 100
"""Passages listed at a time: more are not read with care in one sitting."""
_LOOKED_AT: Final = 400
"""Passages looked at above and below the one that is open."""
_PAGE: Final = 200


class Likeness(StrEnum):
    """What passages of one document have in common."""

    TABLE = "table"
    """Rows of the same table or worksheet."""
    SECTION = "section"
    """Passages under the same headings."""
    SUGGESTION = "suggestion"
    """Passages with the same suggestion: the same statements, or none."""


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A passage of the same kind that this coder has not decided on."""

    row: QueueRow
    passage: Passage
    suggestion: Suggestion | None
    same: bool
    """Whether the same is suggested for it as for the passage they are like."""


@dataclass(frozen=True, slots=True)
class Similar:
    """What may be decided together."""

    like: Passage
    """The passage they are like; it is among ``items`` when this coder has not decided on it."""
    likeness: Likeness
    may_be: tuple[Likeness, ...]
    """What can be asked for of this passage."""
    items: tuple[SimilarRow, ...]
    """In reading order, MOST at most, those nearest to the passage."""
    run_id: str | None
    """Run whose suggestions are listed; None for none."""
    more: bool
    """Whether there are more than were listed or looked at."""


def likenesses(passage: Passage) -> tuple[Likeness, ...]:
    """Return what others can have in common with a passage, the closest first."""
    found = [Likeness.TABLE] if _table(passage) is not None else []
    found += [Likeness.SECTION] if passage.heading_path else []
    return (*found, Likeness.SUGGESTION)


def similar(session: ReviewSession, passage_id: str, likeness: Likeness | None = None) -> Similar:
    """Return undecided passages of the same document that are like a passage.

    Parameters
    ----------
    session
        One coder's work.
    passage_id
        The passage.
    likeness
        What they have in common; None takes the closest that there are others of.

    Raises
    ------
    StoreError
        There is no such passage, or the project cannot be read.
    """
    with session.at_once():
        like = session.passage(passage_id)
        may_be = likenesses(like)
        own, run_id = session.suggested(passage_id)
        rows, more = _around(session, like)
        near = [(row, session.passage(row.passage_id)) for row in rows]
        found: list[SimilarRow] = []
        wanted = may_be[0]
        for wanted in may_be if likeness is None else (likeness if likeness in may_be else may_be[0],):
            alike = [(row, passage) for row, passage in near if _alike(like, passage, wanted)]
            found = [_with_suggestion(session, row, passage, own) for row, passage in alike]
            found = [item for item in found if item.same or wanted is not Likeness.SUGGESTION]
            if len(found) > 1:
                break
    kept = sorted(found, key=lambda item: abs(item.passage.ordinal - like.ordinal))[:MOST]
    kept.sort(key=lambda item: item.passage.ordinal)
    return Similar(like, wanted, may_be, tuple(kept), run_id, more or len(found) > MOST)


def _with_suggestion(
    session: ReviewSession, row: QueueRow, passage: Passage, own: Suggestion | None
) -> SimilarRow:
    suggestion, _ = session.suggested(passage.id)
    return SimilarRow(row, passage, suggestion, _proposed(suggestion) == _proposed(own))


def told_apart(texts: Sequence[str]) -> list[str]:
    """Return, for each row of a table, what tells it from the others, for a list of one line each.

    Rows read ``Column: value; Column: value``: columns that more than half of them name are left out, and
    values that are words come before those that are figures. Other texts stay as they are.
    """
    cut = [[part.partition(": ") for part in text.split("; ")] for text in texts]
    counts = Counter(label for parts in cut for label in {label for label, colon, _ in parts if colon})
    shared = {label for label, count in counts.items() if count > 1 and 2 * count > len(texts)}
    return [_bare(text, parts, shared) for text, parts in zip(texts, cut, strict=True)]


def _bare(text: str, parts: Sequence[tuple[str, str, str]], shared: Collection[str]) -> str:
    if not any(label in shared for label, _, _ in parts):
        return text
    values = [value if label in shared else label + colon + value for label, colon, value in parts]
    return "; ".join(sorted(values, key=lambda value: not any(sign.isalpha() for sign in value)))


def decide_similar(
    session: ReviewSession,
    found: Similar,
    chosen: Sequence[SimilarRow],
    decision: Decision | None,
    *,
    own: Decision | None = None,
) -> list[Event]:
    """Record the same decision on the chosen passages in one go, undone as one.

    Passages the coder has decided on since the list was made are left out. A note, and what was rejected,
    stay with the passage they were written for.

    Parameters
    ----------
    session
        One coder's work.
    found
        What was listed.
    chosen
        Those of its items to decide on.
    decision
        The decision; None accepts for each what is suggested for it, and leaves out those where nothing is.
    own
        What accepting means for the passage the others are like, with the coder's marks on top; None for
        what is suggested for it.

    Raises
    ------
    UsageError
        The decision names a code the framework does not have.
    StoreError
        The project could not be written; nothing was recorded.
    """
    pairs: list[tuple[str, Decision]] = []
    # The passage itself comes last: undoing returns to what was recorded last.
    for item in sorted(chosen, key=lambda item: item.passage.id == found.like.id):
        itself = item.passage.id == found.like.id
        made = decision or (own if itself else None) or _suggested(item)
        if made is None:
            continue
        if decision is not None and not itself:
            made = again(made)
        pairs.append((item.passage.id, complete(made, item.suggestion, session.framework)))
    return session.decide_together(pairs, run_id=found.run_id)


def next_after(
    session: ReviewSession, queue: tuple[QueueFilter, QueueOrder], place: int, decided: Collection[str]
) -> str | None:
    """Return the passage of a queue, from a zero-based place on, that is not about to be decided; else None.

    Raises
    ------
    StoreError
        The project cannot be read.
    """
    while rows := session.page(*queue, place, _PAGE):
        left = next((row.passage_id for row in rows if row.passage_id not in decided), None)
        if left is not None:
            return left
        place += len(rows)
    return None


def _around(session: ReviewSession, like: Passage) -> tuple[list[QueueRow], bool]:
    """Return the undecided passages of the document nearest to one, and whether there are others."""
    where, order = QueueFilter(document_id=like.document_id), QueueOrder.DOCUMENT
    count = session.count(where, order)

    def ordinal(place: int) -> int:
        return session.passage(session.page(where, order, place, 1)[0].passage_id).ordinal

    place = bisect_left(range(count), like.ordinal, key=ordinal)
    first, last = max(0, place - _LOOKED_AT), min(count, place + _LOOKED_AT)
    rows = [
        r for at in range(first, last, _PAGE) for r in session.page(where, order, at, min(_PAGE, last - at))
    ]
    return rows, first > 0 or last < count


def _alike(like: Passage, other: Passage, likeness: Likeness) -> bool:
    """Return whether passages have in common what can be told without their suggestions."""
    if likeness is Likeness.TABLE:
        return _table(like) == _table(other)
    return likeness is Likeness.SUGGESTION or like.heading_path == other.heading_path


def _table(passage: Passage) -> tuple[object, ...] | None:
    """Return which table of its document a passage is a row of; None when it is none."""
    return passage.location.table_key if passage.kind is BlockKind.TABLE_ROW else None


def _suggested(item: SimilarRow) -> Decision | None:
    return decision_from_suggestion(item.suggestion) if item.suggestion else None


def _proposed(suggestion: Suggestion | None) -> tuple[object, ...]:
    """Return what is suggested of the statements, as two suggestions are compared."""
    if suggestion is None:
        return (None,)
    return (suggestion.none_suggested, *sorted(suggestion.suggested_statements()))
