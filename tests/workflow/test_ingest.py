"""Which document a file is, and files that must not be read, or not in silence."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evidence_mapper.cli import reports
from evidence_mapper.domain.coding import Decision, Outcome, Verdict
from evidence_mapper.extract.pool import ExtractionPool
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import IngestReport, add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_evidence
from evidence_mapper.workflow.review import ReviewSession

FIRST = "Seven people in ten had a review of their care plan on time in the year to March."
SECOND = "Eight people in ten had a review of their care plan on time in the year to March."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        yield opened


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def add(project: Project, *paths: Path) -> IngestReport:
    return add_files(project, paths, workers=1)


def texts(project: Project) -> dict[str, list[str]]:
    return {d.name: [p.text for p in project.store.passages(d.id)] for d in project.store.documents()}


# which document a file is --------------------------------------------------------------------------


def test_two_files_of_one_name_in_one_call_are_two_documents(project: Project, tmp_path: Path) -> None:
    write(tmp_path / "a/Q1/report.txt", FIRST)
    write(tmp_path / "b/Q1/report.txt", SECOND)
    report = add(project, tmp_path / "a/Q1", tmp_path / "b/Q1")
    assert (report.added, report.revised) == (["a/Q1/report.txt", "b/Q1/report.txt"], [])
    assert texts(project) == {"a/Q1/report.txt": [FIRST], "b/Q1/report.txt": [SECOND]}


def test_two_files_of_one_name_in_two_calls_are_two_documents(project: Project, tmp_path: Path) -> None:
    first = write(tmp_path / "2024/Q1/report.txt", FIRST)
    second = write(tmp_path / "2025/Q1/report.txt", SECOND)
    assert add(project, first.parent).added == ["Q1/report.txt"]
    report = add(project, second.parent)
    assert (report.added, report.revised) == (["2025/Q1/report.txt"], [])
    assert texts(project) == {"Q1/report.txt": [FIRST], "2025/Q1/report.txt": [SECOND]}
    again = add(project, first.parent, second.parent)
    assert again.unchanged == ["2025/Q1/report.txt", "Q1/report.txt"]
    write(second, SECOND.replace("Eight", "Nine"))
    assert add(project, second).revised == ["2025/Q1/report.txt"]


def test_file_gone_from_a_folder_that_is_there_keeps_its_document(project: Project, tmp_path: Path) -> None:
    first = write(tmp_path / "2024/Q1/report.txt", FIRST)
    add(project, first.parent)
    first.unlink()
    report = add(project, write(tmp_path / "2025/Q1/report.txt", SECOND).parent)
    assert (report.added, report.revised) == (["2025/Q1/report.txt"], [])


def test_new_content_at_the_same_place_is_a_new_version(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "e/sub/report.txt", FIRST)
    add(project, tmp_path / "e")
    write(path, SECOND)
    # Added by another folder, it would be called sub/report.txt; its place tells that it is known.
    report = add(project, path.parent)
    assert (report.added, report.revised) == ([], ["e/sub/report.txt"])
    assert texts(project) == {"e/sub/report.txt": [SECOND]}


def test_evidence_moved_elsewhere_is_known_by_name(project: Project, tmp_path: Path) -> None:
    write(tmp_path / "old/e/report.txt", FIRST)
    write(tmp_path / "old/e/other.txt", "The carers' centre answered every call within a day.")
    add(project, tmp_path / "old/e")
    shutil.move(tmp_path / "old", tmp_path / "new")
    write(tmp_path / "new/e/report.txt", SECOND)
    report = add(project, tmp_path / "new/e")
    assert (report.added, report.revised, report.unchanged) == ([], ["e/report.txt"], ["e/other.txt"])


def test_copy_in_another_place_is_told_as_a_copy(project: Project, tmp_path: Path) -> None:
    add(project, write(tmp_path / "a/Q1/report.txt", FIRST))
    report = add(project, write(tmp_path / "b/Q1/report.txt", FIRST))
    assert report.duplicates == [("b/Q1/report.txt", "Q1/report.txt")]


def test_place_of_a_file_stays_in_the_project(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "e/report.txt", FIRST)
    add(project, path)
    assert project.store.source_paths() == {"e/report.txt": str(path.resolve())}
    passage = next(project.store.passages(project.store.documents()[0].id))
    decide(project, passage.id)
    for ending in ("csv", "jsonl"):
        export = export_evidence(project, tmp_path / f"out.{ending}").path.read_text(encoding="utf-8")
        assert FIRST in export
        assert tmp_path.name not in export
    book = openpyxl.load_workbook(export_evidence(project, tmp_path / "out.xlsx").path)
    cells = [str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row]
    assert any(FIRST in cell for cell in cells)
    assert not any(tmp_path.name in cell for cell in cells)
    assert project.store.verify() == []


def test_renamed_file_is_not_called_a_copy_of_what_replaced_it(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "e/policy.txt", FIRST)
    add(project, path.parent)
    path.rename(path.with_name("policy-old.txt"))
    write(path, SECOND)
    report = add(project, path.parent)
    assert (report.added, report.revised, report.duplicates) == (["e/policy-old.txt"], ["e/policy.txt"], [])
    assert texts(project) == {"e/policy-old.txt": [FIRST], "e/policy.txt": [SECOND]}
    assert add(project, path.parent).unchanged == ["e/policy-old.txt", "e/policy.txt"]
    assert project.store.verify() == []


def test_files_that_swap_their_content_are_both_new_versions(project: Project, tmp_path: Path) -> None:
    one, two = write(tmp_path / "e/one.txt", FIRST), write(tmp_path / "e/two.txt", SECOND)
    add(project, one.parent)
    write(one, SECOND)
    write(two, FIRST)
    assert add(project, one.parent).revised == ["e/one.txt", "e/two.txt"]
    assert texts(project) == {"e/one.txt": [SECOND], "e/two.txt": [FIRST]}


# never in silence ----------------------------------------------------------------------------------


def test_locked_folder_is_refused_until_it_opens(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "e/a.txt", FIRST)
    locked = write(tmp_path / "e/locked/b.txt", SECOND).parent
    listed = os.scandir

    def scandir(path: Any) -> Any:
        if not isinstance(path, int) and Path(path) == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        report = add(project, tmp_path / "e")
    assert [(r.name, r.code) for r in report.refused] == [("e/locked", "unreadable")]
    assert "Permission denied" in report.refused[0].message
    assert [r.name for r in project.store.refusals()] == ["e/locked"]
    assert add(project, tmp_path / "e").added == ["e/locked/b.txt"]
    assert project.store.refusals() == []


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_link_to_nothing_is_refused(project: Project, tmp_path: Path) -> None:
    folder = write(tmp_path / "e/a.txt", FIRST).parent
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (folder / "round.txt").symlink_to(folder / "round.txt")
    report = add(project, folder)
    assert report.added == ["e/a.txt"]
    assert {r.name: r.code for r in report.refused} == {
        "e/gone.txt": "unreadable",
        "e/round.txt": "unreadable",
    }


@pytest.mark.parametrize("gone", [False, True])
def test_file_changed_while_it_is_read_is_refused(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    path = write(tmp_path / "e/a.txt", FIRST)
    read = ExtractionPool.run

    def run(self: ExtractionPool, paths: Any) -> Any:
        for item in read(self, paths):
            if gone:
                path.unlink()
            else:
                write(path, SECOND)
            yield item

    with monkeypatch.context() as patch:
        patch.setattr(ExtractionPool, "run", run)
        report = add(project, path.parent)
    assert (report.added, project.store.documents()) == ([], [])
    assert [r.code for r in report.refused] == ["unreadable" if gone else "changed"]
    if not gone:
        assert report.refused[0].message == "the file was changed while it was read; add it again"
        assert add(project, path.parent).added == ["e/a.txt"]
        assert texts(project) == {"e/a.txt": [SECOND]}
        assert project.store.refusals() == []


def test_number_passed_over_is_said(project: Project, tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden", "~$a.docx", "Thumbs.db", "desktop.ini", "p.sqlite"):
        write(tmp_path / "e" / name, FIRST)
    report = add(project, tmp_path / "e")
    assert reports.ingest_line(report) == (
        "Files: 1 added, 5 passed over (1 hidden, 1 lock file, 1 project file, 2 system file). Passages: 1."
    )
    assert reports.ingest_json(report)["passed_over"] == [
        {"name": f"e/{name}", "reason": reason}
        for name, reason in (
            (".hidden", "hidden"),
            ("Thumbs.db", "system file"),
            ("desktop.ini", "system file"),
            ("p.sqlite", "project file"),
            ("~$a.docx", "lock file"),
        )
    ]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_linked_folder_is_told_by_name(project: Project, tmp_path: Path) -> None:
    folder = write(tmp_path / "e/a.txt", FIRST).parent
    (folder / "more").symlink_to(write(tmp_path / "far/b.txt", SECOND).parent, target_is_directory=True)
    (line,) = reports.ingest_details(add(project, folder))
    assert "e/more" in line
    assert "add that folder itself" in line


# our own exports -----------------------------------------------------------------------------------


def decide(project: Project, passage_id: str) -> None:
    session = ReviewSession(project.store, project.framework, "ann", utc_now)
    session.decide(passage_id, Decision(Outcome.CODED, (("assessing-needs", Verdict.ACCEPTED),)))


@pytest.mark.parametrize(
    ("ending", "coded"), [("csv", True), ("csv", False), ("jsonl", True), ("xlsx", True), ("xlsx", False)]
)
def test_own_export_is_no_evidence(project: Project, tmp_path: Path, ending: str, coded: bool) -> None:
    folder = write(tmp_path / "e/a.txt", FIRST + " " + "And so on and on, at length. " * 900).parent
    add(project, folder)
    if coded:
        decide(project, next(project.store.passages(project.store.documents()[0].id)).id)
    export_evidence(project, folder / f"evidence.{ending}")
    report = add(project, folder)
    assert [(r.name, r.code) for r in report.refused] == [(f"e/evidence.{ending}", "own-export")]
    assert "an evidence list written by this program, not evidence" in report.refused[0].message
    assert report.passages == 0


def test_own_export_saved_again_or_renamed_is_known(project: Project, tmp_path: Path) -> None:
    folder = write(tmp_path / "e/a.txt", FIRST).parent
    add(project, folder)
    decide(project, next(project.store.passages(project.store.documents()[0].id)).id)
    source = export_evidence(project, tmp_path / "evidence.xlsx").path
    openpyxl.load_workbook(source).save(folder / "saved again.xlsx")
    export_evidence(project, tmp_path / "evidence.csv").path.rename(folder / "list.txt")
    export_evidence(project, tmp_path / "evidence.jsonl").path.rename(folder / "lines.txt")
    commas = (folder / "list.txt").read_text(encoding="utf-8-sig")
    write(folder / "semicolons.csv", commas.replace(",", ";"))
    assert {r.name: r.code for r in add(project, folder).refused} == {
        f"e/{name}": "own-export" for name in ("lines.txt", "list.txt", "saved again.xlsx", "semicolons.csv")
    }


def test_what_only_looks_like_an_export_is_read(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "e"
    write(folder / "status.csv", "status,statement,comment\nopen,needs,I waited eight months for a review.\n")
    write(
        folder / "log.txt",
        '{"status": "open", "comment": "I waited eight months for a review of my plan."}\n',
    )
    write(folder / "brace.txt", "{" * 5000 + "\nI waited eight months for a review of my plan.\n")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Evidence"
    sheet.append(["status", "statement", "comment"])
    sheet.append(["open", "needs", "I waited nine months for a review, and nobody rang us in that time."])
    book.save(folder / "evidence.xlsx")
    report = add(project, folder)
    assert report.refused == []
    assert report.added == ["e/brace.txt", "e/evidence.xlsx", "e/log.txt", "e/status.csv"]
