from __future__ import annotations

import subprocess
import sys

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceLocation
from evidence_mapper.domain.passage import PassageDraft, SegmentedDocument
from evidence_mapper.segment import segment

_P, _L, _H, _R = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING, BlockKind.TABLE_ROW


def _sentence(words: int, first: str = "Staff") -> str:
    return " ".join([first, *["listened"] * (words - 2), "well."])


def _run(*blocks: Block) -> SegmentedDocument:
    return segment(ExtractedDocument("text/plain", "text/1", blocks))


def _cut(result: SegmentedDocument) -> list[str]:
    return [draft.span.of(result.text) for draft in result.drafts]


def _sizes(result: SegmentedDocument) -> list[int]:
    return [len(text.split()) for text in _cut(result)]


def _first(result: SegmentedDocument) -> PassageDraft:
    return result.drafts[0]


def test_text_holds_headings_and_passages_do_not() -> None:
    result = _run(Block("Carers", _H, level=1), Block(_sentence(25), _P, heading_path=("Carers",)))
    assert result.text == f"Carers\n\n{_sentence(25)}"
    assert _cut(result) == [_sentence(25)]
    assert _first(result).heading_path == ("Carers",)


def test_heading_alone_makes_no_passage() -> None:
    assert _run(Block("Carers", _H, level=1)).drafts == ()
    assert _run().text == ""


def test_short_paragraphs_join_what_follows_or_else_what_came_before() -> None:
    assert _sizes(_run(Block(_sentence(5), _P), Block(_sentence(30), _P), Block(_sentence(6), _P))) == [41]
    assert _sizes(_run(Block(_sentence(30), _P), Block(_sentence(30), _P))) == [30, 30]
    assert _sizes(_run(*[Block(_sentence(8), _P)] * 6)) == [24, 24]
    assert _sizes(_run(Block(_sentence(10), _P), Block(_sentence(215), _P))) == [10, 215]


def test_nothing_joins_across_headings_tables_or_contexts() -> None:
    short = _sentence(5)
    result = _run(
        Block(short, _P, heading_path=("A",)),
        Block(short, _P, heading_path=("B",)),
        Block(short, _P, SourceLocation(table=1), heading_path=("B",)),
        Block(short, _P, heading_path=("B",), context="Why?"),
        Block(short, BlockKind.NOTE, heading_path=("B",)),
        Block(short, BlockKind.NOTE, heading_path=("B",)),
    )
    assert _sizes(result) == [5] * 6


def test_a_list_joins_the_sentence_that_announces_it() -> None:
    result = _run(
        Block("We will:", _P),
        *[Block(f"do thing number {i}", _L) for i in range(5)],
        Block(_sentence(40), _P),
    )
    assert _cut(result)[0] == "We will:\n\n" + "\n".join(f"do thing number {i}" for i in range(5))
    assert _first(result).kind is _P


def test_a_long_list_is_cut_between_items_and_repeats_its_stem_as_context() -> None:
    items = [Block(_sentence(30, f"Item{i}"), _L) for i in range(10)]
    result = _run(Block("The council will:", _P), *items)
    assert all(size <= 150 for size in _sizes(result))
    assert [d.context for d in result.drafts] == [None, "The council will:", "The council will:"]
    assert [text.split()[0] for text in _cut(result)[1:]] == ["Item3", "Item7"]


def test_the_rest_of_a_cut_list_does_not_take_in_other_text() -> None:
    items = [
        Block(_sentence(100, "Item"), _L),
        Block(_sentence(100, "Item"), _L),
        Block(_sentence(100, "Item"), _L),
    ]
    result = _run(Block("We will:", _P), *items, Block(_sentence(5, "After"), _P))
    assert [d.context for d in result.drafts if "After" in d.span.of(result.text)] == [None]


def test_rows_stay_single_unless_very_short() -> None:
    place = SourceLocation(table=1)
    long = [Block(_sentence(10), _R, place)] * 3
    assert _sizes(_run(*long)) == [10, 10, 10]
    short = [Block(_sentence(5), _R, place)] * 14
    assert _sizes(_run(*short)) == [60, 10]
    mixed = _run(short[0], long[0], short[0], Block(_sentence(5), _R, SourceLocation(table=2)))
    assert _sizes(mixed) == [5, 10, 5, 5]


def test_a_row_of_figures_stays_with_the_row_that_names_them() -> None:
    place = SourceLocation(table=1)
    rows = [
        "Care needs assessments delivered within 28 days of the first contact: RED",
        "Latest: 74%; Target: 85%, Floor: 75%; Previous: 75% (Amber)",
        "Reviews held in the year; GREEN",
        "Latest: 91%; Target: 90%; Previous: 88%",
        "Latest: 3; Target: 2; Previous: 4",
    ]
    assert _cut(_run(*(Block(row, _R, place) for row in rows))) == [
        f"{rows[0]}\n\n{rows[1]}",
        f"{rows[2]}\n\n{rows[3]}",
        rows[4],
    ]


def test_rows_with_names_of_their_own_stay_apart() -> None:
    place = SourceLocation(table=1)
    for above, below in (
        (
            "Step: Standard form of the assessment that is offered",
            "Visit offered: Within 3 working days of the plan",
        ),
        (
            "Missed bins per hundred thousand homes; 60; 88",
            "Urgent potholes filled in 2 days; Target: 90%; 88%",
        ),
        (
            "Dates on which the person was seen by us; Place",
            "8 May at home; 15 May at the hospital, with his sister",
        ),
    ):
        assert _cut(_run(Block(above, _R, place), Block(below, _R, place))) == [above, below]
    apart = [Block("Reviews held in the year; GREEN", _R, SourceLocation(table=t)) for t in (1, 2)]
    figures = Block("Latest: 91%; Target: 90%; Previous: 88%; Floor: 60%", _R, SourceLocation(table=2))
    assert _cut(_run(apart[0], figures)) == [apart[0].text, figures.text]


def test_long_comments_are_cut_at_sentence_ends_into_even_parts() -> None:
    place = SourceLocation(sheet="Comments", row=3, column="C")
    text = " ".join(_sentence(20, f"Sentence{i}") for i in range(15))
    result = _run(Block(text, BlockKind.COMMENT, place, context="Why?", attributes=(("Age", "75+"),)))
    assert _sizes(result) == [100, 100, 100]
    assert all(t.startswith("Sentence") and t.endswith("well.") for t in _cut(result))
    for part in result.drafts:
        assert (part.location, part.context, part.attributes) == (place, "Why?", (("Age", "75+"),))


def test_an_endless_sentence_is_cut_at_the_cap() -> None:
    assert _sizes(_run(Block(" ".join(["word"] * 500), _P))) == [220, 220, 60]
    assert _sizes(_run(Block(" ".join(["word"] * 220), _P))) == [220]


def test_location_runs_from_first_to_last_block() -> None:
    first = SourceLocation(page=3, bbox=(10.0, 20.0, 30.0, 40.0))
    second = SourceLocation(page=3, bbox=(5.0, 10.0, 35.0, 18.0))
    third = SourceLocation(page=4, bbox=(0.0, 0.0, 99.0, 99.0))
    result = _run(
        Block(_sentence(5), _P, first), Block(_sentence(5), _P, second), Block(_sentence(5), _P, third)
    )
    place = _first(result).location
    assert (place.page, place.page_end, place.bbox) == (3, 4, (5.0, 10.0, 35.0, 40.0))
    same = _run(Block(_sentence(5), _P, first), Block(_sentence(5), _P, second))
    assert _first(same).location.page_end is None


def test_page_end_of_a_block_that_runs_over_is_kept() -> None:
    place = SourceLocation(page=1, page_end=2)
    assert _first(_run(Block(_sentence(30), _P, place))).location.page_end == 2


def test_blocks_of_white_space_leave_no_trace() -> None:
    assert _run(Block(" \n ", _P), Block(" text ", _P)).text == "text"


def test_spacy_is_imported_only_for_what_is_over_the_cap() -> None:
    program = (
        "import sys\nfrom evidence_mapper.domain.document import *\n"
        "from evidence_mapper.segment import segment\n"
        "b = Block('word ' * {n}, BlockKind.PARAGRAPH)\n"
        "segment(ExtractedDocument('text/plain', 't/1', (b,))); print('spacy' in sys.modules)"
    )
    for words, loaded in ((200, "False"), (230, "True")):
        done = subprocess.run(
            [sys.executable, "-c", program.format(n=words)], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == loaded
