"""Tell a table of contents from text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.model import Piece

LEADER = re.compile(r"(?:(?:\. ?){4,}|(?:… ?){2,}|_{4,})\s*[\divxlc]{1,4}$")
_ENTRY = re.compile(r"^(?P<title>.*\w.*?)\s+\d{1,4}$")
_RUN = 3
"""Entries that must follow one another."""
_RECUR = 0.6
"""Share of a run's titles without leaders that must come back later as text of their own."""


def mark_contents(pieces: Sequence[Piece]) -> None:
    """Mark runs of entries with dot leaders, or with titles that recur, in place."""
    texts = [piece.text for piece in pieces]
    _mark_runs(pieces, [bool(LEADER.search(text)) for text in texts], least=2)
    entries = [_ENTRY.match(text) if len(text) < 160 else None for text in texts]
    titles = {_plain(text) for text in texts if len(text) < 160}
    plain = [entry is not None and _may_be_entry(piece) for entry, piece in zip(entries, pieces, strict=True)]
    for start, end in _runs(plain):
        found = [entry["title"] for entry in entries[start:end] if entry]
        recurring = sum(_plain(title) in titles for title in found)
        if end - start >= _RUN and recurring >= _RECUR * len(found):
            for piece in pieces[start:end]:
                piece.contents = True


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
