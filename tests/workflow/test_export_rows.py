"""Which rows an export takes, by the command and on a real project; the table of formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Decision, Outcome, Verdict
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.export_formats import (
    FORMATS,
    ExportFormat,
    ExportRequest,
    RowFilter,
    format_for,
    refuse_unheeded,
)
from evidence_mapper.workflow.export_rows import moment
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_evidence
from evidence_mapper.workflow.review import ReviewSession

COMMENTS = "Comments\n" + "".join(f'"Number {n} is about waiting for care at home."\n' for n in range(4))
TIMES = ("2026-03-31T23:30:00.000000+00:00", "2026-04-01T00:00:00.000000+00:00", "2026-05-01T09:00:00+00:00")
TABLES = ("csv", "jsonl", "parquet", "xlsx")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project with three codings, on three days, of two statements and two categories."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "survey.csv").write_text(COMMENTS, encoding="utf-8")
    codes = (("assessing-needs", "processes"), ("learning", None), ("assessing-needs", None))
    with create_project(tmp_path / "p.sqlite") as opened:
        add_files(opened, [folder], workers=1)
        passages = list(opened.store.passages(opened.store.documents()[0].id))
        for passage, at, (statement, category) in zip(passages, TIMES, codes, strict=False):
            decision = Decision(Outcome.CODED, ((statement, Verdict.ACCEPTED),), evidence_category=category)
            ReviewSession(opened.store, opened.framework, "ann", partial(str, at)).decide(
                passage.id, decision
            )
        yield opened


def quotes(project: Project, **only: str | None) -> list[str]:
    """Return the numbers of the comments exported."""
    path = project.path.with_name("out.csv")
    export_evidence(project, path, overwrite=True, where=RowFilter(**only))
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    return [row["quote"].split()[2] for row in rows]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_rows_are_all_or_those_asked_for(project: Project) -> None:
    assert quotes(project) == ["0", "1", "2"]
    assert quotes(project, statement="assessing-needs") == ["0", "2"]
    assert quotes(project, category="processes") == ["0"]
    assert quotes(project, category="none") == ["1", "2"]
    assert quotes(project, since="2026-04-01") == ["1", "2"]
    assert quotes(project, since="2026-04-01T01:00:00+01:00") == ["1", "2"]
    assert quotes(project, since="2026-04-01T00:00:01") == ["2"]
    assert quotes(project, since="2026-04-01", statement="assessing-needs") == ["2"]


@pytest.mark.parametrize("wrong", [{"statement": "nine"}, {"category": "x"}, {"since": "1/4/2026"}])
def test_what_is_not_there_is_refused_and_nothing_written(project: Project, wrong: dict[str, str]) -> None:
    path = project.path.with_name("out.csv")
    with pytest.raises(UsageError, match=r"there are|year first"):
        export_evidence(project, path, where=RowFilter(**wrong))
    assert not path.exists()


@pytest.mark.parametrize("name", TABLES)
def test_the_same_state_gives_the_same_bytes(project: Project, name: str) -> None:
    first, second = project.path.with_name(f"a.{name}"), project.path.with_name(f"b.{name}")
    for path in (first, second):
        assert export_evidence(project, path, suggested=True).confirmed == 3
    assert first.read_bytes() == second.read_bytes()


def test_parquet_by_the_command(project: Project) -> None:
    path = project.path.with_name("out.parquet")
    done = run("export", path, "-p", project.path, "--since", "2026-04-01", "--json")
    assert json.loads(done.stdout)["confirmed"] == 2
    table = parquet.read_table(path)
    assert table.column("statement_ids").to_pylist() == [["learning"], ["assessing-needs"]]
    assert table.column("coder").to_pylist() == ["ann", "ann"]


def test_the_command_says_when_nothing_meets_what_was_asked(project: Project) -> None:
    done = run("export", project.path.with_name("a.csv"), "-p", project.path, "--since", "2030-01-01")
    assert done.exit_code == 0
    assert "Nothing confirmed meets what was asked" in done.stderr
    again = run("export", project.path.with_name("a.csv"), "-p", project.path, "--confirmed-only", "--force")
    assert "3 confirmed rows" in again.stderr


def test_formats_are_found_by_name_or_ending_and_each_loads(tmp_path: Path) -> None:
    assert len({f.name for f in FORMATS}) == len(FORMATS)
    for format_ in FORMATS:
        assert format_for(tmp_path / "x", format_.name) is format_
        assert callable(format_.load())
    assert format_for(tmp_path / "x.CSV", None).name == "csv"
    for path, name in ((tmp_path / "x", None), (tmp_path / "x.odt", None), (tmp_path / "x.csv", "odt")):
        with pytest.raises(UsageError, match="csv"):
            format_for(path, name)


def test_what_a_format_does_not_heed_is_refused() -> None:
    picture = ExportFormat("picture", "", "a:b", (".png",), frozenset({"statement"}))
    refuse_unheeded(picture, ExportRequest(where=RowFilter(statement="learning")))
    for request in (ExportRequest(suggested=True), ExportRequest(where=RowFilter(since="2026-01-01"))):
        with pytest.raises(UsageError, match="--format picture takes no --"):
            refuse_unheeded(picture, request)


def test_moments_are_in_utc() -> None:
    assert moment("2026-04-01").isoformat() == "2026-04-01T00:00:00+00:00"
    assert moment("2026-04-01T09:30+01:00").isoformat() == "2026-04-01T08:30:00+00:00"
    with pytest.raises(UsageError, match="year first"):
        moment("April")
