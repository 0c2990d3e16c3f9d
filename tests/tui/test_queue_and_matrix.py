"""The filter form, the sides of the matrix, what remains, and the order of the documents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.store.builders import NOW, coded, reading, suggestion
from tests.tui.driver import NARROW, Driver, running
from tests.tui.samples import clock, framework, small_store
from textual.widgets import Input, Select

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Polarity, RunSpec
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, QueueOrder, ReviewState
from evidence_mapper.store.base import Store
from evidence_mapper.store.engine import create_project
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.documents_screen import DocumentList
from evidence_mapper.tui.filter_form import FilterForm
from evidence_mapper.tui.matrix_screen import MatrixScreen
from evidence_mapper.tui.remaining_screen import RemainingScreen
from evidence_mapper.tui.standing_list import StandingList
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.samples import draw_sample

VOICE = "peoples-experience"


def made(path: Path) -> Store:
    """Return a real project: three documents, two of them dated, some decided."""
    store = create_project(
        path, framework_id="cqc-local-authority", framework_version="1", framework_text="", now=NOW
    )
    run = store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
    codes = ("safeguarding", "equity", "governance")
    for number, (name, date) in enumerate((("b.txt", "2025-03"), ("a.txt", None), ("c.txt", "2026-10-01"))):
        ingested = reading(name, [f"{name} passage {n}" for n in range(3 + number)])
        facts = (("date", date),) if date else ()
        store.add_document(replace(ingested, metadata=facts))
        suggested = suggestion((codes[number], 0.8), category=VOICE)
        store.save_suggestions(run, [(p.id, suggested) for p in ingested.passages])
    rows = store.queue("bob", QueueFilter(), QueueOrder.DOCUMENT, 0, 20)
    for row, polarity in ((rows[0], Polarity.STRENGTH), (rows[1], Polarity.CONCERN)):
        answer = coded("safeguarding", category=VOICE, polarity=polarity)
        decide(store, row.passage_id, replace(answer, i_statements=("i-safe",)))
    return store


def decide(store: Store, passage: str, answer: Decision, coder: str = "bob") -> None:
    store.append_event(
        coder=coder, action=EventAction.DECIDED, subject=passage, at=NOW, payload=answer.to_json()
    )


@asynccontextmanager
async def real(store: Store) -> AsyncIterator[Driver]:
    session = ReviewSession(store, framework(), "ann", clock())
    app = EvidenceMapperApp(session)
    async with app.run_test(size=NARROW) as pilot:
        driver = Driver(app, pilot, store)  # type: ignore[arg-type]  # its fake store's extras are not used
        await driver.settle()
        yield driver


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return made(tmp_path / "p.db")


async def test_the_review_opens_with_gaps_first(store: Store) -> None:
    async with real(store) as on:
        assert (on.review.where, on.review.order) == (QueueFilter(), DEFAULT_ORDER)
        assert "gaps first" in on.text()


async def test_every_field_of_the_form_fits_the_smallest_screen_and_comes_back(store: Store) -> None:
    drawn = draw_sample(store, 4, coder="bob", now=lambda: NOW, seed=1)
    wanted = {
        "state": ReviewState.ANY,
        "order": QueueOrder.NEWEST,
        "statement": "safeguarding",
        "i-statement": "i-safe",
        "source-type": "unknown",
        "decided-by": "bob",
        "flagged": False,
        "min-probability": 0.7,
    }
    async with real(store) as on:
        await on.press("f")
        form = on.app.screen
        assert isinstance(form, FilterForm)
        for label in (
            "State",
            "Source type",
            "Dated",
            "Decided by",
            "Flag",
            "Sample",
            "Probability",
            "Words",
        ):
            assert label in on.text(), label
        for name, value in wanted.items():
            form.query_one(f"#{name}", Select).value = value
        form.query_one("#dated-from", Input).value = "2025"
        await on.press("ctrl+s")
        assert on.review.where == QueueFilter(
            state=ReviewState.ANY,
            statement="safeguarding",
            i_statement="i-safe",
            source_type="unknown",
            decided_by="bob",
            flagged=False,
            min_probability=0.7,
            dated_from="2025",
        )
        assert on.review.order is QueueOrder.NEWEST
        assert "2 passages" in on.text()
        await on.press("f")
        assert on.app.screen.query_one("#decided-by", Select).value == "bob"
        assert on.app.screen.query_one("#dated-from", Input).value == "2025"
        on.app.screen.query_one("#sample", Select).value = drawn.id
        await on.press("ctrl+s")
        assert on.review.where.sample == drawn.id
        await on.press("f", "ctrl+r")
        assert (on.review.where, on.review.order) == (QueueFilter(), DEFAULT_ORDER)


async def test_a_date_that_is_none_is_said_and_changes_nothing() -> None:
    async with running(small_store()) as on:
        await on.press("f")
        on.app.screen.query_one("#dated-to", Input).value = "last May"
        await on.press("ctrl+s")
        assert "“last May” is no date" in on.text()
        assert isinstance(on.app.screen, FilterForm)
        await on.press("escape")
        assert on.review.where == QueueFilter()


async def test_the_matrix_shows_both_sides_the_voice_and_the_age(store: Store) -> None:
    async with real(store) as on:
        await on.press("g", "v")
        line = next(line for line in on.text().splitlines() if "Safeguarding" in line)
        assert "2 ✓" in line
        assert "+1 −1" in line
        assert "2025-03 20 months" in line
        listed = on.app.screen.query_one(StandingList)
        assert [s.voice for s in listed.lines if s.id == "safeguarding"] == [2]
        equity = next(line for line in on.text().splitlines() if "Equity" in line)
        assert "— !" in equity
        await on.press("v")
        assert "for and against" not in on.text().splitlines()[0]


async def test_enter_opens_the_line_of_either_side(store: Store) -> None:
    async with real(store) as on:
        await on.press("g", "v", *["down"] * 6, "enter")
        assert on.at_review
        assert on.review.where == QueueFilter(state=ReviewState.ANY, statement="safeguarding")
        await on.press("g", "i")
        spoken = on.app.screen.query_one(StandingList)
        place = [s.id for s in spoken.lines].index("i-safe")
        await on.press(*["down"] * place, "enter")
        assert on.review.where == QueueFilter(state=ReviewState.ANY, i_statement="i-safe")
        assert "2 passages" in on.text()


async def test_a_line_without_evidence_is_a_gap_and_opens_nothing(store: Store) -> None:
    async with real(store) as on:
        await on.press("g", "v", "enter")
        assert isinstance(on.app.screen, MatrixScreen)
        assert "A gap" in on.status


async def test_what_remains_is_told_and_its_sample_opened(store: Store) -> None:
    drawn = draw_sample(store, 4, coder="bob", now=lambda: NOW, seed=1)
    async with real(store) as on:
        await on.press("g", "u")
        assert isinstance(on.app.screen, RemainingScreen)
        assert "10 passages undecided" in on.text()
        assert "4 passages of the sample not decided yet" in on.status
        await on.press("enter")
        assert on.at_review
        assert on.review.where.sample == drawn.id
        assert "the random sample" in on.text()
        await on.press("n", "n", "n", "n", "g", "u")
        assert "You may stop" in on.status


async def test_without_a_sample_the_screen_says_how_to_draw_one(store: Store) -> None:
    async with real(store) as on:
        await on.press("g", "u", "enter")
        assert "No sample was drawn yet: evidence-mapper remaining --sample" in on.status
        await on.press("escape", "escape")
        assert on.at_review


async def test_documents_are_sorted_and_tell_their_versions(store: Store) -> None:
    store.add_document(reading("b.txt", ["b.txt passage 0", "other words"]))
    async with real(store) as on:
        await on.press("d")
        documents = on.app.screen.query_one(DocumentList)

        def names() -> str:
            return "".join(row.document.name[0] for row in documents.rows)

        assert names() == "bac"
        await on.press("v")
        assert "b.txt: 2 versions" in on.status
        assert "1 unchanged" in on.status
        await on.press("s")
        assert (names(), documents.rows[documents.cursor].document.name) == ("abc", "b.txt")
        await on.press("s")
        assert names() == "cab"
        await on.press("s")
        assert names()[0] == "c"
        assert "newest first" in on.text().splitlines()[0]


async def test_a_decision_leaves_the_rest_of_the_queue_where_it_was(store: Store) -> None:
    async with real(store) as on:
        rows = on.review.session.page(QueueFilter(), DEFAULT_ORDER, 0, 20)
        for number in range(4):
            assert on.passage == rows[number].passage_id
            await on.press("n")
        assert on.passage == rows[4].passage_id
        await on.press("z")
        assert on.passage == rows[3].passage_id
        answers = [e for e in store.history() if e.coder == "ann" and e.action is EventAction.DECIDED]
        assert {Decision.from_json(e.payload).outcome for e in answers} == {Outcome.NONE}
