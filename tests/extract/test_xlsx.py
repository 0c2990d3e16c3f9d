from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import openpyxl
import pytest
from office_files import only, texts, write_xlsx
from openpyxl.comments import Comment

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.errors import DamagedFile
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.registry import extract_file
from evidence_mapper.extract.xlsx.names import column_index, column_letter

_ANSWERS = (
    "The social worker listened and came back when she said she would.",
    "I waited four months for a carer's assessment and nobody rang.",
    "Equipment arrived the day after my hospital discharge, thank you.",
)


def _book(path: Path, rows: list[list[object]], name: str = "Comments") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


def _read(path: Path, rows: list[list[object]]) -> ExtractedDocument:
    return extract_file(_book(path, rows))


def test_survey_answers_are_comments_with_question_and_attributes(tmp_path: Path) -> None:
    question = "What could we do better?"
    rows: list[list[object]] = [["Respondent", "Age band", question]]
    rows += [[i, "65-74", answer] for i, answer in enumerate(_ANSWERS, start=1)]
    rows += [[4, "75+", "n/a"], [5, "75+", None]]
    document = _read(tmp_path, rows)
    comments = only(document, BlockKind.COMMENT)
    assert [c.text for c in comments] == list(_ANSWERS)
    assert {c.context for c in comments} == {question}
    assert comments[1].attributes == (("Respondent", "2"), ("Age band", "65-74"))
    place = comments[1].location
    assert (place.sheet, place.row, place.column) == ("Comments", 3, "C")
    assert [e.text for e in document.exclusions] == ["n/a"]
    assert document.warnings == ("sheet 'Comments': 2 rows without a free-text answer are not passages",)


def test_a_long_answer_in_a_column_of_short_ones_is_kept(tmp_path: Path) -> None:
    long = "My mother was moved twice in one week and the second home had not been told about her dementia."
    rows: list[list[object]] = [
        ["Why?", "Rating"],
        [_ANSWERS[0], "Good"],
        [_ANSWERS[1], "Poor"],
        [_ANSWERS[2], long],
    ]
    assert texts(_read(tmp_path, rows), BlockKind.COMMENT) == [*_ANSWERS, long]


def test_single_column_without_header_loses_nothing(tmp_path: Path) -> None:
    rows: list[list[object]] = [[text] for text in ("Very good service from the team", *_ANSWERS)]
    assert len(texts(_read(tmp_path, rows))) == 4


def test_case_audit_keeps_rating_rows_and_comments(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Case file audit"],
        ["Audit question", "Rating", "Auditor comments"],
        ["Was the person's voice heard in the assessment?", "Yes", _ANSWERS[0]],
        ["Was the carer offered an assessment of their own?", "No", _ANSWERS[1]],
        ["Was the support plan shared with the person?", "Partly", None],
    ]
    document = _read(tmp_path, rows)
    assert texts(document, BlockKind.HEADING) == ["Case file audit"]
    first, second = only(document, BlockKind.COMMENT)
    assert first.context == "Was the person's voice heard in the assessment? - Auditor comments"
    assert second.attributes == (("Rating", "No"),)
    assert (
        texts(document, BlockKind.TABLE_ROW)
        == [
            "Audit question: Was the person's voice heard in the assessment?; Rating: Yes",
            "Audit question: Was the carer offered an assessment of their own?; Rating: No",
            "Audit question: Was the support plan shared with the person?; Rating: Partly",
        ][2:]
    )


def test_form_layout(tmp_path: Path) -> None:
    long = " ".join([_ANSWERS[0]] * 3)
    rows: list[list[object]] = [
        ["Case reference:", "A17"],
        ["Date of audit:", dt.date(2025, 3, 4)],
        ["Outcome met?", "Yes"],
        ["What went well:", long],
        [None, "Family satisfied"],
    ]
    document = _read(tmp_path, rows)
    assert texts(document, BlockKind.TABLE_ROW) == [
        "Case reference: A17", "Date of audit: 2025-03-04", "Outcome met? Yes",
    ]  # fmt: skip
    comments = only(document, BlockKind.COMMENT)
    assert [(c.text, c.context) for c in comments] == [
        (long, "What went well"),
        ("Family satisfied", "What went well"),
    ]


def test_values_are_shown_as_a_reader_sees_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Measure", "Value"])
    sheet.append(["date", dt.date(2025, 3, 4)])
    sheet.append(["time", dt.datetime(2025, 3, 4, 10, 30)])  # noqa: DTZ001 - a sheet has no zone
    sheet.append(["share", 0.855])
    sheet.append(["number", 0.1 + 0.2])
    sheet.append(["whole", 12.0])
    sheet.append(["flag", True])
    sheet.append(["code", "007"])
    sheet.append(["code", 123456789012345])
    sheet.append(["formula", "=1+1"])
    sheet["B4"].number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    document = extract_file(tmp_path / "a.xlsx")
    values = [text.rpartition("Value: ")[2] for text in texts(document)]
    assert values[:8] == [
        "2025-03-04", "2025-03-04 10:30", "85.5%", "0.3", "12", "TRUE", "007", "123456789012345",
    ]  # fmt: skip
    assert values[8] == "Measure: formula"
    assert "1 formulas have no stored result" in document.warnings[0]


@pytest.mark.parametrize(
    ("code", "serial", "expected"),
    [
        ("dd/mm/yyyy", "45720", "2025-03-04"),
        ("[$-809]d mmmm yyyy", "45720", "2025-03-04"),
        ('0 "days"', "45", "45"),
        ("#,##0.00", "45720.5", "45720.5"),
        ("hh:mm", "0.25", "06:00"),
        ("[Red]0%", "0.5", "50%"),
        ("General", "1E-3", "0.001"),
        ("dd/mm/yyyy", "1", "1900-01-01"),
        ("dd/mm/yyyy", "-5", "-5"),
        ("dd/mm/yyyy", "1e300", "1e+300"),
    ],
)
def test_number_formats(tmp_path: Path, code: str, serial: str, expected: str) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    styles = (
        f'<styleSheet xmlns="{main}"><numFmts>'
        f'<numFmt numFmtId="164" formatCode="{code.replace(chr(34), "&quot;")}"/></numFmts>'
        '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    rows = f'<row r="1"><c r="A1" s="0"><v>{serial}</v></c></row>'
    assert texts(extract_file(write_xlsx(tmp_path / "a.xlsx", rows, styles=styles))) == [expected]


def test_hidden_sheets_rows_and_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Shown"
    for row in (["Area", "Note", "Owner"], ["North", "a1", "x"], ["South", "b2", "y"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    secret = book.create_sheet("Secret")
    secret.append(["Lookup", "List"])
    secret.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    document = extract_file(tmp_path / "a.xlsx")
    assert texts(document) == ["Area: North; Note: a1"]
    hidden = [e for e in document.exclusions if e.reason is ExclusionReason.HIDDEN]
    assert {e.text for e in hidden} == {"Owner", "x", "South; b2; y", "Lookup; List"}
    assert {e.location.sheet for e in hidden} == {"Shown", "Secret"}
    assert len(document.warnings) == 2


def test_cell_comments_are_notes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = "text"
    sheet["B2"].comment = Comment("Check this figure", "Reviewer")
    book.save(tmp_path / "a.xlsx")
    note = only(extract_file(tmp_path / "a.xlsx"), BlockKind.NOTE)[0]
    assert note.text == "Check this figure"
    assert (note.location.row, note.location.column, note.location.part) == (2, "B", "comments")


def test_inline_and_rich_strings(tmp_path: Path) -> None:
    shared = "<sst><si><r><t>Rich </t></r><r><t>text</t></r><rPh><t>guide</t></rPh></si></sst>"
    rows = (
        '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>in line</t></is></c>'
        '<c t="str"><v>made</v></c><c t="e"><v>#N/A</v></c><c t="s"><v>99</v></c></row>'
    )
    path = write_xlsx(tmp_path / "a.xlsx", rows, sharedStrings=shared)
    assert texts(extract_file(path)) == ["Rich text; in line; made"]


def test_sparse_far_corner_costs_nothing(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>here</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>there</t></is></c></row>'
    )
    started = time.perf_counter()
    document = extract_file(write_xlsx(tmp_path / "a.xlsx", rows))
    assert time.perf_counter() - started < 1
    assert [(b.text, b.location.row) for b in document.blocks] == [("here", 1), ("there", 1048576)]


def test_row_cap_is_said(tmp_path: Path) -> None:
    path = _book(tmp_path, [[f"row {i}", "x"] for i in range(30)])
    document = extract_file(path, Limits(rows=10))
    assert len(document.blocks) <= 10
    assert any("too many rows" in w for w in document.warnings)


def test_broken_sheet_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="not valid XML"):
        extract_file(write_xlsx(tmp_path / "a.xlsx", "<row><c>"))


def test_column_letters_round_trip() -> None:
    assert [column_letter(i) for i in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_index(column_letter(i) + "7") == i for i in range(0, 16384, 37))
    assert column_index("12") is None
    assert column_index("ZZZZ1") is None


def test_repeated_places_are_attributes_and_questions_are_context(tmp_path: Path) -> None:
    asked = (
        "Is the person's own voice heard?",
        "Is the decision explained to them?",
        "Is the risk understood by all?",
    )
    rows: list[list[object]] = [["Area", "What we looked for", "Comments"]]
    rows += [["North", question, answer] for question, answer in zip(asked, _ANSWERS, strict=True)]
    comments = only(_read(tmp_path, rows), BlockKind.COMMENT)
    assert [c.text for c in comments] == list(_ANSWERS)
    assert comments[0].context == "Is the person's own voice heard? - Comments"
    assert comments[0].attributes == (("Area", "North"),)
