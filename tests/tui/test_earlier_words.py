"""What the passage's pane says of decisions on words since changed, and of the same words elsewhere."""

from __future__ import annotations

from textual.content import Content

from evidence_mapper.domain.coding import Decision, Outcome, Verdict
from evidence_mapper.domain.document import BlockKind, Document, SourceLocation, SourceType
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import CarriedFrom, CoderDecision, EarlierDecision, PassageCard
from evidence_mapper.tui.passage_view import _context, _earlier, _source
from evidence_mapper.tui.sentences import provenance

AT = "2026-01-05T09:00:00.000000+00:00"
CODED = Decision(Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),))


def card(**more: object) -> PassageCard:
    text = "It took [b]eleven[/b] months."
    passage = Passage(
        "psg-1",
        "rev-2",
        "doc-1",
        0,
        Span(0, len(text)),
        text,
        BlockKind.PARAGRAPH,
        SourceLocation(page=4),
        (),
        None,
    )
    document = Document("doc-1", "policy.pdf", "sha256:0", "application/pdf", SourceType.POLICY, None, 9, AT)
    return PassageCard(passage, document, (), (), None, more.pop("mine", None), **more)  # type: ignore[arg-type]


def test_words_since_changed_are_shown_as_no_decision_on_these() -> None:
    then = card().passage
    shown = Content.assemble(_earlier(EarlierDecision(then, CoderDecision("ann", AT, CODED, 1), 0.9))).plain
    assert "! Changed since ann decided on it, 5 Jan 2026 09:00: assessing-needs. Confirm again." in shown
    assert "Then it said: It took [b]eleven[/b] months." in shown


def test_other_documents_with_the_same_words_are_counted_above_the_passage() -> None:
    assert "Also in 2 other documents" in _context(card(also_in=("a.pdf", "b.pdf"))).plain
    assert "Same words in 1 other place (e)" in _context(card(twins=1)).plain
    assert "other" not in _context(card()).plain
    assert _source(card(twins=1)) == ("policy.pdf", " · p. 4", " · policy")


def test_a_carried_decision_says_that_it_is_of_the_version_before() -> None:
    held = CoderDecision("ann", AT, CODED, 5, CarriedFrom("psg-0", "evt-1"))
    assert provenance(card(mine=held)).plain == "✓ Coded by ann on the version before, 5 Jan 2026 09:00"
