"""New versions of real files, withdrawn documents, and the same words in several documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.cli import reports
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.domain.version import Fate
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.ingest_report import IngestReport
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_evidence
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.revisions import (
    PUT_IN,
    SAME,
    TAKEN_OUT,
    change_line,
    restore,
    revisions,
    withdraw,
    word_changes,
)

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
CODED = Decision(Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),), evidence_category="processes")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        yield opened


def write(path: Path, *paragraphs: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return path


def add(project: Project, *paths: Path, replaces: str | None = None) -> IngestReport:
    return add_files(project, paths, workers=1, replaces=replaces)


def session(project: Project, coder: str = "ann") -> ReviewSession:
    return ReviewSession(project.store, project.framework, coder, utc_now)


def ids(project: Project, name: str) -> list[str]:
    document = project.store.document_by_name(name)
    assert document is not None
    return [p.id for p in project.store.passages(document.id)]


def test_a_new_version_says_what_was_carried_and_what_needs_a_person(
    project: Project, tmp_path: Path
) -> None:
    path = write(tmp_path / "e/policy.txt", WAIT, CALLS, STAFF)
    add(project, path.parent)
    for passage in ids(project, "e/policy.txt"):
        session(project).decide(passage, CODED)
    write(
        path,
        CALLS,
        " ".join(["Something that was never said before in any of our papers."] * 2),
        WAIT.replace("nineteen", "ten"),
    )
    report = add(project, path.parent)
    (line,) = [line for line in reports.ingest_details(report) if "version" in line]
    assert (
        "e/policy.txt: new version; 1 passage as before (1 decision carried), 1 changed and 1 gone had"
        in line
    )
    assert "`evidence-mapper revisions 'e/policy.txt'`" in line
    found = revisions(project, "e/policy.txt")
    assert [v.newest for v in found.versions] == [False, True]
    assert found.change is not None
    assert change_line("x", found.change).startswith("x: new version; 1 passage as before")
    (changed,), (gone,) = found.changed, found.vanished
    assert changed.new is not None
    assert (changed.old.text, changed.new.text) == (WAIT, WAIT.replace("nineteen", "ten"))
    assert gone.old.text == STAFF
    card = session(project).card(changed.new.id)
    assert card.mine is None
    assert [e.passage.text for e in card.earlier] == [WAIT]
    carried = session(project).card(ids(project, "e/policy.txt")[0])
    assert carried.mine is not None
    assert carried.mine.carried is not None
    assert project.store.verify() == []


def test_the_record_never_shows_a_carried_decision_as_a_new_one(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "e/policy.txt", WAIT)
    add(project, path)
    made = session(project).decide(ids(project, "e/policy.txt")[0], CODED)
    write(path, CALLS, WAIT)
    add(project, path)
    newest = project.store.history(limit=1)[0]
    assert newest.action is EventAction.CARRIED
    assert newest.payload["carried"]["decided_at"] == made.at
    export = export_evidence(project, tmp_path / "out.csv").path.read_text("utf-8")
    times = [line for line in export.splitlines() if made.at in line]
    assert len(times) == 2, "the old row and the carried one are both of the time of the decision"


def test_a_file_elsewhere_is_asked_about_and_replaces_on_a_persons_word(
    project: Project, tmp_path: Path
) -> None:
    write(tmp_path / "2024/Q1/report.txt", WAIT, CALLS)
    add(project, tmp_path / "2024/Q1")
    first = ids(project, "Q1/report.txt")
    session(project).decide(first[0], CODED)
    newer = write(tmp_path / "2025/Q1/report.txt", WAIT, CALLS, STAFF)
    report = add(project, newer.parent)
    assert report.namesakes == [("2025/Q1/report.txt", "Q1/report.txt")]
    assert any("--replaces 'Q1/report.txt'" in line for line in reports.ingest_details(report))
    report = add(project, newer, replaces="Q1/report.txt")
    assert report.revised == ["Q1/report.txt"]
    (card, *_) = [session(project).card(p) for p in ids(project, "Q1/report.txt")]
    assert card.mine is not None
    # The file that was replaced lies where it did: it is no document of its own again.
    withdraw(project, "2025/Q1/report.txt", "ann")
    again = add(project, tmp_path / "2024/Q1", tmp_path / "2025/Q1")
    assert (again.added, again.revised) == ([], [])
    assert again.earlier == [("2024/Q1/report.txt", "Q1/report.txt")]
    assert again.unchanged == ["Q1/report.txt"]
    assert project.store.verify() == []


def test_what_cannot_replace_says_why(project: Project, tmp_path: Path) -> None:
    add(project, write(tmp_path / "e/one.txt", WAIT), write(tmp_path / "e/two.txt", CALLS))
    session(project).decide(ids(project, "e/two.txt")[0], CODED)
    with pytest.raises(UsageError, match="no document 'three'"):
        add(project, tmp_path / "e/two.txt", replaces="three")
    with pytest.raises(UsageError, match="takes one file, and 2"):
        add(project, tmp_path / "e", replaces="e/one.txt")
    with pytest.raises(UsageError, match=r"1 decision.*--withdraw"):
        add(project, tmp_path / "e/two.txt", replaces="e/one.txt")
    assert len(project.store.documents()) == 2
    assert [len(project.store.versions(d.id)) for d in project.store.documents()] == [1, 1]


def test_a_withdrawn_document_comes_back(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "e/policy.txt", WAIT)
    add(project, path)
    session(project).decide(ids(project, "e/policy.txt")[0], CODED)
    withdraw(project, "e/policy.txt", "ann", "a draft")
    assert project.store.matrix().row("assessing-needs").confirmed == 0
    assert add(project, path).unchanged == ["e/policy.txt"]
    restore(project, "e/policy.txt", "bob")
    assert project.store.matrix().row("assessing-needs").confirmed == 1
    assert [e.action for e in project.store.history(limit=2)] == [EventAction.RESTORED, EventAction.WITHDRAWN]
    with pytest.raises(UsageError, match="no document"):
        withdraw(project, "none.txt", "ann")


def test_twins_are_decided_in_one_action(project: Project, tmp_path: Path) -> None:
    add(
        project,
        *(
            write(tmp_path / f"e/paper-{n}.txt", f"Paper number {n} on another subject. " * 4, CALLS)
            for n in range(4)
        ),
    )
    passage = ids(project, "e/paper-0.txt")[1]
    mine = session(project)
    assert mine.card(passage).also_in == ("e/paper-1.txt", "e/paper-2.txt", "e/paper-3.txt")
    with pytest.raises(UsageError, match="decide on it first"):
        mine.decide_twins(passage)
    other = ids(project, "e/paper-3.txt")[1]
    mine.decide(other, Decision(Outcome.NONE))
    mine.decide(passage, CODED)
    events = mine.decide_twins(passage)
    assert [e.subject for e in events] == [ids(project, f"e/paper-{n}.txt")[1] for n in (1, 2)]
    assert mine.decide_twins(passage) == []
    assert project.store.matrix().row("assessing-needs").confirmed == 3
    assert mine.undo() is not None
    assert project.store.matrix().row("assessing-needs").confirmed == 1
    held = mine.card(other).mine
    assert held is not None
    assert held.decision.outcome is Outcome.NONE
    assert project.store.verify() == []


texts = st.text(st.sampled_from("ab c.\n"), max_size=30)


@given(texts, texts)
def test_word_changes_hold_both_texts(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert "".join(text for mark, text in pieces if mark != PUT_IN) == old
    assert "".join(text for mark, text in pieces if mark != TAKEN_OUT) == new
    assert all(mark == SAME for mark, _ in word_changes(old, old))


def test_word_changes_are_words() -> None:
    pieces = word_changes("It took nineteen months.", "It took eleven months.")
    assert pieces == [(SAME, "It took "), (TAKEN_OUT, "nineteen"), (PUT_IN, "eleven"), (SAME, " months.")]


def test_a_first_version_has_no_change(project: Project, tmp_path: Path) -> None:
    add(project, write(tmp_path / "e/policy.txt", WAIT))
    found = revisions(project, "e/policy.txt")
    assert (len(found.versions), found.change, found.changed, found.vanished) == (1, None, (), ())
    assert Fate.VANISHED.carries is False
