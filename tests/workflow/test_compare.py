"""What was gained, lost and went stale: between two projects, and between two days of one."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.builders import coded
from tests.workflow.report_data import (
    EQUITY,
    NEEDS,
    PEOPLE,
    PROCESSES,
    STAFF,
    add,
    decide,
    new_project,
)

from evidence_mapper.domain.coding import Decision, EventAction, Outcome
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.errors import SchemaTooOld, UsageError
from evidence_mapper.workflow.compare import Change, Comparison, compare
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.snapshot import snapshot

JANUARY, MARCH, JUNE = date(2026, 1, 31), date(2026, 3, 31), date(2026, 6, 30)
ONE, TWO, THREE = "We waited eight months.", "The line is open all day.", "Staff meet each week."


def at(day: date, hour: int = 9) -> str:
    return f"{day.isoformat()}T{hour:02}:00:00.000000Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project: read in January, decided on in January, March and June."""
    path = tmp_path / "p.sqlite"
    with new_project(path) as project:
        store = project.store
        one, two, three = add(store, "a.txt", [ONE, TWO, THREE], date="2024-04-15", at=at(JANUARY, 8))
        decide(store, "ann", at(JANUARY), {one.id: coded(NEEDS, category=PEOPLE, topics=("an-waiting",))})
        decide(store, "ann", at(JANUARY), {two.id: coded(NEEDS, category=PROCESSES)})
        decide(store, "bob", at(MARCH), {three.id: coded(EQUITY, category=STAFF)})
        decide(store, "ann", at(JUNE), {two.id: Decision(Outcome.NONE)})
        decide(store, "ann", at(JUNE), {one.id: coded(NEEDS, EQUITY, category=PEOPLE)})
    return path


def kinds(found: Comparison) -> dict[str, str]:
    return {change.text: change.kind for change in found.passages}


def test_two_days_of_one_project(path: Path) -> None:
    found = compare([path], [JUNE, JANUARY])
    assert (found.earlier, found.later) == ("p.sqlite, 2026-01-31", "p.sqlite, 2026-06-30")
    assert kinds(found) == {ONE: "recoded", TWO: "lost", THREE: "gained"}
    whys = {change.text: change.why for change in found.passages}
    assert whys[TWO] == "decided otherwise by ann, 2026-06-30: none"
    assert whys[THREE] == "confirmed by bob, 2026-03-31"
    assert found.change("row", NEEDS) == Change(before=2, after=1, lost=1, stale=1, went_stale=1)
    assert found.change("cell", NEEDS, PROCESSES) == Change(before=1, lost=1)
    assert found.change("row", EQUITY) == Change(after=2, gained=2, stale=2)
    assert found.change("topic", "an-waiting") == Change(before=1, lost=1)
    assert found.documents == []


def test_one_day_is_compared_with_now(path: Path) -> None:
    found = compare([path], [MARCH])
    assert (found.earlier, found.later) == ("p.sqlite, 2026-03-31", "p.sqlite, now")
    assert kinds(found) == {ONE: "recoded", TWO: "lost"}


def test_evidence_goes_stale_by_the_date_of_its_document(path: Path) -> None:
    found = compare([path], [MARCH, JUNE])
    assert [change.text for change in found.stale] == [ONE, THREE]
    assert found.stale[0].why == "document dated 2024-04-15"
    assert compare([path], [MARCH, JUNE], stale_months=36).stale == []
    assert compare([path], [MARCH, JUNE], stale_months=6).stale == [], "it was already"


def test_a_decision_taken_back_is_lost_from_then_on(path: Path) -> None:
    with open_project(path) as project:
        project.store.undo("bob", at(JUNE, 11))
    found = compare([path], [MARCH, JUNE])
    (lost,) = [c for c in found.passages if c.text == THREE]
    assert (lost.kind, lost.why) == ("lost", "decision taken back by bob, 2026-06-30")
    again = compare([path], [JANUARY, MARCH])
    assert kinds(again)[THREE] == "gained", "the past is as it was"


def test_a_withdrawn_document_takes_its_evidence_along_and_brings_it_back(path: Path) -> None:
    with open_project(path) as project:
        (document,) = project.store.documents()
        for action, day in (
            (EventAction.WITHDRAWN, date(2026, 7, 1)),
            (EventAction.RESTORED, date(2026, 8, 1)),
        ):
            project.store.append_event(
                coder="ann", action=action, subject=document.id, at=at(day), payload={}
            )
    gone = compare([path], [JUNE, date(2026, 7, 2)])
    assert {c.kind for c in gone.passages} == {"lost"}
    assert {c.why for c in gone.passages} == {"document withdrawn by ann, 2026-07-01"}
    assert [(d.kind, d.name, d.at[:10]) for d in gone.documents] == [("withdrawn", "a.txt", "2026-07-01")]
    back = compare([path], [date(2026, 7, 2), date(2026, 8, 2)])
    assert [d.kind for d in back.documents] == ["restored"]
    assert {c.kind for c in back.passages} == {"gained"}


def test_a_new_version_keeps_what_was_carried_and_loses_the_rest(path: Path) -> None:
    july = date(2026, 7, 1)
    with open_project(path) as project:
        add(project.store, "a.txt", [THREE, "Quite other words stand here now."], at=at(july))
        add(project.store, "b.txt", ["A second paper."], at=at(july))
    found = compare([path], [JUNE, july])
    assert kinds(found) == {ONE: "lost"}
    (lost,) = found.passages
    assert lost.why.startswith("document replaced, 2026-07-01")
    assert [(d.kind, d.name) for d in found.documents] == [("new", "b.txt"), ("replaced", "a.txt")]
    assert found.change("row", EQUITY).after == 1


def test_a_passage_cut_another_way_is_lost(path: Path) -> None:
    from evidence_mapper.workflow.recut import Recutting

    july = date(2026, 7, 1)
    with open_project(path) as project:
        (document,) = project.store.documents()
        one, *_ = project.store.passages(document.id)
        Recutting(project.store, "ann", lambda: at(july)).widen(one.id, up=False)
    for days in ([JUNE, july], [JUNE]):
        (lost,) = compare([path], days).passages
        assert (lost.text, lost.kind, lost.why) == (ONE, "lost", "cut another way by ann, 2026-07-01")
    assert kinds(compare([path], [JANUARY, JUNE]))[ONE] == "recoded"


def test_a_day_before_everything_had_nothing(path: Path) -> None:
    found = compare([path], [date(2025, 1, 1), JANUARY])
    assert kinds(found) == {ONE: "gained", TWO: "gained"}
    assert [d.kind for d in found.documents] == ["new"]


def test_two_projects_match_by_name_and_words(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with new_project(other) as project:
        one, _, four = add(project.store, "a.txt", [f"{ONE}\n", ONE, "Another passage."], date="2026-02")
        decide(project.store, "cyd", at(JUNE), {one.id: coded(NEEDS, EQUITY, category=PEOPLE)})
        decide(project.store, "cyd", at(JUNE), {four.id: coded(NEEDS)})
        add(project.store, "c.txt", ["Only here."])
    found = compare([path, other])
    assert kinds(found) == {THREE: "lost", "Another passage.": "gained"}
    assert [(d.kind, d.name) for d in found.documents] == [("new", "c.txt"), ("replaced", "a.txt")]
    back = compare([other, path])
    assert kinds(back) == {THREE: "gained", "Another passage.": "lost"}
    assert [(d.kind, d.name) for d in back.documents] == [("gone", "c.txt"), ("replaced", "a.txt")]


def test_the_same_words_twice_in_a_document_are_two_passages(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with new_project(path) as project:
        first, second = add(project.store, "survey.csv", ["N/A", "N/A"], at=at(JANUARY, 8))
        decide(project.store, "ann", at(JANUARY), {first.id: coded(NEEDS)})
        decide(project.store, "ann", at(MARCH), {second.id: coded(NEEDS)})
    found = compare([path], [JANUARY, MARCH])
    assert found.change("row", NEEDS) == Change(before=1, after=2, gained=1)


def test_neither_project_is_changed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy.sqlite"
    shutil.copy(path, other)
    before = [sha256_file(p) for p in (path, other)]
    assert compare([path, other]).passages == []
    compare([path], [JANUARY])
    assert [sha256_file(p) for p in (path, other)] == before


def test_a_project_of_an_older_program_is_named_and_left_as_it_is(
    path: Path, tmp_path: Path, root: Path
) -> None:
    import sqlite3

    old = tmp_path / "old.sqlite"
    with sqlite3.connect(old) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA application_id={0x45564D50}")
        connection.executescript((root / "tests/store/schema_v1.sql").read_text(encoding="utf-8"))
    connection.close()
    before = sha256_file(old)
    with pytest.raises(SchemaTooOld, match=r"old\.sqlite.*db migrate"):
        compare([path, old])
    assert sha256_file(old) == before


@pytest.mark.parametrize(
    ("paths", "days", "message"),
    [
        (("p", "p"), (), "are one project; say when to compare it with --at"),
        (("p",), (), "name two projects, or one project and when"),
        (("p", "q"), (JUNE,), "leave --at out"),
        (("p",), (JUNE, JUNE), "was given twice"),
        (("p",), (JANUARY, MARCH, JUNE), "name two projects, or one project and when"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    tmp_path: Path, paths: tuple[str, ...], days: tuple[date, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        compare([tmp_path / p for p in paths], days)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from(["ann", "bob"])), max_size=14)
)
def test_a_replay_to_the_last_day_is_what_the_project_says_now(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, str]]
) -> None:
    start = date(2026, 1, 1)
    with new_project(tmp_path_factory.mktemp("replay") / "p.sqlite") as project:
        store = project.store
        names = [ONE, TWO, THREE, "A fourth."]
        add(store, "a.txt", names, at=at(start))
        for number, (what, which, coder) in enumerate(steps):
            now = at(start + timedelta(days=number + 1))
            passages = list(store.passages(store.documents()[0].id))
            if what <= 1 and which < len(passages):
                decision = coded(NEEDS, category=PEOPLE) if what else Decision(Outcome.UNSURE)
                decide(store, coder, now, {passages[which].id: decision})
            elif what == 2:
                store.undo(coder, now)
            elif what == 3:
                add(store, "a.txt", names[which:] + names[:1] * which, at=now)
        rows = [r for r in store.evidence_rows(confirmed=True) if not r.superseded]
        expected = {(r.passage.id, r.coder) for r in rows}
        for day in (None, start + timedelta(days=60)):
            found = snapshot(project, day)
            said = {(k.passage.id, s.coder) for k in found.passages.values() for s in k.said}
            assert said == expected
            assert len(found.passages) == len({passage for passage, _ in expected})
