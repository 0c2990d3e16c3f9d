"""What a self-assessment pack holds, collected and in order; nothing in it was written by the program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """One confirmed passage with its source."""

    passage_id: str
    text: str
    """Verbatim and whole."""
    context: str | None
    """Words needed to understand the quote that are not part of it, such as the question asked."""
    document: str
    place: str
    """Page, cell or paragraph in words; empty where the format has no places."""
    source_type: str
    """In words."""
    date: str
    """Of the document: ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; empty when none was found."""
    date_source: str
    """Where the date was found; empty when none was."""
    categories: tuple[str, ...]
    """Ids of evidence categories people set, in framework order; empty when none did."""
    marks: tuple[str, ...]
    """``strength``, ``concern``, ``mixed`` or ``neutral`` as people marked it, each once; may be empty."""
    coders: tuple[str, ...]
    """Such as ``Priya, 2026-03-01``."""
    notes: tuple[str, ...] = ()
    """People's notes, such as ``Priya: check with the team``."""
    against: tuple[int, ...] = ()
    """Numbers of claims a person linked it against."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim a person wrote."""

    number: int
    text: str
    coder: str
    at: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class CategoryQuotes:
    """Quotes of one evidence category."""

    name: str
    quotes: tuple[Quote, ...]
    """To be quoted here."""
    again: tuple[tuple[Quote, str], ...] = ()
    """Quotes that carry this topic too, with the topic under which they are quoted in full."""
    more: int = 0
    """Confirmed passages that are not shown here, since there are too many."""


@dataclass(frozen=True, slots=True)
class TopicQuotes:
    """What is confirmed on one topic."""

    topic: str
    """The topic's definition, or words for quotes without a topic."""
    claims: tuple[ClaimLine, ...]
    """Claims that a person linked to one of the quotes; empty leaves a line to write one."""
    categories: tuple[CategoryQuotes, ...]
    """People's experience first."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A strength and a concern on one topic."""

    topic: str
    strengths: tuple[Quote, ...]
    concerns: tuple[Quote, ...]
    more_strengths: int = 0
    more_concerns: int = 0
    """Confirmed passages that are not shown here, since there are too many."""


@dataclass(frozen=True, slots=True)
class DatedDocument:
    """A document whose evidence is old, or has no date."""

    document: str
    date: str
    """Empty when none was found."""
    age_months: int | None
    """Whole months; None without a date."""
    passages: int
    """Confirmed passages of this statement in it."""


@dataclass(frozen=True, slots=True)
class ShownWording:
    """A wording of the framework with its standing."""

    text: str
    standing: str
    """``verbatim``, ``unverified``, ``conflicting`` or ``own``."""
    sources: tuple[str, ...]
    """Titles."""
    variants: tuple[str, ...] = ()
    """Other forms of it that were read elsewhere."""


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score a person entered."""

    value: int
    words: str
    """Of the scale."""
    coder: str
    at: str
    note: str | None


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """Confirmed evidence of one category."""

    name: str
    required: bool
    confirmed: int
    strengths: int
    """Marked strength or mixed."""
    concerns: int
    """Marked concern or mixed."""
    newest: str
    """Date of the newest document; empty when none has a date."""


@dataclass(frozen=True, slots=True)
class StatementPart:
    """One statement."""

    id: str
    number: int
    title: str
    we: ShownWording | None
    i_statements: tuple[ShownWording, ...]
    i_note: str | None
    score: ShownScore | None
    counts: tuple[CategoryCount, ...]
    confirmed: int
    strengths_confirmed: int
    """Of the confirmed passages, those anyone marked strength or mixed."""
    concerns_confirmed: int
    """Of the confirmed passages, those anyone marked concern or mixed."""
    suggested: int
    """Suggestions nobody has decided on: only how many, nothing of them."""
    strengths: tuple[TopicQuotes, ...]
    concerns: tuple[TopicQuotes, ...]
    unmarked: tuple[TopicQuotes, ...]
    """Marked neither a strength nor a concern."""
    unplaced: tuple[ClaimLine, ...]
    """Claims under the statement that no quote here carries."""
    empty_topics: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    old: tuple[DatedDocument, ...]
    """Oldest first."""
    undated: tuple[DatedDocument, ...]
    more_old: int = 0
    more_undated: int = 0
    """Documents that are not listed, since there are too many."""


@dataclass(frozen=True, slots=True)
class ThemePart:
    """A theme with its statements."""

    title: str
    statements: tuple[StatementPart, ...]


@dataclass(frozen=True, slots=True)
class ShownOverall:
    """What the published rule makes of the scores people entered."""

    line: str
    """Total, percentage and rating; or which scores are missing."""
    rule: tuple[ShownWording, ...]
    """The rule's parts; empty while a score is missing."""


@dataclass(frozen=True, slots=True)
class QuotedDocument:
    """A document quoted in the pack."""

    name: str
    source_type: str
    date: str
    pages: int | None
    passages: int
    """Confirmed in it for the statements of the pack, quoted or not."""
    file_sha256: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole of it."""

    framework: str
    """Title and version."""
    copyright: str
    project_id: str
    changed_at: str
    """When the project last changed: UTC, ISO 8601."""
    as_of: str
    """``YYYY-MM-DD``: the day ages are counted to."""
    stale_months: int
    """Evidence older than this many months is listed as old."""
    themes: tuple[ThemePart, ...]
    overall: ShownOverall | None
    """None for a framework without a published rule, or when only one statement was asked for."""
    left_out: tuple[str, ...]
    """What is not in the pack, and why."""
    documents: tuple[QuotedDocument, ...]
    """Those that a quote is from."""
    unverified: tuple[str, ...]
    """A line for each part of the framework that is not official text."""
    loose_claims: tuple[ClaimLine, ...] = ()
    """Claims under no statement."""
    scored: bool = True
    """Whether people can enter scores: a published rule is kept for the framework."""
    privacy: str = ""
    """What the reader must know of names that were replaced; empty where none were."""
    passages: int = 0
    """Confirmed for the statements of the pack, quoted or not."""
    quotes: int = 0
    """Most quotes of one topic and evidence category on each side."""
    more_documents: int = 0
    """Documents with confirmed passages of which none is quoted."""
    is_cut: bool = False
    """Whether there was more to quote somewhere."""
