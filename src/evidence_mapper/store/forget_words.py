"""What is taken out of the record's payloads when a document is forgotten: its names, ids and words.

An entry that is about the document goes whole. Of any other, such as a claim with evidence from several
documents, what points to the document is dropped from its lists, and names and longer pieces of the
document's text are replaced within its strings; the rest stays as the person wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

GONE: Final = "[forgotten]"
"""Stands where a name or a piece of text was."""

RUN: Final = 6
"""So many words in a row, as they stand in the document, are taken for its text."""

_FEWEST: Final = 4
"""A passage shorter than RUN is found whole within other words when it has so many words."""

_TOLD: Final = frozenset({"note", "imported"})
"""Parts of a decision's payload that hold a person's own words, or another program's names."""
_DROP: Final = object()
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Traces:
    """What names the documents, and what they say."""

    ids: frozenset[str]
    """Ids of documents, versions and passages, hashes of files, and ids of a case that goes with them."""
    names: frozenset[str]
    """Names of documents as the record may hold them, whole."""
    needles: tuple[str, ...]
    """Names to be replaced within other words."""
    texts: tuple[str, ...]
    """All text: versions, what they left out, and what stands beside passages."""
    passages: frozenset[str]


class Redactor:
    """Takes the traces out of payloads.

    Parameters
    ----------
    traces
        What must go.
    """

    def __init__(self, traces: Traces) -> None:
        self._ids = traces.ids
        self._names = traces.names
        # A comment that says "none" or "open" must not take these words from where they mean something else.
        self._whole = frozenset(p.strip() for p in traces.passages if len(p.split()) > 1)
        found = sorted({n for n in traces.needles if n}, key=len, reverse=True)
        either = "|".join(map(re.escape, found))
        self._needles = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if found else None
        self._runs: dict[int, set[int]] = {RUN: set()}
        for text in traces.texts:
            self._runs[RUN].update(_runs(_words(text), RUN))
        for passage in traces.passages:
            words = _words(passage)
            if _FEWEST <= len(words) < RUN:
                self._runs.setdefault(len(words), set()).add(hash(tuple(words)))

    def entry(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what is left of an entry; None when it is about the document itself."""
        marks = self._ids | self._names
        left = self._dict(payload, marks)
        return None if left is _DROP else left

    def decision(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what is left of a decision on another document: all of it, but for names and words.

        What was decided stays as it is: only the note, where it came from, and ids are looked at.
        """
        kept = {k: v for k, v in payload.items() if not (isinstance(v, str) and v in self._ids)}
        left = {k: self._value(v, self._ids) for k, v in kept.items() if k in _TOLD}
        return {**kept, **{k: None if v is _DROP else v for k, v in left.items()}}

    def text(self, text: str) -> str:
        """Return words without the document's names and pieces of its text."""
        if text.strip() in self._whole:
            return GONE
        if self._needles is not None:
            text = self._needles.sub(GONE, text)
        return self._without_runs(text) if " " in text.strip() else text

    def pairs(self, pairs: Iterable[Iterable[str]]) -> list[list[str]]:
        """Return another document's facts without names of this one; its own words are left alone."""
        needles = self._needles
        return [[needles.sub(GONE, v) if needles else v for v in pair] for pair in pairs]

    def _value(self, value: Any, marks: Collection[str]) -> Any:  # noqa: ANN401 - JSON has no narrower type
        if isinstance(value, str):
            return _DROP if value in marks else self.text(value)
        if isinstance(value, Mapping):
            return self._dict(value, marks)
        if isinstance(value, list):
            rows = [v for v in value if not (isinstance(v, list) and _names(v, marks))]
            return [new for v in rows if (new := self._value(v, marks)) is not _DROP]
        return value

    def _dict(self, value: Mapping[str, Any], marks: Collection[str]) -> Any:  # noqa: ANN401 - a dict or _DROP
        if _names(value.values(), marks):
            return _DROP
        kept = {k: self._value(v, marks) for k, v in value.items() if k not in marks}
        return {k: None if v is _DROP else v for k, v in kept.items()}

    def _without_runs(self, text: str) -> str:
        found = list(_WORD.finditer(text))
        words = [m.group().casefold() for m in found]
        taken: list[tuple[int, int]] = []
        for size, known in self._runs.items():
            for start, run in enumerate(_runs(words, size)):
                if run in known:
                    taken.append((found[start].start(), found[start + size - 1].end()))
        out, place = [], 0
        for start, end in _joined(taken):
            out += [text[place:start], GONE]
            place = end
        return "".join([*out, text[place:]])


def _names(values: Iterable[Any], marks: Collection[str]) -> bool:
    return any(isinstance(v, str) and v in marks for v in values)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: list[str], size: int) -> list[int]:
    return [hash(tuple(words[i : i + size])) for i in range(len(words) - size + 1)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans that overlap as one, in order."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
