"""Entries: what people record besides decisions, kept as it is and read by action."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.builders import NOW

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import StoreError
from evidence_mapper.store.engine import create_project


def test_entries_are_read_by_action_and_subject_oldest_first(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        for action, subject in ((EventAction.CLAIM, "a"), (EventAction.SCORE, "s"), (EventAction.CLAIM, "b")):
            store.append_event(
                coder="Ann", action=action, subject=subject, at=NOW, payload={"words": f"on {subject}"}
            )
        claims = store.entries([EventAction.CLAIM])
        assert [(e.subject, e.words) for e in claims] == [("a", "on a"), ("b", "on b")]
        assert [e.subject for e in store.entries([EventAction.CLAIM], subject="b")] == ["b"]
        assert [e.subject for e in store.entries(list(EventAction), after=claims[0].sequence)] == ["s", "b"]
        assert store.verify() == []


def test_a_tombstone_is_not_written_as_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        with pytest.raises(StoreError, match="not recorded this way"):
            store.append_event(coder="Ann", action=EventAction.FORGOTTEN, subject="d", at=NOW, payload={})
        assert store.history() == []
