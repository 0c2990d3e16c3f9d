"""The information return: lists brought in, links of people, candidates apart, the evidence index."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workflow.pack_samples import CALLS, STAFF, WAIT, add, confirm, passage_of, write

from evidence_mapper import frameworks
from evidence_mapper.domain.coding import EventAction, Polarity
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.export.base import Table
from evidence_mapper.export.document import printable
from evidence_mapper.export.spreadsheet import verbatim
from evidence_mapper.export.workbook import write_table_csv, write_workbook
from evidence_mapper.frameworks.published import return_list
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.item_list import ItemColumns, read_items, statements_in
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.return_items import (
    current_list,
    import_items,
    link,
    links,
    return_board,
    unlink,
)
from evidence_mapper.workflow.revisions import withdraw

REVIEWS, CARERS = "papers/reviews.txt", "papers/carers.txt"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        add(
            opened,
            write(tmp_path / "papers" / "carers.txt", CALLS),
            write(tmp_path / "papers" / "reviews.txt", WAIT, STAFF),
        )
        yield opened


def workbook(path: Path, *rows: Sequence[str | int | None]) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    made.save(path)
    return path


def sheet_rows(path: Path, name: str) -> list[dict[str, object]]:
    header, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_the_list_that_comes_with_the_program_is_marked_unofficial(framework: Framework) -> None:
    found = return_list(framework)
    assert found is not None
    assert found.unofficial
    assert found.note.startswith("UNOFFICIAL")
    assert len(found.items) == 40
    known = {s.id for s in framework.statements}
    assert all(set(i.statements) <= known and i.statements for i in found.items)
    # What claims to have been read somewhere says where.
    assert all(i.sources for i in found.items if i.verification.value == "verbatim")
    assert {i.verification.value for i in found.items} == {"verbatim", "unverified"}
    assert return_list(frameworks.load("making-it-real")) is None


def test_a_workbook_with_lines_above_its_header_is_read(tmp_path: Path, framework: Framework) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ("Information return",),
        (),
        ("No.", "Information requested", "Quality statements"),
        (1, "Waiting lists", "Assessing needs; 7"),
        ("IR2", "Peer reviews", "all"),
        (None, None, None),
        (
            "IR3",
            "Care provision, integration and continuity plans",
            "Care provision, integration and continuity",
        ),
        ("IR4", "Anything else", None),
    )
    found = read_items(path, framework, ItemColumns()).items
    assert [(i.id, i.text) for i in found][:2] == [("1", "Waiting lists"), ("IR2", "Peer reviews")]
    assert [len(i.statements) for i in found] == [2, 9, 1, 0]
    assert found[0].statements == ("assessing-needs", "safeguarding")


def test_rows_that_do_not_say_what_is_asked_for_are_told(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Return 2026,,\n\nRef,Item,Statements\n1,Board report,7\n2,,equity\n,,\n", encoding="utf-8"
    )
    found = import_items(project, path, coder="Ann")
    assert [i.text for i in found.items] == ["Board report"]
    assert "rows 5." in found.note
    again = current_list(project)
    assert again is not None
    assert again.note == found.note


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_list_is_read(tmp_path: Path, framework: Framework, separator: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        separator.join(("Ref", "Asked for", "QS"))
        + "\r\n"
        + separator.join(("A", "Plans", "equity"))
        + "\r\n",
        encoding="utf-8-sig",
    )
    (item,) = read_items(path, framework, ItemColumns(text="asked for")).items
    assert (item.id, item.text, item.statements) == ("A", "Plans", ("equity",))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("Number", "Colour"), ("1", "red")], "no column of items"),
        ([("Item",)], "no item below"),
        ([("Ref", "Item"), ("1", "a"), ("1", "b")], "rows 2 and 3 both have the id '1'"),
        ([("Ref", "Item", "Statements"), ("1", "a", "Assessing deeds")], "row 2: 'assessing deeds' names no"),
        ([("Ref", "Item", "Statements"), ("1", "a", "10")], "row 2: '10' names no statement"),
    ],
)
def test_a_faulty_list_is_refused_with_its_row_and_nothing_is_recorded(
    project: Project, tmp_path: Path, rows: list[tuple[str, ...]], message: str
) -> None:
    path = workbook(tmp_path / "bad.xlsx", *rows)
    with pytest.raises(UsageError, match=message):
        import_items(project, path, coder="Ann")
    assert project.store.entries([EventAction.RETURN_ITEM]) == []


@pytest.mark.parametrize("name", ["bad.xlsx", "bad.csv"])
def test_a_file_that_is_no_list_is_refused(project: Project, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\x00PK no such thing")
    with pytest.raises(UsageError, match=name):
        import_items(project, tmp_path / name, coder="Ann")


@given(st.text(max_size=40))
def test_what_a_cell_names_is_found_or_refused_never_guessed(cell: str) -> None:
    framework = frameworks.load("cqc-local-authority")
    try:
        found = statements_in(cell, framework)
    except ValueError:
        # What is over is a word or number of the cell that names nothing.
        assert any(c.isalnum() or not c.isspace() for c in cell)
    else:
        assert set(found) <= {s.id for s in framework.statements}
        assert bool(found) <= any(c.isalnum() for c in cell)


def test_links_are_kept_with_their_author_and_taken_off_by_new_entries(project: Project) -> None:
    waits = passage_of(project, WAIT)
    link(project, "lr10", coder="Ann", passage=waits.id, note="the figure")
    link(project, "LR10", coder="Bo", document=CARERS)
    assert [(k.item, k.passage_id, k.coder) for k in links(project)] == [
        ("LR10", waits.id, "Ann"),
        ("LR10", None, "Bo"),
    ]
    with pytest.raises(UsageError, match="linked to LR10 already"):
        link(project, "LR10", coder="Ann", document=CARERS)
    unlink(project, "LR10", coder="Ann", document=CARERS)
    assert [k.passage_id for k in links(project)] == [waits.id]
    with pytest.raises(UsageError, match="not linked"):
        unlink(project, "LR10", coder="Ann", document=CARERS)
    assert [e.words for e in project.store.entries([EventAction.RETURN_ITEM])][-1].startswith(CARERS)
    assert project.store.verify() == []


def test_bad_links_are_refused(project: Project) -> None:
    for target in ({}, {"document": CARERS, "passage": "psg-1"}):
        with pytest.raises(UsageError, match="name one of"):
            link(project, "LR10", coder="Ann", **target)
    with pytest.raises(UsageError, match="no return item 'LR99'; did you mean"):
        link(project, "LR99", coder="Ann", document=CARERS)
    with pytest.raises(UsageError, match="no passage"):
        link(project, "LR10", coder="Ann", passage="psg-none")
    with pytest.raises(UsageError, match="no document"):
        link(project, "LR10", coder="Ann", document="nowhere.pdf")


def test_candidates_have_confirmed_evidence_and_are_told_apart_from_links(project: Project) -> None:
    confirm(project, WAIT)
    confirm(project, CALLS)
    link(project, "LR16", coder="Ann", document=CARERS)
    items = {i.item.id: i for i in return_board(project).items}
    assert [c.document.name for c in items["LR16"].candidates] == [REVIEWS]
    assert [d.document.name for d in items["LR16"].linked] == [CARERS]
    assert items["LR16"].linked[0].whole
    # Nobody confirmed anything on safeguarding; LR01 serves every statement.
    assert items["LR37"].candidates == items["LR01"].candidates == ()


def test_links_follow_or_tell_when_documents_change(project: Project, tmp_path: Path) -> None:
    waits, staff = confirm(project, WAIT), confirm(project, STAFF)
    for passage in (waits, staff):
        link(project, "LR10", coder="Ann", passage=passage.id)
    link(project, "LR10", coder="Ann", document=CARERS)
    add(project, write(tmp_path / "papers" / "reviews.txt", STAFF))
    withdraw(project, CARERS, "Ann")
    reviews, carers = next(i for i in return_board(project).items if i.item.id == "LR10").linked
    assert reviews.problems == (f"{waits.id} is not in the newest version of the document",)
    assert passage_of(project, STAFF).id in reviews.passages
    assert carers.problems == ("the document was withdrawn",)


def test_a_list_brought_in_replaces_ours_and_keeps_links_under_other_ids(
    project: Project, tmp_path: Path
) -> None:
    link(project, "LR10", coder="Ann", document=CARERS)
    path = workbook(tmp_path / "mine.xlsx", ("Item", "Statements"), ("Plans", "equity"))
    import_items(project, path, coder="Bo")
    listed = current_list(project)
    assert listed is not None
    assert (listed.unofficial, listed.by, [i.text for i in listed.items]) == (False, "Bo", ["Plans"])
    board = return_board(project)
    assert [k.item for k in board.elsewhere] == ["LR10"]
    assert project.store.history(limit=1)[0].words == "1 return item brought in from mine.xlsx"


def test_the_index_has_a_row_a_passage_and_a_sheet_for_each_question(
    project: Project, tmp_path: Path
) -> None:
    confirm(project, WAIT, polarity=Polarity.CONCERN)
    confirm(project, WAIT, polarity=Polarity.MIXED, coder="Bo", statements=["learning"])
    quoted = confirm(project, CALLS, category="peoples-experience", polarity=Polarity.STRENGTH)
    link(project, "LR18", coder="Ann", passage=quoted.id)
    path = tmp_path / "index.xlsx"
    report = export_as_asked(project, path, "evidence-index", ExportRequest())
    assert report.confirmed == 2
    evidence = sheet_rows(path, "Evidence")
    assert [r["quote"] for r in evidence] == [CALLS, WAIT]
    assert evidence[1]["statement_ids"] == "assessing-needs; learning"
    assert evidence[1]["polarity"] == "concern; mixed"
    assert evidence[1]["confirmed_by"] == "Ann; Bo"
    assert evidence[0]["return_items"] == "LR18"
    documents = {r["document"]: r for r in sheet_rows(path, "Documents")}
    assert documents[REVIEWS]["confirmed_passages"] == 1
    assert documents[REVIEWS]["statements"] == "assessing-needs: 1; learning: 1"
    assert documents[CARERS]["return_items"] == "LR18"
    counts = ("confirmed", "strengths", "concerns")
    cells = {(r["no"], r["evidence_category"]): [r[k] for k in counts] for r in sheet_rows(path, "Matrix")}
    assert cells[1, "All"] == [2, 1, 1]
    assert cells[1, "People’s experience"] == [1, 1, 0]
    assert cells[1, "Processes"] == [1, 0, 1]
    assert len(cells) == 9 * 5
    returned = [r for r in sheet_rows(path, "Return items") if r["item"] == "LR18"]
    assert [(r["document"], str(r["link"]).partition(" ")[0]) for r in returned] == [
        (CARERS, "linked"),
        (REVIEWS, "candidate:"),
    ]
    assert returned[0]["passage_ids"] == quoted.id
    assert str(returned[0]["item_standing"]).startswith("UNOFFICIAL; unverified")
    about = {r["item"]: r["text"] for r in sheet_rows(path, "About")}
    assert str(about["Return items"]).startswith("Information return: an unofficial list. UNOFFICIAL.")


def test_the_index_leaves_out_what_no_longer_stands_and_says_how_much(
    project: Project, tmp_path: Path
) -> None:
    confirm(project, WAIT)
    confirm(project, CALLS)
    add(project, write(tmp_path / "papers" / "reviews.txt", STAFF))
    withdraw(project, CARERS, "Ann")
    path = tmp_path / "index.xlsx"
    assert export_as_asked(project, path, "evidence-index", ExportRequest()).confirmed == 0
    assert sheet_rows(path, "Evidence") == []
    documents = {r["document"]: r["standing"] for r in sheet_rows(path, "Documents")}
    assert documents == {CARERS: "withdrawn by a person", REVIEWS: "counts"}
    left_out = [r["text"] for r in sheet_rows(path, "About") if r["item"] == "Left out"]
    assert [str(line).partition(" ")[0] for line in left_out] == ["1", "1"]


def test_the_index_of_an_empty_project_and_one_without_a_list(tmp_path: Path) -> None:
    for name, framework in (("a", "cqc-local-authority"), ("b", "making-it-real")):
        with create_project(tmp_path / f"{name}.sqlite", framework) as opened:
            path = tmp_path / f"{name}.xlsx"
            assert export_as_asked(opened, path, "evidence-index", ExportRequest()).confirmed == 0
            sheets = openpyxl.load_workbook(path).sheetnames
            assert ("Return items" in sheets) == (name == "a")
            if name == "b":
                with pytest.raises(UsageError, match="return-items import FILE"):
                    return_board(opened)


def test_the_same_state_gives_the_same_index(project: Project, tmp_path: Path) -> None:
    confirm(project, CALLS)
    for ending in ("xlsx", "csv"):
        for name in ("a", "b"):
            export_as_asked(project, tmp_path / f"{name}.{ending}", "evidence-index", ExportRequest())
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    with pytest.raises(UsageError, match=r"is a \.xlsx or \.csv file"):
        export_as_asked(project, tmp_path / "a.pdf", "evidence-index", ExportRequest())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(st.characters(codec=None) | st.sampled_from("=+-@\t'\x00\u202e\ud800"), max_size=30)))
def test_no_text_becomes_a_formula_or_keeps_a_control_character(texts: list[str]) -> None:
    table = Table(("text",), [(t,) for t in ["=1+1", *texts]])
    stream = io.BytesIO()
    write_table_csv(table, stream)
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))[1:]
    assert [verbatim(row[0]) if row else "" for row in rows] == [printable(t) for t in ["=1+1", *texts]]
    assert not [row for row in rows if row and row[0].startswith(("=", "+", "-", "@", "\t"))]
    book = io.BytesIO()
    write_workbook([("Evidence", table)], book, title="t")
    cells = [
        c for (c,) in openpyxl.load_workbook(io.BytesIO(book.getvalue()))["Evidence"].iter_rows(min_row=2)
    ]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert cells[0].value == "=1+1"
    assert all(c.value is None for c in cells if c.data_type == "n")
