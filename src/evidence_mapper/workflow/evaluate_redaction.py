"""How much redaction finds on labelled notes, and how much of what it finds is right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from evidence_mapper.domain.passage import Span
from evidence_mapper.errors import UsageError
from evidence_mapper.measure.intervals import Interval, draws, exact_interval
from evidence_mapper.redact import DIRECT, Found, Kind, load_finder
from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.cues import TITLES
from evidence_mapper.redact.tokens import words_of

_TAIL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """One identifier as a person marked it."""

    span: Span
    kind: Kind
    background: str | None
    """Of a person's name, where the file says it."""


@dataclass(frozen=True, slots=True)
class LabelledNote:
    """One note of a labelled file."""

    id: str
    hand: str
    genre: str
    text: str
    spans: tuple[LabelledSpan, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Hits out of a total."""

    hits: int
    total: int
    interval: Interval | None
    """At 95 %; None when the total is 0."""

    @property
    def value(self) -> float | None:
        """The share, in [0, 1]; None when the total is 0."""
        return self.hits / self.total if self.total else None


@dataclass(frozen=True)
class RedactionFigures:
    """All figures of one evaluation.

    A marked span is covered when every letter and digit of it is replaced, by whatever kind. A find is
    right when it touches a marked span. Strict figures ask for the same bounds and the same kind.
    """

    notes: int
    direct_recall: Share
    direct_strict: Share
    indirect_recall: Share
    precision: Share
    precision_strict: Share
    characters: Share
    """Of the letters and digits replaced, those that were marked."""
    by_kind: dict[str, tuple[Share, Share, Share]]
    """Kind to recall, strict recall and precision."""
    groups: dict[str, dict[str, Share]]
    """``background``, ``form``, ``listed``: recall of names; ``genre``, ``hand``: of direct identifiers."""


def read_labelled_notes(path: Path) -> list[LabelledNote]:
    """Read labelled notes: JSON Lines of id, hand, genre, text, spans.

    Raises
    ------
    UsageError
        The file cannot be read, or a line is not such a note.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    notes = []
    for number, line in enumerate(lines, start=1):
        try:
            notes.append(_note(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}:{number} is not a labelled note: {error!r}; expected "
                '{"id", "text", "spans": [{"start", "end", "type"}]}'
            ) from error
    if not notes:
        raise UsageError(f"{path} holds no notes")
    return notes


def evaluate_redaction(
    notes: Sequence[LabelledNote], find: Callable[[str], Sequence[Found]] | None = None
) -> RedactionFigures:
    """Measure redaction on labelled notes, each read by itself.

    Parameters
    ----------
    notes
        At least one.
    find
        What finds identifiers; None takes the shipped finder.

    Raises
    ------
    ModelError
        The shipped finder is missing or not what was built.
    """
    finder = load_finder()
    marked, finds = [], []
    for note in notes:
        found = (find or finder.find)(note.text)
        marked += [_judged(note, s, found, finder.lexicon) for s in note.spans]
        finds += [_judge_find(note, f) for f in found]
    direct = [m for m in marked if m["direct"]]
    people = [m for m in marked if m["kind"] == Kind.PERSON]
    return RedactionFigures(
        len(notes),
        _drawn(direct, "covered"),
        _drawn(direct, "strict"),
        _drawn([m for m in marked if not m["direct"]], "covered"),
        _drawn(finds, "right"),
        _drawn(finds, "strict"),
        _exact(sum(f["right_characters"] for f in finds), sum(f["characters"] for f in finds)),
        _by_kind(marked, finds),
        {
            **{name: _grouped(people, name) for name in ("background", "form", "listed")},
            **{name: _grouped(direct, name) for name in ("genre", "hand")},
        },
    )


def _note(row: dict[str, Any]) -> LabelledNote:
    text = str(row["text"])
    spans = tuple(
        LabelledSpan(Span(int(s["start"]), int(s["end"])), Kind(s["type"]), s.get("background"))
        for s in row["spans"]
    )
    if any(s.span.end > len(text) for s in spans):
        raise ValueError("a span ends after the text")
    return LabelledNote(str(row["id"]), str(row.get("hand", "")), str(row.get("genre", "")), text, spans)


def _judged(
    note: LabelledNote, marked: LabelledSpan, found: Sequence[Found], lexicon: Lexicon
) -> dict[str, Any]:
    hidden = {i for f in found for i in range(f.span.start, f.span.end)}
    wanted = [i for i in range(marked.span.start, marked.span.end) if note.text[i].isalnum()]
    form, listed = _form(marked.span.of(note.text), lexicon)
    return {
        "note": note.id,
        "kind": marked.kind,
        "direct": marked.kind in DIRECT,
        "covered": all(i in hidden for i in wanted),
        "strict": any(f.span == marked.span and f.kind is marked.kind for f in found),
        "background": marked.background or "not said",
        "form": form,
        "listed": listed,
        "genre": note.genre,
        "hand": note.hand,
    }


def _judge_find(note: LabelledNote, found: Found) -> dict[str, Any]:
    marked = {i for s in note.spans for i in range(s.span.start, s.span.end)}
    hidden = [i for i in range(found.span.start, found.span.end) if note.text[i].isalnum()]
    return {
        "note": note.id,
        "kind": found.kind,
        "right": any(i in marked for i in hidden),
        "strict": any(s.span == found.span and s.kind is found.kind for s in note.spans),
        "characters": len(hidden),
        "right_characters": sum(i in marked for i in hidden),
    }


def _form(words: str, lexicon: Lexicon) -> tuple[str, str]:
    """Return how a person is named, and whether the lists hold every part of the name."""
    found = [w for w in words_of(words, lexicon) if w.low not in TITLES]
    titled = len(found) < len(words_of(words, lexicon))
    full = [w for w in found if len(w.text) > 1]
    parts = [p for w in full for p in w.low.split("-")]
    listed = "in the lists" if parts and all(p in lexicon.names for p in parts) else "not in the lists"
    if not full or (len(found) == 1 and len(full[0].text) <= 3 and full[0].text.isupper()):
        return ("title and initial" if titled else "initials"), "initials"
    if len(found) == 1:
        return ("title and one name" if titled else "one name"), listed
    return "full name", listed


def _drawn(rows: Sequence[dict[str, Any]], what: str) -> Share:
    """Return a share with its interval by drawing whole notes, since finds in one note hang together."""
    hits = np.array([bool(r[what]) for r in rows], dtype=np.float64)
    if not len(hits):
        return Share(0, 0, None)
    weights = draws(len(rows), clusters=[r["note"] for r in rows])
    shares = weights @ hits / np.maximum(weights.sum(axis=1), 1)
    low, high = np.percentile(shares, _TAIL)
    return Share(int(hits.sum()), len(rows), Interval(float(low), float(high)))


def _exact(hits: int, total: int) -> Share:
    return Share(hits, total, exact_interval(hits, total))


def _by_kind(
    marked: Sequence[dict[str, Any]], finds: Sequence[dict[str, Any]]
) -> dict[str, tuple[Share, Share, Share]]:
    table = {}
    for kind in Kind:
        own, other = [m for m in marked if m["kind"] is kind], [f for f in finds if f["kind"] is kind]
        if own or other:
            table[kind.value] = (
                _exact(sum(m["covered"] for m in own), len(own)),
                _exact(sum(m["strict"] for m in own), len(own)),
                _exact(sum(f["right"] for f in other), len(other)),
            )
    return table


def _grouped(rows: Iterable[dict[str, Any]], name: str) -> dict[str, Share]:
    groups: dict[str, list[bool]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row["covered"])
    return {g: _exact(sum(v), len(v)) for g, v in sorted(groups.items(), key=lambda i: -len(i[1]))}
