"""What the screen of one claim says, as text; no widget in here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.framework import Framework
from evidence_mapper.tui.line_list import Cell
from evidence_mapper.tui.text import ACCEPTED_MARK, POLARITY_MARKS, SUGGESTED_MARK, fit, fit_end, one_line
from evidence_mapper.workflow.claim_check import KIND_WORDS
from evidence_mapper.workflow.claim_desk import ClaimCard
from evidence_mapper.workflow.claim_evidence import Candidate, LinkedEvidence, Standing

FOR: Final = "for"
AGAINST: Final = "against"
_STANDING_WORDS: Final = {
    Standing.COUNTS: "",
    Standing.CHANGED: "the newest version says this in other words",
    Standing.GONE: "the document no longer says this",
    Standing.WITHDRAWN: "the document was withdrawn",
    Standing.TAKEN_BACK: "nobody's coding of it holds any more",
    Standing.ERASED: "erased from the project",
}


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """One line: linked evidence, or a candidate."""

    passage_id: str
    linked_id: str | None
    """Passage that was linked; None for a candidate."""
    side: str
    """``for``, ``against``, or empty for a candidate."""
    confirmed: bool
    """Whether a person's coding of it holds."""
    polarity: str
    """A mark: of a coder where it is confirmed, else of the model."""
    place: str
    about: str
    """Place, date, and who says what of it."""
    text: str
    is_there: bool = True
    """False when it was erased."""


def items_of(card: ClaimCard, skipped: Collection[str]) -> list[ClaimItem]:
    """Return what is linked for, what against, then candidates that were not skipped."""
    items = [_linked(e, FOR) for e in card.evidence]
    items += [_linked(e, AGAINST) for e in card.against]
    return items + [_candidate(c) for c in card.candidates if c.passage.id not in skipped]


def _linked(linked: LinkedEvidence, side: str) -> ClaimItem:
    lost = _STANDING_WORDS[linked.standing]
    marked = f"marked {' / '.join(linked.polarities)}" if linked.polarities else "not marked"
    who = ", ".join(dict.fromkeys(row.coder for row in linked.rows if row.coder))
    told = [linked.place, linked.date or "undated", marked, f"by {who}" if who else ""]
    if lost:
        told.append(f"DOES NOT COUNT: {lost}")
    return ClaimItem(
        linked.passage_id,
        linked.linked_id,
        side,
        linked.counts,
        _marks(linked.polarities),
        one_line(linked.place),
        " · ".join(one_line(part) for part in told if part),
        linked.text,
        is_there=linked.passage is not None,
    )


def _candidate(candidate: Candidate) -> ClaimItem:
    told = (candidate.place, candidate.date or "undated", candidate.known)
    return ClaimItem(
        candidate.passage.id,
        None,
        "",
        candidate.confirmed,
        _marks((candidate.polarity or "").split(" / ")),
        one_line(candidate.place),
        " · ".join(one_line(part) for part in told),
        candidate.passage.text,
    )


def _marks(polarities: Collection[str]) -> str:
    return "".join(POLARITY_MARKS[p] for p in Polarity if p.value in polarities)


def item_cells(item: ClaimItem, width: int) -> list[Cell]:
    """Return an item's line: side, whether a person confirmed it, polarity, text, place."""
    style = {FOR: "good", AGAINST: "bad"}.get(item.side, "suggested")
    known = ACCEPTED_MARK if item.confirmed else SUGGESTED_MARK
    if item.side and not item.confirmed:
        known = "✗"
    place = min(28, max(0, width // 3))
    return [
        (fit(item.side or "?", 8), style),
        (fit(f"{known}{item.polarity}", 4), "good" if item.confirmed else "suggested"),
        (fit(one_line(item.text) or item.about, width - 13 - place) + " ", ""),
        (fit(fit_end(item.place, place), place), "dim"),
    ]


def claim_title(card: ClaimCard) -> str:
    """Return the number, and how much is linked."""
    claim = card.claim
    state = "" if claim.is_open else " · withdrawn"
    return f"Claim {claim.number}{state} · {len(card.evidence)} for, {len(card.against)} against"


def head_words(framework: Framework, card: ClaimCard) -> str:
    """Return the claim, the statements it is made under, and what a check finds."""
    claim = card.claim
    if claim.statements:
        titles = [framework.statement(s) for s in claim.statements]
        under = "Under " + "; ".join(f"{s.number} {one_line(s.title.text)}" for s in titles)
    elif claim.origin and claim.origin.suggested:
        named = [framework.statement(s) for s, _ in claim.origin.suggested]
        under = "Under no statement. Suggested by the model: " + "; ".join(
            f"{s.number} {one_line(s.title.text)}" for s in named
        )
    else:
        under = "Under no statement: 1-9 puts it under one"
    found = ", ".join(dict.fromkeys(KIND_WORDS[f.kind] for f in card.findings))
    return "\n".join(
        [one_line(claim.text), under, f"Look at: {found}" if found else "Nothing found to look at"]
    )
