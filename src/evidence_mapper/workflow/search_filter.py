"""The filter of a search from names a person gives; a name that is not there is refused, with what is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import Project

WHICH: Final = {"confirmed": True, "suggested": False, "all": None}
"""Which passages, to the filter's ``confirmed``."""


def search_filter(
    project: Project,
    which: str = "all",
    *,
    statement: str | None = None,
    topic: str | None = None,
    category: str | None = None,
    source_type: str | None = None,
    document: str | None = None,
) -> QueueFilter:
    """Return the filter.

    Parameters
    ----------
    project
        An open project.
    which
        ``confirmed``, ``suggested`` or ``all``.
    statement, topic, category
        Ids of the project's framework; None leaves it open.
    source_type
        A value of :class:`~evidence_mapper.domain.document.SourceType`.
    document
        Name or id of a document.

    Raises
    ------
    UsageError
        One of them is not known.
    """
    framework = project.framework
    _check("statement", statement, [s.id for s in framework.statements], framework.id)
    _check("topic", topic, [t.id for t in framework.topics], framework.id)
    _check("evidence category", category, [c.id for c in framework.evidence_categories], framework.id)
    _check("source type", source_type, [t.value for t in SourceType], "this program")
    return QueueFilter(
        state=ReviewState.ANY,
        statement=statement,
        topic=topic,
        category=category,
        document_id=None if document is None else find_document(project, document).id,
        confirmed=WHICH[which],
        source_type=source_type,
    )


def _check(kind: str, code: str | None, there: Sequence[str], where: str) -> None:
    if code is not None and code not in there:
        raise UsageError(f"no {kind} {code!r} in {where}; there are {', '.join(there)}")
