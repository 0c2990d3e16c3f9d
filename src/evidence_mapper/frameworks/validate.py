"""Every fault of a parsed framework file: shape first, then what refers to what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from evidence_mapper.domain.framework import Verification
from evidence_mapper.frameworks.faults import Fault, found, listed, nearest
from evidence_mapper.frameworks.locate import KeyPath
from evidence_mapper.frameworks.references import reference_faults
from evidence_mapper.frameworks.schema import ROOT, SOURCE, Field, Kind

_ID: Final = re.compile(r"[a-z0-9-]+")
_VERSION: Final = re.compile(r"[A-Za-z0-9._-]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MARKS: Final = tuple(v.value for v in Verification)


def faults(data: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of a parsed file, in no particular order; empty when it can be built."""
    return [*_table((), data, ROOT), *reference_faults(data)]


def _table(path: KeyPath, value: object, fields: Mapping[str, Field]) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(path, f"expected a table with the keys {listed(fields)}, found {found(value)}")
        return
    for key in value:
        if key not in fields:
            yield Fault((*path, key), f"unknown key{nearest(key, fields)}; known here: {listed(fields)}")
    for key, wanted in fields.items():
        if key in value:
            yield from _CHECKS[wanted.kind]((*path, key), value[key], wanted)
        elif wanted.required:
            yield Fault((*path, key), "required key is missing")


def _text(path: KeyPath, value: object, _: Field) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(path, f"expected text in quotes, found {found(value)}")
    elif not value.strip():
        yield Fault(path, "expected some text, found none between the quotes")
    elif control := _CONTROL.search(value):
        yield Fault(path, f"expected readable text, found the control character U+{ord(control[0]):04X}")


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[KeyPath, object, Field], Iterator[Fault]]:
    def check(path: KeyPath, value: object, _: Field) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, f"expected {expected} in quotes, found {found(value)}")
        elif not pattern.fullmatch(value):
            yield Fault(path, f"expected {expected}, found {value!r}")

    return check


_id: Final = _matching(_ID, "an id of small letters, digits and hyphens")
_version: Final = _matching(_VERSION, "a version of letters, digits, dots, hyphens and underscores")


def _flag(path: KeyPath, value: object, _: Field) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(path, f"expected true or false without quotes, found {found(value)}")


def _list_of(
    check: Callable[[KeyPath, object, Field], Iterator[Fault]], entries: str
) -> Callable[[KeyPath, object, Field], Iterator[Fault]]:
    def check_all(path: KeyPath, value: object, wanted: Field) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path, f"expected a list of {entries} in square brackets, found {found(value)}")
        elif wanted.required and not value:
            yield Fault(path, f"expected at least one of {entries}, found an empty list")
        else:
            for place, entry in enumerate(value):
                yield from check((*path, place), entry, wanted)

    return check_all


def _mark(path: KeyPath, value: object, _: Field) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(path, f"expected one of {', '.join(_MARKS)} in quotes, found {found(value)}")
    elif value not in _MARKS:
        yield Fault(path, f"expected one of {', '.join(_MARKS)}, found {value!r}{nearest(value, _MARKS)}")


def _wording(path: KeyPath, value: object, wanted: Field) -> Iterator[Fault]:
    if not isinstance(value, str | dict):
        yield Fault(path, f"expected text in quotes or a table with the key text, found {found(value)}")
        return
    if isinstance(value, str):
        yield from _text(path, value, wanted)
        return
    assert wanted.fields is not None
    yield from _table(path, value, wanted.fields)
    if value.get("verification") == Verification.VERBATIM and not value.get("sources"):
        yield Fault((*path, "verification"), "verbatim needs sources: say where the exact words were read")
    if value.get("verification") == Verification.CONFLICTING and not value.get("variant"):
        yield Fault((*path, "verification"), "conflicting needs at least one variant: give the other wording")


def _source(path: KeyPath, value: object, _: Field) -> Iterator[Fault]:
    if isinstance(value, dict):
        yield from _table(path, value, SOURCE)
    elif not isinstance(value, str):
        yield Fault(path, f"expected a source's key, or a table with title and url, found {found(value)}")


def _named_tables(path: KeyPath, value: object, wanted: Field) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(path, f"expected tables such as [{path[-1]}.annual-report], found {found(value)}")
        return
    assert wanted.fields is not None
    for name, entry in value.items():
        yield from _id((*path, name), name, wanted)
        yield from _table((*path, name), entry, wanted.fields)


def _tables(path: KeyPath, value: object, wanted: Field) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(path, f"expected a repeated table, written [[{path[-1]}]], found {found(value)}")
        return
    if wanted.required and not value:
        yield Fault(path, f"expected at least one [[{path[-1]}]], found an empty list")
    assert wanted.fields is not None
    for place, entry in enumerate(value):
        yield from _table((*path, place), entry, wanted.fields)


_CHECKS: Final[Mapping[Kind, Callable[[KeyPath, object, Field], Iterator[Fault]]]] = {
    Kind.TEXT: _text,
    Kind.ID: _id,
    Kind.VERSION: _version,
    Kind.FLAG: _flag,
    Kind.TEXTS: _list_of(_text, "texts"),
    Kind.IDS: _list_of(_id, "ids"),
    Kind.MARK: _mark,
    Kind.WORDING: _wording,
    Kind.SOURCES: _list_of(_source, "sources"),
    Kind.NAMED_TABLES: _named_tables,
    Kind.TABLES: _tables,
}
