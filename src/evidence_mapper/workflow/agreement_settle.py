"""Settling disagreements: which answer counts, who said so and why. No decision is changed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from evidence_mapper.domain.agreement import Disagreed, Settlement
from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store


class Settling:
    """One person's settling of a project's disagreements.

    Parameters
    ----------
    store
        The open project.
    framework
        The project's.
    coder
        Name the settlements are recorded under.
    now
        Returns the time as UTC ISO 8601.
    """

    def __init__(self, store: Store, framework: Framework, coder: str, now: Callable[[], str]) -> None:
        self._store, self.framework, self.coder, self._now = store, framework, coder, now

    def found(self, *, settled: bool | None = False) -> list[Disagreed]:
        """Return the disagreements on newest versions, in the order of documents and of reading.

        Parameters
        ----------
        settled
            False those still open, True those settled, None both. Numbers are the same in all three.
        """
        rows = list(self._rows())
        return [row for row in rows if settled is None or (row.settlement is not None) is settled]

    def _rows(self) -> Iterator[Disagreed]:
        settlements = self._store.settlements()
        names = {document.id: document.name for document in self._store.documents()}
        number = 0
        for passage_id, answers in self._store.double_decisions().items():
            differs = differences([held.decision for held in answers])
            if not differs:
                continue
            number += 1
            passage = self._store.passage(passage_id)
            document = names.get(passage.document_id, passage.document_id)
            held = settlements.get(passage_id)
            yield Disagreed(number, passage, document, tuple(answers), differs, held)

    def number(self, number: int) -> Disagreed:
        """Return a disagreement by its number, settled or not.

        Raises
        ------
        UsageError
            There is none of that number.
        """
        rows = self.found(settled=None)
        if not 1 <= number <= len(rows):
            there = f"numbers go from 1 to {len(rows)}" if rows else "there is none"
            raise UsageError(f"no disagreement {number}; {there}: evidence-mapper agreement list")
        return rows[number - 1]

    def take(self, row: Disagreed, coder: str, why: str) -> Event:
        """Settle a disagreement by one coder's answer.

        Raises
        ------
        UsageError
            No answer of that coder's is among them, or the decisions changed since ``row`` was read.
        StoreError
            The project could not be written; nothing was recorded.
        """
        taken = next((held for held in row.answers if held.coder == coder), None)
        if taken is None:
            there = ", ".join(held.coder for held in row.answers)
            raise UsageError(f"{coder} has no answer to disagreement {row.number}; there are {there}")
        return self._settle(row, replace(taken.decision, note=None), coder, why)

    def write(self, row: Disagreed, decision: Decision, why: str) -> Event:
        """Settle a disagreement by an answer of the person's own.

        Raises
        ------
        UsageError
            The answer is "unsure", names a code the framework lacks, or the decisions changed meanwhile.
        StoreError
            The project could not be written; nothing was recorded.
        """
        return self._settle(row, decision, None, why)

    def undo(self, row: Disagreed) -> Event:
        """Take a settlement off: both answers count again; the record keeps that it was there.

        Raises
        ------
        UsageError
            No settlement stands on it.
        StoreError
            The project could not be written; nothing was recorded.
        """
        if row.passage.id not in self._store.settlements():
            raise UsageError(f"disagreement {row.number} is not settled; nothing was changed")
        return self._append(row.passage, {"words": "took a settlement off; both answers count again"})

    def _settle(self, row: Disagreed, decision: Decision, taken: str | None, why: str) -> Event:
        if decision.outcome is Outcome.UNSURE:
            raise UsageError("'unsure' settles nothing: take an answer, write one, or leave it open")
        check_codes(self.framework, decision)
        now = self._store.decisions(row.passage.id)
        if sequences(now) != sequences(row.answers):
            raise UsageError(
                f"the answers to disagreement {row.number} changed since they were shown; nothing was "
                "settled: read them again"
            )
        names = sorted(held.coder for held in row.answers)
        how = f"taking {taken}'s answer" if taken else "with an answer of their own"
        words = f"settled between {' and '.join(names)}, {how}"
        why = why.strip()
        return self._append(
            row.passage,
            {
                "words": f"{words}: {why}" if why else words,
                "decision": decision.to_json(),
                "taken": taken,
                "why": why,
                "between": list(sequences(row.answers)),
                "coders": names,
            },
        )

    def _append(self, passage: Passage, payload: dict[str, object]) -> Event:
        return self._store.append_event(
            coder=self.coder,
            action=EventAction.ADJUDICATED,
            subject=passage.id,
            at=self._now(),
            payload=payload,
        )


def sequences(answers: Sequence[CoderDecision]) -> tuple[int, ...]:
    """Return the sequences of decisions, ascending."""
    return tuple(sorted(held.sequence for held in answers))


def differences(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Return in what decisions differ that count; UNSURE is no answer, and rejections and notes do not count.

    Empty when they agree, or fewer than two of them answer.
    """
    answers = [d for d in decisions if d.outcome is not Outcome.UNSURE]
    compared: dict[str, list[frozenset[str]]] = {
        "statements": [frozenset(d.accepted()) for d in answers],
        "topics": [frozenset(d.topics) for d in answers],
        "I statements": [frozenset(d.i_statements) for d in answers],
    }
    coded = [d for d in answers if d.outcome is Outcome.CODED]
    single: dict[str, list[str | None]] = {
        "category": [d.evidence_category for d in coded],
        "polarity": [d.polarity.value if d.polarity else None for d in coded],
    }
    found = [name for name, sets in compared.items() if len(set(sets)) > 1]
    return (*found, *(name for name, values in single.items() if len(set(values)) > 1))


def check_codes(framework: Framework, decision: Decision) -> None:
    """Raise UsageError where a decision names a code the framework does not have."""
    known = (
        ("statement", [s.id for s in framework.statements], decision.accepted()),
        ("topic", [t.id for t in framework.topics], decision.topics),
        ("I statement", [i.id for i in framework.i_statements], decision.i_statements),
        (
            "evidence category",
            [c.id for c in framework.evidence_categories],
            (decision.evidence_category,) if decision.evidence_category else (),
        ),
    )
    for kind, there, used in known:
        for code in used:
            if code not in there:
                raise UsageError(f"no {kind} '{code}' in {framework.id}; there are {', '.join(there)}")


def settled_words(settlement: Settlement) -> str:
    """Return who settled a disagreement, and how."""
    how = f"took {settlement.taken}'s answer" if settlement.taken else "wrote an answer of their own"
    return f"{settlement.coder} {how}" + (f": {settlement.why}" if settlement.why else "")
