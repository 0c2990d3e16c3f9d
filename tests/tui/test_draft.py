"""A draft: marks on top of a suggestion."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.tui.fake_store import suggestion
from tests.tui.samples import framework

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.tui.draft import Draft
from evidence_mapper.workflow.review import decision_from_suggestion

FRAMEWORK = framework()
IDS = [s.id for s in FRAMEWORK.statements]
MADE = suggestion(
    FRAMEWORK,
    {"equity": 0.9, "assessing-needs": 0.5},
    category="partners",
    polarity="concern",
    topics=("an-carers", "sg-risks"),
)


def test_an_untouched_draft_accepts_exactly_the_suggestion() -> None:
    draft = Draft(FRAMEWORK, MADE)
    assert draft.accepting() == decision_from_suggestion(MADE)
    assert draft.recorded() is None


def test_accepting_takes_only_the_topics_of_what_is_accepted() -> None:
    draft = Draft(FRAMEWORK, MADE)
    draft.toggle("assessing-needs", Verdict.ACCEPTED)
    draft.toggle("equity", Verdict.REJECTED)
    decision = draft.accepting()
    assert decision is not None
    assert decision.topics == ("an-carers",)
    assert (decision.evidence_category, decision.polarity) == ("partners", Polarity.CONCERN)


def test_enter_takes_no_topic_that_was_not_picked() -> None:
    draft = Draft(FRAMEWORK, MADE)
    draft.toggle("assessing-needs", Verdict.ACCEPTED)
    decision = draft.recorded()
    assert decision is not None
    assert (decision.topics, decision.i_statements) == ((), ())
    assert (decision.evidence_category, decision.polarity) == ("partners", Polarity.CONCERN)
    draft.pick(["an-carers"], ["i-safe"])
    decision = draft.recorded()
    assert decision is not None
    assert (decision.topics, decision.i_statements) == (("an-carers",), ("i-safe",))


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(list(Verdict))), max_size=12))
def test_what_enter_records_is_what_is_ticked(presses: list[tuple[str, Verdict]]) -> None:
    draft = Draft(FRAMEWORK, MADE)
    expected: dict[str, Verdict] = {}
    for statement, verdict in presses:
        draft.toggle(statement, verdict)
        if expected.get(statement) is verdict:
            del expected[statement]
        else:
            expected[statement] = verdict
    ticked = tuple(s for s in IDS if expected.get(s) is Verdict.ACCEPTED)
    decision = draft.recorded()
    assert (decision.accepted() if decision else ()) == ticked
    for outcome in (Outcome.NONE, Outcome.UNSURE):
        assert all(v is Verdict.REJECTED for _, v in draft.without(outcome).statements)


def test_rejecting_every_suggestion_accepts_nothing() -> None:
    draft = Draft(FRAMEWORK, MADE)
    for statement in MADE.suggested_statements():
        draft.toggle(statement, Verdict.REJECTED)
    assert draft.accepting() is None


def test_without_a_suggestion_only_ticks_count() -> None:
    draft = Draft(FRAMEWORK, None)
    assert draft.accepting() is None
    draft.toggle("equity", Verdict.ACCEPTED)
    decision = draft.accepting()
    assert decision == Decision(Outcome.CODED, statements=(("equity", Verdict.ACCEPTED),))


def test_a_note_alone_is_worth_keeping() -> None:
    from tests.tui.fake_store import document, passage

    from evidence_mapper.domain.project import PassageCard

    card = PassageCard(passage(1, 0, "Text."), document(1, "a.txt"), (), (), MADE, None)
    draft = Draft.of(FRAMEWORK, card)
    assert not draft.touched
    draft.note = "why"
    assert draft.touched
    assert draft.accepting() == replace(decision_from_suggestion(MADE) or Decision(Outcome.NONE), note="why")


def test_cycling_comes_back_to_the_start() -> None:
    draft = Draft(FRAMEWORK, MADE)
    ids = [c.id for c in FRAMEWORK.evidence_categories]
    seen = []
    for _ in range(len(ids) + 1):
        draft.cycle_category(ids)
        seen.append(draft.shown_category())
    assert set(seen) == {*ids, None}
    assert seen[-1] == "partners"
    polarities = []
    for _ in range(len(Polarity) + 1):
        draft.cycle_polarity()
        polarities.append(draft.shown_polarity())
    assert set(polarities) == {*Polarity, None}
    assert polarities[-1] is Polarity.CONCERN
