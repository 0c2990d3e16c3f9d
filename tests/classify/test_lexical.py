"""The numpy TF-IDF equals scikit-learn's."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from evidence_mapper.classify.lexical import LexicalFeatures

TRAINING = [
    "People waited eleven weeks for a carers' assessment, and nobody rang.",
    "The waiting list for reviews fell; people were rung every fortnight.",
    "Café staff at Tŷ Hafan said co-ordination was poor. Poor, poor co-ordination!",
    "I was rung. I was told the waiting list was long.",
]
VECTORIZER = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(TRAINING)
FEATURES = LexicalFeatures(tuple(VECTORIZER.get_feature_names_out()), VECTORIZER.idf_.astype(np.float32))
WORDS = st.sampled_from([*" ".join(TRAINING).split(), "unknown", "ÉTÉ", "x", "9", "\n", "_", "ſ"])


@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_project_equals_scikit_learn(text: str) -> None:
    weights = np.eye(len(FEATURES.vocabulary), dtype=np.float32)
    expected = VECTORIZER.transform([text]).toarray()
    np.testing.assert_allclose(FEATURES.project([text], weights), expected, atol=1e-6)


def test_text_without_known_terms_projects_to_zero() -> None:
    columns, values = FEATURES.row("zzz qqq")
    assert (len(columns), len(values)) == (0, 0)
