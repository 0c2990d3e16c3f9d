"""The review use case: what the terminal UI, or a test, drives. No screen in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    DEFAULT_ORDER,
    DocumentProgress,
    Example,
    Matrix,
    PassageCard,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
)
from evidence_mapper.domain.remaining import DrawnSample, Remaining
from evidence_mapper.domain.version import DocumentVersion, Twin, VersionChange
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.agreement_settle import Settling
from evidence_mapper.workflow.deciding import (
    again,
    batch_size,
    check_codes,
    complete,
    decision_from_suggestion,
)
from evidence_mapper.workflow.entry_dates import EntryDates
from evidence_mapper.workflow.held_cards import HeldCards
from evidence_mapper.workflow.held_queue import HeldQueue
from evidence_mapper.workflow.recut import Recutting
from evidence_mapper.workflow.samples import latest_sample

if TYPE_CHECKING:
    from evidence_mapper.workflow.search import Found

__all__ = ["ReviewSession", "again", "batch_size", "complete", "decision_from_suggestion"]


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

    blind = False
    """Whether suggestions and others' answers are hidden; kept with every decision made so."""
    redacted = False
    """Whether names in people's own stories are replaced in what is given to read."""

    def __init__(self, store: Store, framework: Framework, coder: str, now: Callable[[], str]) -> None:
        self._store = store
        self.framework = framework
        self.coder = coder
        self._now = now
        self._queue = HeldQueue(store, coder)
        self._cards = HeldCards(store, coder)
        self._dates = EntryDates(store)
        self._undone: tuple[str, Event | None] | None = None
        """The latest undo's id, and the decision it took back."""
        self.opening = (QueueFilter(), DEFAULT_ORDER)
        """The queue the review opens with."""

    def count(self, where: QueueFilter, order: QueueOrder | None = None, *, anew: bool = False) -> int:
        """Return how many passages the filter leaves.

        With an order the queue is taken as it is to be worked through, and keeps that order; ``anew``
        takes it again where it was taken already.
        """
        return self._queue.count(where, order, anew=anew)

    def glimpse(self, where: QueueFilter, order: QueueOrder) -> PassageCard | None:
        """Return the first passage of a large queue before that is taken; None where it must be first."""
        with self._store.at_once():
            passage_id = self._store.queue_first(self.coder, where, order)
            return None if passage_id is None else self.card(passage_id)

    def page(self, where: QueueFilter, order: QueueOrder, offset: int, limit: int) -> list[QueueRow]:
        """Return part of the queue; ``offset`` is zero-based."""
        return self._queue.page(where, order, offset, limit)

    def position(self, where: QueueFilter, order: QueueOrder, passage_id: str) -> int | None:
        """Return the zero-based place of a passage in the queue, None when it is not in it."""
        return self._queue.position(where, order, passage_id)

    def at_once(self) -> AbstractContextManager[None]:
        """Make all reads of this thread within the block see one commit, at the cost of one read."""
        return self._queue.at_once()

    def card(self, passage_id: str) -> PassageCard:
        """Return a passage with its context, suggestion and decisions."""
        return self._cards.card(passage_id, lambda: self._read_card(passage_id))

    def _read_card(self, passage_id: str) -> PassageCard:
        passage = self._store.passage(passage_id)
        document = self._store.document(passage.document_id)
        before, after = self._store.neighbours(passage_id)
        held = self._store.decisions(passage_id)
        suggestion, run_id = self.suggested(passage_id)
        twins, also_in = self._store.also_in(passage_id)
        return PassageCard(
            passage=passage,
            document=document,
            before=tuple(before),
            after=tuple(after),
            suggestion=suggestion,
            mine=next((d for d in held if d.coder == self.coder), None),
            others=tuple(d for d in held if d.coder != self.coder),
            run_id=run_id,
            earlier=tuple(self._store.earlier_decisions(passage_id)),
            also_in=also_in,
            twins=twins,
            flag=self._store.flag(passage_id),
            dated=self._dates.of(passage, document),
        )

    def suggested(self, passage_id: str) -> tuple[Suggestion | None, str | None]:
        """Return a suggestion and its run's id, both of one run; None where there is none."""
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

    @property
    def spans(self) -> Recutting:
        """What changes where passages begin and end."""
        return Recutting(self._store, self.coder, self._now)

    @property
    def settling(self) -> Settling:
        """Where people's codings differ, and what settles it."""
        return Settling(self._store, self.framework, self.coder, self._now)

    def examples(self, statement: str, passage_id: str) -> list[Example]:
        """Return up to two passages confirmed for a statement, newest first, to compare a passage with."""
        return self._store.examples(statement, but=passage_id)

    def flag(self, passage_id: str, to: str, reason: str) -> Event:
        """Put a passage to a colleague's notice, in place of a flag that stands on it.

        Parameters
        ----------
        to
            The colleague's name; empty for anybody.
        reason
            In the coder's words; may be empty.

        Raises
        ------
        StoreError
            There is no such passage, or the project could not be written.
        """
        to, reason = to.strip(), reason.strip()
        words = f"flagged for {to}" if to else "flagged"
        return self._record_flag(passage_id, f"{words}: {reason}" if reason else words, to, reason, on=True)

    def unflag(self, passage_id: str) -> Event:
        """Take the flag off a passage; the record keeps that it was there.

        Raises
        ------
        UsageError
            No flag stands on the passage.
        StoreError
            The project could not be written.
        """
        flag = self._store.flag(passage_id)
        if flag is None:
            raise UsageError(f"no flag stands on {passage_id}; nothing was changed")
        return self._record_flag(passage_id, "took the flag off", flag.to, flag.reason, on=False)

    def _record_flag(self, passage_id: str, words: str, to: str, reason: str, *, on: bool) -> Event:
        self._store.passage(passage_id)
        event = self._store.append_event(
            coder=self.coder,
            action=EventAction.FLAGGED,
            subject=passage_id,
            at=self._now(),
            payload={"words": words, "to": to, "reason": reason, "on": on},
        )
        self._queue.changed(passage_id)
        return event

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
        check_codes(decision, self.framework)
        suggestion, run_id = (shown.suggestion, shown.run_id) if shown else self.suggested(passage_id)
        full = complete(decision, suggestion, self.framework)
        before = self._own(passage_id)
        event = self._store.append_event(
            coder=self.coder,
            action=EventAction.DECIDED,
            subject=passage_id,
            at=self._now(),
            payload={**full.to_json(), "blind": True} if self.blind else full.to_json(),
            run_id=run_id,
        )
        self._queue.decided(passage_id, full.outcome, before)
        return event

    def _own(self, passage_id: str) -> Outcome | None:
        """Return the outcome of this coder's decision that holds on a passage; None for none."""
        mine = (d.decision for d in self._store.decisions(passage_id) if d.coder == self.coder)
        return next((decision.outcome for decision in mine), None)

    def decide_together(
        self, decisions: Sequence[tuple[str, Decision]], *, run_id: str | None
    ) -> list[Event]:
        """Record decisions in one transaction; undoing one of them undoes them all.

        Passages this coder has decided on meanwhile are left out: no decision is replaced unseen.

        Parameters
        ----------
        decisions
            (passage id, decision), as the coder saw them listed.
        run_id
            Run whose suggestions were listed; None when there was none.

        Raises
        ------
        UsageError
            A decision names a code the framework does not have.
        StoreError
            The project could not be written; nothing was recorded.
        """
        for _, decision in decisions:
            check_codes(decision, self.framework)
        waiting = [
            (passage_id, decision.to_json())
            for passage_id, decision in decisions
            if all(held.coder != self.coder for held in self._store.decisions(passage_id))
        ]
        return self._together(waiting, run_id) if waiting else []

    def _together(self, made: Sequence[tuple[str, Mapping[str, Any]]], run_id: str | None) -> list[Event]:
        events = self._store.decide_together(self.coder, self._now(), made, run_id=run_id)
        return self._queue.decided_together(events)

    def last_decision(self) -> Decision | None:
        """Return the decision this coder made last and has not taken back; None when there is none.

        Only the latest two hundred events of the coder are looked through.
        """
        events = self._store.history(coder=self.coder)
        undone = {e.payload.get("undoes") for e in events if e.action is EventAction.UNDONE}
        made = (e for e in events if e.action is EventAction.DECIDED and e.id not in undone)
        return next((Decision.from_json(event.payload) for event in made), None)

    def taken_back(self, undo: Event) -> Event | None:
        """Return the decision that an undo took back; None when it is further back than can be looked."""
        if self._undone is not None and self._undone[0] == undo.id:
            return self._undone[1]
        events = self._store.history(subject=undo.subject)
        return next((e for e in events if e.id == undo.payload.get("undoes")), None)

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
        full = [complete(mine.decision, self._store.suggestion(twin), self.framework) for twin in waiting]
        decisions = [(t, {**f.to_json(), "same_as": passage_id}) for t, f in zip(waiting, full, strict=True)]
        return self._together(decisions, None)

    def undo(self, sequence: int | None = None) -> Event | None:
        """Take back this coder's latest decision, or the one of event ``sequence``; None if there is none."""
        event = self._store.undo(self.coder, self._now(), sequence)
        if event is not None:
            try:
                made = self.taken_back(event)
            except StoreError:  # the undo is on disk: what it took back is only to be counted
                made = None
            self._undone = (event.id, made)
            self._queue.taken_back(event.subject, Decision.from_json(made.payload).outcome if made else None)
        return event

    def search(self, query: str, *, where: QueueFilter | None = None, limit: int = 20) -> Found:
        """Return the passages that fit a query best; see :func:`evidence_mapper.workflow.search.search`."""
        from evidence_mapper.workflow.search import searcher_of

        return searcher_of(self._store, self.framework).find(query, where=where, limit=limit)

    def history(self, limit: int = 200) -> list[Event]:
        """Return the latest events of all coders, newest first; ``limit`` is how many at most.

        The newest event's ``sequence`` is how many there are in all.
        """
        return self._store.history(limit=limit)

    def progress(self) -> Progress:
        """Return this coder's counts."""
        return self._queue.progress()

    def today(self) -> str:
        """Return the date, ``YYYY-MM-DD``, in UTC."""
        return self._now()[:10]

    def coders(self) -> list[str]:
        """Return the names of everyone who has recorded anything."""
        return self._store.coders()

    def sample(self) -> DrawnSample | None:
        """Return the sample drawn last for the estimate of what remains; None when none was."""
        return latest_sample(self._store)

    def remaining(self) -> Remaining:
        """Return the estimate of what remains unseen; takes a few seconds on a large project."""
        from evidence_mapper.workflow.remaining import remaining  # with numpy, which a review needs not

        return remaining(self._store, self.framework)

    def versions(self, document_id: str) -> tuple[list[DocumentVersion], VersionChange | None]:
        """Return a document's versions, first read first, and what the newest changed."""
        return self._store.versions(document_id), self._store.version_change(document_id)

    def documents(self) -> list[DocumentProgress]:
        """Return documents with this coder's counts."""
        return self._store.document_progress(self.coder)

    def left_out(self) -> list[str]:
        """Return lines on what no count can know: files and pages not read, passages without suggestion."""
        from evidence_mapper.workflow.gaps import unseen

        return unseen(self._store)

    def matrix(self) -> Matrix:
        """Return the counts of evidence."""
        return self._store.matrix()

    def keep_counts(self) -> None:
        """Keep what the matrix is counted from: the next one of a large project is then there at once."""
        self._store.keep_counts()
