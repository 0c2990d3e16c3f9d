"""Gathers a statement's part of the pack while its evidence goes by, and keeps no more than is shown."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from evidence_mapper.domain.dates import latest_day
from evidence_mapper.domain.framework import Framework, Statement
from evidence_mapper.export.self_assessment import (
    CategoryCount,
    CategoryQuotes,
    Contradiction,
    DatedDocument,
    Quote,
    TopicQuotes,
)
from evidence_mapper.workflow.confirmed import ConfirmedPassage, Counts
from evidence_mapper.workflow.evidence_age import is_older, months_old
from evidence_mapper.workflow.self_assessment_claims import PackClaims

NO_TOPIC: Final = "no topic chosen"
NO_CATEGORY: Final = "No evidence category set"
DOCUMENTS: Final = 100
"""Most documents in one list of old or undated evidence."""


@dataclass
class Shelf:
    """Keeps at most so many quotes, those of the newest documents, and each that a claim is linked to."""

    most: int
    count: int = 0
    """All that were offered."""
    _newest: list[tuple[int, int, Quote]] = field(default_factory=list)
    """A heap: (day of the document, minus the place in the order, quote)."""
    _claimed: list[tuple[int, Quote]] = field(default_factory=list)

    def offer(self, found: ConfirmedPassage, quote: Callable[[], Quote], *, claimed: bool) -> None:
        """Take a passage, given in document order, where it belongs to those that are kept."""
        self.count += 1
        if claimed:
            self._claimed.append((self.count, quote()))
            return
        day = latest_day(found.date)
        rank = (day.toordinal() if day else 0, -self.count)
        if len(self._newest) < self.most:
            heapq.heappush(self._newest, (*rank, quote()))
        elif rank > self._newest[0][:2]:
            heapq.heapreplace(self._newest, (*rank, quote()))

    def quotes(self) -> list[Quote]:
        """Return what was kept, in document order."""
        room = max(0, self.most - len(self._claimed))
        newest = sorted(self._newest, key=lambda each: each[:2], reverse=True)[:room]
        both = [*self._claimed, *((-place, quote) for _, place, quote in newest)]
        return [quote for _, quote in sorted(both, key=lambda each: each[0])]


@dataclass
class Side:
    """Strengths, concerns, or what is neither, by topic and first evidence category; "" stands for none."""

    shelves: dict[str, dict[str, Shelf]] = field(default_factory=lambda: defaultdict(dict))
    claimed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Passages by topic that a claim rests on."""


class StatementGatherer:
    """Takes the confirmed passages of one statement, one by one.

    Parameters
    ----------
    framework, statement
        What is gathered for.
    claims
        The project's.
    most
        Quotes of one topic and category on each side.
    """

    def __init__(self, framework: Framework, statement: Statement, claims: PackClaims, most: int) -> None:
        self._framework, self._statement, self._claims, self._most = framework, statement, claims, most
        self._topics = [t.id for t in framework.topics_of(statement.id)]
        self.counts: dict[str, Counts] = defaultdict(Counts)
        """By evidence category; "" for none."""
        self.all = Counts()
        self._sides = {name: Side() for name in ("strengths", "concerns", "unmarked")}
        self._both = {t: (Shelf(most), Shelf(most)) for t in self._topics}
        self._mixed: Counter[str] = Counter()
        self._documents: Counter[tuple[str, str]] = Counter()
        self.used: set[str] = set()
        """Topics with evidence."""
        self.placed: set[str] = set()
        """Passages marked a strength or a concern that claims rest on."""

    def add(self, found: ConfirmedPassage) -> None:
        """Take a passage with the codings that accept the statement."""
        made: list[Quote] = []

        def quote() -> Quote:
            if not made:
                made.append(quote_of(found, self._framework, self._claims))
            return made[0]

        self.all.add(found)
        categories = found.categories(self._framework) or ("",)
        for category in categories:
            self.counts[category].add(found)
        self._documents[found.document.name, found.date] += 1
        topics = found.topics(self._framework)
        self.used.update(topics)
        claimed = found.passage.id in self._claims.passages
        marks = [
            *(["strengths"] if found.is_strength() else []),
            *(["concerns"] if found.is_concern() else []),
        ]
        if claimed and marks:
            self.placed.add(found.passage.id)
        own = [t for t in topics if t in self._both]
        for name in marks or ["unmarked"]:
            for topic in own or [""]:
                side = self._sides[name]
                shelf = side.shelves[topic].setdefault(categories[0], Shelf(self._most))
                shelf.offer(found, quote, claimed=claimed)
                if claimed:
                    side.claimed[topic].add(found.passage.id)
        for topic in own:
            for name, shelf in zip(("strengths", "concerns"), self._both[topic], strict=True):
                if name in marks:
                    shelf.offer(found, quote, claimed=claimed)
            self._mixed[topic] += len(marks) == 2

    def topics(self, side: str, *, claims: bool = True) -> tuple[TopicQuotes, ...]:
        """Return a side by topic; a quote with several topics is quoted once and pointed to after that."""
        known = self._sides[side]
        quoted: dict[str, str] = {}
        found = []
        words = [(t.id, t.definition) for t in self._framework.topics_of(self._statement.id)]
        for topic, definition in (*words, ("", NO_TOPIC)):
            if topic not in known.shelves:
                continue
            lines = self._claims.carried(self._statement.id, known.claimed[topic]) if claims else ()
            categories = self._categories(known.shelves[topic], quoted)
            found.append(TopicQuotes(definition, lines, categories))
            for category in categories:
                for quote in category.quotes:
                    quoted.setdefault(quote.passage_id, definition)
        return tuple(found)

    def _categories(
        self, shelves: Mapping[str, Shelf], quoted: Mapping[str, str]
    ) -> tuple[CategoryQuotes, ...]:
        found = []
        for category, name in self._names():
            if category not in shelves:
                continue
            quotes = shelves[category].quotes()
            first = tuple(q for q in quotes if q.passage_id not in quoted)
            again = tuple((q, quoted[q.passage_id]) for q in quotes if q.passage_id in quoted)
            found.append(CategoryQuotes(name, first, again, shelves[category].count - len(quotes)))
        return tuple(found)

    def _names(self) -> list[tuple[str, str]]:
        return [*((c.id, c.name.text) for c in self._framework.evidence_categories), ("", NO_CATEGORY)]

    def category_counts(self) -> tuple[CategoryCount, ...]:
        """Return the counts by category; of none only where there is such evidence."""
        required = {c.id for c in self._framework.evidence_categories if c.required}
        return tuple(
            CategoryCount(
                name,
                category in required,
                self.counts[category].confirmed,
                self.counts[category].strengths,
                self.counts[category].concerns,
                self.counts[category].newest_date(),
            )
            for category, name in self._names()
            if category or self.counts[category].confirmed
        )

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return the topics with a strength and a concern; one mixed passage alone is none."""
        found = []
        for topic in self._framework.topics_of(self._statement.id):
            strengths, concerns = self._both[topic.id]
            apart = strengths.count + concerns.count - self._mixed[topic.id]
            if strengths.count and concerns.count and apart > 1:
                left, right = self._in_order(strengths.quotes()), self._in_order(concerns.quotes())
                more = strengths.count - len(left), concerns.count - len(right)
                found.append(Contradiction(topic.definition, left, right, *more))
        return tuple(found)

    def _in_order(self, quotes: Iterable[Quote]) -> tuple[Quote, ...]:
        """Return quotes by their first evidence category, in framework order; those without one last."""
        order = {c.id: n for n, c in enumerate(self._framework.evidence_categories)}
        return tuple(sorted(quotes, key=lambda q: order[q.categories[0]] if q.categories else len(order)))

    def ages(self, months: int, as_of: date) -> tuple[Sequence[DatedDocument], Sequence[DatedDocument]]:
        """Return all documents whose evidence is old, oldest first, and all without a date."""
        old, undated = [], []
        for (name, value), count in self._documents.items():
            is_old = is_older(value, months, as_of)
            if is_old is None:
                undated.append(DatedDocument(name, "", None, count))
            elif is_old:
                old.append(DatedDocument(name, value, months_old(value, as_of), count))
        old.sort(key=lambda d: (-(d.age_months or 0), d.document))
        return old, undated


def quote_of(found: ConfirmedPassage, framework: Framework, claims: PackClaims) -> Quote:
    """Return a passage as it is quoted."""
    passage = found.passage
    return Quote(
        passage_id=passage.id,
        text=passage.text,
        context=passage.context,
        document=found.document.name,
        place=passage.location.label(),
        source_type=found.document.source_type.value.replace("-", " "),
        date=found.date,
        date_source=found.date_source,
        categories=found.categories(framework),
        marks=found.marks(),
        coders=tuple(f"{r.coder}, {(r.decided_at or '')[:10]}" for r in found.rows),
        notes=tuple(f"{r.coder}: {r.note}" for r in found.rows if r.note),
        against=claims.against(passage.id),
    )
