"""The matrix and the gaps as they may be shown: as they are, or after disclosure control."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.gap import Gap, GapKind, GapStanding
from evidence_mapper.domain.project import CellCount, Matrix
from evidence_mapper.domain.shown import Shown, ShownCount, ShownGap, ShownMatrix
from evidence_mapper.errors import UsageError
from evidence_mapper.measure.disclosure import SMALL, line, parts, shown

APPLIED: Final = (
    "Disclosure control was applied: counts of 1 to 9 are hidden and shown as [c], larger ones are rounded "
    "to the nearest 5, and more is hidden where a total would give a hidden count away. 0 means none. Counts "
    "do not add up to their totals."
)
"""What stands beside counts after disclosure control."""


def shown_matrix(framework: Framework, matrix: Matrix, *, disclosure: bool) -> ShownMatrix:
    """Return the matrix as it may be shown.

    Parameters
    ----------
    framework
        The project's framework.
    matrix
        True counts.
    disclosure
        Whether to round and hide.
    """
    categories = list(matrix.categories(framework))
    cells: dict[tuple[str, str], ShownCount] = {}
    rows: dict[str, ShownCount] = {}
    for statement in framework.statements:
        of_line = [matrix.cell(statement.id, category) for category in categories]
        total = matrix.row(statement.id)
        if disclosure:
            found, rows[statement.id] = _line(of_line, total)
        else:
            found, rows[statement.id] = [_as_it_is(c) for c in of_line], _as_it_is(total)
        cells |= {(statement.id, c): count for c, count in zip(categories, found, strict=True)}
    hide: Callable[[int], Shown] = shown if disclosure else int
    return ShownMatrix(
        cells=cells,
        rows=rows,
        topics=_topics(framework, matrix, rows) if disclosure else _each(matrix.topics, _as_it_is),
        i_statements=_each(matrix.i_statements, _one if disclosure else _as_it_is),
        superseded=hide(matrix.superseded),
        withdrawn=hide(matrix.withdrawn),
        disclosed=disclosure,
    )


def shown_gaps(gaps: Sequence[Gap], matrix: ShownMatrix) -> list[ShownGap]:
    """Return gaps as they may be shown, with the counts that the matrix shows.

    After disclosure control their order says nothing of hidden counts: it is by what the framework requires
    and how bad a gap is, then by name.
    """
    if not matrix.disclosed:
        return [ShownGap(g, g.confirmed, g.suggested, g.expected) for g in gaps]
    standings = list(GapStanding)
    ranked = sorted(
        gaps,
        key=lambda g: (
            g.kind is GapKind.TOPIC,
            not g.required,
            standings.index(g.standing),
            g.statement,
            g.category or g.topic or "",
        ),
    )
    found = []
    for gap in ranked:
        count = matrix.topics.get(gap.topic, ShownCount()) if gap.topic else None
        count = count or matrix.cell(gap.statement, gap.category or "")
        found.append(ShownGap(gap, count.confirmed, count.suggested, None))
    return found


def check_minimum(minimum: int) -> None:
    """Refuse a minimum of gaps that would tell hidden counts apart.

    Raises
    ------
    UsageError
        It lies among the counts that disclosure control hides.
    """
    if 1 < minimum < SMALL:
        raise UsageError(
            f"--minimum {minimum} with --disclosure would show which hidden counts are below {minimum}; "
            f"take --minimum 1, or {SMALL} and more"
        )


def shown_parts(
    counts: Mapping[str, Sequence[int]], totals: Mapping[str, Shown], *, disclosure: bool
) -> dict[str, list[Shown]]:
    """Return lines of counts as they may be shown beside totals that are shown elsewhere."""
    if not disclosure:
        return {code: list(cells) for code, cells in counts.items()}
    return {code: parts(cells, totals.get(code)) for code, cells in counts.items()}


def _line(cells: Sequence[CellCount], total: CellCount) -> tuple[list[ShownCount], ShownCount]:
    confirmed, all_confirmed = line([c.confirmed for c in cells], total.confirmed)
    suggested, all_suggested = line([c.suggested for c in cells], total.suggested)
    # Strengths and concerns are shown for the whole line only: by cell they would add up to it.
    found = [
        ShownCount(count, proposed, _if_any(c.strengths), _if_any(c.concerns))
        for c, count, proposed in zip(cells, confirmed, suggested, strict=True)
    ]
    strengths, concerns = parts([total.strengths, total.concerns], all_confirmed)
    return found, ShownCount(all_confirmed, all_suggested, strengths, concerns)


def _topics(framework: Framework, matrix: Matrix, rows: Mapping[str, ShownCount]) -> dict[str, ShownCount]:
    """Return topics' counts: where each passage has one topic, they add up to their statement's."""
    found = {}
    for statement in framework.statements:
        topics = [t.id for t in framework.topics_of(statement.id)]
        counts = [matrix.topics.get(topic, CellCount()) for topic in topics]
        row = rows[statement.id]
        confirmed = parts([c.confirmed for c in counts], row.confirmed)
        suggested = parts([c.suggested for c in counts], row.suggested)
        for topic, count, here, proposed in zip(topics, counts, confirmed, suggested, strict=True):
            found[topic] = ShownCount(here, proposed, _if_any(count.strengths), _if_any(count.concerns))
    return found


def _each(counts: Mapping[str, CellCount], show: Callable[[CellCount], ShownCount]) -> dict[str, ShownCount]:
    return {code: show(count) for code, count in counts.items()}


def _if_any(count: int) -> Shown:
    return None if count else 0


def _one(count: CellCount) -> ShownCount:
    confirmed = shown(count.confirmed)
    pair = parts([count.strengths, count.concerns], confirmed)
    return ShownCount(confirmed, shown(count.suggested), *pair)


def _as_it_is(count: CellCount) -> ShownCount:
    return ShownCount(count.confirmed, count.suggested, count.strengths, count.concerns)
