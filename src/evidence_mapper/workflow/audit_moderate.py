"""A moderator answers findings; a table of them for the meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.audit import AuditFinding, ModeratorAnswer
from evidence_mapper.errors import UsageError
from evidence_mapper.export.base import Cell, Table
from evidence_mapper.export.workbook import write_workbook
from evidence_mapper.workflow.audit_check import AuditCheck, check_audits
from evidence_mapper.workflow.audit_record import moderator_answers, record_answer
from evidence_mapper.workflow.project import Project

_COLUMNS: Final = (
    "number", "kind", "case", "question", "item_text", "auditor", "grade", "comment", "why", "quote",
    "moderator", "note", "finding_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moderated:
    """A finding with its number and the answer that stands."""

    number: int
    finding: AuditFinding
    answer: ModeratorAnswer | None


def moderated(project: Project, check: AuditCheck) -> list[Moderated]:
    """Return every finding with the moderator's answer."""
    answers = moderator_answers(project)
    return [Moderated(n, f, answers.get(f.id)) for n, f in enumerate(check.findings, start=1)]


def answer_finding(
    project: Project, name: str, *, agree: bool, note: str | None, coder: str
) -> tuple[AuditFinding, ModeratorAnswer]:
    """Record a moderator's answer on a finding, named by its id or by its number in ``audit check``.

    Raises
    ------
    UsageError
        There is no such finding now.
    """
    findings = check_audits(project).findings
    found = next((f for n, f in enumerate(findings, start=1) if name in (str(n), f.id)), None)
    if found is None:
        raise UsageError(
            f"no finding '{name}'; there are 1 to {len(findings)}, or their ids. "
            "List them with: evidence-mapper audit check"
        )
    question = f", {found.question}" if found.question else ""
    words = f"{found.kind.value} on {found.case}{question}"
    answer = record_answer(project, found.id, agree=agree, note=note, coder=coder, words=words)
    return found, answer


def write_findings(path: Path, rows: Sequence[Moderated], check: AuditCheck, *, note: str = "") -> None:
    """Write findings as a workbook: sheets Findings and About, the latter with a note where there is one.

    Raises
    ------
    UsageError
        The file cannot be written.
    ExportError
        A text is longer than a cell holds.
    """
    about = [
        ("Forms", str(check.forms)),
        ("Graded answers", str(check.answers)),
        ("Findings", str(len(rows))),
        *([("Names", note)] if note else []),
        ("What this is", "Suggestions for a moderator, not verdicts. Nothing here is a rating."),
    ]
    sheets = (
        ("Findings", Table(_COLUMNS, [_row(row, dict(check.questions)) for row in rows])),
        ("About", Table(("item", "text"), about)),
    )
    try:
        with path.open("wb") as stream:
            write_workbook(sheets, stream, title="Audit findings")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}; close it if it is open in another program"
        ) from error


def _row(row: Moderated, questions: Mapping[str, str]) -> tuple[Cell, ...]:
    finding, answer = row.finding, row.answer
    said = "" if answer is None else f"{'agrees' if answer.agree else 'disagrees'} ({answer.coder})"
    return (
        row.number,
        finding.kind.value,
        finding.case,
        finding.question,
        questions.get(finding.question),
        finding.auditor,
        finding.grade,
        finding.comment,
        finding.why,
        "\n\n".join(f"“{q.text}”\n{q.source} ({q.why})" for q in finding.quotes),
        said,
        answer.note if answer else None,
        finding.id,
    )
