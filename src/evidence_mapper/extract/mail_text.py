"""What of a message its sender wrote, and what a mail program put below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Voice(Enum):
    """Whose words a line is."""

    OWN = "own"
    QUOTED = "quoted"
    """An earlier message, repeated."""
    HEADER = "header"
    """The lines that announce an earlier message: who wrote it and when."""
    SIGNATURE = "signature"
    """Signature, disclaimer or advertisement of a device."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message."""

    text: str
    """Without marks of quotation."""
    voice: Voice
    sender: str | None = None
    """Who wrote a QUOTED line, where the message says so."""


_MARK: Final = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_FIELD: Final = re.compile(r"^[ \t>*]*(From|Sent|Date|To|Cc|Subject|Importance)[ \t]*:[ \t*]*(.*)$")
_WROTE: Final = re.compile(r"^[ \t]*On\b(?=.*\d).{4,200}\bwrote:?[ \t]*$", re.DOTALL)
_RULE: Final = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:Original Message|Forwarded message|Original Appointment)[ \t]*-{2,}|_{8,}|"
    r"Begin forwarded message:)[ \t]*$",
    re.IGNORECASE,
)
_DASHES: Final = re.compile(r"^--[ \t]?$")
_CLOSE: Final = re.compile(
    r"^[ \t]*(?:(?:kind|kindest|best|warm|warmest|with (?:kind|best|warm))[ \t]+(?:regards|wishes)|regards|"
    r"many thanks|thanks|thank you|yours (?:sincerely|faithfully)|best|warmly|cheers)[ \t]*[,.!]?[ \t]*$",
    re.IGNORECASE,
)
_DEVICE: Final = re.compile(
    r"^[ \t]*(?:sent from my\b|sent from outlook\b|get outlook for\b|please consider the environment\b|"
    r"think before you print|\[cid:)",
    re.IGNORECASE,
)
_DISCLAIMER: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:this|the) (?:e-?mail|message|communication|transmission)\b",
        r"\b(?:intended|solely) (?:only |solely )?for\b|\bintended recipient\b|\baddressee\b",
        r"\bconfidential\b|\blegally privileged\b|\bprivileged\b",
        r"\bin error\b|\bdelete (?:it|this|the)\b|\bnotify the sender\b|\bdisclos|\bunauthori[sz]ed\b",
        r"\bvirus(?:es)?\b|\bmalware\b|\bmonitored?\b|\brecorded\b",
        r"\bnot necessarily (?:those|represent|reflect)\b|\bviews expressed\b|\bliab(?:le|ility)\b",
        r"\bFreedom of Information Act\b|\bprivacy notice\b|\bdata protection\b",
    )
)
_ENOUGH: Final = 3
"""Kinds of phrase that make a paragraph a disclaimer: people write of confidentiality too."""
_SIGN_LINES: Final = 14
_SIGN_WORDS: Final = 12
_NAME_WORDS: Final = 5


def read_lines(texts: Sequence[str]) -> list[Line]:
    """Return every line with whose words it is, one for one.

    Parameters
    ----------
    texts
        The message's lines.
    """
    lines = list(_voiced(texts))
    for start, end in _stretches(lines):
        _mark_signature(lines, start, end)
        _mark_disclaimers(lines, start, end)
    return lines


def _voiced(texts: Sequence[str]) -> Iterator[Line]:
    voice, sender = Voice.OWN, None
    index = 0
    while index < len(texts):
        found = _header(texts, index)
        if found is not None:
            length, sender, rest = found
            for text in texts[index : index + length]:
                yield Line(_MARK.sub("", text), Voice.HEADER, sender)
            voice = Voice.QUOTED if rest else voice
            index += length
            continue
        text = texts[index]
        marked = _MARK.match(text)
        if marked:
            yield Line(text[marked.end() :], Voice.QUOTED, sender)
        else:
            yield Line(text, voice, sender if voice is Voice.QUOTED else None)
        index += 1


def _header(texts: Sequence[str], index: int) -> tuple[int, str | None, bool] | None:
    """Return the length of the lines that announce an earlier message, its sender, whether all below is it.

    None when no such lines start here.
    """
    plain = _MARK.sub("", texts[index])
    marked = bool(_MARK.match(texts[index]))
    for length in (1, 2, 3):
        joined = " ".join(_MARK.sub("", t).strip() for t in texts[index : index + length])
        if plain.lstrip().startswith("On ") and _WROTE.match(joined):
            following = next((t for t in texts[index + length :] if t.strip()), "")
            return length, _wrote(joined), not (marked or _MARK.match(following))
    start = index + 1 if _RULE.match(plain) else index
    fields: dict[str, str] = {}
    end = start
    while end < len(texts) and end < start + 10:
        field = _FIELD.match(texts[end])
        if field:
            fields.setdefault(field[1], field[2].strip())
        elif texts[end].strip():
            if not fields or not texts[end].startswith((" ", "\t")):
                break
        elif len(fields) >= 3:
            break
        end += 1
    if "From" in fields and len(fields.keys() & {"Sent", "Date", "To", "Subject"}) >= 2:
        return end - index, _name(fields["From"]), not marked
    return (1, None, not marked) if start > index and not plain.strip().startswith("_") else None


def _wrote(text: str) -> str | None:
    """Return the name in "On 3 March 2025 at 10:12, Ann Lee <a@b.example> wrote:"."""
    inner = re.sub(r"^[ \t]*On\b|\bwrote:?[ \t]*$", "", text).strip(" ,\t")
    inner = re.sub(r"<[^>]*>|\[mailto:[^\]]*\]", "", inner)
    pieces = [piece.strip() for piece in re.split(r",|\d{1,2}:\d\d(?:\s*[AaPp][Mm])?|\bat\b", inner)]
    named = [piece for piece in pieces if piece and not re.search(r"\d", piece) and " " in piece]
    return named[-1] if named else None


def _name(value: str) -> str | None:
    name = re.sub(r"<[^>]*>|\[mailto:[^\]]*\]|\([^)]*\)", "", value).strip(" \"'*,;")
    return name[:80] or None


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of lines that are one message's words."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and (lines[end].voice, lines[end].sender) == (
            lines[start].voice,
            lines[start].sender,
        ):
            end += 1
        if lines[start].voice in (Voice.OWN, Voice.QUOTED):
            yield start, end
        start = end


def _mark_signature(lines: list[Line], start: int, end: int) -> None:
    first = next((i for i in range(start, end) if _DASHES.match(lines[i].text)), None)
    if first is None:
        closes = [i for i in range(start, end) if _CLOSE.match(lines[i].text)]
        # The last words of thanks that nothing but short lines follow.
        first = next((i for i in closes if _is_signature([line.text for line in lines[i + 1 : end]])), None)
    if first is not None:
        _mark(lines, first, end)


def _is_signature(texts: Sequence[str]) -> bool:
    shown = [text for text in texts if text.strip()]
    paragraphs = "\n".join(texts).split("\n\n")
    letters = [t for p in paragraphs if not _is_disclaimer(p) for t in p.split("\n") if t.strip()]
    return (
        bool(shown)
        and all(len(text.split()) <= _NAME_WORDS for text in letters[:1])
        and len(letters) <= _SIGN_LINES
        and all(len(text.split()) <= _SIGN_WORDS and not re.search(r"[.?!]\s*$", text) for text in letters)
    )


def _mark_disclaimers(lines: list[Line], start: int, end: int) -> None:
    first = start
    for index in range(start, end + 1):
        if index == end or not lines[index].text.strip():
            if first < index and _is_disclaimer("\n".join(line.text for line in lines[first:index])):
                _mark(lines, first, index)
            first = index + 1
        elif _DEVICE.match(lines[index].text):
            _mark(lines, index, index + 1)


def _is_disclaimer(paragraph: str) -> bool:
    if _DEVICE.match(paragraph):
        return True
    return sum(bool(pattern.search(paragraph)) for pattern in _DISCLAIMER) >= _ENOUGH


def _mark(lines: list[Line], start: int, end: int) -> None:
    for index in range(start, end):
        lines[index] = Line(lines[index].text, Voice.SIGNATURE, lines[index].sender)
