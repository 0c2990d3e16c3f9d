"""The main job through the workflow, on real files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.documents import find_document, set_source_type
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project, open_project
from evidence_mapper.workflow.review import ReviewSession, decision_from_suggestion
from evidence_mapper.workflow.suggest import suggest
from evidence_mapper.workflow.why import why

POLICY = """# Reviewing care plans

Everyone with a care plan has a review at least once a year. In the year to March the council completed
reviews on time for seven people in ten, and the longest wait was nineteen months.

# Leaving hospital

A discharge coordinator sits on each ward. People who go home have a plan for the first six weeks, and
the equipment they need is in place before they leave.
"""
COMMENTS = """Area,How was your care?
North,"I waited eight months for someone to come and assess my mother, and nobody rang us in all that time."
South,"The reablement team were wonderful and I can make my own dinner again after six weeks."
East,"My carer changes every week and I never know who will be at the door in the morning."
West,"They could not find anyone who signs, so my daughter had to interpret the whole assessment."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of evidence with two readable files and three that are not."""
    path = tmp_path / "evidence"
    path.mkdir()
    (path / "policy.md").write_text(POLICY, encoding="utf-8")
    (path / "survey.csv").write_text(COMMENTS, encoding="utf-8")
    (path / "empty.txt").write_bytes(b"")
    (path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (path / "picture.bin").write_bytes(bytes(range(256)) * 8)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Yield an open project."""
    with create_project(tmp_path / "p.sqlite") as opened:
        yield opened


def test_every_file_is_read_or_refused_with_a_reason(project: Project, folder: Path) -> None:
    report = add_files(project, [folder], workers=1)
    assert report.added == ["evidence/policy.md", "evidence/survey.csv"]
    assert {r.name: r.code for r in report.refused} == {
        "evidence/broken.pdf": "damaged",
        "evidence/empty.txt": "empty",
        "evidence/picture.bin": "unsupported",
    }
    assert {r.name for r in project.store.refusals()} == {r.name for r in report.refused}
    assert report.passages == project.store.passage_count() > 0


def test_adding_again_changes_nothing(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    before = [p.id for d in project.store.documents() for p in project.store.passages(d.id)]
    report = add_files(project, [folder], workers=1)
    after = [p.id for d in project.store.documents() for p in project.store.passages(d.id)]
    assert (report.added, report.revised, report.passages) == ([], [], 0)
    assert report.unchanged == ["evidence/policy.md", "evidence/survey.csv"]
    assert before == after


def test_same_content_under_another_name_is_said_and_not_counted_twice(
    project: Project, folder: Path
) -> None:
    (folder / "policy copy.md").write_text(POLICY, encoding="utf-8")
    report = add_files(project, [folder], workers=1)
    assert report.duplicates == [("evidence/policy.md", "evidence/policy copy.md")]


def test_changed_file_is_a_new_revision_and_decisions_stay(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    document = find_document(project, "evidence/policy.md")
    first = next(iter(project.store.passages(document.id)))
    session.decide(first.id, Decision(Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),)))
    (folder / "policy.md").write_text(POLICY.replace("nineteen", "eleven"), encoding="utf-8")
    report = add_files(project, [folder], workers=1)
    assert report.revised == ["evidence/policy.md"]
    rows = list(project.store.evidence_rows(confirmed=True))
    assert [r.passage.id for r in rows] == [first.id]
    assert "nineteen" in rows[0].passage.text
    assert rows[0].superseded
    assert rows[0].document.file_sha256 == document.file_sha256


def test_passages_are_the_words_of_their_span(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    for document in project.store.documents():
        for passage in project.store.passages(document.id):
            revision = project.store.revision(passage.revision_id)
            assert passage.span.of(revision.text) == passage.text
    assert project.store.verify() == []


def test_suggest_covers_every_passage_once_and_resumes(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    first = suggest(project)
    assert first.suggested == project.store.passage_count()
    assert suggest(project).suggested == 0
    assert project.store.unsuggested_count(first.run_id) == 0


def test_person_confirms_and_the_matrix_tells_both_apart(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    suggest(project)
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    row = next(
        r
        for r in session.page(QueueFilter(), QueueOrder.LIKELY, 0, 50)
        if r.excerpt.startswith("I waited eight months")
    )
    suggestion = session.card(row.passage_id).suggestion
    assert suggestion is not None
    decision = decision_from_suggestion(suggestion)
    assert decision is not None
    assert "assessing-needs" in decision.accepted()
    before = session.matrix().row("assessing-needs")
    session.decide(row.passage_id, decision)
    after = session.matrix().row("assessing-needs")
    assert (before.confirmed, after.confirmed) == (0, 1)
    assert after.suggested == before.suggested - 1
    undone = session.undo()
    assert undone is not None
    assert session.matrix().row("assessing-needs") == before


def test_set_source_type_is_kept_and_recorded(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    set_source_type(project, "evidence/policy.md", SourceType.STRATEGY, "ann")
    document = find_document(project, "evidence/policy.md")
    assert (document.source_type, document.source_type_by) == (SourceType.STRATEGY, "ann")
    with pytest.raises(UsageError, match=r"did you mean evidence/policy\.md"):
        find_document(project, "evidence/polcy.md")


def test_project_is_never_made_over_another(tmp_path: Path) -> None:
    create_project(tmp_path / "p.sqlite").close()
    with pytest.raises(StoreError, match="exists"):
        create_project(tmp_path / "p.sqlite")


def test_accepting_a_suggestion_takes_what_is_shown(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    suggest(project)
    for document in project.store.documents():
        for passage in project.store.passages(document.id):
            shown = project.store.suggestion(passage.id)
            assert shown is not None
            decision = decision_from_suggestion(shown)
            if decision and decision.outcome is Outcome.CODED:
                assert decision.accepted() == shown.suggested_statements()
                assert shown.polarity is not None
                assert decision.polarity is Polarity(shown.polarity.id)


_JOB = """
import sys
from pathlib import Path
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project, open_project
from evidence_mapper.workflow.suggest import suggest
path = Path(sys.argv[1])
with (open_project(path) if path.exists() else create_project(path)) as project:
    print("ready", flush=True)
    add_files(project, [Path(sys.argv[2])], workers=1)
    suggest(project)
"""


def _state(path: Path) -> list[object]:
    with open_project(path) as project:
        assert project.store.verify() == []
        return [
            (document.name, p.id, p.span, p.text, project.store.suggestion(p.id))
            for document in project.store.documents()
            for p in project.store.passages(document.id)
        ]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's; Windows ends processes another way")
def test_run_killed_at_any_point_and_started_again_ends_with_the_same_result(
    tmp_path: Path, folder: Path
) -> None:
    for number in range(6):
        (folder / f"comments-{number}.csv").write_text(COMMENTS.replace("week", f"week {number}"))
    command = [sys.executable, "-c", _JOB]
    whole = tmp_path / "whole.sqlite"
    subprocess.run([*command, str(whole), str(folder)], check=True, timeout=120, stdout=subprocess.DEVNULL)
    expected = sorted(map(repr, _state(whole)))
    killed = tmp_path / "killed.sqlite"
    for delay in (0.0, 0.15, 0.4, 0.7, 1.0, 1.4):
        process = subprocess.Popen([*command, str(killed), str(folder)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        _state(killed)
    subprocess.run([*command, str(killed), str(folder)], check=True, timeout=120, stdout=subprocess.DEVNULL)
    assert sorted(map(repr, _state(killed))) == expected


def test_why_shows_confirmed_passages_like_it(project: Project, folder: Path) -> None:
    add_files(project, [folder], workers=1)
    suggest(project)
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    rows = session.page(QueueFilter(), QueueOrder.DOCUMENT, 0, 50)
    ids = {r.excerpt[:12]: r.passage_id for r in rows}
    waited, changes = ids["I waited eig"], ids["My carer cha"]
    assert why(project, waited, ("assessing-needs",))[0].neighbours == ()
    for passage_id in (waited, changes):
        session.decide(passage_id, Decision(Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),)))
    first, other = why(project, waited, ("assessing-needs", "equity"))
    assert [n.passage.id for n in first.neighbours] == [changes]
    assert -1 <= first.neighbours[0].similarity <= 1
    assert other.neighbours == ()
