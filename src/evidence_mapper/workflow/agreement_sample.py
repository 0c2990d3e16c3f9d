"""Samples for blind double coding: drawn at random, recorded with their seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from evidence_mapper.domain.agreement import BlindSample
from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store

PURPOSE: Final = "agreement"
"""Tells these samples from those drawn for other reasons."""
_NOBODY: Final = ""
"""A coder without decisions, whose queue is every passage of the newest versions that counts."""


def draw(
    store: Store,
    framework: Framework,
    size: int,
    *,
    coder: str,
    now: Callable[[], str],
    seed: int | None = None,
    by_statement: bool = False,
    decided: bool = False,
) -> BlindSample:
    """Draw passages for several people to code, and record it.

    Parameters
    ----------
    size
        At least 1; where there are fewer passages, all of them are drawn.
    coder
        Who has it drawn.
    now
        Returns the time as UTC ISO 8601.
    seed
        None takes one from the system; it is kept with the sample.
    by_statement
        Statements take turns, those suggested or coded for each, then the rest: rare ones are in it.
    decided
        Only passages that somebody has decided on.

    Raises
    ------
    UsageError
        There is nothing to draw from.
    StoreError
        The project could not be written; nothing was recorded.
    """
    frame = _frame(store, decided=decided)
    if not frame:
        nothing = "nobody has decided on any passage" if decided else "there is no passage"
        raise UsageError(f"{nothing}, so there is nothing to draw: evidence-mapper add FOLDER, then review")
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    strata = _strata(store, framework, frame) if by_statement else [frame]
    numbers = _in_turn(strata, min(size, len(frame)), random.Random(seed))  # noqa: S311  # no secret
    rows = store.queue_rows(_NOBODY, numbers)
    passages = [rows[number].passage_id for number in numbers]
    drawn = {"seed": seed, "frame": len(frame), "by_statement": by_statement, "passages": passages}
    return _recorded(store, drawn, coder=coder, at=now(), decided=decided)


def _recorded(store: Store, drawn: dict[str, Any], *, coder: str, at: str, decided: bool) -> BlindSample:
    """Keep a sample, with its seed, so that it can be drawn again."""
    many, frame = len(drawn["passages"]), drawn["frame"]
    kind = "decided passages" if decided else "passages"
    event = store.append_event(
        coder=coder,
        action=EventAction.SAMPLE,
        subject=derived_id("smp", at, str(drawn["seed"]), PURPOSE, str(frame)),
        at=at,
        payload={
            "words": f"drew {many} of {frame} {kind} at random, to be coded blind by several people",
            "purpose": PURPOSE,
            "from": "decided" if decided else "all",
            **drawn,
        },
    )
    return _sample_of(event)


def samples(store: Store) -> list[BlindSample]:
    """Return the samples drawn for blind coding, oldest first."""
    drawn = store.entries([EventAction.SAMPLE])
    found = [_sample_of(event) for event in drawn if event.payload.get("purpose") == PURPOSE]
    return [replace(sample, passages=_as_they_stand(store, sample.passages)) for sample in found]


def _as_they_stand(store: Store, passages: Sequence[str]) -> tuple[str, ...]:
    """Return the passages drawn, those of versions since replaced as they stand in the newest."""
    now = store.successors(passages)
    return tuple(dict.fromkeys(now[passage] for passage in passages))


def find_sample(store: Store, sample_id: str | None) -> BlindSample:
    """Return a sample by its id, or the one drawn last for None.

    Raises
    ------
    UsageError
        There is none, or none of that id.
    """
    drawn = samples(store)
    if not drawn:
        raise UsageError(
            "no sample was drawn for blind coding yet; draw one: evidence-mapper agreement draw --size 50"
        )
    if sample_id is None:
        return drawn[-1]
    for sample in drawn:
        if sample.id == sample_id:
            return sample
    raise UsageError(f"no sample '{sample_id}'; there are {', '.join(s.id for s in drawn)}")


def _frame(store: Store, *, decided: bool) -> list[int]:
    """Return the keys of the passages to draw from, by document and place."""
    live = list(store.queue_numbers(_NOBODY, QueueFilter(), QueueOrder.DOCUMENT))
    if not decided:
        return live
    held = {
        number
        for coder in store.coders()
        for number in store.queue_numbers(
            _NOBODY, QueueFilter(state=ReviewState.ANY, decided_by=coder), QueueOrder.DOCUMENT
        )
    }
    return [number for number in live if number in held]


def _strata(store: Store, framework: Framework, frame: Sequence[int]) -> list[list[int]]:
    """Return the frame's passages by statement, suggested or coded, and last those of none."""
    allowed, seen, strata = set(frame), set[int](), []
    for statement in framework.statements:
        where = QueueFilter(statement=statement.id)
        found = [n for n in store.queue_numbers(_NOBODY, where, QueueOrder.DOCUMENT) if n in allowed]
        strata.append(found)
        seen.update(found)
    return [*strata, [number for number in frame if number not in seen]]


def _in_turn(strata: Sequence[Sequence[int]], size: int, generator: random.Random) -> list[int]:
    """Draw from each stratum in turn, no passage twice, until ``size`` are drawn; in random order."""
    shuffled = [generator.sample(list(stratum), len(stratum)) for stratum in strata]
    drawn: dict[int, None] = {}
    while len(drawn) < size:
        for stratum in shuffled:
            while stratum and stratum[-1] in drawn:
                stratum.pop()
            if stratum and len(drawn) < size:
                drawn[stratum.pop()] = None
    found = list(drawn)
    generator.shuffle(found)
    return found


def _sample_of(event: Event) -> BlindSample:
    said = event.payload
    return BlindSample(
        event.subject,
        event.sequence,
        event.at,
        event.coder,
        int(said["seed"]),
        int(said["frame"]),
        str(said["from"]),
        bool(said["by_statement"]),
        tuple(said["passages"]),
    )
