"""How right the shipped classifier is on labelled passages."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.corpus import LabelledPassage, read_passages, split_of
from evidence_mapper.domain.coding import SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.measure import expected_calibration_error, figures_by_code, macro_f1, reliability


def evaluate_files(framework: Framework, paths: Sequence[Path], split: str | None = None) -> dict[str, Any]:
    """Return figures on labelled passages, as plain data.

    Parameters
    ----------
    framework
        Whose classifier to measure.
    paths
        JSON Lines files of labelled passages.
    split
        ``train``, ``development`` or ``test``; None takes all.

    Raises
    ------
    UsageError
        A file cannot be read as labelled passages, or no passage is left.
    """
    from evidence_mapper.classify import load_classifier

    try:
        rows = [r for r in read_passages(paths) if split is None or split_of(r.id) == split]
    except (OSError, ValueError) as error:
        raise UsageError(f"{error}; see corpora/passages/README.md for the fields") from error
    if not rows:
        raise UsageError("no labelled passage to measure on")
    classifier = load_classifier(framework)
    inputs = [ClassifierInput(r.text, None, r.source_type) for r in rows]
    suggestions = classifier.suggest(inputs)
    return {"classifier": classifier.name, "split": split, **measure(framework, rows, suggestions)}


def measure(
    framework: Framework, rows: Sequence[LabelledPassage], suggestions: Sequence[Suggestion]
) -> dict[str, Any]:
    """Return the figures of suggestions against labels."""
    evidence = [i for i, r in enumerate(rows) if r.statements]
    others = [i for i, r in enumerate(rows) if not r.statements]
    codes = [s.id for s in framework.statements]
    pairs = [(rows[i], suggestions[i]) for i in evidence]
    return {
        "passages": len(rows),
        "evidence": len(evidence),
        "main": _main(codes, pairs),
        "none": _none([suggestions[i] for i in others], [suggestions[i] for i in evidence]),
        "statements": _codes(codes, rows, suggestions, "statements"),
        "i_statements": _codes([i.id for i in framework.i_statements], rows, suggestions, "i_statements"),
        "evidence_category": _share([(r.evidence_category, s.evidence_category) for r, s in pairs]),
        "polarity": _share([(r.polarity, s.polarity) for r, s in pairs]),
        "calibration": _calibration(codes, rows, suggestions),
        "confusions": _confusions(pairs),
        "by_writer": _by(lambda r: r.hand, pairs),
        "by_source_type": _by(lambda r: r.source_type or "unknown", pairs),
    }


_Pairs = Sequence[tuple[LabelledPassage, Suggestion]]


def _main(codes: Sequence[str], pairs: _Pairs) -> dict[str, float]:
    truth = [r.statements[0] for r, _ in pairs]
    first = [s.statements[0].id for _, s in pairs]
    any_of = [s.statements[0].id in r.statements for r, s in pairs]
    two = [r.statements[0] in {c.id for c in s.statements[:2]} for r, s in pairs]
    return {
        "accuracy": _mean([t == f for t, f in zip(truth, first, strict=True)]),
        "macro_f1": macro_f1(codes, truth, first),
        "in_first_two": _mean(two),
        "any_of_its_statements": _mean(any_of),
    }


def _none(others: Sequence[Suggestion], evidence: Sequence[Suggestion]) -> dict[str, float]:
    return {
        "recall": _mean([s.none_suggested for s in others]),
        "nothing_suggested": _mean([not s.suggested_statements() for s in others]),
        "evidence_lost": _mean([s.none_suggested for s in evidence]),
        "evidence_abstained": _mean([s.abstained for s in evidence]),
        "suggestions_per_passage": float(np.mean([len(s.suggested_statements()) for s in evidence])),
    }


def _table(codes: Sequence[str], given: Sequence[Sequence[SuggestedCode]]) -> tuple[Any, Any]:
    probabilities = np.zeros((len(given), len(codes)))
    suggested = np.zeros((len(given), len(codes)), dtype=bool)
    for i, row in enumerate(given):
        for code in row:
            probabilities[i, codes.index(code.id)] = code.probability
            suggested[i, codes.index(code.id)] = code.suggested
    return probabilities, suggested


def _codes(
    codes: Sequence[str], rows: Sequence[LabelledPassage], suggestions: Sequence[Suggestion], field: str
) -> dict[str, Any]:
    truth = np.array([[c in getattr(r, field) for c in codes] for r in rows])
    probabilities, suggested = _table(codes, [getattr(s, field) for s in suggestions])
    found = figures_by_code(codes, truth, suggested, probabilities)
    hits, made, there = (truth & suggested).sum(), suggested.sum(), truth.sum()
    return {
        "micro_precision": float(hits / made) if made else None,
        "micro_recall": float(hits / there) if there else None,
        "macro_f1": _mean([f.f1 for f in found if f.f1 is not None]),
        "codes": [dataclasses.asdict(f) for f in found],
    }


def _share(pairs: Sequence[tuple[str | None, Any]]) -> dict[str, Any]:
    known = [(t, c.id) for t, c in pairs if t is not None and c is not None]
    return {"accuracy": _mean([t == g for t, g in known]), "passages": len(known)}


def _calibration(
    codes: Sequence[str], rows: Sequence[LabelledPassage], suggestions: Sequence[Suggestion]
) -> dict[str, Any]:
    truth = np.array([[c in r.statements for c in codes] for r in rows])
    probabilities, _ = _table(codes, [s.statements for s in suggestions])
    each = {c: expected_calibration_error(truth[:, k], probabilities[:, k]) for k, c in enumerate(codes)}
    return {
        "expected_calibration_error": expected_calibration_error(truth, probabilities),
        "by_statement": each,
        "reliability": [dataclasses.asdict(b) for b in reliability(truth, probabilities)],
    }


def _confusions(pairs: _Pairs) -> list[dict[str, Any]]:
    wrong = Counter(
        (r.statements[0], s.statements[0].id) for r, s in pairs if s.statements[0].id not in r.statements
    )
    return [{"is": t, "taken_for": g, "passages": n} for (t, g), n in wrong.most_common(12)]


def _by(key: Any, pairs: _Pairs) -> dict[str, dict[str, float]]:  # noqa: ANN401 - a row's field
    groups: dict[str, list[bool]] = {}
    for row, suggestion in pairs:
        groups.setdefault(key(row), []).append(suggestion.statements[0].id == row.statements[0])
    return {name: {"passages": len(v), "main_accuracy": _mean(v)} for name, v in sorted(groups.items())}


def _mean(values: Sequence[float | bool]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
