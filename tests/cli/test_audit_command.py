"""``audit`` from the command line: map, import, check, answer, sample, figures."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from tests.workflow.audit_projects import CARERS, VOICE, audits_csv, record

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.workflow.project import create_project, open_project

COPIED = "Clear sense of who the person is, with her own words used to open and close."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    with create_project(path) as project:
        record(project, "papers/BK-1/notes.txt", ["The lane is long and the gate was open when we came."])
        record(project, "papers/BK-2/notes.txt", ['At home. "I want to get up when I get up," she said.'])
    return path


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    return audits_csv(
        tmp_path / "audits.csv",
        [
            ("BK-1", "Ann Bee", "2025-03-03", CARERS, "Good", "All fine."),
            ("BK-1", "Ann Bee", "2025-03-03", VOICE, "Met", COPIED),
            ("BK-2", "Cy Dee", "2025-04-03", VOICE, "Met", COPIED),
            ("BK-2", "Ann Bee", "2025-04-09", VOICE, "Partly met", "Said once."),
        ],
    )


def call(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", arguments[0], "-p", str(path), *arguments[1:]])


@pytest.fixture
def imported(path: Path, forms: Path) -> Path:
    result = call(path, "import", str(forms), "--coder", "mo")
    assert "3 forms new" in result.stderr
    assert result.exit_code == 1, "six questions of the mapping are in no form"
    assert "no form answers q2, q4" in result.stderr
    return path


def findings(path: Path, *more: str) -> list[dict[str, object]]:
    result = call(path, "check", "--json", *more)
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout)["findings"])


def test_check_lists_findings_with_quotes_and_counts(imported: Path) -> None:
    result = call(imported, "check", "--quotes")
    assert "3 forms on 2 cases, 4 graded answers, 3 findings." in result.stdout
    assert "Graded good, nothing in the record: 2" in result.stdout
    assert "The same comment on several cases: 1" in result.stdout
    assert f"  q1  {VOICE}" in result.stdout
    assert f"> “{COPIED}”" in result.stdout
    assert "audits.csv, row 4, col E (on BK-2, by Cy Dee)" in result.stdout
    assert "Findings are suggestions to look." in result.stderr


def test_a_moderators_answer_is_kept_shown_and_takes_the_finding_off_the_open_ones(imported: Path) -> None:
    before = findings(imported)
    done = call(imported, "answer", "1", "--disagree", "--note", "in the paper file", "--coder", "mo")
    assert "Disagreed: good-without-record on BK-1" in done.stderr
    after = findings(imported)
    assert [f["id"] for f in after] == [f["id"] for f in before]
    said = after[0]["moderator"]
    assert isinstance(said, dict)
    assert (said["agree"], said["note"], said["coder"]) == (False, "in the paper file", "mo")
    assert [f["id"] for f in findings(imported, "--open")] == [f["id"] for f in before[1:]]
    call(imported, "answer", str(before[0]["id"]), "--agree", "--coder", "jo")
    with open_project(imported) as project:
        words = [e.words for e in project.store.entries([EventAction.AUDIT]) if "moderator" in e.words]
    assert [w.split(" on ")[0] for w in words] == ["moderator disagreed", "moderator agreed"]
    history = CliRunner().invoke(main, ["history", "-p", str(imported)])
    assert "moderator agreed on" in " ".join(history.stdout.split())


def test_answers_need_a_side_and_a_finding_that_is_there(imported: Path) -> None:
    assert "say --agree" in call(imported, "answer", "1").stderr
    result = call(imported, "answer", "99", "--agree")
    assert result.exit_code == 2
    assert "no finding '99'; there are 1 to 3" in result.stderr


def test_findings_go_to_a_workbook_as_text(imported: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.xlsx"
    call(imported, "check", "--xlsx", str(out), "--kind", "copied-comment")
    rows = list(openpyxl.load_workbook(out)["Findings"].iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][1] == "copied-comment"
    assert rows[1][4] == VOICE
    assert COPIED in str(rows[1][9])


def test_a_sample_is_recorded_with_its_seed_and_drawn_alike_again(imported: Path) -> None:
    drawn = [
        json.loads(call(imported, "sample", "--size", "3", "--seed", "7", "--json").stdout) for _ in range(2)
    ]
    assert drawn[0]["answers"] == drawn[1]["answers"]
    assert len(drawn[0]["answers"]) == 3
    with open_project(imported) as project:
        kept = [e.payload for e in project.store.entries([EventAction.SAMPLE])]
    assert [(k["purpose"], k["seed"], k["strata"]) for k in kept] == [
        ("audit-moderation", 7, ["auditor", "question"])
    ] * 2
    shown = call(imported, "sample", "--strata", "", "--size", "50", "--seed", "1")
    assert "4 of 4 graded answers" in shown.stdout
    assert "no stratum 'colour'" in call(imported, "sample", "--strata", "colour").stderr


def test_figures_show_distribution_trend_and_agreement_with_their_limits(imported: Path) -> None:
    result = call(imported, "figures")
    assert result.exit_code == 0, result.output
    told = " ".join(result.stdout.split())
    assert "Ann Bee 0/1/2 0/0/1 0/1/1" in told
    assert "too few audits" in told
    assert "Agreement on 1 cases that two auditors graded" in told
    assert "1 cases are few" in told
    assert json.loads(call(imported, "figures", "--json").stdout)["agreement"][0]["pairs"] == 1


def test_a_mapping_is_proposed_looked_through_and_used(path: Path, forms: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.toml"
    assert call(path, "map", str(forms), "--out", str(out)).exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert 'topics = ["an-carers"]' in text
    assert "own_words = true" in text
    assert text.startswith("# Proposed for audits.csv: look at every line")
    assert "exists; --force replaces it" in call(path, "map", str(forms), "--out", str(out)).stderr
    result = call(path, "import", str(forms), "--mapping", str(out))
    assert result.exit_code == 0, result.output


def test_a_grade_in_no_scale_is_told_in_the_proposal(path: Path, tmp_path: Path) -> None:
    odd = audits_csv(tmp_path / "odd.csv", [("BK-1", "A", "2025-03-03", CARERS, "Splendid", "x")])
    result = call(path, "map", str(odd))
    assert "'Splendid' is in no scale known" in result.stderr
    assert "# NOT READ: the grade 'Splendid'" in result.stdout


def test_the_generic_mapping_is_shown_and_can_be_used_as_a_file(
    path: Path, forms: Path, tmp_path: Path
) -> None:
    out = tmp_path / "generic.toml"
    call(path, "map", "--generic", "--out", str(out))
    assert "3 forms new" in call(path, "import", str(forms), "--mapping", str(out)).stderr
    assert "name a FILE, or give --generic" in call(path, "map").stderr


@pytest.mark.parametrize("name", ["check", "sample", "figures"])
def test_without_a_form_each_says_how_to_bring_one_in(path: Path, name: str) -> None:
    result = call(path, name)
    assert result.exit_code == 2
    assert "evidence-mapper audit import FILE" in result.stderr
