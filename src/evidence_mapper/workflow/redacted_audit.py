"""Audit findings and samples with names replaced: cases and auditors by numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evidence_mapper.domain.audit import AuditFinding, AuditQuote
from evidence_mapper.domain.wording import counted
from evidence_mapper.workflow.audit_check import AuditCheck
from evidence_mapper.workflow.audit_figures import AuditFigures
from evidence_mapper.workflow.audit_moderate import Moderated, write_findings
from evidence_mapper.workflow.audit_sample import AuditSample, Drawn
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.redacted_view import SAID, RedactedView, write_released


def shown_findings(view: RedactedView, rows: Sequence[Moderated]) -> list[Moderated]:
    """Return findings as they may be shown; ids stay, by which a moderator answers them."""
    return [_row(view, row) for row in rows]


def shown_check(view: RedactedView, check: AuditCheck) -> AuditCheck:
    """Return what was compared, without the cases' ids."""
    return replace(
        check,
        without_record=tuple(view.case(case) for case in check.without_record),
        findings=tuple(_finding(view, finding) for finding in check.findings),
    )


def shown_figures(view: RedactedView, found: AuditFigures) -> AuditFigures:
    """Return a programme's figures, in the order of the auditors' numbers."""
    return replace(
        found,
        auditors=tuple(view.auditor(name) for name in found.auditors),
        spreads=tuple(replace(each, auditor=view.auditor(each.auditor)) for each in found.spreads),
        trends=tuple(replace(each, auditor=view.auditor(each.auditor)) for each in found.trends),
        twice=tuple(view.case(case) for case in found.twice),
    )


def shown_sample(view: RedactedView, found: AuditSample) -> AuditSample:
    """Return answers drawn to look at again; forms keep their ids, and the files' names say no case's."""
    return replace(found, drawn=tuple(_drawn(view, each) for each in found.drawn))


def _drawn(view: RedactedView, each: Drawn) -> Drawn:
    form = replace(
        each.form,
        case=view.case(each.form.case),
        auditor=view.auditor(each.form.auditor),
        file=view.without_ids(each.form.file),
    )
    answer = replace(each.answer, comment=view.of_case(each.form.case, each.answer.comment))
    return Drawn(form, answer, tuple(view.without_ids(value) for value in each.stratum))


def write_shown_findings(
    project: Project,
    path: Path,
    rows: Sequence[Moderated],
    check: AuditCheck,
    *,
    identifiable: bool,
    coder: str,
) -> list[str]:
    """Write findings as a workbook under the rule of exports, and return what the person is told.

    Raises
    ------
    UsageError
        The file cannot be written.
    """

    def write(view: RedactedView | None) -> int:
        note = "" if view is None else SAID
        shown = rows if view is None else shown_findings(view, rows)
        write_findings(path, shown, check, note=note)
        return len(rows)

    replaced = write_released(project, path, write, identifiable=identifiable, coder=coder)
    told = [f"Wrote {counted(len(rows), 'finding')} to {path}."]
    return [*told, f"{SAID} `--identifiable` writes them as they are."] if replaced else told


def _row(view: RedactedView, row: Moderated) -> Moderated:
    answer = row.answer
    if answer is not None and answer.note:
        answer = replace(answer, note=view.of_case(row.finding.case, answer.note))
    return replace(row, finding=_finding(view, row.finding), answer=answer)


def _finding(view: RedactedView, finding: AuditFinding) -> AuditFinding:
    def said(text: str) -> str:
        return view.of_case(finding.case, text)

    return replace(
        finding,
        case=view.case(finding.case),
        cases=tuple(view.case(case) for case in finding.cases),
        auditor=view.auditor(finding.auditor),
        comment=said(finding.comment),
        why=said(finding.why),
        quotes=tuple(_quote(view, finding.case, quote) for quote in finding.quotes),
    )


def _quote(view: RedactedView, case: str, quote: AuditQuote) -> AuditQuote:
    why = view.without_ids(quote.why)
    if quote.passage_id is None:
        source = view.without_ids(quote.source)
        return replace(quote, text=view.of_case(case, quote.text), source=source, why=why)
    store = view.project.store
    passage = store.passage(quote.passage_id)
    shown, document = view.passage(passage), store.document(passage.document_id)
    place, name = shown.location.label(), view.redactor.document_name(document)
    return replace(quote, text=shown.text, source=f"{name}, {place}" if place else name, why=why)
