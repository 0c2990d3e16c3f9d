from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceLocation
from evidence_mapper.domain.passage import SegmentedDocument
from evidence_mapper.segment import segment
from evidence_mapper.segment.sizes import CAP
from evidence_mapper.segment.split import balanced, split_text

_WORD = st.sampled_from(
    ["care", "plan.", "Cllr.", "e.g.", "we", "The", "carer’s", "No.", "5", "and,", "😀", "why?", "x)"]
)
_GAP = st.sampled_from([" ", " ", " ", "  ", "\n", "\t"])


@st.composite
def _texts(draw: st.DrawFn) -> str:
    size = draw(st.sampled_from([1, 3, 8, 25, 60, 160, 240, 700]))
    seed = draw(st.lists(st.tuples(_WORD, _GAP), min_size=1, max_size=12))
    words = [seed[i % len(seed)] for i in range(size)]
    stem = draw(st.sampled_from(["", "", ":"]))
    return "".join(word + gap for word, gap in words).strip() + stem


@st.composite
def _blocks(draw: st.DrawFn) -> Block:
    kind = draw(st.sampled_from(list(BlockKind)))
    place = SourceLocation(
        page=draw(st.sampled_from([None, 1, 2])),
        table=draw(st.sampled_from([None, None, 1])),
        row=draw(st.sampled_from([None, 4])),
    )
    path = draw(st.sampled_from([(), ("A",), ("A", "B")]))
    context = draw(st.sampled_from([None, None, "Why?"]))
    return Block(
        draw(_texts()), kind, place, path, level=1 if kind is BlockKind.HEADING else None, context=context
    )


_DOCUMENTS = st.lists(_blocks(), max_size=12).map(
    lambda blocks: ExtractedDocument("text/plain", "text/1", tuple(blocks))
)


def _words(text: str) -> list[str]:
    return text.split()


def _passages(result: SegmentedDocument) -> list[str]:
    return [draft.span.of(result.text) for draft in result.drafts]


@settings(max_examples=150, deadline=None)
@given(_DOCUMENTS)
def test_every_word_of_every_block_but_headings_is_in_exactly_one_passage(
    document: ExtractedDocument,
) -> None:
    result = segment(document)
    expected = [w for b in document.blocks if b.kind is not BlockKind.HEADING for w in _words(b.text)]
    assert [w for passage in _passages(result) for w in _words(passage)] == expected
    assert _words(result.text) == [w for b in document.blocks for w in _words(b.text)]


@settings(max_examples=150, deadline=None)
@given(_DOCUMENTS)
def test_spans_are_ordered_apart_trimmed_and_within_the_cap(document: ExtractedDocument) -> None:
    result = segment(document)
    end = 0
    for draft in result.drafts:
        assert end <= draft.span.start < draft.span.end <= len(result.text)
        end = draft.span.end
        text = draft.span.of(result.text)
        assert text == text.strip()
        assert 1 <= len(_words(text)) <= CAP
        assert draft.kind is not BlockKind.HEADING


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS)
def test_same_input_same_output_and_text_holds_every_block(document: ExtractedDocument) -> None:
    result = segment(document)
    assert segment(document) == result
    at = 0
    for block in document.blocks:
        at = result.text.index(block.text, at) + len(block.text)
    between = result.text
    for block in document.blocks:
        between = between.replace(block.text, "", 1)
    assert not between.strip()


@settings(max_examples=100, deadline=None)
@given(_DOCUMENTS)
def test_what_is_never_joined_stays_apart(document: ExtractedDocument) -> None:
    alone = {BlockKind.COMMENT, BlockKind.TURN, BlockKind.NOTE}
    result = segment(document)
    for block in document.blocks:
        if block.kind in alone and len(_words(block.text)) <= CAP:
            assert block.text in [d.span.of(result.text) for d in result.drafts if d.kind is block.kind]
    for draft in result.drafts:
        if draft.kind in alone:
            assert any(draft.span.of(result.text) in b.text for b in document.blocks if b.kind is draft.kind)


@settings(max_examples=100, deadline=None)
@given(_texts())
def test_parts_cover_a_text_and_end_with_words(text: str) -> None:
    parts = split_text(text)
    assert [w for start, end in parts for w in _words(text[start:end])] == _words(text)
    assert all(re.fullmatch(r"\S(.*\S)?", text[start:end], re.DOTALL) for start, end in parts)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=40), st.integers(1, 150))
def test_balanced_ranges_cover_all_and_are_no_more_than_needed(counts: list[int], most: int) -> None:
    ranges = balanced(counts, most)
    assert [i for first, last in ranges for i in range(first, last)] == list(range(len(counts)))
    assert all(sum(counts[a:b]) <= most or b - a == 1 for a, b in ranges)
    greedy, total = 1, 0
    for count in counts:
        if total and total + count > most:
            greedy, total = greedy + 1, 0
        total += count
    assert len(ranges) == greedy
