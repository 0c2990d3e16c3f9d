"""What a project tells its front ends: rows of the queue, cells of the matrix, gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from evidence_mapper.domain.coding import Decision, Suggestion
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import OwnExport


class ReviewState(StrEnum):
    """Where a passage stands for one coder."""

    TO_REVIEW = "to-review"
    """No decision that holds."""
    CODED = "coded"
    NONE = "none"
    UNSURE = "unsure"
    ANY = "any"


class QueueOrder(StrEnum):
    """The order in which passages are put to a coder."""

    GAP = "gap"
    """Suggested for a statement and evidence category with nothing confirmed first, then those with
    little, then the rest; each by probability. What is covered is looked up when the queue is opened."""
    LIKELY = "likely"
    """Highest probability of any statement first."""
    UNCERTAIN = "uncertain"
    """Least certain whether any statement holds first."""
    STATEMENT = "statement"
    """Statement by statement, most likely first within each; what has no suggestion comes last."""
    DOCUMENT = "document"
    """Document by document, in reading order."""
    NEWEST = "newest"
    """Document by document, the one of the latest date first; without a date, by when it was added, last."""


DEFAULT_ORDER = QueueOrder.GAP
"""The order a review opens with."""

LITTLE = 3
"""Confirmed passages from which a statement and evidence category is no longer thin, for QueueOrder.GAP."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which passages to show; None leaves a field open."""

    state: ReviewState = ReviewState.TO_REVIEW
    statement: str | None = None
    """Suggested for, or coded with, this statement."""
    topic: str | None = None
    category: str | None = None
    """Evidence category: the coded one where there is one, else the suggested one."""
    document_id: str | None = None
    text: str | None = None
    """Case-insensitive substring of the passage."""
    confirmed: bool | None = None
    """With ``statement``: True only codings, False only suggestions; None both."""
    source_type: str | None = None
    """A value of SourceType: the kind of paper the passage's document is."""
    flagged: bool | None = None
    """True only passages put to a colleague's notice, False only others."""
    i_statement: str | None = None
    """Suggested for, or coded with, this I statement."""
    dated_from: str | None = None
    """Only documents of this date or later: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; a year that this date
    lies in counts."""
    dated_to: str | None = None
    """Only documents of this date or earlier, as ``dated_from``."""
    decided_by: str | None = None
    """Only passages on which this coder has a decision that holds."""
    sample: str | None = None
    """Only passages of this sample; the subject of its entry."""
    min_probability: float | None = None
    """Only passages whose most likely statement has this probability or more, in [0, 1]."""
    passages: tuple[str, ...] | None = None
    """Only these passages, by id, such as those of a case; an empty tuple leaves none."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    passage_id: str
    document_name: str
    location_label: str
    excerpt: str
    """First 120 characters of the passage."""
    state: ReviewState
    statement: str | None
    """Most likely statement, or the first accepted one; None when there is neither."""
    probability: float | None
    """Of the suggestion, in [0, 1]; None without one, and for accepted codings."""
    flagged: bool = False
    """Whether it is put to a colleague's notice."""


@dataclass(frozen=True, slots=True)
class QueueStamp:
    """Says whether a queue that was taken whole still stands: another stamp, another queue."""

    run: int
    """Key of the current run; 0 for none."""
    generation: int
    """Changes when documents, suggestions or what they are sorted by do."""
    decided: int
    """Decisions of the coder that hold."""
    latest: int
    """Sequence of the latest of them; 0 for none."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A passage put to a colleague's notice; the latest flag on a passage is the one that stands."""

    coder: str
    """Who put it there."""
    at: str
    """UTC, ISO 8601."""
    to: str
    """The colleague's name; empty for anybody."""
    reason: str
    """In the coder's words; empty when none was given."""


@dataclass(frozen=True, slots=True)
class CoderDecision:
    """A decision that holds, with who made it and when."""

    coder: str
    at: str
    """UTC, ISO 8601."""
    decision: Decision
    sequence: int
    """Sequence of the event that made it."""
    carried: CarriedFrom | None = None
    """Set when it was made on an earlier version: ``coder`` and ``at`` are those of that decision."""
    blind: bool = False
    """Whether the coder saw neither suggestions nor anybody's answers."""


@dataclass(frozen=True, slots=True)
class CarriedFrom:
    """Where a decision was made, when it came along to a new version of the document."""

    passage_id: str
    """The passage of the version before; the same words."""
    event_id: str
    """The event in which the coder decided."""


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What somebody decided when the passage had other words."""

    passage: Passage
    """As it was."""
    decision: CoderDecision
    similarity: float
    """Of the words then and now, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class PassageCard:
    """All that a coder needs to decide on one passage."""

    passage: Passage
    document: Document
    before: tuple[Passage, ...]
    """Up to two neighbours above, nearest last."""
    after: tuple[Passage, ...]
    suggestion: Suggestion | None
    """The machine's; None when none was made."""
    mine: CoderDecision | None
    """This coder's decision that holds."""
    others: tuple[CoderDecision, ...] = ()
    """Other coders' decisions that hold."""
    run_id: str | None = None
    """The suggestion run that was current when the card was read; None before the first."""
    earlier: tuple[EarlierDecision, ...] = ()
    """Decisions on what the passage said before its words were changed: not decisions on this one."""
    also_in: tuple[str, ...] = ()
    """Names of other documents whose newest version says the same words, in alphabetical order."""
    twins: int = 0
    """Other passages, here and elsewhere, that say the same words."""
    flag: Flag | None = None
    """The flag that stands on it; None when none does."""
    dated: tuple[str, ...] = ()
    """Days (``YYYY-MM-DD``) of the entries it stands in, as a case record states them; empty elsewhere."""


@dataclass(frozen=True, slots=True)
class Example:
    """A passage that a person confirmed for a statement."""

    passage: Passage
    document: Document
    coder: str
    decided_at: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of passages for one coder."""

    total: int
    coded: int
    none: int
    unsure: int

    @property
    def decided(self) -> int:
        """Coded, none and unsure together."""
        return self.coded + self.none + self.unsure


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """One document with its counts for one coder."""

    document: Document
    passages: int
    decided: int
    unread_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """What the file and its reading say of it, such as ("date", "2025-03-12"), without where it lies."""
    copies: tuple[str, ...] = ()
    """Other names under which the same bytes were met."""
    withdrawn: bool = False
    """Whether a person said that the document must not count; ``passages`` leaves its passages out."""


@dataclass(frozen=True, slots=True)
class CellCount:
    """Evidence of one kind for one code. ``confirmed`` is a person's, ``suggested`` the machine's."""

    confirmed: int = 0
    """Passages of documents' newest versions with a coding that holds, by any coder."""
    suggested: int = 0
    """Passages suggested and not yet decided by anyone."""
    strengths: int = 0
    """Of the confirmed, those a person marked strength or mixed."""
    concerns: int = 0
    """Of the confirmed, those a person marked concern or mixed."""
    expected: float = 0.0
    """Sum of the suggested passages' probabilities: how many a reader would likely confirm."""
    superseded: int = 0
    """Passages with a coding that holds, but of versions since replaced; not among the confirmed."""

    def __add__(self, other: CellCount) -> CellCount:
        """Add field by field."""
        return CellCount(
            self.confirmed + other.confirmed,
            self.suggested + other.suggested,
            self.strengths + other.strengths,
            self.concerns + other.concerns,
            self.expected + other.expected,
            self.superseded + other.superseded,
        )


UNCATEGORISED = ""
"""Category key of codings whose coder set no evidence category."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts of evidence by statement, by topic and by evidence category.

    A passage with two statements counts once under each.
    """

    cells: dict[tuple[str, str], CellCount] = field(default_factory=dict)
    """(statement id, evidence category id or UNCATEGORISED) to count; absent means zero."""
    rows: dict[str, CellCount] = field(default_factory=dict)
    """Statement id to count over all categories: a passage that two coders put in different categories
    counts once here."""
    topics: dict[str, CellCount] = field(default_factory=dict)
    """Topic id to count."""
    i_statements: dict[str, CellCount] = field(default_factory=dict)
    superseded: int = 0
    """Passages with an accepted statement, of versions since replaced: each once, and in no other count
    but ``superseded`` of the cells. Those whose coding came along to the newest version are not in it."""
    withdrawn: int = 0
    """Passages with an accepted statement in documents that a person withdrew: in no other count."""
    newest: dict[tuple[str, str], str] = field(default_factory=dict)
    """(statement id, evidence category id or UNCATEGORISED) to the latest date of a document with confirmed
    evidence: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; absent where no such document has a date."""
    i_newest: dict[str, str] = field(default_factory=dict)
    """I statement id to the same."""

    def newest_of(self, statement_id: str) -> str | None:
        """Return the latest date of a statement's confirmed evidence; None when none is known."""
        return max((date for (s, _), date in self.newest.items() if s == statement_id), default=None)

    def cell(self, statement_id: str, category_id: str) -> CellCount:
        """Return one cell."""
        return self.cells.get((statement_id, category_id), CellCount())

    def has_uncategorised(self) -> bool:
        """Return whether any evidence that counts has no category."""
        return any(
            category == UNCATEGORISED and (count.confirmed or count.suggested)
            for (_, category), count in self.cells.items()
        )

    def categories(self, framework: Framework) -> dict[str, str]:
        """Return evidence category id to name, in order; "No category" last when there is any such."""
        names = {c.id: c.name.text for c in framework.evidence_categories}
        return names | ({UNCATEGORISED: "No category"} if self.has_uncategorised() else {})

    def row(self, statement_id: str) -> CellCount:
        """Return the count over all evidence categories."""
        if self.rows:
            return self.rows.get(statement_id, CellCount())
        total = CellCount()
        for (statement, _), count in self.cells.items():
            if statement == statement_id:
                total += count
        return total


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not read, and why."""

    name: str
    code: str
    """Stable: the ``code`` of the ExtractionError class, such as ``encrypted``."""
    message: str
    file_sha256: str | None
    at: str

    @property
    def may_hold_evidence(self) -> bool:
        """Whether evidence may have been missed; not so for a list this program wrote itself."""
        return self.code != OwnExport.code


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One passage with everything an export needs; strings are verbatim.

    One row a passage and coder for confirmed evidence, one row a passage for suggestions.
    """

    passage: Passage
    document: Document
    status: str
    """``confirmed`` for a person's coding, ``suggested`` for the machine's; never mixed in one row."""
    statements: tuple[str, ...]
    topics: tuple[str, ...]
    i_statements: tuple[str, ...]
    evidence_category: str | None
    polarity: str | None
    probability: float | None
    """Of the first suggested statement, in [0, 1]; None for confirmed rows."""
    coder: str | None
    """None for suggested rows."""
    decided_at: str | None
    note: str | None
    run_id: str | None
    framework: str
    """``id@version``."""
    superseded: bool = False
    """True when the document has been replaced by a newer version since: the quote may no longer stand."""
    withdrawn: bool = False
    """True when a person said that the document must not count."""
    carried_from: str | None = None
    """Passage of the version the coder decided on, when the decision came along; None otherwise."""
    also_in: tuple[str, ...] = ()
    """Names of other documents whose newest version says the same words, in alphabetical order."""
    redacted: bool = False
    """Whether names in its words are replaced by pseudonyms; the span stays that of the original text."""
