"""The agreement report as a page and a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import html
from tests.workflow.agreement_projects import (
    ABUSE,
    CONCERN,
    WORKER,
    A,
    B,
    blind,
    coded,
    everything,
    id_of,
    project_at,
)

from evidence_mapper.cli import main

CODES = ("safeguarding", "assessing-needs", "governance")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with project_at(tmp_path / "p.sqlite") as project:
        sample = everything(project)
        for coder, shift in ((A, 0), (B, 1)):
            session = blind(project, coder, sample)
            for number, text in enumerate((ABUSE, WORKER, CONCERN)):
                code = CODES[(number + shift * (number == 2)) % 3]
                session.decide(id_of(project, text), coded(code))
        yield project.path


def report(path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["agreement", "report", "--project", str(path), *arguments])
    return f"{result.exit_code} {result.output}"


def test_the_page_stands_alone_and_holds_every_table(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "agreement.html"
    said = report(path, "--output", str(target))
    assert said.startswith("0 ")
    assert "no words of documents" in said
    page = target.read_text(encoding="utf-8")
    tree: Any = html.fromstring(page)
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=\"(?!#)|@import|url\(", page)
    assert not tree.xpath("//script")
    assert tree.get("lang") == "en-GB"
    assert len(tree.xpath("//h1")) == 1
    tables = tree.xpath("//table")
    assert len(tables) >= 4
    for table in tables:
        assert table.xpath("caption")
        assert table.xpath("thead//th[@scope='col']")
        assert len(table.xpath("tbody/tr")) == len(table.xpath("tbody/tr/th[@scope='row']"))
    for link in tree.xpath("//nav//a/@href"):
        assert tree.xpath(f"//*[@id='{link[1:]}']")
    assert A in page
    assert not [text for text in (ABUSE, WORKER, CONCERN) if text[:40] in page]
    again = tmp_path / "again.html"
    report(path, "--output", str(again))
    assert again.read_bytes() == target.read_bytes()


def test_the_workbook_has_every_figure_as_a_number(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "agreement.xlsx"
    assert report(path, "--output", str(target)).startswith("0 ")
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["About", "Figures", "Given", "Differences", "All people"]
    rows = list(book["Figures"].iter_rows(values_only=True))
    head, body = list(rows[0]), rows[1:]
    people = [dict(zip(head, row, strict=True)) for row in body]
    wanted = [
        row for row in people
        if (row["first"], row["second"], row["kind"], row["passages_taken"]) == (A, B, "statements", "all")
    ]  # fmt: skip
    assert len(wanted) == 1
    assert wanted[0]["passages"] == 3
    assert wanted[0]["same_share"] == pytest.approx(2 / 3)
    assert all(isinstance(row["alpha"], int | float | None) for row in people)


def test_a_file_is_not_replaced_unasked_and_only_two_forms_are_written(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "agreement.html"
    target.write_text("mine", encoding="utf-8")
    assert "--force" in report(path, "--output", str(target)) or target.read_text() == "mine"
    assert target.read_text(encoding="utf-8") == "mine"
    assert report(path, "--output", str(target), "--force").startswith("0 ")
    assert ".html or .xlsx" in report(path, "--output", str(tmp_path / "a.pdf"))
    assert "--output" in report(path, "--force")
