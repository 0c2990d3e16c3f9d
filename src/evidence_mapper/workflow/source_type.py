"""Guess what kind of paper a document is, from its name and its form. A person's word overrides it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from evidence_mapper.domain.document import BlockKind, ExtractedDocument, SourceType

_WORDS: Final[tuple[tuple[str, SourceType], ...]] = (
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
    (r"polic|procedure|protocol|guidance|framework|standard", SourceType.POLICY),
)


def guess_source_type(name: str, document: ExtractedDocument) -> SourceType:
    """Return the likeliest source type.

    Words in the path come first, nearest the file name first; then the form: mostly survey comments,
    mostly speakers' turns, an e-mail. UNKNOWN when nothing tells.
    """
    kinds = Counter(block.kind for block in document.blocks)
    total = sum(kinds.values())
    for part in reversed(name.lower().split("/")):
        spaced = re.sub(r"[_\-.]+", " ", part)
        for pattern, source_type in _WORDS:
            if re.search(pattern, spaced):
                return _email_or(source_type, document)
    if total and kinds[BlockKind.COMMENT] * 2 > total:
        return SourceType.SURVEY_COMMENT
    if total and kinds[BlockKind.TURN] * 2 > total:
        return SourceType.FOCUS_GROUP
    return _email_or(SourceType.UNKNOWN, document)


def _email_or(source_type: SourceType, document: ExtractedDocument) -> SourceType:
    if source_type is SourceType.UNKNOWN and document.media_type == "message/rfc822":
        return SourceType.EMAIL
    return source_type
