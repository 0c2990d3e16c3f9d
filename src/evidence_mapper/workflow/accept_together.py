"""Passages that may be accepted together: listed first with what is suggested, then recorded in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from evidence_mapper.domain.coding import Decision, Event, Outcome, Suggestion
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import QueueFilter, QueueOrder, QueueRow, ReviewState
from evidence_mapper.workflow.review import ReviewSession, complete, decision_from_suggestion

MOST: Final = 100
"""Passages listed at a time: more are not read with care in one sitting."""
LEAST: Final = (0.9, 0.66, 0.5, 0.0)
"""Least probabilities that can be asked for; the first is taken unless another is."""
_PAGE: Final = 200
_LOOKED_AT: Final = 1000
"""Passages of the queue looked at for one list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A passage with the decision that accepting its suggestion means."""

    row: QueueRow
    passage: Passage
    suggestion: Suggestion
    decision: Decision


@dataclass(frozen=True, slots=True)
class Acceptable:
    """What may be accepted together."""

    items: tuple[Listed, ...]
    """In the order of the queue, MOST at most."""
    run_id: str | None
    """Run whose suggestions are listed; None when there is nothing to list."""
    least: float
    """Probability that each statement, topic aside, of a listed passage reaches."""
    left_out: int
    """Passages looked at that have a suggestion, but one below ``least``: to be read one by one."""
    more: bool
    """Whether the queue goes on beyond what was looked at."""


def acceptable(
    session: ReviewSession, where: QueueFilter, order: QueueOrder, least: float = LEAST[0]
) -> Acceptable:
    """Return the passages a filter leaves to review whose every suggested statement is probable enough.

    Passages whose suggestion is in part less probable are not listed: accepting them in part would
    reject the rest unread. Nor are those suggested as bearing on none of the statements: evidence
    missed costs more than a suggestion too many, so they are read one by one.

    Parameters
    ----------
    session
        One coder's work.
    where, order
        The queue on the screen; what the coder has decided on is left out whatever its state says.
    least
        In [0, 1].

    Raises
    ------
    StoreError
        The project cannot be read.
    """
    to_review = replace(where, state=ReviewState.TO_REVIEW)
    items: list[Listed] = []
    run_id, left_out, looked = None, 0, 0
    while looked < _LOOKED_AT:
        rows = session.page(to_review, order, looked, _PAGE)
        for row in rows:
            looked += 1
            suggestion, run = session.suggested(row.passage_id)
            proposed = decision_from_suggestion(suggestion) if suggestion else None
            if suggestion is None or proposed is None or proposed.outcome is not Outcome.CODED:
                continue
            if items and run != run_id:
                continue  # another run became current half-way
            if _weakest(suggestion) < least:
                left_out += 1
                continue
            run_id = run
            decision = complete(proposed, suggestion, session.framework)
            items.append(Listed(row, session.passage(row.passage_id), suggestion, decision))
            if len(items) == MOST:
                more = looked < session.count(to_review)
                return Acceptable(tuple(items), run_id, least, left_out, more)
        if len(rows) < _PAGE or (order is QueueOrder.LIKELY and _all_below(rows, least)):
            return Acceptable(tuple(items), run_id, least, left_out, more=False)
    return Acceptable(tuple(items), run_id, least, left_out, more=True)


def accept(session: ReviewSession, found: Acceptable, chosen: list[Listed]) -> list[Event]:
    """Record what is suggested for the chosen passages in one go, undone as one.

    Passages the coder has decided on since the list was made are left out.

    Raises
    ------
    StoreError
        The project could not be written; nothing was recorded.
    """
    return session.decide_together([(i.passage.id, i.decision) for i in chosen], run_id=found.run_id)


def _weakest(suggestion: Suggestion) -> float:
    return min(s.probability for s in suggestion.statements if s.suggested)


def _all_below(rows: list[QueueRow], least: float) -> bool:
    """Return whether the queue has come to rows whose likeliest statement is below the least asked for."""
    last = rows[-1].probability
    return last is not None and last < least
