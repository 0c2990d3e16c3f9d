"""What every format keeps: one count, one set of bytes, two kinds of row that never mix."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from evidence_samples import CONTEXT, SAMPLE, confirmed, csv_records, export, sheet_records, suggested

from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.export import available, columns, exporter
from evidence_mapper.export.spreadsheet import verbatim

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
GOLDEN = Path(__file__).parent / "golden"


def test_formats_are_found_by_name() -> None:
    assert available() == FORMATS
    assert [(exporter(name).name, exporter(name).suffix) for name in FORMATS] == [
        ("csv", ".csv"),
        ("jsonl", ".jsonl"),
        ("parquet", ".parquet"),
        ("xlsx", ".xlsx"),
    ]


def test_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'docx'; there are: csv, jsonl, parquet, xlsx"):
        exporter("docx")


@pytest.mark.parametrize("name", FORMATS)
def test_same_rows_give_the_same_bytes(name: str) -> None:
    assert export(name, SAMPLE) == export(name, SAMPLE)


@pytest.mark.parametrize("name", FORMATS)
def test_the_stream_stays_open_and_no_rows_are_no_error(name: str) -> None:
    stream = io.BytesIO()
    assert exporter(name).write(iter(()), stream, CONTEXT) == 0
    assert not stream.closed


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_bytes_are_the_golden_ones(name: str) -> None:
    assert export(name, SAMPLE) == (GOLDEN / f"evidence.{name}").read_bytes()


def test_csv_and_xlsx_agree_cell_for_cell() -> None:
    from_csv = [{k: verbatim(v) for k, v in record.items()} for record in csv_records(export("csv", SAMPLE))]
    data = export("xlsx", SAMPLE)
    in_sheets = sheet_records(data) + sheet_records(data, "Suggestions (not confirmed)")
    from_xlsx = [{k: "" if v is None else str(v) for k, v in record.items()} for record in in_sheets]
    assert {record.pop("quote_continued") for record in from_xlsx} == {""}
    assert from_csv == from_xlsx


def test_csv_and_jsonl_agree() -> None:
    objects = [json.loads(line) for line in export("jsonl", SAMPLE).splitlines()]
    for record, thing in zip(csv_records(export("csv", SAMPLE)), objects, strict=True):
        cells = {name: verbatim(cell) for name, cell in record.items()}
        for name in ("status", "quote", "note", "document", "coder", "passage_id", "file_sha256", "run_id"):
            assert cells[name] == (thing[name] or "")
        assert cells["statement_ids"] == "; ".join(thing["statement_ids"])
        assert cells["location"] == thing["location"]["label"]
        assert (int(cells["span_start"]), int(cells["span_end"])) == tuple(thing["span"].values())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "row",
    [
        confirmed("x", status="coded"),
        confirmed("x", coder=None),
        confirmed("x", decided_at=None),
        confirmed("x", probability=0.5),
        suggested("x", coder="A. Officer"),
        suggested("x", decided_at="2026-01-05T09:30:00+00:00"),
        suggested("x", status="confirmed"),
        confirmed("x", status="suggested"),
    ],
)
def test_a_row_that_could_be_taken_for_the_other_kind_is_refused(name: str, row: object) -> None:
    assert isinstance(row, type(SAMPLE[0]))
    stream = io.BytesIO()
    with pytest.raises(ExportError, match=rf"{row.passage.id}.*evidence-mapper db verify"):
        exporter(name).write([SAMPLE[0], row], stream, CONTEXT)


def test_status_is_the_first_column_and_every_column_is_described() -> None:
    assert columns.NAMES[0] == "status"
    described = re.findall(r"^(\w+) {2,}\S", str(columns.__doc__), flags=re.MULTILINE)
    assert tuple(described[1:]) == columns.NAMES


def test_a_statement_without_a_title_is_named_by_its_id() -> None:
    (record,) = csv_records(export("csv", [SAMPLE[0]], replace(CONTEXT, titles={"s2": "Two"})))
    assert record["statement_titles"] == "s1; Two"


def test_json_lines_are_whole_and_verbatim() -> None:
    text = "=1+1\u2028tab\tend 😀 \x07"
    row = confirmed(text, document=replace(SAMPLE[0].document, name="bad\udc80name.pdf"))
    data = export("jsonl", [row, SAMPLE[2]])
    assert data.count(b"\n") == 2
    first, second = (json.loads(line) for line in data.decode("utf-8").removesuffix("\n").split("\n"))
    assert first["quote"] == text
    assert first["document"] == "bad\udc80name.pdf"
    assert first["probability"] is None
    assert first["location"]["page_end"] == 5
    assert first["location"]["sheet"] is None
    assert first["schema_version"] == columns.SCHEMA_VERSION
    assert (second["status"], second["coder"], second["probability"]) == ("suggested", None, 0.1235)
    assert list(first) == list(second)
    assert next(iter(first)) == "status"
