"""Review with names in people's own stories replaced: what is read is changed, what is recorded is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from evidence_mapper.domain.coding import Decision, Event
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import (
    CoderDecision,
    DocumentProgress,
    EarlierDecision,
    Example,
    Flag,
    PassageCard,
    QueueFilter,
    QueueOrder,
    QueueRow,
)
from evidence_mapper.domain.version import Twin
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.agreement_settle import Settling
from evidence_mapper.workflow.blind import BlindSession
from evidence_mapper.workflow.recut import Recutting
from evidence_mapper.workflow.redactor import Redactor
from evidence_mapper.workflow.released import ReleasedStore
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.search import Found, Hit

MARK: Final = "names replaced"
"""Stands behind the name of every document whose names are."""
NO_SPANS: Final = (
    "where a passage begins and ends is not changed while names are replaced: the cut would be made in words "
    "you do not see. Leave, and open the review without --redacted"
)
_WORDS: Final = ("words", "note", "reason")
_EXCERPT: Final = 120


class Redacting(ReviewSession):
    """Replaces names in all that a session gives to read; decisions, spans and ids are the project's own."""

    redacted = True

    @property
    def redactor(self) -> Redactor:
        """Return what replaces the names; the same as long as the session, and so the pseudonyms."""
        made: Redactor | None = self.__dict__.get("_redactor")
        if made is None:
            made = self.__dict__["_redactor"] = Redactor(self._store)
        return made

    def page(self, where: QueueFilter, order: QueueOrder, offset: int, limit: int) -> list[QueueRow]:
        """Return part of the queue with names replaced."""
        return [self._row(row) for row in super().page(where, order, offset, limit)]

    def card(self, passage_id: str) -> PassageCard:
        """Return a passage with its context, names replaced; the document's name says so."""
        card = super().card(passage_id)
        also_in = tuple(sorted(self.redactor.name_of(name) for name in card.also_in))
        if not self.redactor.is_story(card.document):
            return replace(card, also_in=also_in)
        story = self.redactor.passage
        return replace(
            card,
            passage=story(card.passage),
            document=self._marked(card.document),
            before=tuple(map(story, card.before)),
            after=tuple(map(story, card.after)),
            mine=self._decided(card.document, card.mine) if card.mine else None,
            others=tuple(self._decided(card.document, other) for other in card.others),
            earlier=tuple(self._earlier(card.document, each) for each in card.earlier),
            flag=self._flag(card.document, card.flag),
            also_in=also_in,
        )

    def passage(self, passage_id: str) -> Passage:
        """Return a passage alone with names replaced."""
        return self.redactor.shown(super().passage(passage_id))

    def examples(self, statement: str, passage_id: str) -> list[Example]:
        """Return passages to compare with, names replaced."""
        return [
            replace(found, passage=self.redactor.shown(found.passage), document=self._marked(found.document))
            for found in super().examples(statement, passage_id)
        ]

    def twins(self, passage_id: str) -> list[Twin]:
        """Return the passages that say the same, by the names their documents may be shown by."""
        return [
            replace(
                twin,
                document_name=self.redactor.name_of(twin.document_name),
                location_label=self.passage(twin.passage_id).location.label(),
            )
            for twin in super().twins(passage_id)
        ]

    def documents(self) -> list[DocumentProgress]:
        """Return the documents by the names they may be shown by."""
        return ReleasedStore(self._store, self.redactor).document_progress(self.coder)

    def history(self, limit: int = 200) -> list[Event]:
        """Return the latest events, with names replaced in what is said of stories' passages."""
        return [self._event(event) for event in super().history(limit)]

    def search(self, query: str, *, where: QueueFilter | None = None, limit: int = 20) -> Found:
        """Return what fits a query, which is looked for in the words as written, with names replaced."""
        found = super().search(query, where=where, limit=limit)
        return replace(found, hits=tuple(map(self._hit, found.hits)))

    @property
    def spans(self) -> Recutting:
        """What refuses to change spans, and says why."""
        return _NoRecutting(self._store, self.coder, self._now)

    @property
    def settling(self) -> Settling:
        """Where people's codings differ, with names replaced."""
        store = cast("Store", ReleasedStore(self._store, self.redactor))
        return Settling(store, self.framework, self.coder, self._now)

    def decide(self, passage_id: str, decision: Decision, *, shown: PassageCard | None = None) -> Event:
        """Record a decision; a note that was shown with names replaced, and left so, stays as written."""
        held = [d.decision.note for d in self._store.decisions(passage_id) if d.coder == self.coder]
        document = self._store.document(self._store.passage(passage_id).document_id)
        for note in held:
            if note and decision.note == self._said(document, note):
                decision = replace(decision, note=note)
        return super().decide(passage_id, decision, shown=shown)

    # -------------------------------------------------------------------------------------------
    def _row(self, row: QueueRow) -> QueueRow:
        passage = self._store.passage(row.passage_id)
        document = self._store.document(passage.document_id)
        if not self.redactor.is_story(document):
            return row
        shown = self.redactor.passage(passage)
        return replace(
            row,
            document_name=self.redactor.document_name(document),
            location_label=shown.location.label(),
            excerpt=shown.text[:_EXCERPT],
        )

    def _marked(self, document: Document) -> Document:
        if not self.redactor.is_story(document):
            return document
        return replace(document, name=f"{self.redactor.document_name(document)} · {MARK}")

    def _said(self, document: Document, words: str) -> str:
        return self.redactor.words(document.id, words) if self.redactor.is_story(document) else words

    def _decided(self, document: Document, held: CoderDecision) -> CoderDecision:
        note = held.decision.note
        if not note:
            return held
        return replace(held, decision=replace(held.decision, note=self._said(document, note)))

    def _earlier(self, document: Document, held: EarlierDecision) -> EarlierDecision:
        passage = self.redactor.passage(held.passage)
        return replace(held, passage=passage, decision=self._decided(document, held.decision))

    def _flag(self, document: Document, flag: Flag | None) -> Flag | None:
        return flag and replace(flag, reason=self._said(document, flag.reason) if flag.reason else "")

    def _event(self, event: Event) -> Event:
        if self._store.passage_key(event.subject) is None:
            return event
        document = self._store.document(self._store.passage(event.subject).document_id)
        if not self.redactor.is_story(document):
            return event
        payload: Mapping[str, Any] = {
            name: self._said(document, value) if name in _WORDS and value else value
            for name, value in event.payload.items()
        }
        return replace(event, payload=payload)

    def _hit(self, hit: Hit) -> Hit:
        if not self.redactor.is_story(hit.document):
            return hit
        whole = self._store.passage(hit.passage.id)
        spans = dict.fromkeys(self.redactor.span(whole, span) for span in hit.matched)
        return replace(
            hit,
            passage=self.redactor.passage(whole),
            document=self._marked(hit.document),
            matched=apart(spans),
        )


class RedactedSession(Redacting):
    """One coder's review with names replaced."""


class RedactedBlindSession(Redacting, BlindSession):
    """One coder's blind work on a sample with names replaced."""


def apart(spans: Mapping[Span, None]) -> tuple[Span, ...]:
    """Return spans in order, those that overlap made one: several words may lie in one pseudonym."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


class _NoRecutting(Recutting):
    def cuts(self, passage_id: str) -> list[int]:  # noqa: ARG002 - refused
        """Refuse."""
        _refuse()

    def split(self, passage_id: str, at: int) -> Event:  # noqa: ARG002 - refused
        """Refuse."""
        _refuse()

    def widen(self, passage_id: str, *, up: bool) -> Event:  # noqa: ARG002 - refused
        """Refuse."""
        _refuse()

    def undo(self, event: Event) -> Event:  # noqa: ARG002 - refused
        """Refuse."""
        _refuse()


def _refuse() -> NoReturn:
    raise UsageError(NO_SPANS)
