"""Figures of parts of the passages: by kind of paper, writer and group of people named; the promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.measure import Interval, difference_interval, exact_interval, people_groups

Bools = npt.NDArray[np.bool_]

KEPT: Final = "kept"
NOT_SHOWN: Final = "below, within chance"
BROKEN: Final = "not kept"
TOO_FEW: Final = "too few to say"
FEW: Final = 10
"""Pieces of evidence below which nothing is said of a promise."""


def by_key(keys: Sequence[str], right: Bools, truth: Bools, suggested: Bools) -> dict[str, dict[str, Any]]:
    """Return figures of the passages of each key, keys in alphabetical order.

    Parameters
    ----------
    keys
        One a passage.
    right
        Shape (n,): whether the first statement is the right one.
    truth, suggested
        Shape (n, n_statements).
    """
    names = np.array(keys)
    return {
        name: figures
        for name in sorted(set(keys))
        if (figures := _part(names == name, right, truth, suggested))["passages"]
    }


def by_group(texts: Sequence[str], right: Bools, truth: Bools, suggested: Bools) -> dict[str, dict[str, Any]]:
    """Return figures of the passages that name a group of people, and their difference to the rest."""
    found = {}
    for group in people_groups():
        inside = np.array([group.named_in(t) for t in texts], dtype=bool)
        figures = _part(inside, right, truth, suggested)
        if not figures["passages"]:
            continue
        rest = _part(~inside, right, truth, suggested)
        found[group.id] = {
            "name": group.name,
            **figures,
            "main_difference": _less(figures["main_accuracy"], rest["main_accuracy"]),
            "main_difference_interval": _apart(figures, rest, "right", "passages"),
            "recall_difference": _less(figures["recall"], rest["recall"]),
            "recall_difference_interval": _apart(figures, rest, "suggested", "wanted"),
        }
    return found


def _apart(one: dict[str, Any], two: dict[str, Any], hits: str, total: str) -> list[float] | None:
    return _plain(difference_interval(one[hits], one[total], two[hits], two[total]))


def promise(
    codes: Sequence[str],
    rows: Sequence[LabelledPassage],
    truth: Bools,
    suggested: Bools,
    level: float | None,
) -> dict[str, Any] | None:
    """Return whether a promise on recall was kept, by statement and by kind of paper; None without one.

    Intervals are exact (Clopper-Pearson). A passage on two statements counts under each.
    """
    if level is None:
        return None
    genres = np.array([r.source_type or "unknown" for r in rows])
    every = np.ones(len(rows), dtype=bool)
    statements = [_kept(c, truth[:, k], suggested[:, k], every, level) for k, c in enumerate(codes)]
    kinds = [_kept(g, truth, suggested, genres == g, level) for g in sorted(set(genres.tolist()))]
    return {
        "level": level,
        "all": _kept("all", truth, suggested, every, level),
        "statements": statements,
        "source_types": [k for k in kinds if k["evidence"]],
    }


def _kept(name: str, truth: Bools, suggested: Bools, inside: Bools, level: float) -> dict[str, Any]:
    there, hits = int(truth[inside].sum()), int((truth & suggested)[inside].sum())
    interval = exact_interval(hits, there)
    return {
        "name": name,
        "evidence": there,
        "suggested": hits,
        "recall": hits / there if there else None,
        "interval": _plain(interval),
        "standing": _standing(hits, there, None if interval is None else interval.high, level),
    }


def _standing(hits: int, there: int, high: float | None, level: float) -> str:
    if high is None or there < FEW:
        return TOO_FEW
    if hits / there >= level:
        return KEPT
    return BROKEN if high < level else NOT_SHOWN


def _part(inside: Bools, right: Bools, truth: Bools, suggested: Bools) -> dict[str, Any]:
    evidence = inside & truth.any(axis=1)
    passages, hits = int(evidence.sum()), int(right[evidence].sum())
    wanted, found = int(truth[inside].sum()), int((truth & suggested)[inside].sum())
    return {
        "passages": passages,
        "right": hits,
        "main_accuracy": hits / passages if passages else None,
        "main_interval": _plain(exact_interval(hits, passages)),
        "wanted": wanted,
        "suggested": found,
        "recall": found / wanted if wanted else None,
        "recall_interval": _plain(exact_interval(found, wanted)),
    }


def _plain(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _less(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
