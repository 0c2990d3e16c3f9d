"""Heads in the project file: kept, chosen, listed, checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.store.builders import NOW, STATEMENTS, at, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.errors import StoreError
from evidence_mapper.store.base import Store
from evidence_mapper.store.records import StoredHead

FIRST, SECOND = STATEMENTS[:2]


def head(data: bytes = b"arrays", **spec: Any) -> StoredHead:
    return StoredHead(
        at=NOW,
        coder="A. Officer",
        base="c@1",
        base_sha256="sha256:00",
        decisions=12,
        spec={"statements": list(STATEMENTS), **spec},
        data=data,
    )


def test_a_new_project_has_no_head(store: Store) -> None:
    assert (store.heads(), store.head_in_use()) == ([], None)


def test_a_head_is_kept_in_use_and_recorded_at_once(store: Store, reopen: Callable[[], Store]) -> None:
    kept = store.keep_head(head(), {"kept": True, "decisions": 12})
    assert (kept.number, kept.data, kept.decisions) == (1, b"arrays", 12)
    (event,) = store.history()
    assert (event.action, event.subject, event.coder) == (EventAction.HEAD_TRAINED, kept.id, "A. Officer")
    assert event.payload == {"kept": True, "decisions": 12, "in_use": kept.id}
    with reopen() as again:
        assert again.head_in_use() == kept
        assert again.verify() == []


def test_the_same_head_again_is_one_head(store: Store) -> None:
    once = store.keep_head(head(), {})
    assert store.keep_head(head(), {}) == once
    assert store.keep_head(head(b"other"), {}).number == 2
    assert [h.number for h in store.heads()] == [1, 2]


def test_choosing_a_head_and_going_back(store: Store) -> None:
    first, second = store.keep_head(head(), {}), store.keep_head(head(b"other"), {})
    assert store.head_in_use() == second
    store.choose_head(1, coder="B", at=at(1))
    assert store.head_in_use() == first
    event = store.choose_head(None, coder="B", at=at(2))
    assert store.head_in_use() is None
    assert (event.action, event.subject, event.payload) == (
        EventAction.HEAD_CHOSEN,
        "shipped",
        {"in_use": None},
    )
    assert len(store.heads()) == 2
    assert store.verify() == []


def test_a_number_that_is_not_there_changes_nothing(store: Store) -> None:
    kept = store.keep_head(head(), {})
    with pytest.raises(StoreError, match=r"no head 7.*there are: 1.*train --list"):
        store.choose_head(7, coder="B", at=NOW)
    assert store.head_in_use() == kept
    assert len(store.history()) == 1


def test_held_decisions_say_what_each_coder_was_shown(store: Store) -> None:
    document = reading("a.txt", ["One", "Two", "Three"])
    store.add_document(document)
    one, two, three = document.passages
    earlier = store.start_run(RunSpec("c@1", "sha256:00", "f@1"), NOW)
    store.save_suggestions(
        earlier, [(one.id, suggestion((FIRST, 0.6), (SECOND, 0.9))), (two.id, suggestion())]
    )
    _decide(store, one.id, coded(FIRST, rejected=[SECOND]), 1)
    _decide(store, two.id, Decision(Outcome.NONE), 2)
    later = store.start_run(RunSpec("c@1+head1", "sha256:01", "f@1"), NOW)
    store.save_suggestions(later, [(one.id, suggestion((FIRST, 0.99)))])
    _decide(store, three.id, coded(SECOND), 3)
    found = store.held_decisions()
    assert [(h.passage.text, h.run_id, h.suggested) for h in found] == [
        ("One", earlier, (SECOND, FIRST)),
        ("Two", earlier, ()),
        ("Three", later, None),
    ]
    assert found[0].passage == one
    seen = store.suggestion_of_run(earlier, one.id)
    assert seen is not None
    assert seen.suggested_statements() == (SECOND, FIRST)


def test_an_undone_decision_is_not_held(store: Store) -> None:
    document = reading("a.txt", ["One"])
    store.add_document(document)
    _decide(store, document.passages[0].id, coded(FIRST), 1)
    store.undo("A. Officer", at(2))
    assert store.held_decisions() == []


def _decide(store: Store, passage_id: str, decision: Decision, second: int) -> None:
    store.append_event(
        coder="A. Officer",
        action=EventAction.DECIDED,
        subject=passage_id,
        at=at(second),
        payload=decision.to_json(),
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE heads SET data = x'00'", "head 1: its arrays do not match their hash"),
        ("UPDATE heads SET spec = '{}'", "head 1: its id does not follow"),
        ("UPDATE project SET value = 'head-x' WHERE key = 'head_in_use'", "not among the heads"),
        ("DELETE FROM project WHERE key = 'head_in_use'", "the events say head-"),
    ],
)
def test_verify_names_a_changed_head(
    store: Store, path: Path, reopen: Callable[[], Store], change: str, problem: str
) -> None:
    store.keep_head(head(), {})
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    with reopen() as again:
        found = [f"{d.subject}: {d.problem}" for d in again.verify()]
    assert any(problem in line for line in found), found
