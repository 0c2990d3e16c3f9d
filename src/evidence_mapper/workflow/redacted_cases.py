"""Cases, journeys and coverage with names replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from evidence_mapper.domain.case import Entry, Fact
from evidence_mapper.workflow.case_coverage import CaseCoverage, CaseItem
from evidence_mapper.workflow.case_file import CaseDocument, CaseFile
from evidence_mapper.workflow.case_journey import Journey, Step
from evidence_mapper.workflow.case_pick import Looked, Picked
from evidence_mapper.workflow.redacted_view import RedactedView

_GREAT: Final = 90
"""Age from which it points to somebody."""


def shown_file(view: RedactedView, file: CaseFile) -> CaseFile:
    """Return a case under its number, with its people's names replaced in all that is read of it."""
    facts = {name: _fact(view, file, name, fact) for name, fact in file.facts.items()}
    documents = tuple(_document(view, each) for each in file.documents)
    return CaseFile(replace(file.case, id=view.case(file.case.id)), documents, facts)


def shown_journey(view: RedactedView, file: CaseFile, found: Journey) -> Journey:
    """Return the way of a case."""
    ids = {each.document.name: each.document.id for each in file.documents}
    return replace(
        found,
        case_id=view.case(found.case_id),
        steps=tuple(_step(view, ids[step.document], step) for step in found.steps),
        undated=tuple(replace(each, document=view.name(each.document)) for each in found.undated),
    )


def shown_coverage(view: RedactedView, found: CaseCoverage) -> CaseCoverage:
    """Return what a case shows of each I statement."""
    shown = tuple(
        replace(
            each,
            confirmed=tuple(_item(view, item) for item in each.confirmed),
            suggested=tuple(_item(view, item) for item in each.suggested),
        )
        for each in found.shown
    )
    return replace(found, file=shown_file(view, found.file), shown=shown)


def shown_pick(view: RedactedView, found: Picked) -> Picked:
    """Return cases drawn, not drawn and left out, each under its number."""
    return replace(
        found,
        drawn=tuple(_looked(view, each) for each in found.drawn),
        others=tuple(_looked(view, each) for each in found.others),
        excluded=tuple(_looked(view, each) for each in found.excluded),
    )


def _looked(view: RedactedView, each: Looked) -> Looked:
    def said(text: str) -> str:
        return view.without_ids(view.of_case(each.case_id, text))

    traits = {name: tuple(said(value) for value in values) for name, values in each.traits.items()}
    reasons, brings = (tuple(said(words) for words in part) for part in (each.reasons, each.brings))
    return replace(each, case_id=view.case(each.case_id), reasons=reasons, traits=traits, brings=brings)


def _fact(view: RedactedView, file: CaseFile, name: str, fact: Fact) -> Fact:
    def said(text: str) -> str:
        return view.of_case(file.case.id, text)

    values = tuple(said(value) for value in fact.values)
    if name == "age":
        values = tuple("[90 or over]" if v.strip().isdigit() and int(v) >= _GREAT else v for v in fact.values)
    return replace(
        fact,
        values=values,
        document=view.name(fact.document) if fact.document else fact.document,
        quote=None if name == "age" and values != fact.values else said(fact.quote) if fact.quote else None,
    )


def _document(view: RedactedView, each: CaseDocument) -> CaseDocument:
    own = each.document.id
    return replace(
        each,
        document=view.document(each.document),
        role_words=view.words(own, each.role_words) if each.role_words else "",
        text=view.words(own, each.text) if each.text else "",
        entries=tuple(_entry(view, own, entry) for entry in each.entries),
        passages=tuple(map(view.passage, each.passages)),
    )


def _entry(view: RedactedView, own: str, entry: Entry) -> Entry:
    return replace(
        entry,
        title=view.words(own, entry.title) if entry.title else "",
        author=view.words(own, entry.author) if entry.author else None,
    )


def _step(view: RedactedView, own: str, step: Step) -> Step:
    return replace(
        step,
        quotes=tuple(view.words(own, words) for words in step.quotes),
        title=view.words(own, step.title) if step.title else "",
        author=view.words(own, step.author) if step.author else None,
        document=view.name(step.document),
    )


def _item(view: RedactedView, item: CaseItem) -> CaseItem:
    whole, own = item.passage, item.document.id
    if not view.redactor.is_story(item.document):
        return item
    quotations = tuple(
        replace(
            each,
            span=view.redactor.span(whole, each.span),
            speaker=view.words(own, each.speaker) if each.speaker else each.speaker,
        )
        for each in item.voices.quotations
    )
    said = replace(
        item.voices,
        quotations=quotations,
        reported=tuple(view.redactor.span(whole, span) for span in item.voices.reported),
        writer=view.words(own, item.voices.writer) if item.voices.writer else item.voices.writer,
    )
    return replace(item, passage=view.passage(whole), document=view.document(item.document), voices=said)
