"""Counts of what a run suggests, kept so that the matrix need not read every suggestion.

All live passages are counted, whoever has decided on them: what is decided is taken off when the counts are
asked for, as it is few beside the rest, so that decisions leave what is kept as it is. Whatever else changes
the counts counts up the queue's generation (``ranking.py``): kept counts of another generation, or of another
run, are not used. Probabilities are added up as whole numbers of billionths, so that a sum is the same in
whatever order it was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Integer, Text, case, cast, delete, func, insert, literal_column, select

from evidence_mapper.domain.coding import Outcome
from evidence_mapper.store import ranking, schema
from evidence_mapper.store.filters import ITEMS
from evidence_mapper.store.records import Disagreement
from evidence_mapper.store.suggestions import STATEMENT

Key = tuple[str, str, str]
"""Kind of code, code, evidence category; the category is empty for other kinds than statements."""

_PARTS: Final = 1_000_000_000
_STAMP: Final = "counts_stamp"
_kept, _codes = schema.suggested_counts, schema.suggested_codes


@dataclass(frozen=True, slots=True)
class Suggested:
    """How much is suggested with one code in one category."""

    number: int
    parts: int
    """Sum of the probabilities, in billionths."""

    @property
    def expected(self) -> float:
        """Return how many are expected to hold."""
        return self.parts / _PARTS


def undecided(connection: Connection, run_number: int | None) -> dict[Key, Suggested]:
    """Return what a run suggests for live passages nobody has decided on; UNSURE leaves them undecided."""
    if run_number is None:
        return {}
    every = kept(connection, run_number)
    if every is None:
        every = counted(connection, run_number)
    decided = counted(connection, run_number, decided=True)
    left = {}
    for key, all_ in every.items():
        off = decided.get(key, Suggested(0, 0))
        if all_.number > off.number:
            left[key] = Suggested(all_.number - off.number, all_.parts - off.parts)
    return left


def kept(connection: Connection, run_number: int) -> dict[Key, Suggested] | None:
    """Return the counts kept for a run over all live passages; None when they are not up to date."""
    if _read_stamp(connection) != stamp(connection, run_number):
        return None
    k = _kept.c
    rows = connection.execute(select(k.kind, k.code, k.evidence_category, k.number, k.parts))
    return {(kind, code, category): Suggested(n, parts) for kind, code, category, n, parts in rows}


def counted(connection: Connection, run_number: int, *, decided: bool = False) -> dict[Key, Suggested]:
    """Return a run's counts over all live passages, or over those somebody decided on; reads each of them."""
    s, held = _codes.c, schema.decisions.c
    category = case((s.kind == STATEMENT, ITEMS.suggested_category), else_=literal_column("''", Text))
    parts = cast(func.round(s.probability * _PARTS), Integer)
    query = (
        select(s.kind, s.code, category.label("category"), func.count(), func.sum(parts))
        .join_from(_codes, schema.queue_items, ITEMS.passage_number == s.passage_number)
        .where(ITEMS.live == 1)
        .group_by(s.kind, s.code, "category")
    )
    if decided:
        judged = select(held.passage_number).where(held.outcome != Outcome.UNSURE.value)
        # The sum keeps SQLite from going through all of the run: the passages decided on are looked up.
        query = query.where(s.run_number + 0 == run_number, s.passage_number.in_(judged))
    else:
        query = query.where(s.run_number == run_number)
    found: dict[Key, Suggested] = {}
    for kind, code, of, n, sum_ in connection.execute(query):
        found[kind, code, of] = Suggested(n, sum_)
    return found


def stamp(connection: Connection, run_number: int) -> str:
    """Return what says of which state of the project counts are."""
    return f"{run_number}:{ranking.generation(connection)}"


def keep(connection: Connection, made_of: str, counts: Mapping[Key, Suggested]) -> None:
    """Keep counts in place of those kept; ``made_of`` is the stamp of the state they were counted in."""
    project = schema.project
    connection.execute(delete(_kept))
    rows = [
        {"kind": kind, "code": code, "evidence_category": category, "number": n.number, "parts": n.parts}
        for (kind, code, category), n in counts.items()
    ]
    if rows:
        connection.execute(insert(_kept), rows)
    connection.execute(delete(project).where(project.c.key == _STAMP))
    connection.execute(insert(project), {"key": _STAMP, "value": made_of})


def check(connection: Connection) -> Iterator[Disagreement]:
    """Check that counts that are kept, and would be used, are those of the suggestions."""
    said = _read_stamp(connection)
    run_number = int(said.partition(":")[0]) if said else 0
    there = kept(connection, run_number) if said else None
    if there is None:
        return
    right = counted(connection, run_number)
    wrong: defaultdict[str, int] = defaultdict(int)
    for key in there.keys() | right.keys():
        wrong[key[1]] += there.get(key) != right.get(key)
    for code in sorted(code for code, count in wrong.items() if count):
        yield Disagreement(f"counts of {code}", "what is kept of them is not what is suggested")


def _read_stamp(connection: Connection) -> str | None:
    c = schema.project.c
    return connection.execute(select(c.value).where(c.key == _STAMP)).scalar()
