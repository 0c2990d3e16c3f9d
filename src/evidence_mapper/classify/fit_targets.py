"""Labels of passages as arrays to fit on. Not imported when suggestions are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.labels import Labels

Array = npt.NDArray[Any]


@dataclass
class Targets:
    """Training targets as arrays; rows follow the passages."""

    main: Array
    """Shape (n,): index of the main statement, n_statements for "none"."""
    statements: Array
    """Shape (n, n_statements), 0 or 1."""
    topic: Array
    """Shape (n,): index of the first topic of the main statement, n_topics for "none"."""
    topics: Array
    i_statements: Array
    category: Array
    """Shape (n,): -1 where none is given."""
    polarity: Array
    source: Array
    """Shape (n,): index of the source type, -1 where none is given."""


def targets(rows: Sequence[LabelledPassage], labels: Labels) -> Targets:
    """Turn labels into arrays.

    Raises
    ------
    ValueError
        A passage has a label the framework does not, or a statement but no topic of it.
    """

    def many(values: Sequence[Sequence[str]], names: tuple[str, ...]) -> Array:
        out = np.zeros((len(values), len(names)), dtype=np.int64)
        for i, row in enumerate(values):
            for name in row:
                out[i, names.index(name)] = 1
        return out

    def one(values: Sequence[str | None], names: tuple[str, ...]) -> Array:
        return np.array([names.index(v) if v in names else -1 for v in values], dtype=np.int64)

    main = [
        labels.statements.index(r.statements[0]) if r.statements else len(labels.statements) for r in rows
    ]
    return Targets(
        main=np.array(main),
        statements=many([r.statements for r in rows], labels.statements),
        topic=np.array([_main_topic(r, m, labels) for r, m in zip(rows, main, strict=True)]),
        topics=many([r.topics for r in rows], labels.topics),
        i_statements=many([r.i_statements for r in rows], labels.i_statements),
        category=one([r.evidence_category for r in rows], labels.categories),
        polarity=one([r.polarity for r in rows], labels.polarities),
        source=one([r.source_type for r in rows], labels.source_types),
    )


def _main_topic(row: LabelledPassage, main: int, labels: Labels) -> int:
    if not row.statements:
        return len(labels.topics)
    for topic in row.topics:
        index = labels.topics.index(topic)
        if labels.topic_statement[index] == main:
            return index
    raise ValueError(f"passage {row.id}: no topic of its main statement {row.statements[0]}")
