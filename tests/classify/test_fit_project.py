"""Learning a head: what it learns, that it is the same each time, and what stops it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.classify.fit_project import (
    FittedHead,
    GuardRows,
    LearningRows,
    ProjectFitSpec,
    fit_project,
    folds_of,
    weights_of,
)
from evidence_mapper.classify.project_head import ProjectHead, to_bytes
from evidence_mapper.classify.project_thresholds import Held, Levels, find_thresholds, gate_figures
from evidence_mapper.domain.ids import sha256_text

STATEMENTS, WIDTH = 3, 16
SHIPPED = {"thresholds": np.full(STATEMENTS, 0.3), "none_threshold": np.array([0.6])}
SPEC = ProjectFitSpec()


def rows(n: int, seed: int, *, turned: bool = False) -> LearningRows:
    """Return passages whose vector says the statement; ``turned`` ones mean the next statement by it."""
    rng = np.random.default_rng(seed)
    main = rng.integers(0, STATEMENTS + 1, n)
    dense = rng.normal(0, 0.4, (n, WIDTH)).astype(np.float32)
    dense[np.arange(n), main] += 3.0
    shipped = np.full((n, STATEMENTS + 1), 0.05)
    shipped[np.arange(n), main] = 0.7
    said = np.where(main < STATEMENTS, (main + 1) % STATEMENTS, main) if turned else main
    truth = np.eye(STATEMENTS + 1, dtype=bool)[said]
    folds = folds_of([sha256_text(f"{seed} {i}") for i in range(n)])
    return LearningRows(dense, shipped[:, :-1], shipped[:, -1], truth, np.ones(truth.shape), folds)


def guard(seed: int = 9) -> GuardRows:
    check = rows(120, seed + 1)
    return GuardRows(rows(60, seed), check, check.truth.argmax(axis=1))


def first_right(fitted: FittedHead, seen: LearningRows) -> float:
    head = ProjectHead("h", 1, "", tuple("abc"), fitted.arrays)
    statements, _ = head.apply(seen.statements, seen.none, seen.dense)
    evidence = ~seen.truth[:, -1]
    return float((statements.argmax(axis=1) == seen.truth[:, :-1].argmax(axis=1))[evidence].mean())


def test_a_convention_of_the_project_is_learned() -> None:
    fitted = fit_project(rows(300, 1, turned=True), None, SHIPPED, SPEC)
    unseen = rows(200, 2, turned=True)
    assert fitted.kept
    assert first_right(fitted, unseen) > 0.9
    assert fitted.own["head"]["log_loss"] < fitted.own["shipped"]["log_loss"]
    assert fitted.guard == {}


def test_the_same_decisions_give_the_same_bytes() -> None:
    once, again = (fit_project(rows(80, 1), guard(), SHIPPED, SPEC) for _ in range(2))
    assert to_bytes(once.arrays) == to_bytes(again.arrays)
    assert (once.guard, once.own) == (again.guard, again.own)


def test_what_is_kept_is_never_worse_on_the_guard_set() -> None:
    for seed in range(6):
        fitted = fit_project(rows(60, seed, turned=seed % 2 == 0), guard(), SHIPPED, SPEC)
        shipped, head = fitted.guard["shipped"], fitted.guard["head"]
        worse = (
            head["macro_f1"] < shipped["macro_f1"]
            or head["recall"] < shipped["recall"]
            or head["none_loss"] > shipped["none_loss"]
        )
        assert not (fitted.kept and worse)
        assert fitted.kept == (
            not fitted.worse and fitted.own["head"]["log_loss"] < fitted.own["shipped"]["log_loss"]
        )


def test_a_project_at_odds_with_the_guard_set_is_not_kept_whole() -> None:
    """Labels that say the opposite of the guard set's: shrunk until harmless, or not kept at all."""
    fitted = fit_project(
        rows(600, 3, turned=True), guard(), SHIPPED, ProjectFitSpec(replay=0.0, shrink=(1.0,))
    )
    assert not fitted.kept
    assert "macro_f1" in fitted.worse


def test_noise_is_not_kept() -> None:
    noise = rows(60, 4)
    shuffled = noise.truth[np.random.default_rng(0).permutation(60)]
    sure = np.where(shuffled, 0.999, 0.001)
    seen = LearningRows(noise.dense, sure[:, :-1], sure[:, -1], shuffled, noise.weight, noise.fold)
    fitted = fit_project(
        seen, None, SHIPPED, ProjectFitSpec(strengths=(0.001,), slope_penalty=1e9, bias_penalty=1e9)
    )
    assert not fitted.kept


def test_weights_tell_answers_given_from_answers_left_open() -> None:
    truth = np.array([[True, False, False, False]])
    explicit = np.array([[True, True, False, True]])
    assert weights_of(truth, explicit, np.array([0.5]), SPEC).tolist() == [[0.5, 0.5, 0.25, 0.5]]


def test_of_few_pieces_of_evidence_none_stays_as_shipped() -> None:
    """Among so few the share of evidence is an accident of the draw."""
    seen = rows(200, 5, turned=True)
    evidence = np.flatnonzero(~seen.truth[:, -1])

    def learned(pieces: int, checked: GuardRows | None) -> FittedHead:
        at = np.sort(np.concatenate([evidence[:pieces], np.flatnonzero(seen.truth[:, -1])[:30]]))
        return fit_project(seen.of(at), checked, SHIPPED, SPEC)

    other = rows(50, 6)
    for less, checked in ((1, None), (1, guard()), (0, None), (0, guard())):
        fitted, same = learned(SPEC.least_evidence - less, checked), less == 1
        assert not same or fitted.arrays["none_threshold"] == SHIPPED["none_threshold"]
        head = ProjectHead("h", 1, "", tuple("abc"), fitted.arrays)
        statements, none = head.apply(other.statements, other.none, other.dense)
        assert np.allclose(none, other.none) is same
        assert not np.allclose(statements, other.statements)
        assert fitted.none_learned is not same


def test_equal_texts_are_left_out_together() -> None:
    first, second, third = folds_of([sha256_text(t) for t in ("a", "a", "b")])
    assert first == second != third


probabilities = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed))


@settings(max_examples=40, deadline=None)
@given(probabilities, st.integers(1, 80))
def test_thresholds_lose_no_guard_evidence(rng: np.random.Generator, n: int) -> None:
    def held(size: int) -> Held:
        return Held(rng.random((size, 4)), rng.random((size, 4)) < 0.3)

    before, own = held(90), (held(n), held(n))
    after = Held(rng.random((90, 4)), before.truth)
    own = (own[0], Held(own[1].probabilities, own[0].truth))
    levels = Levels(np.array([0.2, 0.5, 0.9]), 0.8, 0.9, 0.02)
    found = find_thresholds(levels, own, (before, after))
    truth = before.truth[:, :-1]
    for k in range(3):
        assert (after.suggested(found) & truth)[:, k].sum() >= (before.suggested(levels) & truth)[
            :, k
        ].sum() - _lost(after, found, truth[:, k])
    evidence = before.evidence()
    assert (
        after.lost(found.none_threshold)[evidence].sum() <= before.lost(levels.none_threshold)[evidence].sum()
    )
    lost = [h.lost(t)[h.evidence()].sum() for h, t in zip(own, (0.8, found.none_threshold), strict=True)]
    assert lost[1] <= lost[0]


def test_the_more_evidence_was_decided_on_the_less_of_it_is_let_go() -> None:
    """Three in ten of the decisions' evidence were lost before: fewer are then, down to what is wanted."""
    shares = []
    for n in (10, 30, 100, 1000):
        truth = np.tile([True, False, False], (n, 1))
        none = np.linspace(0.0, 1.0, n)
        own = Held(np.stack([1 - none, 1 - none, none], axis=1), truth)
        found = find_thresholds(Levels(np.array([0.5, 0.5]), 0.7, 0.9, 0.05), (own, own), None)
        shares.append(float(own.lost(found.none_threshold).mean()))
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(0.2)
    assert 0.05 <= shares[-1] < 0.06


def _lost(after: Held, found: Levels, there: npt.NDArray[np.bool_]) -> int:
    """Return how much of a statement's evidence no threshold can suggest: it is lost to none."""
    return int(after.lost(found.none_threshold)[there].sum())


def test_figures_are_of_evidence_alone() -> None:
    held = Held(np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.1, 0.1, 0.9]]), np.eye(3, dtype=bool))
    figures = gate_figures(held, np.array([0, 1, 2]), Levels(np.array([0.5, 0.5]), 0.5, 0.9, 0.02))
    assert figures == {
        "passages": 3.0,
        "macro_f1": pytest.approx(1.0),
        "recall": pytest.approx(1.0),
        "suggestions": pytest.approx(1.0),
        "none_loss": pytest.approx(0.0),
    }


def test_evidence_lost_to_none_lowers_no_threshold_to_nothing() -> None:
    truth = np.zeros((40, 3), dtype=bool)
    truth[:, 0] = True
    seen = np.full((40, 3), 0.05)
    seen[:, 0] = np.linspace(0.4, 0.9, 40)
    seen[:12, 2] = 0.99
    seen[12:, 2] = 0.01
    levels = Levels(np.array([0.5, 0.5]), 0.5, 0.9, 0.4)
    found = find_thresholds(levels, (Held(seen, truth), Held(seen, truth)), None)
    assert found.thresholds[0] > 0.3
