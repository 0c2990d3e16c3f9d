"""Codings of another tool on one passage to the decision they amount to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.exchange import CodeKind, LossReport, OurCode
from evidence_mapper.domain.framework import Framework

NO_STATEMENT = "no statement of ours stands beside them, and a decision needs one"


@dataclass
class Said:
    """What one coder put on one passage."""

    codes: list[OurCode] = field(default_factory=list)
    """In the order of the file; repeats count once."""
    notes: list[str] = field(default_factory=list)
    at: str = ""
    """The latest time; UTC, ISO 8601."""
    codings: int = 0
    """How many codings of the other tool it is made of."""
    spans: set[tuple[int, int]] = field(default_factory=set)
    selections: list[str] = field(default_factory=list)
    """GUIDs of the selections it came from."""
    areas: list[list[int]] = field(default_factory=list)
    """Areas of pages it came from: page counted from 0, left, bottom, right, top in points."""


def decision_of(framework: Framework, said: Said, losses: LossReport, item: str) -> Decision | None:
    """Return the decision; None when no statement follows from the codes.

    A topic brings the statement it stands under. An I statement brings its statement where it serves one
    only. Strength and concern together are "mixed". Of several evidence categories the first in the
    framework's order is kept, since a decision has one.

    Parameters
    ----------
    framework
        The project's.
    said
        What the coder put on the passage.
    losses, item
        Told what could not be kept, under this name.
    """
    of = {kind: [code.id for code in said.codes if code.kind is kind] for kind in CodeKind}
    statements = _statements(framework, of[CodeKind.STATEMENT], of[CodeKind.TOPIC], of[CodeKind.I_STATEMENT])
    if not statements:
        losses.add("codings", NO_STATEMENT, item=item, count=said.codings)
        return None
    categories = [c.id for c in framework.evidence_categories if c.id in of[CodeKind.CATEGORY]]
    losses.add("further evidence categories", "a decision has one", item=item, count=len(categories[1:]))
    return Decision(
        outcome=Outcome.CODED,
        statements=tuple((s, Verdict.ACCEPTED) for s in statements),
        topics=tuple(t.id for t in framework.topics if t.id in of[CodeKind.TOPIC]),
        i_statements=tuple(i.id for i in framework.i_statements if i.id in of[CodeKind.I_STATEMENT]),
        evidence_category=categories[0] if categories else None,
        polarity=_polarity(of[CodeKind.POLARITY]),
        note="\n\n".join(dict.fromkeys(said.notes)) or None,
    )


def _statements(
    framework: Framework, named: Collection[str], topics: Collection[str], i_statements: Collection[str]
) -> list[str]:
    found = {*named, *(t.statement_id for t in framework.topics if t.id in topics)}
    if not found:
        for i_statement in framework.i_statements:
            if i_statement.id in i_statements and len(i_statement.statement_ids) == 1:
                found.add(i_statement.statement_ids[0])
    return [s.id for s in framework.statements if s.id in found]


def _polarity(named: Sequence[str]) -> Polarity | None:
    said = {Polarity(each) for each in named}
    if Polarity.MIXED in said or {Polarity.STRENGTH, Polarity.CONCERN} <= said:
        return Polarity.MIXED
    said.discard(Polarity.NEUTRAL) if len(said) > 1 else None
    return next(iter(said), None)


def merged(framework: Framework, old: Decision, new: Decision) -> Decision:
    """Return the decision that says all that two say; the older one's evidence category stays."""
    accepted = {*old.accepted(), *new.accepted()}
    notes = [old.note] if old.note else []
    notes += [new.note] if new.note and new.note not in (old.note or "") else []
    return Decision(
        outcome=Outcome.CODED,
        statements=tuple((s.id, Verdict.ACCEPTED) for s in framework.statements if s.id in accepted),
        topics=tuple(t.id for t in framework.topics if t.id in {*old.topics, *new.topics}),
        i_statements=tuple(
            i.id for i in framework.i_statements if i.id in {*old.i_statements, *new.i_statements}
        ),
        evidence_category=old.evidence_category or new.evidence_category,
        polarity=_polarity([p.value for p in (old.polarity, new.polarity) if p is not None]),
        note="\n\n".join(notes) or None,
    )


def covers(old: Decision, new: Decision) -> bool:
    """Return whether a decision says all that another one says."""
    return (
        set(new.accepted()) <= set(old.accepted())
        and set(new.topics) <= set(old.topics)
        and set(new.i_statements) <= set(old.i_statements)
        and new.evidence_category in (None, old.evidence_category)
        and new.polarity in (None, old.polarity)
        and new.note in (None, old.note)
    )
