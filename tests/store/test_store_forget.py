"""Forgetting a document leaves no trace of its words in any file, and a record that verifies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.builders import NOW, at, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.forgetting import Forgetting
from evidence_mapper.domain.project import Refusal
from evidence_mapper.errors import StoreError
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.records import StoredVector
from evidence_mapper.store.sql_store import SqlStore

NAME = "cases/Wilhelmina Quagmire assessment visit.docx"
SECRET = "Wilhelmina lives with her sister and keeps zanzibarian parrots in the conservatory."
OLDER = "Wilhelmina lived alone in her bungalow and kept zanzibarian parrots all year round."
SHARED = "Staff treat everybody with dignity and respect."
OTHER = "Carers told us that the helpline answers quickly."
PIECES = ("wilhelmina", "quagmire", "zanzibar", "parrot", "bungalow", "conservatori", "sister")
"""Words of the document and their stems."""


def fill(path: Path) -> SqlStore:
    """Return a project in which much is said of one document."""
    store = create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW)
    store.add_document(reading(NAME, [OLDER, SHARED], file="v1"))
    store.add_document(reading("other.txt", [OTHER, SHARED, "Nobody asked."]))
    run = store.start_run(RunSpec("a@1", "sha256:00", "f@1"), NOW)
    here, there = passages(store, NAME), passages(store, "other.txt")
    pairs = [(p, suggestion(("statement-1", 0.9))) for p in (*here, *there)]
    vector = [StoredVector("sha256:aa", "<f4", 1, b"\0\0\0\0"), StoredVector("sha256:bb", "<f4", 1, b"1111")]
    store.save_suggestions(run, pairs, "enc", vector)
    note = coded("statement-1", note="the parrots of Wilhelmina Quagmire")
    store.append_event(
        coder="A", action=EventAction.DECIDED, subject=here[0], at=at(1), payload=note.to_json()
    )
    both = [(here[1], coded("statement-2").to_json()), (there[1], coded("statement-2").to_json())]
    store.decide_together("A", at(2), both)
    store.undo("A", at(3))
    store.decide_together("A", at(4), both)
    store.add_document(reading(NAME, [SECRET, SHARED], file="v2"))
    store.record_copy(
        "copies/" + NAME, store.documents()[0].id, reading(NAME, [], file="v2").document.file_sha256, NOW
    )
    store.record_refusal(Refusal("scan.pdf", "needs-ocr", f"see {NAME}", None, NOW))
    return store


def say(store: SqlStore) -> None:
    """Record entries that name the document, its passages or its words."""
    document = store.documents()[0]
    now, there = passages(store, NAME), passages(store, "other.txt")
    note = Decision(
        Outcome.NONE, note=f"as in {NAME}: Wilhelmina lives with her sister and keeps zanzibarian parrots"
    )
    entry = [
        (EventAction.DECIDED, there[0], note.to_json()),
        (EventAction.FLAGGED, now[0], {"words": f"flagged in {NAME}", "on": True}),
        (EventAction.CLAIM, "clm-1", {
            "words": "wrote a claim", "text": "We listen.", "passages": [now[0], there[0]],
            "origin": {"file": "a.docx", "file_sha256": document.file_sha256, "text": SECRET, "places": []},
        }),
        (EventAction.RETURN_ITEM, "IR1", {"words": NAME, "document": document.id, "passage": None}),
        (EventAction.SAMPLE, "smp-1", {"passages": [*now, there[2]], "rows": [[now[0], "x"]]}),
        (EventAction.SCORE, "statement-1", {"words": "scored", "value": 3, "note": SECRET}),
        (EventAction.CASE, "case", {"words": "grouped", "documents": [document.name, "other.txt"]}),
        (EventAction.RELEASED, document.id, {"words": "came in", "kept": {"revision": document.id}}),
        (EventAction.SOURCE_TYPE_SET, document.id, {"source_type": "case-record"}),
        (EventAction.WITHDRAWN, document.id, {}),
    ]  # fmt: skip
    for number, (action, subject, payload) in enumerate(entry):
        store.append_event(coder="B", action=action, subject=subject, at=at(10 + number), payload=payload)


def passages(store: SqlStore, name: str) -> list[str]:
    document = store.document_by_name(name)
    assert document is not None
    return [p.id for p in store.passages(document.id)]


def forget(store: SqlStore, *, trial: bool = False, reason: str = "asked for in request 7") -> Forgetting:
    return store.forget([store.documents()[0].id], coder="Officer", at=at(60), reason=reason,
                        kept_vectors=["sha256:bb"], trial=trial)  # fmt: skip


def traces(path: Path) -> list[tuple[str, str]]:
    """Return which words stand in which of the project's files, in UTF-8 or UTF-16."""
    found = []
    for file in sorted(path.parent.glob(path.name + "*")):
        data = file.read_bytes().lower()
        for word in PIECES:
            if any(word.encode(code) in data for code in ("utf-8", "utf-16-le", "utf-16-be")):
                found.append((file.name, word))
    return found


@pytest.fixture
def said(path: Path) -> Iterator[SqlStore]:
    """Give a project whose record names the document everywhere it can."""
    with fill(path) as store:
        say(store)
        assert store.verify() == []
        assert {word for _, word in traces(path)} == set(PIECES)
        yield store


def test_no_word_is_left_in_any_byte_while_the_project_is_open(said: SqlStore, path: Path) -> None:
    found = forget(said)
    assert said.wipe()
    assert traces(path) == []
    assert said.verify() == []
    assert (path.parent / (path.name + "-wal")).stat().st_size == 0
    expected = {"documents": 1, "versions": 2, "passages": 4, "decisions": 4, "copies": 1, "vectors": 1}
    assert expected.items() <= found.counts.items()
    assert [d.name for d in said.documents()] == ["other.txt"]
    assert said.passage_count() == 3
    assert set(said.vectors("enc", ["sha256:aa", "sha256:bb"])) == {"sha256:bb"}


def test_ids_and_hashes_of_the_document_are_gone_too(said: SqlStore, path: Path) -> None:
    document = said.documents()[0]
    ids = [document.id, document.revision_id if hasattr(document, "revision_id") else document.id,
           document.file_sha256, *passages(said, NAME)]  # fmt: skip
    forget(said)
    assert said.wipe()
    data = b"".join(f.read_bytes() for f in path.parent.glob(path.name + "*"))
    assert [i for i in ids if i.encode() in data] == []


def test_the_tombstone_says_who_when_why_and_how_much_without_names(said: SqlStore) -> None:
    found = forget(said)
    [stone] = said.entries([EventAction.FORGOTTEN])
    assert (stone.coder, stone.at, stone.sequence) == ("Officer", at(60), found.sequence)
    assert stone.words.startswith("forgot 1 document, 2 versions, 4 passages")
    assert stone.payload["reason"] == "asked for in request 7"
    assert NAME not in str(stone.payload)
    shown = said.history(limit=100)
    gone = [e for e in shown if e.subject == "forgotten"]
    assert {e.action for e in gone} == {EventAction.FORGOTTEN}
    assert {e.coder for e in gone} == {"A", "B"}
    assert any(e.words == f"erased, see no. {found.sequence}; was: decided" for e in gone)
    assert [e.sequence for e in shown] == list(range(found.sequence, 0, -1))


def test_what_others_recorded_stays_without_the_document(said: SqlStore) -> None:
    there = passages(said, "other.txt")
    forget(said)
    [claim] = said.entries([EventAction.CLAIM])
    assert claim.payload["passages"] == [there[0]]
    assert claim.payload["text"] == "We listen."
    assert claim.payload["origin"] is None
    [sample] = said.entries([EventAction.SAMPLE])
    assert (sample.payload["passages"], sample.payload["rows"]) == ([there[2]], [])
    [score] = said.entries([EventAction.SCORE])
    assert (score.payload["value"], score.payload["note"]) == (3, "[forgotten]")
    [case] = said.entries([EventAction.CASE])
    assert case.payload["documents"] == ["other.txt"]
    assert said.entries([EventAction.RETURN_ITEM, EventAction.RELEASED, EventAction.FLAGGED]) == []
    [held] = [d for d in said.decisions(there[0]) if d.coder == "B"]
    assert held.decision == Decision(Outcome.NONE, note="as in [forgotten]: [forgotten]")
    [twin] = said.decisions(there[1])
    assert twin.decision.accepted() == ("statement-2",)
    assert said.undo("A", at(70)) is not None
    assert said.decisions(there[1]) == []
    assert [r.message for r in said.refusals()] == ["see [forgotten]"]
    assert said.wipe()
    assert said.verify() == []


def test_words_that_mean_something_else_in_the_record_stay(path: Path) -> None:
    with fill(path) as store:
        words = ["none", "open", "coded", "linked", "strength", "3", "other.txt", "A", "Nobody asked."]
        store.add_document(reading("comments.csv", words))
        there = passages(store, "other.txt")
        store.append_event(coder="A", action=EventAction.DECIDED, subject=there[0], at=at(20),
                           payload=coded("statement-1", note="open: linked to none").to_json())  # fmt: skip
        claim = {"words": "wrote", "text": "Ours is open.", "state": "open", "passages": [there[0]]}
        store.append_event(coder="A", action=EventAction.CLAIM, subject="clm-1", at=at(21), payload=claim)
        document = store.document_by_name("comments.csv")
        assert document is not None
        store.forget([document.id], subjects=["open", "14"], coder="O", at=at(30), reason="r")
        [kept] = store.entries([EventAction.CLAIM])
        assert kept.payload == claim
        [held] = store.decisions(there[0])
        assert held.decision == coded("statement-1", note="open: linked to none")
        assert store.wipe()
        assert store.verify() == []


def test_a_trial_counts_and_changes_nothing(said: SqlStore, path: Path) -> None:
    before = said.history(limit=1000)
    trial = forget(said, trial=True)
    assert said.history(limit=1000) == before
    assert said.document_by_name(NAME) is not None
    assert said.verify() == []
    assert forget(said).counts == trial.counts


def test_a_reason_that_names_the_document_is_refused(said: SqlStore) -> None:
    with pytest.raises(StoreError, match="stays for good"):
        forget(said, reason=f"asked to erase {NAME}")
    with pytest.raises(StoreError, match="no document doc-none"):
        said.forget(["doc-none"], coder="A", at=at(1), reason="x")
    assert said.document_by_name(NAME) is not None


def test_the_same_document_can_come_again_and_be_forgotten_again(said: SqlStore, path: Path) -> None:
    forget(said)
    said.add_document(reading(NAME, [SECRET], file="v2"))
    assert said.decisions(passages(said, NAME)[0]) == []
    said.forget([said.documents()[-1].id], coder="Officer", at=at(90), reason="again")
    assert said.wipe()
    assert traces(path) == []
    assert said.verify() == []
    assert len(said.entries([EventAction.FORGOTTEN])) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET payload = '{\"x\":1}' WHERE subject = 'forgotten' AND action = 'decided'",
        "UPDATE events SET coder = 'B' WHERE sequence = (SELECT max(sequence) FROM events)",
        "DELETE FROM erasures WHERE sequence = (SELECT min(sequence) FROM erasures)",
        "UPDATE erasures SET left_sha256 = 'x' WHERE sequence = (SELECT max(sequence) FROM erasures)",
        "INSERT INTO erasures SELECT tombstone, 1000, event_id, left_sha256 FROM erasures LIMIT 1",
    ],
)
def test_what_is_changed_by_hand_afterwards_is_found(said: SqlStore, path: Path, change: str) -> None:
    import sqlite3
    from contextlib import closing

    forget(said)
    assert said.wipe()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute(change)
        connection.execute(
            "CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only: no UPDATE'); END"
        )
        connection.commit()
    assert said.verify() != []


def test_events_cannot_be_changed_after_a_forgetting(said: SqlStore, path: Path) -> None:
    import sqlite3
    from contextlib import closing

    forget(said)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.Error, match="append-only"):
        connection.execute("UPDATE events SET coder = 'X'")


def test_a_wipe_that_was_cut_off_is_said_and_finished_at_the_next_opening(path: Path) -> None:
    with fill(path) as store:
        say(store)
        forget(store)
        assert any("not wiped" in d.problem for d in store.verify())
    with open_project(path) as store:
        assert store.verify() == []
        assert traces(path) == []


def test_another_program_in_the_middle_of_reading_puts_the_wipe_off(said: SqlStore, path: Path) -> None:
    import sqlite3
    from contextlib import closing

    from evidence_mapper.store import wipe

    forget(said)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        assert not wipe.finish(path, 0.2)
        reader.execute("COMMIT")
    assert wipe.finish(path, 0.2)
    assert traces(path) == []


_CHILD = """
import sys
from pathlib import Path
from evidence_mapper.store.engine import open_project
store = open_project(Path(sys.argv[1]))
print("ready", flush=True)
store.forget([store.documents()[0].id], coder="O", at="2026-01-06T00:00:00.000000+00:00", reason="r")
store.wipe()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows process cannot be killed this way")
@pytest.mark.parametrize("wait", [0.0, 0.004, 0.01, 0.02, 0.04, 0.08])
def test_killed_at_any_time_it_is_forgotten_wholly_or_not_at_all(path: Path, wait: float) -> None:
    with fill(path) as store:
        say(store)
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(wait)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with open_project(path) as store:
        assert store.verify() == []
        if store.document_by_name(NAME) is None:
            assert traces(path) == []
            assert len(store.entries([EventAction.FORGOTTEN])) == 1
        else:
            assert len(store.documents()) == 2
            assert store.entries([EventAction.FORGOTTEN]) == []
            assert store.decisions(passages(store, NAME)[1]) != []


def test_a_new_project_is_its_owners_alone(path: Path) -> None:
    if os.name != "posix":
        pytest.skip("Windows: the folder's rights hold")
    with fill(path) as store:
        files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        assert {oct(f.stat().st_mode & 0o777) for f in files} == {"0o600"}
        assert store.wipe()
    from evidence_mapper.store.database import back_up

    back_up(path, path.with_name("copy.db"))
    assert path.with_name("copy.db").stat().st_mode & 0o777 == 0o600
