"""Figures of each writer as encoders, words and a stack that never saw that writer read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.classify.fit import Calibration, Fitted, combined, joined, out_of_fold
from evidence_mapper.classify.fit_targets import targets
from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.statement_classifier import stack_features, views

Array = npt.NDArray[Any]
COLUMNS = ("first", "first two", "recall", "precision", "evidence lost", "none recall")
KINDS = ("findings and papers", "people's voices", "with much other business")


def kind_of(rows: Sequence[LabelledPassage]) -> str:
    """Return what a writer mostly wrote: over 30 % none, over 35 % people's experience, or neither."""
    if sum(not r.statements for r in rows) / len(rows) > 0.3:
        return KINDS[2]
    voices = sum(r.evidence_category == "peoples-experience" for r in rows)
    return KINDS[1] if voices / len(rows) > 0.35 else KINDS[0]


def strangers(fitted: Fitted, parts: Sequence[Calibration], labels: Labels) -> list[dict[str, Any]]:
    """Return figures of all passages, of kinds of writers and of each writer.

    Accuracy of the main statement is among evidence; suggestions are those at the shipped thresholds, before
    I statements and what stands around a passage take "none" back.
    """
    rows = [r for part in parts for r in part.rows]
    part = np.repeat(range(len(parts)), [len(p.rows) for p in parts])
    scores = combined(fitted.unseen_words, joined([p.encoder_scores for p in parts]))
    features, y = stack_features(views(scores, labels)), targets(rows, labels)
    statements, none = out_of_fold(features, y, part)
    put_off = none >= fitted.arrays["none_threshold"]
    made = (statements >= fitted.arrays["thresholds"]) & ~put_off[:, None]
    evidence = y.main < len(labels.statements)
    order = np.argsort(-statements, axis=1)
    right = {
        "first": order[:, 0] == y.main,
        "first two": (order[:, :2] == y.main[:, None]).any(axis=1),
        "evidence lost": put_off,
    }
    hits = made & (y.statements == 1)

    def told(name: str, kind: str, at: Array) -> dict[str, Any]:
        own = at & evidence
        found: dict[str, Any] = {"name": name, "kind": kind, "passages": int(at.sum())}
        if own.any():
            found |= {k: float(v[own].mean()) for k, v in right.items()}
            found["recall"] = float(hits[at].sum() / y.statements[at].sum())
            found["precision"] = float(hits[at].sum() / max(1, made[at].sum()))
        if (at & ~evidence).any():
            found["none recall"] = float(put_off[at & ~evidence].mean())
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}

    hand = np.array([r.hand for r in rows])
    kinds = {h: kind_of([r for r in rows if r.hand == h]) for h in sorted(set(hand))}
    kind = np.array([kinds[h] for h in hand])
    every = [told("all", "", np.ones(len(rows), dtype=bool))]
    return [
        *every,
        *(told(k, "", kind == k) for k in KINDS),
        *(told(h, kinds[h], hand == h) for h in sorted(kinds, key=lambda h: (kinds[h], h))),
    ]


def as_markdown(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the figures as a table."""
    lines = [
        "| Writer | Kind | Passages | " + " | ".join(c.capitalize() for c in COLUMNS) + " |",
        "| --- | --- | ---: |" + " ---: |" * len(COLUMNS),
    ]
    for one in found:
        cells = [f"{one[c]:.3f}" if c in one else "" for c in COLUMNS]
        lines.append(f"| {one['name']} | {one['kind']} | {one['passages']} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
