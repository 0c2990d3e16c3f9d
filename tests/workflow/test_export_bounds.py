"""What an export holds in memory is bounded, and what a page cannot show is said, never cut in silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.store.builders import coded
from tests.workflow.pack_samples import passage_of, write
from tests.workflow.report_data import NEEDS, PEOPLE, filled

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.domain.exchange import Loss, LossReport
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.workflow import report
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.export_formats import ExportRequest, RowFilter
from evidence_mapper.workflow.head_in_use import behind_current_run
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.redactor import Redactor
from evidence_mapper.workflow.redactor_kept import CasesAtHand, PassageSet
from evidence_mapper.workflow.review import ReviewSession


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with filled(tmp_path_factory.mktemp("bounds") / "p.sqlite") as made:
        yield made


def page_of(project: Project, path: Path, request: ExportRequest) -> tuple[str, tuple[str, ...], int]:
    told = export_as_asked(project, path, None, request)
    return path.read_text(encoding="utf-8"), told.notes, told.confirmed


def test_a_list_no_browser_opens_is_left_out_and_said(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _, rows = page_of(project, tmp_path / "whole.html", ExportRequest())
    monkeypatch.setattr(report, "LISTED", rows - 1)
    page, notes, count = page_of(project, tmp_path / "r.html", ExportRequest())
    assert count == rows
    assert "<blockquote" in whole
    assert "<blockquote" not in page
    assert f"not listed on this page: {rows} are more" in page
    assert 'id="filters"' not in page
    assert page.count("<table") == whole.count("<table")
    (note,) = [n for n in notes if "no list of quotes" in n]
    assert f"{rows} rows" in note
    assert "--statement, --category, --since" in note
    assert note.endswith(f"evidence-mapper export {tmp_path / 'r.xlsx'}")


def test_the_list_is_narrowed_and_the_figures_are_of_everything(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _, rows = page_of(project, tmp_path / "whole.html", ExportRequest())
    monkeypatch.setattr(report, "LISTED", rows - 1)
    where = RowFilter(statement=NEEDS, category=PEOPLE)
    page, notes, count = page_of(project, tmp_path / "n.html", ExportRequest(where=where))
    assert 0 < count < rows
    assert notes == ()
    assert 0 < page.count("<blockquote") < whole.count("<blockquote")
    assert "Listed here are only passages confirmed for the statement" in page
    figures = [text.partition('<section id="evidence">')[0].partition("<main")[2] for text in (whole, page)]
    assert figures[0] == figures[1]


def test_a_list_of_nothing_says_so(project: Project, tmp_path: Path) -> None:
    page, _, count = page_of(project, tmp_path / "r.html", ExportRequest(where=RowFilter(since="2999-01-01")))
    assert count == 0
    assert "Nothing that is confirmed meets this." in page
    assert "Nothing is confirmed yet" not in page


def test_a_page_without_quotes_has_no_list_to_narrow(project: Project, tmp_path: Path) -> None:
    request = ExportRequest(disclosure=True, where=RowFilter(statement=NEEDS))
    with pytest.raises(UsageError, match="nothing to narrow with --statement"):
        export_as_asked(project, tmp_path / "r.html", None, request)
    assert not (tmp_path / "r.html").exists()
    wrong = CliRunner().invoke(
        main, ["export", str(tmp_path / "r.html"), "-p", str(project.path), "--statement", "nothing"]
    )
    assert wrong.exit_code != 0
    assert "no statement 'nothing'" in wrong.stderr


def test_losses_without_a_name_are_one_line_however_many() -> None:
    kept, counted = LossReport(), LossReport(by_name=False)
    for losses in (kept, counted):
        for number in range(5):
            losses.add("notes", "no form")
            losses.add("files", "gone", item=f"{number}.txt")
    assert kept.totals() == counted.totals() == [("notes", 5, "no form"), ("files", 5, "gone")]
    assert len(kept.losses) == 6
    assert counted.losses == [Loss("notes", "no form", "", 5), Loss("files", "gone", "", 5)]


# names replaced ----------------------------------------------------------------------------------
PEOPLE_NAMED = ("Threlkeld", "Okonkwo", "Braithwaite")


def told(redactor: Redactor, passages: list[Passage]) -> list[str]:
    return [redactor.passage(passage).text for passage in passages]


def test_pseudonyms_are_the_same_when_cases_gave_way(tmp_path: Path) -> None:
    papers = [
        write(
            tmp_path / f"case-record-{n}.txt",
            "CASE RECORD",
            f"12/03/2025 Mrs {name} waited nine weeks for her assessment and said that nobody had told her.",
            f"Pauline {name} rang on 01632 960123: her mother, Mrs {name}, fell again on the stairs at home.",
        )
        for n, name in enumerate(PEOPLE_NAMED)
    ]
    with create_project(tmp_path / "p.sqlite") as made:
        add_files(made, papers, workers=1)
        passages = [p for d in made.store.documents() for p in made.store.passages(d.id)]
        whole = Redactor(made.store)
        wanted = told(whole, passages)
        bounded = Redactor(made.store)
        bounded._cases = CasesAtHand(1)
        first = told(bounded, passages)
        # A name said later in a note is new to the case: texts come out as they did before it all the same.
        for document in made.store.documents():
            bounded.words(document.id, "Harpreet Kaur, her social worker, rang Pauline again.")
        again = told(bounded, passages)
        back = told(bounded, passages[::-1])[::-1]
    assert wanted == first == again == back
    assert not [name for name in PEOPLE_NAMED if any(name in text for text in wanted)]
    assert len(whole.passages) == len(bounded.passages) == len(passages)


def test_only_the_case_used_last_stays_at_hand_when_one_is_all_there_is_room_for() -> None:
    cases = CasesAtHand(2_000)
    for name in ("a", "b", "c"):
        cases.add_words(name, "x" * 600, "y" * 600)
    assert cases.of("c").words
    assert not cases.of("a").words
    cases.add_words("d", "x" * 9_000, "")
    assert cases.of("d").words, "a case is whole, however long"


def test_passages_are_counted_once_each(tmp_path: Path) -> None:
    with create_project(tmp_path / "p.sqlite") as made:
        text = (
            "Nobody who rang was asked to ring again later in the day, and every call was answered in full."
        )
        add_files(made, [write(tmp_path / "a.txt", text, text.replace("call", "letter"))], workers=1)
        passages = list(made.store.passages(made.store.documents()[0].id))
    seen = PassageSet()
    for passage in (*passages, *passages):
        seen.add(passage)
    assert len(seen) == len(passages)
    assert all(passage in seen for passage in passages)
    assert passages[0] not in PassageSet()


def test_counting_looks_through_no_words_of_stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of stories is looked through once, when it is written, and says of how many passages."""
    words = "12/03/2025 Mrs Threlkeld waited nine weeks for her assessment and said that nobody had told her."
    given: list[str] = []
    real = Redactor.passage

    def counted(self: Redactor, passage: Passage) -> Passage:
        given.append(passage.id)
        return real(self, passage)

    monkeypatch.setattr(Redactor, "passage", counted)
    with create_project(tmp_path / "p.sqlite") as made:
        add_files(made, [write(tmp_path / "case-record.txt", "CASE RECORD", words)], workers=1)
        found = passage_of(made, "nine weeks")
        for coder in ("Ann", "Bo"):
            session = ReviewSession(made.store, made.framework, coder, utc_now)
            session.decide(found.id, coded(NEEDS))
        for name, chosen in (("t.csv", None), ("i.csv", "evidence-index"), ("r.html", None)):
            given.clear()
            report_ = export_as_asked(made, tmp_path / name, chosen, ExportRequest())
            assert given == [found.id] * 2, name
            assert any("replaced (1 passage)" in note for note in report_.notes), name
            assert "Threlkeld" not in (tmp_path / name).read_text(encoding="utf-8")


def test_a_classifier_that_is_gone_is_told_apart_from_the_one_installed(tmp_path: Path) -> None:
    with create_project(tmp_path / "p.sqlite") as made:
        framework = f"{made.framework.id}@{made.framework.version}"
        made.store.start_run(RunSpec("older-classifier@1", "sha256:0123456789abcdef", framework), utc_now())
        with pytest.raises(StoreError) as error:
            behind_current_run(made)
        message = str(error.value)
        assert "older-classifier@1 (build 0123456789ab)" in message
        assert "is installed here is cqc-local-authority" in message
        assert message.endswith("evidence-mapper suggest")
        here = message.partition("installed here is ")[2].partition(" ")[0]
        made.store.start_run(RunSpec(here, "sha256:fedcba9876543210", framework), utc_now())
        with pytest.raises(StoreError, match="what is installed here is another build of it"):
            behind_current_run(made)
