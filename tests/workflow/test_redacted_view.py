"""Cases, audits, searches and comparisons on a screen with names replaced, and the files they write."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from tests.store.builders import coded
from tests.workflow.audit_projects import VOICE, audits_csv
from tests.workflow.pack_samples import passage_of, write
from tests.workflow.test_released import words_of

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.workflow import cases
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project, open_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.review import ReviewSession

WAIT = "12/03/2025 J. Lowther, SW: Contact. Mrs Threlkeld waited nine weeks for her assessment of needs."
WISH = "Pauline Threlkeld: “I want my mother Edith home before Easter.” Assessment of needs booked."
NAMES = ("Threlkeld", "Edith", "Pauline", "Lowther", "AB-1", "Villiers", "960123")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a project of one case with a decision, an audit with names in its comment, and a claim."""
    papers = tmp_path / "cases" / "AB-1"
    head = "CASE NOTES\n\nPerson: Edith Threlkeld\n\nAge: 93\n\nTeam: North"
    write(papers / "01-notes-threlkeld.txt", head, WAIT)
    write(papers / "02-assessment.txt", "Care Act assessment of needs: Edith Threlkeld", WISH)
    write(tmp_path / "policy.txt", "Assessment policy", "Everybody who asks is seen within 28 days at most.")
    line = (
        "AB-1",
        "R. Villiers",
        "2025-04-01",
        VOICE,
        "Good",
        "Nothing of what Pauline Threlkeld said is kept.",
    )
    audits = audits_csv(tmp_path / "audits.csv", [line])
    target = tmp_path / "p.sqlite"
    with create_project(target) as project:
        add_files(project, [tmp_path / "cases", tmp_path / "policy.txt"], workers=1)
        cases.group(project, cases.by_folder(project, "cases"), coder="Ann")
        session = ReviewSession(project.store, project.framework, "Ann", utc_now)
        passage = passage_of(project, WAIT)
        session.decide(passage.id, coded("assessing-needs"))
        add_claim(project, "Mrs Threlkeld waited nine weeks.", coder="Ann", passages=(passage.id,))
    run("audit", "import", str(audits), path=target, exit_code=1)  # one question of eight is answered
    return target


def run(*arguments: str, path: Path, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, [*arguments, "--project", str(path)], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def named(text: str, *more: str) -> list[str]:
    return [name for name in (*NAMES, *more) if name in text]


@pytest.mark.parametrize(
    "arguments",
    [
        ("case", "list"),
        ("case", "show", "AB-1"),
        ("case", "journey", "AB-1", "--quotes", "--all"),
        ("case", "coverage", "AB-1"),
        ("case", "matrix"),
        ("search", "assessment of needs", "--words"),
        ("audit", "check", "--quotes"),
        ("audit", "figures"),
        ("audit", "sample", "--seed", "7"),
        ("case", "pick", "--dry-run"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_screen_names_people_and_with_redacted_nobody(
    path: Path, arguments: tuple[str, ...], form: tuple[str, ...]
) -> None:
    assert named(run(*arguments, *form, path=path))
    shown = run(*arguments, *form, "--redacted", path=path)
    assert not named(shown)
    if form:
        json.loads(
            shown[: shown.rindex("\n", 0, shown.rindex("Findings are"))] if "Findings are" in shown else shown
        )


def test_great_ages_are_not_shown_and_the_case_goes_by_its_number(path: Path) -> None:
    shown = run("case", "show", "AB-1", "--redacted", path=path)
    assert "93" not in shown
    assert "[90 or over]" in shown
    assert "Case 1" in shown


def test_comparing_shows_no_names(path: Path) -> None:
    arguments = ("compare", str(path), "--at", "2020-01-01")
    plain = CliRunner().invoke(main, [*arguments]).output
    shown = CliRunner().invoke(main, [*arguments, "--redacted"]).output
    assert "Threlkeld waited" in plain
    assert not named(shown)
    assert "waited nine weeks" in shown


def test_a_workbook_of_findings_leaves_without_names_unless_asked(path: Path, tmp_path: Path) -> None:
    said = run("audit", "check", "--xlsx", str(tmp_path / "m.xlsx"), path=path)
    assert "Names are replaced" in said
    assert not named(words_of(tmp_path / "m.xlsx"))
    assert "case 1" in words_of(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert any("Names are replaced" in str(c.value) for row in book["About"] for c in row)
    asked = ("audit", "check", "--xlsx", str(tmp_path / "n.xlsx"), "--identifiable", "--coder", "Bea")
    run(*asked, path=path)
    assert "Pauline Threlkeld" in words_of(tmp_path / "n.xlsx")
    with open_project(path) as project:
        [event] = project.store.entries([EventAction.RELEASED])
        assert (event.coder, event.payload["words"]) == ("Bea", "exported n.xlsx with names")


def test_identifiable_goes_with_a_file(path: Path) -> None:
    assert "--xlsx FILE" in run("audit", "check", "--identifiable", path=path, exit_code=2)


def test_claims_and_notes_leave_without_names_unless_asked(path: Path, tmp_path: Path) -> None:
    with open_project(path) as project:
        for name, kind in (("c.md", "claims"), ("p.md", "self-assessment"), ("c.xlsx", "claims")):
            report = export_as_asked(project, tmp_path / name, kind, ExportRequest())
            assert not named(words_of(report.path)), name
        asked = ExportRequest(identifiable=True, coder="Ann")
        report = export_as_asked(project, tmp_path / "n.md", "claims", asked)
        assert "Mrs Threlkeld waited nine weeks." in words_of(report.path)


def test_a_claim_on_no_story_leaves_without_whom_it_names(path: Path, tmp_path: Path) -> None:
    with open_project(path) as project:
        add_claim(project, "Everybody is seen in 28 days, as Mrs Threlkeld was.", coder="Ann")
        report = export_as_asked(project, tmp_path / "c.md", "claims", ExportRequest())
        assert "Everybody is seen in 28 days" in words_of(report.path)
        assert not named(words_of(report.path))
