"""What the review screen says in words."""

from __future__ import annotations

from textual.content import Content

from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import PassageCard, QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.text import (
    ACCEPTED_MARK,
    ORDER_WORDS,
    POLARITY_MARKS,
    STATE_WORDS,
    SUGGESTED_LABEL,
    SUGGESTED_MARK,
    narrower_words,
    one_line,
    percent,
    probability_word,
    when,
)
from evidence_mapper.tui.view import View

Part = str | Content | tuple[str, str]

_IF = ", if you tick"
"""Behind what the model says of a passage that nothing is ticked or suggested for: it is not recorded."""
_TOPICS = 20
"""Cells beside the polarity in the narrowest pane."""


def titles(framework: Framework, statements: tuple[str, ...]) -> str:
    """Return the titles of statements, with commas."""
    known = {s.id: one_line(s.title.text) for s in framework.statements}
    return ", ".join(known.get(s, s) for s in statements)


def category_name(framework: Framework, category_id: str | None) -> str:
    """Return an evidence category's name; ``none set`` for None, the id itself when unknown."""
    names = {c.id: one_line(c.name.text) for c in framework.evidence_categories}
    return names.get(category_id, category_id) if category_id else "none set"


def decision_words(framework: Framework, decision: Decision) -> str:
    """Return a decision as words: ``Coded Safeguarding``, ``None of these``, ``Unsure``."""
    if decision.outcome is Outcome.CODED:
        return f"Coded {titles(framework, decision.accepted())}"
    return "None of these" if decision.outcome is Outcome.NONE else "Unsure"


def undone_words(together: int) -> str:
    """Return what an undo took back: one decision, or several recorded together."""
    if together > 1:
        return (
            f"Undone: {together:,} decisions recorded together are taken back; any changed since then stay."
        )
    return "Undone: your decision on this passage is taken back."


def filter_words(framework: Framework, where: QueueFilter, order: QueueOrder) -> str:
    """Return what the queue shows, in words."""
    parts = [STATE_WORDS[where.state]]
    if where.statement:
        kind = {True: "confirmed ", False: "suggested ", None: ""}[where.confirmed]
        parts.append(kind + titles(framework, (where.statement,)))
    if where.topic:
        parts.append(f"topic {where.topic}")
    if where.category is not None:
        parts.append(category_name(framework, where.category))
    if where.document_id:
        parts.append("one document")
    if where.flagged is not None:
        parts.append("flagged" if where.flagged else "not flagged")
    parts += narrower_words(where)
    if where.text:
        parts.append(f"“{one_line(where.text)}”")
    return " · ".join([*parts, ORDER_WORDS[order]])


def provenance(card: PassageCard | None) -> Content:
    """Return who says what is marked: the coder's own decision, else the machine's suggestion."""
    if card is None:
        return Content("Statements")
    if card.mine is not None:
        held = card.mine
        what = {Outcome.CODED: "Coded", Outcome.NONE: "None of these", Outcome.UNSURE: "Unsure"}
        along = "on the version before, " if held.carried else ""
        words = f"{ACCEPTED_MARK} {what[held.decision.outcome]} by {one_line(held.coder)} {along}"
        return Content.assemble((words, "bold $em-good"), (when(held.at), "$em-dim"))
    if card.suggestion is None:
        return Content("No suggestion made yet")
    if card.suggestion.abstained:
        return Content("The model makes no suggestion here")
    return Content.assemble((SUGGESTED_MARK + " ", "$em-suggest"), (SUGGESTED_LABEL, "bold"))


def fields(framework: Framework, draft: Draft | None) -> Content:
    """Return the lines under the statements: none of these, evidence category, polarity, topics."""
    if draft is None:
        return Content("")
    parts: list[Part] = [("n ", "bold $em-key"), *_none(draft)]
    category, bare = draft.shown_category(), _is_bare(draft)
    machine = draft.suggestion is not None and draft.suggestion.evidence_category is not None
    mark = _mark(
        by_person=draft.category_set, present=category is not None and (machine or draft.category_set)
    )
    parts += ["\n", ("c ", "bold $em-key")]
    if bare and category and not draft.category_set:
        parts += [(f"  {category_name(framework, category)}{_IF}", "$em-dim")]
    else:
        parts += [mark, category_name(framework, category)]
    polarity = draft.shown_polarity()
    mark = _mark(by_person=draft.polarity_set, present=polarity is not None)
    words = f"{POLARITY_MARKS[polarity]} {polarity.value}" if polarity else "polarity not set"
    parts += ["\n", ("p ", "bold $em-key")]
    if bare and polarity and not draft.polarity_set:
        parts += [(f"  {words}{_IF}", "$em-dim")]
    else:
        parts += [mark, words]
    return Content.assemble(*parts, *_extras(draft))


def _is_bare(draft: Draft) -> bool:
    """Return whether no statement is ticked or suggested, so that category and polarity are of nothing."""
    return not (draft.accepted() or (draft.suggestion and draft.suggestion.suggested_statements()))


def _none(draft: Draft) -> list[Part]:
    if draft.suggestion is None:
        return ["  None of these"]
    probability = draft.suggestion.none_probability
    mark = _mark(by_person=False, present=draft.suggestion.none_suggested)
    figures = f"  {probability_word(probability)} {percent(probability)}"
    if draft.suggestion.none_taken_back:
        figures += " read alone"
    return [mark, "None of these", (figures, "$em-suggest" if draft.suggestion.none_suggested else "$em-dim")]


def _extras(draft: Draft) -> list[Part]:
    """Return topics and note, beside the polarity."""
    proposed = draft.suggestion.suggested_statements() if draft.suggestion else ()
    statements = draft.accepted() or proposed
    topics, spoken = draft.shown_topics(statements), draft.shown_i_statements(statements)
    mark = _mark(by_person=draft.topics is not None, present=bool(topics or spoken))
    beside = f", {len(spoken)} I" if spoken else ""
    names = ", ".join(topics)  # what is accepted is seen by its name where there is room for it
    room = _TOPICS - len(beside) - (len("  m note") if draft.note else 0)
    words = (names if topics and len(names) <= room else counted(len(topics), "topic")) + beside
    parts: list[Part] = [("  t ", "bold $em-key"), mark, words]
    if draft.note:
        parts += [("  m ", "bold $em-key"), "note"]
    return parts


def _mark(*, by_person: bool, present: bool) -> tuple[str, str]:
    if not present:
        return ("  ", "")
    return (f"{ACCEPTED_MARK} ", "$em-good") if by_person else (f"{SUGGESTED_MARK} ", "$em-suggest")


def draft_words(framework: Framework, draft: Draft) -> str:
    """Return what enter would record."""
    decision = draft.recorded()
    if decision is None:
        return "Not recorded yet; no statement is ticked: 1-9 tick, a accept, n none, u unsure."
    polarity = decision.polarity.value if decision.polarity else "no polarity"
    category = category_name(framework, decision.evidence_category)
    proposed = draft.suggestion.suggested_statements() if draft.suggestion else ()
    dropped = sum(statement not in draft.verdicts for statement in proposed)
    rest = f"; {counted(dropped, 'other suggestion')} rejected" if dropped else ""
    rest += _not_taken(draft, decision)
    return f"enter records: {titles(framework, decision.accepted())}; {category}; {polarity}{rest}"


def _not_taken(draft: Draft, decision: Decision) -> str:
    """Return how many topics and I statements suggested under what is ticked were not picked."""
    topics = set(draft.shown_topics(decision.accepted())) - {*decision.topics}
    spoken = set(draft.shown_i_statements(decision.accepted())) - {*decision.i_statements}
    counts = [(topics, "suggested topic"), (spoken, "suggested I statement")]
    words = " and ".join(counted(len(ids), noun) for ids, noun in counts if ids)
    return f"; {words} not taken (t picks)" if words else ""


def empty_words(view: View) -> tuple[str, str]:
    """Return a title and what to do next, when the queue is empty."""
    progress = view.progress
    if not progress.total:
        return "No passages yet", (
            "Leave with q, then read documents, have statements suggested, and come back:\n\n"
            "  evidence-mapper add FOLDER\n"
            "  evidence-mapper suggest\n"
            "  evidence-mapper review"
        )
    plain = QueueFilter(state=ReviewState.TO_REVIEW)
    if view.where == plain:
        return "Everything is decided", (
            f"All {counted(progress.total, 'passage')} have a decision of yours: {progress.coded:,} coded, "
            f"{progress.none:,} none of these, {progress.unsure:,} unsure.\n\n"
            "  g   see what is covered and what is missing\n"
            "  U   show those you are unsure of\n"
            "  f   show any other passages\n"
            "  q   leave, then: evidence-mapper export"
        )
    return (
        "No passage meets this filter",
        "  f   change the filter (ctrl+r there resets it)\n  /   change the words",
    )
