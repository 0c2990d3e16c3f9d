"""What was forgotten: counts and a reason, no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forgetting:
    """A tombstone."""

    sequence: int
    """Of its event; 0 for a trial."""
    at: str
    """UTC, ISO 8601."""
    coder: str
    reason: str
    counts: Mapping[str, int]
    """Documents, versions, passages, suggestions, decisions, entries (erased whole), entries_in_part
    (names and words taken out), copies (other names) and vectors; each 0 or more."""
