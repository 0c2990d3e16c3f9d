"""Offsets survive redaction in both directions, and the words go back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact import Redacted, Replacement, redacted


@st.composite
def texts_with_replacements(draw: st.DrawFn) -> tuple[str, list[Replacement]]:
    text = draw(st.text(min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Replacement(Span(a, b), draw(st.text(min_size=1, max_size=12))) for a, b in pairs]


def spans_of(text: str) -> st.SearchStrategy[Span]:
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True)
    return ends.map(lambda e: Span(min(e), max(e)))


def widened(span: Span, whole: tuple[Span, ...]) -> Span:
    """Return a span with every replacement that it cuts taken in."""
    start = min([span.start, *(w.start for w in whole if w.start < span.start < w.end)])
    end = max([span.end, *(w.end for w in whole if w.start < span.end < w.end)])
    return Span(start, end)


@given(texts_with_replacements())
def test_the_words_go_back(case: tuple[str, list[Replacement]]) -> None:
    text, replacements = case
    result = redacted(text, replacements)
    assert result.restored([r.span.of(text) for r in replacements]) == text
    assert [s.of(result.text) for s in result.replaced] == [r.text for r in replacements]


@given(st.data(), texts_with_replacements())
def test_a_span_goes_there_and_back(data: st.DataObject, case: tuple[str, list[Replacement]]) -> None:
    text, replacements = case
    result = redacted(text, replacements)
    span = data.draw(spans_of(text))
    there = result.to_redacted(span)
    assert there.end <= len(result.text)
    assert result.to_original(there) == widened(span, result.originals)


@given(st.data(), texts_with_replacements())
def test_a_span_of_the_redacted_text_goes_there_and_back(
    data: st.DataObject, case: tuple[str, list[Replacement]]
) -> None:
    result = redacted(*case)
    span = data.draw(spans_of(result.text))
    assert result.to_redacted(result.to_original(span)) == widened(span, result.replaced)


@given(st.data(), texts_with_replacements())
def test_what_is_not_replaced_keeps_its_words(
    data: st.DataObject, case: tuple[str, list[Replacement]]
) -> None:
    text, replacements = case
    result = redacted(text, replacements)
    span = data.draw(spans_of(text))
    if not any(r.span.start < span.end and span.start < r.span.end for r in replacements):
        assert result.to_redacted(span).of(result.text) == span.of(text)


@pytest.mark.parametrize(
    "replacements",
    [
        [Replacement(Span(2, 5), "x"), Replacement(Span(4, 6), "y")],
        [Replacement(Span(4, 6), "x"), Replacement(Span(0, 2), "y")],
        [Replacement(Span(0, 99), "x")],
        [Replacement(Span(0, 2), "")],
    ],
    ids=["overlap", "order", "outside", "nothing"],
)
def test_replacements_that_make_no_sense_are_refused(replacements: list[Replacement]) -> None:
    with pytest.raises(ValueError, match="cannot replace"):
        redacted("eight ch", replacements)


def test_code_points_count_not_bytes() -> None:
    text = "Zoë 🏠 met Siân"
    result: Redacted = redacted(
        text, [Replacement(Span(0, 3), "Person 1"), Replacement(Span(10, 14), "Person 2")]
    )
    assert result.text == "Person 1 🏠 met Person 2"
    assert result.to_redacted(Span(4, 5)).of(result.text) == "🏠"
