"""Labelled passages and their fixed split."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from evidence_mapper.classify.reading import under

Split = Literal["train", "development", "test"]


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """One row of the corpus; fields as in its datasheet."""

    id: str
    text: str
    statements: tuple[str, ...]
    """The main one first; empty for a passage that bears on none."""
    topics: tuple[str, ...]
    i_statements: tuple[str, ...]
    evidence_category: str | None
    polarity: str | None
    source_type: str | None
    heading: str | None = None
    """What it stands under in its paper, last two headings; the labels are of the text read under it."""
    also_under: str | None = None
    """A heading it could stand under; the labels are of the text alone. See :func:`with_headings`."""

    @property
    def read(self) -> str:
        """What a classifier reads of it."""
        return under(self.heading, self.text)

    @property
    def hand(self) -> str:
        """Who wrote it: the part of the id before the hyphen."""
        return self.id.rsplit("-", 1)[0]


def split_of(passage_id: str) -> Split:
    """Return the split of a passage: by its id alone, so that new passages never move old ones.

    The first eight hex digits of SHA-256 of the id, modulo 10: 0 is test, 1 development, the rest
    train.
    """
    bucket = int(hashlib.sha256(passage_id.encode()).hexdigest()[:8], 16) % 10
    return "test" if bucket == 0 else "development" if bucket == 1 else "train"


def read_passages(paths: Sequence[Path]) -> list[LabelledPassage]:
    """Read JSON Lines files of labelled passages, in the order given.

    Raises
    ------
    ValueError
        A line is not a labelled passage, or an id occurs twice; names the file and line.
    """
    rows: list[LabelledPassage] = []
    seen: set[str] = set()
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                row = _passage(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}:{number}: not a labelled passage: {error!r}") from error
            if row.id in seen:
                raise ValueError(f"{path}:{number}: id '{row.id}' occurs twice")
            seen.add(row.id)
            rows.append(row)
    return rows


def _passage(data: dict[str, object]) -> LabelledPassage:
    def strings(key: str) -> tuple[str, ...]:
        value = data.get(key) or ()
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{key} is not a list")
        return tuple(str(v) for v in value)

    def optional(key: str) -> str | None:
        value = data.get(key)
        return None if value is None else str(value)

    return LabelledPassage(
        id=str(data["id"]),
        text=str(data["text"]),
        statements=strings("statements"),
        topics=strings("topics"),
        i_statements=strings("i_statements"),
        evidence_category=optional("evidence_category"),
        polarity=optional("polarity"),
        source_type=optional("source_type"),
        heading=optional("heading"),
        also_under=optional("also_under"),
    )


def with_headings(rows: Sequence[LabelledPassage]) -> list[LabelledPassage]:
    """Return the rows, and once more those that could stand under a heading, under it: what is learned from.

    A row and its double have one id.
    """
    doubles = [replace(r, heading=r.also_under, also_under=None) for r in rows if r.also_under]
    return [*rows, *doubles]


def corpus_files(folder: Path) -> list[Path]:
    """Return the JSON Lines files of a corpus folder and its subfolders, sorted by path."""
    return sorted(folder.rglob("*.jsonl"))
