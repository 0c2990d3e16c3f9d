"""Agreement coefficients against published worked examples, and what must hold of any data."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.measure.agreement import (
    _Coded,
    agreement,
    cohen_kappa,
    krippendorff_alpha,
    masi,
)
from evidence_mapper.measure.intervals import draws

_CODES = st.sampled_from(["a", "b", "c"])
_PAIRS = st.lists(st.tuples(_CODES, _CODES), min_size=2, max_size=30)
_SETS = st.lists(
    st.tuples(st.frozensets(_CODES, max_size=3), st.frozensets(_CODES, max_size=3)), min_size=2, max_size=20
)


def row(said: str) -> list[str | None]:
    return [None if word == "*" else word for word in said.split()]


def test_alpha_of_two_observers_and_binary_data_is_the_published_one() -> None:
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section A.
    meg, owen = row("0 1 0 0 0 0 0 0 1 0"), row("1 1 1 0 0 1 0 0 0 0")
    assert krippendorff_alpha([meg, owen]) == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_two_observers_and_nominal_data_is_the_published_one() -> None:
    # The same paper, section B: ten articles, five categories.
    ben, gerry = row("a a b b d c c c e d d a"), row("b a b b b c c c e d d d")
    assert krippendorff_alpha([ben, gerry]) == pytest.approx(0.692, abs=5e-4)


def test_alpha_of_four_observers_with_missing_data_is_the_published_one() -> None:
    # The same paper, section C, nominal metric: 0.743.
    said = [
        row("1 2 3 3 2 1 4 1 2 * * *"),
        row("1 2 3 3 2 2 4 1 2 5 * 3"),
        row("* 3 3 3 2 3 4 2 2 5 1 *"),
        row("1 2 3 3 2 4 4 1 2 5 1 *"),
    ]
    assert krippendorff_alpha(said) == pytest.approx(0.743, abs=5e-4)


def test_kappa_is_that_of_cohen_1960() -> None:
    # Cohen (1960), table 1: proportions of 200 patients; kappa 0.492.
    table = [[0.44, 0.05, 0.01], [0.07, 0.20, 0.03], [0.09, 0.05, 0.06]]
    first, second = [], []
    for i, line in enumerate(table):
        for j, share in enumerate(line):
            count = round(share * 200)
            first += [i] * count
            second += [j] * count
    assert len(first) == 200
    assert cohen_kappa(first, second) == pytest.approx(0.492, abs=5e-4)


def test_masi_weighs_overlap_as_passonneau_does() -> None:
    # Passonneau (2006): Jaccard times 1, 2/3, 1/3 or 0.
    assert masi(frozenset("ab"), frozenset("ab")) == 0
    assert masi(frozenset("a"), frozenset("ab")) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(frozenset("ab"), frozenset("bc")) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi(frozenset("a"), frozenset("b")) == 1
    assert masi(frozenset(), frozenset()) == 0
    assert masi(frozenset(), frozenset("a")) == 1


def test_where_nothing_varies_nothing_beyond_chance_can_be_said() -> None:
    found = agreement(["a"] * 5, ["a"] * 5, draws(5, count=20))
    assert (found.percent, found.kappa, found.alpha) == (1.0, None, None)
    assert found.kappa_interval is None
    assert found.alpha_interval is None


def test_no_passage_has_no_figure() -> None:
    found = agreement([], [], draws(0, count=20))
    assert (found.passages, found.percent, found.kappa, found.alpha) == (0, None, None, None)


def _one_draw(coded: _Coded, n: int) -> tuple[float, float]:
    whole = np.ones((1, n))
    return float(coded.kappas(whole)[0]), float(coded.alphas(whole)[0])


@settings(max_examples=60, deadline=None)
@given(_PAIRS)
def test_the_bootstraps_formulas_are_the_libraries(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    kappa, alpha = _one_draw(_Coded(first, second, sets=False), len(pairs))
    for own, theirs in (
        (kappa, cohen_kappa(first, second)),
        (alpha, krippendorff_alpha([first, second])),
    ):
        assert math.isnan(own) if theirs is None else own == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(_SETS)
def test_so_they_are_for_sets(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    _, alpha = _one_draw(_Coded(first, second, sets=True), len(pairs))
    theirs = krippendorff_alpha([first, second], sets=True)
    assert math.isnan(alpha) if theirs is None else alpha == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(_CODES, min_size=2, max_size=20).filter(lambda codes: len(set(codes)) > 1))
def test_identical_coders_agree_wholly(codes: Sequence[str]) -> None:
    found = agreement(codes, codes, draws(len(codes), count=30))
    assert found.percent == 1.0
    assert found.kappa == pytest.approx(1.0)
    assert found.alpha == pytest.approx(1.0)
    assert found.alpha_interval is None


@settings(max_examples=40, deadline=None)
@given(_PAIRS)
def test_the_order_of_coders_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    weights = draws(len(pairs), count=30)
    one, other = agreement(first, second, weights), agreement(second, first, weights)
    for name in ("percent", "kappa", "alpha"):
        a, b = getattr(one, name), getattr(other, name)
        assert a is b is None or a == pytest.approx(b, abs=1e-12)
    assert (one.alpha_interval is None) == (other.alpha_interval is None)


def test_intervals_hold_the_figure_and_narrow_with_more_passages() -> None:
    generator = np.random.default_rng(3)

    def width(n: int) -> float:
        truth = generator.integers(0, 2, n)
        heard = np.where(generator.random(n) < 0.8, truth, 1 - truth)
        found = agreement(truth.tolist(), heard.tolist(), draws(n, count=300))
        assert found.alpha is not None
        assert found.alpha_interval is not None
        assert found.alpha_interval.low <= found.alpha <= found.alpha_interval.high
        return found.alpha_interval.high - found.alpha_interval.low

    assert width(400) < width(40)
