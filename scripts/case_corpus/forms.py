"""Audit forms in three layouts: a workbook with a row a case, a Word form, a list with a row an answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Final

import docx
import xlsxwriter

from case_corpus.audits import QUESTIONS, Audit
from demo_corpus.fixed import AUTHOR, WRITTEN, repack_zip

_WORDS: Final = {1: "Inadequate", 2: "Requires improvement", 3: "Good", 4: "Outstanding"}
_MET: Final = {1: "Not met", 2: "Partly met", 3: "Met", 4: "Met"}


def write_workbook(path: Path, audits: Sequence[Audit]) -> None:
    """Write one row an audit, two columns a question, below a title; a second sheet explains the grades."""
    columns = ["Audit no.", "Date of audit", "Auditor", "Case", "Team"]
    for number, question in enumerate(QUESTIONS, start=1):
        columns += [f"Q{number}. {question}", f"Q{number} comment"]
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties(
            {"title": "Case audits", "author": AUTHOR, "created": WRITTEN.replace(tzinfo=None)}
        )
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        dates = workbook.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        sheet = workbook.add_worksheet("Audits")
        sheet.write_string(0, 0, "Brackenmouth Borough Council: case audit programme", bold)
        sheet.write_string(
            1, 0, "One row for each case audited. Leave a grade empty where it does not apply."
        )
        for column, name in enumerate(columns):
            sheet.write_string(3, column, name, bold)
        sheet.set_column(5, len(columns) - 1, 30)
        for row, audit in enumerate(audits, start=4):
            sheet.write_number(row, 0, audit.number)
            sheet.write_datetime(row, 1, datetime.combine(audit.day, time()), dates)
            for column, text in enumerate((audit.auditor, audit.case.id, audit.case.team), start=2):
                sheet.write_string(row, column, text)
            for place, answer in enumerate(audit.answers):
                grade = "" if answer.grade is None else _WORDS[answer.grade]
                sheet.write_string(row, 5 + 2 * place, grade, wrap)
                sheet.write_string(row, 6 + 2 * place, answer.comment, wrap)
        _guidance(workbook.add_worksheet("Guidance"), bold)


def _guidance(sheet: xlsxwriter.worksheet.Worksheet, bold: object) -> None:
    sheet.write_row(0, 0, ("Grade", "When to use it"), bold)
    for row, (grade, words) in enumerate(_WORDS.items(), start=1):
        meaning = {
            1: "Little or nothing of what is asked was done",
            2: "Some of it was done",
            3: "It was done, with small things to improve",
            4: "It was done so well that others could learn from it",
        }[grade]
        sheet.write_row(row, 0, (words, meaning))


def write_form(path: Path, audit: Audit) -> None:
    """Write one audit as a Word form: facts in one table, questions in another, grades as numbers."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = "Case audit form", AUTHOR, AUTHOR
    properties.created = properties.modified = WRITTEN
    document.add_heading("Case audit form", 1)
    facts = document.add_table(rows=0, cols=2)
    for name, value in (
        ("Auditor", audit.auditor),
        ("Date of audit", f"{audit.day.day} {audit.day:%B} {audit.day.year}"),
        ("Case", audit.case.id),
        ("Team", audit.case.team),
    ):
        cells = facts.add_row().cells
        cells[0].text, cells[1].text = name, value
    document.add_paragraph("Grades: 1 inadequate, 2 requires improvement, 3 good, 4 outstanding.")
    table = document.add_table(rows=1, cols=3)
    for cell, name in zip(table.rows[0].cells, ("Question", "Grade", "Comment"), strict=True):
        cell.text = name
    for question, answer in zip(QUESTIONS, audit.answers, strict=True):
        cells = table.add_row().cells
        cells[0].text = question
        cells[1].text = "" if answer.grade is None else str(answer.grade)
        cells[2].text = answer.comment
    packed = io.BytesIO()
    document.save(packed)
    repack_zip(packed.getvalue(), path)


def write_list(path: Path, audits: Sequence[Audit]) -> None:
    """Write one row an answer, with standards met or not, in Windows-1252 as Excel saves it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["Record", "Moderator", "Audited on", "Team", "Standard", "Met?", "Why"])
    for audit in audits:
        for question, answer in zip(QUESTIONS, audit.answers, strict=True):
            if answer.grade is not None:
                writer.writerow(
                    [
                        audit.case.id,
                        audit.auditor,
                        f"{audit.day:%d/%m/%Y}",
                        audit.case.team,
                        question,
                        _MET[answer.grade],
                        answer.comment,
                    ]
                )
    path.write_bytes(text.getvalue().encode("cp1252"))
