"""The time, in one form."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> str:
    """Return the time now as UTC ISO 8601 with microseconds, such as ``2026-03-01T09:30:00.000000Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
