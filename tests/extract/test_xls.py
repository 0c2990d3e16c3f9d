from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlwt
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExclusionReason
from evidence_mapper.errors import DamagedFile, EncryptedFile, ExtractionError
from evidence_mapper.extract import sniff
from evidence_mapper.extract.registry import extract_file

_ANSWERS = (
    "The social worker listened and came back when she said she would.",
    "I waited four months for a carer's assessment and nobody rang.",
    "Equipment arrived the day after my hospital discharge, thank you.",
)


def _survey(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Comments")
    for column, title in enumerate(("Ref", "Date", "Share", "What could we do better?")):
        sheet.write(0, column, title)
    date = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    share = xlwt.easyxf(num_format_str="0.0%")
    for row, answer in enumerate(_ANSWERS, start=1):
        sheet.write(row, 0, row)
        sheet.write(row, 1, dt.date(2025, 3, 4), date)
        sheet.write(row, 2, 0.855, share)
        sheet.write(row, 3, answer)
    sheet.row(3).hidden = True
    other = book.add_sheet("Off")
    other.write(0, 0, "unseen")
    other.visibility = 1
    book.save(str(path))
    return path


def test_survey_values_and_hidden_parts(tmp_path: Path) -> None:
    document = extract_file(_survey(tmp_path / "a.xls"))
    assert document.media_type == sniff.XLS
    comments = only(document, BlockKind.COMMENT)
    assert [c.text for c in comments] == list(_ANSWERS[:2])
    assert comments[0].attributes == (("Ref", "1"), ("Date", "2025-03-04"), ("Share", "85.5%"))
    assert (comments[0].location.sheet, comments[0].location.row, comments[0].location.column) == (
        "Comments",
        2,
        "D",
    )
    hidden = [e.text for e in document.exclusions if e.reason is ExclusionReason.HIDDEN]
    assert hidden == [f"3; 2025-03-04; 85.5%; {_ANSWERS[2]}", "unseen"]


def test_the_name_does_not_decide(tmp_path: Path) -> None:
    source = _survey(tmp_path / "a.xls").read_bytes()
    (tmp_path / "a.docx").write_bytes(source)
    assert extract_file(tmp_path / "a.docx").media_type == sniff.XLS


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ("<table>{head}{rows}</table>", sniff.HTML),
        ("<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>{head}{rows}</table>", sniff.HTML),
        ("Ref,Comments\n{lines}", sniff.CSV),
        ("Ref\tComments\n{tabs}", sniff.TSV),
    ],
)  # fmt: skip
def test_what_is_only_called_xls_is_read_as_what_it_is(tmp_path: Path, data: str, media_type: str) -> None:
    rows = "".join(f"<tr><td>{i}</td><td>{text}</td></tr>" for i, text in enumerate(_ANSWERS))
    lines = "\n".join(f'{i},"{text}"' for i, text in enumerate(_ANSWERS))
    tabs = "\n".join(f"{i}\t{text}" for i, text in enumerate(_ANSWERS))
    head = "<tr><th>Ref</th><th>Comments</th></tr>"
    text = data.format(head=head, rows=rows, lines=lines, tabs=tabs)
    (tmp_path / "a.xls").write_text(text, encoding="utf-8")
    document = extract_file(tmp_path / "a.xls")
    assert document.media_type == media_type
    assert texts(document, BlockKind.COMMENT) == list(_ANSWERS)
    assert document.blocks[0].attributes == (("Ref", "0"),)


def test_password_is_named(tmp_path: Path) -> None:
    data = bytearray(_survey(tmp_path / "a.xls").read_bytes())
    # The record after BOF becomes FILEPASS, as Excel writes it for a workbook with a password.
    start = data.index(b"\x09\x08\x10\x00") + 20
    data[start : start + 2] = b"\x2f\x00"
    (tmp_path / "b.xls").write_bytes(bytes(data))
    with pytest.raises(EncryptedFile, match="password"):
        extract_file(tmp_path / "b.xls")


@pytest.mark.parametrize("keep", [513, 1_024, 3_000])
def test_cut_files_are_damaged(tmp_path: Path, keep: int) -> None:
    data = _survey(tmp_path / "a.xls").read_bytes()
    (tmp_path / "b.xls").write_bytes(data[:keep])
    with pytest.raises(DamagedFile):
        extract_file(tmp_path / "b.xls")


def test_any_damage_gives_a_document_or_one_of_our_errors(tmp_path: Path) -> None:
    data = _survey(tmp_path / "a.xls").read_bytes()
    outcomes: set[type[object]] = set()
    for position in range(0, len(data), 97):
        broken = bytearray(data)
        broken[position : position + 4] = b"\xff\xff\xff\x7f"
        (tmp_path / "b.xls").write_bytes(bytes(broken))
        try:
            outcomes.add(type(extract_file(tmp_path / "b.xls")))
        except ExtractionError as error:
            outcomes.add(type(error))
    assert len(outcomes) > 1
