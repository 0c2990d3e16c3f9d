"""The rows of a table: all of them, or those that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
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
    check_codes(project.framework, request.where)
    since = None if request.where.since is None else moment(request.where.since)
    return _chosen(project, request, since)


def _chosen(project: Project, request: ExportRequest, since: datetime | None) -> Iterator[EvidenceRow]:
    where = request.where
    for confirmed in (True, False) if request.suggested else (True,):
        for row in project.store.evidence_rows(confirmed=confirmed):
            if where.statement is not None and where.statement not in row.statements:
                continue
            if where.category is not None and where.category != (row.evidence_category or NO_CATEGORY):
                continue
            if since is not None and row.decided_at is not None and moment(row.decided_at) < since:
                continue
            yield row


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
