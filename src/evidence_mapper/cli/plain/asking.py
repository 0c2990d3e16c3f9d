"""Questions with several answers: the filter, the category, the polarity, topics and I statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from evidence_mapper.cli.plain.lines import Lines
from evidence_mapper.cli.plain.words import category_name, titles
from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.dates import is_date
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, QueueOrder
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.text import ORDER_WORDS, STATE_WORDS, one_line, source_type_words

Queue = tuple[QueueFilter, QueueOrder]


@dataclass(frozen=True, slots=True)
class Known:
    """What of the project can be chosen from."""

    documents: tuple[Document, ...]
    coders: tuple[str, ...]
    sample: str | None
    """The sample drawn last; None when none was."""


def ask_filter(lines: Lines, framework: Framework, known: Known, now: Queue) -> Queue | None:
    """Ask for one field of the filter; None leaves the queue as it is."""
    where, order = now
    asked = lines.choose("Filter by", [(words, f) for f, words in _FIELD_WORDS.items()], neither=None)
    field = asked.value if asked else None
    if field is None:
        return None
    if field == "reset":
        return QueueFilter(), DEFAULT_ORDER
    if field == "order":
        by = lines.choose("Order", [(words, o) for o, words in ORDER_WORDS.items()], neither=None)
        return (where, by.value) if by and by.value else None
    changed = _ask_field(lines, framework, known, where, field)
    return (changed, order) if changed is not None else None


_FIELD_WORDS = {
    "state": "State: to review, coded, none, unsure, all",
    "statement": "Statement",
    "evidence": "Evidence: confirmed or suggested, with a statement",
    "topic": "Topic",
    "category": "Evidence category",
    "document": "Document",
    "order": "Order",
    "reset": "Everything to review, gaps first",
    "i_statement": "I statement",
    "source_type": "Kind of paper",
    "dated": "Date of the document",
    "decided_by": "Decided by a person",
    "flagged": "Flag",
    "sample": "The random sample",
    "min_probability": "How probable its most likely statement is",
}


def _ask_field(
    lines: Lines, framework: Framework, known: Known, where: QueueFilter, field: str
) -> QueueFilter | None:
    if field == "dated":
        return _ask_dates(lines, where)
    if field == "state":
        state = lines.choose("State", [(words, s) for s, words in STATE_WORDS.items()], neither=None)
        return replace(where, state=state.value) if state and state.value else None
    if field == "evidence":
        kinds = [("confirmed", True), ("suggested only", False)]
        kind = lines.choose("Evidence", kinds, neither="any")
        return replace(where, confirmed=kind.value) if kind else None
    options: dict[str, list[tuple[str, Any]]] = {
        "statement": [(s.title.text, s.id) for s in framework.statements],
        "topic": [(t.definition, t.id) for t in framework.topics],
        "category": [(c.name.text, c.id) for c in framework.evidence_categories],
        "document": [(d.name, d.id) for d in known.documents],
        "i_statement": [(i.wording.text, i.id) for i in framework.i_statements],
        "source_type": [(source_type_words(kind.value), kind.value) for kind in SourceType],
        "decided_by": [(coder, coder) for coder in known.coders],
        "flagged": [("flagged", True), ("not flagged", False)],
        "sample": [("only the sample", known.sample)] if known.sample else [],
        "min_probability": [(f"{level}% or more", level / 100) for level in (30, 50, 70, 90)],
    }
    if not options[field]:
        lines.say("There is none yet. Draw a sample: evidence-mapper remaining --sample 150")
        return None
    chosen = lines.choose(_FIELD_WORDS[field], options[field], neither="any")
    if chosen is None:
        return None
    changed: dict[str, Any] = {"document_id" if field == "document" else field: chosen.value}
    return replace(where, **changed)


def _ask_dates(lines: Lines, where: QueueFilter) -> QueueFilter | None:
    """Ask for the first and the last date; nothing for none, what is no date changes nothing."""
    dates = [
        lines.ask(f"{which} date, such as 2025 or 2025-03; nothing for any:") for which in ("First", "Last")
    ]
    for date in dates:
        if date and not is_date(date):
            lines.say(f"Nothing changed: {one_line(date)} is no date. Write 2025, 2025-03 or 2025-03-31.")
            return None
    return replace(where, dated_from=dates[0] or None, dated_to=dates[1] or None)


def ask_category(lines: Lines, framework: Framework, draft: Draft) -> None:
    """Ask for the evidence category."""
    options = [(c.name.text, c.id) for c in framework.evidence_categories]
    lines.say(f"Now: {category_name(framework, draft.shown_category())}.")
    if chosen := lines.choose("Evidence category", options, neither="no category"):
        draft.category, draft.category_set = chosen.value, True


def ask_polarity(lines: Lines, draft: Draft) -> None:
    """Ask for the polarity."""
    now = draft.shown_polarity()
    lines.say(f"Now: {now.value if now else 'no polarity'}.")
    if chosen := lines.choose("Polarity", [(p.value, p) for p in Polarity], neither="no polarity"):
        draft.polarity, draft.polarity_set = chosen.value, True


def ask_topics(lines: Lines, framework: Framework, draft: Draft) -> None:
    """Ask for topics and I statements of the statements ticked, else of those suggested."""
    proposed = draft.suggestion.suggested_statements() if draft.suggestion else ()
    statements = draft.accepted() or proposed
    topics = [t for s in statements for t in framework.topics_of(s)]
    spoken = [i for i in framework.i_statements if set(i.statement_ids) & set(statements)]
    if not topics and not spoken:
        lines.say("No topics or I statements here: tick a statement by its number first.")
        return
    options = [(f"topic: {t.definition}", t.id) for t in topics]
    options += [(f"I statement: “{i.wording.text}”", i.id) for i in spoken]
    held = {*draft.shown_topics(statements), *draft.shown_i_statements(statements)}
    title = f"Topics and I statements of {titles(framework, statements)}"
    if (ticked := lines.pick(title, options, held)) is not None:
        draft.pick([t.id for t in topics if t.id in ticked], [i.id for i in spoken if i.id in ticked])
