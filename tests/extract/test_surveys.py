"""Which columns are taken for answers, in every kind of table."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.domain.survey import SurveyColumns, from_metadata
from evidence_mapper.errors import NoSuchColumn
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.header_rows import sheet_header
from evidence_mapper.extract.registry import extract_file

_A = "The social worker listened and came back when she said she would."
_B = "I waited four months for a carer's assessment and nobody rang."
_C = "Equipment arrived the day after my hospital discharge, thank you."
_SHORT_A, _SHORT_B = "More parking", "Longer hours"


def _book(folder: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def _with(path: Path, *chosen: str) -> ExtractedDocument:
    return extract_file(path, dataclasses.replace(Limits(), comments={str(path): chosen}))


def _surveys(document: ExtractedDocument) -> tuple[SurveyColumns, ...]:
    return from_metadata(document.metadata)


_PLAIN: list[list[object]] = [
    ["Carers survey 2025"],
    ["Ref", "Age", "What helped?", "What one thing would you change?"],
    [1, "65-74", _A, _SHORT_A],
    [2, "75+", _B, _SHORT_B],
    [3, "75+", _C, "None"],
]


def test_what_was_taken_for_what_is_kept(tmp_path: Path) -> None:
    (found,) = _surveys(extract_file(_book(tmp_path, Answers=_PLAIN)))
    assert found.sheet == "Answers"
    assert found.comments[0] == ("C", "What helped?")
    assert found.others[:2] == ("Ref", "Age")
    assert not found.chosen


@pytest.mark.parametrize(
    "name",
    [
        "What one thing would you change?", "what one  THING", "would you change", "D", "d", "Answers!D",
        "answers!what one",
    ],
)  # fmt: skip
def test_a_person_names_the_column(tmp_path: Path, name: str) -> None:
    document = _with(_book(tmp_path, Answers=_PLAIN), name)
    comments = only(document, BlockKind.COMMENT)
    assert [c.text for c in comments] == [_SHORT_A, _SHORT_B]
    assert comments[0].context == "What one thing would you change?"
    assert comments[0].attributes[:2] == (("Ref", "1"), ("Age", "65-74"))
    assert {_A, _B} <= {
        *(value for _, value in comments[0].attributes),
        *(e.text for e in document.exclusions),
        _B,
    }
    (found,) = _surveys(document)
    assert (found.chosen, found.comments) == (True, (("D", "What one thing would you change?"),))


def test_two_columns_and_two_sheets(tmp_path: Path) -> None:
    path = _book(tmp_path, Answers=_PLAIN, Other=[["Site", "Wait"], ["North", 3], ["South", 4]])
    document = _with(path, "C", "D")
    assert len(only(document, BlockKind.COMMENT)) == 5
    assert texts(document, BlockKind.TABLE_ROW) == ["Site: North; Wait: 3", "Site: South; Wait: 4"]


def test_a_name_that_is_in_no_sheet_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(NoSuchColumn, match=r"no column 'Ideas'.*What helped\?"):
        _with(_book(tmp_path, Answers=_PLAIN), "Ideas")


def test_csv_takes_names_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Ref,Idea,Why\n1,{_SHORT_A},{_A}\n2,{_SHORT_B},{_B}\n", encoding="utf-8")
    document = _with(path, "Idea")
    assert texts(document, BlockKind.COMMENT) == [_SHORT_A, _SHORT_B]
    assert document.blocks[0].location.column == "Idea"
    assert _surveys(document)[0].sheet is None


def test_export_with_questions_over_responses(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Respondent ID", "Start date", "Which services do you use?", None, "What could we do better?"],
        [None, None, "Day centre", "Other (please specify)", "Open-Ended Response"],
        ["118", "2025-03-04", "Day centre", None, _A],
        ["119", "2025-03-05", None, "Shared lives", _B],
        ["120", "2025-03-05", None, None, _C],
    ]
    document = extract_file(_book(tmp_path, Answers=rows))
    comments = only(document, BlockKind.COMMENT)
    assert [c.text for c in comments if c.location.column == "E"] == [_A, _B, _C]
    assert comments[0].context == "What could we do better?"
    assert ("Which services do you use? - Day centre", "Day centre") in comments[0].attributes


def test_export_with_codes_questions_and_import_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ids = ['"{""ImportId"":""QID1""}"', '"{""ImportId"":""QID2_TEXT""}"']
    path.write_text(
        f"Q1,Q2\nHow old are you?,What could we do better?\n{','.join(ids)}\n65,{_A}\n75,{_B}\n",
        encoding="utf-8",
    )
    document = extract_file(path)
    assert texts(document) == [_A, _B]
    assert document.blocks[0].context == "What could we do better?"
    assert document.blocks[0].attributes == (("How old are you?", "65"),)


def test_figures_with_commentary_are_rows(tmp_path: Path) -> None:
    budget: list[list[object]] = [
        ["Service", "Budget 2024/25", "Forecast", "Variance", "Comments"],
        ["Home care", "£1,200", "£1,300", "100", "Demand rose faster than we had planned for."],
        ["Residential", "£3,200", "£3,100", "-100", "Two placements ended earlier than expected."],
    ]
    measures: list[list[object]] = [
        ["Measure", "Target", "Actual", "RAG", "Narrative"],
        ["Reviews on time", "90%", "84%", "Amber", "Two reviewers left the team in the spring."],
        ["Carers assessed", 400, 412, "Green", "The new carers' offer was taken up quickly."],
    ]
    document = extract_file(_book(tmp_path, Budget=budget, Measures=measures))
    assert only(document, BlockKind.COMMENT) == []
    assert _surveys(document) == ()
    assert texts(document)[2] == (
        "Measure: Reviews on time; Target: 90%; Actual: 84%; RAG: Amber; "
        "Narrative: Two reviewers left the team in the spring."
    )


def test_grouped_columns_have_both_names() -> None:
    rows = [
        {0: "Budget monitoring"},
        {1: "2023/24", 3: "2024/25"},
        {0: "Service", 1: "Budget", 2: "Spend", 3: "Budget", 4: "Spend"},
        {0: "Home care", 1: "1,200", 2: "1,300", 3: "1,400", 4: "1,500"},
        {0: "Day care", 1: "200", 2: "300", 3: "400", 4: "500"},
    ]
    header = sheet_header(rows)
    assert header is not None
    assert (header.first, header.last) == (1, 2)
    assert header.titles == {
        0: "Service", 1: "2023/24 - Budget", 2: "2023/24 - Spend",
        3: "2024/25 - Budget", 4: "2024/25 - Spend",
    }  # fmt: skip


def test_a_row_of_answers_is_never_taken_for_a_second_header(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Date", "Action", "Reply"],
        ["May", "Call", "Response"],
        ["June", "Visit", _A],
    ]
    first, _ = only(extract_file(_book(tmp_path, Log=rows)), BlockKind.COMMENT)
    assert (first.text, first.attributes) == ("Response", (("Date", "May"), ("Action", "Call")))
