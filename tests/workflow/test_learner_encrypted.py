"""Learning in the background opens an encrypted project with the key its parent hands it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflow.pack_samples import write
from tests.workflow.test_train import FLOWERS, OPENINGS, WAITS

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.errors import UsageError
from evidence_mapper.store import cipher
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.learner import Learner
from evidence_mapper.workflow.locking import encrypt, handed_key
from evidence_mapper.workflow.project import create_project, open_project
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.suggest import suggest

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


def test_an_encrypted_project_learns_while_somebody_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(cipher.PASSPHRASE_FILE, raising=False)
    now = "2026-01-05T09:00:00.000000+00:00"
    with (tmp_path / "survey.csv").open("w", newline="", encoding="utf-8") as stream:
        rows = [f"{o} {w}, and that is how it was this year." for o in OPENINGS for w in (*FLOWERS, *WAITS)]
        csv.writer(stream).writerows([["How was it?"], *([row] for row in rows)])
    path = tmp_path / "p.sqlite"
    with create_project(path) as project:
        add_files(project, [tmp_path / "survey.csv"], workers=1)
        suggest(project)
        session = ReviewSession(project.store, project.framework, "Ann", lambda: now)
        [document] = project.store.documents()
        passages = list(project.store.passages(document.id))
        for passage in passages:
            if not passage.text.startswith("Again"):
                theme = "learning" if any(f in passage.text for f in FLOWERS) else "assessing-needs"
                session.decide(passage.id, Decision(Outcome.CODED, ((theme, Verdict.ACCEPTED),)))
    encrypt(path, WORDS)
    cipher.forget_keys()
    cipher.ask_with(lambda _: WORDS)
    assert not path.read_bytes().startswith(b"SQLite format 3")
    try:
        with open_project(path) as project:
            learned: list[object] = []
            learner = Learner(project, "Ann")
            thread = threading.Thread(target=lambda: learned.append(learner.learn()))
            thread.start()
            session = ReviewSession(project.store, project.framework, "Bea", lambda: now)
            late = next(p for p in passages if p.text.startswith("Again"))
            session.decide(late.id, Decision(Outcome.CODED, (("learning", Verdict.ACCEPTED),)))
            thread.join(300)
            assert learned, "nothing was learned in five minutes"
            assert project.store.answered_count() == 36
            said = project.store.entries([EventAction.HEAD_TRAINED])[-1].payload
            assert said["decisions"] >= 35
            # Whether a head is kept rests on the guard set; what is in use and what was said must agree.
            assert (project.store.head_in_use() is not None) == said["kept"], said["reason"]
    finally:
        cipher.forget_keys()
        cipher.ask_with(None)
