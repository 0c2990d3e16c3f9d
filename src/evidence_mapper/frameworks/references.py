"""Ids that occur twice, and names that refer to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evidence_mapper.frameworks.faults import Fault, listed, nearest
from evidence_mapper.frameworks.locate import KeyPath, dotted

_WITH_IDS: Final = ("theme", "statement", "topic", "i_statement", "evidence_category")


def reference_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield faults of reference; parts whose shape is wrong are passed over, not reported again."""
    for name in _WITH_IDS:
        yield from _duplicates(data, name)
    yield from _themes(data)
    statements = _ids(data, "statement")
    for path, topic in _entries(data, "topic"):
        yield from _unknown((*path, "statement"), topic.get("statement"), statements, "statement")
    for name in ("i_statement", "boundary"):
        for path, entry in _entries(data, name):
            yield from _all_known((*path, "statements"), entry.get("statements"), statements)
    yield from _sources((), data, _source_keys(data))


def _duplicates(data: Mapping[str, Any], name: str) -> Iterator[Fault]:
    seen: dict[str, KeyPath] = {}
    for path, entry in _entries(data, name):
        value = entry.get("id")
        if not isinstance(value, str):
            continue
        if value in seen:
            owner = dotted(seen[value])
            yield Fault((*path, "id"), f"expected an id of its own, '{value}' is the id of {owner}")
        seen.setdefault(value, path)


def _themes(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Statements name a theme when there are themes, and none when there are not."""
    themes = _ids(data, "theme")
    for path, statement in _entries(data, "statement"):
        if "theme" in statement:
            yield from _unknown((*path, "theme"), statement["theme"], themes, "theme")
        elif data.get("theme"):
            yield Fault((*path, "theme"), f"required key is missing; themes of this file: {listed(themes)}")


def _all_known(path: KeyPath, value: object, known: list[str]) -> Iterator[Fault]:
    if not isinstance(value, list):
        return
    for place, entry in enumerate(value):
        yield from _unknown((*path, place), entry, known, "statement")
        if isinstance(entry, str) and entry in value[:place]:
            yield Fault((*path, place), f"expected each statement once, '{entry}' is named twice")


def _unknown(path: KeyPath, value: object, known: list[str], what: str) -> Iterator[Fault]:
    if isinstance(value, str) and value not in known:
        found = f"no {what} has the id '{value}'{nearest(value, known)}"
        yield Fault(path, f"{found}; {what}s of this file: {listed(known)}")


def _sources(path: KeyPath, value: object, known: list[str]) -> Iterator[Fault]:
    """Walk everything below ``path``; ``sources`` means the same wherever it stands."""
    pending: list[tuple[KeyPath, object]] = [(path, value)]
    while pending:
        here, current = pending.pop()
        if isinstance(current, dict):
            pending.extend(((*here, key), entry) for key, entry in current.items())
        elif isinstance(current, list):
            pending.extend(((*here, place), entry) for place, entry in enumerate(current))
        elif isinstance(current, str) and len(here) > 1 and here[-2] == "sources":
            yield from _unknown(here, current, known, "source")


def _source_keys(data: Mapping[str, Any]) -> list[str]:
    sources = data.get("source")
    return list(sources) if isinstance(sources, dict) else []


def _entries(data: Mapping[str, Any], name: str) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Yield the path and content of every well-formed table of one kind."""
    value = data.get(name)
    for place, entry in enumerate(value if isinstance(value, list) else []):
        if isinstance(entry, dict):
            yield (name, place), entry


def _ids(data: Mapping[str, Any], name: str) -> list[str]:
    return [e["id"] for _, e in _entries(data, name) if isinstance(e.get("id"), str)]
