from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import texts

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.errors import EmptyFile
from evidence_mapper.extract import sniff
from evidence_mapper.extract.registry import extract_file
from evidence_mapper.extract.subtitles import read_cues

_TEAMS = """WEBVTT

NOTE made by a meeting

STYLE
::cue { color: lime }

4f2-0
00:00:01.500 --> 00:00:03.000 align:start
<v Ann Smith>Thank you for coming &amp; welcome.</v>

4f2-1
00:00:03.100 --> 00:00:05.000
<v Ann Smith>How long did you <i>wait</i>?</v>

4f2-2
01:02:05.000 --> 01:02:09.250
<v Mrs J>About four months.
Nobody rang.</v>
"""
_SRT = """1
00:00:01,500 --> 00:00:03,000
Facilitator: What helped you most?

2
00:00:03,100 --> 00:00:05,000
Carer: The Tuesday group,

3
00:00:05,000 --> 00:00:09,250
and the nurse who rang.

4
00:00:10,000 --> 00:00:12,000
Carer 2: Nothing did.
"""


def _read(folder: Path, text: str, name: str = "a.txt") -> ExtractedDocument:
    (folder / name).write_bytes(text.encode())
    return extract_file(folder / name)


@pytest.mark.parametrize("change", [str, lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_voices_become_turns_with_times(tmp_path: Path, change: type[str]) -> None:
    document = _read(tmp_path, change(_TEAMS))
    assert document.media_type == sniff.VTT
    first, second = document.blocks
    assert {b.kind for b in document.blocks} == {BlockKind.TURN}
    assert first.text == "Thank you for coming & welcome. How long did you wait?"
    assert (first.location.speaker, first.location.time, first.location.time_end) == (
        "Ann Smith", "00:00:01.500", "00:00:05.000",
    )  # fmt: skip
    assert second.text == "About four months. Nobody rang."
    assert second.location.label() == "line 17, at 01:02:05, Mrs J"


def test_names_in_the_text_of_srt(tmp_path: Path) -> None:
    document = _read(tmp_path, _SRT, "a.srt")
    assert document.media_type == sniff.SRT
    assert texts(document, BlockKind.TURN) == [
        "What helped you most?", "The Tuesday group, and the nurse who rang.", "Nothing did.",
    ]  # fmt: skip
    carer = document.blocks[1]
    assert (carer.location.speaker, carer.location.time, carer.location.time_end) == (
        "Carer", "00:00:03.100", "00:00:09.250",
    )  # fmt: skip
    assert carer.context == "What helped you most?"


def test_captions_without_names_are_paragraphs(tmp_path: Path) -> None:
    cues = [
        f"{i}\n00:{i:02}:00,000 --> 00:{i:02}:02,000\nSentence number {i} ends here.\n" for i in range(1, 4)
    ]
    document = _read(tmp_path, "\n".join(cues))
    assert texts(document, BlockKind.PARAGRAPH) == [f"Sentence number {i} ends here." for i in range(1, 4)]


def test_a_caption_shown_twice_is_said_once(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n\n00:02.000 --> 00:03.000\nHello there.\n"
    document = _read(tmp_path, text)
    assert texts(document) == ["Hello there."]
    assert document.blocks[0].location.time_end == "00:00:03.000"


def test_two_speakers_in_one_cue_and_missing_blank_lines() -> None:
    first = "00:01.000 --> 00:02.000\n<v A>Yes.</v> <v.loud B>No.</v>"
    text = f"WEBVTT\n\n{first}\n2\n00:03.000 --> 00:04.000\nEnd\n"
    assert [(c.speaker, c.text) for c in read_cues(text)] == [("A", "Yes."), ("B", "No."), (None, "End")]


def test_control_and_bidi_characters_are_dropped(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A\x1b[31m>one\u202etwo\x00</v>\n"
    document = _read(tmp_path, text)
    assert texts(document) == ["onetwo"]
    assert document.blocks[0].location.speaker == "A[31m"


def test_no_cue_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        _read(tmp_path, "WEBVTT\n\nNOTE nothing\n")


def test_gigantic_lines_and_many_cues_end(tmp_path: Path) -> None:
    started = time.monotonic()
    many = "\n\n".join(f"00:{i % 60:02}.000 --> 00:{i % 60:02}.900\nword" for i in range(20_000))
    _read(tmp_path, f"WEBVTT\n\n{many}\n\n00:01.000 --> 00:02.000\n" + "<v " * 300_000 + "--> " * 100_000)
    assert time.monotonic() - started < 60


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_clean_cues(text: str) -> None:
    for cue in read_cues("WEBVTT\n\n00:01.000 --> 00:02.000\n" + text):
        assert cue.text == cue.text.strip() != ""
        assert "\x1b" not in cue.text
