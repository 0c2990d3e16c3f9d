"""What is read out: one fact a line, in the order in which a person needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome, Suggestion, Verdict
from evidence_mapper.domain.document import BlockKind, SourceType
from evidence_mapper.domain.framework import Framework, Statement, Verification, Wording
from evidence_mapper.domain.project import CoderDecision, Example, PassageCard, QueueFilter, QueueOrder
from evidence_mapper.domain.version import Twin
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.text import (
    ORDER_WORDS,
    STATE_WORDS,
    narrower_words,
    one_line,
    percent,
    probability_word,
    source_type_words,
    when,
)

if TYPE_CHECKING:
    from evidence_mapper.workflow.why import Why

_STANDING: Final = {
    Verification.VERBATIM: "",
    Verification.OWN: "",
    Verification.UNVERIFIED: " (unverified wording)",
    Verification.CONFLICTING: " (sources differ)",
}


def statement_name(framework: Framework, statement_id: str) -> str:
    """Return a statement's number and title, as they are typed and read: ``7. Safeguarding``."""
    for number, statement in enumerate(framework.statements, 1):
        if statement.id == statement_id:
            return f"{number}. {one_line(statement.title.text)}"
    return statement_id


def titles(framework: Framework, statements: Iterable[str]) -> str:
    """Return the titles of statements, with semicolons, as titles hold commas."""
    known = {s.id: one_line(s.title.text) for s in framework.statements}
    return "; ".join(known.get(s, s) for s in statements)


def category_name(framework: Framework, category_id: str | None) -> str:
    """Return an evidence category's name; ``no category`` for None, the id itself when unknown."""
    names = {c.id: one_line(c.name.text) for c in framework.evidence_categories}
    return names.get(category_id, category_id) if category_id else "no category"


def topic_names(framework: Framework) -> dict[str, str]:
    """Return topic id to what a person calls it: ids are abbreviations, which nobody can be read."""
    return {t.id: one_line(t.definition).rstrip(".") for t in framework.topics}


def i_statement_names(framework: Framework) -> dict[str, str]:
    """Return I statement id to its wording, in quotation marks."""
    return {i.id: f"“{one_line(i.wording.text).rstrip('.')}”" for i in framework.i_statements}


def chance(probability: float) -> str:
    """Return a probability in [0, 1] as ``likely, 87%``."""
    return f"{probability_word(probability)}, {percent(probability)}"


def decision_words(framework: Framework, decision: Decision) -> str:
    """Return the whole of a decision in one line."""
    if decision.outcome is not Outcome.CODED:
        words = "none of these" if decision.outcome is Outcome.NONE else "unsure, to come back to"
    else:
        polarity = decision.polarity.value if decision.polarity else "no polarity"
        category = category_name(framework, decision.evidence_category)
        words = f"{titles(framework, decision.accepted())}; {polarity}; {category}"
        topics, spoken = topic_names(framework), i_statement_names(framework)
        words += "".join(f"; topic {topics.get(t, t)}" for t in decision.topics)
        words += "".join(f"; I statement {spoken.get(i, i)}" for i in decision.i_statements)
    rejected = [s for s, verdict in decision.statements if verdict is Verdict.REJECTED]
    if rejected:
        words += f"; rejected: {titles(framework, rejected)}"
    return words + ("; with a note" if decision.note else "")


def twin_words(twin: Twin) -> str:
    """Return where the same words stand, and who has decided there."""
    by = ", ".join(one_line(coder) for coder in twin.decided_by)
    place = f"{one_line(twin.document_name)}, {one_line(twin.location_label)}"
    return f"{place}: {f'decided by {by}' if by else 'undecided'}."


def held_words(framework: Framework, held: CoderDecision) -> str:
    """Return who decided what, and when."""
    along = " on the version before" if held.carried else ""
    note = f" Note: {one_line(held.decision.note)}" if held.decision.note else ""
    decision = decision_words(framework, held.decision)
    return f"{one_line(held.coder)}, {when(held.at)}{along}: {decision}.{note}"


def card_lines(framework: Framework, card: PassageCard) -> Iterator[str]:
    """Yield a passage's source, its text, and what is known of it besides suggestions."""
    passage = card.passage
    yield f"Passage {passage.id}."
    yield f"From {one_line(card.document.name)}, {one_line(passage.location.label())}."
    if card.document.source_type is not SourceType.UNKNOWN:
        yield f"Kind of paper: {source_type_words(card.document.source_type)}."
    if card.also_in:
        yield f"The same words stand in {counted(len(card.also_in), 'other document')}."
    if passage.heading_path:
        yield f"Under: {' > '.join(one_line(h) for h in passage.heading_path)}."
    if passage.context:
        asked = "Question" if passage.kind is BlockKind.COMMENT else "Context"
        yield f"{asked}: {one_line(passage.context)}"
    yield "Text:"
    yield passage.text
    yield "End of text."
    if card.flag is not None:
        to = f" for {one_line(card.flag.to)}" if card.flag.to else ""
        because = f": {one_line(card.flag.reason)}" if card.flag.reason else ""
        yield f"Flagged{to} by {one_line(card.flag.coder)}, {when(card.flag.at)}{because}."
    for before in card.earlier:
        yield "The words were changed since this was decided; confirm again:"
        yield held_words(framework, before.decision)
        yield f"Then it said: {one_line(before.passage.text)}"
    if card.mine is not None:
        yield f"Decided by {held_words(framework, card.mine)}"
    if card.others:
        yield f"{counted(len(card.others), 'other coder')} decided on it; v reads that."


def suggestion_lines(framework: Framework, suggestion: Suggestion | None) -> Iterator[str]:
    """Yield what the model proposes, most likely first, each with the number that ticks it."""
    if suggestion is None:
        yield "No suggestion made yet; evidence-mapper suggest makes them."
        return
    proposed = [code for code in suggestion.statements if code.suggested]
    if not proposed and not suggestion.none_suggested:
        yield "The model makes no suggestion here."
        yield from taken_back(suggestion)
        return
    yield "Suggested by the model, not a coding:"
    for code in proposed:
        yield f"{statement_name(framework, code.id)}: {chance(code.probability)}."
    if suggestion.none_suggested:
        yield f"None of these: {chance(suggestion.none_probability)}."
    yield from taken_back(suggestion)
    if not proposed:
        return
    if suggestion.evidence_category is not None:
        found = suggestion.evidence_category
        yield f"Category: {category_name(framework, found.id)}: {chance(found.probability)}."
    if suggestion.polarity is not None:
        yield f"Polarity: {suggestion.polarity.id}: {chance(suggestion.polarity.probability)}."
    names = topic_names(framework)
    for topic in suggestion.topics:
        if topic.suggested:
            yield f"Topic: {names.get(topic.id, topic.id)}: {chance(topic.probability)}."
    wordings = i_statement_names(framework)
    for spoken in suggestion.i_statements:
        if spoken.suggested:
            yield f"I statement: {wordings.get(spoken.id, spoken.id)}: {chance(spoken.probability)}."


def taken_back(suggestion: Suggestion) -> Iterator[str]:
    """Yield why "none of these" is not suggested though it is likely of the words alone, if so."""
    if suggestion.none_taken_back:
        alone = percent(suggestion.none_probability)
        yield f"Read alone it would be none of these ({alone}); the passages around it are not."


def suggested_briefly(framework: Framework, suggestion: Suggestion | None) -> str:
    """Return in a few words what is suggested, with the least probability among it."""
    if suggestion is None:
        return "nothing yet"
    found = [s for s in suggestion.statements if s.suggested]
    if found:
        return f"{titles(framework, [s.id for s in found])}, {percent(min(s.probability for s in found))}"
    return (
        f"none of these, {percent(suggestion.none_probability)}" if suggestion.none_suggested else "nothing"
    )


def learned_line(decisions: int) -> str:
    """Return that suggestions use what was learned, or that they are the shipped classifier's."""
    if decisions:
        return f"Suggestions use what was learned from {counted(decisions, 'decision')}."
    return "Suggestions are the shipped classifier's: nothing learned here is in use."


def statement_lines(framework: Framework, draft: Draft) -> Iterator[str]:
    """Yield every statement with its number, the person's mark and the model's probability."""
    codes = {c.id: c for c in draft.suggestion.statements} if draft.suggestion else {}
    for statement in framework.statements:
        line = statement_name(framework, statement.id)
        verdict = draft.verdicts.get(statement.id)
        if verdict is not None:
            line += f": {verdict.value} by you"
        if code := codes.get(statement.id):
            line += f": {'suggested, ' if code.suggested else ''}{chance(code.probability)}"
        yield line + "."
    if draft.suggestion:
        alone = ", read alone" if draft.suggestion.none_taken_back else ""
        yield f"None of these: {chance(draft.suggestion.none_probability)}{alone}."


def marks_lines(framework: Framework, draft: Draft) -> Iterator[str]:
    """Yield the marks not recorded yet, and how to record them."""
    decision = draft.recorded()
    if decision is not None:
        yield f"Not saved yet; r saves: {decision_words(framework, decision)}."
        return
    rejected = [s for s, verdict in draft.verdicts.items() if verdict is Verdict.REJECTED]
    if rejected:
        yield f"Not saved yet; rejected: {titles(framework, rejected)}."
    if draft.category_set:
        yield f"Not saved yet; category: {category_name(framework, draft.category)}."
    if draft.polarity_set:
        yield f"Not saved yet; polarity: {draft.polarity.value if draft.polarity else 'no polarity'}."
    names = topic_names(framework) | i_statement_names(framework)
    for picked in (*(draft.topics or ()), *(draft.i_statements or ())):
        yield f"Not saved yet; picked: {names.get(picked, picked)}."
    if draft.note:
        yield f"Not saved yet; note: {one_line(draft.note)}"
    yield "a saves these with what is suggested; n and u keep only what was rejected, and the note."


def definition_lines(framework: Framework, statement: Statement) -> Iterator[str]:
    """Yield what a statement means: official wording with its standing, then our own words."""
    yield f"{statement_name(framework, statement.id)}."
    if statement.wording is None:
        yield "No official wording in this framework."
    else:
        yield from _wording("Wording", statement.wording)
    for i_statement in framework.i_statements_of(statement.id):
        yield from _wording("I statement", i_statement.wording)
    if statement.i_statements_note:
        yield f"Note: {one_line(statement.i_statements_note)}"
    if statement.definition:
        yield f"Our definition: {one_line(statement.definition)}"
    for topic in framework.topics_of(statement.id):
        yield f"Topic {topic.id}: {one_line(topic.definition)}"
        if topic.include:
            yield f"Belongs to it: {one_line(topic.include)}"
        if topic.exclude:
            yield f"Does not belong to it: {one_line(topic.exclude)}"
    for rule in statement.boundaries:
        yield f"What belongs where: {one_line(rule)}"
    for law in statement.legal_references:
        yield f"Law: {one_line(law)}"


def example_lines(examples: Iterable[Example]) -> Iterator[str]:
    """Yield passages confirmed for a statement, with their source and who confirmed them."""
    for found in examples:
        place = f"{one_line(found.document.name)}, {one_line(found.passage.location.label())}"
        yield f"Confirmed for it by {one_line(found.coder)}, in {place}:"
        yield one_line(found.passage.text)


def _wording(label: str, wording: Wording) -> Iterator[str]:
    yield f"{label}{_STANDING[wording.verification]}: {one_line(wording.text)}"
    for variant in wording.variants:
        yield f"Also found: {one_line(variant.text)}"
    for source in wording.sources:
        yield f"Source: {one_line(source.title)}"


def why_lines(framework: Framework, text: str, reasons: list[Why]) -> Iterator[str]:
    """Yield the words that carry each suggestion, and confirmed passages like it."""
    if not reasons:
        yield "Nothing is suggested here. w NUMBER explains any statement."
    for found in reasons:
        name = statement_name(framework, found.explanation.statement)
        pieces = [one_line(piece) for piece in found.phrases(text)]
        yield f"Why {name}, {chance(found.explanation.probability)}:"
        heading = found.explanation.heading
        if heading and found.by_heading:
            yield "What it stands under carries it most."
        elif not pieces:
            yield "No piece of the text carries it alone."
        yield from (f"“{piece}”" for piece in pieces)
        if heading and not found.by_heading:
            yield "What it stands under carries it too."
        for near in found.neighbours:
            yield f"Like the confirmed {near.passage.id} in {one_line(near.document)}:"
            yield one_line(near.passage.text)
        for learned in found.stand_ins:
            yield "Like a training passage, invented and not evidence:"
            yield one_line(learned.text)


def event_words(framework: Framework, event: Event) -> str:
    """Return one line of the history, with the number that takes it back."""
    words = event.action.value.replace("-", " ")
    if event.payload.get("words"):
        words = one_line(event.words)
    elif event.action in (EventAction.DECIDED, EventAction.CARRIED):
        words += f" {event.subject}: {decision_words(framework, Decision.from_json(event.payload))}"
    else:
        words += f" {event.subject}"
    return f"{event.sequence}. {when(event.at)}, {one_line(event.coder)}: {words}."


def filter_words(framework: Framework, where: QueueFilter, order: QueueOrder, document: str | None) -> str:
    """Return what the queue shows; ``document`` is the name of the one it is confined to."""
    parts = [STATE_WORDS[where.state].lower()]
    if where.statement:
        kind = {True: "confirmed ", False: "suggested ", None: ""}[where.confirmed]
        parts.append(kind + titles(framework, [where.statement]))
    if where.topic:
        parts.append(f"topic {topic_names(framework).get(where.topic, where.topic)}")
    if where.category is not None:
        parts.append(category_name(framework, where.category))
    if document is not None:
        parts.append(f"document {one_line(document)}")
    parts += narrower_words(where)
    if where.flagged is not None:
        parts.append("flagged" if where.flagged else "not flagged")
    if where.text:
        parts.append(f"with “{one_line(where.text)}”")
    return "; ".join([*parts, ORDER_WORDS[order]])
