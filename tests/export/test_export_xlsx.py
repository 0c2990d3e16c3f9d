"""XLSX: text stays text, nothing is cut, suggestions have a sheet of their own."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from evidence_samples import CONTEXT, SAMPLE, confirmed, document, export, sheet_records, suggested, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import column_index_from_string

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import ExportError
from evidence_mapper.export import Table, exporter, sheet
from evidence_mapper.export.columns import NAMES

SUGGESTIONS = "Suggestions (not confirmed)"
LIMIT = 32_767


def quote_of(text: str) -> str:
    """Return the quote of a one-row export, as Excel shows it."""
    (record,) = sheet_records(export("xlsx", [confirmed(text)]))
    assert isinstance(record["quote"], str)
    return record["quote"] + (record["quote_continued"] or "")


def about_of(data: bytes) -> dict[str, Any]:
    """Return the About sheet; of an item that is there twice, the last."""
    return {record["item"]: record["text"] for record in sheet_records(data, "About")}


def test_sheets_headers_and_filters() -> None:
    book = workbook(export("xlsx", SAMPLE))
    assert book.sheetnames == ["Evidence", SUGGESTIONS, "Documents", "Matrix", "Gaps", "About"]
    evidence = book["Evidence"]
    header = [cell.value for cell in evidence[1]]
    assert [name for name in header if name != "quote_continued"] == list(NAMES)
    assert header[header.index("quote") + 1] == "quote_continued"
    assert evidence.freeze_panes == "B2"
    assert evidence.auto_filter.ref == f"A1:{evidence.cell(3, len(header)).coordinate}"
    quote = evidence.cell(2, header.index("quote") + 1)
    assert quote.alignment.wrap_text is True
    assert evidence.column_dimensions[quote.column_letter].width > 60


def test_rows_are_as_high_as_their_text_and_pages_have_a_header() -> None:
    book = workbook(export("xlsx", [confirmed("short"), confirmed("a longer quote " * 30)]))
    evidence, told = book["Evidence"], book["About"]
    heights = [evidence.row_dimensions[row].height for row in (2, 3)]
    assert heights[1] >= 15 * len("a longer quote " * 30) / 80
    assert heights[0] < heights[1]
    assert evidence.print_title_rows == "$1:$1"
    assert evidence.page_setup.orientation == "landscape"
    assert evidence.sheet_properties.pageSetUpPr.fitToPage
    assert told.sheet_properties.pageSetUpPr.fitToPage


def test_on_paper_is_the_quote_with_its_document_and_place_and_no_more_than_fits() -> None:
    evidence = workbook(export("xlsx", SAMPLE))["Evidence"]
    header = [cell.value for cell in evidence[1]]
    first, last = evidence.print_area.replace("$", "").partition("!")[2].split(":")
    assert first == "A1"
    printed = header[: column_index_from_string(re.sub(r"\d", "", last))]
    assert {"quote", "document", "location"} <= set(printed)
    assert "file_sha256" not in printed
    for name in ("document", "location", "heading_path", "statement_ids"):
        assert evidence.cell(2, header.index(name) + 1).alignment.wrap_text is True


def test_heights_stop_where_they_would_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "_FITTED_ROWS", 2)
    told = workbook(export("xlsx", [confirmed("short")] * 3))["Evidence"]
    assert [told.row_dimensions[row].height is None for row in (2, 3, 4)] == [False, False, True]


def test_evidence_and_suggestions_are_never_on_one_sheet() -> None:
    rows = [suggested("first"), confirmed("second"), suggested("third"), confirmed("fourth")]
    data = export("xlsx", rows)
    assert [(r["status"], r["quote"]) for r in sheet_records(data)] == [
        ("confirmed", "second"),
        ("confirmed", "fourth"),
    ]
    assert [(r["status"], r["quote"], r["coder"]) for r in sheet_records(data, SUGGESTIONS)] == [
        ("suggested", "first", None),
        ("suggested", "third", None),
    ]


def test_no_time_of_day_is_in_the_file() -> None:
    data = export("xlsx", SAMPLE)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {part.date_time[:2] for part in parts.infolist()} == {(1980, 1)}
    assert workbook(data).properties.created.isoformat() == "2000-01-01T00:00:00"


def test_no_suggestions_no_sheet_for_them() -> None:
    bare = replace(CONTEXT, documents=None, matrix=None, gaps=None)
    assert workbook(export("xlsx", SAMPLE[:2], bare)).sheetnames == ["Evidence", "About"]


def test_further_sheets_are_as_given() -> None:
    data = export("xlsx", SAMPLE)
    assert sheet_records(data, "Documents")[0] == {"document": "policies/=cover.docx", "passages": 12}
    assert sheet_records(data, "Matrix")[1] == {"statement": "s2", "processes": 0}
    assert sheet_records(data, "Gaps")[1] == {"statement": "s2", "category": None, "expected": 0}


def test_about_says_what_the_file_is() -> None:
    about = about_of(export("xlsx", SAMPLE))
    assert about["Framework"] == CONTEXT.framework_title
    assert about["Framework version"] == "1"
    assert about["Copyright"] == CONTEXT.copyright
    assert about["Project last changed at (UTC)"] == CONTEXT.exported_at
    assert (about["Confirmed rows"], about["Suggested rows"]) == (2, 1)
    assert "not evidence until a person confirms it" in about["Status suggested"]
    assert about["Unverified"] == "statement s2, wording: unverified"


@pytest.mark.parametrize(
    ("unverified", "said"), [(None, "evidence-mapper framework show test-framework"), ((), "has none")]
)
def test_about_does_not_claim_what_nobody_looked_at(unverified: tuple[str, ...] | None, said: str) -> None:
    assert said in about_of(export("xlsx", SAMPLE, replace(CONTEXT, unverified=unverified)))["Unverified"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "{=1+1}",
        "+1",
        "-1",
        "@x",
        "https://example.org/ is not a link",
        "mailto:someone@example.org",
        "internal:Evidence!A1",
        "007",
        "1/2",
        "'quoted'",
        "<r>not mark-up</r>",
        "<r><t>x</t></r>",
        "_x0041_ and _x000D_",
        "\ufffe\uffff",
        " both ends ",
        "one\ntwo\tthree\r\nfour\rfive",
        "family 👨‍👩‍👧 and flag 🇬🇧",
        "שלום and مرحبا",
        "a & b < c > \"d\" 'e'",
    ],
)
def test_text_is_text_and_verbatim(text: str) -> None:
    data = export("xlsx", [confirmed(text)])
    cell = workbook(data)["Evidence"].cell(2, 8)
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.hyperlink is None
    assert cell.quotePrefix
    assert quote_of(text) == text


# "_x" before four digits is left out: openpyxl's reading of overlapping escapes is not Excel's.
@settings(max_examples=40, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_") | st.sampled_from("\t\r\n"),
        min_size=1,
    )
)
def test_any_text_comes_back(text: str) -> None:
    assert quote_of(text) == text


def test_control_characters_are_gone_one_for_one() -> None:
    assert quote_of("bell \x07 and escape \x1b") == "bell � and escape �"


@pytest.mark.parametrize(
    "text", ["x" * LIMIT, "x" * (LIMIT + 1), "word " * 8_000, "x" + "😀" * 20_000, "😀" * 20_000]
)
def test_long_quotes_go_on_in_the_next_column(text: str) -> None:
    (record,) = sheet_records(export("xlsx", [confirmed(text)]))
    head, tail = record["quote"], record["quote_continued"] or ""
    assert head + tail == text
    assert len(head.encode("utf-16-le")) <= 2 * LIMIT
    assert bool(tail) == (len(text.encode("utf-16-le")) > 2 * LIMIT)


@pytest.mark.parametrize(
    ("row", "column"),
    [(confirmed("x" * 70_000), "quote_continued"), (confirmed("x", note="y" * 40_000), "note")],
)
def test_what_does_not_fit_is_refused_and_not_cut(row: EvidenceRow, column: str) -> None:
    stream = io.BytesIO()
    with pytest.raises(ExportError, match=rf"{row.passage.id}, {column}: .*--format jsonl"):
        exporter("xlsx").write([SAMPLE[0], row], stream, CONTEXT)
    assert stream.getvalue() == b""


def test_what_a_sheet_has_no_room_for_goes_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "SHEET_ROWS", 31)
    rows = [confirmed(f"quote {number}") for number in range(65)] + [suggested("s")] * 31
    stream = io.BytesIO()
    assert exporter("xlsx").write(rows, stream, CONTEXT) == 96
    book = openpyxl.load_workbook(stream)
    names = ["Evidence", "Evidence (2)", "Evidence (3)"]
    suggestions = ["Suggestions (not confirmed)", "Suggestions (not confirmed) (2)"]
    assert [name for name in book.sheetnames if name.startswith(("Evidence", "Suggestions"))] == [
        *names, *suggestions,
    ]  # fmt: skip
    quotes = []
    for name in names:
        header, *below = book[name].iter_rows(values_only=True)
        assert len(below) <= 30
        quotes += [row[header.index("quote")] for row in below]
        assert book[name].auto_filter.ref.endswith(str(len(below) + 1))
    assert quotes == [f"quote {number}" for number in range(65)]
    told = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert told["Confirmed rows"] == 65
    assert "Evidence goes on in Evidence (2), Evidence (3)" in str(told["Sheets"])


def test_a_table_of_another_width_is_refused() -> None:
    ragged = replace(CONTEXT, gaps=Table(("statement", "category"), [("s1", "processes"), ("s2",)]))
    with pytest.raises(ExportError, match="sheet Gaps, row 2: 1 cells for 2 columns"):
        exporter("xlsx").write(SAMPLE, io.BytesIO(), ragged)


def test_a_name_that_utf8_cannot_hold_is_still_exported() -> None:
    (record,) = sheet_records(export("xlsx", [confirmed("x", document=document("bad\udc80.pdf"))]))
    assert record["document"] == "bad\ufffd.pdf"


def test_no_row_is_left_in_a_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[EvidenceRow]:
        yield SAMPLE[0]
        assert list(tmp_path.iterdir())
        raise RuntimeError("the store went away")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stream = io.BytesIO()
    with pytest.raises(RuntimeError, match="went away"):
        exporter("xlsx").write(broken(), stream, CONTEXT)
    assert list(tmp_path.iterdir()) == []
    assert stream.getvalue() == b""
    export("xlsx", SAMPLE)
    assert list(tmp_path.iterdir()) == []
