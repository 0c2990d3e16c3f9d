from __future__ import annotations

from pathlib import Path

import pytest
from office_files import only, texts

from evidence_mapper.domain.document import Block, BlockKind
from evidence_mapper.extract.registry import extract_file
from evidence_mapper.extract.transcript import as_turns


def _turns(path: Path, text: str) -> list[Block]:
    (path / "a.txt").write_text(text, encoding="utf-8")
    return only(extract_file(path / "a.txt"), BlockKind.TURN)


def test_speakers_and_questions(tmp_path: Path) -> None:
    text = (
        "Focus group, day centre\n\nFacilitator: What has changed for you this year, and what has not?\n\n"
        "Speaker 1: I have the same worker now.\n\nIt makes a difference.\n\n"
        "Speaker 2: Mine left. Would anyone tell me?\n\nSpeaker 1: They told us by letter.\n"
    )
    turns = _turns(tmp_path, text)
    assert [(t.location.speaker, t.location.line) for t in turns] == [
        ("Facilitator", 3), ("Speaker 1", 5), ("Speaker 2", 9), ("Speaker 1", 11),
    ]  # fmt: skip
    assert turns[1].text == "I have the same worker now.\nIt makes a difference."
    assert [t.context for t in turns] == [
        None,
        *["What has changed for you this year, and what has not?"] * 3,
    ]


def test_names_that_return_make_a_transcript(tmp_path: Path) -> None:
    text = "Ann: Was it quick?\nBilal: Not really.\nAnn: Why?\nBilal: No one rang.\n"
    turns = _turns(tmp_path, text)
    assert [t.location.speaker for t in turns] == ["Ann", "Bilal", "Ann", "Bilal"]
    assert [t.context for t in turns] == [None, "Was it quick?", None, "Why?"]


@pytest.mark.parametrize(
    "text",
    [
        "Name: A. Smith\nRole: Manager\nTeam: North\nHours: 37\n",
        "Action: review the plan\nAction: call the family\nAction: close\nNote: done\n",
        "What worked: visits\nWhat worked: calls\nHow: by phone\nWhy: people asked\n",
        "Ann: hello there\nBilal: hello to you\n",
    ],
)
def test_labels_are_not_speakers(tmp_path: Path, text: str) -> None:
    assert _turns(tmp_path, text) == []


def test_stamped_lines_of_meeting_software() -> None:
    lines = ("Ann Lee   0:03\nCan everyone hear me?", "Bilal   0:09\nYes, we can.", "Ann Lee   0:15\nGood.")
    turns = as_turns([Block(line, BlockKind.PARAGRAPH) for line in lines])
    assert turns is not None
    assert [(t.location.speaker, t.text) for t in turns] == [
        ("Ann Lee", "Can everyone hear me?"), ("Bilal", "Yes, we can."), ("Ann Lee", "Good."),
    ]  # fmt: skip


def test_headings_and_tables_end_a_turn_and_stay() -> None:
    blocks = [
        Block("Q: How was it?", BlockKind.PARAGRAPH),
        Block("A: Fine.", BlockKind.PARAGRAPH),
        Block("Second visit", BlockKind.HEADING, level=1),
        Block("A: Better.", BlockKind.PARAGRAPH),
    ]
    turns = as_turns(blocks)
    assert turns is not None
    assert [t.kind for t in turns] == [BlockKind.TURN, BlockKind.TURN, BlockKind.HEADING, BlockKind.TURN]
    assert [t.context for t in turns] == [None, "How was it?", None, None]


def test_no_words_are_lost(tmp_path: Path) -> None:
    text = "Intro line before anyone speaks.\n\nP1: one two\n\nP2: three\n\nfour five\n\nP1: six\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert " ".join(texts(extract_file(tmp_path / "a.txt"))).split() == (
        ["Intro", "line", "before", "anyone", "speaks.", "one", "two", "three", "four", "five", "six"]
    )
