"""What a document is within its case, by plain rules on its title, first lines and name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from evidence_mapper.domain.case import Role

_RULES: Final = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (Role.AUDIT_FORM, r"\b(?:case|file|practice|record)?\s*audit\b"),
        (Role.FINANCIAL, r"\bfinanc(?:e|ial)\b|\bcharging\b|\bcontribution (?:letter|assessment)"),
        (Role.LETTER, r"\bletter\b|^dear\b"),
        (Role.CARERS_ASSESSMENT, r"\bcarer['’]?s?['’]? (?:\w+ )?(?:assessment|conversation)\b"),
        (Role.CASE_NOTES, r"\bcase notes?\b|\bcase record(?:ing)?s?\b|\brunning record\b|\bchronology\b"),
        (Role.CONTACT, r"\b(?:first |initial )?contact\b|\breferral\b"),
        (Role.SAFEGUARDING, r"\bsafeguarding\b|\bs(?:ection|\.)? ?42\b|\bprotection plan\b"),
        (Role.REVIEW, r"\breview\b|\breassessment\b"),
        (Role.PLAN, r"\b(?:support|care|transition|discharge)\b.{0,20}\bplan\b|\bplan\b"),
        (Role.ASSESSMENT, r"\bassessment\b"),
    )
)
_LINES: Final = 4
_SHORT: Final = 90
"""Characters of a line that may be a title."""


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """A guess, with what it rests on."""

    role: Role
    words: str
    """The title, line or file name it was read in; empty for UNKNOWN."""


def guess_role(name: str, text: str, title: str = "", entries: int = 0) -> RoleGuess:
    """Return what a document seems to be in its case.

    Parameters
    ----------
    name
        Path of the document.
    text
        The revision's text; its first lines are read.
    title
        As the file's properties say; empty for none.
    entries
        How many dated entries it has: two or more with no telling title make case notes.
    """
    lines = [line.strip() for line in text.split("\n", 40)[:40] if line.strip()][:_LINES]
    stem = re.sub(r"[_\-\d]+", " ", PurePosixPath(name).stem).strip()
    for words in _in_order(title, lines, stem):
        for role, pattern in _RULES:
            if pattern.search(words):
                return RoleGuess(role, words)
    if entries > 1:
        return RoleGuess(Role.CASE_NOTES, f"{entries} dated entries")
    return RoleGuess(Role.UNKNOWN, "")


def _in_order(title: str, lines: Sequence[str], stem: str) -> list[str]:
    """Return the first line, the title and the name, then further short lines without a label."""
    first = [line for line in lines[:1] if len(line) <= _SHORT]
    further = [line for line in lines[1:] if len(line) <= _SHORT and ":" not in line]
    return [words for words in (*first, title, stem, *further) if words]
