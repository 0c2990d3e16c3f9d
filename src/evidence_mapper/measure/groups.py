"""Passages that name a group of people: by a word list, so that anyone can see and correct what counts.

A passage that names no group may still be about one; a word may be used of something else. Good enough to
ask whether suggestions are worse where a group is named, not to describe people.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_TABLE: Final = Path(__file__).with_name("groups.toml")


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """A group of people and the words by which a text names it."""

    id: str
    name: str
    pattern: re.Pattern[str]

    def named_in(self, text: str) -> bool:
        """Return whether the text holds one of the group's words."""
        return self.pattern.search(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) is not None


@cache
def people_groups() -> tuple[PeopleGroup, ...]:
    """Return the groups of ``groups.toml``, in its order."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(group_from(entry) for entry in table["group"])


def group_from(entry: dict[str, Any]) -> PeopleGroup:
    """Return a group from ``id``, ``name``, ``words`` and optional ``exact`` of the table.

    ``words`` match in any case, ``exact`` as they are written. A star stands for the rest of a word; a
    space also matches a hyphen.

    Raises
    ------
    ValueError
        The group has no word.
    """
    words = [(w, True) for w in entry.get("words", ())] + [(w, False) for w in entry.get("exact", ())]
    if not words:
        raise ValueError(f"group '{entry['id']}' has no word; add some to words or exact in {_TABLE.name}")
    return PeopleGroup(
        entry["id"], entry["name"], re.compile("|".join(_pattern(w, fold) for w, fold in words))
    )


def _pattern(word: str, fold: bool) -> str:
    inner = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"[\s\-‐‑]+")
    body = rf"(?i:{inner})" if fold else inner
    return rf"(?<!\w){body}(?!\w)"


def groups_named(text: str, groups: Sequence[PeopleGroup] | None = None) -> tuple[str, ...]:
    """Return the ids of the groups a text names; ``groups`` None takes :func:`people_groups`."""
    return tuple(g.id for g in (people_groups() if groups is None else groups) if g.named_in(text))
