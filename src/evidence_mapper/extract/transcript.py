"""Speaker turns in transcripts and focus-group notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from evidence_mapper.domain.document import Block, BlockKind

_MIN_TURNS: Final = 3
_MIN_SHARE: Final = 0.4
_CONTEXT_WORDS: Final = 60
_TIME: Final = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?"
_NAME: Final = r"[A-Z][\w'’.&-]*(?: (?:[A-Z(][\w'’.&)-]*|\d+|and|of|the)){0,4}"
_TURN: Final = re.compile(
    rf"(?:{_TIME}\s+)?(?P<who>{_NAME})\s*(?:{_TIME})?\s*:(?!//)\s*(?P<said>\S.*|$)", re.DOTALL
)
_STAMPED: Final = re.compile(rf"(?P<who>{_NAME})\s+{_TIME}(?:\n(?P<said>.*)|$)", re.DOTALL)
_LEADS: Final = re.compile(
    r"(?:facilitator|interviewer|moderator|chair(?:person|man|woman)?|host|researcher|q|int|fac)\b",
    re.IGNORECASE,
)
_VOICES: Final = re.compile(
    r"(?:speaker|participants?|respondent|interviewee|resident|service user|carer|family member|"
    r"social worker|attendee|voice|q|a|p|r|s|[a-z])\s?\d*$",
    re.IGNORECASE,
)
_LABELS: Final = re.compile(
    r"(?:(?:notes?|actions?|recommendations?|aims?|outcomes?|examples?|sources?|decisions?|resolved|quotes?|"
    r"dates?|time|location|venue|contact|title|subject|summary|background|purpose|risks?|mitigation|status|"
    r"owner|tel\w*|e-?mail|phone|address|from|to|cc|re|reference|ref|version|author|strengths?|weaknesses|"
    r"areas?|key|figure|table|step|stage|phase|objectives?|evidence|impact|response|comments?|feedback|"
    r"next steps|questions?|answers?|theme|priority|case study|apologies|present|attendees)\s*\d*$|"
    r"(?:what|how|why|who|when|where|areas? (?:for|of)|key)\b)",
    re.IGNORECASE,
)
"""Words before a colon that label a line and do not name a speaker."""


@dataclass(frozen=True, slots=True)
class _Start:
    who: str
    said: str


def as_turns(blocks: Sequence[Block]) -> list[Block] | None:
    """Return the blocks with paragraphs gathered into speaker turns; None when it is no transcript.

    Paragraphs that follow a turn without naming a speaker belong to it, joined by a line break, until a
    heading or a table. The speaker's name moves into the location; what the facilitator last said, or
    the last question by another speaker, becomes the context.

    Parameters
    ----------
    blocks
        Blocks of any kind in reading order; only paragraphs and list items can be turns.
    """
    starts = {
        i: start for i, b in enumerate(blocks) if _is_prose(b) and (start := _start(b.text)) is not None
    }
    prose = sum(_is_prose(b) for b in blocks)
    if not _is_transcript([s.who for s in starts.values()], prose):
        return None
    return list(_with_context(_gather(blocks, starts)))


def _is_prose(block: Block) -> bool:
    return block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} and block.location.part is None


def _start(text: str) -> _Start | None:
    match = _TURN.match(text) or _STAMPED.match(text)
    if not match or len(match["who"]) > 50:
        return None
    who = match["who"].strip()
    if _LABELS.match(who) and not _LEADS.match(who):
        return None
    return _Start(who, (match["said"] or "").strip())


def _is_transcript(speakers: list[str], prose: int) -> bool:
    if len(speakers) < _MIN_TURNS:
        return False
    known = sum(bool(_LEADS.match(who) or _VOICES.match(who)) for who in speakers)
    if known >= _MIN_TURNS and known / len(speakers) >= 0.5:
        return True
    counts = Counter(speakers)
    returning = sum(n for n in counts.values() if n > 1)
    return len(counts) > 1 and returning / len(speakers) >= 0.5 and len(speakers) / prose >= _MIN_SHARE


def _gather(blocks: Sequence[Block], starts: dict[int, _Start]) -> Iterator[Block]:
    turn: Block | None = None
    for index, block in enumerate(blocks):
        start = starts.get(index)
        if start is None and turn is not None and _is_prose(block):
            joined = f"{turn.text}\n{block.text}" if turn.text else block.text
            turn = replace(turn, text=joined)
            continue
        if turn is not None and turn.text:
            yield turn
        turn = None
        if start is None:
            yield block
        else:
            location = replace(block.location, speaker=start.who)
            turn = replace(block, text=start.said, kind=BlockKind.TURN, location=location)
    if turn is not None and turn.text:
        yield turn


def _with_context(blocks: Iterator[Block]) -> Iterator[Block]:
    led = asked = None
    asker: str | None = None
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            led = asked = asker = None
        if block.kind is not BlockKind.TURN:
            yield block
            continue
        who = block.location.speaker or ""
        if _LEADS.match(who):
            led = block.text
            yield block
            continue
        question = led or (asked if asker != who else None)
        yield replace(block, context=_shortened(question)) if question else block
        if block.text.rstrip("\"'”’ ").endswith("?"):
            asked, asker = block.text, who


def _shortened(text: str) -> str:
    words = text.split()
    if len(words) <= _CONTEXT_WORDS:
        return " ".join(words)
    return "… " + " ".join(words[-_CONTEXT_WORDS:])
