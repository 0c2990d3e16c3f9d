"""Names and times as an exchange file has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from evidence_mapper.domain.ids import derived_guid

_QUOTE: Final = 100
"""Characters of the quote in a selection's name: a reading that counts otherwise is seen at once."""


def project_time(text: str | None) -> str | None:
    """Return a time of an exchange file as UTC ISO 8601 with microseconds; None when it is no time.

    A time without zone is taken for UTC.
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if found.year >= 1000 else None


def xsd_time(at: str) -> str:
    """Return a time of the project as ``xsd:dateTime``."""
    return project_time(at) or at


def user_guid(coder: str) -> str:
    """Return the GUID of a coder."""
    return str(derived_guid("refi-user", coder))


def first_words(text: str) -> str:
    """Return the beginning of a text on one line, at most 100 characters."""
    return " ".join(text[: 4 * _QUOTE].split())[:_QUOTE]
