"""Tell a table of contents from text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.model import Piece

LEADER = re.compile(r"(?:(?:\. ?){4,}|(?:… ?){2,}|_{4,})\s*[\divxlc]{1,4}$")
_ROMAN = frozenset("ivxlc")
_ENTRY = re.compile(r"^(?P<title>.*\w.*?)\s+\d{1,4}$")
_RUN = 3
"""Entries that must follow one another."""
_RECUR = 0.6
"""Share of a run's titles without leaders that must come back later as text of their own."""


def mark_contents(pieces: Sequence[Piece]) -> None:
    """Mark runs of entries with dot leaders, or with titles that recur, in place."""
    texts = [piece.text for piece in pieces]
    _mark_runs(pieces, [has_leader(text) for text in texts], least=2)
    entries = [_entry(text) for text in texts]
    plain = [entry is not None and _may_be_entry(piece) for entry, piece in zip(entries, pieces, strict=True)]
    runs = [(start, end) for start, end in _runs(plain) if end - start >= _RUN]
    titles = {_plain(text) for text in texts if len(text) < 160} if runs else set()
    for start, end in runs:
        found = [entry["title"] for entry in entries[start:end] if entry]
        recurring = sum(_plain(title) in titles for title in found)
        if recurring >= _RECUR * len(found):
            for piece in pieces[start:end]:
                piece.contents = True


def has_leader(text: str) -> bool:
    """Return True for a line of contents: a dot leader and a page number at the end."""
    return _ends_in_number(text) and LEADER.search(text) is not None


def _entry(text: str) -> re.Match[str] | None:
    return _ENTRY.match(text) if len(text) < 160 and text[-1:].isdecimal() else None


def _ends_in_number(text: str) -> bool:
    """Return False, without a search, where no page number can stand at the end of a text in one line."""
    last = text[-1:]
    return last.isdecimal() or last in _ROMAN


def _mark_runs(pieces: Sequence[Piece], flags: list[bool], *, least: int) -> None:
    for start, end in _runs(flags):
        if end - start >= least:
            for piece in pieces[start:end]:
                piece.contents = True


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, flag in enumerate(flags):
        if flag and runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        elif flag:
            runs.append((index, index + 1))
    return runs


def _may_be_entry(piece: Piece) -> bool:
    return piece.kind is not BlockKind.TABLE_ROW and not piece.contents


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text).casefold().split())
