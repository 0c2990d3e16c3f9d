"""Tables and JSON of ``evidence-mapper audit``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.output import harmless, write_table

if TYPE_CHECKING:
    from evidence_mapper.domain.audit import AuditMapping
    from evidence_mapper.workflow.audit_check import AuditCheck
    from evidence_mapper.workflow.audit_figures import AuditFigures
    from evidence_mapper.workflow.audit_moderate import Moderated
    from evidence_mapper.workflow.audit_sample import AuditSample

_TITLES: Final = {
    "good-without-record": "Graded good, nothing in the record",
    "poor-with-evidence": "Graded low, the record has it",
    "comment-against-grade": "The comment reads the other way than its grade",
    "copied-comment": "The same comment on several cases",
    "no-record": "No document of the case in this project",
}
_COLUMNS: Final = ("No.", "Case", "Q.", "Auditor", "Grade", "Comment", "Why", "Moderator")
_FEW_CASES: Final = 30


def write_findings_table(rows: Sequence[Moderated], check: AuditCheck, *, quotes: bool) -> None:
    """Write findings by kind; with quotes, each below its own."""
    click.echo(
        f"{check.forms} forms on {check.cases} cases, {check.answers} graded answers, {len(rows)} findings."
    )
    answered = any(row.answer for row in rows)
    for kind, title in _TITLES.items():
        own = [row for row in rows if row.finding.kind.value == kind]
        if not own:
            continue
        if quotes:
            click.echo(f"\n{title}: {len(own)}")
            for row in own:
                _write_whole(row)
            continue
        write_table(
            f"{title}: {len(own)}",
            _COLUMNS if answered else _COLUMNS[:-1],
            [cells if answered else cells[:-1] for cells in map(_cells, own)],
            right=(0,),
        )
    asked = {row.finding.question for row in rows}
    for question, text in check.questions:
        if question in asked:
            click.echo(harmless(f"  {question}  {text}"))


def _cells(row: Moderated) -> list[str]:
    finding = row.finding
    return [
        str(row.number),
        finding.case if len(finding.cases) < 2 else f"{len(finding.cases)} cases",
        finding.question,
        finding.auditor,
        finding.grade,
        _short(finding.comment, 70),
        _short(finding.why, 120),
        _said(row),
    ]


def _write_whole(row: Moderated) -> None:
    finding = row.finding
    click.echo(f"\n{row.number}. {harmless(finding.case)} {finding.question} ({finding.id})")
    click.echo(harmless(f"   {finding.auditor}, '{finding.grade}': {finding.comment}"))
    click.echo(harmless(f"   {finding.why}"))
    for quote in finding.quotes:
        told = " ".join(quote.text.split())
        click.echo(harmless(f"   > “{told}”\n     {quote.source} ({quote.why})"))
    if row.answer:
        note = f": {row.answer.note}" if row.answer.note else ""
        click.echo(harmless(f"   Moderator {_said(row)}{note}"))


def _said(row: Moderated) -> str:
    if row.answer is None:
        return ""
    return f"{'agrees' if row.answer.agree else 'disagrees'} ({row.answer.coder})"


def _short(text: str, most: int) -> str:
    told = " ".join(text.split())
    return told if len(told) <= most else told[: most - 1].rstrip() + "…"


def finding_json(row: Moderated) -> dict[str, Any]:
    """Return a finding with every quote."""
    finding = row.finding
    return {
        "number": row.number,
        "id": finding.id,
        "kind": finding.kind.value,
        "case": finding.case,
        "cases": list(finding.cases),
        "question": finding.question,
        "auditor": finding.auditor,
        "grade": finding.grade,
        "comment": finding.comment,
        "why": finding.why,
        "form": finding.form_id,
        "quotes": [asdict(quote) for quote in finding.quotes],
        "moderator": asdict(row.answer) if row.answer else None,
    }


def write_sample_table(drawn: AuditSample) -> None:
    """Write a sample's answers with their places."""
    rows = [
        [d.form.case, d.answer.question, d.form.auditor, d.answer.grade, d.form.place(d.answer)]
        for d in drawn.drawn
    ]
    by = " and ".join(drawn.strata) or "none"
    write_table(
        f"{len(drawn.drawn)} of {drawn.frame} graded answers, drawn at random",
        ["Case", "Q.", "Auditor", "Grade", "Where"],
        rows,
        footer=f"Strata: {by} ({drawn.strata_drawn} of {drawn.strata_in_frame} drawn from). "
        f"Seed {drawn.seed}, recorded.",
    )
    if drawn.strata:
        say("Small strata had a greater chance: shares of this sample are no estimate of the programme's.")


def sample_json(drawn: AuditSample) -> dict[str, Any]:
    """Return a sample."""
    return {
        "id": drawn.id,
        "seed": drawn.seed,
        "strata": list(drawn.strata),
        "frame": drawn.frame,
        "answers": [
            {
                "form": d.form.id,
                "case": d.form.case,
                "question": d.answer.question,
                "auditor": d.form.auditor,
                "grade": d.answer.grade,
                "comment": d.answer.comment,
                "place": d.form.place(d.answer),
            }
            for d in drawn.drawn
        ],
    }


def write_figures_tables(found: AuditFigures, mapping: AuditMapping) -> None:
    """Write distribution, trend and agreement."""
    _write_spreads(found)
    for question in mapping.questions:
        if question.id in found.questions:
            click.echo(harmless(f"  {question.id}  {question.text}"))
    click.echo()
    _write_trends(found)
    _write_agreement(found)


def _write_spreads(found: AuditFigures) -> None:
    rows = []
    for auditor in found.auditors:
        own = {s.question: s for s in found.spreads if s.auditor == auditor}
        cells = ["/".join(map(str, own[question].counts)) for question in ("", *found.questions)]
        rows.append([auditor, *cells])
    write_table(
        f"Grades of {found.forms} forms: poor/mixed/good by auditor and question",
        ["Auditor", "All", *found.questions],
        rows,
        footer="Auditors had different cases: a difference here is no proof of a difference in strictness.",
    )


def _write_trends(found: AuditFigures) -> None:
    rows = []
    for t in found.trends:
        moved = "too few audits" if t.slope is None else f"{t.slope:+.2f}"
        bounds = "" if t.low is None or t.high is None else f"{t.low:+.2f} to {t.high:+.2f}"
        told = "" if t.slope is None else ("moves" if t.moves else "none shown")
        rows.append([t.auditor, str(t.audits), t.first, t.last, moved, bounds, told])
    write_table(
        "Movement over time: steps of the scale in six months",
        ["Auditor", "Audits", "First", "Last", "Slope", f"Interval, {found.confidence:.1%}", ""],
        rows,
        right=(1, 4, 5),
        footer="Each grade is set against the mean of its question. An interval that leaves out 0 shows that "
        "grades moved, not why: later cases may be better or worse, and so may the work audited. One that "
        "holds 0 does not show that nothing moved.",
    )
    if found.undated:
        say(f"{found.undated} forms have no date and are left out of the trend.")


def _write_agreement(found: AuditFigures) -> None:
    if not found.agreement:
        say("No case was audited by two auditors: agreement cannot be shown.")
        return
    rows = [
        [
            a.question or "all",
            str(a.pairs),
            f"{a.same} ({a.same / a.pairs:.0%})" if a.pairs else "",
            str(a.apart),
            "too few" if a.kappa is None else f"{a.kappa:.2f}",
        ]
        for a in found.agreement
    ]
    few = len(found.twice) < _FEW_CASES
    note = f" {len(found.twice)} cases are few: one more could move these figures a good deal." if few else ""
    write_table(
        f"Agreement on {len(found.twice)} cases that two auditors graded",
        ["Question", "Pairs", "Same reading", "Good and poor", "Weighted kappa"],
        rows,
        right=(1, 2, 3, 4),
        footer=f"Readings: poor, mixed, good; quadratic weights; no kappa below 10 pairs.{note}",
    )


def figures_json(found: AuditFigures) -> dict[str, Any]:
    """Return all figures."""
    return {
        **asdict(found),
        "trends": [{**asdict(t), "moves": t.moves} for t in found.trends],
    }
