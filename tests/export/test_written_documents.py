"""Headings, paragraphs and tables as DOCX and Markdown, read back by libraries of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from evidence_mapper.export.document import (
    Bullets,
    DocumentInfo,
    DocumentWriter,
    Element,
    Grid,
    Heading,
    Paragraph,
    Run,
    Style,
    cell,
    printable,
    text,
)
from evidence_mapper.export.document_docx import write_docx
from evidence_mapper.export.document_markdown import escaped, write_markdown

INFO = DocumentInfo("Pack", "A framework", "2026-03-01T09:30:00.000000Z")
HOSTILE = st.text(
    st.characters(codec=None)
    | st.sampled_from("*_`[]<>|#\\-+=1.)&;!~\n\t\r\x00\x0b\x85\u2028\u202e\ud800\ufffe"),
    max_size=60,
)
ELEMENTS: tuple[Element, ...] = (
    Heading(0, "Pack"),
    Heading(1, "Theme", anchor="theme-1"),
    Heading(2, "Statement", new_page=True),
    Paragraph((Run("See ", bold=True), Run("the theme", anchor="theme-1"))),
    text("Words of\na document", Style.QUOTE),
    text("p. 4", Style.SOURCE),
    Bullets(("one", "two")),
    Grid("Numbers", ("Name", "Count"), ((cell("a"), cell(1)), (cell("b"), cell(2)))),
)


def written(write: DocumentWriter, elements: Iterable[Element]) -> bytes:
    stream = io.BytesIO()
    write(elements, INFO, stream)
    return stream.getvalue()


def read_docx(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_docx_has_real_headings_language_title_and_a_repeated_header_row() -> None:
    data = written(write_docx, ELEMENTS)
    document = read_docx(data)
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.text]
    assert styles[:3] == [("Title", "Pack"), ("Heading 1", "Theme"), ("Heading 2", "Statement")]
    assert ("Evidence quote", "Words of\na document") in styles
    assert ("List Bullet", "one") in styles
    assert document.core_properties.title == "Pack"
    assert document.core_properties.language == "en-GB"
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    (table,) = document.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [[c.text for c in row.cells] for row in table.rows] == [["Name", "Count"], ["a", "1"], ["b", "2"]]
    caption = table._tbl.tblPr.find(qn("w:tblCaption"))
    assert caption.get(qn("w:val")) == "Numbers"


def test_a_link_leads_to_a_bookmark_that_is_there() -> None:
    body = read_docx(written(write_docx, ELEMENTS)).element.body
    links = [e.get(qn("w:anchor")) for e in body.iter(qn("w:hyperlink"))]
    marks = [e.get(qn("w:name")) for e in body.iter(qn("w:bookmarkStart"))]
    assert len(links) == 1
    assert set(links) <= set(marks)


@pytest.mark.parametrize("write", [write_docx, write_markdown])
def test_the_same_elements_give_the_same_bytes(
    write: DocumentWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written(write, ELEMENTS)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(write, ELEMENTS) == first


def test_no_part_of_a_docx_is_dated_and_none_is_the_librarys_picture() -> None:
    with zipfile.ZipFile(io.BytesIO(written(write_docx, ELEMENTS))) as package:
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [n for n in package.namelist() if n.endswith((".jpeg", ".png"))]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE, HOSTILE)
def test_docx_keeps_hostile_text_as_text(first: str, second: str) -> None:
    elements = (text(first, Style.QUOTE), Grid("t", ("h",), ((cell(second),),)))
    document = read_docx(written(write_docx, elements))
    assert document.paragraphs[0].text == printable(first)
    assert document.tables[0].cell(1, 0).text == printable(second)


@given(HOSTILE)
def test_printable_text_has_no_control_character_and_stays_as_it_is(words: str) -> None:
    once = printable(words)
    assert printable(once) == once
    assert not [c for c in once if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0]
    assert not set(once) & set("\u202e\u2066\ufeff\ufffe")
    once.encode("utf-8")


def shown(markdown: str) -> str:
    """Return the words a CommonMark reader shows, with a line for each line."""
    parts = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                parts.append("\n")
            else:
                assert child.type == "text", child.type
                parts.append(child.content)
    return "".join(parts)


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_markdown_readers_show_hostile_text_as_it_was(words: str) -> None:
    markdown = written(write_markdown, (text(words, Style.QUOTE),)).decode("utf-8")
    wanted = [" ".join(line.split()) for line in printable(words).split("\n")]
    assert [" ".join(line.split()) for line in shown(markdown).split("\n") if line.split()] == [
        line for line in wanted if line
    ]


def test_markdown_has_headings_tables_quotes_and_a_line_to_write_on() -> None:
    made = written(write_markdown, (*ELEMENTS, text("Claim: ____", Style.CLAIM))).decode("utf-8")
    assert made.startswith("# Pack\n\n## Theme\n")
    assert "> Words of  \n> a document\n" in made
    assert "| Name | Count |\n| --- | --- |\n| a | 1 |\n" in made
    assert "- one\n- two\n" in made
    assert "**See** the theme" in made
    assert made.endswith("Claim: ____\n")


@pytest.mark.parametrize(
    "words", ["# no heading", "1. no list", "- no list", "<b>no</b>", "a|b", "---", "==="]
)
def test_nothing_in_a_text_becomes_mark_up(words: str) -> None:
    html = MarkdownIt("commonmark").enable("table").render(f"Before\n\n{escaped(words)}\n")
    assert [tag for tag in ("<h1", "<h2", "<ul", "<ol", "<b>", "<hr", "<table") if tag in html] == []
