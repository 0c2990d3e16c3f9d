"""What a classifier does badly, said in words from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evidence_mapper.workflow.evaluation_parts import BROKEN
from evidence_mapper.workflow.evaluation_report import Figures, between

_CALIBRATED: Final = 0.04
"""Largest calibration error that is passed over."""
_SEEN: Final = 20
"""Passages below which a group has hardly been measured."""


def weaknesses(figures: Figures) -> list[str]:
    """Return one sentence for each weakness that is beyond chance at 95 %, the broken promise first."""
    return [
        *_promise(figures),
        *_first(figures),
        *_groups(figures),
        *_calibration(figures),
        *_hardly(figures),
    ]


def _promise(f: Figures) -> list[str]:
    found = f["promise"]
    if found is None:
        return []
    lines = []
    kinds = (
        ("All statements together, ", [{**found["all"], "name": "over all kinds of paper"}]),
        ("Statement ", found["statements"]),
        ("Kind of paper ", found["source_types"]),
    )
    for kind, entries in kinds:
        lines += [
            f"{kind}{e['name']}: {e['recall']:.2f} of the evidence is suggested ({between(e['interval'])}, "
            f"{e['evidence']} pieces), below the {found['level']:.2f} promised."
            for e in entries
            if e["standing"] == BROKEN
        ]
    return lines


def _first(f: Figures) -> list[str]:
    overall = f["main"]["accuracy"] or f["main"]["any_of_its_statements"]
    lines = []
    for kind, parts in (("Kind of paper", f["by_source_type"]), ("Writer", f["by_writer"])):
        worst = sorted((v["main_accuracy"], k) for k, v in parts.items() if v["main_interval"][1] < overall)
        lines += [
            f"{kind} {name}: the first statement is right in {value:.2f} of {parts[name]['passages']} "
            "passages "
            f"({between(parts[name]['main_interval'])}), against {overall:.2f} over all."
            for value, name in worst
        ]
    return lines


def _groups(f: Figures) -> list[str]:
    def worse(interval: Any) -> bool:  # noqa: ANN401 - a pair or None
        return interval is not None and interval[1] < 0

    lines = []
    for group in f["by_group"].values():
        for what, key in (("of the evidence suggested", "recall"), ("of first statements right", "main")):
            if worse(group[f"{key}_difference_interval"]):
                lines.append(_group_line(group, what, key))
    return lines or [
        "Passages that name a group of people: none is placed worse than the rest beyond chance."
    ]


def _group_line(group: Mapping[str, Any], what: str, key: str) -> str:
    value = group["recall"] if key == "recall" else group["main_accuracy"]
    return (
        f"{group['name']}, where a passage names them: {value:.2f} {what} in {group['passages']} passages, "
        f"{-group[f'{key}_difference']:.2f} less than in the rest "
        f"({between(group[f'{key}_difference_interval'])})."
    )


def _calibration(f: Figures) -> list[str]:
    return [
        f"Statement {code}: probabilities are {error:.2f} off on average."
        for code, error in f["calibration"]["by_statement"].items()
        if error > _CALIBRATED
    ]


def _hardly(f: Figures) -> list[str]:
    few = [f"{g['name']} ({g['passages']})" for g in f["by_group"].values() if g["passages"] < _SEEN]
    if not few:
        return []
    return [f"Hardly measured, for want of passages that name them: {', '.join(few)}."]
