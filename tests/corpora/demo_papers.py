"""The text of the demo corpus, read with libraries other than the product's own readers."""

from __future__ import annotations

import csv
import email
import email.policy
import json
from functools import cache
from pathlib import Path
from typing import Any

import docx
import lxml.html
import openpyxl
import pypdfium2

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "demo"
DEMO = CORPUS / "papers"
PEOPLES_VOICE = (
    "surveys/carers-survey-2025.xlsx",
    "surveys/care-and-support-survey-2025.csv",
    "focus-groups/carers-focus-group.docx",
    *sorted(f"case-records/{p.name}" for p in (DEMO / "case-records").iterdir()),
)
PARTNERS_VOICE = tuple(sorted(f"partners/{p.name}" for p in (DEMO / "partners").iterdir()))


def expected() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))
    return data


def readable_papers() -> list[str]:
    """Every document but the problem files."""
    folders = [p for p in DEMO.iterdir() if p.is_dir() and p.name != "problem-files"]
    return sorted(p.relative_to(DEMO).as_posix() for folder in folders for p in folder.iterdir())


def survey_rows() -> list[list[str]]:
    with (DEMO / "surveys/care-and-support-survey-2025.csv").open(encoding="cp1252", newline="") as stream:
        return list(csv.reader(stream))


def sheet_rows(name: str, sheet: str) -> list[tuple[Any, ...]]:
    workbook = openpyxl.load_workbook(DEMO / name, read_only=True)
    return list(workbook[sheet].iter_rows(values_only=True))


@cache
def text_of(name: str) -> str:
    """All words of one paper, runs of white space made one space."""
    readers = {".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx, ".html": _html, ".eml": _eml}
    path = DEMO / name
    if path.suffix == ".csv":
        words = " ".join(cell for row in survey_rows() for cell in row)
    elif path.suffix == ".txt":
        words = path.read_text(encoding="utf-8")
    else:
        words = readers[path.suffix](path)
    return " ".join(words.split())


def _pdf(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    return " ".join(page.get_textpage().get_text_bounded() for page in pdf)


def _docx(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(p.text for p in document.paragraphs), *cells])


def _xlsx(path: Path) -> str:
    workbook = openpyxl.load_workbook(path, read_only=True)
    rows = [row for sheet in workbook for row in sheet.iter_rows(values_only=True)]
    return " ".join(str(value) for row in rows for value in row if value is not None)


def _html(path: Path) -> str:
    return str(lxml.html.fromstring(path.read_bytes()).xpath("string()"))


def _eml(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
