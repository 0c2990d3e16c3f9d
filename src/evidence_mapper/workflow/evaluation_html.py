"""Evaluation figures as one page that needs nothing else: no script, no link out, no font to fetch."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from evidence_mapper.errors import ExportError
from evidence_mapper.workflow import evaluation_report as report
from evidence_mapper.workflow.evaluation_report import Figures, Section, Table
from evidence_mapper.workflow.evaluation_weak import weaknesses
from evidence_mapper.workflow.svg_plots import Bar, Line, bar_chart, line_chart

_FOOT: Final = (
    "Suggestions are a machine's. Only a person's decision makes evidence; no score or rating is predicted."
)
_STYLE: Final = Path(__file__).with_name("evaluation_page.css")


def check_page(path: Path, *, overwrite: bool) -> None:
    """Refuse a page that :func:`write_page` would refuse, before long work is done for it.

    Raises
    ------
    ExportError
        The file exists, or its folder does not.
    """
    if not overwrite and os.path.lexists(path):
        raise ExportError(f"{path} already exists; it was left as it is. Add --force to replace it")
    if not path.parent.is_dir():
        raise ExportError(f"there is no folder {path.parent} for {path.name}; make it, or name another file")


def write_page(figures: Figures, path: Path, *, overwrite: bool) -> None:
    """Write the page; it appears whole or not at all.

    Raises
    ------
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export import write_atomically

    check_page(path, overwrite=overwrite)
    content = page(figures).encode()
    write_atomically(path, lambda stream: stream.write(content), overwrite=overwrite)


def page(figures: Figures) -> str:
    """Return the page as HTML."""
    found = report.sections(figures)
    links = "".join(f'<li><a href="#{s.key}">{escape(s.title)}</a></li>' for s in found)
    said = "".join(f"<li>{escape(line)}</li>" for line in report.remarks(figures))
    weak = "".join(f"<li>{escape(line)}</li>" for line in weaknesses(figures))
    body = "".join(_section(s, figures) for s in found)
    title = f"How right suggestions are: {figures['classifier']}"
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<header>
<h1>How right suggestions are</h1>
<p>{escape(report.headline(figures))}</p>
</header>
<nav aria-label="Contents"><ul>{links}</ul></nav>
<main>
<section id="read-first"><h2>Read first</h2><ul>{said}</ul></section>
<section id="weak"><h2>What is done badly</h2><ul>{weak}</ul></section>
{body}
</main>
<footer><p>{_FOOT}</p></footer>
</body>
</html>
"""


def _section(section: Section, figures: Figures) -> str:
    note = f"<p>{escape(section.note)}</p>" if section.note else ""
    plot = _plot(section.key, figures)
    figure = f"<figure>{plot}</figure>" if plot else ""
    shade = section.key == report.MATRIX
    tables = "".join(_table(t, shade=shade) for t in section.tables if t.rows)
    return f'<section id="{section.key}"><h2>{escape(section.title)}</h2>{note}{figure}{tables}</section>\n'


def _table(table: Table, *, shade: bool) -> str:
    head = "".join(
        f'<th scope="col"{_right(i, table.right)}>{escape(c)}</th>' for i, c in enumerate(table.columns)
    )
    rows = "".join(_row(row, table.right, shade=shade) for row in table.rows)
    name = escape(table.caption, quote=True)
    css = ' class="matrix"' if shade else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
        f"<table{css}><caption>{name}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: Sequence[str], right: Sequence[int], *, shade: bool) -> str:
    total = sum(int(c) for c in row[1:]) if shade else 0
    cells = [f'<th scope="row"{_right(0, right)}>{escape(row[0])}</th>']
    for i, cell in enumerate(row[1:], start=1):
        # Ten steps of shade; the number stays readable in the darkest.
        step = round(10 * int(cell) / total) if shade and total else 0
        css = " ".join(c for c in ("n" if i in right else "", f"s{step}" if step else "") if c)
        cells.append(f'<td class="{css}">{escape(cell)}</td>' if css else f"<td>{escape(cell)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _right(index: int, right: Sequence[int]) -> str:
    return ' class="n"' if index in right else ""


def _plot(key: str, f: Figures) -> str:
    if key == report.STATEMENTS:
        return _recall_by_statement(f)
    if key == report.RELIABILITY:
        return _reliability(f)
    if key == report.COVERAGE:
        points = tuple((p["share"], p["error"]) for p in f["coverage"])
        top = math.ceil(20 * max(0.05, *(y for _, y in points))) / 20
        return line_chart(
            [Line("error", points)],
            axes=("share answered", "error"),
            title="Share of passages answered against error of the first statement",
            summary=f"Answering all errs in {points[-1][1]:.2f} of passages; answering the most confident "
            f"{points[0][0]:.2f} of them in {points[0][1]:.2f}",
            y_range=(0.0, top),
        )
    if key in ("source-types", report.GROUPS):
        parts = f["by_source_type"] if key == "source-types" else f["by_group"]
        return _parts(parts, f, "kind of paper" if key == "source-types" else "group of people named")
    return _learning(f) if key == report.LEARNING else ""


def _level(f: Figures) -> float | None:
    return f["promise"]["level"] if f["promise"] else None


def _recall_by_statement(f: Figures) -> str:
    codes = [c for c in f["statements"]["codes"] if c["recall"] is not None]
    bars = [
        Bar(c["code"], c["recall"], *(c["intervals"]["recall"]["passage"] or (None, None))) for c in codes
    ]
    return _bars(bars, f, "Recall by statement")


def _parts(parts: Mapping[str, Mapping[str, Any]], f: Figures, what: str) -> str:
    bars = [
        Bar(v.get("name", k), v["recall"], *v["recall_interval"])
        for k, v in parts.items()
        if v["recall"] is not None
    ]
    return _bars(bars, f, f"Share of evidence suggested, by {what}")


def _bars(bars: list[Bar], f: Figures, title: str) -> str:
    if not bars:
        return ""
    low, high = min(bars, key=lambda b: b.value), max(bars, key=lambda b: b.value)
    summary = (
        f"From {low.value:.2f} for {low.label} to {high.value:.2f} for {high.label}; all are in the table"
    )
    level = _level(f)
    if level is not None:
        summary += f"; the dashed line is the promised {level:.2f}"
    shown = [Bar(_short(b.label), b.value, b.low, b.high) for b in bars]
    return bar_chart(shown, title=title, summary=summary, mark=level)


def _short(label: str, most: int = 30) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


def _reliability(f: Figures) -> str:
    bins, error = f["calibration"]["reliability"], f["calibration"]["expected_calibration_error"]
    return line_chart(
        [Line("came true", tuple((b["mean_probability"], b["share_true"]) for b in bins))],
        axes=("mean probability", "came true"),
        title="Probability against how often it came true",
        summary=f"Expected calibration error {error:.3f}; on the dashed line probabilities are exactly right",
        diagonal=True,
    )


def _learning(f: Figures) -> str:
    points = f["learning"]
    most = max(p["decisions"] for p in points)
    lines = [
        Line(who, tuple((p["decisions"], p[who]["first"]["median"]) for p in points))
        for who in ("shipped", "head")
    ]
    return line_chart(
        lines,
        axes=("decisions", "first right"),
        title="First statement right after so many decisions",
        summary=f"After {most} decisions {lines[1].points[-1][1]:.2f} with the project's head, "
        f"{lines[0].points[-1][1]:.2f} without",
        x_top=float(most),
    )
