"""The matrix and the gaps after disclosure control, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evidence_mapper.cli.output import write_table
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.gap import GapKind
from evidence_mapper.domain.project import UNCATEGORISED
from evidence_mapper.domain.shown import ShownCount, ShownGap, ShownMatrix, words

_KEY = "confirmed by a person + suggested by the model, waiting for one; [c]: 1 to 9, or hidden beside it"


def write_matrix(
    framework: Framework, categories: Mapping[str, str], matrix: ShownMatrix, *, topics: bool
) -> None:
    """Write statements by evidence category, and topics and I statements when asked."""
    rows = [
        [
            f"{s.number}. {s.title.text}",
            *(_cell(matrix.cell(s.id, c)) for c in categories),
            _cell(matrix.row(s.id)),
        ]
        for s in framework.statements
    ]
    write_table(
        "Evidence by statement and category",
        ["Statement", *categories.values(), "All"],
        rows,
        right=tuple(range(1, len(categories) + 2)),
        footer=_KEY,
    )
    if topics:
        found = [[t.id, t.definition, _cell(_of(matrix.topics, t.id))] for t in framework.topics]
        write_table("Evidence by topic", ["Topic", "Definition", "Evidence"], found, right=(2,), footer=_KEY)
        said = [[i.wording.text, _cell(_of(matrix.i_statements, i.id))] for i in framework.i_statements]
        write_table("Evidence by I statement", ["I statement", "Evidence"], said, right=(1,), footer=_KEY)


def write_gaps(framework: Framework, gaps: Sequence[ShownGap], top: int | None) -> None:
    """Write category gaps, then topic gaps."""
    names = {c.id: c.name.text for c in framework.evidence_categories}
    names |= {t.id: t.definition for t in framework.topics}
    for kind, title, what in (
        (GapKind.CATEGORY, "Gaps by statement and evidence category", "Evidence category"),
        (GapKind.TOPIC, "Topics with nothing confirmed", "Topic"),
    ):
        rows = [
            [
                framework.statement(g.gap.statement).title.text,
                names[g.gap.category or g.gap.topic or ""] + (" (required)" if g.gap.required else ""),
                g.gap.standing.value,
                words(g.confirmed),
                words(g.suggested),
            ]
            for g in gaps
            if g.gap.kind is kind
        ]
        write_table(
            f"{title} ({len(rows)})",
            ["Statement", what, "Standing", "Confirmed", "Suggested"],
            rows if top is None else rows[:top],
            right=(3, 4),
        )


def matrix_json(framework: Framework, matrix: ShownMatrix) -> dict[str, Any]:
    """Return the matrix as plain data; null is a count that is hidden."""
    return {
        "framework": f"{framework.id}@{framework.version}",
        "disclosure_control": True,
        "statements": {
            s.id: {
                c: asdict(matrix.cell(s.id, c))
                for c in [*(e.id for e in framework.evidence_categories), UNCATEGORISED]
            }
            | {"all": asdict(matrix.row(s.id))}
            for s in framework.statements
        },
        "topics": {t.id: asdict(_of(matrix.topics, t.id)) for t in framework.topics},
        "i_statements": {i.id: asdict(_of(matrix.i_statements, i.id)) for i in framework.i_statements},
    }


def gaps_json(gaps: Sequence[ShownGap]) -> list[dict[str, Any]]:
    """Return gaps as plain data; null is a count that is hidden."""
    return [
        {
            "kind": g.gap.kind.value,
            "statement": g.gap.statement,
            "category": g.gap.category,
            "topic": g.gap.topic,
            "standing": g.gap.standing.value,
            "confirmed": g.confirmed,
            "suggested": g.suggested,
            "required": g.gap.required,
            "disclosure_control": True,
        }
        for g in gaps
    ]


def _of(counts: Mapping[str, ShownCount], code: str) -> ShownCount:
    return counts.get(code, ShownCount())


def _cell(count: ShownCount) -> str:
    return f"{words(count.confirmed):>5} +{words(count.suggested):>5}"
