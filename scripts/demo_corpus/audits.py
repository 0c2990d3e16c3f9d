"""The case audit workbook: a summary sheet and one form a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from demo_corpus.fixed import AUTHOR, WRITTEN
from demo_corpus.markup import read_lines


@dataclass
class Audit:
    """One audit form."""

    reference: str
    record: str
    team: str
    held: str
    auditor: str
    answers: list[tuple[str, str]] = field(default_factory=list)
    """(grade, comment), in the order of the questions."""
    overall: str = ""
    reflection: str = ""
    """What the worker audited wrote in reply."""


def load_audits() -> tuple[list[str], list[Audit]]:
    """Return the questions of the form and the audits."""
    questions: list[str] = []
    audits: list[Audit] = []
    for line in filter(None, read_lines("audits/case-audits.txt")):
        key, _, value = line.partition(": ")
        if key == "question":
            questions.append(value)
        elif key == "audit":
            reference, record, team, held, auditor = value.split(" | ")
            audits.append(Audit(reference, record, team, held, auditor))
        elif key == "overall":
            audits[-1].overall = value
        elif key == "reflection":
            audits[-1].reflection = value
        else:
            _, grade, comment = line.split(" | ", 2)
            audits[-1].answers.append((grade, comment))
    return questions, audits


def write_audits(path: Path) -> None:
    """Write the workbook."""
    questions, audits = load_audits()
    with xlsxwriter.Workbook(path) as workbook:
        created = WRITTEN.replace(tzinfo=None)
        workbook.set_properties({"title": "Case audits, quarter 2", "author": AUTHOR, "created": created})
        formats = {
            "bold": workbook.add_format({"bold": True, "bg_color": "#DCE6EE", "text_wrap": True}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        _summary(workbook.add_worksheet("Summary"), questions, audits, formats)
        for audit in audits:
            _form(workbook.add_worksheet(audit.reference), questions, audit, formats)


def _summary(sheet: Worksheet, questions: list[str], audits: list[Audit], formats: dict[str, Any]) -> None:
    headers = ["Audit", "Record", "Team", "Date", "Auditor", *(f"Q{i + 1}" for i in range(len(questions)))]
    sheet.write_row(0, 0, headers, formats["bold"])
    sheet.set_column(0, 4, 18)
    for row, audit in enumerate(audits, 1):
        grades = [grade for grade, _ in audit.answers]
        sheet.write_row(
            row, 0, [audit.reference, audit.record, audit.team, audit.held, audit.auditor, *grades]
        )


def _form(sheet: Worksheet, questions: list[str], audit: Audit, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 12)
    sheet.set_column(3, 3, 70)
    pairs = (("Record", audit.record), ("Team", audit.team), ("Date", audit.held), ("Auditor", audit.auditor))
    for row, pair in enumerate(pairs):
        sheet.write_row(row, 0, pair)
    sheet.write_row(5, 0, ["Question", "What we looked for", "Grade", "Auditor's comments"], formats["bold"])
    for index, (question, (grade, comment)) in enumerate(zip(questions, audit.answers, strict=True)):
        sheet.write_row(6 + index, 0, [f"Q{index + 1}", question, grade, comment], formats["wrap"])
    end = 6 + len(questions)
    sheet.write_row(end, 0, ["Overall", "Auditor's overall remarks", "", audit.overall], formats["wrap"])
    reply = ["Reply", "Worker's reflection on the audit", "", audit.reflection]
    sheet.write_row(end + 1, 0, reply, formats["wrap"])
