"""Guess what kind of paper a document is; a person's word overrides it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.document import BlockKind, ExtractedDocument, SourceType

_NAMES: Final[tuple[tuple[str, SourceType], ...]] = (
    (r"case[ _-]?audit|file[ _-]?audit|audit[ _-]?form|\baudits?\b", SourceType.CASE_AUDIT),
    (r"case[ _-]?(record|note|file)|contact[ _-]?record|(care|support)[ _-]?plan", SourceType.CASE_RECORD),
    (r"\bstaff\b|workforce[ _-]?survey", SourceType.STAFF_FEEDBACK),
    (r"focus[ _-]?group|transcript|interview", SourceType.FOCUS_GROUP),
    (r"complaint|ombudsman", SourceType.COMPLAINT),
    (r"survey|questionnaire|feedback[ _-]?form|comments?\b", SourceType.SURVEY_COMMENT),
    (r"self[ _-]?assessment", SourceType.SELF_ASSESSMENT),
    (r"partner", SourceType.PARTNER_FEEDBACK),
    (r"performance|dashboard|indicator|\bkpi|quarter|\bq[1-4]\b|measures", SourceType.PERFORMANCE_REPORT),
    (
        r"cabinet|committee|scrutiny|\bboard\b|minutes|agenda|decision|council[ _-]?report",
        SourceType.COMMITTEE_REPORT,
    ),
    (r"strateg|(corporate|delivery|improvement|business|local|action) plan", SourceType.STRATEGY),
    (r"priorities|statement of|market[ _-]?position", SourceType.STRATEGY),
    (r"polic|procedure|protocol|guidance|framework|standard|terms of reference", SourceType.POLICY),
)
_WORDS: Final[tuple[tuple[SourceType, float, tuple[str, ...]], ...]] = (
    (
        SourceType.COMMITTEE_REPORT,
        2.0,
        (
            r"^(?:to|from|report (?:to|of)|decision(?: no\.?| number)?|classification)\s*:",
            r"^(?:wards?(?: affected)?|cabinet member|lead officer|reporting officer)\s*:",
        ),
    ),
    (
        SourceType.COMMITTEE_REPORT,
        1.2,
        (
            r"\brecommendations?(?:\(s\))?\s*:",
            r"\bkey decision\b",
            r"\bbackground documents?\b",
            r"\b(?:members are|cabinet is|committee is) asked\b",
            r"\bminutes of\b",
            r"\bapologies\b",
        ),
    ),
    (
        SourceType.POLICY,
        1.5,
        (
            r"\bthis (?:policy|procedure|protocol|guidance|statement) (?:sets|applies|covers|is|explains)\b",
            r"\bpolicy (?:owner|statement|number)\b",
            r"\bdocument (?:control|owner)\b",
            r"\bversion (?:control|history)\b",
            r"\bterms of reference\b",
        ),
    ),
    (
        SourceType.STRATEGY,
        1.4,
        (
            r"\bstrategy (?:for )?\d{4}",
            r"\bthis strategy\b",
            r"\bour (?:vision|ambitions?|priorities)\b",
            r"\bstrategic (?:plan|aims)\b",
            r"\bshared outcomes?\b",
        ),
    ),
    (
        SourceType.PERFORMANCE_REPORT,
        1.4,
        (
            r"\bquarter(?:ly)? (?:\d|one|two|three|four|performance)",
            r"\bkey performance indicators?\b",
            r"\bkpis?\b",
            r"\bdirection of travel\b",
            r"\brag (?:rating|status)\b",
            r"\boutturn\b",
            r"\bperformance (?:report|measures)\b",
        ),
    ),
    (
        SourceType.SURVEY_COMMENT,
        1.2,
        (r"\bsurvey\b.{0,60}\b(?:respon|comment|question)", r"\bhow satisfied\b"),
    ),
    (
        SourceType.FOCUS_GROUP,
        1.4,
        (
            r"\bfocus group\b",
            r"^(?:facilitator|moderator|interviewer)\b",
            r"\bparticipants? (?:said|told|\d)",
        ),
    ),
    (
        SourceType.CASE_RECORD,
        1.2,
        (
            r"\bcase (?:notes?|records?|ref(?:erence)?)\b",
            r"\bdate of birth\b",
            r"\bnhs (?:no|number)\b",
            r"\b(?:care and support|support|care) plan for\b",
            r"\bsafeguarding (?:enquiry|concern)\b",
            r"\b(?:needs|carer'?s) assessment\b",
            r"\brecord (?:no|number)?:",
            r"\bworker:",
            r"\b(?:home|duty) visit\b",
        ),
    ),
    (
        SourceType.CASE_AUDIT,
        1.6,
        (
            r"\bcase[ -]?(?:file )?audits?\b",
            r"\bauditor\b",
            r"\baudit (?:question|date|tool|form|grade)",
        ),
    ),
    (
        SourceType.STAFF_FEEDBACK,
        1.6,
        (
            r"\bstaff (?:survey|focus|feedback|forum|conference|health)",
            r"\bmy (?:manager|team|caseload|supervision)\b",
        ),
    ),
    (
        SourceType.PARTNER_FEEDBACK,
        1.0,
        (
            r"\bpartner(?:s|ship)? (?:survey|feedback|views?)\b",
            r"\bas a (?:provider|partner)\b",
            r"\b(?:our|at my) (?:practice|surgery|ward|hospital|hub)\b",
            r"\byour (?:social workers|contracts?|team)\b",
        ),
    ),
    (
        SourceType.COMPLAINT,
        1.8,
        (
            r"\b(?:formal |stage (?:one|two|1|2) )?complain(?:t|ts|ing|ant)\b",
            r"\bombudsman\b",
            r"\bupheld\b",
        ),
    ),
    (SourceType.SELF_ASSESSMENT, 2.0, (r"\bself[ -]assessment\b",)),
    (
        SourceType.ASSESSMENT_REPORT,
        1.6,
        (r"\bassessment report\b", r"\bassessment team\b", r"\bpublished:"),
    ),
)
"""Source type, points of each different sign (two count at most) and the signs."""
_FILE: Final = 2.6
"""Points of a word in the file's own name; a folder's counts less, the farther the less."""
_FOLDER: Final = 2.0
_FORM: Final = 3.0
"""Points of a document that is mostly survey answers."""
_TURNS: Final = 2.0
"""Points of one that is mostly speakers' turns."""
_TITLE: Final = 1.6
_TITLE_WORDS: Final = 14
_TITLE_KINDS: Final = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH})
_MAIL: Final = 2.2
_UNKNOWN: Final = 1.0
"""Points of knowing nothing."""
_TEMPERATURE: Final = 0.65
"""Fitted so that probabilities and shares right agree on 40 papers, each with its name and without."""
_FIRST_PAGE: Final = 3_000
"""Characters."""

IMPLIED_CATEGORY: Final[Mapping[SourceType, str]] = {
    SourceType.POLICY: "processes",
    SourceType.STRATEGY: "processes",
    SourceType.PERFORMANCE_REPORT: "processes",
    SourceType.COMMITTEE_REPORT: "processes",
    SourceType.CASE_AUDIT: "processes",
    SourceType.SURVEY_COMMENT: "peoples-experience",
    SourceType.FOCUS_GROUP: "peoples-experience",
    SourceType.COMPLAINT: "peoples-experience",
    SourceType.STAFF_FEEDBACK: "staff-leaders",
    SourceType.PARTNER_FEEDBACK: "partners",
}
"""Evidence category that at least 85 in 100 labelled passages of a source type have.

Case records, e-mails, self-assessments and assessment reports are left out: theirs are mixed.
"""


@dataclass(frozen=True, slots=True)
class SourceGuess:
    """The likeliest source type."""

    source_type: SourceType
    probability: float
    """In (0, 1]: how often such a guess was right, roughly."""


def guess(name: str, document: ExtractedDocument) -> SourceGuess:
    """Return the likeliest source type with its probability; UNKNOWN when nothing tells.

    Words in the path, words of the first page and the form of the document each give points; the
    probability is a softmax over them.
    """
    points = _points(name, document)
    best = max(points, key=lambda kind: (points[kind], kind is not SourceType.UNKNOWN))
    total = sum(math.exp((value - points[best]) / _TEMPERATURE) for value in points.values())
    return SourceGuess(best, round(1 / total, 2))


def guess_source_type(name: str, document: ExtractedDocument) -> SourceType:
    """Return the likeliest source type."""
    return guess(name, document).source_type


def implied_category(source_type: SourceType) -> str | None:
    """Return the id of the evidence category that papers of this type nearly always are; None when mixed."""
    return IMPLIED_CATEGORY.get(source_type)


def _points(name: str, document: ExtractedDocument) -> dict[SourceType, float]:
    points: dict[SourceType, float] = dict.fromkeys(SourceType, 0.0)
    points[SourceType.UNKNOWN] = _UNKNOWN
    named = _named(name)
    if named is not None:
        points[named[0]] += named[1]
    for title in _titles(document):
        titled = _typed(title)
        if titled is not None:
            points[titled] += _TITLE
            break
    page = _first_page(document)
    for kind, weight, patterns in _WORDS:
        found = re.findall("|".join(patterns), page, re.IGNORECASE | re.MULTILINE)
        points[kind] += weight * min(len({words.casefold() for words in found}), 2)
    for kind, weight in _form(document, is_named=named is not None):
        points[kind] += weight
    return points


def _named(name: str) -> tuple[SourceType, float] | None:
    """Return the type that the path's words tell, nearest the file name first."""
    for depth, part in enumerate(reversed(name.lower().split("/"))):
        kind = _typed(part)
        if kind is not None:
            return kind, _FILE if depth == 0 else max(_FOLDER - 0.3 * (depth - 1), 1.2)
    return None


def _typed(words: str) -> SourceType | None:
    spaced = re.sub(r"[_\-.]+", " ", words.lower())
    return next((kind for pattern, kind in _NAMES if re.search(pattern, spaced)), None)


def _titles(document: ExtractedDocument) -> list[str]:
    """Return what the document calls itself: its first short lines, then its title property."""
    short = [
        b.text for b in document.blocks[:4] if b.kind in _TITLE_KINDS and len(b.text.split()) <= _TITLE_WORDS
    ]
    return [*short[:2], dict(document.metadata).get("title", "")]


def _form(document: ExtractedDocument, *, is_named: bool) -> list[tuple[SourceType, float]]:
    kinds = Counter(block.kind for block in document.blocks)
    total = sum(kinds.values())
    found = []
    if total and kinds[BlockKind.COMMENT] * 2 > total:
        found.append((SourceType.SURVEY_COMMENT, _FORM))
    if total and kinds[BlockKind.TURN] * 2 > total:
        found.append((SourceType.FOCUS_GROUP, _TURNS))
    if document.media_type in ("message/rfc822", "application/vnd.ms-outlook"):
        # Whom a message is from says more than that it is one.
        found.append((SourceType.EMAIL, _MAIL / 2 if is_named else _MAIL))
    return found


def _first_page(document: ExtractedDocument) -> str:
    title = dict(document.metadata).get("title", "")
    pieces, size = [title], 0
    for block in document.blocks:
        if size > _FIRST_PAGE or (block.location.page or 1) > 2:
            break
        pieces.append(block.text)
        size += len(block.text)
    return "\n".join(pieces)[:_FIRST_PAGE]
