"""The cases as written by hand in ``content``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

CONTENT: Final = Path(__file__).with_name("content")
LETTERS: Final = "vacpiesj"
"""One letter a question of the audit form, in its order."""
_ENTRY: Final = re.compile(r"(\d\d/\d\d/\d{4}) (\S+) (.+?) > (.+)")
_FACT: Final = re.compile(r"([vacpiesj])([+~-]) (.+)")
_FAULT: Final = re.compile(r"! (\S+) ([vacpiesj]) ([1-4]) (.+)")


@dataclass(frozen=True)
class Entry:
    """One dated entry of a record."""

    day: date
    kind: str
    worker: str
    words: str


@dataclass(frozen=True)
class Fault:
    """An answer of an audit that was made wrong on purpose."""

    kind: str
    question: int
    """One-based."""
    grade: int
    comment: str


@dataclass
class Case:
    """One person's record, and what an auditor would find in it."""

    id: str
    name: str
    age: int
    team: str
    group: str
    consent: str
    complaint: str
    services: list[str]
    entries: list[Entry] = field(default_factory=list)
    facts: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Question, one-based, to (``+``, ``~`` or ``-``, words); not applicable where absent."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def last(self) -> date:
        """Return the day of the latest entry."""
        return max(entry.day for entry in self.entries)


def load_cases() -> list[Case]:
    """Return every case, by number."""
    cases: list[Case] = []
    for path in sorted(CONTENT.glob("cases-*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                cases.append(_case(line[3:]))
            elif line and not line.startswith("#"):
                _add(cases[-1], line)
    return sorted(cases, key=lambda case: case.id)


def _case(line: str) -> Case:
    number, name, age, team, group, consent, complaint, services = line.split(" | ")
    return Case(number, name, int(age), team, group, consent, complaint, services.split(", "))


def _add(case: Case, line: str) -> None:
    if line.startswith("? "):
        for part in line[2:].split(" | "):
            found = _FACT.fullmatch(part)
            assert found, f"{case.id}: {part}"
            case.facts[LETTERS.index(found[1]) + 1] = (found[2], found[3])
    elif line.startswith("! "):
        fault = _FAULT.fullmatch(line)
        assert fault, f"{case.id}: {line}"
        case.faults.append(Fault(fault[1], LETTERS.index(fault[2]) + 1, int(fault[3]), fault[4]))
    else:
        entry = _ENTRY.fullmatch(line)
        assert entry, f"{case.id}: {line}"
        day = datetime.strptime(entry[1], "%d/%m/%Y").date()  # noqa: DTZ007 - a day without a time
        case.entries.append(Entry(day, entry[2], entry[3], entry[4]))
