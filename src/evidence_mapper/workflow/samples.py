"""Random samples of what nobody has decided on, drawn to see what remains unseen."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.domain.remaining import DrawnSample
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store

PURPOSE = "remaining"
"""Tells these samples from those drawn for other reasons."""


def draw_sample(
    store: Store, size: int, *, coder: str, now: Callable[[], str], seed: int | None = None
) -> DrawnSample:
    """Draw passages at random from those nobody has decided on, and record it.

    Parameters
    ----------
    size
        At least 1; where fewer are undecided, all of them are drawn.
    coder
        Who has it drawn.
    now
        Returns the time as UTC ISO 8601.
    seed
        None takes one from the system; it is kept with the sample.

    Raises
    ------
    UsageError
        Everything is decided.
    StoreError
        The project could not be written; nothing was recorded.
    """
    everything = store.open_ids()
    if not everything:
        raise UsageError("everything is decided: there is nothing left to draw a sample from")
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    drawn = random.Random(seed).sample(everything, min(size, len(everything)))  # noqa: S311  # no secret
    at = now()
    words = f"drew {len(drawn)} of {len(everything)} undecided passages at random, to see what remains"
    event = store.append_event(
        coder=coder,
        action=EventAction.SAMPLE,
        subject=derived_id("smp", at, str(seed), str(len(everything))),
        at=at,
        payload={
            "words": words,
            "purpose": PURPOSE,
            "seed": seed,
            "frame": len(everything),
            "passages": drawn,
        },
    )
    return _sample_of(event)


def latest_sample(store: Store) -> DrawnSample | None:
    """Return the sample drawn last for this estimate; None when none was."""
    drawn = [e for e in store.entries([EventAction.SAMPLE]) if e.payload.get("purpose") == PURPOSE]
    if not drawn:
        return None
    sample = _sample_of(drawn[-1])
    now = store.successors(sample.passages)  # of versions since replaced: as they stand in the newest
    return replace(sample, passages=tuple(dict.fromkeys(now[passage] for passage in sample.passages)))


def _sample_of(event: Event) -> DrawnSample:
    said = event.payload
    return DrawnSample(
        event.subject,
        event.sequence,
        event.at,
        event.coder,
        int(said["seed"]),
        int(said["frame"]),
        tuple(said["passages"]),
    )
