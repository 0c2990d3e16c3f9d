"""Reading again what an older version of the program read, as a person would."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.extract.plain import PlainExtractor
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession

LETTER = "The longest wait for a review of a care plan was nineteen months in the year to March last year."
ROWS = "Ref,Age,What helped?,What one idea do you have?\n" + "".join(
    f"{n},65-74,The person on the phone explained the form to me {n} times and rang back.,More parking {n}\n"
    for n in range(1, 5)
)
OTHER = "Team,Comment\n" + "".join(
    f"North {n},We waited a long time for an answer to the question we asked {n} weeks before.\n"
    for n in range(1, 5)
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    return path


def add(project: Path, *more: object) -> Result:
    return run("add", *more, "-p", project, "--workers", "1", "--no-suggest")


def read_by_an_older_reader(project: Path, text: str) -> None:
    """Make every reading one of an older reader, and every text file's another than today's."""
    with closing(sqlite3.connect(project)) as connection:
        connection.execute("UPDATE revisions SET extractor = 'text/0'")
        connection.commit()
    with open_project(project) as opened:
        (document,) = opened.store.documents()
        (passage,) = opened.store.passages(document.id)
        assert passage.text == text


def test_what_an_older_reader_read_is_named_and_read_again(tmp_path: Path, project: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(LETTER)
    add(project, letter)
    assert "older version" not in add(project, letter).stderr
    read_by_an_older_reader(project, LETTER)
    says = "1 document was read by an older version of this program"
    assert says in add(project, letter).stderr
    assert says in run("documents", "-p", project).stderr
    doctor = run("doctor", "-p", project).stdout
    assert says in doctor
    assert "evidence-mapper add --reread" in doctor
    again = add(project, "--reread")
    assert again.exit_code == 0
    assert "1 read again with the same result" in again.stderr
    assert "Nothing was read" in add(project, "--reread").stderr
    assert says not in run("documents", "-p", project).stderr
    assert PlainExtractor.name in run("revisions", "letter.txt", "-p", project).stdout


def test_another_reading_stands_beside_the_one_decided_on(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(f"{LETTER}\n\nComment: {LETTER.replace('nineteen', 'seven')}\n")
    add(project, letter)
    with open_project(project) as opened:
        (document,) = opened.store.documents()
        passages = list(opened.store.passages(document.id))
        session = ReviewSession(opened.store, opened.framework, "ann", utc_now)
        for passage in passages:
            session.decide(passage.id, Decision(Outcome.NONE))
    # What an older reader read: the same file, the second paragraph otherwise.
    with closing(sqlite3.connect(project)) as connection:
        connection.execute("UPDATE revisions SET extractor = 'text/0', text_sha256 = 'sha256:other'")
        connection.commit()
    again = add(project, "--reread", "--json")
    assert json.loads(again.stdout)["reread_beside"] == [document.name]
    assert "read anew, beside the reading before" in again.stderr
    many = len(passages)
    assert f"{many} decision{'s' if many > 1 else ''} carried" in again.stderr
    shown = run("revisions", document.name, "-p", project)
    assert shown.stdout.count(PlainExtractor.name) == 1
    assert "text/0" in shown.stdout
    with open_project(project) as opened:
        now = list(opened.store.passages(document.id))
        assert [[d.coder for d in opened.store.decisions(p.id)] for p in now] == [["ann"]] * many
        assert {p.id for p in now}.isdisjoint(p.id for p in passages)


def test_a_file_that_is_gone_is_named_and_stays(tmp_path: Path, project: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(LETTER)
    add(project, letter)
    read_by_an_older_reader(project, LETTER)
    letter.unlink()
    again = add(project, "--reread")
    assert again.exit_code == 0
    assert "its file is not where it was added from" in again.stderr
    assert run("db", "verify", "-p", project).exit_code == 0


def test_without_a_path_only_a_reread_has_something_to_read(project: Path) -> None:
    result = run("add", "-p", project)
    assert result.exit_code == 2
    assert "--reread" in result.output


def _bundle(path: Path, rows: str = ROWS) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("survey.csv", rows)
        archive.writestr("other.csv", OTHER)
        archive.writestr(
            "note.txt", "A short note on the two files of this bundle, for whoever opens it first."
        )
    return path


def texts(project: Path, end: str) -> list[str]:
    with open_project(project) as opened:
        (document,) = (d for d in opened.store.documents() if d.name.endswith(end))
        return [p.text for p in opened.store.passages(document.id)]


def test_a_column_named_reaches_the_tables_of_an_archive(tmp_path: Path, project: Path) -> None:
    bundle = _bundle(tmp_path / "bundle.zip")
    assert add(project, bundle).exit_code == 0
    named = add(project, bundle, "--comments", "What one idea")
    assert named.exit_code == 0, "a table without the column is judged as ever"
    assert "(as you named them)" in named.stderr
    assert texts(project, "survey.csv") == [f"More parking {n}" for n in range(1, 5)]
    assert len(texts(project, "other.csv")) == 4
    # The choice outlives a new version of the archive, and a name that no table has.
    wrong = add(project, bundle, "--comments", "Nonsense")
    assert wrong.exit_code == 1
    assert "bundle.zip: no table in it has a column 'Nonsense'" in wrong.stderr
    assert texts(project, "survey.csv")[0] == "More parking 1"
    _bundle(bundle, ROWS + "5,18-24,Nobody told us where the new office is or when it opens.,Text us\n")
    assert add(project, bundle).exit_code == 0
    assert texts(project, "survey.csv")[-1] == "Text us"
    assert run("db", "verify", "-p", project).exit_code == 0


def test_a_column_named_reaches_an_attachment(tmp_path: Path, project: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Subject"], message["Date"] = "Survey", "Mon, 5 Jan 2026 10:00:00 +0000"
    message.set_content("Please find the survey attached; it was run in the autumn with two hundred carers.")
    message.add_attachment(ROWS.encode(), maintype="text", subtype="csv", filename="survey.csv")
    (tmp_path / "mail.eml").write_bytes(bytes(message))
    assert add(project, tmp_path / "mail.eml", "--comments", "D").exit_code == 0
    assert texts(project, "survey.csv") == [f"More parking {n}" for n in range(1, 5)]


def test_what_is_not_read_says_what_would_read_it(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    monkeypatch.setenv("EVIDENCE_MAPPER_TESSERACT", "off")
    papers = tmp_path / "papers"
    papers.mkdir()
    Image.new("L", (900, 1200), 200).save(papers / "scan.pdf", "PDF")
    Image.new("L", (900, 1200), 200).save(papers / "photo.png")
    (papers / "empty.txt").write_bytes(b"")
    (papers / "sheet.xyz").write_bytes(bytes(range(256)) * 9)
    (papers / "broken.pdf").write_bytes(b"%PDF-1.7\nno more")
    listed = tmp_path / "failures.csv"
    result = add(project, papers, "--failures", listed)
    assert result.exit_code == 1
    rows = {
        line.split(",")[0].rpartition("/")[2]: line for line in listed.read_text("utf-8-sig").splitlines()
    }
    for name in ("scan.pdf", "photo.png"):
        assert "needs-ocr" in rows[name]
        assert rows[name].count("evidence-mapper doctor") == 2, "in the reason and in what to do"
        assert "tesseract" in rows[name]
    assert "LibreOffice" in rows["sheet.xyz"]
    assert "copy it again" in rows["empty.txt"]
    assert "save a new copy" in rows["broken.pdf"]
