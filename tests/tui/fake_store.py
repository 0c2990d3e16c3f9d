"""An in-memory store with the reads and writes a review needs, over a few invented documents."""

from __future__ import annotations

import dataclasses
import threading
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from evidence_mapper.domain.coding import (
    Decision,
    Event,
    EventAction,
    Outcome,
    RunSpec,
    SuggestedChoice,
    SuggestedCode,
    Suggestion,
)
from evidence_mapper.domain.document import BlockKind, Document, SourceLocation, SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import (
    CellCount,
    CoderDecision,
    DocumentProgress,
    EarlierDecision,
    Example,
    Flag,
    Matrix,
    Progress,
    QueueFilter,
    QueueOrder,
    QueueRow,
    QueueStamp,
    Refusal,
    ReviewState,
)
from evidence_mapper.errors import StoreError
from evidence_mapper.store.base import Store


def document(number: int, name: str, source_type: SourceType = SourceType.POLICY) -> Document:
    """Return an invented document."""
    return Document(
        id=f"doc-{number}",
        name=name,
        file_sha256=f"sha256:{number:064x}",
        media_type="application/pdf",
        source_type=source_type,
        source_type_by=None,
        pages=9,
        added_at="2026-11-20T09:00:00.000000+00:00",
    )


def passage(document_number: int, ordinal: int, text: str, **more: Any) -> Passage:
    """Return an invented passage; its text is its whole revision."""
    return Passage(
        id=f"psg-{document_number}-{ordinal}",
        revision_id=f"rev-{document_number}",
        document_id=f"doc-{document_number}",
        ordinal=ordinal,
        span=Span(0, max(1, len(text))),
        text=text,
        kind=more.pop("kind", BlockKind.PARAGRAPH),
        location=more.pop("location", SourceLocation(page=ordinal + 1)),
        heading_path=more.pop("heading_path", ("Part A", "Section 1")),
        context=more.pop("context", None),
        **more,
    )


def suggestion(framework: Framework, statements: Mapping[str, float], **more: Any) -> Suggestion:
    """Return a suggestion: statements with their probabilities, suggested from 0.4."""
    codes = [SuggestedCode(s.id, statements.get(s.id, 0.03)) for s in framework.statements]
    codes = [dataclasses.replace(c, suggested=c.probability >= 0.4) for c in codes]
    category, polarity = more.pop("category", None), more.pop("polarity", None)
    return Suggestion(
        statements=tuple(sorted(codes, key=lambda c: -c.probability)),
        topics=tuple(SuggestedCode(t, 0.7, suggested=True) for t in more.pop("topics", ())),
        i_statements=tuple(SuggestedCode(i, 0.6, suggested=True) for i in more.pop("i_statements", ())),
        evidence_category=SuggestedChoice(category, 0.8, ((category, 0.8),)) if category else None,
        polarity=SuggestedChoice(polarity, 0.7, ((polarity, 0.7),)) if polarity else None,
        none_probability=more.pop("none", 0.05),
        abstained=more.pop("abstained", False),
        none_suggested=more.pop("none_suggested", False),
    )


class FakeStore:
    """Keeps everything in lists. ``fail`` names methods that raise; ``gate`` holds a write back."""

    def __init__(
        self,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        suggestions: Mapping[str, Suggestion],
    ) -> None:
        self._documents = list(documents)
        self._passages = list(passages)
        self._by_id = {p.id: p for p in passages}
        self._suggestions = dict(suggestions)
        self.events: list[Event] = []
        self.fail: dict[str, Exception] = {}
        self.gate: threading.Event | None = None
        self.pages_asked: list[tuple[int, int]] = []
        self._order: list[int] = []
        self.run_id = "run-1"

    def as_store(self) -> Store:
        """Return itself as the protocol, of which a review uses a part."""
        return cast("Store", self)

    def _may(self, method: str) -> None:
        if method in self.fail:
            raise self.fail[method]

    # reads
    def document(self, document_id: str) -> Document:
        return next(d for d in self._documents if d.id == document_id)

    def current_run(self) -> tuple[str, RunSpec] | None:
        return self.run_id, RunSpec("model@1", "sha256:0", "cqc@1")

    def suggest_anew(self, run_id: str, suggestions: Mapping[str, Suggestion]) -> None:
        """Make another run the current one, as `suggest` in another window does."""
        self.run_id, self._suggestions = run_id, dict(suggestions)

    def passage(self, passage_id: str) -> Passage:
        self._may("passage")
        if passage_id not in self._by_id:
            raise StoreError(f"no passage {passage_id} in this project")
        return self._by_id[passage_id]

    def neighbours(
        self, passage_id: str, before: int = 2, after: int = 2
    ) -> tuple[list[Passage], list[Passage]]:
        here = self.passage(passage_id)
        same = [p for p in self._passages if p.document_id == here.document_id]
        at = same.index(here)
        return same[max(0, at - before) : at], same[at + 1 : at + 1 + after]

    def suggestion(self, passage_id: str) -> Suggestion | None:
        return self._suggestions.get(passage_id)

    def also_in(self, passage_id: str) -> tuple[int, tuple[str, ...]]:
        return 0, ()

    def flag(self, passage_id: str) -> Flag | None:
        said = [e for e in self.events if e.action is EventAction.FLAGGED and e.subject == passage_id]
        if not said or not said[-1].payload["on"]:
            return None
        last = said[-1]
        return Flag(last.coder, last.at, last.payload["to"], last.payload["reason"])

    def examples(self, statement: str, *, but: str, limit: int = 2) -> list[Example]:
        self._may("examples")
        return []

    def earlier_decisions(self, passage_id: str) -> list[EarlierDecision]:
        return []

    def decisions(self, passage_id: str) -> list[CoderDecision]:
        undone = {e.payload.get("undoes") for e in self.events if e.action is EventAction.UNDONE}
        held: dict[str, CoderDecision] = {}
        for e in self.events:
            if e.action is EventAction.DECIDED and e.subject == passage_id and e.id not in undone:
                held[e.coder] = CoderDecision(e.coder, e.at, Decision.from_json(e.payload), e.sequence)
        return [held[coder] for coder in sorted(held)]

    def _mine(self, coder: str, passage_id: str) -> Decision | None:
        return next((d.decision for d in self.decisions(passage_id) if d.coder == coder), None)

    def _state(self, coder: str, passage_id: str) -> ReviewState:
        mine = self._mine(coder, passage_id)
        return ReviewState(mine.outcome.value) if mine else ReviewState.TO_REVIEW

    def _matching(self, coder: str, where: QueueFilter, order: QueueOrder) -> Iterator[Passage]:
        found = [p for p in self._passages if self._meets(coder, p, where)]
        if order is not QueueOrder.DOCUMENT:
            found.sort(key=lambda p: -self._top(p)[1])
        return iter(found)

    def _top(self, p: Passage) -> tuple[str | None, float]:
        held = self._suggestions.get(p.id)
        return (held.statements[0].id, held.statements[0].probability) if held else (None, 0.0)

    def _meets(self, coder: str, p: Passage, where: QueueFilter) -> bool:
        made = self._suggestions.get(p.id)
        mine = self._mine(coder, p.id)
        if where.state is not ReviewState.ANY and self._state(coder, p.id) is not where.state:
            return False
        statements = {*(made.suggested_statements() if made else ()), *(mine.accepted() if mine else ())}
        category = made.evidence_category.id if made and made.evidence_category else None
        if mine and mine.evidence_category:
            category = mine.evidence_category
        return (
            (where.statement is None or where.statement in statements)
            and (where.category is None or where.category == category)
            and (where.document_id is None or where.document_id == p.document_id)
            and (where.text is None or where.text.lower() in p.text.lower())
            and (where.topic is None or (made is not None and where.topic in {t.id for t in made.topics}))
        )

    def queue_count(self, coder: str, where: QueueFilter) -> int:
        self._may("queue_count")
        return sum(1 for _ in self._matching(coder, where, QueueOrder.DOCUMENT))

    def queue(
        self, coder: str, where: QueueFilter, order: QueueOrder, offset: int, limit: int
    ) -> list[QueueRow]:
        self._may("queue")
        self.pages_asked.append((offset, limit))
        return [
            self._row(coder, p) for p in list(self._matching(coder, where, order))[offset : offset + limit]
        ]

    def _row(self, coder: str, p: Passage) -> QueueRow:
        mine = self._mine(coder, p.id)
        statement, probability = self._top(p)
        accepted = mine.accepted() if mine else ()
        name = next(d.name for d in self._documents if d.id == p.document_id)
        return QueueRow(
            passage_id=p.id,
            document_name=name,
            location_label=p.location.label(),
            excerpt=p.text[:120],
            state=self._state(coder, p.id),
            statement=accepted[0] if accepted else statement,
            probability=None if accepted or statement is None else probability,
        )

    def coders(self) -> list[str]:
        return sorted({e.coder for e in self.events})

    def entries(
        self, actions: Collection[EventAction], *, subject: str | None = None, after: int = 0
    ) -> list[Event]:
        return [
            e
            for e in self.events
            if e.action in actions and e.sequence > after and subject in (None, e.subject)
        ]

    def queue_stamp(self, coder: str) -> QueueStamp:
        self._may("queue_stamp")
        held = [d for p in self._passages if (d := self._held(coder, p.id))]
        run = zlib.crc32(self.run_id.encode())
        return QueueStamp(run, 0, len(held), max((d.sequence for d in held), default=0))

    def _held(self, coder: str, passage_id: str) -> CoderDecision | None:
        return next((d for d in self.decisions(passage_id) if d.coder == coder), None)

    def queue_numbers(self, coder: str, where: QueueFilter, order: QueueOrder) -> list[int]:
        self._may("queue_count")
        self._order = [self._passages.index(p) + 1 for p in self._matching(coder, where, order)]
        return list(self._order)

    def queue_rows(self, coder: str, numbers: Sequence[int]) -> dict[int, QueueRow]:
        self._may("queue")
        if numbers:
            self.pages_asked.append((self._order.index(numbers[0]), len(numbers)))
        return {n: self._row(coder, self._passages[n - 1]) for n in numbers}

    def queue_holds(self, coder: str, where: QueueFilter, number: int) -> bool:
        return self._meets(coder, self._passages[number - 1], where)

    def passage_key(self, passage_id: str) -> int | None:
        held = self._by_id.get(passage_id)
        return self._passages.index(held) + 1 if held else None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        yield

    def queue_position(
        self, coder: str, where: QueueFilter, order: QueueOrder, passage_id: str
    ) -> int | None:
        ids = [p.id for p in self._matching(coder, where, order)]
        return ids.index(passage_id) if passage_id in ids else None

    def progress(self, coder: str) -> Progress:
        states = [self._state(coder, p.id) for p in self._passages]
        return Progress(
            len(states),
            states.count(ReviewState.CODED),
            states.count(ReviewState.NONE),
            states.count(ReviewState.UNSURE),
        )

    def queue_first(self, coder: str, where: QueueFilter, order: QueueOrder) -> str | None:
        """Nothing is large here."""
        return None

    def keep_counts(self) -> None:
        """Nothing is kept: there is little to count."""

    def refusals(self) -> list[Refusal]:
        """Nothing was refused."""
        return []

    def suggested_among(self, run_id: str, passage_ids: Sequence[str]) -> set[str]:
        """Every passage has a suggestion."""
        return set(passage_ids)

    def unsuggested_count(self, run_id: str) -> int:
        """Every passage has a suggestion."""
        return 0

    def passage_count(self) -> int:
        """How many there are."""
        return len(self._passages)

    def document_progress(self, coder: str) -> list[DocumentProgress]:
        self._may("document_progress")
        rows = []
        for d in self._documents:
            own = [p for p in self._passages if p.document_id == d.id]
            decided = sum(self._state(coder, p.id) is not ReviewState.TO_REVIEW for p in own)
            unread = (3, 7) if d.id == "doc-1" else ()
            rows.append(DocumentProgress(d, len(own), decided, unread))
        return rows

    def matrix(self) -> Matrix:
        self._may("matrix")
        matrix = Matrix()
        for p in self._passages:
            self._count(p, matrix)
        return matrix

    def _count(self, p: Passage, matrix: Matrix) -> None:
        held = [d.decision for d in self.decisions(p.id)]
        for decision in held[:1]:
            for statement in decision.accepted():
                key = (statement, decision.evidence_category or "")
                matrix.cells[key] = matrix.cell(*key) + CellCount(confirmed=1)
        made = self._suggestions.get(p.id)
        if made is None or any(d.outcome is not Outcome.UNSURE for d in held):
            return
        for code in made.statements:
            if code.suggested and made.evidence_category:
                key = (code.id, made.evidence_category.id)
                matrix.cells[key] = matrix.cell(*key) + CellCount(suggested=1, expected=code.probability)
        for topic in made.topics:
            matrix.topics[topic.id] = matrix.topics.get(topic.id, CellCount()) + CellCount(suggested=1)

    # the record
    def append_event(
        self,
        *,
        coder: str,
        action: EventAction,
        subject: str,
        at: str,
        payload: Mapping[str, Any],
        run_id: str | None = None,
    ) -> Event:
        if self.gate is not None:
            assert self.gate.wait(10)
        self._may("append_event")
        number = len(self.events) + 1
        run = run_id or self.run_id
        event = Event(number, f"evt-{number}", at, coder, action, subject, "cqc@1", run, dict(payload))
        self.events.append(event)
        return event

    def undo(self, coder: str, at: str, sequence: int | None = None) -> Event | None:
        self._may("undo")
        undone = {e.payload.get("undoes") for e in self.events if e.action is EventAction.UNDONE}
        held = [
            e
            for e in self.events
            if e.coder == coder
            and e.action is EventAction.DECIDED
            and e.id not in undone
            and sequence in (None, e.sequence)
        ]
        if not held:
            return None
        last = held[-1]
        return self.append_event(
            coder=coder, action=EventAction.UNDONE, subject=last.subject, at=at, payload={"undoes": last.id}
        )

    def history(
        self, *, coder: str | None = None, subject: str | None = None, limit: int = 200
    ) -> list[Event]:
        self._may("history")
        return self.events[::-1][:limit]
