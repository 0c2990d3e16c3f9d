"""The cases corpus is whole and what its datasheet says; a rebuild gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpora" / "cases"


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))
    return found


def listed_hashes() -> dict[str, str]:
    lines = (CORPUS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_file_is_listed_with_its_hash() -> None:
    files = [p for p in CORPUS.rglob("*") if p.is_file() and p.name not in ("README.md", "SHA256SUMS")]
    assert {
        p.relative_to(CORPUS).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    } == listed_hashes()


def test_two_rebuilds_give_the_same_bytes(tmp_path: Path) -> None:
    sums = []
    for name in ("first", "second"):
        command = [sys.executable, str(ROOT / "scripts/make_cases.py"), "--out", str(tmp_path / name)]
        subprocess.run(command, check=True, capture_output=True)
        sums.append((tmp_path / name / "SHA256SUMS").read_text(encoding="ascii"))
    assert sums[0] == sums[1]
    assert [line.split("  ")[1] for line in sums[0].splitlines()] == list(listed_hashes())


def test_fifty_cases_have_papers_and_facts(expected: dict[str, Any]) -> None:
    folders = {p.name for p in (CORPUS / "papers").iterdir()}
    assert folders == set(expected["cases"])
    assert len(folders) == 50
    assert len(list((CORPUS / "papers").rglob("*.*"))) == 202
    for case in expected["cases"].values():
        assert case["consent"] in ("yes", "no", "unknown")
        assert case["complaint"] in ("none", "open")
        assert all(days >= 0 for days in case["waits"].values())


def test_the_datasheet_counts_the_planted_faults(expected: dict[str, Any]) -> None:
    counted = Counter(fault["kind"] for fault in expected["faults"])
    assert counted == {
        "good-without-record": 9,
        "poor-with-evidence": 7,
        "contradiction": 9,
        "copied-verbatim": 9,
        "copied-altered": 5,
        "drift-upward": 1,
    }
    told = (CORPUS / "README.md").read_text(encoding="utf-8")
    for kind in ("good-without-record", "poor-with-evidence", "contradiction"):
        assert f"| `{kind}` | {counted[kind]} |" in told
    assert "| `copied-verbatim`, `copied-altered` | 9, 5 |" in told


def test_planted_answers_stand_in_the_workbook(expected: dict[str, Any]) -> None:
    sheet = openpyxl.load_workbook(CORPUS / "audits" / "case-audits.xlsx")["Audits"]
    rows = {str(row[3].value): row for row in sheet.iter_rows(min_row=5)}
    words = {1: "Inadequate", 2: "Requires improvement", 3: "Good", 4: "Outstanding"}
    for fault in expected["faults"]:
        if "case" in fault:
            row, column = rows[fault["case"]], 3 + 2 * fault["question"]
            assert row[column].value == words[fault["grade"]]
            assert row[column + 1].value == fault["comment"]
            assert row[2].value == fault["auditor"]


def test_no_text_has_a_number_that_could_be_somebodys() -> None:
    for path in (CORPUS / "papers").rglob("*"):
        if path.suffix in (".txt", ".html"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\b\d{3} ?\d{3} ?\d{4}\b|\b0\d{9,10}\b|@", text), path
