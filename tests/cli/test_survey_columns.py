"""Which columns of a survey were taken for answers, said and overridden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession

_ROWS = """Ref,Age,What helped?,What one idea do you have?
1,65-74,The social worker listened and came back when she said she would.,More parking
2,75+,I waited four months for a carer's assessment and nobody rang.,Longer hours
3,75+,Equipment arrived the day after my hospital discharge and it fitted.,Rota
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "carers.csv"
    path.write_text(_ROWS, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    return path


def _add(survey: Path, project: Path, *more: str) -> Result:
    return run("add", survey, "-p", project, "--workers", "1", "--no-suggest", *more)


def _texts(project: Path) -> list[str]:
    with open_project(project) as opened:
        (document,) = opened.store.documents()
        return [p.text for p in opened.store.passages(document.id)]


def test_add_says_which_columns_and_how_to_override(survey: Path, project: Path) -> None:
    said = _add(survey, project).stderr
    assert "answers taken from column C 'What helped?'" in said
    assert "kept with each answer: Ref, Age" in said
    assert "--comments COLUMN" in said


def test_the_same_file_is_read_anew_with_the_columns_named(survey: Path, project: Path) -> None:
    _add(survey, project)
    result = _add(survey, project, "--comments", "What one idea", "--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    (name,) = summary["reread"]
    assert summary["surveys"][0]["sheets"][0]["chosen"] is True
    assert _texts(project) == ["More parking", "Longer hours", "Rota"]
    assert run("db", "verify", "-p", project).exit_code == 0
    shown = run("documents", name, "-p", project)
    assert "answers taken from column D 'What one idea do you have?' (as you named them)" in shown.stdout
    with open_project(project) as opened:
        (document,) = opened.store.documents()
        passage = next(iter(opened.store.passages(document.id)))
    assert "with: Ref: 1; Age: 65-74" in run("show", passage.id, "-p", project).stdout


def test_a_persons_choice_outlives_a_new_version_of_the_file(survey: Path, project: Path) -> None:
    _add(survey, project, "--comments", "D")
    survey.write_text(_ROWS + "4,18-24,Nobody told us where the new office is or when it opens.,Text us\n")
    assert _add(survey, project).exit_code == 0
    assert _texts(project)[-1] == "Text us"
    assert len(_texts(project)) == 4


def test_an_unknown_column_is_refused_by_name(survey: Path, project: Path) -> None:
    result = _add(survey, project, "--comments", "Ideas")
    assert result.exit_code == 1
    assert "no-such-column" in result.stderr
    assert "What helped?" in result.stderr


def test_decisions_are_kept_and_none_is_lost(survey: Path, project: Path) -> None:
    _add(survey, project, "--comments", "C", "--comments", "D")
    with open_project(project) as opened:
        (document,) = opened.store.documents()
        idea = next(p for p in opened.store.passages(document.id) if p.text == "More parking")
        session = ReviewSession(opened.store, opened.framework, "ann", utc_now)
        session.decide(idea.id, Decision(Outcome.NONE))
    kept = _add(survey, project, "--comments", "D")
    assert kept.exit_code == 0
    with open_project(project) as opened:
        assert [d.coder for d in opened.store.decisions(idea.id)] == ["ann"]
    other = _add(survey, project, "--comments", "C")
    assert other.exit_code == 0
    assert "read anew, beside the reading before" in other.stderr
    assert "1 gone had decisions" in other.stderr
    assert "More parking" not in _texts(project)
    with open_project(project) as opened:
        (document,) = opened.store.documents()
        assert [d.coder for d in opened.store.decisions(idea.id)] == ["ann"], "nothing is lost"
    shown = run("revisions", document.name, "-p", project).stdout
    assert "No longer says this (1)" in shown
    assert "More parking" in shown
    assert run("db", "verify", "-p", project).exit_code == 0
