"""The claims of a self-assessment pack, by the quotes they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from evidence_mapper.export.self_assessment import ClaimLine
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.workflow.claims import Claim


class PackClaims:
    """Open claims, and the passages they rest on as they stand now."""

    def __init__(self, project: Project) -> None:
        from evidence_mapper.workflow.claim_evidence import Evidence
        from evidence_mapper.workflow.claims import list_claims

        self._claims: list[Claim] = list_claims(project)
        wanted = {p for claim in self._claims for p in (*claim.passages, *claim.against)}
        evidence = Evidence.read(project, wanted) if self._claims else None
        self._for: dict[int, frozenset[str]] = {}
        self._against: dict[int, frozenset[str]] = {}
        for claim in self._claims:
            assert evidence is not None
            linked, opposed = evidence.linked(claim)
            self._for[claim.number] = frozenset(e.passage_id for e in linked if e.counts)
            self._against[claim.number] = frozenset(e.passage_id for e in opposed if e.counts)
        self.passages = frozenset[str]().union(*self._for.values(), *self._against.values())
        """All that claims rest on, or that speaks against them."""

    def carried(self, statement_id: str, passage_ids: Iterable[str]) -> tuple[ClaimLine, ...]:
        """Return claims made under a statement that rest on any of the passages."""
        here = set(passage_ids)
        return self._lines(
            c for c in self._claims if statement_id in c.statements and self._for[c.number] & here
        )

    def unplaced(self, statement_id: str, shown: set[str]) -> tuple[ClaimLine, ...]:
        """Return claims made under a statement that rest on none of the passages shown."""
        return self._lines(
            c for c in self._claims if statement_id in c.statements and not self._for[c.number] & shown
        )

    def loose(self) -> tuple[ClaimLine, ...]:
        """Return claims made under no statement."""
        return self._lines(c for c in self._claims if not c.statements)

    def against(self, passage_id: str) -> tuple[int, ...]:
        """Return the numbers of claims that a passage speaks against."""
        return tuple(number for number, ids in self._against.items() if passage_id in ids)

    @staticmethod
    def _lines(claims: Iterable[Claim]) -> tuple[ClaimLine, ...]:
        return tuple(ClaimLine(c.number, c.text, c.coder, c.at) for c in claims)
