"""Decisions made from what is suggested, or from an earlier decision."""

from __future__ import annotations

import dataclasses

from evidence_mapper.domain.coding import Decision, Event, Outcome, Polarity, Suggestion, Verdict
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError


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


def check_codes(decision: Decision, framework: Framework) -> None:
    """Check that the framework has every code a decision names.

    Raises
    ------
    UsageError
        It does not; the message says which there are.
    """
    known = {
        "statement": ([s.id for s in framework.statements], [s for s, _ in decision.statements]),
        "topic": ([t.id for t in framework.topics], decision.topics),
        "I statement": ([i.id for i in framework.i_statements], decision.i_statements),
        "evidence category": (
            [c.id for c in framework.evidence_categories],
            [decision.evidence_category] if decision.evidence_category else [],
        ),
    }
    for kind, (there, used) in known.items():
        for code in used:
            if code not in there:
                raise UsageError(f"no {kind} '{code}' in {framework.id}; there are {', '.join(there)}")


def again(decision: Decision) -> Decision:
    """Return a decision as it can be made on another passage: without what was said of that one alone.

    Rejections answer that passage's suggestions, and a note gives a reason for it; neither is repeated.
    """
    accepted = tuple((s, v) for s, v in decision.statements if v is Verdict.ACCEPTED)
    return dataclasses.replace(decision, statements=accepted, note=None)


def batch_size(event: Event) -> int:
    """Return how many decisions were recorded together with an event, itself included; 1 for one alone."""
    batch = event.payload.get("batch")
    return int(batch["size"]) if batch else 1
