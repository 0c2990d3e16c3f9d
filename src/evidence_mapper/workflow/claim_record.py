"""What a claim is, and how it follows from the record: every entry holds its whole state after a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from evidence_mapper.domain.coding import Event
from evidence_mapper.domain.document import SourceLocation

FORMAT: Final = 1
"""Version of the payload: entries are never rewritten, so each says how it is to be read."""


class ClaimState(StrEnum):
    """Whether the officer still makes the claim."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """Where a draft says the sentence."""

    location: SourceLocation
    """Paragraph, or sheet, row and column."""
    span: tuple[int, int]
    """Half-open, in code points of the text read from the file."""
    heading_path: tuple[str, ...] = ()
    """Headings above it, outermost first."""


@dataclass(frozen=True, slots=True)
class ClaimOrigin:
    """The draft self-assessment a claim was brought in from."""

    file: str
    """Name of the file, without its folder."""
    file_sha256: str
    text: str
    """The sentence as the draft says it, verbatim; the claim's own text may have been edited since."""
    places: tuple[ClaimPlace, ...]
    """At least one; more where the draft says the same sentence again."""
    suggested: tuple[tuple[str, float], ...] = ()
    """Statements the classifier suggested, with their probability in [0, 1]: nobody has confirmed them."""

    def label(self) -> str:
        """Return such as ``draft.docx, para. 4``."""
        place = self.places[0].location.label()
        more = f" and {len(self.places) - 1} more" if len(self.places) > 1 else ""
        return f"{self.file}, {place}{more}" if place else self.file


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence in the officer's own words, and what a person linked to it."""

    id: str
    number: int
    """One-based, in the order claims were first recorded: for people. It never changes."""
    text: str
    statements: tuple[str, ...]
    """Ids of statements the claim is made under; empty until a person names one."""
    passages: tuple[str, ...]
    """Ids of passages linked as evidence for it, in the order they were linked."""
    against: tuple[str, ...]
    """Ids of passages linked as evidence against it."""
    origin: ClaimOrigin | None
    """None for a claim that was typed in."""
    state: ClaimState
    coder: str
    """Who made the latest change."""
    at: str
    """When: UTC, ISO 8601."""
    sequence: int
    """Of the latest entry."""
    former: tuple[str, ...] = field(default=())
    """Texts it had before, oldest first."""

    @property
    def is_open(self) -> bool:
        """Whether the claim is made, not withdrawn."""
        return self.state is ClaimState.OPEN


def claim_payload(claim: Claim, words: str) -> dict[str, Any]:
    """Return the entry of a changed claim.

    Parameters
    ----------
    claim
        The claim as it is to be; ``sequence`` is that of the entry it was changed from, 0 for a new one.
    words
        One line for the history.
    """
    return {
        "v": FORMAT,
        "words": words,
        "text": claim.text,
        "statements": list(claim.statements),
        "passages": list(claim.passages),
        "against": list(claim.against),
        "origin": origin_json(claim.origin),
        "state": claim.state.value,
        "from": claim.sequence,
    }


def origin_json(origin: ClaimOrigin | None) -> dict[str, Any] | None:
    """Return an origin as plain data; None for none."""
    if origin is None:
        return None
    return {
        "file": origin.file,
        "file_sha256": origin.file_sha256,
        "text": origin.text,
        "places": [
            {"location": p.location.to_json(), "span": list(p.span), "heading_path": list(p.heading_path)}
            for p in origin.places
        ],
        "suggested_statements": [[statement, probability] for statement, probability in origin.suggested],
    }


def claims_of(entries: Iterable[Event]) -> list[Claim]:
    """Return every claim as its entries leave it, by number.

    Two people may change one claim at once, each from the same state: both changes hold, and where
    they set the same thing differently the later entry does.

    Parameters
    ----------
    entries
        All entries of the action CLAIM, oldest first.
    """
    seen: dict[str, dict[int, Claim]] = {}
    for entry in entries:
        before = seen.setdefault(entry.subject, {})
        number = len(seen)
        current = next(reversed(before.values())) if before else None
        told = _read(entry, current.number if current else number)
        base = before.get(int(entry.payload.get("from", 0)))
        if current is not None and base is not current:
            told = _merged(base or _bare(told), told, current)
        if current is not None and told.text != current.text:
            told = replace(told, former=(*current.former, current.text))
        elif current is not None:
            told = replace(told, former=current.former)
        before[entry.sequence] = told
    return [next(reversed(states.values())) for states in seen.values()]


def _read(entry: Event, number: int) -> Claim:
    data = entry.payload
    return Claim(
        id=entry.subject,
        number=number,
        text=str(data["text"]),
        statements=tuple(data.get("statements", ())),
        passages=tuple(data.get("passages", ())),
        against=tuple(data.get("against", ())),
        origin=_origin(data.get("origin")),
        state=ClaimState(data.get("state", ClaimState.OPEN)),
        coder=entry.coder,
        at=entry.at,
        sequence=entry.sequence,
    )


def _origin(data: Mapping[str, Any] | None) -> ClaimOrigin | None:
    if data is None:
        return None
    places = tuple(
        ClaimPlace(
            SourceLocation.from_json(place["location"]),
            (int(place["span"][0]), int(place["span"][1])),
            tuple(place.get("heading_path", ())),
        )
        for place in data["places"]
    )
    suggested = tuple((str(s), float(p)) for s, p in data.get("suggested_statements", ()))
    return ClaimOrigin(data["file"], data["file_sha256"], data["text"], places, suggested)


def _merged(base: Claim, told: Claim, current: Claim) -> Claim:
    """Return the current claim with what an entry changed of the older state it was made from."""
    added = {x for x in told.passages if x not in base.passages}
    opposed = {x for x in told.against if x not in base.against}
    return replace(
        told,
        text=told.text if told.text != base.text else current.text,
        statements=_list(base.statements, told.statements, current.statements),
        passages=tuple(
            x for x in _list(base.passages, told.passages, current.passages) if x not in opposed - added
        ),
        against=tuple(
            x for x in _list(base.against, told.against, current.against) if x not in added - opposed
        ),
        origin=told.origin if told.origin != base.origin else current.origin,
        state=told.state if told.state != base.state else current.state,
    )


def _bare(told: Claim) -> Claim:
    """Return what a claim that two people wrote at once was made from: its words alone."""
    return replace(told, statements=(), passages=(), against=())


def _list(base: Sequence[str], told: Sequence[str], current: Sequence[str]) -> tuple[str, ...]:
    removed = set(base) - set(told)
    kept = [x for x in current if x not in removed]
    return (*kept, *(x for x in told if x not in base and x not in kept))
