"""Captions of recordings, WebVTT and SubRip: what one speaker says before the next, with its time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceLocation
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sniff import SRT, VTT
from evidence_mapper.extract.transcript import as_turns

_STAMP: Final = r"(?:\d{1,4}:)?[0-5]?\d:[0-5]?\d[.,]\d{1,3}"
_TIMING: Final = re.compile(rf"\s*(?P<start>{_STAMP})[ \t]*-->[ \t]*(?P<end>{_STAMP})(?:[ \t].*)?$")
_BLANK: Final = re.compile(r"\n[ \t]*\n")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]{0,50})?[ \t]+(?P<who>[^>]{1,100})>")
_TAG: Final = re.compile(
    r"</?(?:[a-z]{1,5}(?:\.[^>\s]{0,100})?(?:\s[^>]{0,200})?|[\d:.]{5,15})>|\{\\[^}]{1,40}\}", re.IGNORECASE
)
_DASH: Final = re.compile(r"(?:>>|[-–—]{1,2})\s*(?=\S)")
_END: Final = (".", "?", "!", "…")
_PAUSE: Final = 8.0
"""Seconds of silence after which nameless captions start a new paragraph."""
_PARAGRAPH_WORDS: Final = 80
"""Words after which the next end of a sentence ends a paragraph of nameless captions."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption, or one speaker's part of it."""

    line: int
    """One-based line of its timing."""
    start: float
    """Seconds from the start of the recording."""
    end: float
    speaker: str | None
    text: str
    """Cleaned, on one line, without marks; never empty."""


class VttExtractor:
    """Reader of WebVTT captions."""

    name = "vtt/1"
    media_type = VTT

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        decoded = decode(read_file(path, limits))
        cues = read_cues(decoded.text)
        out = BlockList()
        blocks = _turns(out, cues) if any(cue.speaker for cue in cues) else _paragraphs(out, cues)
        return ExtractedDocument(
            media_type=self.media_type,
            extractor=self.name,
            blocks=tuple(blocks),
            warnings=decoded.warnings,
        )


class SrtExtractor(VttExtractor):
    """Reader of SubRip captions."""

    name = "srt/1"
    media_type = SRT


def read_cues(text: str) -> list[Cue]:
    """Return the cues in the order of the file; what is said twice in overlapping captions stands once.

    Numbers, settings, styles and notes to the maker are left out.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues: list[Cue] = []
    index = 0
    while index < len(lines):
        timing = _TIMING.match(lines[index]) if len(lines[index]) < 500 else None
        index += 1
        if timing is None:
            continue
        first, body = index, []
        while index < len(lines) and lines[index].strip() and not _starts_cue(lines, index):
            body.append(lines[index])
            index += 1
        start, end = _seconds(timing["start"]), _seconds(timing["end"])
        cues.extend(Cue(first, start, end, who, said) for who, said in _parts(body))
    return _without_rolling(cues)


def _starts_cue(lines: Sequence[str], index: int) -> bool:
    """Return whether a line opens the next cue though no blank line stands before it."""
    if "-->" in lines[index]:
        return bool(_TIMING.match(lines[index][:500]))
    following = lines[index + 1][:500] if index + 1 < len(lines) else ""
    return lines[index].strip().isdigit() and "-->" in following and bool(_TIMING.match(following))


def _parts(body: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """Yield (speaker, text) of one cue: a new voice, or a dash before each line, is another speaker."""
    joined = "\n".join(body)
    pieces = _VOICE.split(joined)
    for who, said in [(None, pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]:
        text = one_line(html.unescape(_TAG.sub("", said)))
        text = _DASH.sub("", text, count=1) if _DASH.match(text) else text
        if text:
            yield (one_line(html.unescape(who)) or None) if who else None, text


def _without_rolling(cues: list[Cue]) -> list[Cue]:
    """Drop what automatic captions repeat of the cue before to show it scrolling."""
    kept: list[Cue] = []
    for cue in cues:
        last = kept[-1] if kept else None
        if last and last.speaker == cue.speaker and cue.start - last.end < 1.0 and last.text == cue.text:
            kept[-1] = Cue(last.line, last.start, max(last.end, cue.end), last.speaker, last.text)
            continue
        kept.append(cue)
    return kept


def _turns(out: BlockList, cues: Sequence[Cue]) -> list[Block]:
    """Return one TURN for each run of cues of one speaker."""
    run: list[Cue] = []
    for cue in cues:
        if run and cue.speaker is not None and cue.speaker != run[0].speaker:
            _add(out, run, BlockKind.TURN)
            run = []
        run.append(cue)
    if run:
        _add(out, run, BlockKind.TURN)
    return out.blocks


def _paragraphs(out: BlockList, cues: Sequence[Cue]) -> list[Block]:
    """Return captions without voices as paragraphs, or as turns where they name who speaks."""
    run: list[Cue] = []
    for cue in cues:
        named = _names_speaker(cue.text)
        if run and (named or _ends(run, cue)):
            _add(out, run, BlockKind.PARAGRAPH)
            run = []
        run.append(cue)
    if run:
        _add(out, run, BlockKind.PARAGRAPH)
    turns = as_turns(out.blocks)
    return out.blocks if turns is None else turns


_NAMED: Final = re.compile(r"(?:\[[^\]]{1,40}\]|[A-Z][\w'’.-]*(?: [\w'’.-]+){0,4}):\s")


def _names_speaker(text: str) -> bool:
    return bool(_NAMED.match(text[:120]))


def _ends(run: Sequence[Cue], cue: Cue) -> bool:
    words = sum(len(c.text.split()) for c in run)
    done = run[-1].text.endswith(_END)
    return done and (cue.start - run[-1].end > _PAUSE or words >= _PARAGRAPH_WORDS)


def _add(out: BlockList, run: Sequence[Cue], kind: BlockKind) -> None:
    place = SourceLocation(
        line=run[0].line,
        speaker=run[0].speaker,
        time=_stamp(run[0].start),
        time_end=_stamp(max(cue.end for cue in run)),
    )
    out.add(clean(" ".join(cue.text for cue in run)), kind, place)


def _seconds(stamp: str) -> float:
    total = 0.0
    for part in stamp.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def _stamp(seconds: float) -> str:
    """Return ``HH:MM:SS.mmm``."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{thousandths:03}"
