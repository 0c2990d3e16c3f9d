from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
from odf_files import sheet, sheet_row, text_cell, write_odf
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.errors import OwnExport
from evidence_mapper.extract import sniff
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.registry import extract_file

_HEADER = sheet_row(text_cell("Ref"), text_cell("Age"), text_cell("What could we do better?"))
_LONG = "I waited four months for an assessment and nobody rang to tell me why."


def _read(folder: Path, *tables: str, styles: str = "", limits: Limits | None = None) -> ExtractedDocument:
    path = write_odf(folder / "a.ods", "spreadsheet", "".join(tables), styles=styles)
    return extract_file(path, limits or Limits())


def test_survey_with_collapsed_rows_and_cells(tmp_path: Path) -> None:
    same = sheet_row(
        text_cell("1"), text_cell("65"), text_cell(_LONG), attributes='table:number-rows-repeated="2"'
    )
    empty = sheet_row("<table:table-cell/>", attributes='table:number-rows-repeated="3"')
    last = sheet_row(text_cell("x", 'table:number-columns-repeated="2"'), text_cell(f"Thank you. {_LONG}"))
    filler = sheet_row("<table:table-cell/>", attributes='table:number-rows-repeated="1048000"')
    document = _read(tmp_path, sheet(_HEADER, same, empty, last, filler, name="Comments"))
    assert document.media_type == sniff.ODS
    comments = only(document, BlockKind.COMMENT)
    assert [c.location.row for c in comments] == [2, 3, 7]
    assert comments[0].location.column == "C"
    assert comments[0].attributes == (("Ref", "1"), ("Age", "65"))
    assert comments[2].attributes == (("Ref", "x"), ("Age", "x"))


def test_values_are_shown_as_in_other_workbooks(tmp_path: Path) -> None:
    def value(kind: str, **stated: str) -> str:
        attributes = " ".join(f'office:{name.replace("_", "-")}="{v}"' for name, v in stated.items())
        start = f'<table:table-cell office:value-type="{kind}" {attributes}>'
        return f"{start}<text:p>shown</text:p></table:table-cell>"

    cells = {
        "date": value("date", date_value="2025-03-04"),
        "time": value("date", date_value="2025-03-04T10:30:00"),
        "share": value("percentage", value="0.855"),
        "number": value("float", value="0.30000000000000004"),
        "flag": value("boolean", boolean_value="true"),
        "money": value("currency", value="1200"),
        "odd": value("float", value="none"),
    }
    rows = [sheet_row(text_cell("Measure"), text_cell("Value"))]
    rows += [sheet_row(text_cell(name), cell) for name, cell in cells.items()]
    found = [text.rpartition("Value: ")[2] for text in texts(_read(tmp_path, sheet(*rows)))]
    assert found == ["2025-03-04", "2025-03-04 10:30", "85.5%", "0.3", "TRUE", "shown", "none"]


def test_hidden_sheets_rows_and_columns_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    style = (
        '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    rows = (
        sheet_row(text_cell("Area"), text_cell("Secret")),
        sheet_row(text_cell("North"), text_cell("s1")),
        sheet_row(text_cell("South"), text_cell("s2"), attributes='table:visibility="filter"'),
    )
    document = _read(
        tmp_path,
        sheet(*rows, columns=columns, name="Seen"),
        sheet(sheet_row(text_cell("unseen")), name="Off", style="off"),
        styles=style,
    )
    assert "s1" not in " ".join(texts(document))
    assert "unseen" not in " ".join(texts(document))
    hidden = [e.text for e in document.exclusions if e.reason is ExclusionReason.HIDDEN]
    assert hidden == ["Secret", "s1", "South; s2", "unseen"]
    assert any("sheet 'Off' is hidden" in w for w in document.warnings)


def test_comments_on_cells_and_text_boxes(tmp_path: Path) -> None:
    note = "<office:annotation><dc:creator>Ann</dc:creator><text:p>Check</text:p></office:annotation>"
    box = (
        "<table:shapes><draw:frame><draw:text-box><text:p>How to fill this in</text:p></draw:text-box>"
        "</draw:frame></table:shapes>"
    )
    rows = (
        sheet_row(text_cell("Area"), text_cell("Wait")),
        sheet_row(text_cell("North", inner=note), text_cell("3")),
    )
    document = _read(tmp_path, sheet(box, *rows))
    assert texts(document, BlockKind.TABLE_ROW) == ["Area: North; Wait: 3"]
    first, second = only(document, BlockKind.NOTE)
    assert (first.text, first.location.part) == ("How to fill this in", "text box")
    assert (second.text, second.location.row, second.location.column) == ("Check", 2, "A")
    assert second.attributes == (("author", "Ann"),)


@pytest.mark.parametrize("many", ["1048576", "99999999999999999999"])
def test_repeat_bombs_are_cut_at_the_limits(tmp_path: Path, many: str) -> None:
    cell = text_cell("x" * 50, f'table:number-columns-repeated="{many}"')
    bomb = sheet_row(cell, attributes=f'table:number-rows-repeated="{many}"')
    started = time.monotonic()
    document = _read(tmp_path, sheet(*[bomb] * 20), limits=dataclasses.replace(Limits(), rows=50))
    assert time.monotonic() - started < 30
    assert any("too many rows" in w for w in document.warnings)
    assert max((b.location.row or 0) for b in document.blocks) <= 50


def test_one_row_of_too_many_like_cells_does_not_cost_the_rest(tmp_path: Path) -> None:
    wide = sheet_row(text_cell("0", 'table:number-columns-repeated="16000"'))
    document = _read(tmp_path, sheet(wide, sheet_row(text_cell("North"), text_cell("23 days"))))
    assert "North; 23 days" in texts(document)[-1]
    assert any("too many" in w for w in document.warnings)


def test_own_export_is_no_evidence(tmp_path: Path) -> None:
    names = ("status", "statement_ids", "statement_titles")
    with pytest.raises(OwnExport):
        _read(tmp_path, sheet(sheet_row(*map(text_cell, names))))
