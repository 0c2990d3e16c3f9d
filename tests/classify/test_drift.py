"""Whether passages unlike the training passages are told from those like them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.drift import EXPECTED, DriftModel, sign_share, tail, unseen_words, word_hash
from evidence_mapper.classify.fit_drift import Placed, fit_drift, sample
from evidence_mapper.classify.statement_classifier import StatementClassifier

STRANGE = [
    "The quarterback threw a forty-yard touchdown before the halftime whistle, silencing the stadium crowd.",
    "Whisk the egg yolks with caster sugar, fold in melted chocolate and bake until the crust cracks.",
    "The telescope's spectrograph resolved hydrogen emission lines from a quasar beyond the galactic halo.",
    "Tune the carburettor, gap the spark plugs and torque the cylinder head before refitting the manifold.",
    "The sonata modulates to the dominant before the recapitulation restores its opening arpeggios.",
    "Sail hoisted, the schooner tacked leeward past the lighthouse while gulls wheeled over the bowsprit.",
]
FIGURES = [
    "2023/24 | 1,204.50 | 1,310.25 | 105.75 | 8.8%",
    "A101 4,500 B220 3,250 C317 (1,275) total 6,475",
]


@pytest.fixture(scope="module")
def rows(root: Path) -> list[LabelledPassage]:
    found = read_passages(corpus_files(root / "corpora" / "passages"))
    return sample([r for r in found if split_of(r.id) != "test"], 1500)


@pytest.fixture(scope="module")
def model(rows: list[LabelledPassage], classifier: StatementClassifier) -> DriftModel:
    encode = classifier.encoder.encode
    places = sample([r for r in rows if split_of(r.id) == "train"], 200)
    reference = sample([r for r in rows if split_of(r.id) == "development"], 150)
    placed = [Placed(part, encode([r.text for r in part])) for part in (places, reference)]
    found = DriftModel.of(fit_drift(rows, placed[0], placed[1]))
    assert found is not None
    return found


def test_strange_subjects_and_figures_are_noticed(model: DriftModel, classifier: StatementClassifier) -> None:
    texts = [*STRANGE, *FIGURES]
    found = model.assess(texts, classifier.encoder.encode(texts))
    assert found.strange[: len(STRANGE)].sum() >= len(STRANGE) - 1
    assert found.figures[len(STRANGE) :].all()
    assert not found.figures[: len(STRANGE)].any()
    assert (found.unlike == (found.strange | found.figures)).all()


def test_held_out_passages_are_left_in_peace(
    model: DriftModel, classifier: StatementClassifier, root: Path
) -> None:
    every = read_passages(corpus_files(root / "corpora" / "passages"))
    texts = [r.text for r in sample([r for r in every if split_of(r.id) == "test"], 150)]
    found = model.assess(texts, classifier.encoder.encode(texts))
    assert found.unlike.mean() <= 3 * EXPECTED


def test_no_passage_gives_no_answer(model: DriftModel) -> None:
    assert model.assess([], np.zeros((0, 384), np.float32)).unlike.shape == (0,)


def test_the_same_passages_give_the_same_reference(
    rows: list[LabelledPassage], classifier: StatementClassifier
) -> None:
    part = Placed(rows[:60], classifier.encoder.encode([r.text for r in rows[:60]]))
    first, second = fit_drift(rows, part, part), fit_drift(rows, part, part)
    assert all((first[name] == second[name]).all() for name in first)


def test_an_artefact_without_a_reference_has_none() -> None:
    assert DriftModel.of({"thresholds": np.zeros(9)}) is None


def test_one_writer_alone_cannot_be_left_out(rows: list[LabelledPassage]) -> None:
    mine = [r for r in rows if r.hand == rows[0].hand]
    part = Placed(mine, np.ones((len(mine), 4), np.float32))
    with pytest.raises(ValueError, match="one writer"):
        fit_drift(mine, part, part)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_tail_is_a_valid_p_value(reference: list[float], seed: int) -> None:
    """Drawn from the reference itself, a tail share of at most p comes at most p of the time."""
    ordered = np.sort(np.array(reference))
    found = tail(ordered, ordered)
    for p in (0.05, 0.2, 0.5):
        assert (found <= p).mean() <= p + 1e-9
    assert tail(np.array([2.0]), ordered)[0] == pytest.approx(1 / (len(reference) + 1))
    assert tail(np.array([-1.0]), ordered)[0] == 1.0


def test_words_and_signs_of_worked_examples() -> None:
    assert unseen_words(["Care plans reviewed in 2024"], {"care", "plans", "in"})[0] == pytest.approx(
        1.5 / 14
    )
    assert unseen_words(["12 34"], set())[0] == pytest.approx(0.05)
    assert sign_share(["ab 12", "", "12%"]).tolist() == [0.5, 0.0, 1.0]
    assert word_hash("care") == word_hash("care") != word_hash("cares")
