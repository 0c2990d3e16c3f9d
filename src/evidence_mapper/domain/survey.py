"""Which columns of a table hold people's answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

KEY: Final = "survey"
"""Key of the pair in a reading's metadata that keeps them."""


@dataclass(frozen=True, slots=True)
class SurveyColumns:
    """What the columns of one sheet were taken for."""

    sheet: str | None
    """Worksheet; None for a file of one table."""
    comments: tuple[tuple[str, str], ...]
    """(letter, header) of the columns whose cells are passages; a header is empty where there is none."""
    others: tuple[str, ...]
    """Headers, or letters, of the columns kept with each comment."""
    chosen: bool
    """Whether a person named the columns; else they were judged from headers and cells."""


def to_metadata(surveys: Sequence[SurveyColumns]) -> tuple[tuple[str, str], ...]:
    """Return the pair to keep; nothing when there is no survey."""
    return ((KEY, json.dumps([asdict(survey) for survey in surveys], ensure_ascii=False)),) if surveys else ()


def from_metadata(pairs: Iterable[tuple[str, str]]) -> tuple[SurveyColumns, ...]:
    """Return what :func:`to_metadata` kept, in the order of the sheets; empty when there is none."""
    kept = dict(pairs).get(KEY)
    return tuple(
        SurveyColumns(
            sheet=entry["sheet"],
            comments=tuple((letter, title) for letter, title in entry["comments"]),
            others=tuple(entry["others"]),
            chosen=entry["chosen"],
        )
        for entry in (json.loads(kept) if kept else ())
    )
