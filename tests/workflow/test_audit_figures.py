"""Figures of audits: a planted drift is shown, none is shown where there is none, kappa is worked by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.domain.audit import AuditAnswer, AuditForm, Reading
from evidence_mapper.workflow.audit_figures import FEWEST_AUDITS, agreement, trend
from evidence_mapper.workflow.audit_sample import Drawn, draw

G, M, P = Reading.GOOD, Reading.MIXED, Reading.POOR


def form(number: int, auditor: str, steps: list[int], *, every: int = 14) -> AuditForm:
    day = date(2025, 1, 6) + timedelta(days=every * number)
    answers = tuple(
        AuditAnswer(f"q{n}", str(step), step, {1: P, 2: M}.get(step, G), "", n)
        for n, step in enumerate(steps)
    )
    return AuditForm(
        f"{auditor}{number}", f"c{number}", auditor, day.isoformat(), "", "f", "s", None, answers
    )


def programme(drift: bool, seed: int = 1) -> list[AuditForm]:
    rng = random.Random(seed)
    steady = [form(n, "steady", [rng.choice([2, 3, 3, 4]) for _ in range(8)]) for n in range(24)]
    other = [
        form(n, "other", [rng.choice([3, 4] if drift and n > 12 else [2, 3]) for _ in range(8)])
        for n in range(24)
    ]
    return steady + other


def test_a_planted_drift_is_shown_with_its_direction() -> None:
    found = trend(programme(drift=True), "other")
    assert found.moves
    assert found.low is not None
    assert found.low > 0
    assert found.slope is not None
    assert found.low <= found.slope


def test_steady_auditors_seldom_seem_to_move() -> None:
    moved = sum(trend(programme(drift=False, seed=s), "steady").moves for s in range(40))
    assert moved <= 6  # about 2 are to be expected of 40 at 95 %


def test_few_audits_or_one_day_give_no_trend() -> None:
    assert trend([form(n, "a", [3]) for n in range(FEWEST_AUDITS - 1)], "a").slope is None
    assert trend([form(n, "a", [3], every=0) for n in range(9)], "a").slope is None


def test_kappa_is_that_of_a_table_worked_by_hand() -> None:
    # Two raters, 10 answers: 6 good-good, 2 good-mixed, 1 mixed-mixed, 1 poor-poor. With quadratic weights
    # 0, 1/4, 1 the observed disagreement is 2 x 1/4 / 10 = 0.05. Margins (P, M, G): 1, 1, 8 and 1, 3, 6;
    # expected = (1x3/4 + 1x6 + 1x1/4 + 1x6/4 + 8x1 + 8x3/4) / 100 = 0.225. Kappa = 1 - 0.05/0.225.
    pairs = [(G, G)] * 6 + [(G, M)] * 2 + [(M, M), (P, P)]
    found = agreement("q", pairs)
    assert (found.pairs, found.same, found.apart) == (10, 8, 0)
    assert found.kappa == pytest.approx(1 - 0.05 / 0.225)


def test_few_pairs_and_no_spread_give_no_kappa() -> None:
    assert agreement("q", [(G, M)] * 9).kappa is None
    assert agreement("q", [(G, G)] * 50).kappa is None
    assert agreement("q", [(G, P)] * 3).apart == 3


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=60), st.integers(1, 70), st.integers(0, 2**31 - 1)
)
def test_a_sample_is_repeatable_without_doubles_and_even_over_strata(
    names: list[str], size: int, seed: int
) -> None:
    frame = []
    for n, name in enumerate(names):
        made = form(n, name, [3])
        frame.append(Drawn(made, made.answers[0], (name,)))
    found = draw(frame, size, seed)
    assert found == draw(frame, size, seed)
    assert len(found) == min(size, len(frame))
    assert len({d.form.id for d in found}) == len(found)
    counts = {name: sum(d.stratum == (name,) for d in found) for name in set(names)}
    for name, count in counts.items():
        # A stratum has fewer than another by more than one only when it is used up.
        assert count == names.count(name) or count >= max(counts.values()) - 1
