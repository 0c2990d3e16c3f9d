"""What was planted, for tests: faults of the audits, and facts of each case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from case_corpus.audits import DRIFTER, Audit
from case_corpus.read import LETTERS, Case

_STAGES: Final = ("contact", "assessment", "plan", "review")


def write_expected(
    path: Path, cases: Sequence[Case], first: Sequence[Audit], second: Sequence[Audit]
) -> None:
    """Write ``expected.json``."""
    by_case = {audit.case.id: audit for audit in first}
    content = {
        "faults": [
            *(_fault(case, place, by_case) for case in cases for place in range(len(case.faults))),
            {"kind": "drift-upward", "auditor": DRIFTER},
        ],
        "copied": _groups(cases),
        "audited_twice": sorted(audit.case.id for audit in second),
        "cases": {case.id: _case(case) for case in cases},
    }
    path.write_bytes((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def _fault(case: Case, place: int, audits: dict[str, Audit]) -> dict[str, Any]:
    fault = case.faults[place]
    audit = audits[case.id]
    return {
        "kind": fault.kind,
        "case": case.id,
        "question": fault.question,
        "auditor": audit.auditor,
        "grade": fault.grade,
        "comment": fault.comment,
    }


def _groups(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return, by question, the cases that share a comment."""
    groups: dict[int, list[str]] = {}
    for case in cases:
        for fault in case.faults:
            if fault.kind.startswith("copied"):
                groups.setdefault(fault.question, []).append(case.id)
    return [{"question": question, "cases": ids} for question, ids in sorted(groups.items())]


def _stage_days(case: Case) -> dict[str, date]:
    """Return the first day of each stage that is not before the stage above it."""
    days: dict[str, date] = {}
    for stage in _STAGES:
        since = max(days.values(), default=date.min)
        found = [e.day for e in case.entries if e.kind == stage and e.day >= since]
        if found:
            days[stage] = min(found)
    return days


def _case(case: Case) -> dict[str, Any]:
    days = _stage_days(case)
    waits = {
        f"{one} to {other}": (days[other] - days[one]).days
        for one, other in pairwise(_STAGES)
        if one in days and other in days
    }
    return {
        "name": case.name,
        "age": case.age,
        "team": case.team,
        "group": case.group,
        "consent": case.consent,
        "complaint": case.complaint,
        "services": case.services,
        "entries": [
            [entry.day.isoformat(), entry.kind] for entry in sorted(case.entries, key=lambda e: e.day)
        ],
        "waits": waits,
        "record_shows": {
            str(question): {"+": "yes", "~": "in part", "-": "no"}[sign]
            for question, (sign, _) in sorted(case.facts.items())
        },
        "silent_on": [question for question in range(1, len(LETTERS) + 1) if question not in case.facts],
    }
