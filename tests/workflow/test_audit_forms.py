"""Audit forms are read from each layout with the place of every answer; what cannot be read is said."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflow.audit_projects import CARERS, VOICE, audits_csv

from evidence_mapper.domain.audit import AuditForm, AuditMapping, AuditQuestion, Grade, Reading
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_mapping import load_mapping, mapping_text, parse_mapping
from evidence_mapper.workflow.audit_reading import day_of, read_forms

ASKED = 'name = "x"\n[[question]]\nid = "a"\ntext = "b"\n'
CASES = Path(__file__).resolve().parents[2] / "corpora" / "cases" / "audits"


@pytest.fixture(scope="module")
def mapping(framework: Framework) -> AuditMapping:
    return load_mapping("generic", framework)


def test_a_workbook_with_a_row_a_case_gives_each_answer_with_its_cell(mapping: AuditMapping) -> None:
    found = read_forms(CASES / "case-audits.xlsx", mapping)
    assert len(found.forms) == 50
    assert not found.missing
    book = openpyxl.load_workbook(CASES / "case-audits.xlsx", read_only=False)
    sheet = book["Audits"]
    for form in found.forms:
        for answer in form.answers:
            cell = sheet[f"{answer.column}{answer.row}"]
            assert (cell.value or "") == answer.grade
            assert (sheet.cell(cell.row, cell.column + 1).value or "") == answer.comment
            assert sheet.cell(cell.row, 4).value == form.case
    assert found.forms[0].date == "2024-07-29"
    assert any("Guidance" in line for line in found.unread)


def test_a_word_form_gives_facts_grades_as_numbers_and_places(mapping: AuditMapping) -> None:
    (form,) = read_forms(CASES / "audit-form-BK-40108.docx", mapping).forms
    assert (form.case, form.auditor, form.date) == ("BK-40108", "M. Adeleke", "2025-02-06")
    table = docx.Document(str(CASES / "audit-form-BK-40108.docx")).tables[1]
    for answer in form.answers:
        cells = [cell.text for cell in table.rows[answer.row - 1].cells]
        assert cells[1:] == [answer.grade, answer.comment]
    assert form.place(form.answers[0]) == "audit-form-BK-40108.docx, table 2, row 2"


def test_a_list_with_a_row_an_answer_in_windows_1252_gives_one_form_a_case(mapping: AuditMapping) -> None:
    found = read_forms(CASES / "second-audits.csv", mapping)
    assert len(found.forms) == 7
    assert {a.grade for f in found.forms for a in f.answers} <= {"Met", "Partly met", "Not met"}


def test_a_long_comment_in_a_word_form_is_kept_whole(tmp_path: Path, mapping: AuditMapping) -> None:
    comment = " ".join(f"word{n}" for n in range(70)) + "; Grade: said in passing"
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for row, (label, value) in enumerate((("Case", "BK-1"), ("Auditor", "A. Nother"))):
        table.rows[row].cells[0].text, table.rows[row].cells[1].text = label, value
    document.add_paragraph("Form")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("Question", "Grade", "Comment"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, (CARERS, "Good", comment), strict=True):
        cell.text = text
    document.save(str(tmp_path / "form.docx"))
    (form,) = read_forms(tmp_path / "form.docx", mapping).forms
    (answer,) = form.answers
    assert (answer.question, answer.reads) == ("q3", Reading.GOOD)
    assert " ".join(answer.comment.split()) == comment


def test_forms_on_sheets_beside_a_summary_are_counted_once(tmp_path: Path, mapping: AuditMapping) -> None:
    book = openpyxl.Workbook()
    summary = book.active
    assert summary is not None
    summary.title = "Summary"
    summary.append(["Case", "Auditor", "Date", CARERS])
    summary.append(["BK-1", "A. Nother", "3 May 2025", "Good"])
    form = book.create_sheet("BK-1")
    for row in (
        ["Case", "BK-1"],
        ["Auditor", "A. Nother"],
        ["Date", "3 May 2025"],
        ["No.", "Question", "Grade", "Comment"],
        ["Q3", CARERS, "Good", "Wife was seen alone"],
    ):
        form.append(row)
    book.save(tmp_path / "both.xlsx")
    found = read_forms(tmp_path / "both.xlsx", mapping)
    (kept,) = found.forms
    assert kept.sheet == "BK-1"
    assert kept.answers[0].comment == "Wife was seen alone"
    assert any("stands twice; 1 answers were taken from the fuller one" in line for line in found.unread)


def test_two_sheets_with_a_part_of_the_form_each_give_all_answers(
    tmp_path: Path, mapping: AuditMapping
) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Part A"
    second = book.create_sheet("Part B")
    for sheet, question in ((first, VOICE), (second, CARERS)):
        sheet.append(["Case", "Auditor", "Date", question, "Comment"])
        sheet.append(["BK-1", "A. Nother", "3 May 2025", "Good", "Seen"])
    book.save(tmp_path / "parts.xlsx")
    found = read_forms(tmp_path / "parts.xlsx", mapping)
    assert [(f.sheet, [a.question for a in f.answers]) for f in found.forms] == [
        ("Part A", ["q1"]),
        ("Part B", ["q3"]),
    ]
    assert not found.unread


def test_an_unknown_grade_names_itself_and_its_place(tmp_path: Path, mapping: AuditMapping) -> None:
    path = audits_csv(tmp_path / "a.csv", [("BK-1", "A", "2025-01-01", CARERS, "Splendid", "x")])
    with pytest.raises(UsageError, match=r"'Splendid' \(a.csv, row 2\)"):
        read_forms(path, mapping)


def test_an_empty_grade_does_not_apply_and_a_row_without_case_is_told(
    tmp_path: Path, mapping: AuditMapping
) -> None:
    path = audits_csv(
        tmp_path / "a.csv",
        [
            ("BK-1", "A", "2025-01-01", CARERS, "", ""),
            ("", "A", "2025-01-01", VOICE, "Good", "x"),
            ("BK-1", "A", "2025-01-01", "Was the tea warm enough for all who came?", "Good", "x"),
        ],
    )
    found = read_forms(path, mapping)
    assert [a.reads for a in found.forms[0].answers] == [Reading.NONE]
    assert [line.split(": ", 1)[1][:11] for line in found.unread] == ["no case", "no question"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.7", "save it as one of"),
        ("a.xlsx", b"not a workbook", "cannot be read"),
        ("a.docx", b"PK\x03\x04broken", "cannot be read"),
        ("a.csv", b"", "no table with a cell"),
        ("a.csv", b"one,two\n1,2\n", "no audit form that this mapping reads"),
        ("a.csv", b"Case,Question,Grade\n" + b"x" * 200_000 + b",b,c\n", "no CSV file"),
    ],
    ids=["pdf", "no workbook", "no document", "empty", "no form", "endless cell"],
)
def test_files_that_hold_no_form_are_refused(
    tmp_path: Path, mapping: AuditMapping, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=words):
        read_forms(tmp_path / name, mapping)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not valid TOML"),
        ('name = "x"', "lacks or mistakes 'question'"),
        ('name = "x"\nquestion = []\ngrade = []', "has no question"),
        ('name = "x"\n[[question]]\nid = "a"\ntext = "b"\ntopics = ["nope"]\n[[grade]]', "no topic 'nope'"),
        ('name = "x"\n[[question]]\nid = "a"\ntext = "b"\nwrds = []\n[[grade]]', "unknown key wrds"),
        (
            ASKED + '[[grade]]\nstep = 1\nreads = "fine"\nwritten = ["1"]',
            "'fine' is not a valid Reading",
        ),
        (
            ASKED + '[[grade]]\nstep = 1\nreads = "poor"\nwritten = ["No", "no"]',
            "written under two grades: no",
        ),
    ],
)
def test_a_faulty_mapping_says_what_is_wrong(framework: Framework, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_mapping(text, framework, "m.toml")


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@given(
    st.lists(st.tuples(texts, st.lists(texts, max_size=3), st.booleans()), min_size=1, max_size=4),
    texts,
)
def test_a_written_mapping_reads_back_as_it_was(
    framework: Framework, questions: list[tuple[str, list[str], bool]], name: str
) -> None:
    made = AuditMapping(
        name,
        tuple(
            AuditQuestion(f"q{n}", text, topics=("an-carers",), words=tuple(words), own_words=own)
            for n, (text, words, own) in enumerate(questions)
        ),
        (Grade(1, Reading.POOR, ("Bad",)), Grade(2, Reading.GOOD, ("Good", "2"))),
        (("case", ("Person",)),),
    )
    assert parse_mapping(mapping_text(made, framework), framework, "x") == made


@given(st.dates())
def test_days_are_read_in_the_manners_people_write_them(day: object) -> None:
    from datetime import date

    assert isinstance(day, date)
    iso = day.isoformat()
    long = f"{day.day} {day:%B} {day.year:04}"
    for written in (iso, f"{day:%d/%m}/{day.year:04}", long, f"{iso} 10:30", f"{day:%A} {long}"):
        assert day_of(written) == iso


def test_a_form_survives_the_record(mapping: AuditMapping) -> None:
    for form in read_forms(CASES / "case-audits.xlsx", mapping).forms:
        assert AuditForm.from_json(form.to_json()) == form
