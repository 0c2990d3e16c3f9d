"""The shares told of words are the parts of the score, and stand where it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.classify import ClassifierInput
from evidence_mapper.classify.artefact import Artefact, load_artefact
from evidence_mapper.classify.lexical import LexicalFeatures, places, terms
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.classify.word_shares import WordShare, word_shares

LONG = (
    "😀 People waited eleven weeks for a carer's assessment, waited for the care act assessment to be "
    "written up, and waited again until the brokerage team found a home care agency that had any hours left."
)
SHORT = "Waited, and waited."
LETTERS = st.text(st.sampled_from("aAİıßΣσςéÉ _-'.x9\n😀") | st.characters(), max_size=60)


@pytest.fixture(scope="module")
def artefact(root: Path) -> Artefact:
    """Return the shipped artefact's arrays."""
    return load_artefact(root / "models" / "cqc-local-authority")


@given(LETTERS)
@settings(max_examples=300, deadline=None)
def test_places_are_of_the_terms_in_the_text_as_written(text: str) -> None:
    found = places(text)
    assert [term for term, _, _ in found] == terms(text)
    for term, start, end in found:
        assert 0 <= start < end <= len(text)
        assert term.split()[0] in text[start:end].lower() or "Σ" in text


@pytest.mark.parametrize("item", [ClassifierInput(LONG), ClassifierInput(SHORT, "Carers' assessments")])
def test_shares_and_biases_make_up_the_lead_of_the_score(
    classifier: StatementClassifier, artefact: Artefact, item: ClassifierInput
) -> None:
    start, end = artefact.manifest["spec"]["layout"]["lex"]
    words = LexicalFeatures(artefact.vocabulary, artefact.arrays["idf"])
    text = f"{item.heading}. {item.text}" if item.heading else item.text
    [scores] = words.project([text], artefact.arrays["lexical"]).astype(np.float64)
    bias = artefact.arrays["bias"][: len(scores)].astype(np.float64)
    assert not artefact.arrays["dense"][:, start:end].any(), "words alone make up this head"
    for k, found in enumerate(word_shares(classifier, item, classifier.statements, None)):
        others = [c for c in range(start, end - 1) if c != start + k]
        score = (scores + bias)[start + k] - (scores + bias)[others].mean()
        less = bias[start + k] - bias[others].mean()
        assert sum(w.share for w in found) + less == pytest.approx(score, abs=1e-5)
        assert abs(score - less) > 1e-3


def test_at_most_eight_the_heaviest_of_both_signs_first(classifier: StatementClassifier) -> None:
    every = word_shares(classifier, ClassifierInput(LONG), classifier.statements, None)
    shown = word_shares(classifier, ClassifierInput(LONG), classifier.statements)
    for whole, few in zip(every, shown, strict=True):
        assert few == whole[:8]
        sizes = [abs(w.share) for w in whole]
        assert len(sizes) > 8
        assert sizes == sorted(sizes, reverse=True)
        assert {w.share > 0 for w in whole} == {True, False}


def test_a_word_is_told_at_every_place_it_stands(classifier: StatementClassifier) -> None:
    found = by_term(classifier, ClassifierInput(LONG), "assessing-needs")
    assert found["assessment"].share > 0
    assert [s.of(LONG) for s in found["waited"].spans] == ["waited"] * 3
    assert [s.of(LONG) for s in found["care act"].spans] == ["care act"]
    assert not any(w.of_heading for w in found.values())


def test_words_of_the_heading_alone_have_no_place_and_are_said_to_be_of_it(
    classifier: StatementClassifier,
) -> None:
    found = by_term(classifier, ClassifierInput(SHORT, "Carers' assessments waited"), "assessing-needs")
    assert found["assessments"].of_heading
    assert found["assessments"].spans == ()
    assert [(s.start, s.end) for s in found["waited"].spans] == [(0, 6), (12, 18)]
    assert not found["waited"].of_heading


def test_words_of_a_question_that_is_not_read_say_nothing(classifier: StatementClassifier) -> None:
    asked = ClassifierInput(SHORT, "Carers' assessments waited", "survey-comment")
    assert by_term(classifier, asked, "assessing-needs") == by_term(
        classifier, ClassifierInput(SHORT), "assessing-needs"
    )


def test_without_known_words_there_is_nothing_to_share(classifier: StatementClassifier) -> None:
    assert word_shares(classifier, ClassifierInput("zzzq qqqz"), ("equity",)) == [()]


def test_a_statement_it_does_not_know_is_refused(classifier: StatementClassifier) -> None:
    with pytest.raises(KeyError, match="good-meals"):
        word_shares(classifier, ClassifierInput(LONG), ("good-meals",))


def by_term(classifier: StatementClassifier, item: ClassifierInput, statement: str) -> dict[str, WordShare]:
    [found] = word_shares(classifier, item, (statement,), None)
    return {w.term: w for w in found}
