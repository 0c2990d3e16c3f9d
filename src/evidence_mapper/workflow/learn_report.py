"""What was learned from labelled texts, in words and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence_mapper.workflow.learn_framework import LearnReport

_WEAKEST = 5


def report_json(report: LearnReport) -> dict[str, Any]:
    """Return a report as plain data."""
    figures = dict(report.figures)
    return {
        "folder": str(report.folder),
        "classifier": report.name,
        "mode": report.mode,
        "columns": report.taken,
        "labelled": dict(report.counts),
        "none": report.none,
        "notes": list(report.notes),
        "figures": figures,
    }


def report_lines(report: LearnReport) -> Iterator[str]:
    """Yield a report as lines for a person."""
    each = "one statement a text" if report.mode == "single" else "several statements a text"
    total = report.figures["passages"]
    yield f"Learned {report.name} from {total} texts, {each} ({report.taken})."
    if report.none:
        yield f"{report.none} of them bear on no statement."
    yield from report.notes
    yield "Measured by cross-fitting, each text by a classifier that had not learned from it:"
    yield f"  {_figures(report, 'all')}"
    if "unseen" in report.figures and report.figures["unseen"]["passages"] < total:
        yield f"  {_figures(report, 'unseen')}"
    weakest = _weakest(report)
    if weakest:
        yield f"Weakest: {weakest}."
    yield f"Written to {report.folder}."


def _figures(report: LearnReport, part: str) -> str:
    found = report.figures[part]
    name = f"all {found['passages']} texts" if part == "all" else f"{found['passages']} texts that occur once"
    if report.mode == "single":
        right = f"first suggestion right {found['accuracy']:.3f}, macro F1 {found['macro_f1']:.3f}"
    else:
        at = report.figures["balance_threshold"]
        right = (
            f"micro F1 {found['micro_f1']:.3f} and macro F1 {found['macro_f1']:.3f} at probability {at:.2f}"
        )
    return (
        f"{name}: {right}; as suggested: recall {found['recall']:.3f} with {found['suggestions']:.1f} "
        f"statements a text; calibration error {found['calibration_error']:.3f}"
    )


def _weakest(report: LearnReport) -> str:
    scores = zip(report.counts, report.figures["all"]["by_statement"], strict=True)
    known = sorted((f1, name, n) for (name, n), f1 in scores if f1 is not None and n)
    return ", ".join(f"{name} (F1 {f1:.2f}, {n} texts)" for f1, name, n in known[:_WEAKEST])
