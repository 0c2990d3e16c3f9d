"""What is known of one document, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import DocumentProgress
from evidence_mapper.workflow.document_facts import (
    CONTAINER,
    DATE,
    DATE_SOURCE,
    DATE_WHY,
    OTHER_DATES,
    PROBABILITY,
    TEAM,
)
from evidence_mapper.workflow.source_type import implied_category

_STATED = (("title", "Title"), ("author", "Author, as the file says"), ("to", "To"))


def type_line(row: DocumentProgress) -> str:
    """Return a document's source type; a guess says so, with its probability."""
    document = row.document
    if document.source_type_by:
        return document.source_type.value
    probability = dict(row.facts).get(PROBABILITY)
    return f"{document.source_type.value} (guess{f' {probability}' if probability else ''})"


def detail_lines(row: DocumentProgress, framework: Framework) -> Iterator[str]:
    """Yield lines on one document: date and where it was found, who wrote it, type, copies, warnings."""
    document, facts = row.document, dict(row.facts)
    yield document.name
    yield f"  file           {document.file_sha256}, {document.media_type}"
    if CONTAINER in facts:
        yield f"  came in        {facts[CONTAINER]}"
    yield from (f"  also met as    {name}" for name in row.copies)
    if DATE in facts:
        yield f"  date           {facts[DATE]} (from {facts.get(DATE_SOURCE)}: {facts.get(DATE_WHY)})"
    else:
        yield "  date           none found"
    if OTHER_DATES in facts:
        yield f"  other dates    {facts[OTHER_DATES]}"
    yield from (f"  {label.lower():<14} {facts[key]}" for key, label in _STATED if facts.get(key))
    if TEAM in facts:
        yield f"  author team    {facts[TEAM]}"
    by = f", set by {document.source_type_by}" if document.source_type_by else ""
    yield f"  source type    {type_line(row)}{by}"
    yield f"  implies        {_category(row, framework)}"
    yield f"  passages       {row.passages}, {row.decided} decided"
    if row.unread_pages:
        yield f"  pages unread   {', '.join(str(page) for page in row.unread_pages)}"
    yield from (f"  note           {warning}" for warning in row.warnings)


def detail_json(row: DocumentProgress, framework: Framework) -> dict[str, Any]:
    """Return the facts of one document as plain data."""
    facts = dict(row.facts)
    return {
        "date": facts.get(DATE),
        "date_source": facts.get(DATE_SOURCE),
        "date_why": facts.get(DATE_WHY),
        "other_dates": facts.get(OTHER_DATES),
        "title": facts.get("title"),
        "author": facts.get("author"),
        "author_team": facts.get(TEAM),
        "source_type_probability": float(facts[PROBABILITY]) if PROBABILITY in facts else None,
        "implied_evidence_category": _category_id(row, framework),
        "container": facts.get(CONTAINER),
        "also_met_as": list(row.copies),
    }


def _category_id(row: DocumentProgress, framework: Framework) -> str | None:
    category = implied_category(row.document.source_type)
    return category if category in {c.id for c in framework.evidence_categories} else None


def _category(row: DocumentProgress, framework: Framework) -> str:
    implied = _category_id(row, framework)
    named = next((c.name.text for c in framework.evidence_categories if c.id == implied), None)
    return f"evidence category: {named}" if named else "no one evidence category: such papers hold several"
