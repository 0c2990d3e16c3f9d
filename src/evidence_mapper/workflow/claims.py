"""The claims ledger: what an officer says of the council, and the evidence for and against each claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.claim_record import (
    Claim,
    ClaimOrigin,
    ClaimPlace,
    ClaimState,
    claim_payload,
    claims_of,
)
from evidence_mapper.workflow.claim_rules import (
    check_apart,
    check_evidence,
    check_statements,
    checked_text,
)
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project

__all__ = [
    "Claim",
    "ClaimOrigin",
    "ClaimPlace",
    "ClaimState",
    "add_claim",
    "all_claims",
    "check_evidence",
    "check_statements",
    "edit_claim",
    "find_claim",
    "link_claim",
    "list_claims",
    "record_imported",
    "restore_claim",
    "unlink_claim",
    "withdraw_claim",
]

_EXCERPT: Final = 60


def all_claims(project: Project) -> list[Claim]:
    """Return every claim, those withdrawn too, by number."""
    return claims_of(project.store.entries([EventAction.CLAIM]))


def list_claims(project: Project, *, statement: str | None = None, withdrawn: bool = False) -> list[Claim]:
    """Return claims by number.

    Parameters
    ----------
    project
        An open project.
    statement
        Only claims made under this statement; None takes all.
    withdrawn
        Also those withdrawn.

    Raises
    ------
    UsageError
        The framework has no such statement.
    """
    if statement is not None:
        check_statements(project, [statement])
    return [
        claim
        for claim in all_claims(project)
        if (withdrawn or claim.is_open) and (statement is None or statement in claim.statements)
    ]


def find_claim(project: Project, name: str | int) -> Claim:
    """Return a claim by its number or id.

    Raises
    ------
    UsageError
        There is none.
    """
    claims, wanted = all_claims(project), str(name).removeprefix("#")
    for claim in claims:
        if wanted in (str(claim.number), claim.id):
            return claim
    there = f"there are 1 to {len(claims)}" if claims else "there is none yet"
    raise UsageError(f"no claim {name}; {there}. List them: evidence-mapper claim list")


def add_claim(
    project: Project,
    text: str,
    *,
    coder: str,
    statements: Sequence[str] = (),
    passages: Sequence[str] = (),
    against: Sequence[str] = (),
) -> Claim:
    """Record a new claim.

    Parameters
    ----------
    project
        An open project.
    text
        The officer's own words.
    coder
        Who makes it.
    statements
        Ids of statements it is made under.
    passages, against
        Ids of confirmed passages that speak for it, and against it.

    Raises
    ------
    UsageError
        The text is empty or too long, a statement is not in the framework, or a passage is not
        evidence that a person confirmed. Nothing was recorded.
    StoreError
        The project cannot be written.
    """
    text, at = checked_text(text), utc_now()
    check_statements(project, statements)
    check_apart(passages, against)
    check_evidence(project, (*passages, *against))
    claims = all_claims(project)
    claim = Claim(
        id=_new_id(project, claims, "typed", at, coder, text),
        number=len(claims) + 1,
        text=text,
        statements=_in_order(project, statements),
        passages=_once(passages),
        against=_once(against),
        origin=None,
        state=ClaimState.OPEN,
        coder=coder,
        at=at,
        sequence=0,
    )
    return _record(project, claim, coder, _written(text))


def record_imported(
    project: Project, drafts: Sequence[tuple[str, Sequence[str], ClaimOrigin]], *, coder: str
) -> list[Claim]:
    """Record a draft's sentences as new claims, one entry each, and return them.

    Parameters
    ----------
    project
        An open project.
    drafts
        (text, ids of statements, where the draft says it) of sentences that are no claims yet.
    coder
        Whose claims they are.

    Raises
    ------
    UsageError
        A text is empty or too long; nothing was recorded.
    StoreError
        The project cannot be written; those before are kept.
    """
    claims = all_claims(project)
    for text, _, _ in drafts:
        checked_text(text)
    for text, statements, origin in drafts:
        # The sentence gives the id: two people who bring in one draft at once make one claim of it.
        claim = Claim(
            id=_new_id(project, claims, "imported", origin.text),
            number=len(claims) + 1,
            text=text.strip(),
            statements=_in_order(project, statements),
            passages=(),
            against=(),
            origin=origin,
            state=ClaimState.OPEN,
            coder=coder,
            at=utc_now(),
            sequence=0,
        )
        claims.append(claim)
        _append(project, claim, coder, _written(text))
    made = {claim.id for claim in claims[len(claims) - len(drafts) :]}
    return [claim for claim in all_claims(project) if claim.id in made]


def link_claim(
    project: Project,
    name: str | int,
    *,
    coder: str,
    passages: Sequence[str] = (),
    against: Sequence[str] = (),
) -> Claim:
    """Link confirmed passages to a claim; one linked the other way changes sides.

    Raises
    ------
    UsageError
        No such claim, it is withdrawn, a passage is not confirmed, or nothing would change.
    """
    claim = _open(project, name)
    check_apart(passages, against)
    check_evidence(project, (*passages, *against))
    changed = replace(
        claim,
        passages=_once([*(p for p in claim.passages if p not in against), *passages]),
        against=_once([*(p for p in claim.against if p not in passages), *against]),
    )
    if changed == claim:
        raise UsageError(
            f"claim {claim.number} is linked so already, or no passage was named; see it with "
            f"evidence-mapper claim show {claim.number}"
        )
    told = [f"for: {', '.join(passages)}"] if passages else []
    told += [f"against: {', '.join(against)}"] if against else []
    return _record(project, changed, coder, f"claim {claim.number} linked, {'; '.join(told)}")


def unlink_claim(project: Project, name: str | int, passages: Sequence[str], *, coder: str) -> Claim:
    """Take passages off a claim, on whichever side they are.

    Raises
    ------
    UsageError
        No such claim, it is withdrawn, or a passage is not linked to it.
    """
    claim = _open(project, name)
    linked = (*claim.passages, *claim.against)
    for passage in passages:
        if passage not in linked:
            there = ", ".join(linked) or "none"
            raise UsageError(f"{passage} is not linked to claim {claim.number}; linked are: {there}")
    changed = replace(
        claim,
        passages=tuple(p for p in claim.passages if p not in passages),
        against=tuple(p for p in claim.against if p not in passages),
    )
    return _record(project, changed, coder, f"claim {claim.number} unlinked from {', '.join(passages)}")


def edit_claim(
    project: Project,
    name: str | int,
    *,
    coder: str,
    text: str | None = None,
    statements: Sequence[str] | None = None,
    origin: ClaimOrigin | None = None,
) -> Claim:
    """Change a claim's words or its statements; None leaves them, and the record keeps what they were.

    Parameters
    ----------
    project, name, coder
        As elsewhere.
    text
        The new words.
    statements
        The statements it is made under from now on; empty for none.
    origin
        Where a newer draft says it in these words.

    Raises
    ------
    UsageError
        No such claim, it is withdrawn, a statement is not in the framework, or nothing would change.
    """
    claim = _open(project, name)
    check_statements(project, statements or ())
    changed = replace(
        claim,
        text=claim.text if text is None else checked_text(text),
        statements=claim.statements if statements is None else _in_order(project, statements),
        origin=origin or claim.origin,
    )
    if changed == claim:
        raise UsageError(
            f"claim {claim.number} says so already; nothing was changed. Give new words, or --statement: "
            "evidence-mapper claim edit --help"
        )
    told = [f"now “{_short(changed.text)}”"] if changed.text != claim.text else []
    if changed.statements != claim.statements:
        told.append(f"under {', '.join(changed.statements) or 'no statement'}")
    told = told or ["found in a newer draft"]
    return _record(project, changed, coder, f"claim {claim.number} {', '.join(told)}")


def withdraw_claim(project: Project, name: str | int, *, coder: str) -> Claim:
    """Withdraw a claim: it is kept, and counts and is checked no more.

    Raises
    ------
    UsageError
        No such claim, or it is withdrawn already.
    """
    claim = _open(project, name)
    changed = replace(claim, state=ClaimState.WITHDRAWN)
    return _record(project, changed, coder, f"claim {claim.number} withdrawn")


def restore_claim(project: Project, name: str | int, *, coder: str) -> Claim:
    """Make a withdrawn claim again, with the evidence it had.

    Raises
    ------
    UsageError
        No such claim, or it is not withdrawn.
    """
    claim = find_claim(project, name)
    if claim.is_open:
        raise UsageError(f"claim {claim.number} is not withdrawn; nothing was changed")
    changed = replace(claim, state=ClaimState.OPEN)
    return _record(project, changed, coder, f"claim {claim.number} made again")


def _open(project: Project, name: str | int) -> Claim:
    claim = find_claim(project, name)
    if not claim.is_open:
        raise UsageError(
            f"claim {claim.number} is withdrawn: evidence-mapper claim restore {claim.number}, then again"
        )
    return claim


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _in_order(project: Project, statements: Sequence[str]) -> tuple[str, ...]:
    return tuple(s.id for s in project.framework.statements if s.id in statements)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"


def _written(text: str) -> str:
    return f"claim written: “{_short(text)}”"


def _new_id(project: Project, claims: Iterable[Claim], *source: str) -> str:
    taken = {claim.id for claim in claims}
    made = derived_id("clm", project.store.info.id, *source)
    while made in taken:
        made = derived_id("clm", made)
    return made


def _record(project: Project, claim: Claim, coder: str, words: str) -> Claim:
    _append(project, claim, coder, words)
    return find_claim(project, claim.id)


def _append(project: Project, claim: Claim, coder: str, words: str) -> None:
    project.store.append_event(
        coder=coder,
        action=EventAction.CLAIM,
        subject=claim.id,
        at=utc_now(),
        payload=claim_payload(claim, words),
    )
