from __future__ import annotations

from pathlib import Path

import pytest
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.errors import DamagedFile
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.csv_ import sniff_delimiter
from evidence_mapper.extract.registry import extract_file

_SURVEY = (
    "Respondent,Question text,Comment\n"
    '1,Q1,"The café was warm, and staff said ""welcome"" – every time."\n'
    '2,Q1,"Two lines\nin one answer about the day centre."\n'
    "3,Q1,Nobody explained the charges to my father.\n"
)


def _read(path: Path, data: bytes, name: str = "a.csv", limits: Limits | None = None) -> ExtractedDocument:
    (path / name).write_bytes(data)
    return extract_file(path / name, limits or Limits())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_excel_exports(tmp_path: Path, encoding: str) -> None:
    document = _read(tmp_path, _SURVEY.encode(encoding))
    assert (
        texts(document, BlockKind.COMMENT)[0] == 'The café was warm, and staff said "welcome" – every time.'
    )
    assert document.warnings == ()


def test_rows_lines_and_columns(tmp_path: Path) -> None:
    comments = only(_read(tmp_path, _SURVEY.encode()), BlockKind.COMMENT)
    assert [(c.location.row, c.location.line, c.location.column) for c in comments] == [
        (2, 2, "Comment"), (3, 3, "Comment"), (4, 5, "Comment"),
    ]  # fmt: skip
    assert comments[1].text == "Two lines\nin one answer about the day centre."


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str, tmp_path: Path) -> None:
    text = f"area{delimiter}note, made\nNorth{delimiter}ok, fine\nSouth{delimiter}late, then done\n"
    text = text if delimiter != "," else "area,note\nNorth,ok\nSouth,late\n"
    assert sniff_delimiter(text) == delimiter
    assert len(_read(tmp_path, text.encode()).blocks) == 2


def test_unclosed_quotation_mark_is_named(tmp_path: Path) -> None:
    data = 'id,comment\n1,"never closed\n' + "\n".join(f"{i},text of an answer" for i in range(2, 400))
    with pytest.raises(DamagedFile, match="near line 2 is never closed"):
        _read(tmp_path, data.encode())


def test_field_over_the_reader_limit_is_damaged(tmp_path: Path) -> None:
    data = b'id,comment\n1,"' + b"x" * (5 * 1024 * 1024)
    with pytest.raises(DamagedFile, match="line 2"):
        _read(tmp_path, data)


def test_nul_characters_are_dropped_and_said(tmp_path: Path) -> None:
    document = _read(tmp_path, b"area,note\nNo\0rth,fine\nSouth,late\n")
    assert texts(document)[0] == "area: North; note: fine"
    assert document.warnings == ("1 NUL characters were dropped",)


def test_undefined_bytes_are_replaced_and_said(tmp_path: Path) -> None:
    document = _read(tmp_path, b"area,note\nNorth,caf\xe9 \x81\nSouth,late\n")
    assert "café \ufffd" in texts(document)[0]
    assert "could not be decoded" in document.warnings[0]


def test_row_cap(tmp_path: Path) -> None:
    data = "area,note\n" + "North,ok\n" * 50
    document = _read(tmp_path, data.encode(), limits=Limits(rows=11))
    assert len(document.blocks) == 10
    assert document.warnings == ("only the first 11 rows were read",)


def test_tab_separated_text(tmp_path: Path) -> None:
    document = _read(tmp_path, "area\tnote\nNorth\tok\nSouth\tlate\n".encode("utf-16"), name="export.txt")
    assert document.extractor.startswith("tsv/")
    assert texts(document) == ["area: North; note: ok", "area: South; note: late"]


def test_ragged_rows_keep_every_cell(tmp_path: Path) -> None:
    document = _read(tmp_path, b"area,note\nNorth\nSouth,late,extra\n")
    assert texts(document) == ["area: North", "area: South; note: late; extra"]


def test_answers_typed_by_a_system_are_not_comments(tmp_path: Path) -> None:
    answers = (
        "The chairs were hard",
        "Parking cost too much",
        "A kind nurse helped us",
        "We were not told why",
    )
    rows = "".join(f"Ward North Unit {i} - Q1,{answer}\n" for i, answer in enumerate(answers))
    comments = only(_read(tmp_path, ("Key,Comments\n" + rows).encode()), BlockKind.COMMENT)
    assert [c.text for c in comments] == list(answers)
    assert comments[0].attributes == (("Key", "Ward North Unit 0 - Q1"),)
