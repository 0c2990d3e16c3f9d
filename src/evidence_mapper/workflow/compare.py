"""What was gained, lost and went stale between two projects, or between two days of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.evidence_age import STALE_MONTHS, is_older
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.snapshot import Kept, PastDocument, Place, Snapshot, snapshot

GAINED: Final = "gained"
LOST: Final = "lost"
RECODED: Final = "recoded"

Code = tuple[str, str, str]
"""What a passage counts under: ("cell", statement, category), ("row", statement, "") or ("topic", id, "")."""


@dataclass(frozen=True, slots=True)
class Change:
    """Counts of confirmed passages under one code; each 0 or more."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0
    stale: int = 0
    """Of ``after``, those whose document is older than the limit at the later time."""
    went_stale: int = 0
    """Of ``stale``, those that counted here before and were not yet."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing counted here at either time."""
        return not (self.before or self.after)


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A passage that was gained, lost or given other statements, categories or topics."""

    kind: str
    """GAINED, LOST or RECODED."""
    document: str
    location: str
    passage_id: str
    text: str
    """Verbatim."""
    before: tuple[str, ...]
    """Statements it was confirmed for; empty when gained."""
    after: tuple[str, ...]
    why: str
    """Who did what and when, as far as the record tells."""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that came, went or was replaced."""

    kind: str
    """``new``, ``replaced``, ``withdrawn``, ``restored`` or ``gone``."""
    name: str
    at: str
    """UTC, ISO 8601; empty when not known."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two times of one project, or two projects."""

    framework: Framework
    earlier: str
    later: str
    stale_months: int
    changes: Mapping[Code, Change]
    """Every code that counted at either time."""
    passages: Sequence[PassageChange]
    """Lost ones first, then recoded, then gained; each by document and place."""
    stale: Sequence[PassageChange]
    """Those that went stale; their kind is ``stale``."""
    documents: Sequence[DocumentChange]
    erased: int
    """Decisions of either time that cannot be shown, because their words were erased since."""

    def change(self, kind: str, code: str, category: str = "") -> Change:
        """Return the counts under a code."""
        return self.changes.get((kind, code, category), Change())


def compare(
    paths: Sequence[Path], days: Sequence[date] = (), *, stale_months: int = STALE_MONTHS
) -> Comparison:
    """Return what changed from the first to the second.

    Parameters
    ----------
    paths
        Two projects, which are read as they are now; or one, then ``days`` says when. None is changed.
    days
        One day, compared with now, or two; at the end of each (UTC). The earlier one comes first.
    stale_months
        Evidence is stale when its document is older than this at the time in question.

    Raises
    ------
    UsageError
        Not two times to compare, or the frameworks differ.
    StoreError
        A project cannot be opened; one that an older program wrote is not upgraded for this.
    """
    _check(paths, days)
    with open_project(paths[0]) as first:
        if len(paths) == 1:
            times: list[date | None] = [*sorted(days), *([None] if len(days) == 1 else [])]
            pair = [snapshot(first, day) for day in times]
        else:
            with open_project(paths[1]) as second:
                _check_frameworks(first, second)
                pair = _told_apart(snapshot(first, None), snapshot(second, None), paths)
        return _compared(first.framework, pair[0], pair[1], stale_months)


def _check(paths: Sequence[Path], days: Sequence[date]) -> None:
    if len(paths) == 2 and days:
        raise UsageError("two projects are compared as they are now; leave --at out, or name one project")
    if len(paths) == 1 and len(days) not in (1, 2):
        raise UsageError(
            "name two projects, or one project and when: evidence-mapper compare PROJECT --at 2026-01-01 "
            "--at 2026-06-01 (one --at compares that day with now)"
        )
    if len(paths) == 2 and paths[0].resolve() == paths[1].resolve():
        raise UsageError(f"{paths[0]} and {paths[1]} are one project; say when to compare it with --at")
    if len(days) == 2 and days[0] == days[1]:
        raise UsageError(f"--at {days[0]} was given twice; name two days, or one to compare it with now")


def _check_frameworks(first: Project, second: Project) -> None:
    one, other = first.framework, second.framework
    if one.id != other.id:
        raise UsageError(
            f"{first.path} is coded by {one.id} and {second.path} by {other.id}: "
            "their counts cannot be compared"
        )


def _told_apart(one: Snapshot, other: Snapshot, paths: Sequence[Path]) -> list[Snapshot]:
    if one.label == other.label:
        one.label, other.label = str(paths[0]), str(paths[1])
    return [one, other]


def _compared(framework: Framework, one: Snapshot, other: Snapshot, months: int) -> Comparison:
    counts = {name: Counter[Code]() for name in ("before", "after", "gained", "lost", "stale", "went_stale")}
    passages: list[PassageChange] = []
    stale: list[PassageChange] = []
    for place in dict.fromkeys((*one.passages, *other.passages)):
        before, after = one.passages.get(place), other.passages.get(place)
        old, new = _codes(before), _codes(after)
        counts["before"].update(old)
        counts["after"].update(new)
        counts["lost"].update(old - new)
        counts["gained"].update(new - old)
        if after is not None and is_older(after.date, months, other.as_of):
            counts["stale"].update(new)
            if before is not None and not is_older(before.date, months, one.as_of):
                counts["went_stale"].update(new & old)
                stale.append(_change("stale", place, before, after, f"document dated {after.date}"))
        if old != new:
            passages.append(_passage_change(place, before, after, other))
    codes = dict.fromkeys(code for counter in counts.values() for code in counter)
    return Comparison(
        framework=framework,
        earlier=one.label,
        later=other.label,
        stale_months=months,
        changes={c: Change(**{name: counter[c] for name, counter in counts.items()}) for c in codes},
        passages=_in_order(passages),
        stale=_in_order(stale),
        documents=sorted(_documents(one, other), key=lambda d: (d.kind, d.name)),
        erased=one.erased + other.erased,
    )


def _codes(kept: Kept | None) -> set[Code]:
    found: set[Code] = set()
    for said in kept.said if kept else ():
        for statement in said.statements:
            found |= {("cell", statement, said.category), ("row", statement, "")}
        found |= {("topic", topic, "") for topic in said.topics}
    return found


def _passage_change(place: Place, before: Kept | None, after: Kept | None, later: Snapshot) -> PassageChange:
    if after is not None:
        kind = RECODED if before is not None else GAINED
        return _change(kind, place, before, after, _by(after))
    assert before is not None
    return _change(LOST, place, before, after, _why_lost(place, before, later))


def _change(kind: str, place: Place, before: Kept | None, after: Kept | None, why: str) -> PassageChange:
    shown = after or before
    assert shown is not None
    return PassageChange(
        kind=kind,
        document=place.document,
        location=shown.passage.location.label(),
        passage_id=shown.passage.id,
        text=shown.passage.text,
        before=_statements(before),
        after=_statements(after),
        why=why,
    )


def _statements(kept: Kept | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for said in (kept.said if kept else ()) for s in said.statements))


def _by(kept: Kept) -> str:
    return "; ".join(f"confirmed by {said.coder}, {said.at[:10]}" for said in kept.said)


def _why_lost(place: Place, kept: Kept, later: Snapshot) -> str:
    document = later.documents.get(place.document)
    if document is None:
        return "the document is not there"
    if document.withdrawn is not None:
        return f"document withdrawn by {document.withdrawn[0]}, {document.withdrawn[1][:10]}"
    if document.revision_id != kept.passage.revision_id:
        return f"document replaced, {document.read_at[:10]}; these words are not confirmed in the new version"
    recut = later.recut.get(kept.passage.id)
    if recut is not None:
        return f"cut another way by {recut.coder}, {recut.at[:10]}"
    event = later.latest.get(kept.passage.id)
    if event is None:
        return "nobody has decided on it"
    if event.action is EventAction.UNDONE:
        return f"decision taken back by {event.coder}, {event.at[:10]}"
    return f"decided otherwise by {event.coder}, {event.at[:10]}: {event.payload.get('outcome')}"


def _documents(one: Snapshot, other: Snapshot) -> Iterator[DocumentChange]:
    for name in dict.fromkeys((*one.documents, *other.documents)):
        before, after = one.documents.get(name), other.documents.get(name)
        if after is None:
            yield DocumentChange("gone", name, "")
        elif before is None:
            yield DocumentChange("new", name, after.read_at)
        else:
            yield from _document(before, after)


def _document(before: PastDocument, after: PastDocument) -> Iterator[DocumentChange]:
    if before.file_sha256 != after.file_sha256:
        yield DocumentChange("replaced", after.name, after.read_at)
    if after.withdrawn is not None and before.withdrawn is None:
        yield DocumentChange("withdrawn", after.name, after.withdrawn[1])
    if before.withdrawn is not None and after.withdrawn is None:
        yield DocumentChange("restored", after.name, "")


def _in_order(changes: Sequence[PassageChange]) -> list[PassageChange]:
    ranks = {LOST: 0, RECODED: 1, GAINED: 2}
    # Stable: passages of one document stay in reading order.
    return sorted(changes, key=lambda c: (ranks.get(c.kind, 0), c.document))
