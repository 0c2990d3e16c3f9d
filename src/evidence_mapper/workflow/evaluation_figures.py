"""Figures of suggestions against labels or a person's codings, as plain data ready for JSON."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.domain.coding import SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.measure import (
    confusion_matrix,
    coverage_against_risk,
    expected_calibration_error,
    figures_by_code,
    macro_f1,
    reliability,
)
from evidence_mapper.workflow.evaluation_intervals import Resampler
from evidence_mapper.workflow.evaluation_parts import by_group, by_key, promise

Bools = npt.NDArray[np.bool_]
NONE: Final = "none"
"""Name of the row and column of passages without a statement."""
_CONFUSIONS: Final = 12


@dataclasses.dataclass(frozen=True)
class Cases:
    """Passages with their truth and what was suggested; all of equal length."""

    rows: Sequence[LabelledPassage]
    suggestions: Sequence[Suggestion]
    writers: Sequence[str]
    """Who wrote each passage, or the document it is from: passages of one resemble each other."""
    main_known: bool = True
    """Whether a row's first statement is its main one; a person's coding does not say which is."""
    unlike: Sequence[bool] | None = None
    """Which passages are unlike those the classifier learned from; None when that is not known."""


def measure(
    framework: Framework,
    cases: Cases,
    *,
    level: float | None = None,
    seed: int = 0,
    draws: int = 1000,
) -> dict[str, Any]:
    """Return the figures of suggestions against the truth.

    Parameters
    ----------
    framework
        Whose statements to measure.
    cases
        At least one passage.
    level
        Share of each statement's evidence that was promised to be suggested; None when nothing was.
    seed, draws
        Of the bootstrap.
    """
    codes = [s.id for s in framework.statements]
    rows, suggestions = cases.rows, cases.suggestions
    evidence = np.array([bool(r.statements) for r in rows])
    truth = _truth(codes, [r.statements for r in rows])
    probabilities, suggested = _table(codes, [s.statements for s in suggestions])
    resample = Resampler(list(cases.writers), seed=seed, count=draws)
    first_right = np.array(
        [s.statements[0].id in r.statements for r, s in zip(rows, suggestions, strict=True)]
    )
    main_right = _main_right(cases) if cases.main_known else first_right
    return {
        "passages": len(rows),
        "evidence": int(evidence.sum()),
        "main_known": cases.main_known,
        "bootstrap": {"draws": draws, "seed": seed, "confidence": 0.95, "writers": resample.clusters},
        "main": _main(codes, cases, evidence, first_right, main_right),
        "none": _none(suggestions, evidence),
        "statements": _codes(codes, truth, probabilities, suggested, resample),
        "i_statements": _i_statements(framework, cases, resample),
        "evidence_category": _share([(r.evidence_category, s.evidence_category) for r, s in _pairs(cases)]),
        "polarity": _share([(r.polarity, s.polarity) for r, s in _pairs(cases)]),
        "calibration": _calibration(codes, truth, probabilities),
        "coverage": _coverage(suggestions, evidence, first_right),
        "confusions": _confusions(cases),
        "confusion_matrix": _matrix(codes, cases),
        "promise": promise(codes, cases.rows, truth, suggested, level),
        "by_source_type": by_key([r.source_type or "unknown" for r in rows], main_right, truth, suggested),
        "by_writer": by_key(list(cases.writers), main_right, truth, suggested),
        "by_likeness": _likeness(cases, main_right, truth, suggested),
        "by_group": by_group([r.text for r in rows], main_right, truth, suggested),
        "intervals": _intervals(
            codes, cases, evidence, (first_right, main_right), (truth, suggested), resample
        ),
    }


def _likeness(cases: Cases, right: Bools, truth: Bools, suggested: Bools) -> dict[str, Any] | None:
    if cases.unlike is None:
        return None
    keys = ["unlike the training passages" if u else "like the training passages" for u in cases.unlike]
    return by_key(keys, right, truth, suggested)


def _pairs(cases: Cases) -> list[tuple[LabelledPassage, Suggestion]]:
    """Return the passages that bear on a statement."""
    return [(r, s) for r, s in zip(cases.rows, cases.suggestions, strict=True) if r.statements]


def _main_right(cases: Cases) -> Bools:
    return np.array(
        [
            bool(r.statements) and r.statements[0] == s.statements[0].id
            for r, s in zip(cases.rows, cases.suggestions, strict=True)
        ]
    )


def _main(
    codes: Sequence[str], cases: Cases, evidence: Bools, first_right: Bools, main_right: Bools
) -> dict[str, float | None]:
    pairs = _pairs(cases)
    if cases.main_known:
        two = [r.statements[0] in {c.id for c in s.statements[:2]} for r, s in pairs]
        macro = macro_f1(codes, [r.statements[0] for r, _ in pairs], [s.statements[0].id for _, s in pairs])
    else:
        two = [bool(set(r.statements) & {c.id for c in s.statements[:2]}) for r, s in pairs]
        macro = None
    return {
        "accuracy": _mean(main_right[evidence]) if cases.main_known else None,
        "macro_f1": macro,
        "in_first_two": _mean(two),
        "any_of_its_statements": _mean(first_right[evidence]),
    }


def _none(suggestions: Sequence[Suggestion], evidence: Bools) -> dict[str, float | None]:
    none = np.array([s.none_suggested for s in suggestions])
    made = np.array([len(s.suggested_statements()) for s in suggestions])
    abstained = np.array([s.abstained for s in suggestions])
    return {
        "recall": _mean(none[~evidence]),
        "nothing_suggested": _mean(made[~evidence] == 0),
        "evidence_lost": _mean(none[evidence]),
        "evidence_abstained": _mean(abstained[evidence]),
        "suggestions_per_passage": _mean(made[evidence]),
    }


def _truth(codes: Sequence[str], held: Sequence[Sequence[str]]) -> Bools:
    return np.array([[c in row for c in codes] for row in held], dtype=bool).reshape(len(held), len(codes))


def _table(
    codes: Sequence[str], given: Sequence[Sequence[SuggestedCode]]
) -> tuple[npt.NDArray[np.float64], Bools]:
    probabilities = np.zeros((len(given), len(codes)))
    suggested = np.zeros((len(given), len(codes)), dtype=bool)
    index = {c: k for k, c in enumerate(codes)}
    for i, row in enumerate(given):
        for code in row:
            probabilities[i, index[code.id]] = code.probability
            suggested[i, index[code.id]] = code.suggested
    return probabilities, suggested


def _codes(
    codes: Sequence[str],
    truth: Bools,
    probabilities: npt.NDArray[np.float64],
    suggested: Bools,
    resample: Resampler,
) -> dict[str, Any]:
    found = figures_by_code(codes, truth, suggested, probabilities)
    spread = resample.codes(truth, suggested, probabilities)
    hits, made, there = (truth & suggested).sum(), suggested.sum(), truth.sum()
    return {
        "micro_precision": float(hits) / float(made) if made else None,
        "micro_recall": float(hits) / float(there) if there else None,
        "macro_f1": _mean([f.f1 for f in found if f.f1 is not None]),
        "codes": [{**dataclasses.asdict(f), "intervals": i} for f, i in zip(found, spread, strict=True)],
    }


def _i_statements(framework: Framework, cases: Cases, resample: Resampler) -> dict[str, Any]:
    codes = [i.id for i in framework.i_statements]
    truth = _truth(codes, [r.i_statements for r in cases.rows])
    return _codes(codes, truth, *_table(codes, [s.i_statements for s in cases.suggestions]), resample)


def _share(pairs: Sequence[tuple[str | None, Any]]) -> dict[str, Any]:
    known = [(t, c.id) for t, c in pairs if t is not None and c is not None]
    return {"accuracy": _mean([t == g for t, g in known]), "passages": len(known)}


def _calibration(
    codes: Sequence[str], truth: Bools, probabilities: npt.NDArray[np.float64]
) -> dict[str, Any]:
    bins = [dataclasses.asdict(b) for b in reliability(truth, probabilities)]
    each = {
        c: [dataclasses.asdict(b) for b in reliability(truth[:, k], probabilities[:, k])]
        for k, c in enumerate(codes)
    }
    return {
        "expected_calibration_error": expected_calibration_error(truth, probabilities),
        "by_statement": {
            c: expected_calibration_error(truth[:, k], probabilities[:, k]) for k, c in enumerate(codes)
        },
        "reliability": bins,
        "reliability_by_statement": each,
    }


def _coverage(suggestions: Sequence[Suggestion], evidence: Bools, right: Bools) -> list[dict[str, Any]]:
    confidence = np.array([s.statements[0].probability for s in suggestions])
    return [dataclasses.asdict(p) for p in coverage_against_risk(confidence[evidence], right[evidence])]


def _confusions(cases: Cases) -> list[dict[str, Any]]:
    wrong = Counter(
        (r.statements[0], s.statements[0].id)
        for r, s in _pairs(cases)
        if s.statements[0].id not in r.statements
    )
    return [{"is": t, "taken_for": g, "passages": n} for (t, g), n in wrong.most_common(_CONFUSIONS)]


def _matrix(codes: Sequence[str], cases: Cases) -> dict[str, Any]:
    """Return counts; a passage counts under the first suggestion where that is one of its statements."""
    names = [*codes, NONE]
    truth, given = [], []
    for row, suggestion in zip(cases.rows, cases.suggestions, strict=True):
        first = suggestion.statements[0].id
        nothing = not suggestion.suggested_statements()
        given.append(NONE if nothing else first)
        truth.append(NONE if not row.statements else first if first in row.statements else row.statements[0])
    return {"names": names, "counts": confusion_matrix(names, truth, given)}


def _intervals(
    codes: Sequence[str],
    cases: Cases,
    evidence: Bools,
    right: tuple[Bools, Bools],
    table: tuple[Bools, Bools],
    resample: Resampler,
) -> dict[str, Any]:
    """Return the bootstrap intervals of the figures over all passages."""
    (first_right, main_right), (truth, suggested) = right, table
    none = np.array([s.none_suggested for s in cases.suggestions])
    shares = {
        "main.any_of_its_statements": (first_right, evidence),
        "statements.micro_recall": (suggested, truth),
        "statements.micro_precision": (truth, suggested),
        "none.recall": (none, ~evidence),
        "none.evidence_lost": (none, evidence),
    }
    found = {name: resample.share(hits, among) for name, (hits, among) in shares.items()}
    if not cases.main_known:
        return found
    rows, made = cases.rows, cases.suggestions
    main = _truth(codes, [r.statements[:1] for r in rows])
    first = _truth(
        codes, [[s.statements[0].id] if r.statements else [] for r, s in zip(rows, made, strict=True)]
    )
    two = np.array(
        [r.statements[:1] in [(c.id,) for c in s.statements[:2]] for r, s in zip(rows, made, strict=True)]
    )
    return found | {
        "main.accuracy": resample.share(main_right, evidence),
        "main.in_first_two": resample.share(two, evidence),
        "main.macro_f1": resample.macro_f1(main, first),
    }


def _mean(values: Any) -> float | None:  # noqa: ANN401 - numbers or truth values, in a list or array
    return float(np.mean(values)) if len(values) else None
