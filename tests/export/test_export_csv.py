"""CSV: no cell runs as a formula, and every quote can be had back."""

from __future__ import annotations

import pytest
from evidence_samples import SAMPLE, confirmed, csv_records, document, export
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.export.columns import NAMES
from evidence_mapper.export.spreadsheet import neutral, verbatim

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from("=+-@'\t\r\n \",;\u200b\ufeffab1"), st.characters(exclude_categories=["Cs", "Cc"])
    ),
    min_size=1,
)


def quote_cell(text: str) -> str:
    """Return the quote's cell of a one-row export, as it stands in the file."""
    (record,) = csv_records(export("csv", [confirmed(text)]))
    return record["quote"]


def test_file_has_mark_header_and_line_ends() -> None:
    data = export("csv", [SAMPLE[2]])
    assert data.startswith(b"\xef\xbb\xbfstatus,statement_ids,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    assert tuple(csv_records(data)[0]) == NAMES


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/c calc'!A1",
        "+44 20 7946 0000",
        "- a list item",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "＝1+1",
        "'=1",
        "''=1",
        "' @x",
        "\ttabbed",
    ],
)
def test_formulas_are_neutralised_and_can_be_had_back(text: str) -> None:
    assert quote_cell(text) == "'" + text
    assert verbatim(quote_cell(text)) == text


@pytest.mark.parametrize("text", ["People said 1 = 1", "'Tis good", "''", "'", "1-2", "£5", "a\n=1", "(=1)"])
def test_other_text_is_left_alone(text: str) -> None:
    assert quote_cell(text) == text
    assert verbatim(text) == text


@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_comes_back_and_none_is_run(text: str) -> None:
    cell = quote_cell(text)
    assert verbatim(cell) == text
    assert not cell.lstrip().startswith(DANGEROUS)
    assert not cell.startswith(DANGEROUS)


@given(st.text(st.sampled_from("=+-@' \tx")), st.text(st.sampled_from("=+-@' \tx")))
def test_two_texts_never_share_a_cell(one: str, other: str) -> None:
    assert (neutral(one) == neutral(other)) == (one == other)


def test_every_text_column_is_neutralised() -> None:
    row = confirmed(
        "=quote",
        document=document("=name.pdf"),
        statements=("=s",),
        topics=("=t",),
        i_statements=("=i",),
        evidence_category="=e",
        coder="=coder",
        note="=note",
        run_id="=run",
    )
    (record,) = csv_records(export("csv", [row]))
    touched = {name for name, cell in record.items() if cell.startswith("'=")}
    assert touched >= {"quote", "document", "statement_ids", "topic_ids", "coder", "note", "run_id"}
    assert not [name for name, cell in record.items() if cell.startswith(DANGEROUS)]


def test_long_quotes_stay_in_one_cell() -> None:
    text = "ab 😀 " * 8_000
    assert quote_cell(text) == text


def test_control_characters_are_gone_one_for_one_and_still_no_formula_runs() -> None:
    assert quote_cell("bell \x07, \x1b[31m\x00 \x85 \x9f") == "bell �, �[31m� � �"
    assert quote_cell("\x00=1") == "�=1"


def test_a_name_that_utf8_cannot_hold_is_still_exported() -> None:
    (record,) = csv_records(export("csv", [confirmed("x", document=document("bad\udc80.pdf"))]))
    assert record["document"] == "bad\ufffd.pdf"
