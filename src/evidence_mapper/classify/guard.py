"""The guard set: labelled passages shipped with the product, which a project's head must not get worse on.

They are of the test split, from which nothing in the shipped classifier was learned. A third of them is
learned together with a project's decisions, as a reminder; the rest only checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.fit_project import GuardRows, LearningRows
from evidence_mapper.classify.labelled_set import LabelledSet, SetKind, ShippedPassage, drawn, load_set
from evidence_mapper.classify.statement_classifier import StatementClassifier

GUARD: Final = SetKind("guard set", "guard", "guard.json", "scripts/build_guard.py")


def choose(rows: Sequence[LabelledPassage], per_stratum: int) -> list[ShippedPassage]:
    """Return up to so many passages of each main statement and of none; every third is replayed."""
    counts: Counter[str] = Counter()
    chosen = []
    for row in drawn(rows, "guard", per_stratum):
        stratum = row.statements[0] if row.statements else ""
        part = "check" if counts[stratum] % 3 else "replay"
        counts[stratum] += 1
        chosen.append(ShippedPassage(row.id, row.text, row.statements, row.source_type, part))
    return chosen


def load_guard(classifier: StatementClassifier, folder: Path | None = None) -> LabelledSet:
    """Return the guard set of a classifier, checked.

    Raises
    ------
    ModelNotFound, UntrustedArtefact, SpecMismatch
        As :func:`~evidence_mapper.classify.labelled_set.load_set` does.
    """
    return load_set(GUARD, classifier, folder)


def guard_rows(classifier: StatementClassifier, guard: LabelledSet) -> GuardRows:
    """Return the guard set as a fit takes it, with what the shipped classifier says of it."""
    inputs = [ClassifierInput(p.text, None, p.source_type) for p in guard.passages]
    statements, none = classifier.shipped_probabilities(inputs, guard.vectors)
    names = classifier.statements
    truth = np.array([[s in p.statements for s in names] + [not p.statements] for p in guard.passages])
    main = np.array([names.index(p.statements[0]) if p.statements else len(names) for p in guard.passages])
    replayed = np.array([p.part == "replay" for p in guard.passages])

    def part(chosen: np.ndarray[Any, np.dtype[np.bool_]]) -> LearningRows:
        here = truth[chosen]
        return LearningRows(
            guard.vectors[chosen], statements[chosen], none[chosen], here, np.ones(here.shape),
            np.zeros(len(here), dtype=np.int64),
        )  # fmt: skip

    return GuardRows(part(replayed), part(~replayed), main[~replayed])
