"""The review use case: what the terminal UI, or a test, drives. No screen in here."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome, Polarity, Suggestion, Verdict
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    DocumentProgress,
    Matrix,
    PassageCard,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
)
from evidence_mapper.domain.version import Twin
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store


class ReviewSession:
    """One coder's work on one project.

    Parameters
    ----------
    store
        The open project.
    framework
        The project's framework.
    coder
        Name the decisions are recorded under.
    now
        Returns the time as UTC ISO 8601 with microseconds; given by tests.
    """

    def __init__(self, store: Store, framework: Framework, coder: str, now: Callable[[], str]) -> None:
        self._store = store
        self.framework = framework
        self.coder = coder
        self._now = now

    def count(self, where: QueueFilter) -> int:
        """Return how many passages the filter leaves."""
        return self._store.queue_count(self.coder, where)

    def page(self, where: QueueFilter, order: QueueOrder, offset: int, limit: int) -> list[QueueRow]:
        """Return part of the queue; ``offset`` is zero-based."""
        return self._store.queue(self.coder, where, order, offset, limit)

    def position(self, where: QueueFilter, order: QueueOrder, passage_id: str) -> int | None:
        """Return the zero-based place of a passage in the queue, None when it is not in it."""
        return self._store.queue_position(self.coder, where, order, passage_id)

    def card(self, passage_id: str) -> PassageCard:
        """Return a passage with its context, suggestion and decisions."""
        passage = self._store.passage(passage_id)
        before, after = self._store.neighbours(passage_id)
        held = self._store.decisions(passage_id)
        suggestion, run_id = self._suggested(passage_id)
        twins, also_in = self._store.also_in(passage_id)
        return PassageCard(
            passage=passage,
            document=self._store.document(passage.document_id),
            before=tuple(before),
            after=tuple(after),
            suggestion=suggestion,
            mine=next((d for d in held if d.coder == self.coder), None),
            others=tuple(d for d in held if d.coder != self.coder),
            run_id=run_id,
            earlier=tuple(self._store.earlier_decisions(passage_id)),
            also_in=also_in,
            twins=twins,
        )

    def _suggested(self, passage_id: str) -> tuple[Suggestion | None, str | None]:
        """Return a suggestion and its run, read again when another run became current in between."""
        run = self._store.current_run()
        while True:
            suggestion = self._store.suggestion(passage_id)
            after = self._store.current_run()
            if after == run:
                return suggestion, run[0] if run else None
            run = after

    def passage(self, passage_id: str) -> Passage:
        """Return a passage alone, as a line of the history needs it; StoreError when there is none."""
        return self._store.passage(passage_id)

    def decide(self, passage_id: str, decision: Decision, *, shown: PassageCard | None = None) -> Event:
        """Record a decision; it is on disk when this returns.

        A coded passage answers every suggested statement: those the coder saw and left out are
        recorded as rejected, so that none of them lingers as neither confirmed nor waiting.

        Parameters
        ----------
        passage_id
            The passage decided on.
        decision
            The coder's answer.
        shown
            The card the coder had in view: what is left out, and the run the event names, are the card's
            even when another run has started since. None takes the suggestion and run of the moment.

        Raises
        ------
        UsageError
            The decision names a code the framework does not have, or ``shown`` is another passage's card.
        StoreError
            The project could not be written; nothing was recorded.
        """
        if shown is not None and shown.passage.id != passage_id:
            raise UsageError(
                f"the passage shown is {shown.passage.id}, the decision is for {passage_id}; nothing was "
                "recorded: open the passage again"
            )
        self._check(decision)
        if shown is not None:
            suggestion, run_id = shown.suggestion, shown.run_id
        else:
            suggestion, run_id = self._suggested(passage_id)
        full = complete(decision, suggestion, self.framework)
        return self._store.append_event(
            coder=self.coder,
            action=EventAction.DECIDED,
            subject=passage_id,
            at=self._now(),
            payload=full.to_json(),
            run_id=run_id,
        )

    def twins(self, passage_id: str) -> list[Twin]:
        """Return the other passages that say the same words, with who has decided on them."""
        return self._store.twins(passage_id)

    def decide_twins(self, passage_id: str) -> list[Event]:
        """Record this coder's decision on a passage for all its twins that the coder has not decided on.

        One event each, in one transaction; undoing one of them undoes them all, and leaves the
        decision on the passage itself.

        Raises
        ------
        UsageError
            The coder has no decision on the passage.
        StoreError
            The project could not be written; nothing was recorded.
        """
        mine = next((d for d in self._store.decisions(passage_id) if d.coder == self.coder), None)
        if mine is None:
            raise UsageError(
                f"{self.coder} has not decided on {passage_id}: decide on it first, then on its twins"
            )
        waiting = [t.passage_id for t in self._store.twins(passage_id) if self.coder not in t.decided_by]
        decisions = []
        for twin in waiting:
            full = complete(mine.decision, self._store.suggestion(twin), self.framework)
            decisions.append((twin, {**full.to_json(), "same_as": passage_id}))
        return self._store.decide_together(self.coder, self._now(), decisions)

    def _check(self, decision: Decision) -> None:
        known = {
            "statement": ([s.id for s in self.framework.statements], [s for s, _ in decision.statements]),
            "topic": ([t.id for t in self.framework.topics], decision.topics),
            "I statement": ([i.id for i in self.framework.i_statements], decision.i_statements),
            "evidence category": (
                [c.id for c in self.framework.evidence_categories],
                [decision.evidence_category] if decision.evidence_category else [],
            ),
        }
        for kind, (there, used) in known.items():
            for code in used:
                if code not in there:
                    raise UsageError(
                        f"no {kind} '{code}' in {self.framework.id}; there are {', '.join(there)}"
                    )

    def undo(self, sequence: int | None = None) -> Event | None:
        """Take back this coder's latest decision, or the one of event ``sequence``; None if there is none."""
        return self._store.undo(self.coder, self._now(), sequence)

    def history(self, limit: int = 200) -> list[Event]:
        """Return the latest events of all coders, newest first; ``limit`` is how many at most.

        The newest event's ``sequence`` is how many there are in all.
        """
        return self._store.history(limit=limit)

    def progress(self) -> Progress:
        """Return this coder's counts."""
        return self._store.progress(self.coder)

    def documents(self) -> list[DocumentProgress]:
        """Return documents with this coder's counts."""
        return self._store.document_progress(self.coder)

    def matrix(self) -> Matrix:
        """Return the counts of evidence."""
        return self._store.matrix()


def complete(decision: Decision, suggestion: Suggestion | None, framework: Framework) -> Decision:
    """Return the decision with every suggested statement it leaves out marked as rejected.

    Only a CODED decision is completed: NONE and UNSURE answer for the whole passage.
    """
    if decision.outcome is not Outcome.CODED or suggestion is None:
        return decision
    verdicts = dict(decision.statements)
    for statement in suggestion.suggested_statements():
        verdicts.setdefault(statement, Verdict.REJECTED)
    ordered = tuple((s.id, verdicts[s.id]) for s in framework.statements if s.id in verdicts)
    return dataclasses.replace(decision, statements=ordered)


def decision_from_suggestion(suggestion: Suggestion, note: str | None = None) -> Decision | None:
    """Return the decision that accepting a suggestion as shown means; None when it suggests nothing.

    Accepting takes the suggested statements, topics and I statements, and the evidence category and
    polarity shown beside them; a suggestion of "none" gives the outcome NONE.
    """
    accepted = suggestion.suggested_statements()
    if not accepted:
        return Decision(Outcome.NONE, note=note) if suggestion.none_suggested else None
    category = suggestion.evidence_category
    polarity = suggestion.polarity
    return Decision(
        outcome=Outcome.CODED,
        statements=tuple((s, Verdict.ACCEPTED) for s in accepted),
        topics=tuple(t.id for t in suggestion.topics if t.suggested),
        i_statements=tuple(i.id for i in suggestion.i_statements if i.suggested),
        evidence_category=category.id if category else None,
        polarity=Polarity(polarity.id) if polarity else None,
        note=note,
    )
