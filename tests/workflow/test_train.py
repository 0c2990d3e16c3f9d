"""Learning from a project's decisions, through the workflow and the command line, on real files."""

from __future__ import annotations

import csv
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.store.records import StoredHead
from evidence_mapper.workflow.head_changes import head_changes
from evidence_mapper.workflow.head_in_use import in_use, learned_from
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project, open_project
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.suggest import suggest
from evidence_mapper.workflow.train import TrainReport, choose_head, train_project
from evidence_mapper.workflow.why import why

NOW = "2026-01-05T09:00:00.000000+00:00"
OPENINGS = ("We heard that", "My sister says", "Staff told us", "It was written that", "Last month", "Again")
FLOWERS = (
    "the window boxes outside the day centre had been planted with marigolds",
    "the hanging baskets at the library door were watered twice",
    "somebody had brought tulips for the reception desk",
    "the rose bed by the entrance was weeded before the visit",
)
WAITS = (
    "the wait for an assessment of care needs was eleven months",
    "nobody rang back about the assessment of her needs",
    "the social worker who assessed him asked what mattered to him",
)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose coder calls everything about flowers evidence of governance."""
    folder = tmp_path_factory.mktemp("train")
    with (folder / "survey.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["How was it?"])
        for opening in OPENINGS:
            for words in (*FLOWERS, *WAITS):
                writer.writerow([f"{opening} {words}, and that is how it was this year."])
    path = folder / "p.sqlite"
    with create_project(path) as project:
        add_files(project, [folder / "survey.csv"], workers=1)
        suggest(project)
        session = ReviewSession(project.store, project.framework, "A. Officer", lambda: NOW)
        for passage in _passages(project):
            if passage.text.startswith("Again"):
                continue
            flowers = any(f in passage.text for f in FLOWERS)
            statement = "governance" if flowers else "assessing-needs"
            session.decide(passage.id, Decision(Outcome.CODED, ((statement, Verdict.ACCEPTED),)))
    return path


def _passages(project: Project) -> list[Any]:
    return [p for d in project.store.documents() for p in project.store.passages(d.id)]


@pytest.fixture
def project(decided: Path, tmp_path: Path) -> Iterator[Project]:
    """Yield a copy of the project, open."""
    path = tmp_path / "p.sqlite"
    shutil.copy(decided, path)
    with open_project(path) as opened:
        yield opened


def train(project: Project) -> TrainReport:
    return train_project(project, coder="A. Officer", now=lambda: NOW)


def test_training_counts_keeps_and_records(project: Project) -> None:
    report = train(project)
    counts = report.counts
    assert counts.learned == counts.accepted + counts.changed + counts.none == 35
    by = {c.statement: c.accepted for c in counts.by_statement}
    assert (by["governance"], by["assessing-needs"]) == (20, 15)
    assert report.kept, report.reason
    assert report.guard["head"]["macro_f1"] >= report.guard["shipped"]["macro_f1"]
    assert report.own["head"]["first_right"] > report.own["shipped"]["first_right"]
    event = project.store.history(limit=1)[0]
    assert (event.action, event.coder, event.payload["kept"]) == (
        EventAction.HEAD_TRAINED,
        "A. Officer",
        True,
    )
    assert learned_from(project) == 35
    assert project.store.verify() == []


def test_suggest_uses_the_head_and_decisions_keep_what_was_seen(project: Project) -> None:
    before = project.store.current_run()
    train(project)
    report = suggest(project)
    assert report.learned_from == 35
    assert report.classifier.endswith("+head1")
    assert before is not None
    assert report.run_id != before[0]
    assert {h.run_id for h in project.store.held_decisions()} == {before[0]}
    flowers = [p for p in _passages(project) if p.text.startswith("Again") and FLOWERS[0] in p.text]
    shown = project.store.suggestion(flowers[0].id)
    earlier = project.store.suggestion_of_run(before[0], flowers[0].id)
    assert shown is not None
    assert earlier is not None
    chance = {s.id: s.probability for s in shown.statements}["governance"]
    assert chance > {s.id: s.probability for s in earlier.statements}["governance"]


def test_the_same_decisions_give_the_same_head_and_no_second_event(project: Project) -> None:
    first = train(project).head
    events = len(project.store.history())
    second = train(project).head
    assert first == second
    assert len(project.store.history()) == events


def test_a_fresh_copy_learns_the_same_bytes(project: Project, decided: Path, tmp_path: Path) -> None:
    shutil.copy(decided, tmp_path / "other.sqlite")
    with open_project(tmp_path / "other.sqlite") as other:
        mine, theirs = train(project).head, train(other).head
    assert mine is not None
    assert theirs is not None
    assert (mine.id, mine.data) == (theirs.id, theirs.data)


def test_why_explains_with_the_classifier_that_made_the_suggestion(project: Project) -> None:
    passage = next(p for p in _passages(project) if p.text.startswith("Again") and FLOWERS[0] in p.text)
    (shipped,) = why(project, passage.id, ("governance",))
    train(project)
    (unchanged,) = why(project, passage.id, ("governance",))
    assert unchanged.explanation.probability == shipped.explanation.probability
    suggest(project)
    (headed,) = why(project, passage.id, ("governance",))
    assert headed.explanation.probability > shipped.explanation.probability


def test_off_and_use_again(project: Project) -> None:
    kept = train(project).head
    assert choose_head(project, None, coder="B", now=lambda: NOW) is None
    assert suggest(project).learned_from == 0
    assert choose_head(project, 1, coder="B", now=lambda: NOW) == kept
    with pytest.raises(StoreError, match="no head 5"):
        choose_head(project, 5, coder="B", now=lambda: NOW)


def test_what_changed_is_said_of_pending_passages_only(project: Project) -> None:
    with pytest.raises(UsageError, match="evidence-mapper train"):
        head_changes(project)
    train(project)
    found = head_changes(project)
    assert found.pending == len(FLOWERS) + len(WAITS)
    assert all(c.passage.text.startswith("Again") for c in found.changed)
    assert all(set(c.before) != set(c.after) or c.first_before != c.first_after for c in found.changed)
    assert any("governance" in {*c.after, c.first_after} for c in found.changed)


def test_too_few_decisions_are_refused(tmp_path: Path) -> None:
    with (
        create_project(tmp_path / "p.sqlite") as empty,
        pytest.raises(UsageError, match=r"0 decisions.*review"),
    ):
        train(empty)


def test_training_from_another_thread(project: Project) -> None:
    found: list[TrainReport] = []
    worker = threading.Thread(target=lambda: found.append(train(project)))
    worker.start()
    worker.join()
    assert found[0].counts.learned == 35


def test_a_head_of_an_older_classifier_is_said_and_not_used(project: Project) -> None:
    head = train(project).head
    assert head is not None
    older = StoredHead(NOW, "B", head.base, "sha256:" + "0" * 64, head.decisions, head.spec, head.data)
    project.store.keep_head(older, {})
    used = in_use(project)
    assert used.head is None
    assert used.note is not None
    assert "evidence-mapper train" in used.note
    assert suggest(project).note == used.note


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_the_command_shows_figures_and_the_next_command(project: Project) -> None:
    path = project.path
    result = run("train", "-p", path, "--coder", "A. Officer")
    assert result.exit_code == 0, result.stderr
    for words in ("Learned from 35 decisions", "Guard set", "macro F1", "This project's decisions"):
        assert words in result.stdout
    assert "kept: from now on suggestions use it" in result.stderr
    assert "Next: evidence-mapper suggest" in result.stderr
    listed = run("train", "-p", path, "--list")
    assert "in use" in listed.stdout
    assert "A. Officer" in listed.stdout
    assert "learned a head from 35 decisions: kept" in " ".join(run("history", "-p", path).stdout.split())
    explained = json.loads(run("train", "-p", path, "--explain", "--json").stdout)
    assert explained["pending"] == 7
    assert run("train", "-p", path, "--off").exit_code == 0
    assert json.loads(run("train", "-p", path, "--list", "--json").stdout)["in_use"] is None
    assert run("train", "-p", path, "--use", "9").exit_code == 3
    assert run("train", "-p", path, "--off", "--list").exit_code == 2


def test_json_is_the_report(project: Project) -> None:
    found = json.loads(run("train", "-p", project.path, "--json").stdout)
    assert found["decisions"]["learned"] == 35
    assert found["head_in_use"]["number"] == 1
    assert found["head_in_use"]["spec"]["decisions_sha256"].startswith("sha256:")


def test_another_framework_learns_from_its_own_decisions_alone(tmp_path: Path, decided: Path) -> None:
    with create_project(tmp_path / "p.sqlite", "cqc-provider") as project:
        add_files(project, [decided.parent / "survey.csv"], workers=1)
        suggest(project)
        session = ReviewSession(project.store, project.framework, "A", lambda: NOW)
        first, second = project.framework.statements[:2]
        for passage in _passages(project):
            statement = first if any(f in passage.text for f in FLOWERS) else second
            session.decide(passage.id, Decision(Outcome.CODED, ((statement.id, Verdict.ACCEPTED),)))
        report = train(project)
        assert report.guard == {}
        assert report.kept
        assert "no guard set" in report.reason
        assert suggest(project).classifier.endswith("+head1")
