"""Each kind of tampering is named. The file is changed with the sqlite3 module, not through the store."""

from __future__ import annotations

import re
import sqlite3
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.builders import NOW, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.errors import IntegrityError
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.guards import GUARDS
from evidence_mapper.store.records import StoredVector

EMOJI = "Support \U0001f9d1\U0001f3fd\u200d\U0001f91d\u200d\U0001f9d1 and care"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Give a closed project with documents, suggestions, decisions and an undo."""
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        fill(store)
        assert store.verify() == []
    return path


def fill(store: Store) -> None:
    ingested = reading("a.txt", ["One", EMOJI, "Three"])
    store.add_document(ingested)
    store.add_document(reading("b.txt", ["Four"]))
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    ids = [passage.id for passage in ingested.passages]
    vector = StoredVector("sha256:1", "<f4", 1, b"\0\0\0\0")
    store.save_suggestions(run, [(i, suggestion(("statement-1", 0.9))) for i in ids], "enc", [vector])
    answers: list[Decision | None] = [coded("statement-1", note="n"), Decision(Outcome.NONE), None]
    for answer in answers:
        if answer is None:
            store.undo("ann", NOW)
        else:
            store.append_event(
                coder="ann", action=EventAction.DECIDED, subject=ids[0], at=NOW, payload=answer.to_json()
            )


def tamper(path: Path, *statements: str, unguarded: bool = False) -> None:
    with closing(sqlite3.connect(path)) as connection:
        if unguarded:
            for name in GUARDS["sqlite"]:
                connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            changed = connection.execute(statement)
            assert changed.rowcount != 0, statement
        if unguarded:
            for definition in GUARDS["sqlite"].values():
                connection.execute(definition)
        connection.commit()


def problems(path: Path) -> list[str]:
    with open_project(path) as store:
        return [f"{found.subject}: {found.problem}" for found in store.verify()]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE revisions SET text = replace(text, 'care', 'harm')", r"^revision rev-\w+: .*hash"),
        ("UPDATE revisions SET text_sha256 = 'sha256:0'", r"^revision rev-\w+: .*hash"),
        ("UPDATE passages SET text = 'Öne' WHERE ordinal = 0", r"^passage psg-\w+: .*span"),
        ("UPDATE passages SET text_sha256 = 'sha256:0'", r"^passage psg-\w+: .*hash"),
        ("UPDATE passages SET span_end = span_end + 1 WHERE ordinal = 1", r"^passage psg-\w+: .*span"),
        ("UPDATE passages SET ordinal = 7 WHERE ordinal = 2", r"^passage psg-\w+: .*ordinal is 7"),
        ("UPDATE passages SET folded = 'x'", r"^passage psg-\w+: what a search"),
        ("UPDATE passages SET document_number = 2 WHERE ordinal = 2", r"names another document"),
        ("UPDATE passages SET location = '{\"page\": 1}'", r"its location is not canonical JSON"),
        ("UPDATE document_facts SET warnings = '['", r"facts of revision \d+: its warnings"),
        ("DELETE FROM passages WHERE ordinal = 0", r"refers to a row of passages that is not there"),
        ("DELETE FROM decisions", r"^event 1: its decision holds but is not among"),
        ("UPDATE decisions SET sequence = 2", r"^event 2: it is among the decisions but does not hold"),
        ("UPDATE decisions SET outcome = 'none'", r"decision of ann on passage \S+: does not say"),
        ("UPDATE decisions SET note = 'm'", r"decision of ann on passage \S+: does not say"),
        ("UPDATE decisions SET passage_number = 2", r"decision of ann on passage \S+: does not say"),
        ("UPDATE codings SET verdict = 'rejected'", r"its codings are not those of event 1"),
        ("DELETE FROM codings", r"its codings are not those of event 1"),
        ("UPDATE codings SET passage_number = 2", r"has ann's coding statement-1 without a decision"),
        ("UPDATE suggestions SET payload = '{'", r"suggestion for passage \S+: cannot be read"),
        ("UPDATE suggestions SET payload = '{}'", r"suggestion for passage \S+: cannot be read"),
        ("UPDATE suggestions SET top_probability = 0.2", r"its columns do not say what it says"),
        ("DELETE FROM suggested_codes WHERE code = 'statement-1'", r"its suggested codes are not"),
        ("DELETE FROM suggestions", r"suggested code \S+: passage \d+ has no suggestion"),
        ("DELETE FROM queue_items WHERE ordinal = 1", r"its place in the queue is missing"),
        ("UPDATE queue_items SET likely_key = 0", r"the queue says of it what does not follow"),
        ("DELETE FROM coders", r"refers to a row of coders that is not there"),
        ("DELETE FROM runs", r"refers to a row of runs that is not there"),
    ],
)
def test_tampering_is_named(made: Path, statement: str, expected: str) -> None:
    tamper(made, statement)
    found = problems(made)
    assert any(re.search(expected, line) for line in found), found


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM events WHERE sequence = 2", r"^event 3: events 2 to 2 are missing"),
        ("DELETE FROM events WHERE sequence = 1", r"^event 2: events 1 to 1 are missing"),
        ("UPDATE events SET at = '2020' WHERE sequence = 1", r"^event 1: its id does not follow"),
        ("UPDATE events SET coder = 'bob' WHERE sequence = 2", r"^event 3: the decision it undoes is not"),
        ("UPDATE events SET payload = '{}' WHERE sequence = 1", r"^event 1: its payload cannot be read"),
        ("UPDATE events SET undoes = 1 WHERE sequence = 3", r"^event 3: the decision it undoes is not"),
        ("UPDATE events SET undoes = NULL WHERE sequence = 3", r"^event 3: the decision it undoes is not"),
        ("UPDATE events SET undoes = 1 WHERE sequence = 2", r"^event 2: it undoes .* but is not an undo"),
        ("UPDATE events SET id = 'evt-x' WHERE sequence = 2", r"^event 2: its id does not follow"),
    ],
)
def test_a_changed_record_is_named(made: Path, statement: str, expected: str) -> None:
    tamper(made, statement, unguarded=True)
    found = problems(made)
    assert any(re.search(expected, line) for line in found), found


def test_ids_used_twice_are_named(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'passages'").fetchone()
        loose = sql.replace("CONSTRAINT uq_passages_id UNIQUE (id)", "CHECK (1)")
        assert loose != sql
        connection.executescript(
            "PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON;"
            f"ALTER TABLE passages RENAME TO old; {loose}; INSERT INTO passages SELECT * FROM old;"
            "DROP TABLE old; UPDATE passages SET id = 'psg-same' WHERE number < 3;"
        )
    found = problems(made)
    assert "passage psg-same: its id is used more than once" in found


def test_missing_triggers_are_named(made: Path) -> None:
    tamper(made, "DROP TRIGGER events_no_update")
    assert any(line.startswith("trigger events_no_update: ") for line in problems(made))


def test_a_damaged_page_is_reported_not_raised(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(made.read_bytes())
    data[(page - 1) * size : page * size] = b"\xff" * size
    made.write_bytes(bytes(data))
    found = problems(made)
    assert any(line.startswith("file: ") for line in found), found
    assert any("could not be checked" in line for line in found), found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET coder = 'bob'",
        "DELETE FROM events",
        "DELETE FROM events WHERE sequence = 3",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE sequence = 1",
        "INSERT INTO events SELECT 9, 'x', at, coder, action, subject, '', '', payload, NULL FROM events",
    ],
)
def test_the_file_itself_refuses_to_change_the_record(made: Path, statement: str) -> None:
    with closing(sqlite3.connect(made)) as connection:
        before = connection.execute("SELECT * FROM events").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
        assert connection.execute("SELECT * FROM events").fetchall() == before
    assert problems(made) == []


def test_verify_holds_one_revision_at_a_time(made: Path, tmp_path: Path) -> None:
    def peak(documents: int) -> int:
        path = tmp_path / f"{documents}.db"
        with create_project(
            path, framework_id="f", framework_version="1", framework_text="", now=NOW
        ) as store:
            for number in range(documents):
                texts = [f"{number} {n} " + "word " * 40 for n in range(200)]
                store.add_document(reading(f"{number}.txt", texts))
            store.verify()
            tracemalloc.start()
            assert store.verify() == []
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return highest

    assert peak(24) < 2 * peak(4)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE suggestions SET payload = '{'",
        "UPDATE suggestions SET payload = 'null'",
        "UPDATE suggestions SET payload = '{}'",
    ],
)
def test_what_cannot_be_understood_says_to_verify(made: Path, statement: str) -> None:
    tamper(made, statement)
    with open_project(made) as store:
        passage = next(store.passages(store.documents()[0].id)).id
        with pytest.raises(IntegrityError, match=r"p\.db.*evidence-mapper db verify"):
            store.suggestion(passage)
