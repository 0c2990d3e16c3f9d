"""How the evidence linked to claims stands now, and passages that might be linked next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.domain.version import Fate, PassageFate
from evidence_mapper.errors import StoreError
from evidence_mapper.workflow.claim_record import Claim
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.source_type import implied_category

if TYPE_CHECKING:
    from evidence_mapper.workflow.search import Hit

_MARKS: Final = re.compile(r'["“”„«»]|(?<!\S)-')
"""What a search would take for more than words: a claim is searched for as it reads."""

CANDIDATES: Final = 5
"""Passages proposed for a claim unless more are asked for."""
_DEPTH: Final = 40
"""Hits that are put in order."""
_K: Final = 60
"""Of the fusion: what a first place is worth beside a second."""


class Standing(StrEnum):
    """Whether a linked passage still is evidence."""

    COUNTS = "counts"
    """Confirmed, and the document's newest version says it."""
    CHANGED = "changed"
    """The newest version says something like it in other words, to be confirmed again."""
    GONE = "gone"
    """The newest version does not say it any more."""
    WITHDRAWN = "document-withdrawn"
    """A person said that the document must not count."""
    TAKEN_BACK = "taken-back"
    """Nobody's coding of it holds any more."""
    ERASED = "erased"
    """The passage is not in the project any more."""


@dataclass(frozen=True, slots=True)
class LinkedEvidence:
    """One linked passage as it stands now."""

    linked_id: str
    """Passage that was linked."""
    passage_id: str
    """Passage that says the same in the newest version; the linked one where there is no other."""
    standing: Standing
    passage: Passage | None
    """None when it was erased."""
    document: Document | None
    rows: tuple[EvidenceRow, ...] = ()
    """One for each coder whose coding holds."""
    date: str = ""
    """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``: of the document; empty when none was found."""
    now: Passage | None = None
    """What the newest version says instead, when it was changed."""

    @property
    def counts(self) -> bool:
        """Whether it still is evidence."""
        return self.standing is Standing.COUNTS

    @property
    def document_name(self) -> str:
        """Name of the document; empty when it was erased."""
        return self.document.name if self.document else ""

    @property
    def place(self) -> str:
        """Document and place in words."""
        if self.passage is None:
            return "erased from the project"
        label = self.passage.location.label()
        return f"{self.document_name}, {label}" if label else self.document_name

    @property
    def text(self) -> str:
        """The quote, verbatim; empty when it was erased."""
        return self.passage.text if self.passage else ""

    @property
    def polarities(self) -> tuple[str, ...]:
        """What coders marked it as, each once; empty when none marked it."""
        return tuple(dict.fromkeys(r.polarity for r in self.rows if r.polarity))

    @property
    def topics(self) -> frozenset[str]:
        """Topics any coder put it under."""
        return frozenset(topic for row in self.rows for topic in row.topics)

    @property
    def categories(self) -> frozenset[str]:
        """Evidence categories coders set; where none did, the one its source type implies, if any."""
        return categories_of(self.rows)


def categories_of(rows: Iterable[EvidenceRow]) -> frozenset[str]:
    """Return the evidence categories of one passage's codings; else the one its source type implies."""
    rows = list(rows)
    chosen = {row.evidence_category for row in rows}
    if not any(chosen):
        chosen = {implied_category(row.document.source_type) for row in rows}
    return frozenset(category for category in chosen if category)


class Evidence:
    """All confirmed evidence of a project, read once.

    Parameters
    ----------
    project
        An open project.
    rows
        Every confirmed row, of all versions and coders.
    dates
        Document name to its date.
    """

    def __init__(self, project: Project, rows: Iterable[EvidenceRow], dates: Mapping[str, str]) -> None:
        self._store = project.store
        self._dates = dates
        self._rows: dict[str, list[EvidenceRow]] = defaultdict(list)
        self._live: dict[str, list[EvidenceRow]] = defaultdict(list)
        self._fates: dict[str, dict[str, PassageFate]] = {}
        for row in rows:
            self._rows[row.passage.id].append(row)
        for held in list(self._rows.values()):
            for row in held:
                if not (row.superseded or row.withdrawn):
                    self._live[self._first(row)].append(row)

    @classmethod
    def read(cls, project: Project, wanted: Collection[str] | None = None) -> Evidence:
        """Return a project's evidence as it is now.

        Parameters
        ----------
        project
            An open project.
        wanted
            Ids of the passages that will be asked for: only they, and those they were carried over to and
            from, are held in memory. None holds all.
        """
        dates = {name: shown_date(facts) for name, facts in project.store.facts().items()}
        rows = project.store.evidence_rows(confirmed=True)
        if wanted is not None:
            kin = _kin(rows, wanted) if wanted else set()
            again = project.store.evidence_rows(confirmed=True) if wanted else iter(())
            rows = (row for row in again if row.passage.id in kin)
        return cls(project, rows, dates)

    def live_rows(self) -> Iterable[EvidenceRow]:
        """Yield the rows that count, in document order."""
        for rows in self._rows.values():
            yield from (row for row in rows if not (row.superseded or row.withdrawn))

    def _first(self, row: EvidenceRow) -> str:
        """Return the passage its coder decided on, however many versions ago."""
        first, before = row.passage.id, row.carried_from
        while before is not None:
            first = before
            earlier = (r.carried_from for r in self._rows.get(before, ()) if r.coder == row.coder)
            before = next(earlier, None)
        return first

    def of(self, passage_id: str) -> LinkedEvidence:
        """Return how a passage stands, followed to the newest version of its document."""
        rows = self._rows.get(passage_id, [])
        live = [row for row in rows if not (row.superseded or row.withdrawn)]
        if not live:
            origins = {self._first(row) for row in rows} or {passage_id}
            later = [row for origin in sorted(origins) for row in self._live.get(origin, [])]
            live = [row for row in later if row.passage.id == later[0].passage.id]
        if live:
            passage, document = live[0].passage, live[0].document
            return LinkedEvidence(
                passage_id,
                passage.id,
                Standing.COUNTS,
                passage,
                document,
                tuple(live),
                self._dates.get(document.name, ""),
            )
        return self._lost(passage_id, rows)

    def _lost(self, passage_id: str, rows: list[EvidenceRow]) -> LinkedEvidence:
        try:
            passage = self._store.passage(passage_id)
            document = self._store.document(passage.document_id)
        except StoreError:  # erased: what it said is not known any more
            return LinkedEvidence(passage_id, passage_id, Standing.ERASED, None, None)
        standing, now = self._why(passage, rows)
        date = self._dates.get(document.name, "")
        return LinkedEvidence(passage_id, passage_id, standing, passage, document, tuple(rows), date, now)

    def _why(self, passage: Passage, rows: list[EvidenceRow]) -> tuple[Standing, Passage | None]:
        if any(row.withdrawn for row in rows):
            return Standing.WITHDRAWN, None
        if not rows:
            return Standing.TAKEN_BACK, None
        fate = self._fates_of(passage.document_id).get(passage.id)
        if fate is not None and fate.fate is Fate.CHANGED:
            return Standing.CHANGED, fate.new
        if fate is not None and fate.fate.carries:
            return Standing.TAKEN_BACK, fate.new
        return Standing.GONE, None

    def _fates_of(self, document_id: str) -> dict[str, PassageFate]:
        if document_id not in self._fates:
            found = self._store.passage_fates(document_id, decided=True, kinds=tuple(Fate))
            self._fates[document_id] = {fate.old.id: fate for fate in found}
        return self._fates[document_id]

    def linked(self, claim: Claim) -> tuple[list[LinkedEvidence], list[LinkedEvidence]]:
        """Return what is linked for a claim, and what against it."""
        return [self.of(p) for p in claim.passages], [self.of(p) for p in claim.against]


def _kin(rows: Iterable[EvidenceRow], wanted: Collection[str]) -> set[str]:
    """Return passages with all that they were carried over to or from, over any number of versions."""
    beside: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.carried_from is not None:
            beside[row.carried_from].add(row.passage.id)
            beside[row.passage.id].add(row.carried_from)
    found, open_ones = set(wanted), list(wanted)
    while open_ones:
        fresh = beside.get(open_ones.pop(), set()) - found
        found |= fresh
        open_ones += fresh
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that search finds for a claim. It is no evidence for or against it until a person says so."""

    passage: Passage
    document: Document
    confirmed: bool
    """Whether a person's coding of it holds: only then it can be linked."""
    statements: tuple[str, ...]
    """Accepted ones where it is confirmed, else suggested ones."""
    polarity: str | None
    """As a coder marked it where it is confirmed, else as suggested; None when neither."""
    date: str
    linked: str | None = None
    """``for`` or ``against`` when the claim has it already."""

    @property
    def place(self) -> str:
        """Return document and place, as a person is told them."""
        label = self.passage.location.label()
        return f"{self.document.name}, {label}" if label else self.document.name

    @property
    def known(self) -> str:
        """Return whether a person coded it, and its polarity, as a person is told."""
        polarity = self.polarity or "no polarity"
        if self.confirmed:
            return f"candidate, confirmed by a person: {polarity}"
        return f"candidate, NOT CONFIRMED; the model suggests: {polarity}"


def candidates(
    project: Project, claim: Claim, *, limit: int = CANDIDATES, evidence: Evidence | None = None
) -> list[Candidate]:
    """Return passages that bear on a claim, most alike first.

    Whether one supports or contradicts the claim is not decided here: its polarity is a coder's where
    it is confirmed, and else marked as suggested.

    Parameters
    ----------
    project
        An open project.
    claim
        The claim, whose words are searched for.
    limit
        Most passages to return, at least 1.
    evidence
        The confirmed evidence where it is read already; None reads it.

    Raises
    ------
    ModelError
        The encoder that searches by meaning cannot be used.
    """
    from evidence_mapper.workflow.search import search

    known = evidence or Evidence.read(project)
    sides = {known.of(p).passage_id: "for" for p in claim.passages}
    sides |= {known.of(p).passage_id: "against" for p in claim.against}
    hits = search(project, _MARKS.sub(" ", claim.text), limit=max(_DEPTH, 2 * limit))
    return [
        _candidate(project, hit.passage, hit.document, known, sides.get(hit.passage.id))
        for hit in _ordered(claim, hits)[:limit]
    ]


def _ordered(claim: Claim, hits: Sequence[Hit]) -> list[Hit]:
    """Return hits by two rankings fused: all of them, and those under a statement of the claim.

    The fusion is that of the search itself: the sum of 1 / (60 + rank). Where a person named no
    statement, those suggested for the claim serve: they change the order, and nothing else.
    """
    suggested = claim.origin.suggested if claim.origin else ()
    under = set(claim.statements) or {statement for statement, _ in suggested}
    places = {hit.passage.id: 1 / (_K + rank) for rank, hit in enumerate(hits, start=1)}
    same = [hit for hit in hits if under & set(hit.statements)]
    for rank, hit in enumerate(same, start=1):
        places[hit.passage.id] += 1 / (_K + rank)
    return sorted(hits, key=lambda hit: -places[hit.passage.id])


def _candidate(
    project: Project, passage: Passage, document: Document, known: Evidence, linked: str | None
) -> Candidate:
    found = known.of(passage.id)
    if found.counts:
        statements = tuple(dict.fromkeys(s for row in found.rows for s in row.statements))
        polarity = " / ".join(found.polarities) or None
        return Candidate(passage, document, True, statements, polarity, found.date, linked)
    suggestion = project.store.suggestion(passage.id)
    return Candidate(
        passage,
        document,
        confirmed=False,
        statements=suggestion.suggested_statements() if suggestion else (),
        polarity=suggestion.polarity.id if suggestion and suggestion.polarity else None,
        date=found.date,
        linked=linked,
    )


def is_concern(polarity: str | None) -> bool:
    """Return whether a coder marked a concern, alone or with a strength."""
    return polarity in (Polarity.CONCERN, Polarity.MIXED)
