"""``revisions``, ``add --replaces``, ``documents --withdraw`` and what ``show`` says of other versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, Outcome, Verdict
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession

WAIT = (
    "The longest wait for a review of a care plan was nineteen months in the year to March, "
    "and people told us again and again that it was much too long to wait."
)
CALLS = (
    "The carers' centre answered every call it had within one working day of last year, "
    "and nobody who rang was asked to ring again later in the day."
)
STAFF = (
    "Staff told us that supervision takes place every month without fail in every team, "
    "and that what they say in it is written down and comes back to them."
)


def run(*arguments: str | Path, color: bool = False) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], color=color)


def write(path: Path, *paragraphs: str) -> Path:
    path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return path


def decide_all(path: Path) -> None:
    with open_project(path) as project:
        review = ReviewSession(project.store, project.framework, "ann", utc_now)
        for passage in project.store.passages(project.store.documents()[0].id):
            review.decide(passage.id, Decision(Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),)))


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    (tmp_path / "e").mkdir()
    return write(tmp_path / "e/policy.txt", WAIT, CALLS, STAFF)


@pytest.fixture
def project(tmp_path: Path, policy: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    assert add(path, policy).exit_code == 0
    decide_all(path)
    return path


def add(project: Path, *arguments: str | Path) -> Result:
    return run("add", *arguments, "-p", project, "--workers", "1", "--no-suggest")


def test_add_and_revisions_say_what_a_new_version_did(project: Path, policy: Path) -> None:
    write(policy, CALLS, WAIT.replace("nineteen", "eleven"))
    added = add(project, policy)
    assert "1 passage as before (1 decision carried), 1 changed and 1 gone had decisions" in added.stderr
    shown = run("revisions", "e/policy.txt", "-p", project)
    assert shown.exit_code == 0
    assert "1 unchanged, 0 moved, 1 changed, 1 vanished, 0 new. Decisions carried: 1." in shown.output
    changed = shown.output.index("Changed: confirm again (1)")
    gone = shown.output.index("No longer says this (1)")
    assert changed < gone
    assert shown.output.count("evidence-mapper show psg-") == 2
    assert "ann, " in shown.output
    assert f"was: {WAIT}" in shown.output
    assert "Next: evidence-mapper review" in shown.output
    found = json.loads(run("revisions", "e/policy.txt", "-p", project, "--json").stdout)
    assert (found["change"]["carried"], found["change"]["to_confirm"], found["change"]["gone"]) == (1, 1, 1)
    assert [v["newest"] for v in found["versions"]] == [False, True]
    (entry,) = found["changed"]
    assert entry["new"]["text"] == WAIT.replace("nineteen", "eleven")
    passage = run("show", entry["new"]["passage_id"], "-p", project).output
    assert "Changed since: confirm again." in passage
    assert f"then: {WAIT}" in passage
    assert "carried over from" in run("history", "-p", project).output


def test_a_diff_shows_words_with_marks_not_colour_alone(project: Path, policy: Path) -> None:
    write(policy, CALLS, WAIT.replace("nineteen", "eleven"))
    add(project, policy)
    plain = run("revisions", "e/policy.txt", "-p", project, "--diff").output
    assert "was [-nineteen-]{+eleven+} months" in plain
    assert "\x1b" not in plain
    assert (
        "\x1b[31m[-nineteen-]\x1b[0m"
        in run("revisions", "e/policy.txt", "-p", project, "--diff", color=True).output
    )


def test_one_version_and_no_document(project: Path) -> None:
    assert "One version only" in run("revisions", "e/policy.txt", "-p", project).output
    missing = run("revisions", "polcy.txt", "-p", project)
    assert missing.exit_code == 2
    assert "did you mean e/policy.txt" in missing.stderr


def test_replaces_takes_a_file_from_elsewhere(project: Path, tmp_path: Path) -> None:
    newer = write(
        tmp_path / "policy.txt",
        WAIT,
        CALLS,
        STAFF,
        " ".join(["And a fourth thing is said in here as well."] * 3),
    )
    asked = add(project, newer)
    assert "If it is a new version of e/policy.txt" in asked.stderr
    taken = add(project, newer, "--replaces", "e/policy.txt")
    assert taken.exit_code == 0
    assert "3 passages as before (3 decisions carried)" in taken.stderr
    assert "no longer counts as a document of its own" in taken.stderr
    listed = json.loads(run("documents", "-p", project, "--json").stdout)["documents"]
    assert [(d["withdrawn"], d["passages"]) for d in listed] == [(False, 4), (True, 0)]
    assert run("db", "verify", "-p", project).exit_code == 0


def test_withdraw_and_restore(project: Path) -> None:
    assert run("documents", "--withdraw", "-p", project).exit_code == 2
    done = run("documents", "e/policy.txt", "--withdraw", "-p", project, "--coder", "ann")
    assert "no longer counts, as ann says" in done.stderr
    assert "policy.txt (withdrawn)" in run("documents", "-p", project).output
    matrix = run("matrix", "-p", project)
    assert "3 confirmed passages are of documents withdrawn and are not counted" in matrix.stderr
    again = run("documents", "e/policy.txt", "--withdraw", "-p", project)
    assert again.exit_code == 3
    assert "withdrawn already" in again.stderr
    assert run("documents", "e/policy.txt", "--restore", "-p", project).exit_code == 0
    assert "withdrawn" not in run("matrix", "-p", project).stderr
    assert "document-restored" in run("history", "-p", project).output


def test_show_lists_where_else_the_words_stand(project: Path, tmp_path: Path) -> None:
    add(
        project,
        write(
            tmp_path / "other.txt", " ".join(["Quite another beginning of a quite other paper."] * 3), CALLS
        ),
    )
    with open_project(project) as opened:
        passage = list(opened.store.passages(opened.store.documents()[1].id))[1].id
    shown = run("show", passage, "-p", project).output
    assert "The same words stand in 1 other places:" in shown
    assert "e/policy.txt" in shown
    assert "decided by ann" in shown
    assert json.loads(run("show", passage, "-p", project, "--json").stdout)["also_in"] == ["e/policy.txt"]
