"""The same file read again: what takes the place of the reading, what stands beside it, what goes along."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.store.builders import NOW, at, coded, reading

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.domain.version import Fate
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.migrations import migrate
from evidence_mapper.store.records import IngestedDocument, Kept

WAIT = "The longest wait for a review of a care plan was nineteen months in the year to March"
CALLS = "The carers' centre answered every call within one working day last year"
STAFF = "Staff told us that supervision takes place every month without fail"
NONE = Decision(Outcome.NONE)


def again(texts: Sequence[str], reader: str = "test/2") -> IngestedDocument:
    """Return what a newer reader reads in the same file."""
    read = reading("a.txt", texts, file="bytes")
    return replace(read, revision=replace(read.revision, extractor=reader), reread=True)


def say(
    store: Store,
    action: EventAction,
    subject: str,
    payload: Mapping[str, Any],
    second: int,
    coder: str = "ann",
) -> Event:
    return store.append_event(coder=coder, action=action, subject=subject, at=at(second), payload=payload)


def now(store: Store) -> list[Passage]:
    return list(store.passages(store.documents()[0].id))


def settle(store: Store, passage: str, second: int) -> None:
    between = sorted(held.sequence for held in store.decisions(passage))
    payload = {
        "words": "settled between ann and bob, taking ann's answer",
        "decision": coded("statement-1").to_json(),
        "taken": "ann",
        "why": "clear enough",
        "between": between,
        "coders": ["ann", "bob"],
    }
    say(store, EventAction.ADJUDICATED, passage, payload, second, "zoe")


@pytest.fixture
def old(store: Store) -> list[Passage]:
    store.add_document(reading("a.txt", [WAIT, CALLS, STAFF], file="bytes"))
    return now(store)


def test_a_reading_on_which_nothing_rests_is_replaced(store: Store, old: list[Passage]) -> None:
    assert store.add_document(again([WAIT, CALLS])) is Kept.IN_PLACE
    (version,) = store.versions(store.documents()[0].id)
    assert (version.passages, version.reader) == (2, "test/2")
    assert store.version_change(store.documents()[0].id) is None
    assert store.verify() == []


def test_a_decision_keeps_its_reading_and_goes_along(store: Store, old: list[Passage]) -> None:
    for number, passage in enumerate(old):
        say(store, EventAction.DECIDED, passage.id, coded("statement-1").to_json(), number)
    assert store.add_document(again([WAIT.replace("nineteen", "eleven"), "Put in.", CALLS])) is Kept.VERSION
    changed, _, calls = now(store)
    assert [d.coder for d in store.decisions(calls.id)] == ["ann"]
    assert store.decisions(changed.id) == []
    document = store.documents()[0].id
    first, second = store.versions(document)
    assert first.file_sha256 == second.file_sha256
    assert [(v.reader, v.decisions) for v in (first, second)] == [("test/1", 3), ("test/2", 1)]
    change = store.version_change(document)
    assert change is not None
    assert (change.carried, change.to_confirm, change.gone) == (1, 1, 1)
    (gone,) = store.passage_fates(document, decided=True, kinds=(Fate.VANISHED,))
    assert gone.old.text == STAFF
    assert store.decisions(old[2].id), "nothing is lost"
    assert store.matrix().row("statement-1").confirmed == 1
    assert store.readers() == [("a.txt", "text/plain", "test/2")]
    assert store.verify() == []


def test_what_only_an_entry_names_is_kept_too(store: Store, old: list[Passage]) -> None:
    payload = {"words": "put under an item", "state": "linked", "passage": old[2].id, "document": "doc-0"}
    say(store, EventAction.RETURN_ITEM, "item-1", payload, 1)
    assert store.add_document(again([WAIT, CALLS])) is Kept.VERSION
    assert store.passage(old[2].id).text == STAFF
    assert store.verify() == []


def test_read_again_and_again_every_id_is_its_own(store: Store, old: list[Passage]) -> None:
    for number in range(4):
        say(store, EventAction.DECIDED, now(store)[0].id, NONE.to_json(), number)
        assert store.add_document(again([WAIT, CALLS, f"Reading {number}"], f"test/{number}")) is Kept.VERSION
        assert [p.text for p in now(store)] == [WAIT, CALLS, f"Reading {number}"]
        assert [d.decision for d in store.decisions(now(store)[0].id)] == [NONE]
    assert len(store.versions(store.documents()[0].id)) == 5
    assert store.verify() == []


def test_the_same_reading_again_changes_only_the_readers_name(store: Store, old: list[Passage]) -> None:
    say(store, EventAction.DECIDED, old[0].id, NONE.to_json(), 1)
    moved = again([WAIT, CALLS, STAFF])
    passages = [replace(p, heading_path=("Part two",)) for p in moved.passages]
    assert store.add_document(replace(moved, passages=passages)) is Kept.SAME
    assert [p.id for p in now(store)] == [p.id for p in old]
    assert now(store)[0].heading_path == ("Part two",)
    assert store.readers()[0][2] == "test/2"
    assert store.version_change(store.documents()[0].id) is None
    assert store.verify() == []


def test_an_earlier_file_comes_back_in_its_latest_reading(store: Store, old: list[Passage]) -> None:
    say(store, EventAction.DECIDED, old[0].id, NONE.to_json(), 1)
    store.add_document(again([WAIT, "Read by the newer one."]))
    store.add_document(reading("a.txt", ["Another file.", WAIT]))
    store.add_document(reading("a.txt", [WAIT, CALLS, STAFF], file="bytes"))
    assert [p.text for p in now(store)] == [WAIT, "Read by the newer one."]
    assert [d.decision for d in store.decisions(now(store)[0].id)] == [NONE]
    assert store.verify() == []


def test_flags_go_along_with_the_words(store: Store, old: list[Passage]) -> None:
    on = {"words": "flagged for Priya: check", "on": True, "to": "Priya", "reason": "check"}
    off = {"words": "flag taken off", "on": False}
    say(store, EventAction.FLAGGED, old[0].id, on, 3)
    say(store, EventAction.FLAGGED, old[1].id, on, 4)
    say(store, EventAction.FLAGGED, old[1].id, off, 5)
    say(store, EventAction.FLAGGED, old[2].id, on, 6)
    store.add_document(reading("a.txt", ["New opening", WAIT, CALLS]))
    _, wait, calls = now(store)
    flag = store.flag(wait.id)
    assert flag is not None
    assert (flag.coder, flag.at, flag.to, flag.reason) == ("ann", at(3), "Priya", "check")
    assert store.flag(calls.id) is None
    (along,) = store.history(subject=wait.id)
    assert along.words == "flagged for Priya: check (carried over to the new version)"
    assert store.history(subject=calls.id) == [], "there is nothing to take off"
    # Taken off in the new version, it is off when the first file comes back.
    say(store, EventAction.FLAGGED, wait.id, off, 7, "bob")
    store.add_document(reading("a.txt", [WAIT, CALLS, STAFF], file="bytes"))
    assert store.flag(old[0].id) is None
    assert store.flag(old[2].id) is not None
    assert store.verify() == []


def test_a_flag_put_on_the_replaced_version_goes_along(store: Store, old: list[Passage]) -> None:
    store.add_document(reading("a.txt", [CALLS, WAIT, "More"]))
    calls, wait, _ = now(store)
    say(store, EventAction.FLAGGED, old[0].id, {"words": "flagged", "on": True}, 3)
    assert store.flag(wait.id) is not None
    assert store.flag(calls.id) is None
    say(store, EventAction.FLAGGED, old[2].id, {"words": "flagged", "on": True}, 4)
    assert store.flag(old[2].id) is not None
    assert store.verify() == []


def test_a_settlement_goes_along_as_long_as_its_answers_do(store: Store, old: list[Passage]) -> None:
    for passage in old[:2]:
        say(store, EventAction.DECIDED, passage.id, coded("statement-1").to_json(), 1)
        say(store, EventAction.DECIDED, passage.id, NONE.to_json(), 2, "bob")
        settle(store, passage.id, 3)
    say(store, EventAction.DECIDED, old[1].id, coded("statement-2").to_json(), 4)  # opens it again
    store.add_document(again([WAIT, CALLS, "Put in."]))
    wait, *_ = now(store)
    held = store.settlements()
    assert set(held) == {wait.id}
    found = held[wait.id]
    assert (found.coder, found.at, found.taken, found.coders) == ("zoe", at(3), "ann", ("ann", "bob"))
    assert found.between == tuple(sorted(d.sequence for d in store.decisions(wait.id)))
    assert store.matrix().row("statement-1").confirmed == 1
    # A second version takes it along too, and whoever decides anew opens it.
    store.add_document(reading("a.txt", ["Third file.", WAIT, CALLS]))
    _, wait, _ = now(store)
    assert set(store.settlements()) == {wait.id}
    say(store, EventAction.DECIDED, wait.id, NONE.to_json(), 9)
    assert store.settlements() == {}
    assert store.verify() == []


def test_what_was_drawn_is_followed_to_the_newest_version(store: Store, old: list[Passage]) -> None:
    drawn = {"words": "drew", "purpose": "agreement", "passages": [old[0].id, old[2].id]}
    say(store, EventAction.SAMPLE, "smp-1", drawn, 1)
    store.add_document(again(["Put in.", WAIT, CALLS]))
    store.add_document(reading("a.txt", ["Third file.", CALLS, WAIT]))
    _, calls, wait = now(store)
    ids = [passage.id for passage in old]
    assert store.successors(ids) == {ids[0]: wait.id, ids[1]: calls.id, ids[2]: ids[2]}
    assert store.successors([wait.id, "psg-unknown"]) == {wait.id: wait.id, "psg-unknown": "psg-unknown"}
    rows = store.queue("ann", QueueFilter(sample="smp-1"), QueueOrder.DOCUMENT, 0, 9)
    assert [row.passage_id for row in rows] == [wait.id]


def test_a_project_with_one_reading_a_file_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        store.add_document(reading("a.txt", [WAIT, CALLS, STAFF], file="bytes"))
        before = [p.id for p in now(store)]
        say(store, EventAction.DECIDED, before[0], NONE.to_json(), 1)
        store.add_document(reading("a.txt", [CALLS, "Second file."]))
    with closing(sqlite3.connect(path)) as connection:
        columns = (
            "number, id, document_number, file_sha256, media_type, pages, text, text_sha256, extractor, "
            "created_at"
        )
        connection.executescript(
            f"""
            DELETE FROM migrations WHERE version = 7;
            CREATE TEMP TABLE kept AS SELECT {columns} FROM revisions;
            DROP TABLE revisions;
            CREATE TABLE revisions (number INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL,
                document_number INTEGER NOT NULL REFERENCES documents (number), file_sha256 TEXT NOT NULL,
                media_type TEXT NOT NULL, pages INTEGER, text TEXT NOT NULL, text_sha256 TEXT NOT NULL,
                extractor TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE (id),
                UNIQUE (document_number, file_sha256));
            INSERT INTO revisions ({columns}) SELECT {columns} FROM kept;
            """
        )
    assert migrate(path).applied == ("readings",)
    with open_project(path) as store:
        assert store.verify() == []
        assert [v.passages for v in store.versions(store.documents()[0].id)] == [3, 2]
        assert [p.text for p in now(store)] == [CALLS, "Second file."]
        say(store, EventAction.DECIDED, now(store)[0].id, NONE.to_json(), 2)
        second = reading("a.txt", [CALLS, "Second file."]).revision.file_sha256
        read = reading("a.txt", [CALLS, "Read otherwise."])
        other = replace(
            read,
            document=replace(read.document, file_sha256=second),
            revision=replace(read.revision, file_sha256=second),
            reread=True,
        )
        assert store.add_document(other) is Kept.VERSION
        assert store.verify() == []


def test_what_is_recorded_between_two_adds_is_seen(store: Store, old: list[Passage], tmp_path: Path) -> None:
    """What events name is looked through once; what others record meanwhile counts all the same."""
    store.add_document(reading("b.txt", [WAIT, CALLS, STAFF], file="other bytes"))
    newer = replace(reading("b.txt", [WAIT, CALLS], file="other bytes"), reread=True)
    assert store.add_document(newer) is Kept.IN_PLACE
    say(store, EventAction.CLAIM, "claim-1", {"words": "linked", "evidence": [old[0].id]}, 1)
    assert store.add_document(again([WAIT, CALLS])) is Kept.VERSION
    assert store.verify() == []
