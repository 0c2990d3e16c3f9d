from __future__ import annotations

from pathlib import Path

import pytest
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.extract.registry import extract_file

_HEADING, _ITEM, _TEXT = BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH
_BODY = "The council reviewed its offer to carers and found that waits had fallen in both localities."


def _read(path: Path, text: str | bytes, name: str = "a.txt") -> ExtractedDocument:
    (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return extract_file(path / name)


def _shape(document: ExtractedDocument) -> list[tuple[BlockKind, str]]:
    return [(b.kind, b.text) for b in document.blocks]


def test_hard_wrapped_lines_are_joined(tmp_path: Path) -> None:
    text = (
        "The council reviewed its offer to unpaid carers during the spring and found\n"
        "that the wait for an assessment had fallen in both localities, although self-\n"
        "harm referrals had risen.\n\nA second paragraph follows here.\n"
    )
    document = _read(tmp_path, text)
    joined = text.split("\n\n")[0].replace("self-\n", "self-").replace("\n", " ")
    assert texts(document) == [joined, "A second paragraph follows here."]
    assert [b.location.line for b in document.blocks] == [1, 5]


def test_a_line_is_a_paragraph_where_lines_are_not_wrapped(tmp_path: Path) -> None:
    long = " ".join([_BODY] * 3)
    document = _read(tmp_path, f"Our role\n{long}\n{_BODY}\n")
    assert _shape(document) == [(_HEADING, "Our role"), (_TEXT, long), (_TEXT, _BODY)]
    assert document.blocks[1].heading_path == ("Our role",)


def test_short_comments_one_a_line_are_not_lost_as_headings(tmp_path: Path) -> None:
    document = _read(tmp_path, "Very helpful staff\nKind and quick\nNever rang back\n")
    assert texts(document, _HEADING) == []
    assert len(texts(document)) == 3


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("3.2 Waiting times", 2),
        ("4 Safeguarding", 1),
        ("STATUTORY CONTEXT", 1),
        ("Key messages", 2),
        ("What is in scope?", 2),
    ],
)
def test_unmarked_headings(tmp_path: Path, title: str, level: int) -> None:
    document = _read(tmp_path, f"{_BODY}\n\n{title}\n\n{_BODY}\n")
    assert (document.blocks[1].kind, document.blocks[1].level) == (_HEADING, level)
    assert document.blocks[2].heading_path == (title,)


def test_numbered_lists_and_numbered_paragraphs_are_not_headings(tmp_path: Path) -> None:
    listed = f"{_BODY}\n\n1. Assess need\n2. Agree a plan\n3. Review it\n\n3.4 {_BODY} {_BODY}\n"
    assert [b.kind for b in _read(tmp_path, listed).blocks] == [_TEXT, _ITEM, _ITEM, _ITEM, _TEXT]


def test_markdown(tmp_path: Path) -> None:
    text = (
        "# Strategy #\n\nTop\n===\n\nPart\n----\n\n## Carers\n\nWe will:\n\n- listen\n  and act\n* review\n\n"
        "| Area | Score |\n|------|:-----:|\n| North | 4 |\n| South | 5 |\n\n---\n\n```\ncode line\n```\n"
    )
    document = _read(tmp_path, text, "a.md")
    assert _shape(document) == [
        (_HEADING, "Strategy"),
        (_HEADING, "Top"),
        (_HEADING, "Part"),
        (_HEADING, "Carers"),
        (_TEXT, "We will:"),
        (_ITEM, "listen and act"),
        (_ITEM, "review"),
        (BlockKind.TABLE_ROW, "Area: North; Score: 4"),
        (BlockKind.TABLE_ROW, "Area: South; Score: 5"),
        (_TEXT, "code line"),
    ]
    assert [b.level for b in only(document, _HEADING)] == [1, 1, 2, 2]
    rows = only(document, BlockKind.TABLE_ROW)
    assert [(r.location.table, r.location.row, r.location.line) for r in rows] == [(1, 3, 19), (1, 4, 20)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert texts(_read(tmp_path, "Café visit – “very good”.".encode(encoding))) == [
        "Café visit – “very good”."
    ]


def test_nul_escape_and_direction_marks_are_dropped(tmp_path: Path) -> None:
    document = _read(tmp_path, "Ca\0re \x1b[31mplan\u202e ok and more words to be text.\r\n")
    assert texts(document) == ["Care [31mplan ok and more words to be text."]
    assert document.warnings == ("1 NUL characters were dropped",)


def test_carriage_returns_alone_end_lines(tmp_path: Path) -> None:
    assert [b.location.line for b in _read(tmp_path, "One.\r\rTwo.\rThree.").blocks] == [1, 3, 4]


def test_greetings_are_not_headings(tmp_path: Path) -> None:
    document = _read(tmp_path, f"Dear colleagues\n\n{_BODY}\n\nKind regards\n\n{_BODY}\n")
    assert texts(document, _HEADING) == []


@pytest.mark.parametrize(
    "label",
    [
        "Question 4: What would have made the most difference to you and your family during this time?",
        "Question 4: Please tell us in your own words about the support that you have had from the team",
        "Q4. Is there anything else that you would like to tell the council about the help you have had?",
        "Comment:",
        "Comments (if any), please write as much as you want on the lines below and on the back of this:",
    ],
)
@pytest.mark.parametrize("answer", ["Being rung back on the same day.", "they were kind to my mother"])
def test_a_question_on_a_form_is_not_run_into_its_answer(tmp_path: Path, label: str, answer: str) -> None:
    document = _read(tmp_path, f"{label}\n{answer}\nNobody told us who to ask.\n")
    assert texts(document)[:2] == [label, answer]


def test_an_answer_begins_a_paragraph_after_a_full_line(tmp_path: Path) -> None:
    question = "Question 2: How did you find the form, and what would have made it easier for you to fill"
    text = f"{question}\nit in without help?\nAnswer: too long\nQuestion 3: And the letter?\nAnswer: clear\n"
    assert texts(_read(tmp_path, f"{text}\n{_BODY}\n"))[1:] == [
        "Answer: too long",
        "Question 3: And the letter?",
        "Answer: clear",
        _BODY,
    ]


def test_a_word_that_is_no_label_does_not_break_a_wrapped_line(tmp_path: Path) -> None:
    text = (
        "The council asked for a reply to each letter and had one in most cases, but a good many of the\n"
        "answers: forty in all: came too late to be of any use to the people who had written in, and the\n"
        "Question of what to do about them was left to the panel that meets in June of the coming year.\n"
    )
    assert texts(_read(tmp_path, text)) == [" ".join(text.split())]
