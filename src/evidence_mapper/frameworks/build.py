"""Checked TOML data to the vocabulary of :mod:`evidence_mapper.domain.framework`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evidence_mapper.domain.framework import (
    EvidenceCategory,
    Framework,
    IStatement,
    Source,
    Statement,
    Theme,
    Topic,
    Variant,
    Verification,
    Wording,
)

_NOT_STATED: Final = "Not stated"
_GENERAL: Final = Theme("general", 1, Wording("General", Verification.OWN))
"""The theme of a file that has none."""

Sources = Mapping[str, Source]


def build(data: Mapping[str, Any], content_sha256: str) -> Framework:
    """Return the framework of a parsed file in which :func:`.validate.faults` found nothing."""
    sources = {key: _source(value) for key, value in data.get("source", {}).items()}
    statements = tuple(
        _statement(number, entry, sources, data.get("boundary", []))
        for number, entry in enumerate(data["statement"], start=1)
    )
    return Framework(
        id=data["id"],
        title=data["title"],
        version=data["version"],
        publisher=data.get("publisher", _NOT_STATED),
        copyright=data.get("copyright", _NOT_STATED),
        themes=_themes(data.get("theme", []), sources),
        statements=statements,
        topics=tuple(_topic(entry) for entry in data.get("topic", [])),
        i_statements=tuple(_i_statement(e, sources, statements) for e in data.get("i_statement", [])),
        evidence_categories=tuple(_category(entry, sources) for entry in data.get("evidence_category", [])),
        boundaries=tuple(entry["text"] for entry in data.get("boundary", [])),
        notes=tuple(data.get("notes", [])),
        content_sha256=content_sha256,
    )


def _source(value: Mapping[str, str]) -> Source:
    return Source(value["title"], value.get("url"))


def _sources(entries: list[Any], sources: Sources) -> tuple[Source, ...]:
    return tuple(sources[e] if isinstance(e, str) else _source(e) for e in entries)


def _wording(value: str | Mapping[str, Any], sources: Sources) -> Wording:
    if isinstance(value, str):
        return Wording(value, Verification.OWN)
    return Wording(
        text=value["text"],
        verification=Verification(value.get("verification", Verification.OWN)),
        sources=_sources(value.get("sources", []), sources),
        variants=tuple(
            Variant(v["text"], _sources(v.get("sources", []), sources), v.get("note"))
            for v in value.get("variant", [])
        ),
    )


def _themes(entries: list[Any], sources: Sources) -> tuple[Theme, ...]:
    themes = (Theme(e["id"], n, _wording(e["title"], sources)) for n, e in enumerate(entries, start=1))
    return tuple(themes) or (_GENERAL,)


def _statement(number: int, entry: Mapping[str, Any], sources: Sources, boundaries: list[Any]) -> Statement:
    mark = entry.get("legal_references_verification")
    return Statement(
        id=entry["id"],
        number=number,
        theme_id=entry.get("theme", _GENERAL.id),
        title=_wording(entry["title"], sources),
        wording=_wording(entry["we"], sources) if "we" in entry else None,
        definition=entry.get("definition"),
        phrasings=tuple(entry.get("phrasings", [])),
        boundaries=tuple(b["text"] for b in boundaries if entry["id"] in b.get("statements", [])),
        legal_references=tuple(entry.get("legal_references", [])),
        legal_references_verification=Verification(mark) if mark else None,
        i_statements_note=entry.get("i_statements_note"),
    )


def _topic(entry: Mapping[str, Any]) -> Topic:
    return Topic(
        id=entry["id"],
        statement_id=entry["statement"],
        definition=entry["definition"],
        include=entry.get("include"),
        exclude=entry.get("exclude"),
    )


def _i_statement(entry: Mapping[str, Any], sources: Sources, statements: tuple[Statement, ...]) -> IStatement:
    served = tuple(s.id for s in statements if s.id in entry["statements"])
    return IStatement(entry["id"], _wording(entry["wording"], sources), served)


def _category(entry: Mapping[str, Any], sources: Sources) -> EvidenceCategory:
    return EvidenceCategory(
        id=entry["id"],
        name=_wording(entry["name"], sources),
        required=entry.get("required", False),
        required_note=entry.get("required_note"),
    )
