"""Blind coding: a person decides on a drawn sample without seeing suggestions or anybody's answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NoReturn

from evidence_mapper.domain.agreement import BlindSample
from evidence_mapper.domain.coding import Event, EventAction, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import (
    Example,
    Matrix,
    PassageCard,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
    ReviewState,
)
from evidence_mapper.domain.remaining import DrawnSample, Remaining
from evidence_mapper.domain.version import Twin
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.search import Found

BLIND: Final = "Blind: suggestions and others' answers are hidden"
"""What every front end says while it lasts."""
NOT_HERE: Final = "Not in a blind review: the sample is read with nothing beside it. Nothing was done."
"""What a key or command that would show more answers."""


class BlindSession(ReviewSession):
    """One coder's blind work on a sample: every decision is recorded as made blind, under no run.

    Parameters
    ----------
    sample
        What is to be coded; no other passage can be opened.
    """

    blind = True

    def __init__(
        self, store: Store, framework: Framework, coder: str, now: Callable[[], str], *, sample: BlindSample
    ) -> None:
        super().__init__(store, framework, coder, now)
        self.drawn = sample
        self._ids = frozenset(sample.passages)
        self.opening = (QueueFilter(sample=sample.id), QueueOrder.DOCUMENT)

    def page(self, where: QueueFilter, order: QueueOrder, offset: int, limit: int) -> list[QueueRow]:
        """Return part of the queue, with nothing on it but the coder's own codings."""
        return [_bare(row) for row in super().page(where, order, offset, limit)]

    def card(self, passage_id: str) -> PassageCard:
        """Return a passage of the sample with its context and the coder's own decision alone.

        Raises
        ------
        UsageError
            The passage is not in the sample.
        """
        if passage_id not in self._ids:
            raise UsageError(f"{passage_id} is not in sample {self.drawn.id}: a blind review shows no other")
        return replace(
            super().card(passage_id),
            suggestion=None,
            others=(),
            run_id=None,
            earlier=(),
            also_in=(),
            twins=0,
            flag=None,
        )

    def suggested(self, passage_id: str) -> tuple[Suggestion | None, str | None]:  # noqa: ARG002 - hidden
        """Return nothing: suggestions are hidden."""
        return None, None

    def examples(self, statement: str, passage_id: str) -> list[Example]:  # noqa: ARG002 - hidden
        """Return nothing: what others confirmed is hidden."""
        return []

    def twins(self, passage_id: str) -> list[Twin]:  # noqa: ARG002 - hidden
        """Return nothing: who decided on the same words is hidden."""
        return []

    def history(self, limit: int = 200) -> list[Event]:
        """Return the coder's own events alone."""
        return self._store.history(coder=self.coder, limit=limit)

    def coders(self) -> list[str]:
        """Return this coder alone."""
        return [self.coder]

    def sample(self) -> DrawnSample | None:
        """Return nothing: another sample's queue is not this one's."""
        return None

    def undo(self, sequence: int | None = None) -> Event | None:
        """Take back the coder's latest decision if it is in the sample, or one by its number."""
        if sequence is None:
            sequence = self._latest()
            if sequence is None:
                return None
        return super().undo(sequence)

    def _latest(self) -> int | None:
        events = self._store.history(coder=self.coder)
        undone = {e.payload.get("undoes") for e in events if e.action is EventAction.UNDONE}
        made = (e for e in events if e.action is EventAction.DECIDED and e.id not in undone)
        latest = next(made, None)
        return latest.sequence if latest is not None and latest.subject in self._ids else None

    def progress(self) -> Progress:
        """Return the coder's counts over the sample."""

        def of(state: ReviewState) -> int:
            return self._store.queue_count(self.coder, QueueFilter(state=state, sample=self.drawn.id))

        coded, none, unsure = of(ReviewState.CODED), of(ReviewState.NONE), of(ReviewState.UNSURE)
        return Progress(of(ReviewState.TO_REVIEW) + coded + none + unsure, coded, none, unsure)

    def search(self, query: str, *, where: QueueFilter | None = None, limit: int = 20) -> Found:  # noqa: ARG002 - hidden
        """Refuse: what is found shows what was suggested and confirmed."""
        _hidden()

    def matrix(self) -> Matrix:
        """Refuse: it counts what others decided."""
        _hidden()

    def remaining(self) -> Remaining:
        """Refuse: it counts what is suggested."""
        _hidden()


def _hidden() -> NoReturn:
    raise UsageError(f"{BLIND}. Leave, and open it without --blind: evidence-mapper review")


def _bare(row: QueueRow) -> QueueRow:
    own = row.statement if row.state is ReviewState.CODED else None
    return replace(row, statement=own, probability=None, flagged=False)
