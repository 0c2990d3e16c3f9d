"""Parquet read back by Arrow: types, text, metadata, and one set of bytes."""

from __future__ import annotations

import builtins
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from evidence_samples import CONTEXT, SAMPLE, confirmed, csv_records, document, export, passage, suggested
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.export import SCHEMA_VERSION, columns, exporter
from evidence_mapper.export import parquet as written
from evidence_mapper.export.spreadsheet import verbatim
from evidence_mapper.workflow.export_formats import FORMATS


def table(rows: Sequence[EvidenceRow]) -> pa.Table:
    return parquet.read_table(io.BytesIO(export("parquet", rows)))


def records(rows: Sequence[EvidenceRow]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table(rows).to_pylist()
    return found


def test_columns_and_types_are_those_documented(root: Path) -> None:
    read = {field.name: str(field.type).replace("element: ", "") for field in table(SAMPLE).schema}
    assert read == written.TYPES
    assert tuple(read) == columns.NAMES
    text = (root / "docs" / "tables.md").read_text("utf-8")
    lines = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (.+) \|$", text, re.MULTILINE)
    assert {name: kind.replace("&lt;", "<").replace("&gt;", ">") for name, kind, _ in lines} == read
    assert [name for name, _, _ in lines] == list(columns.NAMES)
    assert f"## Columns, schema version {SCHEMA_VERSION}" in text


def test_the_documentation_names_every_format_of_rows(root: Path) -> None:
    text = (root / "docs" / "tables.md").read_text("utf-8")
    for format_ in FORMATS:
        if "since" in format_.takes:
            assert f"evidence{format_.endings[0]}" in text


def test_cells_agree_with_csv() -> None:
    for from_csv, from_parquet in zip(csv_records(export("csv", SAMPLE)), records(SAMPLE), strict=True):
        for name, cell in from_csv.items():
            value = from_parquet[name]
            if isinstance(value, list):
                value = (" > " if name == "heading_path" else "; ").join(value)
            elif isinstance(value, bool):
                value = "yes" if value else ""
            elif isinstance(value, datetime):
                value = value.isoformat(timespec="microseconds")
            assert verbatim(cell) == ("" if value is None else str(value)), name


def test_empty_is_null_or_an_empty_list_and_times_are_times() -> None:
    first, second = records([confirmed("x", note=None, topics=()), suggested("y")])
    assert first["note"] is None
    assert first["topic_ids"] == []
    assert first["decided_at"] == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert first["superseded"] is False
    assert second["coder"] is second["decided_at"] is None
    assert isinstance(second["probability"], float)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@\t\n\r"), min_size=1))
def test_any_text_comes_back(text: str) -> None:
    (record,) = records([confirmed(text, note=text)])
    assert record["quote"] == record["note"] == text


def test_control_characters_and_halves_of_pairs_are_gone() -> None:
    row = confirmed("x", note="bell \x07, \x1b[31m", document=document("bad\udc80.pdf"))
    (record,) = records([row])
    assert record["note"] == "bell �, �[31m"
    assert record["document"] == "bad�.pdf"


def test_the_file_says_its_version_framework_and_project() -> None:
    told = parquet.read_metadata(io.BytesIO(export("parquet", SAMPLE))).metadata
    said = {k.decode(): v.decode() for k, v in told.items() if k.startswith(b"evidence_mapper.")}
    assert said == {
        "evidence_mapper.schema_version": str(SCHEMA_VERSION),
        "evidence_mapper.framework": "test-framework@1",
        "evidence_mapper.copyright": "© The publisher",
        "evidence_mapper.project": "prj-0123",
        "evidence_mapper.changed_at": "2026-01-05T10:00:00+00:00",
    }


def test_rows_go_out_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "GROUP", 3)
    rows = [confirmed(f"quote {n}", passage=passage(f"quote {n}", ordinal=n)) for n in range(8)]
    read = parquet.ParquetFile(io.BytesIO(export("parquet", rows)))
    assert [read.metadata.row_group(i).num_rows for i in range(read.num_row_groups)] == [3, 3, 2]
    assert [r["quote"] for r in read.read().to_pylist()] == [f"quote {n}" for n in range(8)]


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ExportError, match="decided at 'soon', which is no time"):
        exporter("parquet").write([confirmed("x", decided_at="soon")], io.BytesIO(), CONTEXT)


def test_without_arrow_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    stream = io.BytesIO()
    with pytest.raises(UsageError, match=r"evidence-mapper\[parquet\]"):
        exporter("parquet").write(SAMPLE, stream, CONTEXT)
    assert stream.getvalue() == b""
