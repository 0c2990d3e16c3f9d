"""What is listed as of the same kind as a passage, and what tells the rows of a table apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.real_review import passage_of
from tests.tui.samples import CODER, clock
from tests.tui.tables import CODED, OTHER_TABLE, PROSE, ROWS, made_with_tables

from evidence_mapper.domain.coding import Decision, Outcome, Verdict
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.workflow import decide_similar
from evidence_mapper.workflow.decide_similar import Likeness, next_after, similar, told_apart
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.review import ReviewSession


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of one document with two tables."""
    with made_with_tables(tmp_path / "p.sqlite") as project:
        yield project


def session_of(project: Project) -> ReviewSession:
    return ReviewSession(project.store, project.framework, CODER, clock())


def test_decided_passages_are_not_listed_and_those_suggested_otherwise_are_told_apart(
    project: Project,
) -> None:
    session = session_of(project)
    session.decide(passage_of(project, ROWS[0]), Decision(Outcome.NONE))
    found = similar(session, passage_of(project, ROWS[0]))
    assert [item.passage.text for item in found.items] == list(ROWS[1:])
    assert [item.passage.text for item in found.items if not item.same] == [CODED]
    assert not found.more


@pytest.mark.parametrize(
    ("start", "likeness", "texts"),
    [
        (ROWS[2], Likeness.TABLE, ROWS),
        (ROWS[2], Likeness.SECTION, ROWS + OTHER_TABLE),
        (ROWS[2], Likeness.SUGGESTION, tuple(t for t in ROWS + OTHER_TABLE + PROSE if t != CODED)),
        (CODED, Likeness.SUGGESTION, (CODED,)),
        (PROSE[0], None, PROSE),
        (PROSE[0], Likeness.TABLE, PROSE),
    ],
)
def test_what_passages_may_have_in_common(
    project: Project, start: str, likeness: Likeness | None, texts: tuple[str, ...]
) -> None:
    found = similar(session_of(project), passage_of(project, start), likeness)
    assert tuple(item.passage.text for item in found.items) == texts


def test_the_nearest_are_listed_when_there_are_many(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide_similar, "MOST", 3)
    found = similar(session_of(project), passage_of(project, ROWS[4]))
    assert [item.passage.text for item in found.items] == list(ROWS[3:6])
    assert found.more
    monkeypatch.setattr(decide_similar, "_LOOKED_AT", 1)
    found = similar(session_of(project), passage_of(project, ROWS[4]))
    assert [item.passage.text for item in found.items] == list(ROWS[3:5])
    assert found.more


def test_what_follows_is_not_among_the_decided(project: Project) -> None:
    session, queue = session_of(project), (QueueFilter(), QueueOrder.DOCUMENT)
    rows = {passage_of(project, text) for text in ROWS}
    assert next_after(session, queue, 2, rows) == passage_of(project, OTHER_TABLE[0])
    everything = {p.id for p in project.store.passages(project.store.documents()[0].id)}
    assert next_after(session, queue, 0, everything) is None


def test_shared_columns_are_left_out_and_words_come_first() -> None:
    assert told_apart(ROWS[:2]) == ["Roads; 1; 100.0", "Parks; 2; 200.0"]
    assert told_apart([*ROWS[:3], "Director: A. Person"])[3] == "Director: A. Person"
    assert told_apart(["One: 1", "Two: 2"]) == ["One: 1", "Two: 2"]
    assert told_apart([]) == []


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40)))
def test_a_row_says_nothing_that_does_not_stand_in_it(texts: list[str]) -> None:
    shown = told_apart(texts)
    assert len(shown) == len(texts)
    assert all(part in text for one, text in zip(shown, texts, strict=True) for part in one.split("; "))


def test_the_queue_keeps_its_order_when_passages_are_decided_together(project: Project) -> None:
    session, where = session_of(project), QueueFilter()
    before = [row.passage_id for row in session.page(where, QueueOrder.GAP, 0, 20)]
    found = similar(session, passage_of(project, ROWS[0]))
    coded = Decision(Outcome.CODED, (("care-provision", Verdict.ACCEPTED),), evidence_category="processes")
    events = decide_similar.decide_similar(session, found, found.items[1:4], coded)
    gone = {event.subject for event in events}
    assert len(gone) == 3
    assert session.count(where, QueueOrder.GAP) == len(before) - 3
    kept = [row.passage_id for row in session.page(where, QueueOrder.GAP, 0, 20)]
    assert kept == [passage_id for passage_id in before if passage_id not in gone]
    assert session.progress().coded == 3
    assert session.undo() is not None
    assert session.count(where, QueueOrder.GAP) == len(before)
    assert session.progress().coded == 0
