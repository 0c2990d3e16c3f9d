"""Forgetting and encrypting from the command line, on real files."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, EventAction, Outcome
from evidence_mapper.store import cipher
from evidence_mapper.workflow.project import open_project

WORDS = "correct horse battery staple"
SECRET = "Wilhelmina Quagmire keeps zanzibarian parrots and would like help with bathing in the mornings."
MINUTES = "The board heard that waiting times for assessments fell from six weeks to three in the spring."
FORGET = ("forget", "papers/visit-quagmire.txt", "--reason", "request 7")


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(cipher.PASSPHRASE_FILE, raising=False)
    cipher.forget_keys()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of two papers, with a decision and a case."""
    folder = tmp_path_factory.mktemp("made")
    papers = folder / "papers"
    papers.mkdir()
    (papers / "visit-quagmire.txt").write_text(SECRET, "utf-8")
    (papers / "minutes.txt").write_text(MINUTES, "utf-8")
    path = folder / "p.sqlite"
    assert run(path, "init").exit_code == 0
    assert run(path, "add", str(papers), "--workers", "1").exit_code == 0
    assert run(path, "case", "add", "BK-104", "papers/visit-quagmire.txt").exit_code == 0
    with open_project(path) as opened:
        store = opened.store
        document = store.document_by_name("papers/visit-quagmire.txt")
        assert document is not None
        [passage] = store.passages(document.id)
        note = Decision(Outcome.NONE, note="the parrots").to_json()
        store.append_event(
            coder="A", action=EventAction.DECIDED, subject=passage.id, at="2026-01-01", payload=note
        )
    return path


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the project, alone in its folder."""
    path = tmp_path / "p.sqlite"
    shutil.copy(made, path)
    path.chmod(0o600)
    return path


def run(path: Path, *args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [*args, "--project", str(path)], input=stdin)


def words_in(path: Path) -> list[str]:
    data = b"".join(f.read_bytes() for f in path.parent.glob(path.name + "*")).lower()
    return [w for w in ("quagmire", "zanzibar", "parrot", "bath", "bk-104") if w.encode() in data]


def test_forget_says_what_goes_asks_and_erases(project: Path) -> None:
    assert len(words_in(project)) == 5
    trial = run(project, *FORGET, "--dry-run")
    assert trial.exit_code == 0
    assert "decisions, with their notes: 1" in trial.stderr
    assert "Nothing was changed" in trial.stderr
    refused = run(project, *FORGET, stdin="n\n")
    assert refused.exit_code == 130
    assert len(words_in(project)) == 5
    done = run(project, *FORGET, stdin="y\n")
    assert done.exit_code == 0, done.stderr
    assert "Forgotten: entry " in done.stderr
    assert words_in(project) == []
    assert run(project, "db", "verify").exit_code == 0
    assert "parrot" not in run(project, "documents").stdout


def test_the_history_and_exports_show_the_tombstone_alone(project: Path, tmp_path: Path) -> None:
    assert run(project, *FORGET, "--yes").exit_code == 0
    lines = json.loads(run(project, "history", "--json").stdout)
    assert [line["action"] for line in lines] == ["forgotten"] * 3
    assert lines[0]["payload"]["counts"]["documents"] == 1
    table = run(project, "history").stdout
    assert "forgot 1 document" in table
    assert "Why: request 7" in " ".join(table.split())
    for name in ("out.xlsx", "out.csv"):
        assert run(project, "export", str(tmp_path / name)).exit_code == 0
    assert b"parrot" not in (tmp_path / "out.csv").read_bytes().lower()
    for command in ("matrix", "gaps", "case list"):
        assert run(project, *command.split()).exit_code in (0, 2)


def test_a_case_goes_with_all_that_is_said_of_it(project: Path) -> None:
    done = run(project, "forget", "bk-104", "--yes", "--reason", "request 7", "--json")
    assert done.exit_code == 0, done.stderr
    counts = json.loads(done.stdout)["counts"]
    assert (counts["documents"], counts["decisions"], counts["entries"]) == (1, 1, 1)
    assert words_in(project) == []


def test_copies_beside_are_named_and_wiped_when_asked(project: Path) -> None:
    copy = project.with_name("before.sqlite")
    assert run(project, "db", "backup", str(copy)).exit_code == 0
    done = run(project, *FORGET, "--yes")
    assert f"Still holds it: {copy}" in done.stderr
    assert words_in(copy) != []
    again = run(project, "forget", "papers/minutes.txt", "--yes", "--reason", "r", "--wipe-copies", "--json")
    assert json.loads(again.stdout)["copies"] == []
    assert not copy.exists()


def test_what_cannot_be_forgotten_is_said(project: Path) -> None:
    none = run(project, "forget", "papers/visit-quagmir.txt", "--yes", "--reason", "r")
    assert none.exit_code == 2
    assert "did you mean papers/visit-quagmire.txt" in none.stderr
    named = run(project, "forget", "papers/visit-quagmire.txt", "--yes", "--reason", "for visit-quagmire.txt")
    assert named.exit_code == 3
    assert "stays for good" in named.stderr
    assert len(words_in(project)) == 5


def test_a_folder_goes_whole(project: Path) -> None:
    assert run(project, "forget", "papers/", "--yes", "--reason", "r").exit_code == 0
    assert json.loads(run(project, "documents", "--json").stdout)["documents"] == []


def key(tmp_path: Path, words: str) -> str:
    file = tmp_path / f"key-{len(words)}.txt"
    file.write_text(words + "\n", "utf-8")
    return str(file)


def test_encrypt_use_change_and_decrypt(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlcipher3")
    mine, other = key(tmp_path, WORDS), key(tmp_path, WORDS + " and more")
    done = run(project, "db", "encrypt", "--new-passphrase-file", mine)
    assert done.exit_code == 0, done.stderr
    assert "no way to find it again" in done.stderr
    assert "solid-state drive" in done.stderr
    assert words_in(project) == []
    cipher.forget_keys()
    locked = run(project, "history")
    assert (locked.exit_code, locked.stdout) == (3, "")
    assert "EVIDENCE_MAPPER_PASSPHRASE_FILE" in locked.stderr
    monkeypatch.setenv(cipher.PASSPHRASE_FILE, mine)
    for command in ("history", "documents", "matrix", "gaps", "db verify", "db reindex", "search parrots"):
        assert run(project, *command.split()).exit_code == 0, command
    assert run(project, *FORGET, "--yes").exit_code == 0
    assert run(project, "db", "passphrase", "--new-passphrase-file", other).exit_code == 0
    cipher.forget_keys()
    wrong = run(project, "history")
    assert wrong.exit_code == 3
    assert "does not open it" in wrong.stderr
    monkeypatch.setenv(cipher.PASSPHRASE_FILE, other)
    assert run(project, "db", "decrypt", "--yes").exit_code == 0
    monkeypatch.delenv(cipher.PASSPHRASE_FILE)
    assert run(project, "db", "verify").exit_code == 0
    assert words_in(project) == []


def test_readable_copies_are_named_when_encrypting(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("sqlcipher3")
    copy = project.with_name("before.sqlite")
    run(project, "db", "backup", str(copy))
    done = run(project, "db", "encrypt", "--new-passphrase-file", key(tmp_path, WORDS))
    assert f"Still readable: {copy}" in done.stderr


@pytest.mark.parametrize(
    ("command", "code", "reason"),
    [
        (["db", "decrypt", "--yes"], 2, "is not encrypted"),
        (["db", "passphrase"], 2, "is not encrypted"),
        (["db", "encrypt"], 3, "--new-passphrase-file"),
        (["init", "--encrypt"], 3, "already exists"),
    ],
)
def test_what_cannot_be_encrypted_is_said(project: Path, command: list[str], code: int, reason: str) -> None:
    said = run(project, *command)
    assert said.exit_code == code
    assert reason in said.stderr


def test_a_short_passphrase_makes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    said = run(path, "init", "--encrypt", "--new-passphrase-file", key(tmp_path, "short"))
    assert said.exit_code == 3
    assert "12 or more" in said.stderr
    assert not path.exists()


def test_doctor_says_where_data_lies_and_who_can_read_it(project: Path) -> None:
    copy = project.with_name("before.sqlite")
    run(project, "db", "backup", str(copy))
    if os.name == "posix":
        copy.chmod(0o644)
    told = json.loads(run(project, "doctor", "--privacy", "--json").stdout)
    assert told["leaves_the_machine"] == "nothing"
    places = {(p["what"], p["path"]): p for p in told["places"]}
    mine, other = places["project", str(project)], places["copy of the project", str(copy)]
    assert (mine["encrypted"], mine["size"]) == (False, project.stat().st_size)
    assert "db encrypt" in mine["advice"]
    if os.name == "posix":
        assert mine["readable_by"] == "you alone (0600)"
        assert other["readable_by"] == "everybody on this machine (0644)"
        assert "chmod 600" in other["advice"]
    said = run(project, "doctor", "--privacy").stdout
    assert "What leaves this machine: nothing." in said
    assert run(project.with_name("none.sqlite"), "doctor", "--privacy").exit_code == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_passphrase_is_asked_at_the_terminal_and_not_shown(tmp_path: Path) -> None:
    pytest.importorskip("sqlcipher3")
    import pty

    path = tmp_path / "new.sqlite"
    assert run(path, "init", "--encrypt", "--new-passphrase-file", key(tmp_path, WORDS)).exit_code == 0
    ours, theirs = pty.openpty()
    args = [sys.executable, "-m", "evidence_mapper", "db", "verify", "--project", str(path)]
    child = subprocess.Popen(
        args, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, close_fds=True
    )
    os.close(theirs)
    shown = ""
    for answer, after in (("wrong", "Passphrase of"), (WORDS, "does not open it")):
        shown = until(ours, shown, after, "Passphrase of new.sqlite: ")
        time.sleep(0.2)
        os.write(ours, answer.encode() + b"\n")
    shown = until(ours, shown, "agrees")
    assert child.wait(60) == 0
    assert WORDS not in shown
    os.close(ours)


def until(terminal: int, shown: str, *wanted: str) -> str:
    """Read a terminal until it has shown some words, the last of them at the end of what is new."""
    end, fresh = time.monotonic() + 60, ""
    while not all(word in fresh for word in wanted):
        assert time.monotonic() < end, shown + fresh
        if select.select([terminal], [], [], 0.5)[0]:
            fresh += os.read(terminal, 4096).decode()
    return shown + fresh
