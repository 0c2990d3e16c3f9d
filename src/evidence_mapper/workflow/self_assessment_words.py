"""Wordings and scores as a self-assessment pack shows them."""

from __future__ import annotations

from evidence_mapper.domain.framework import Wording
from evidence_mapper.export.self_assessment import ShownOverall, ShownScore, ShownWording
from evidence_mapper.workflow.scores import ScoreBoard


def shown(wording: Wording | None) -> ShownWording | None:
    """Return a wording with its sources; None where there is none."""
    return None if wording is None else shown_wording(wording)


def shown_wording(wording: Wording) -> ShownWording:
    """Return a wording with its sources and, where sources differ, the other forms."""
    variants = tuple(
        " ".join(
            filter(
                None,
                (f"“{v.text}”", f"({'; '.join(s.title for s in v.sources)})" if v.sources else "", v.note),
            )
        )
        for v in wording.variants
    )
    titles = tuple(s.title for s in wording.sources)
    return ShownWording(wording.text, wording.verification.value, titles, variants)


def shown_score(board: ScoreBoard | None, statement_id: str) -> ShownScore | None:
    """Return the score a person entered for a statement; None where none stands."""
    held = board.held.get(statement_id) if board else None
    if board is None or held is None or held.value is None:
        return None
    return ShownScore(held.value, board.rule.word(held.value), held.coder, held.at, held.note)


def shown_overall(board: ScoreBoard | None) -> ShownOverall | None:
    """Return what the rule makes of the scores, or what is missing; None without a rule."""
    if board is None:
        return None
    computed = board.overall
    if computed is None:
        if not board.held:
            return ShownOverall("No score has been entered, so there is no overall figure.", ())
        missing = ", ".join(s.title.text for s in board.missing)
        count = f"{len(board.missing)} of {board.rule.statements}"
        return ShownOverall(f"No overall figure: {count} scores are missing ({missing}).", ())
    line = (
        f"From the {board.rule.statements} scores people entered, by the published rule: {computed.total} of "
        f"{computed.out_of} = {computed.percent:.2f}%, read as {computed.whole_percent}%: {computed.rating}. "
        "This is arithmetic on the council’s own scores, not a prediction. Parts of the rule are unverified: "
        "see the end of this pack."
    )
    rule = board.rule
    parts = (rule.formula, rule.rounding, rule.bands_wording, *rule.notes[:1])
    return ShownOverall(line, tuple(shown_wording(part) for part in parts))
