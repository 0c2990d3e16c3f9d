"""Small forms at the head of a record: a day is a value, not the name of a column."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.registry import extract_file


def read(path: Path, rows: list[tuple[str, str]]) -> list[str]:
    document = docx.Document()
    table = document.add_table(len(rows), 2)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    document.save(str(path))
    return [block.text for block in extract_file(path, Limits()).blocks]


@pytest.mark.parametrize("day", ["16 January 2025", "3rd of May", "16/01/2025"])
def test_two_rows_with_a_day_are_a_form(tmp_path: Path, day: str) -> None:
    found = read(tmp_path / "a.docx", [("Date", day), ("Worker", "J. Lowther, social worker")])
    if day == "3rd of May":  # no full date: it might be a column's name
        assert found == ["Date: Worker; 3rd of May: J. Lowther, social worker"]
    else:
        assert found == [f"Date: {day}", "Worker: J. Lowther, social worker"]


def test_a_day_over_figures_names_a_column(tmp_path: Path) -> None:
    found = read(tmp_path / "a.docx", [("Measure", "31 March 2025"), ("Waiting", "41"), ("Seen", "212")])
    assert found == ["Measure: Waiting; 31 March 2025: 41", "Measure: Seen; 31 March 2025: 212"]
