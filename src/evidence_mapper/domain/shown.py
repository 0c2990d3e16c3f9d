"""Counts as a reader gets them: as they are, or after disclosure control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.domain.gap import Gap

HIDDEN: Final = "[c]"
"""Stands for a count that disclosure control hides; the mark of official statistics for "confidential"."""

Shown = int | None
"""A count, or None where it is hidden."""


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A cell of the matrix; each count is 0 or more, None where it is hidden."""

    confirmed: Shown = 0
    suggested: Shown = 0
    strengths: Shown = 0
    concerns: Shown = 0


@dataclass(frozen=True, slots=True)
class ShownMatrix:
    """The matrix; absent means nought."""

    cells: Mapping[tuple[str, str], ShownCount] = field(default_factory=dict)
    """(statement id, evidence category id or UNCATEGORISED)."""
    rows: Mapping[str, ShownCount] = field(default_factory=dict)
    """Statement id to its count over all categories."""
    topics: Mapping[str, ShownCount] = field(default_factory=dict)
    i_statements: Mapping[str, ShownCount] = field(default_factory=dict)
    superseded: Shown = 0
    withdrawn: Shown = 0
    disclosed: bool = False
    """Whether disclosure control was applied."""

    def cell(self, statement_id: str, category_id: str) -> ShownCount:
        """Return one cell."""
        return self.cells.get((statement_id, category_id), ShownCount())

    def row(self, statement_id: str) -> ShownCount:
        """Return the count over all evidence categories."""
        return self.rows.get(statement_id, ShownCount())


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A gap with its counts as they may be shown."""

    gap: Gap
    confirmed: Shown
    suggested: Shown
    expected: float | None
    """How many of the suggested a reader would likely confirm; None where it is hidden."""


def words(count: Shown) -> str:
    """Return a count for a person: ``1,250``, or the mark of a hidden one."""
    return HIDDEN if count is None else f"{count:,}"
