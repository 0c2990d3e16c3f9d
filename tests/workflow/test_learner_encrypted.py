"""Learning in the background opens an encrypted project with the key its parent hands it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflow.pack_samples import write

from evidence_mapper.errors import UsageError
from evidence_mapper.store import cipher
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.learner import Learner
from evidence_mapper.workflow.locking import encrypt, handed_key
from evidence_mapper.workflow.project import create_project, open_project

pytest.importorskip("sqlcipher3")
WORDS = "correct horse battery staple"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an encrypted project whose passphrase a person types."""
    monkeypatch.delenv(cipher.PASSPHRASE_FILE, raising=False)
    write(
        tmp_path / "a.txt", "Policy", "Everybody who asks for help is seen by a social worker within 28 days."
    )
    target = tmp_path / "p.sqlite"
    with create_project(target) as project:
        add_files(project, [tmp_path / "a.txt"], workers=1)
    encrypt(target, WORDS)
    cipher.forget_keys()
    cipher.ask_with(lambda _: WORDS)
    yield target
    cipher.forget_keys()
    cipher.ask_with(None)


def test_the_learner_opens_what_its_parent_has_open(path: Path) -> None:
    with open_project(path) as project, pytest.raises(UsageError, match="decisions"):
        Learner(project, "Ann").learn()


def test_without_the_key_nothing_is_opened(path: Path) -> None:
    command = [sys.executable, "-m", "evidence_mapper.workflow.learn_behind", str(path), "Ann"]
    done = subprocess.run(command, input="\n", capture_output=True, text=True, check=False, timeout=300)
    assert "passphrase" in json.loads(done.stdout)["error"]


def test_a_plain_project_needs_no_key(tmp_path: Path) -> None:
    with create_project(tmp_path / "plain.sqlite") as project:
        assert handed_key(project.path) == "\n"
