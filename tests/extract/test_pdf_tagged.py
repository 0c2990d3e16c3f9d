"""Tagged PDFs: the structure tree's order, roles and joins reach the blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_samples import (
    Furniture,
    P,
    Tag,
    excluded,
    extract,
    item,
    prose,
    row,
    tagged_pdf,
    texts,
)

from evidence_mapper.domain.document import BlockKind, ExclusionReason


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "paper.pdf"


def test_roles_order_and_heading_path(pdf: Path) -> None:
    tagged_pdf(
        pdf,
        [
            [
                Tag("H1", "Carers strategy", size=18),
                P(prose(1)),
                Tag("H2", "What we heard", size=14),
                P(prose(2)),
                Tag("H2", "What we will do", size=14),
            ],
            [P(prose(3)), Tag("H1", "Annex", size=18), P(prose(4))],
        ],
    )
    document = extract(pdf)
    assert [(b.kind, b.level, b.heading_path) for b in document.blocks] == [
        (BlockKind.HEADING, 1, ()),
        (BlockKind.PARAGRAPH, None, ("Carers strategy",)),
        (BlockKind.HEADING, 2, ("Carers strategy",)),
        (BlockKind.PARAGRAPH, None, ("Carers strategy", "What we heard")),
        (BlockKind.HEADING, 2, ("Carers strategy",)),
        (BlockKind.PARAGRAPH, None, ("Carers strategy", "What we will do")),
        (BlockKind.HEADING, 1, ()),
        (BlockKind.PARAGRAPH, None, ("Annex",)),
    ]
    assert texts(document, BlockKind.PARAGRAPH) == [prose(n) for n in (1, 2, 3, 4)]
    assert [b.location.page for b in document.blocks] == [1, 1, 1, 1, 1, 2, 2, 2]
    assert document.pages == 2
    assert (document.media_type, document.extractor) == ("application/pdf", "pdf/3")


def test_a_box_lies_where_the_text_is_drawn(pdf: Path) -> None:
    tagged_pdf(pdf, [[P("One short line.")]])
    (block,) = extract(pdf).blocks
    assert block.location.bbox is not None
    left, bottom, right, top = block.location.bbox
    assert left == pytest.approx(72, abs=2)
    assert bottom < 842 - 140 < top
    assert 60 < right - left < 90


def test_list_items_keep_numbers_and_lose_bullets(pdf: Path) -> None:
    tagged_pdf(pdf, [[P("We will:"), Tag("L", kids=[item("•", "listen"), item("2.", "act on it")])]])
    document = extract(pdf)
    assert texts(document, BlockKind.LIST_ITEM) == ["listen", "2. act on it"]


def test_numbered_clauses_are_paragraphs(pdf: Path) -> None:
    tagged_pdf(pdf, [[Tag("L", kids=[item("2.1", prose(5))])]])
    (block,) = extract(pdf).blocks
    assert block.kind is BlockKind.PARAGRAPH
    assert block.text == f"2.1 {prose(5)}"


def test_rows_name_their_headers(pdf: Path) -> None:
    table = Tag(
        "Table",
        kids=[
            row("Measure", "Target", "Result", role="TH"),
            row("Reviews on time", "90%", "84%"),
            row("Carers assessed", "", "1,204"),
        ],
    )
    tagged_pdf(pdf, [[P(prose(1)), table, P(prose(2))]])
    document = extract(pdf)
    rows = [b for b in document.blocks if b.kind is BlockKind.TABLE_ROW]
    assert [b.text for b in rows] == [
        "Measure: Reviews on time; Target: 90%; Result: 84%",
        "Measure: Carers assessed; Result: 1,204",
    ]
    assert [(b.location.table, b.location.row) for b in rows] == [(1, 2), (1, 3)]


def test_a_cell_spanning_rows_becomes_context(pdf: Path) -> None:
    spanning = Tag("TD", kids=[P("Prevention")], attributes={"RowSpan": 2})
    first = Tag("TR", kids=[spanning, Tag("TD", kids=[P("Falls clinic")]), Tag("TD", kids=[P("Open")])])
    table = Tag(
        "Table", kids=[row("Priority", "Action", "State", role="TH"), first, row("Home visits", "Planned")]
    )
    tagged_pdf(pdf, [[table]])
    second = extract(pdf).blocks[1]
    assert second.text == "Action: Home visits; State: Planned"
    assert second.context == "Priority: Prevention"


def test_a_row_over_a_page_break_is_one_block(pdf: Path) -> None:
    broken = Tag(
        "TR",
        kids=[
            Tag("TD", kids=[P("Safeguarding")]),
            Tag("TD", kids=[P("Concerns are screened by", rest="a social worker within a day.")]),
        ],
    )
    table = Tag("Table", kids=[row("Area", "Practice", role="TH"), broken])
    tagged_pdf(pdf, [[table], [P(prose(1))]])
    block = extract(pdf).blocks[0]
    assert block.text == (
        "Area: Safeguarding; Practice: Concerns are screened by a social worker within a day."
    )
    assert (block.location.page, block.location.page_end) == (1, 2)


def test_a_table_of_one_column_is_running_text(pdf: Path) -> None:
    table = Tag(
        "Table",
        kids=[
            row("Have you consulted with the people affected by this change?", role="TH", bold=True),
            row(prose(1), role="TH"),
        ],
    )
    tagged_pdf(pdf, [[table]])
    question, answer = extract(pdf).blocks
    assert question.kind is BlockKind.HEADING
    assert (answer.kind, answer.text) == (BlockKind.PARAGRAPH, prose(1))
    assert answer.heading_path == (question.text,)
    assert (answer.location.table, answer.location.row) == (1, 2)


def test_contents_are_left_out_and_kept_for_audit(pdf: Path) -> None:
    entries = Tag("TOC", kids=[Tag("TOCI", "Introduction 2"), Tag("TOCI", "Findings 7")])
    tagged_pdf(pdf, [[entries, Tag("H1", "Introduction"), P(prose(1))]])
    document = extract(pdf)
    assert excluded(document, ExclusionReason.CONTENTS) == ["Introduction 2", "Findings 7"]
    assert texts(document) == ["Introduction", prose(1)]


@pytest.mark.parametrize("artefact", [True, False])
def test_headers_footers_and_page_numbers_are_left_out(pdf: Path, artefact: bool) -> None:
    furniture = Furniture("Cabinet, 3 March", "Official", page_numbers=True, artefact=artefact)
    tagged_pdf(pdf, [[P(prose(n))] for n in range(4)], furniture=furniture)
    document = extract(pdf)
    assert texts(document) == [prose(n) for n in range(4)]
    left_out = excluded(document, ExclusionReason.FURNITURE)
    assert sorted(left_out) == sorted(["Cabinet, 3 March", "Official"] * 4 + ["1", "2", "3", "4"])


def test_a_heading_repeated_on_every_page_is_kept(pdf: Path) -> None:
    tagged_pdf(pdf, [[Tag("H2", "Our priorities"), P(prose(n))] for n in range(4)])
    assert texts(extract(pdf), BlockKind.HEADING) == ["Our priorities"] * 4


def test_text_the_tree_does_not_reach_is_kept(pdf: Path) -> None:
    loose = "Nobody tagged this sentence about waiting times."
    tagged_pdf(pdf, [[P(prose(1))], [P(prose(2))]], furniture=Furniture(loose=loose))
    assert sorted(texts(extract(pdf))) == sorted([loose, prose(1), prose(2)])


def test_a_diagram_marked_as_artefact_is_kept(pdf: Path) -> None:
    labels = ["Support happy and healthy living", "Empower patients and carers"]
    tagged_pdf(pdf, [[P(prose(1))], [P(prose(2))]], furniture=Furniture(middle=labels))
    found = " ".join(texts(extract(pdf)))
    assert all(label in found for label in labels)


def test_a_paragraph_over_a_page_break_is_joined(pdf: Path) -> None:
    whole = prose(1)
    cut = whole.index(" ", len(whole) // 2)
    tagged_pdf(pdf, [[P(whole[:cut], rest=whole[cut + 1 :])], [P(prose(2))]])
    first, second = extract(pdf).blocks
    assert first.text == whole
    assert (first.location.page, first.location.page_end) == (1, 2)
    assert (second.location.page, second.location.page_end) == (2, None)


def test_two_elements_are_joined_only_in_mid_sentence(pdf: Path) -> None:
    tagged_pdf(pdf, [[P("We saw that the wait")], [P("had grown over the year.")], [P("Then it fell.")]])
    assert texts(extract(pdf)) == ["We saw that the wait had grown over the year.", "Then it fell."]


def test_custom_roles_go_through_the_role_map(pdf: Path) -> None:
    tagged_pdf(pdf, [[Tag("KopfEins", "Vision"), P(prose(1))]], role_map={"KopfEins": "H1", "Absatz": "P"})
    assert extract(pdf).blocks[0].kind is BlockKind.HEADING


def test_line_end_hyphens(pdf: Path) -> None:
    tagged_pdf(
        pdf,
        [
            [
                P("Training on self-\nharm was given to all staff last year."),
                P("The evidence is clear."),
                P("There is good evi-\ndence of change across the county."),
            ]
        ],
    )
    assert texts(extract(pdf)) == [
        "Training on self-harm was given to all staff last year.",
        "The evidence is clear.",
        "There is good evidence of change across the county.",
    ]


def test_a_hyphen_before_a_figure_or_after_a_prefix_on_its_own(pdf: Path) -> None:
    text = "Work is done within the 20-\nday target and for both pre-\nand post-16 learners."
    tagged_pdf(pdf, [[P(text)]])
    assert texts(extract(pdf)) == [
        "Work is done within the 20-day target and for both pre- and post-16 learners."
    ]


def test_lines_of_a_cell_tagged_one_by_one_are_joined(pdf: Path) -> None:
    lines = [
        "This budget acknowledges a wide gap between spending and what we",
        "have to spend on care this year, which the council and all of its",
        "Members have said must close.",
    ]
    cell = Tag("TD", kids=[P(line, gap=0.0) for line in lines])
    tagged_pdf(pdf, [[Tag("Table", kids=[Tag("TR", kids=[Tag("TD", kids=[P("Purpose")]), cell])])]])
    assert texts(extract(pdf)) == ["Purpose: " + " ".join(lines)]


def test_a_row_of_units_belongs_to_the_header(pdf: Path) -> None:
    head = row("Home", "Cost", "Value", role="TH", bold=True)
    table = Tag("Table", kids=[head, row("", "£m", "£m", bold=True), row("Larch House", "0.7", "1.1")])
    tagged_pdf(pdf, [[table]])
    assert texts(extract(pdf)) == ["Home: Larch House; Cost £m: 0.7; Value £m: 1.1"]


def test_a_header_repeated_in_the_table_is_not_a_row(pdf: Path) -> None:
    head = row("Home", "Cost", "Value", bold=True)
    table = Tag("Table", kids=[head, row("Larch House", "0.7", "1.1"), head, row("Elm Court", "2.3", "3.4")])
    tagged_pdf(pdf, [[table]])
    assert texts(extract(pdf)) == [
        "Home: Larch House; Cost: 0.7; Value: 1.1",
        "Home: Elm Court; Cost: 2.3; Value: 3.4",
    ]


def test_labels_in_bold_beside_plain_values_are_pairs(pdf: Path) -> None:
    rows = [
        Tag("TR", kids=[Tag("TH", kids=[P(label, bold=True)]), Tag("TH", kids=[P(value)])])
        for label, value in [("Cabinet Member", "A. Person"), ("Corporate Director", "B. Person")]
    ]
    tagged_pdf(pdf, [[Tag("Table", kids=rows)]])
    assert texts(extract(pdf)) == ["Cabinet Member: A. Person", "Corporate Director: B. Person"]


def test_a_slide_title_tagged_last_comes_first(pdf: Path) -> None:
    slides = [[Tag("H2", f"Outcome {n}", size=20), P(prose(n))] for n in range(3)]
    writer_order = [Tag("P", "Outcome 9", size=20), P(prose(9))]
    tagged_pdf(pdf, [*slides, writer_order], last_first=True)
    document = extract(pdf)
    assert [b.text for b in document.blocks[-2:]] == ["Outcome 9", prose(9)]
    assert document.blocks[-1].heading_path == ("Outcome 9",)


def test_a_footnote_number_does_not_join_the_figure_before(pdf: Path) -> None:
    tagged_pdf(pdf, [[P("We met 17 of 38", small="1")]])
    assert texts(extract(pdf)) == ["We met 17 of 38¹"]


def test_a_page_tagged_as_one_paragraph_is_split_by_its_layout(pdf: Path) -> None:
    paragraphs = [prose(n, 90) for n in range(9)]
    tagged_pdf(pdf, [[Tag("P", "\n".join(paragraphs))]])
    assert texts(extract(pdf)) == paragraphs


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.from_regex(r"[A-Za-zÀ-ÿ]{2,12}[,;]?", fullmatch=True), min_size=4, max_size=60).map(
            lambda words: "Say " + " ".join(words) + " today."
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_paragraph_comes_back_verbatim(tmp_path: Path, paragraphs: list[str]) -> None:
    path = tagged_pdf(tmp_path / "any.pdf", [[P(text) for text in paragraphs]])
    assert texts(extract(path)) == paragraphs


def test_bold_subheadings_go_below_tagged_ones_and_numbers_beside_them(pdf: Path) -> None:
    tagged_pdf(
        pdf,
        [
            [
                Tag("H1", "1. Introduction", bold=True),
                P(prose(1)),
                P("Independent examination", bold=True),
                P(prose(2)),
                P("2. Next steps", bold=True),
                P(prose(3)),
            ]
        ],
    )
    paths = [b.heading_path for b in extract(pdf).blocks if b.kind is BlockKind.PARAGRAPH]
    assert paths == [
        ("1. Introduction",),
        ("1. Introduction", "Independent examination"),
        ("2. Next steps",),
    ]
