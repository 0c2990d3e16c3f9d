"""Encrypted projects: nothing readable on the disk, and everything works as with a plain one."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.builders import NOW, at, coded, reading
from tests.store.test_store_forget import SECRET, fill, passages, say, traces

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import PassphraseNeeded, StoreError, WrongPassphrase
from evidence_mapper.store import cipher
from evidence_mapper.store.database import back_up, is_project
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.lock import refuse_short, rewrite
from evidence_mapper.store.migrations import MIGRATIONS, migrate

pytest.importorskip("sqlcipher3")

WORDS = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(cipher.PASSPHRASE_FILE, raising=False)
    cipher.forget_keys()
    yield
    cipher.forget_keys()
    cipher.ask_with(None)


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file with the passphrase that the environment names."""
    file = tmp_path / "apart" / "passphrase.txt"
    file.parent.mkdir()
    file.write_text(WORDS + "\n", "utf-8")
    monkeypatch.setenv(cipher.PASSPHRASE_FILE, str(file))
    return file


def make(path: Path) -> None:
    with fill(path) as store:
        say(store)
    rewrite(path, WORDS)


def answering(*answers: str) -> Callable[[Path], str]:
    said = iter(answers)
    return lambda _: next(said)


def problems(path: Path) -> list[str]:
    """Return what opening a project and checking it says."""
    try:
        with open_project(path) as store:
            return [d.problem for d in store.verify()]
    except StoreError as error:
        return [str(error)]


def test_a_new_project_is_encrypted_from_its_first_byte(path: Path) -> None:
    with create_project(
        path, framework_id="f", framework_version="1", framework_text="secret-framework", now=NOW,
        passphrase=WORDS,
    ) as store:  # fmt: skip
        store.add_document(reading("a.txt", [SECRET]))
        files = list(path.parent.glob(path.name + "*"))
        assert {f.name for f in files} >= {"project.db", "project.db-wal"}
        for file in files:
            data = file.read_bytes()
            assert b"zanzibarian" not in data
            assert b"SQLite format" not in data
            assert b"secret-framework" not in data
        assert path.stat().st_mode & 0o777 == 0o600 or os.name != "posix"
        assert store.verify() == []


def test_the_key_is_sqlciphers_own_derivation(path: Path) -> None:
    import sqlcipher3

    make(path)
    with closing(sqlcipher3.connect(str(path))) as connection:
        connection.execute(f"PRAGMA key = '{WORDS}'")
        assert connection.execute("SELECT count(*) FROM passages").fetchone() == (7,)
    salt = path.read_bytes()[:16]
    raw = hashlib.pbkdf2_hmac("sha512", WORDS.encode(), salt, 256_000, 32)
    assert cipher.derived_key(WORDS, salt) == raw.hex() + salt.hex()


def test_encrypting_leaves_nothing_readable_and_loses_nothing(path: Path, key_file: Path) -> None:
    with fill(path) as store:
        say(store)
        before = store.history(limit=1000)
    assert traces(path) != []
    rewrite(path, WORDS)
    assert traces(path) == []
    assert sorted(f.name for f in path.parent.iterdir() if f.is_file()) == ["project.db"]
    assert is_project(path)
    with open_project(path) as store:
        assert store.history(limit=1000) == before
        assert store.verify() == []
        store.append_event(coder="C", action=EventAction.DECIDED, subject=passages(store, "other.txt")[2],
                           at=at(99), payload=coded("statement-3").to_json())  # fmt: skip
        assert traces(path) == []


def test_decrypting_gives_a_plain_project_back(path: Path, key_file: Path) -> None:
    make(path)
    with open_project(path) as store:
        before = store.history(limit=1000)
    rewrite(path, None)
    assert not cipher.is_encrypted(path)
    key_file.unlink()
    with open_project(path) as store:
        assert store.history(limit=1000) == before
        assert store.verify() == []


def test_another_passphrase_and_the_old_one_opens_nothing(path: Path, key_file: Path) -> None:
    make(path)
    rewrite(path, "another passphrase altogether")
    cipher.forget_keys()
    with pytest.raises(WrongPassphrase, match="does not open it"):
        open_project(path)
    key_file.write_text("another passphrase altogether", "utf-8")
    with open_project(path) as store:
        assert store.verify() == []


def test_a_wrong_passphrase_is_asked_for_again_and_then_refused(path: Path) -> None:
    make(path)
    cipher.forget_keys()
    cipher.ask_with(answering("wrong one", WORDS))
    open_project(path).close()
    open_project(path).close()  # nobody is asked twice in one run
    cipher.forget_keys()
    cipher.ask_with(answering("a", "b", "c", WORDS))
    with pytest.raises(WrongPassphrase, match="go back to a backup"):
        open_project(path)


def test_with_nobody_to_ask_it_says_how(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    cipher.forget_keys()
    with pytest.raises(PassphraseNeeded, match="EVIDENCE_MAPPER_PASSPHRASE_FILE"):
        open_project(path)
    for text, reason in (("", "no passphrase in its first line"), (None, "cannot be read")):
        file = path.with_name("key.txt")
        file.write_text(text, "utf-8") if text is not None else file.unlink()
        monkeypatch.setenv(cipher.PASSPHRASE_FILE, str(file))
        with pytest.raises(PassphraseNeeded, match=reason):
            open_project(path)


def test_without_the_extra_it_says_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(path)
    cipher.forget_keys()
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(StoreError, match=r"pip install 'evidence-mapper\[encrypt\]'"):
        open_project(path)
    other = path.with_name("new.db")
    with pytest.raises(StoreError, match=r"\[encrypt\]"):
        create_project(other, framework_id="f", framework_version="1", framework_text="", now=NOW,
                       passphrase=WORDS)  # fmt: skip
    assert not other.exists()


def test_a_damaged_page_is_found(path: Path, key_file: Path) -> None:
    make(path)
    assert problems(path) == []
    with path.open("r+b") as stream:
        stream.seek(3 * 4096 + 100)
        stream.write(b"\xff\xff\xff\xff")
    assert problems(path)


def test_backups_and_migration_copies_are_encrypted(
    path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evidence_mapper.store import migrations

    make(path)
    copy = path.with_name("copy.db")
    back_up(path, copy)
    step = migrations.Migration(MIGRATIONS[-1].version + 1, "colour", lambda _: None)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, step))
    kept = migrate(path).backup
    assert kept is not None
    monkeypatch.undo()
    monkeypatch.setenv(cipher.PASSPHRASE_FILE, str(key_file))
    for file in (copy, kept):
        assert b"zanzibarian" not in file.read_bytes()
        cipher.forget_keys()
        with open_project(file) as store:
            assert store.passage_count() == 3
            assert store.verify() == []


def test_forgetting_in_an_encrypted_project_verifies(path: Path, key_file: Path) -> None:
    make(path)
    with open_project(path) as store:
        store.forget([store.documents()[0].id], coder="O", at=at(90), reason="asked")
        assert store.wipe()
        assert store.verify() == []
    rewrite(path, None)
    assert traces(path) == []


_HOLDER = """
import sys
from pathlib import Path
from evidence_mapper.store.engine import open_project
with open_project(Path(sys.argv[1])) as store:
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_it_is_not_encrypted_while_another_program_has_it_open(path: Path) -> None:
    fill(path).close()
    args = [sys.executable, "-c", _HOLDER, str(path)]
    with subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"open"
        with pytest.raises(StoreError, match="another program"):
            rewrite(path, WORDS)
        child.communicate(b"\n")
    assert not cipher.is_encrypted(path)
    assert list(path.parent.glob("*.converting")) == []
    with open_project(path) as store:
        assert store.verify() == []


_CHILD = """
import sys
from pathlib import Path
from evidence_mapper.store.lock import rewrite
print("ready", flush=True)
rewrite(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows process cannot be killed this way")
@pytest.mark.parametrize("wait", [0.0, 0.1, 0.17, 0.2, 0.25])
def test_killed_while_encrypting_it_is_the_one_or_the_other(path: Path, key_file: Path, wait: float) -> None:
    with fill(path) as store:
        say(store)
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(path), WORDS], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(wait)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with open_project(path) as store:
        assert store.verify() == []
        assert len(store.documents()) == 2
    if not cipher.is_encrypted(path):
        rewrite(path, WORDS)
    assert list(path.parent.glob("*.converting")) == []
    assert traces(path) == []


_WRITER = """
import sys
from pathlib import Path
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.store.engine import open_project
from tests.store.builders import at, coded
with open_project(Path(sys.argv[1])) as store:
    ids = [p.id for p in store.passages(store.documents()[1].id)]
    for n in range(20):
        store.append_event(coder=sys.argv[2], action=EventAction.DECIDED, subject=ids[n % 3], at=at(n),
                           payload=coded("statement-1").to_json())
"""


def test_two_reviewers_write_to_one_encrypted_project(path: Path, key_file: Path) -> None:
    make(path)
    args = [sys.executable, "-c", _WRITER, str(path)]
    children = [subprocess.Popen([*args, name]) for name in ("Ann", "Bob")]
    assert [child.wait(120) for child in children] == [0, 0]
    with open_project(path) as store:
        assert len([e for e in store.history(limit=1000) if e.coder in ("Ann", "Bob")]) == 40
        assert store.verify() == []


def test_the_way_windows_replaces_a_file_keeps_the_project_and_wipes_the_old_one(
    path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(path).close()
    # What a kill between the two steps leaves: a second name of the project.
    os.link(path, path.with_name(path.name + ".old"))
    with monkeypatch.context() as patched:
        patched.setattr("evidence_mapper.store.lock.sys.platform", "win32")
        rewrite(path, WORDS)
    assert [f.name for f in path.parent.iterdir() if f.is_file()] == ["project.db"]
    with open_project(path) as store:
        assert store.verify() == []
    assert traces(path) == []


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(StoreError, match="12 or more"):
        refuse_short("password")
    refuse_short(WORDS)
