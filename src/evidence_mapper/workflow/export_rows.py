"""The rows of a table: all of them, or those that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.export_formats import ExportRequest, RowFilter
from evidence_mapper.workflow.project import Project

NO_CATEGORY: Final = "none"
"""What to ask for to get evidence of no category."""


def evidence(project: Project, request: ExportRequest) -> Iterator[EvidenceRow]:
    """Return the rows that are asked for, confirmed ones first, each part in document order.

    What is suggested has no date of decision: ``since`` leaves it as it is.

    Raises
    ------
    UsageError
        A code is not in the framework, or the date is none; before any row.
    """
    return _chosen(project, request, chooser(project.framework, request.where))


def _chosen(
    project: Project, request: ExportRequest, wanted: Callable[[EvidenceRow], bool]
) -> Iterator[EvidenceRow]:
    for confirmed in (True, False) if request.suggested else (True,):
        yield from filter(wanted, project.store.evidence_rows(confirmed=confirmed))


def chooser(framework: Framework, where: RowFilter) -> Callable[[EvidenceRow], bool]:
    """Return what says of a row whether it is asked for.

    Raises
    ------
    UsageError
        A code is not in the framework, or the date is none.
    """
    check_codes(framework, where)
    since = None if where.since is None else moment(where.since)

    def wanted(row: EvidenceRow) -> bool:
        if where.statement is not None and where.statement not in row.statements:
            return False
        if where.category is not None and where.category != (row.evidence_category or NO_CATEGORY):
            return False
        return since is None or row.decided_at is None or moment(row.decided_at) >= since

    return wanted


def moment(text: str) -> datetime:
    """Return a date or time as a time in UTC; a date is its first moment, a time without zone is UTC.

    Raises
    ------
    UsageError
        It is neither.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--since {text!r} is no date: write it year first, such as 2025-04-01 or 2025-04-01T09:30"
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def check_codes(framework: Framework, where: RowFilter) -> None:
    """Raise UsageError where a statement or category is not in the framework."""
    statements = [s.id for s in framework.statements]
    if where.statement is not None and where.statement not in statements:
        raise UsageError(
            f"no statement {where.statement!r} in {framework.id}; there are {', '.join(statements)}"
        )
    categories = [*(c.id for c in framework.evidence_categories), NO_CATEGORY]
    if where.category is not None and where.category not in categories:
        raise UsageError(
            f"no evidence category {where.category!r} in {framework.id}; there are {', '.join(categories)}"
        )
