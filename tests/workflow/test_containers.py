"""Archives and messages in a project: every file inside is a document, and nothing is said twice."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.pool import ExtractionPool
from evidence_mapper.workflow import intake
from evidence_mapper.workflow.ingest import IngestReport, add_files
from evidence_mapper.workflow.intake import SAID_ELSEWHERE
from evidence_mapper.workflow.project import Project, create_project

FIRST = "Seven people in ten had a review of their care plan on time in the year to March."
SECOND = "Eight people in ten had a review of their care plan on time in the year to March."
THIRD = "Nine people in ten said that the carers' centre had rung them back within a day."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        yield opened


def archive(path: Path, members: Mapping[str, bytes | str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(members))
    return path


def packed(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def mail(text: str, *, number: int = 1, received: str = "", **attached: bytes) -> bytes:
    message = EmailMessage()
    if received:
        message["Received"] = received
    message["From"] = f"Person {'ABCDEFGHIJ'[number % 10]} <p{number}@c.example>"
    message["To"] = "team@c.example"
    message["Date"] = f"Tue, {number:02} Apr 2025 10:30:00 +0000"
    message["Subject"] = "Waits"
    message["Message-ID"] = f"<{number}@c.example>"
    message.set_content(text)
    for name, data in attached.items():
        message.add_attachment(data, maintype="text", subtype="plain", filename=f"{name}.txt")
    return message.as_bytes()


def add(project: Project, *paths: Path) -> IngestReport:
    return add_files(project, paths, workers=1)


def texts(project: Project) -> dict[str, list[str]]:
    return {d.name: [p.text for p in project.store.passages(d.id)] for d in project.store.documents()}


def test_every_file_inside_is_a_document_with_its_own_hash(project: Project, tmp_path: Path) -> None:
    inner = packed({"deep/b.txt": SECOND})
    letter = mail("Please find the note attached, as we said on Monday.", note=THIRD.encode())
    path = archive(tmp_path / "e/bundle.zip", {"reports/a.txt": FIRST, "inner.zip": inner, "m.eml": letter})
    report = add(project, path)
    assert sorted(report.added) == [
        "e/bundle.zip/inner.zip/deep/b.txt",
        "e/bundle.zip/m.eml",
        "e/bundle.zip/m.eml/note.txt",
        "e/bundle.zip/reports/a.txt",
    ]
    assert report.containers == [
        ("e/bundle.zip", 3),
        ("e/bundle.zip/inner.zip", 1),
        ("e/bundle.zip/m.eml", 1),
    ]
    found = texts(project)
    assert found["e/bundle.zip/inner.zip/deep/b.txt"] == [SECOND]
    assert found["e/bundle.zip/m.eml/note.txt"] == [THIRD]
    hashes = [d.file_sha256 for d in project.store.documents()]
    assert len(set(hashes)) == 4
    facts = project.store.facts()
    assert facts["e/bundle.zip/m.eml/note.txt"]["container"] == "e/bundle.zip/m.eml"
    assert project.store.verify() == []
    again = add(project, path)
    assert (again.added, again.revised, sorted(again.unchanged)) == ([], [], sorted(report.added))


def test_same_bytes_loose_and_inside_are_one_document_with_both_paths(
    project: Project, tmp_path: Path
) -> None:
    archive(tmp_path / "e/bundle.zip", {"reports/a.txt": FIRST, "b.txt": SECOND})
    (tmp_path / "e/a.txt").write_text(FIRST)
    report = add(project, tmp_path / "e")
    assert report.added == ["e/a.txt", "e/bundle.zip/b.txt"]
    assert report.duplicates == [("e/bundle.zip/reports/a.txt", "e/a.txt")]
    kept = {r.document.name: r.copies for r in project.store.document_progress("ann")}
    assert kept == {"e/a.txt": ("e/bundle.zip/reports/a.txt",), "e/bundle.zip/b.txt": ()}
    # Once the loose file says something else, the one inside stands for what it was.
    (tmp_path / "e/a.txt").write_text(THIRD)
    report = add(project, tmp_path / "e")
    assert (report.revised, report.added) == (["e/a.txt"], ["e/bundle.zip/reports/a.txt"])
    assert {r.document.name: r.copies for r in project.store.document_progress("ann")}["e/a.txt"] == ()
    assert project.store.verify() == []


def test_archives_of_one_name_from_two_places_are_two(project: Project, tmp_path: Path) -> None:
    first = archive(tmp_path / "2024/Q1/b.zip", {"a.txt": FIRST})
    second = archive(tmp_path / "2025/Q1/b.zip", {"a.txt": SECOND})
    assert add(project, first).added == ["Q1/b.zip/a.txt"]
    report = add(project, second)
    assert (report.added, report.revised) == (["2025/Q1/b.zip/a.txt"], [])
    archive(first, {"a.txt": THIRD})
    assert add(project, first).revised == ["Q1/b.zip/a.txt"]
    assert texts(project) == {"Q1/b.zip/a.txt": [THIRD], "2025/Q1/b.zip/a.txt": [SECOND]}


def test_what_cannot_be_read_inside_is_named_and_forgotten_once_it_is_right(
    project: Project, tmp_path: Path
) -> None:
    path = archive(tmp_path / "e/b.zip", {"a.txt": FIRST, "bad.pdf": b"%PDF-1.4 nothing", "x/none.txt": b""})
    report = add(project, path)
    assert report.added == ["e/b.zip/a.txt"]
    assert {r.name: r.code for r in project.store.refusals()} == {
        "e/b.zip/bad.pdf": "damaged",
        "e/b.zip/x/none.txt": "empty",
    }
    archive(path, {"a.txt": FIRST, "bad.pdf": SECOND.encode()})
    assert add(project, path).added == ["e/b.zip/bad.pdf"]
    assert project.store.refusals() == []


def test_litter_inside_is_passed_over_and_counted(project: Project, tmp_path: Path) -> None:
    names = ("__MACOSX/._a.txt", ".DS_Store", "x/Thumbs.db", "~$plan.docx", "p.sqlite")
    path = archive(tmp_path / "e/b.zip", {"a.txt": FIRST, **dict.fromkeys(names, b"x")})
    report = add(project, path)
    assert report.added == ["e/b.zip/a.txt"]
    assert {name for name, _ in report.passed_over} == {f"e/b.zip/{name}" for name in names}
    assert report.refused == []


def test_archives_in_archives_have_one_budget_and_a_depth(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    level: dict[str, bytes | str] = {"0.txt": FIRST}
    for depth in range(1, 5):
        level = {f"{depth}.zip": packed(level), f"{depth}.txt": f"{depth} {SECOND}"}
    path = archive(tmp_path / "e/deep.zip", level)
    init = intake.Intake.__init__

    def limited(self: intake.Intake, *given: Any) -> None:
        project_, report_, known, threads, _, progress = given
        init(
            self, project_, report_, known, threads, Limits(container_depth=3, container_members=8), progress
        )

    monkeypatch.setattr(intake.Intake, "__init__", limited)
    report = add(project, path)
    assert [r.name for r in report.refused] == ["e/deep.zip/4.zip/3.zip/2.zip"]
    assert "lies 4 deep in other files" in report.refused[0].message
    assert len(report.added) == 3
    wide = {f"{n}.zip": packed({f"{m}.txt": f"{n}{m} {THIRD}" for m in range(4)}) for n in range(3)}
    report = add(project, archive(tmp_path / "e/wide.zip", wide))
    assert [r.code for r in report.refused] == ["limit", "limit"]
    assert len(report.added) == 4


def test_attachments_that_an_interrupted_run_left_are_read_by_the_next(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e/m.eml"
    path.parent.mkdir()
    path.write_bytes(mail(FIRST, note=SECOND.encode()))
    read = ExtractionPool.run

    def interrupted(self: ExtractionPool, sources: Any) -> Any:
        for source, result in read(self, sources):
            if not isinstance(source, Path):
                raise KeyboardInterrupt
            yield source, result

    with monkeypatch.context() as patch:
        patch.setattr(ExtractionPool, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            add(project, path)
    assert list(texts(project)) == ["e/m.eml"]
    report = add(project, path)
    assert (report.unchanged, report.added) == (["e/m.eml"], ["e/m.eml/note.txt"])
    assert texts(project) == {"e/m.eml": [FIRST], "e/m.eml/note.txt": [SECOND]}


# threads ---------------------------------------------------------------------------------------------

SAID = [
    f"Message {word}: the wait in area {number} is {number + 3} weeks, and families say it feels longer."
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
]


def thread(number: int) -> str:
    """Return the text of a reply that repeats everything before it, as Outlook does."""
    text = SAID[number - 1]
    for earlier in range(number - 1, 0, -1):
        text += (
            f"\n\n________________________________\nFrom: Person {'ABCDEFGHIJ'[earlier % 10]} <p@c.example>\n"
            f"Sent: {earlier:02} April 2025 10:30\nTo: team@c.example\nSubject: Waits\n\n{SAID[earlier - 1]}"
        )
    return text


def test_a_thread_saved_ten_times_says_each_thing_once(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    numbers = list(range(1, 11))
    random.Random(7).shuffle(numbers)
    for place, number in enumerate(numbers):
        (folder / f"{place}.eml").write_bytes(mail(thread(number), number=number))
    add(project, folder)
    found = [text for passages in texts(project).values() for text in passages]
    assert sorted(found) == sorted(SAID)
    assert add(project, folder).passages == 0
    last = next(d for d in project.store.documents() if texts(project)[d.name] == [SAID[9]])
    assert sum(e.reason.value == "quoted" for e in project.store.exclusions(last.id)) == 18
    assert project.store.verify() == []


def test_quoted_words_that_are_nowhere_else_stay_and_say_whose_they_are(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "e/last.eml"
    path.parent.mkdir()
    path.write_bytes(mail(thread(3), number=3))
    add(project, path)
    assert texts(project) == {"e/last.eml": [SAID[2], SAID[1], SAID[0]]}
    (document,) = project.store.documents()
    places = [p.location.label() for p in project.store.passages(document.id)]
    assert places == ["para. 1", "para. 2, quoted reply, Person C", "para. 3, quoted reply, Person B"]


def test_one_message_saved_by_two_people_is_one_document(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "ann.eml").write_bytes(mail(FIRST, received="from a by b"))
    (folder / "bob.eml").write_bytes(mail(FIRST, received="from a by c"))
    report = add(project, folder)
    assert (report.added, report.duplicates) == (["e/ann.eml"], [("e/bob.eml", "e/ann.eml")])
    kept = {r.document.name: r.copies for r in project.store.document_progress("ann")}
    assert kept == {"e/ann.eml": ("e/bob.eml",)}


def test_a_message_that_only_forwards_what_is_there_is_passed_over(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "one.eml").write_bytes(mail(SAID[0], number=1))
    forwarded = thread(2).removeprefix(SAID[1]).lstrip("\n")
    (folder / "two.eml").write_bytes(mail(forwarded, number=2))
    report = add(project, folder)
    assert report.added == ["e/one.eml"]
    assert report.passed_over == [("e/two.eml", SAID_ELSEWHERE)]


def test_what_lies_inside_is_read_again_on_request(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "e/b.zip", {"a.txt": FIRST, "b.txt": SECOND})
    add(project, path)
    asked: list[str] = []
    read = ExtractionPool.run

    def noted(self: ExtractionPool, sources: Any) -> Any:
        for source, result in read(self, sources):
            asked.append(source.name)
            yield source, result

    monkeypatch.setattr(ExtractionPool, "run", noted)
    add_files(project, [path], workers=1, reread=True)
    assert asked == ["b.zip", "a.txt", "b.txt"]
    assert texts(project) == {"e/b.zip/a.txt": [FIRST], "e/b.zip/b.txt": [SECOND]}


def test_moved_archive_is_known_by_name(project: Project, tmp_path: Path) -> None:
    archive(tmp_path / "old/e/b.zip", {"a.txt": FIRST})
    add(project, tmp_path / "old/e")
    shutil.move(tmp_path / "old", tmp_path / "new")
    archive(tmp_path / "new/e/b.zip", {"a.txt": SECOND})
    report = add(project, tmp_path / "new/e")
    assert (report.added, report.revised) == ([], ["e/b.zip/a.txt"])
