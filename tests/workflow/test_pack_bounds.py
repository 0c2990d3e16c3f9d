"""However much is confirmed, pack and index stay readable: what is not shown is counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from tests.store.builders import coded
from tests.workflow.pack_samples import CALLS, WAIT, WAITS, confirm, passage_of, write

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import Polarity
from evidence_mapper.export.self_assessment import CategoryQuotes
from evidence_mapper.workflow import confirmed, evidence_index, evidence_index_return, evidence_index_tally
from evidence_mapper.workflow.claim_evidence import Evidence
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.confirmed import each_confirmed, read_confirmed
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.self_assessment import collect

YEARS = range(2012, 2024)


def said(year: int) -> str:
    return f"In {year} the team counted everyone who waited, and {WAIT[0].lower()}{WAIT[1:]}"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project with one confirmed concern a year, of the same topic and category."""
    with create_project(tmp_path / "p.sqlite") as opened:
        papers = [write(tmp_path / "e" / f"waits-{year}-03-31.txt", said(year)) for year in YEARS]
        add_files(opened, papers, workers=1)
        for year in YEARS:
            confirm(opened, f"In {year} the team", topics=[WAITS], polarity=Polarity.CONCERN)
        yield opened


def shelf(project: Project, quotes: int) -> CategoryQuotes:
    pack = collect(project, statement="assessing-needs", quotes=quotes)
    (topic,) = pack.themes[0].statements[0].concerns
    (category,) = topic.categories
    return category


def test_the_newest_are_quoted_in_document_order_and_the_rest_counted(project: Project) -> None:
    found = shelf(project, 3)
    assert [quote.date[:4] for quote in found.quotes] == ["2021", "2022", "2023"]
    assert found.more == len(YEARS) - 3
    assert (shelf(project, 12).more, len(shelf(project, 12).quotes)) == (0, 12)
    part = collect(project, quotes=3).themes[0].statements[0]
    assert (part.confirmed, part.concerns_confirmed) == (12, 12)
    assert next(c for c in part.counts if c.confirmed).confirmed == 12


def test_what_a_claim_rests_on_is_always_quoted(project: Project) -> None:
    old = passage_of(project, "In 2012 the team")
    add_claim(project, "People wait.", coder="Ann", statements=["assessing-needs"], passages=(old.id,))
    assert [quote.date[:4] for quote in shelf(project, 3).quotes] == ["2012", "2022", "2023"]
    pack = collect(project, quotes=3)
    (topic,) = pack.themes[0].statements[0].concerns
    assert [claim.text for claim in topic.claims] == ["People wait."]
    assert pack.themes[0].statements[0].unplaced == ()
    assert len(shelf(project, 1).quotes) == 1


def test_the_pack_says_how_much_is_not_in_it(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    report = export_as_asked(project, path, "self-assessment", ExportRequest(quotes=3))
    text = path.read_text(encoding="utf-8").replace("\\", "")
    assert report.confirmed == 12
    assert "And 9 more confirmed passages, in the evidence index." in text
    assert "at most 3 passages for each topic and evidence category" in text
    assert "And 9 more documents, in the evidence index." in text
    assert any("at most 3 passages" in note for note in report.notes)
    whole = export_as_asked(project, tmp_path / "w.md", "self-assessment", ExportRequest())
    assert "more confirmed" not in whole.path.read_text(encoding="utf-8")
    assert not any("at most" in note for note in whole.notes)


def test_both_sides_are_cut_alike(project: Project) -> None:
    for year in YEARS:
        found = passage_of(project, f"In {year} the team")
        ReviewSession(project.store, project.framework, "Bo", utc_now).decide(
            found.id, coded("assessing-needs", topics=(WAITS,), polarity=Polarity.STRENGTH)
        )
    (both,) = collect(project, quotes=2).themes[0].statements[0].contradictions
    assert (len(both.strengths), len(both.concerns)) == (2, 2)
    assert (both.more_strengths, both.more_concerns) == (10, 10)


def test_only_the_pack_takes_the_option(project: Project, tmp_path: Path) -> None:
    refused = CliRunner().invoke(
        main, ["export", str(tmp_path / "e.csv"), "-p", str(project.path), "--quotes", "5"]
    )
    assert refused.exit_code == 2
    assert "takes no --quotes; self-assessment does" in refused.stderr


def test_candidates_and_their_places_are_bounded_and_the_rest_counted(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_index_return, "_MOST", 4)
    path = tmp_path / "i.xlsx"
    assert export_as_asked(project, path, "evidence-index", ExportRequest()).confirmed == 12
    book = openpyxl.load_workbook(path)
    header, *rows = book["Return items"].iter_rows(values_only=True)
    link = header.index("link")
    item = next(r[0] for r in rows if r[link] and "8 more documents" in str(r[link]))
    candidates = [r for r in rows if r[0] == item and str(r[link]).startswith("candidate")]
    assert len(candidates) == 4
    assert book["Evidence"].max_row == 13


def test_places_over_the_bound_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_index_tally, "PLACES", 1)
    with create_project(tmp_path / "p.sqlite") as project:
        add_files(project, [write(tmp_path / "e" / "a.txt", WAIT, CALLS)], workers=1)
        confirm(project, WAIT)
        confirm(project, CALLS)
        export_as_asked(project, tmp_path / "i.xlsx", "evidence-index", ExportRequest())
    rows = openpyxl.load_workbook(tmp_path / "i.xlsx")["Return items"].iter_rows(values_only=True)
    told = [str(cell) for row in rows for cell in row if cell and "1 more passage" in str(cell)]
    assert told
    assert all("see the sheet Evidence" in cell for cell in told)


def test_a_decision_made_while_the_index_is_written_is_refused(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evidence_mapper.errors import ExportError

    def slow(opened: Project) -> Iterator[confirmed.ConfirmedPassage]:
        yield from each_confirmed(opened)
        ReviewSession(opened.store, opened.framework, "Bo", utc_now).decide(
            passage_of(opened, "In 2012 the team").id, coded("learning")
        )

    monkeypatch.setattr(evidence_index, "each_confirmed", slow)
    with pytest.raises(ExportError, match="would not agree with itself"):
        export_as_asked(project, tmp_path / "i.csv", "evidence-index", ExportRequest())
    assert not (tmp_path / "i.csv").exists()


def test_one_by_one_is_the_same_as_all_at_once(project: Project) -> None:
    assert tuple(each_confirmed(project)) == read_confirmed(project).passages


def test_evidence_of_a_few_passages_stands_as_that_of_all(tmp_path: Path) -> None:
    """Over two versions of a document, in which one passage stays and one is changed."""
    path = write(tmp_path / "e" / "a.txt", WAIT, CALLS)
    with create_project(tmp_path / "p.sqlite") as project:
        add_files(project, [path], workers=1)
        first = [confirm(project, WAIT).id, confirm(project, CALLS).id]
        write(path, WAIT, CALLS.replace("within one working day", "within two working days"))
        add_files(project, [path], workers=1)
        ids = [*first, *(p.id for d in project.store.documents() for p in project.store.passages(d.id))]
        whole = Evidence.read(project)
        assert {whole.of(i).standing.value for i in first} >= {"counts"}
        for passage_id in ids:
            assert Evidence.read(project, {passage_id}).of(passage_id) == whole.of(passage_id)
        assert not list(Evidence.read(project, ()).live_rows())
