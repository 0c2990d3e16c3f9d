"""Claims in the record: written, linked, changed by two people at once, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflow.claim_projects import REPORT, made
from tests.workflow.pack_samples import CALLS, STAFF, WAIT, add, confirm, passage_of, write

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.claim_evidence import Evidence, Standing
from evidence_mapper.workflow.claim_record import Claim, ClaimState, claim_payload, claims_of
from evidence_mapper.workflow.claims import (
    add_claim,
    all_claims,
    edit_claim,
    find_claim,
    link_claim,
    list_claims,
    restore_claim,
    unlink_claim,
    withdraw_claim,
)
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.revisions import withdraw


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path) as project:
        yield project


def test_a_claim_keeps_its_number_whatever_happens_to_it(project: Project) -> None:
    first = add_claim(project, "  Carers wait less than four weeks.  ", coder="ann")
    second = add_claim(project, "We review on time.", coder="ben", statements=["equity", "assessing-needs"])
    assert (first.number, first.text, first.state) == (
        1,
        "Carers wait less than four weeks.",
        ClaimState.OPEN,
    )
    assert second.statements == ("assessing-needs", "equity"), "in framework order"
    withdraw_claim(project, "1", coder="ben")
    assert [c.number for c in list_claims(project)] == [2]
    assert [c.number for c in list_claims(project, withdrawn=True)] == [1, 2]
    assert [c.number for c in list_claims(project, statement="equity")] == [2]
    assert find_claim(project, second.id) == find_claim(project, "#2") == find_claim(project, 2)
    edited = edit_claim(project, 2, coder="ann", text="We review most plans on time.", statements=[])
    assert (edited.text, edited.statements) == ("We review most plans on time.", ())
    assert edited.former == ("We review on time.",)
    assert restore_claim(project, 1, coder="ann").is_open
    words = [e.words for e in project.store.entries([EventAction.CLAIM])]
    assert words == [
        "claim written: “Carers wait less than four weeks.”",
        "claim written: “We review on time.”",
        "claim 1 withdrawn",
        "claim 2 now “We review most plans on time.”, under no statement",
        "claim 1 made again",
    ]
    assert project.store.verify() == []


def test_only_what_a_person_confirmed_is_linked(project: Project) -> None:
    claim = add_claim(project, "Carers wait too long.", coder="ann")
    wait = passage_of(project, WAIT).id
    with pytest.raises(UsageError, match=f"nobody has decided on it.*review --start {wait}"):
        link_claim(project, 1, coder="ann", passages=[wait])
    review = ReviewSession(project.store, project.framework, "ben", utc_now)
    review.decide(wait, Decision(Outcome.UNSURE))
    with pytest.raises(UsageError, match="ben answered 'unsure'"):
        link_claim(project, 1, coder="ann", against=[wait])
    assert find_claim(project, 1) == claim, "nothing was recorded"
    confirm(project, WAIT, coder="ann")
    linked = link_claim(project, 1, coder="ben", passages=[wait])
    assert (linked.passages, linked.against) == ((wait,), ())
    turned = link_claim(project, 1, coder="ann", against=[wait])
    assert (turned.passages, turned.against) == ((), (wait,)), "it changes sides"
    with pytest.raises(UsageError, match="linked so already"):
        link_claim(project, 1, coder="ann", against=[wait])
    with pytest.raises(UsageError, match="both for the claim and against it"):
        link_claim(project, 1, coder="ann", passages=[wait], against=[wait])
    assert unlink_claim(project, 1, [wait], coder="ann").against == ()
    with pytest.raises(UsageError, match="not linked to claim 1; linked are: none"):
        unlink_claim(project, 1, [wait], coder="ann")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needs words"),
        (" \n", "needs words"),
        ("x" * 5001, "5,001 characters"),
        ("a \ud800 b", "half of"),
    ],
)
def test_words_that_are_no_claim_are_refused(project: Project, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        add_claim(project, text, coder="ann")
    assert all_claims(project) == []


def test_requests_that_cannot_be_met_name_what_there_is(project: Project) -> None:
    with pytest.raises(UsageError, match="there is none yet"):
        find_claim(project, 1)
    with pytest.raises(UsageError, match="did you mean equity"):
        add_claim(project, "We are fair.", coder="ann", statements=["equitty"])
    with pytest.raises(UsageError, match="no passage 'psg-none'"):
        add_claim(project, "We are fair.", coder="ann", passages=["psg-none"])
    add_claim(project, "We are fair.", coder="ann")
    with pytest.raises(UsageError, match="there are 1 to 1"):
        find_claim(project, "7")
    with pytest.raises(UsageError, match="says so already"):
        edit_claim(project, 1, coder="ann", text="We are fair.")
    with pytest.raises(UsageError, match="is not withdrawn"):
        restore_claim(project, 1, coder="ann")
    withdraw_claim(project, 1, coder="ann")
    with pytest.raises(UsageError, match="claim restore 1"):
        edit_claim(project, 1, coder="ann", text="Other words.")
    with pytest.raises(UsageError, match="claim restore 1"):
        link_claim(project, 1, coder="ann")
    with pytest.raises(UsageError, match="claim restore 1"):
        withdraw_claim(project, 1, coder="ann")


def test_changes_two_people_make_from_the_same_state_both_hold(project: Project) -> None:
    wait, calls = confirm(project, WAIT).id, confirm(project, CALLS).id
    add_claim(project, "Carers are answered.", coder="ann")
    seen = find_claim(project, 1)
    link_claim(project, 1, coder="ann", passages=[calls])
    stale = claim_payload(_with(seen, against=(wait,), text="Carers are answered at once."), "as ben saw it")
    project.store.append_event(
        coder="ben", action=EventAction.CLAIM, subject=seen.id, at=utc_now(), payload=stale
    )
    both = find_claim(project, 1)
    assert (both.text, both.passages, both.against) == ("Carers are answered at once.", (calls,), (wait,))
    assert both.coder == "ben"


def _with(claim: Claim, **changed: object) -> Claim:
    from dataclasses import replace

    return replace(claim, **changed)  # type: ignore[arg-type]  # fields of a claim


_IDS = st.lists(st.sampled_from(["p1", "p2", "p3", "p4"]), unique=True, max_size=4)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), _IDS, _IDS, st.text(min_size=1, max_size=8)), min_size=1, max_size=6
    )
)
def test_whatever_was_added_last_is_there_and_no_passage_is_on_both_sides(
    changes: list[tuple[int, list[str], list[str], str]],
) -> None:
    entries: list[Event] = []
    for number, (base, passages, against, text) in enumerate(changes, start=1):
        payload = {
            "text": text,
            "passages": [p for p in passages if p not in against],
            "against": against,
            "from": min(base, number - 1),
        }
        entries.append(Event(number, f"e{number}", "t", "ann", EventAction.CLAIM, "c", "f", None, payload))
    (claim,) = claims_of(entries)
    assert set(claim.passages).isdisjoint(claim.against)
    assert len(set(claim.passages)) == len(claim.passages)
    assert claim.sequence == len(changes)
    last = changes[-1]
    seen = claims_of(entries[: min(last[0], len(changes) - 1)])
    added = set(last[2]) - set(seen[0].against if seen else ())
    assert added <= set(claim.against), "what the last entry put against it is against it"


def test_evidence_is_followed_to_the_newest_version(project: Project, tmp_path: Path) -> None:
    calls = confirm(project, CALLS)
    add_claim(project, "Carers are answered.", coder="ann", passages=[calls.id])
    for last in ("nineteen", "eleven"):  # two versions later, still the same words
        write(tmp_path / REPORT, WAIT.replace("nineteen", f"{last} or so"), CALLS, STAFF)
        add(project, tmp_path / "in")
    found = Evidence.read(project).of(calls.id)
    assert found.standing is Standing.COUNTS
    assert found.linked_id == calls.id
    assert found.passage_id == passage_of(project, CALLS).id != calls.id
    assert find_claim(project, 1).passages == (calls.id,), "the record is as it was"
    with pytest.raises(UsageError, match=f"the newest says the same in {found.passage_id}"):
        link_claim(project, 1, coder="ann", against=[calls.id])


def test_evidence_that_is_lost_says_how(project: Project, tmp_path: Path) -> None:
    wait, calls, staff = (confirm(project, words) for words in (WAIT, CALLS, STAFF))
    write(tmp_path / REPORT, WAIT.replace("nineteen", "eleven"), STAFF)
    add(project, tmp_path / "in")
    known = Evidence.read(project)
    changed, gone = known.of(wait.id), known.of(calls.id)
    assert (changed.standing, gone.standing) == (Standing.CHANGED, Standing.GONE)
    assert changed.now is not None
    assert "eleven" in changed.now.text
    assert (gone.text, gone.document_name) == (CALLS, REPORT), "what it said is still known"
    with pytest.raises(UsageError, match="no longer says"):
        add_claim(project, "Carers are answered.", coder="ann", passages=[calls.id])
    ReviewSession(project.store, project.framework, "Ann", utc_now).undo(
        project.store.decisions(passage_of(project, STAFF).id)[0].sequence
    )
    assert Evidence.read(project).of(staff.id).standing is Standing.TAKEN_BACK
    assert Evidence.read(project).of("psg-erased").standing is Standing.ERASED
    withdraw(project, REPORT, "ann")
    assert Evidence.read(project).of(wait.id).standing is Standing.WITHDRAWN
    with pytest.raises(UsageError, match="--restore"):
        add_claim(project, "Carers wait.", coder="ann", passages=[wait.id])
