"""Whatever shape a text or table has, its words reach a block or are said to be left out."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import write_zip

from evidence_mapper.domain.document import BlockKind, ExtractedDocument, SourceLocation
from evidence_mapper.errors import ExtractionError
from evidence_mapper.extract.grid import SHORT_WORDS, Grid
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.layout import QUESTION_WORDS, find_header
from evidence_mapper.extract.lines import TextReader
from evidence_mapper.extract.registry import extract_file
from evidence_mapper.extract.tables import add_grid

_WORDS = st.sampled_from(
    ["care", "plan", "Carers", "waited", "Was", "it", "ok?", "end.", "STAFF", "3.2", "note:", "a-"]
)
_LINE = st.builds(
    lambda start, words, indent: " " * indent + start + " ".join(words),
    st.sampled_from(["", "", "", "- ", "• ", "1. ", "3.4 ", "# ", "(a) "]),
    st.lists(_WORDS, min_size=1, max_size=25),
    st.sampled_from([0, 0, 2]),
)


def _letters(text: str) -> str:
    return re.sub(r"[^A-Za-z]", "", text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(_LINE, st.just("")), max_size=20), st.booleans())
def test_lines_keep_every_word_in_order(lines: list[str], markdown: bool) -> None:
    text = "\n".join(line.replace("(a) ", "") for line in lines)
    out = BlockList()
    TextReader(out, markdown=markdown).read(text)
    assert _letters("".join(b.text for b in out.blocks)) == _letters(text)
    assert all(b.text == b.text.strip() != "" for b in out.blocks)
    numbers = [b.location.line or 0 for b in out.blocks]
    assert numbers == sorted(numbers)
    assert 0 not in numbers


_SHORT = st.sampled_from(
    ["Yes", "12", "North", "n/a", "Comments", "Question", "Why?", "Name:", "2025-03-04", "Good."]
)
_LONG = st.integers(0, 999).map(
    lambda i: f"answer {i} said that the worker came back and did what she had promised to do"
)
_CELL = st.one_of(st.none(), _SHORT, _SHORT, _LONG)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(_CELL, min_size=1, max_size=4), min_size=1, max_size=8), st.booleans())
def test_every_long_cell_of_a_table_reaches_a_block_word_for_word(
    table: list[list[str | None]], is_sheet: bool
) -> None:
    rows = [(n, {c: v for c, v in enumerate(row) if v}) for n, row in enumerate(table, start=1)]
    rows = [(n, row) for n, row in rows if row]

    def locate(row: int, column: int | None) -> SourceLocation:
        return SourceLocation(row=row, column=None if column is None else str(column))

    out = BlockList()
    add_grid(out, Grid(rows, locate, is_sheet=is_sheet))
    # A question over a column of answers is its name: it shows as context where there are answers.
    header = find_header([row for _, row in rows], QUESTION_WORDS if is_sheet else SHORT_WORDS)
    for number, row in rows if header is None else rows[:header] + rows[header + 1 :]:
        here = [b for b in out.blocks if b.location.row == number and b.kind is not BlockKind.HEADING]
        for text in row.values():
            if text.startswith("answer"):
                assert any(text in f"{b.context or ''} {b.text}" for b in here), text


def _sample(folder: Path, name: str) -> Path:
    if name.endswith("docx"):
        document = docx.Document()
        document.add_heading("Carers", 1)
        document.add_paragraph("We assessed 412 carers.", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).text = "Measure"
        document.save(str(folder / name))
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["Area", "Comment"])
        sheet.append(["North", "The worker came back when she said she would."])
        book.save(folder / name)
    return folder / name


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_parts_give_a_document_or_one_of_our_errors(name: str, data: st.DataObject) -> None:
    import zipfile

    with tempfile.TemporaryDirectory() as folder:
        path = _sample(Path(folder), name)
        with zipfile.ZipFile(path) as package:
            parts: dict[str, str | bytes] = {n: package.read(n) for n in package.namelist()}
        part = data.draw(st.sampled_from([n for n in parts if n.endswith((".xml", ".rels"))]))
        content = parts[part]
        assert isinstance(content, bytes)
        start = data.draw(st.integers(0, len(content) - 1))
        stop = data.draw(st.integers(start, min(len(content), start + 60)))
        filler = data.draw(st.sampled_from([b"", b"0", b"-1", b"<a/>", b"\xff", b'"', b"99999999999"]))
        parts[part] = content[:start] + filler + content[stop:]
        try:
            result = extract_file(write_zip(Path(folder) / f"b{name}", parts))
        except ExtractionError:
            return
        assert isinstance(result, ExtractedDocument)
        assert all(b.text for b in result.blocks)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["", "<html>", "From: a@b\nTo: c@d\nSubject: s\n", "a,b\n1,"])
)
def test_any_bytes_give_a_document_or_one_of_our_errors(data: bytes, start: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".csv", ".txt", ".html"):
            path = Path(folder) / f"a{suffix}"
            path.write_bytes(start.encode() + data)
            try:
                result = extract_file(path)
            except ExtractionError:
                continue
            assert all(b.text == b.text.strip() != "" for b in result.blocks)
