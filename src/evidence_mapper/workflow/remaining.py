"""How much evidence remains unseen, and when a person may stop reading."""

from __future__ import annotations

from collections import defaultdict

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.remaining import Bound, DrawnSample, Remaining, RemainingRow, SinceSample
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.samples import latest_sample
from evidence_mapper.workflow.sampling import expected_count, sample_needed, upper_bound

CONFIDENCE = 0.9
RECALL = 0.95


def remaining(
    store: Store, framework: Framework, *, confidence: float = CONFIDENCE, recall: float = RECALL
) -> Remaining:
    """Return, statement by statement, how much evidence remains unseen.

    Two answers from two sources: what the probabilities of undecided passages add up to, which is right
    only as far as they are; and, once a random sample was drawn and read, a bound that holds whatever
    the model does.

    Parameters
    ----------
    confidence
        Of the bound, in (0, 1).
    recall
        Share of a statement's evidence that is to be found, in (0, 1].
    """
    undecided, sample = len(store.open_ids()), latest_sample(store)
    chances: dict[str, list[float]] = defaultdict(list)
    suggested = 0
    for pairs in store.open_probabilities():
        suggested += 1
        for code, probability in pairs:
            chances[code].append(probability)
    held = store.matrix()
    audit = None if sample is None else _Audit(store, sample, undecided)
    rows = []
    for statement in framework.statements:
        confirmed = held.row(statement.id).confirmed
        bound = audit.bound(statement.id, confirmed, confidence) if audit and not audit.problem else None
        rows.append(
            RemainingRow(
                statement.id,
                confirmed,
                expected_count(chances[statement.id]) if suggested else None,
                bound,
                may_stop=bound is not None and (bound.recall is None or bound.recall >= recall),
            )
        )
    return Remaining(
        tuple(rows),
        undecided,
        undecided - suggested,
        sample,
        audit.waiting if audit else 0,
        audit.problem if audit else None,
        confidence,
        recall,
    )


class _Audit:
    """What a sample found, and whether it still stands."""

    def __init__(self, store: Store, sample: DrawnSample, undecided: int) -> None:
        self._sample = sample
        self._since: SinceSample = store.since_event(sample.sequence)
        answers = store.answers(sample.passages)
        self._answers = list(answers.values())
        self.waiting = sum(not a.decided for a in self._answers)
        self.problem: str | None = None
        gone = len(sample.passages) - sum(a.live for a in self._answers)
        if gone or undecided + self._since.decided != sample.frame:
            self.problem = "documents came, went or were decided otherwise since the sample was drawn"

    def bound(self, statement: str, confirmed: int, confidence: float) -> Bound:
        """Return what the sample says of a statement; what is not decided in it counts as evidence."""
        found = sum(statement in a.statements for a in self._answers)
        drawn, frame = len(self._sample.passages), self._sample.frame
        most = upper_bound(frame, drawn, found + self.waiting, confidence)
        unseen = max(0, most - self._since.found.get(statement, 0))
        total = confirmed + unseen
        return Bound(found, unseen, confirmed / total if total else None)


def sample_to_stop(row: RemainingRow, found: Remaining) -> int | None:
    """Return how large a sample lets a person stop for a statement if it finds nothing for it.

    None when reading all that is left is the only way.
    """
    allowed = int(row.confirmed * (1 - found.recall) / found.recall + 1e-9)
    return sample_needed(found.undecided, allowed, found.confidence) if found.undecided else None
