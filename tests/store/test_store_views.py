"""The queue, the matrix and the evidence rows against a plain reckoning in Python."""

from __future__ import annotations

import dataclasses
import itertools
import random

import pytest
from tests.store.builders import CATEGORIES, NOW, STATEMENTS, coded, reading, suggestion

from evidence_mapper.domain.coding import (
    Decision,
    EventAction,
    Outcome,
    Polarity,
    RunSpec,
    Suggestion,
    Verdict,
)
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    LITTLE,
    UNCATEGORISED,
    CellCount,
    Matrix,
    QueueFilter,
    QueueOrder,
    ReviewState,
)
from evidence_mapper.store.base import Store

SPEC = RunSpec("head@1", "sha256:aa", "cqc-local-authority@2024")
TOPICS = ("topic-1", "topic-2")


def decide(store: Store, passage: str, decision: Decision, coder: str = "ann") -> None:
    store.append_event(
        coder=coder, action=EventAction.DECIDED, subject=passage, at=NOW, payload=decision.to_json()
    )


class Reckoning:
    """A made-up project kept twice: in the store and in dictionaries."""

    def __init__(self, store: Store, seed: int) -> None:
        chance = random.Random(seed)
        self.store = store
        self.passages: list[Passage] = []
        self.suggestions: dict[str, Suggestion] = {}
        self.decisions: dict[tuple[str, str], Decision] = {}
        run = store.start_run(SPEC, NOW)
        for name in ("b.txt", "a.txt", "c.txt"):
            ingested = reading(name, [f"{name} passage {n} {'É_50%' * (n % 3)}" for n in range(14)])
            store.add_document(ingested)
            self.passages += ingested.passages
        for passage in self.passages:
            if chance.random() < 0.85:
                self.suggestions[passage.id] = self._suggest(chance)
        store.save_suggestions(run, list(self.suggestions.items()))
        for coder, passage in itertools.product(("ann", "bob"), self.passages):
            if chance.random() < 0.5:
                decision = self._decide(chance)
                decide(store, passage.id, decision, coder)
                self.decisions[coder, passage.id] = decision

    @staticmethod
    def _suggest(chance: random.Random) -> Suggestion:
        return suggestion(
            *((s, chance.choice([0.2, 0.5, 0.7, 0.95])) for s in chance.sample(STATEMENTS[:4], 2)),
            none=chance.choice([0.1, 0.4, 0.8]),
            category=chance.choice([None, *CATEGORIES]),
            topics=chance.sample(TOPICS, chance.randint(0, 2)),
        )

    @staticmethod
    def _decide(chance: random.Random) -> Decision:
        outcome = chance.choice([Outcome.CODED, Outcome.CODED, Outcome.NONE, Outcome.UNSURE])
        if outcome is not Outcome.CODED:
            return Decision(outcome)
        return coded(
            *chance.sample(STATEMENTS[:4], chance.randint(1, 3)),
            rejected=[STATEMENTS[5]],
            category=chance.choice([None, *CATEGORIES[1:3]]),
            polarity=chance.choice([None, *Polarity]),
            topics=chance.sample(TOPICS, 1),
        )

    def made(self, passage: str) -> list[Decision]:
        return [d for (_, subject), d in self.decisions.items() if subject == passage]

    def undecided(self, passage: str) -> bool:
        return all(d.outcome is Outcome.UNSURE for d in self.made(passage))

    def suggested(self, passage: str, kind: str) -> list[str]:
        found = self.suggestions.get(passage)
        return [code.id for code in getattr(found, kind, ()) if code.suggested]

    def category(self, passage: str) -> str:
        found = self.suggestions.get(passage)
        return found.evidence_category.id if found and found.evidence_category else UNCATEGORISED

    def keeps(self, passage: Passage, coder: str, where: QueueFilter) -> bool:
        own = self.decisions.get((coder, passage.id))
        if where.state is not ReviewState.ANY:
            state = ReviewState(own.outcome.value) if own else ReviewState.TO_REVIEW
            if state is not where.state:
                return False
        if where.document_id not in (None, passage.document_id):
            return False
        if where.text and where.text.casefold() not in passage.text.casefold():
            return False
        return self.keeps_code(passage.id, where)

    def keeps_code(self, passage: str, where: QueueFilter) -> bool:
        codings = [d for d in self.made(passage) if d.outcome is Outcome.CODED]
        if where.confirmed is False and not self.undecided(passage):
            return False
        if where.confirmed is True and where.category is not None:
            codings = [d for d in codings if (d.evidence_category or "") == where.category]
        if where.confirmed is True and not codings:
            return False
        by_person = {code for d in codings for code in (*d.accepted(), *d.topics)}
        by_machine = {*self.suggested(passage, "statements"), *self.suggested(passage, "topics")}
        allowed = {True: by_person, False: by_machine, None: by_person | by_machine}[where.confirmed]
        if any(code is not None and code not in allowed for code in (where.statement, where.topic)):
            return False
        if where.category is None or where.confirmed is True:
            return True
        person = {d.evidence_category for d in codings if d.evidence_category}
        if any((d.evidence_category or "") == where.category for d in codings):
            return True
        return not person and self.category(passage) == where.category

    def key(self, passage: Passage, order: QueueOrder) -> tuple[float | str, ...]:
        place = self.passages.index(passage)
        made = self.suggestions.get(passage.id)
        if order is QueueOrder.DOCUMENT:
            return (place,)
        if order is QueueOrder.NEWEST:
            return (-(place // 14), place)  # no document has a date: the one added last comes first
        likely = (9.0, place) if made is None else (-made.statements[0].probability, place)
        chosen = self.suggested(passage.id, "statements")
        if order is QueueOrder.STATEMENT:
            codes = made.statements if made else ()
            return (min(((-c.probability, c.id) for c in codes if c.suggested), default=(0, "~"))[1], *likely)
        if order is QueueOrder.GAP:
            return (self.bareness(passage.id, chosen), *likely)
        if made is None or order is QueueOrder.LIKELY:
            return likely
        return (abs(made.statements[0].probability - made.none_probability), place)

    def bareness(self, passage: str, statements: list[str]) -> int:
        counts = [self.confirmed(s, self.category(passage)) for s in statements]
        return min((0 if not n else 1 if n < LITTLE else 2 for n in counts), default=3)

    def confirmed(self, statement: str, category: str) -> int:
        holding = {
            subject
            for (_, subject), d in self.decisions.items()
            if statement in d.accepted() and (d.evidence_category or "") == category
        }
        return len(holding)

    def queue(self, coder: str, where: QueueFilter, order: QueueOrder) -> list[str]:
        kept = [p for p in self.passages if self.keeps(p, coder, where)]
        return [p.id for p in sorted(kept, key=lambda p: self.key(p, order))]


@pytest.fixture(params=[1, 2])
def reckoning(store: Store, request: pytest.FixtureRequest) -> Reckoning:
    return Reckoning(store, request.param)


def filters(document: str) -> list[QueueFilter]:
    states = list(ReviewState)
    codes = [(None, None), ("statement-1", None), (None, "topic-1"), ("statement-2", "topic-2")]
    found = [
        QueueFilter(state=state, statement=s, topic=t, category=category, confirmed=confirmed)
        for state in states
        for s, t in codes
        for category in (None, "processes", UNCATEGORISED)
        for confirmed in (None, True, False)
    ]
    found += [
        QueueFilter(state=state, text=text) for state in states for text in ("é_5", "PASSAGE 1", "0%É", "_")
    ]
    return [*found, QueueFilter(document_id=document), QueueFilter(document_id="doc-none")]


def test_every_filter_and_order_agrees_with_the_reckoning(reckoning: Reckoning) -> None:
    store = reckoning.store
    sizes = set()
    for where in filters(reckoning.passages[20].document_id):
        for coder, order in (
            ("ann", QueueOrder.LIKELY),
            ("bob", QueueOrder.UNCERTAIN),
            ("new", QueueOrder.DOCUMENT),
        ):
            expected = reckoning.queue(coder, where, order)
            rows = store.queue(coder, where, order, 0, 1000)
            assert [row.passage_id for row in rows] == expected, (coder, where)
            assert store.queue_count(coder, where) == len(expected)
            sizes.add(len(expected))
    assert len(sizes) > 10, "the made-up project is too plain to tell filters apart"


@pytest.mark.parametrize("order", list(QueueOrder))
@pytest.mark.parametrize(
    "where",
    [QueueFilter(), QueueFilter(statement="statement-1"), QueueFilter(state=ReviewState.CODED)],
)
def test_pages_and_positions_make_up_the_queue(
    reckoning: Reckoning, where: QueueFilter, order: QueueOrder
) -> None:
    store, expected = reckoning.store, reckoning.queue("ann", where, order)
    paged = [
        row.passage_id
        for offset in range(0, len(expected) + 4, 4)
        for row in store.queue("ann", where, order, offset, 4)
    ]
    assert paged == expected
    for passage in reckoning.passages:
        place = expected.index(passage.id) if passage.id in expected else None
        assert store.queue_position("ann", where, order, passage.id) == place
    assert store.queue_position("ann", where, order, "psg-none") is None


def test_the_matrix_agrees_with_the_reckoning(reckoning: Reckoning) -> None:
    found = reckoning.store.matrix()
    for statement, category in itertools.product(STATEMENTS, (UNCATEGORISED, *CATEGORIES)):
        counted = found.cell(statement, category)
        wanted = cell(reckoning, statement, category)
        assert counted.expected == pytest.approx(wanted.expected)
        assert dataclasses.replace(counted, expected=0) == dataclasses.replace(wanted, expected=0)
    for topic in TOPICS:
        counted = found.topics[topic]
        holding = [p.id for p in reckoning.passages if any(topic in d.topics for d in reckoning.made(p.id))]
        assert counted.confirmed == len(holding)
        waiting = [
            p.id
            for p in reckoning.passages
            if topic in reckoning.suggested(p.id, "topics") and reckoning.undecided(p.id)
        ]
        assert counted.suggested == len(waiting)


def cell(reckoning: Reckoning, statement: str, category: str) -> CellCount:
    marked = {
        p.id: {
            d.polarity
            for d in reckoning.made(p.id)
            if statement in d.accepted() and (d.evidence_category or "") == category
        }
        for p in reckoning.passages
    }
    waiting = [
        p.id
        for p in reckoning.passages
        if statement in reckoning.suggested(p.id, "statements")
        and reckoning.category(p.id) == category
        and reckoning.undecided(p.id)
    ]
    return CellCount(
        confirmed=sum(bool(polarities) for polarities in marked.values()),
        suggested=len(waiting),
        strengths=sum(bool(m & {Polarity.STRENGTH, Polarity.MIXED}) for m in marked.values()),
        concerns=sum(bool(m & {Polarity.CONCERN, Polarity.MIXED}) for m in marked.values()),
        expected=sum(
            code.probability
            for passage in waiting
            for code in reckoning.suggestions[passage].statements
            if code.id == statement
        ),
    )


def test_each_cell_opens_the_queue_it_counts(reckoning: Reckoning) -> None:
    matrix: Matrix = reckoning.store.matrix()
    for (statement, category), count in matrix.cells.items():
        for confirmed, number in ((True, count.confirmed), (False, count.suggested)):
            where = QueueFilter(
                state=ReviewState.ANY, statement=statement, category=category, confirmed=confirmed
            )
            assert reckoning.store.queue_count("ann", where) == number


def test_progress_agrees_with_the_reckoning(reckoning: Reckoning) -> None:
    mine = [d.outcome for (coder, _), d in reckoning.decisions.items() if coder == "ann"]
    progress = reckoning.store.progress("ann")
    assert progress.total == len(reckoning.passages)
    assert progress.coded == mine.count(Outcome.CODED)
    assert progress.none == mine.count(Outcome.NONE)
    assert progress.unsure == mine.count(Outcome.UNSURE)
    by_document = reckoning.store.document_progress("ann")
    assert sum(d.decided for d in by_document) == progress.decided == len(mine)
    assert [d.document.name for d in by_document] == ["b.txt", "a.txt", "c.txt"]
    assert reckoning.store.progress("new").decided == 0


def test_evidence_rows_never_mix_person_and_machine(reckoning: Reckoning) -> None:
    confirmed = list(reckoning.store.evidence_rows(confirmed=True))
    expected = [
        (passage.id, coder)
        for passage in reckoning.passages
        for coder in ("ann", "bob")
        if (d := reckoning.decisions.get((coder, passage.id))) and d.accepted()
    ]
    assert [(row.passage.id, row.coder) for row in confirmed] == expected
    for row in confirmed:
        assert row.coder is not None
        decision = reckoning.decisions[row.coder, row.passage.id]
        assert (row.status, row.probability, row.statements) == ("confirmed", None, decision.accepted())
        assert (row.topics, row.evidence_category) == (decision.topics, decision.evidence_category)
    suggested = list(reckoning.store.evidence_rows(confirmed=False))
    assert [row.passage.id for row in suggested] == [
        p.id
        for p in reckoning.passages
        if reckoning.suggested(p.id, "statements") and reckoning.undecided(p.id)
    ]
    for row in suggested:
        assert (row.status, row.coder, row.decided_at, row.note) == ("suggested", None, None, None)
        assert row.probability == reckoning.suggestions[row.passage.id].statements[0].probability
        assert list(row.statements) == reckoning.suggested(row.passage.id, "statements")


def test_a_passage_two_coders_agree_on_counts_once(store: Store) -> None:
    ingested = reading("a.txt", ["One"])
    store.add_document(ingested)
    for coder, polarity in (("ann", Polarity.STRENGTH), ("bob", Polarity.CONCERN)):
        decide(store, ingested.passages[0].id, coded("statement-1", polarity=polarity), coder)
    assert store.matrix().cells == {("statement-1", UNCATEGORISED): CellCount(1, 0, 1, 1)}


def test_a_replaced_version_is_told_apart_and_never_counted(store: Store) -> None:
    whole = Decision(
        Outcome.CODED,
        (("statement-1", Verdict.ACCEPTED), ("statement-2", Verdict.ACCEPTED)),
        ("topic-1",),
        ("i-1",),
        "processes",
        Polarity.MIXED,
    )
    old, new = (
        reading("a.txt", ["Waits are 19 days", "Same"]),
        reading("a.txt", ["Waits are 11 days", "Same"]),
    )
    store.add_document(old)
    for coder in ("ann", "bob"):
        decide(store, old.passages[0].id, whole, coder)
    counted, replaced = CellCount(1, 0, 1, 1), CellCount(superseded=1)

    def kinds() -> list[CellCount]:
        found = store.matrix()
        cell = found.cell("statement-1", "processes")
        return [cell, found.row("statement-2"), found.topics["topic-1"], found.i_statements["i-1"]]

    def opened() -> int:
        where = QueueFilter(ReviewState.ANY, statement="statement-1", category="processes", confirmed=True)
        return store.queue_count("ann", where)

    assert (kinds(), store.matrix().superseded, opened()) == ([counted] * 4, 0, 1)
    store.add_document(new)
    # One passage, though it has two statements and two coders.
    assert (kinds(), store.matrix().superseded, opened()) == ([replaced] * 4, 1, 0)
    decide(store, new.passages[0].id, whole)
    assert (kinds(), store.matrix().superseded, opened()) == ([counted + replaced] * 4, 1, 1)
    rows = [(row.passage.text, row.superseded) for row in store.evidence_rows(confirmed=True)]
    assert rows == [("Waits are 19 days", True)] * 2 + [("Waits are 11 days", False)]
    # The earlier file comes back: what was confirmed in it counts again, the other no longer.
    store.add_document(old)
    assert (kinds(), store.matrix().superseded, opened()) == ([counted + replaced] * 4, 1, 1)
    assert [row.superseded for row in store.evidence_rows(confirmed=True)] == [False, False, True]
    assert store.verify() == []


def test_only_superseded_evidence_without_a_category_asks_for_no_column(store: Store) -> None:
    old = reading("a.txt", ["One"])
    store.add_document(old)
    decide(store, old.passages[0].id, coded("statement-1"))
    assert store.matrix().has_uncategorised()
    store.add_document(reading("a.txt", ["Uno"]))
    assert not store.matrix().has_uncategorised()


def test_the_store_agrees_with_itself(reckoning: Reckoning) -> None:
    assert reckoning.store.verify() == []


def test_rows_show_a_persons_coding_without_a_probability(store: Store) -> None:
    long = "word " * 60
    ingested = reading("a.txt", [long, "Two", "Three"])
    store.add_document(ingested)
    run = store.start_run(SPEC, NOW)
    first, second, _ = (p.id for p in ingested.passages)
    store.save_suggestions(run, [(i, suggestion(("statement-3", 0.9))) for i in (first, second)])
    decide(store, first, coded("statement-7", "statement-2", rejected=["statement-3"]))
    one, two, three = store.queue("ann", QueueFilter(state=ReviewState.ANY), QueueOrder.DOCUMENT, 0, 9)
    assert (one.statement, one.probability, one.state) == ("statement-7", None, ReviewState.CODED)
    assert (one.excerpt, one.document_name, one.location_label) == (long[:120], "a.txt", "p. 1")
    assert (two.statement, two.probability, two.state) == ("statement-3", 0.9, ReviewState.TO_REVIEW)
    assert (three.statement, three.probability) == (None, None)
    other = store.queue("bob", QueueFilter(state=ReviewState.ANY), QueueOrder.DOCUMENT, 0, 1)[0]
    assert (other.statement, other.probability) == ("statement-3", 0.9)


def test_reads_see_the_last_commit_without_suggestions(store: Store) -> None:
    store.add_document(reading("a.txt", ["One", "Two"]))
    rows = store.queue("ann", QueueFilter(), QueueOrder.LIKELY, 0, 9)
    assert [row.excerpt for row in rows] == ["One", "Two"]
    assert list(store.evidence_rows(confirmed=False)) == []
    assert store.suggestion(rows[0].passage_id) is None
