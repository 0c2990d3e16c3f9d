"""What a regulator publishes beside its framework: how scores are combined, what it asks to be sent."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from evidence_mapper.domain.framework import Framework, Source, Verification, Wording
from evidence_mapper.domain.return_item import ReturnItem, ReturnList
from evidence_mapper.domain.score import Band, ScoringRule

_DATA: Final = Path(__file__).parent / "data"

Table = Mapping[str, Any]


def scoring_rule(framework_id: str) -> ScoringRule | None:
    """Return the published rule by which a framework's scores are combined; None when none is kept."""
    data = _read(framework_id, "scoring")
    if data is None:
        return None
    sources = _sources(data)
    return ScoringRule(
        framework_id=framework_id,
        statements=data["statements"],
        lowest=data["lowest"],
        highest=data["highest"],
        words=tuple((s["value"], _wording(s, sources)) for s in data["score"]),
        bands=tuple(Band(b["rating"], b["from"], b["to"]) for b in data["band"]),
        bands_wording=_wording(data["bands"], sources),
        formula=_wording(data["formula"], sources),
        rounding=_wording(data["rounding"], sources),
        notes=tuple(_wording(n, sources) for n in data["note"]),
    )


def return_list(framework: Framework) -> ReturnList | None:
    """Return the list of return items that comes with the program, marked unofficial; None when none is."""
    data = _read(framework.id, "return_items")
    if data is None:
        return None
    sources, everything = _sources(data), tuple(s.id for s in framework.statements)
    items = (
        ReturnItem(
            id=item["id"],
            text=item["text"],
            statements=everything if item["statements"] == ["all"] else tuple(item["statements"]),
            verification=Verification(item["verification"]),
            sources=tuple(sources[key] for key in item["sources"]),
        )
        for item in data["item"]
    )
    return ReturnList(data["title"], unofficial=True, note=data["note"], items=tuple(items))


def _read(framework_id: str, what: str) -> Table | None:
    path = _DATA / f"{framework_id.replace('-', '_')}_{what}.toml"
    # A framework of a user's own may have any id; one with these names is not one of ours.
    if path.parent != _DATA or not path.is_file():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return data if data["framework"] == framework_id else None


def _sources(data: Table) -> dict[str, Source]:
    return {key: Source(s["title"], s.get("url")) for key, s in data["source"].items()}


def _wording(data: Table, sources: Mapping[str, Source]) -> Wording:
    named = tuple(sources[key] for key in data["sources"])
    return Wording(data["text"], Verification(data["verification"]), named)


def audit_mapping_text() -> str:
    """Return the mapping file of a generic case audit form, for the local authority framework."""
    return (_DATA / "audit_generic.toml").read_text(encoding="utf-8")
