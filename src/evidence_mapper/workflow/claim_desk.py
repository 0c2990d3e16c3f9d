"""The claims as a person works through them: one at a time, with evidence and candidates at hand."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.claim_check import Finding, FindingKind, check_claims
from evidence_mapper.workflow.claim_evidence import Candidate, Evidence, LinkedEvidence, candidates
from evidence_mapper.workflow.claim_record import Claim
from evidence_mapper.workflow.claims import (
    all_claims,
    edit_claim,
    find_claim,
    link_claim,
    restore_claim,
    unlink_claim,
    withdraw_claim,
)
from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim in the list."""

    claim: Claim
    kinds: tuple[FindingKind, ...]
    """What a check finds, the gravest first; empty for one withdrawn."""


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """One claim with all that a person needs to link evidence to it."""

    claim: Claim
    findings: tuple[Finding, ...]
    evidence: tuple[LinkedEvidence, ...]
    """Linked for it."""
    against: tuple[LinkedEvidence, ...]
    candidates: tuple[Candidate, ...]
    """Not linked yet, most alike first."""


_NO_EVIDENCE: Final = frozenset(
    {EventAction.CLAIM, EventAction.SCORE, EventAction.RETURN_ITEM, EventAction.FLAGGED}
)
"""Entries that leave the evidence as it is."""


class _HeldEvidence:
    """The project's evidence, read anew only when it changed: of thousands of rows reading takes a while."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._held: Evidence | None = None
        self._items = self._sequence = 0

    def now(self) -> Evidence:
        """Return the evidence as it stands."""
        store = self._project.store
        with self._lock, store.at_once():
            items = store.queue_stamp("").generation
            news = store.entries([a for a in EventAction if a not in _NO_EVIDENCE], after=self._sequence)
            if self._held is None or items != self._items or news:
                self._held, self._items = Evidence.read(self._project), items
                self._sequence = news[-1].sequence if news else self._sequence
            return self._held


class ClaimDesk:
    """One coder's work on a project's claims. Safe to call from several threads.

    Parameters
    ----------
    project
        An open project.
    coder
        Name changes are recorded under.
    """

    def __init__(self, project: Project, coder: str) -> None:
        self._project = project
        self._coder = coder
        self._lock = threading.Lock()  # a search is for one thread at a time
        self._known = _HeldEvidence(project)

    @property
    def framework(self) -> Framework:
        """The project's framework."""
        return self._project.framework

    def lines(self) -> list[ClaimLine]:
        """Return every claim by number, those withdrawn last."""
        claims = all_claims(self._project)
        kinds: dict[str, dict[FindingKind, None]] = {}
        for finding in check_claims(self._project, claims=claims, evidence=self._known.now()):
            kinds.setdefault(finding.claim.id, {})[finding.kind] = None
        return [
            ClaimLine(claim, tuple(kinds.get(claim.id, {})))
            for claim in sorted(claims, key=lambda c: (not c.is_open, c.number))
        ]

    def card(self, number: int, *, limit: int) -> ClaimCard:
        """Return a claim with its evidence and at most ``limit`` candidates.

        Raises
        ------
        UsageError
            There is no such claim.
        """
        with self._lock:
            claim, known = find_claim(self._project, number), self._known.now()
            linked = len(claim.passages) + len(claim.against)
            found = candidates(self._project, claim, limit=limit + linked, evidence=known)
            evidence, against = known.linked(claim)
            return ClaimCard(
                claim,
                tuple(check_claims(self._project, claims=[claim], evidence=known)),
                tuple(evidence),
                tuple(against),
                tuple(c for c in found if c.linked is None)[:limit],
            )

    def link(self, number: int, passage_id: str, *, against: bool) -> Claim:
        """Link a confirmed passage, as evidence against the claim or for it; raises as the claims do."""
        sides = {"against" if against else "passages": [passage_id]}
        return link_claim(self._project, number, coder=self._coder, **sides)

    def unlink(self, number: int, passage_id: str) -> Claim:
        """Take a passage off the claim; raises as the claims do."""
        return unlink_claim(self._project, number, [passage_id], coder=self._coder)

    def edit(self, number: int, text: str) -> Claim:
        """Give the claim new words; raises as the claims do."""
        return edit_claim(self._project, number, coder=self._coder, text=text)

    def toggle_statement(self, number: int, statement_id: str) -> Claim:
        """Make the claim under a statement, or not any more; raises as the claims do."""
        under = find_claim(self._project, number).statements
        changed = [s for s in under if s != statement_id]
        if len(changed) == len(under):
            changed.append(statement_id)
        return edit_claim(self._project, number, coder=self._coder, statements=changed)

    def toggle_state(self, number: int) -> Claim:
        """Withdraw the claim, or make it again; raises as the claims do."""
        change = withdraw_claim if find_claim(self._project, number).is_open else restore_claim
        return change(self._project, number, coder=self._coder)

    def next_without_evidence(self, number: int) -> int | None:
        """Return the next open claim after a number, around the end, that has no evidence; None for none."""
        bare = [line.claim.number for line in self.lines() if FindingKind.NO_EVIDENCE in line.kinds]
        later = [other for other in bare if other > number]
        return next(iter(later or [other for other in bare if other != number]), None)
