"""The matrix and the gaps as tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence_mapper.cli.diagnostics import completed
from evidence_mapper.cli.output import write_table
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.gap import Gap, GapKind
from evidence_mapper.domain.project import UNCATEGORISED, CellCount, Matrix

_KEY = "confirmed by a person + suggested by the model, waiting for one; ! = nothing confirmed"


def cell_text(count: CellCount) -> str:
    """Return a cell such as ``3 + 12`` (confirmed + suggested), with ``!`` while nothing is confirmed."""
    mark = " " if count.confirmed else "!"
    return f"{mark}{count.confirmed:>3} +{count.suggested:>4}"


def write_matrix(framework: Framework, matrix: Matrix) -> None:
    """Write statements by evidence category."""
    categories = matrix.categories(framework)
    rows = [
        [
            f"{s.number}. {s.title.text}",
            *(cell_text(matrix.cell(s.id, c)) for c in categories),
            cell_text(matrix.row(s.id)),
        ]
        for s in framework.statements
    ]
    right = tuple(range(1, len(categories) + 2))
    write_table(
        "Evidence by statement and category",
        ["Statement", *categories.values(), "All"],
        rows,
        right=right,
        footer=_KEY,
    )


def superseded_lines(matrix: Matrix) -> list[str]:
    """Return what must be said of confirmed passages that no longer count; empty when nothing."""
    lines = []
    if matrix.superseded:
        lines.append(
            f"{matrix.superseded} confirmed passages are from versions since replaced and are not counted; "
            "they are marked 'superseded' in exports"
        )
    if matrix.withdrawn:
        lines.append(
            f"{matrix.withdrawn} confirmed passages are of documents withdrawn and are not counted; "
            "they are marked 'withdrawn' in exports"
        )
    return lines


def write_topics(framework: Framework, matrix: Matrix) -> None:
    """Write counts by topic."""
    rows = [[t.id, t.definition, cell_text(matrix.topics.get(t.id, CellCount()))] for t in framework.topics]
    write_table("Evidence by topic", ["Topic", "Definition", "Evidence"], rows, right=(2,), footer=_KEY)


def write_i_statements(framework: Framework, matrix: Matrix) -> None:
    """Write counts by I statement."""
    rows = [
        [i.wording.text, cell_text(matrix.i_statements.get(i.id, CellCount()))]
        for i in framework.i_statements
    ]
    write_table("Evidence by I statement", ["I statement", "Evidence"], rows, right=(1,), footer=_KEY)


def write_gaps(framework: Framework, gaps: Sequence[Gap], top: int | None) -> None:
    """Write category gaps, then topic gaps."""
    names = {c.id: c.name.text for c in framework.evidence_categories}
    definitions = {t.id: t.definition for t in framework.topics}
    cells = [g for g in gaps if g.kind is GapKind.CATEGORY]
    topics = [g for g in gaps if g.kind is GapKind.TOPIC]
    _write(
        f"Gaps by statement and evidence category ({len(cells)})",
        ["Statement", "Evidence category", "Standing", "Confirmed", "Suggested", "Likely"],
        [
            [framework.statement(g.statement).title.text, names[g.category or ""] + _required(g), *_counts(g)]
            for g in cells
        ],
        top,
    )
    _write(
        f"Topics with nothing confirmed ({len(topics)})",
        ["Statement", "Topic", "Standing", "Confirmed", "Suggested", "Likely"],
        [
            [framework.statement(g.statement).title.text, definitions[g.topic or ""], *_counts(g)]
            for g in topics
        ],
        top,
    )


def _required(gap: Gap) -> str:
    return " (required)" if gap.required else ""


def _counts(gap: Gap) -> list[str]:
    return [gap.standing.value, str(gap.confirmed), str(gap.suggested), f"{gap.expected:.1f}"]


def _write(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], top: int | None) -> None:
    shown = rows if top is None else rows[:top]
    more = len(rows) - len(shown)
    footer = "Likely: how many of the suggested a reader would probably confirm (sum of probabilities)."
    if more:
        footer = completed(f"{footer} {more} more rows: evidence-mapper gaps")
    write_table(title, columns, shown, right=(3, 4, 5), footer=footer)


def count_json(count: CellCount) -> dict[str, Any]:
    """Return a cell as plain data."""
    return {
        "confirmed": count.confirmed,
        "suggested": count.suggested,
        "expected": round(count.expected, 2),
        "strengths": count.strengths,
        "concerns": count.concerns,
        "superseded": count.superseded,
    }


def matrix_json(framework: Framework, matrix: Matrix) -> dict[str, Any]:
    """Return the matrix as plain data; the key "" is evidence without a category."""
    return {
        "framework": f"{framework.id}@{framework.version}",
        "statements": {
            s.id: {
                c: count_json(matrix.cell(s.id, c))
                for c in [*(e.id for e in framework.evidence_categories), UNCATEGORISED]
            }
            for s in framework.statements
        },
        "topics": {t.id: count_json(matrix.topics.get(t.id, CellCount())) for t in framework.topics},
        "i_statements": {
            i.id: count_json(matrix.i_statements.get(i.id, CellCount())) for i in framework.i_statements
        },
        "newest": {s.id: matrix.newest_of(s.id) for s in framework.statements},
        "newest_of_i_statements": {i.id: matrix.i_newest.get(i.id) for i in framework.i_statements},
    }


def gap_json(gap: Gap) -> dict[str, Any]:
    """Return a gap as plain data."""
    return {
        "kind": gap.kind.value,
        "statement": gap.statement,
        "category": gap.category,
        "topic": gap.topic,
        "standing": gap.standing.value,
        "confirmed": gap.confirmed,
        "suggested": gap.suggested,
        "expected": gap.expected,
        "required": gap.required,
    }
