"""``claim`` and ``export --format claims``, from a draft to the fact-check table."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result
from tests.workflow.claim_projects import made
from tests.workflow.pack_samples import CALLS, WAIT, confirm, passage_of

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Polarity
from evidence_mapper.workflow.claims import all_claims
from evidence_mapper.workflow.project import open_project

FIRST = "Carers are answered within a working day."
SECOND = "Nobody waits more than a month."


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with made(tmp_path) as opened:
        confirm(opened, CALLS, polarity=Polarity.STRENGTH)
    return tmp_path / "p.sqlite"


def ids(path: Path) -> tuple[str, str]:
    with open_project(path) as opened:
        return passage_of(opened, CALLS).id, passage_of(opened, WAIT).id


def test_a_claim_from_writing_it_to_withdrawing_it(project: Path) -> None:
    calls, wait = ids(project)
    asked = ("-p", project, "--coder", "ann")
    assert "No claims" in run("claim", "list", "-p", project).stderr
    wrote = run("claim", "add", FIRST, "--statement", "assessing-needs", "--passage", calls, *asked)
    assert wrote.exit_code == 0, wrote.output
    assert "Evidence: 1 for, 0 against." in wrote.stderr
    refused = run("claim", "link", "1", "--against", wait, *asked)
    assert refused.exit_code == 2
    assert f"evidence-mapper review --start {wait}" in refused.stderr
    shown = run("claim", "show", "1", "-p", project).stdout
    assert FIRST in shown
    assert "2025-03-31; marked strength" in shown
    listed = run("claim", "list", "-p", project)
    assert "own voice only" in " ".join(listed.stdout.split())
    assert run("claim", "unlink", "1", calls, *asked).exit_code == 0
    assert run("claim", "edit", "1", SECOND, "--statement", "equity", *asked).exit_code == 0
    assert run("claim", "edit", "1", "--no-statement", "--statement", "equity", *asked).exit_code == 2
    assert run("claim", "withdraw", "1", *asked).exit_code == 0
    assert json.loads(run("claim", "list", "-p", project, "--json").stdout) == []
    (kept,) = json.loads(run("claim", "list", "-p", project, "--withdrawn", "--json").stdout)
    assert (kept["number"], kept["text"], kept["state"]) == (1, SECOND, "withdrawn")
    assert run("claim", "restore", "1", *asked).exit_code == 0
    assert "claim 1 made again" in run("history", "-p", project).output
    assert run("db", "verify", "-p", project).exit_code == 0


def test_check_fits_80_columns_and_says_what_to_do_next(project: Path) -> None:
    calls, _ = ids(project)
    run("claim", "add", FIRST + " " + "And more of it. " * 12, "-p", project, "--coder", "ann")
    run("claim", "add", SECOND, "--passage", calls, "-p", project, "--coder", "ann")
    checked = run("claim", "check", "-p", project, "--months", "1")
    assert checked.exit_code == 0
    lines = checked.stdout.splitlines()
    assert max(len(line) for line in lines if "evidence-mapper" not in line) < 80
    assert "evidence-mapper claim show 1 --candidates" in checked.stdout
    assert "Own voice:" in checked.stderr
    found = json.loads(run("claim", "check", "-p", project, "--json").stdout)
    assert found["claims"] == 2
    assert {(f["claim"], f["kind"]) for f in found["findings"]} >= {(1, "no-evidence"), (2, "own-voice")}
    assert all(f["next"].startswith("evidence-mapper ") for f in found["findings"])


def test_candidates_say_what_a_person_coded_and_what_is_only_suggested(project: Path) -> None:
    calls, wait = ids(project)
    run("claim", "add", "The carers' centre answers calls. People wait too long.", "-p", project)
    shown = run("claim", "show", "1", "--candidates", "-p", project)
    assert shown.exit_code == 0, shown.output
    assert f"{calls}  confirmed; marked strength" in shown.stdout
    assert f"{wait}  NOT CONFIRMED; no suggestion" in shown.stdout
    assert f"evidence-mapper review --start {wait}" in shown.stdout
    found = json.loads(run("claim", "show", "1", "--candidates", "-p", project, "--json").stdout)
    by_id = {c["passage_id"]: c for c in found["candidates"]}
    assert by_id[calls]["polarity"] == "strength"
    assert by_id[wait]["suggested_polarity"] is None
    assert "polarity" not in by_id[wait], "a suggestion never has the name of a coding"


def draft_docx(path: Path, *sentences: str) -> Path:
    document = docx.Document()
    document.add_heading("1. Assessing needs", 1)
    document.add_paragraph(" ".join(sentences))
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Carers assessed this year", "1,204 people"
    document.save(str(path))
    return path


def test_a_word_draft_comes_in_twice_as_one(project: Path, tmp_path: Path) -> None:
    draft = draft_docx(tmp_path / "draft.docx", FIRST, SECOND)
    first = run("claim", "import", draft, "-p", project, "--coder", "ann")
    assert first.exit_code == 0, first.output
    assert "2 new claims, 0 known already" in first.stderr
    assert "table row" in first.stderr, "what is left out is said"
    assert "under assessing-needs, as the draft says" in first.stdout
    draft_docx(draft, SECOND.replace("a month", "six weeks"), FIRST)
    again = run("claim", "import", draft, "-p", project, "--json")
    found = json.loads(again.stdout)
    assert ([c["number"] for c in found["known"]], found["added"]) == ([1], [])
    assert [(c["claim"], c["draft"]) for c in found["changed"]] == [(2, "Nobody waits more than six weeks.")]
    with open_project(project) as opened:
        assert [c.text for c in all_claims(opened)] == [FIRST, SECOND]
        assert not opened.store.document_by_name("draft.docx"), "the draft is no evidence"


def test_a_table_gives_claims_from_one_column(project: Path, tmp_path: Path) -> None:
    sheet = openpyxl.Workbook()
    assert sheet.active is not None
    sheet.active.append(["Statement", "Claim", "Owner"])
    sheet.active.append(["Safeguarding", "=We act within one working day of a concern.", "A"])
    sheet.active.append(["Assessing needs", FIRST, "B"])
    sheet.active["B2"].data_type = "s"
    sheet.save(tmp_path / "claims.xlsx")
    done = run("claim", "import", tmp_path / "claims.xlsx", "-p", project, "--json", "--candidates", "0")
    assert done.exit_code == 0, done.output
    added = json.loads(done.stdout)["added"]
    assert [(c["text"][:7], c["statements"]) for c in added] == [
        ("=We act", ["safeguarding"]),
        (FIRST[:7], ["assessing-needs"]),
    ]
    assert added[1]["origin"]["places"][0]["location"]["row"] == 3
    missing = run("claim", "import", tmp_path / "claims.xlsx", "-p", project, "--column", "Nothing")
    assert missing.exit_code == 2
    assert "Its columns are: Statement; Claim; Owner" in missing.stderr


def test_a_file_that_cannot_be_read_adds_nothing(project: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 not a document")
    (tmp_path / "short.md").write_text("# Draft\n\nNot yet.\n", encoding="utf-8")
    for name, said in (("broken.docx", "broken.docx"), ("short.md", "no sentence"), ("none.md", "no file")):
        failed = run("claim", "import", tmp_path / name, "-p", project)
        assert failed.exit_code == 2
        assert said in failed.stderr
    assert json.loads(run("claim", "list", "-p", project, "--json").stdout) == []


def test_the_table_is_written_in_every_format_and_twice_the_same(project: Path, tmp_path: Path) -> None:
    calls, _ = ids(project)
    run("claim", "add", "=1+1 is what we say.", "--passage", calls, "-p", project, "--coder", "ann")
    run("claim", "add", SECOND, "-p", project, "--coder", "ann")
    for ending in ("xlsx", "csv", "md", "docx"):
        both = [tmp_path / f"{n}.{ending}" for n in ("a", "b")]
        for path in both:
            done = run("export", path, "--format", "claims", "-p", project)
            assert done.exit_code == 0, done.output
        assert both[0].read_bytes() == both[1].read_bytes()
        assert "2 claims with 1 quote; 1 without any.\n" in done.stderr
        assert "Nothing is confirmed yet" not in done.stderr
    csv = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "\n1,'=1+1 is what we say.," in csv
    assert CALLS in csv
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Claims", "Quotes", "About"]
    assert CALLS in str(book["Claims"]["D2"].value)
    assert "no evidence" in str(book["Claims"]["F3"].value)
    assert f"> “{CALLS}”" in (tmp_path / "a.md").read_text(encoding="utf-8")
    refused = run("export", tmp_path / "a.html", "--format", "claims", "-p", project)
    assert refused.exit_code == 2
    assert ".xlsx, .csv, .md, .docx" in refused.stderr
