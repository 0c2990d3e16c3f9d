"""Column order of every head."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.framework import Framework


@dataclass(frozen=True)
class Labels:
    """Ids in column order."""

    statements: tuple[str, ...]
    topics: tuple[str, ...]
    topic_statement: tuple[int, ...]
    """Index of each topic's statement."""
    i_statements: tuple[str, ...]
    categories: tuple[str, ...]
    polarities: tuple[str, ...]
    source_types: tuple[str, ...]


def labels_of(framework: Framework) -> Labels:
    """Return the labels of a framework, in its order."""
    order = [s.id for s in framework.statements]
    return Labels(
        statements=tuple(order),
        topics=tuple(t.id for t in framework.topics),
        topic_statement=tuple(order.index(t.statement_id) for t in framework.topics),
        i_statements=tuple(i.id for i in framework.i_statements),
        categories=tuple(c.id for c in framework.evidence_categories),
        polarities=tuple(p.value for p in Polarity),
        source_types=tuple(s.value for s in SourceType if s is not SourceType.UNKNOWN),
    )
