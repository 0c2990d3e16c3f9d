"""What makes the review quick, and what it must not cost: the right passage, the truth, no key lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.tui.driver import WIDE
from tests.tui.real_review import TEXTS, RealDriver, made, passage_of, reviewing
from tests.tui.samples import CODER, clock
from textual.screen import Screen

from evidence_mapper import frameworks
from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.errors import StoreError
from evidence_mapper.tui import view
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.text import fit_title
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.review import ReviewSession

NOTHING = TEXTS["carers.txt"][2]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path / "p.sqlite") as project:
        yield project


@asynccontextmanager
async def counting(
    project: Project, session: ReviewSession, ready: threading.Event
) -> AsyncIterator[RealDriver]:
    """Run the application on a queue that is not counted before ``ready`` is set."""
    count = session.count

    def waits(*arguments: Any, **named: Any) -> int:
        assert ready.wait(20)
        return count(*arguments, **named)

    session.count = waits  # type: ignore[method-assign]
    app = EvidenceMapperApp(session)
    async with app.run_test(size=WIDE) as pilot:
        try:
            yield RealDriver(app, pilot, project)
        finally:
            ready.set()


def session_of(project: Project, coder: str = CODER) -> ReviewSession:
    return ReviewSession(project.store, project.framework, coder, clock())


async def test_a_large_queues_first_passage_is_read_while_it_is_counted(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidence_mapper.store.queue.LARGE", 1)
    session, ready = session_of(project), threading.Event()
    async with counting(project, session, ready) as on:
        await on.until("Counting the queue")
        first = on.passage
        assert first in on.text()
        await on.pilot.press("n", "j")
        await on.pilot.pause()
        assert on.decided() == {}, "keys wait until the queue is there"
        ready.set()
        await on.until("to undo")
        await on.settle()
        assert list(on.decided()) == [first]
        assert "Counting" not in on.text()
        assert on.sound()


async def test_keys_for_a_passage_that_is_not_the_first_after_all_do_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ready = session_of(project), threading.Event()
    other = session.card(passage_of(project, NOTHING))

    def outdated(*_: object) -> PassageCard:
        return other

    monkeypatch.setattr(session, "glimpse", outdated)
    async with counting(project, session, ready) as on:
        await on.until("Counting the queue")
        await on.pilot.press("n", "u")
        ready.set()
        await on.until("2 keys pressed while the queue was counted did nothing")
        await on.settle()
        assert on.passage != NOTHING
        assert on.decided() == {}


async def test_the_screen_is_not_laid_out_anew_for_a_key(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = 0
    lay_out = Screen._refresh_layout

    def counted(self: Screen[Any], *arguments: Any, **named: Any) -> None:
        nonlocal done
        done += 1
        lay_out(self, *arguments, **named)

    async with reviewing(project) as on:
        await on.press("n", "z")  # what is said from now on has been said before: the widths are known
        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await on.press("j", "k", "n", "j", "z")
        assert done == 0


async def test_what_another_reviewer_decided_while_one_read_is_on_the_next_passage(project: Project) -> None:
    async with reviewing(project) as on:
        following = on.review._next_row()
        assert following is not None
        with open_project(project.path) as elsewhere:
            session_of(elsewhere, "Bob").decide(following, Decision(Outcome.UNSURE))
        await on.press("n")
        card = on.review.card
        assert card is not None
        assert card.passage.id == following
        assert [held.coder for held in card.others] == ["Bob"]


async def test_an_undo_that_cannot_be_shown_is_said_to_be_on_disk(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(project) as on:
        await on.press("n")
        assert len(on.decided()) == 1

        def fails(*_: object) -> None:
            raise StoreError("the drive is gone")

        monkeypatch.setattr(view, "load_view", fails)
        await on.press("z")
        assert on.decided() == {}
        assert "taken back" in on.status
        assert "It is on disk, but the next passage could not be read: the drive is gone" in on.status


async def test_it_says_that_it_records_only_when_that_takes_long(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = threading.Event()
    decide = ReviewSession.decide

    def slowly(self: ReviewSession, *arguments: Any, **named: Any) -> Any:
        assert ready.wait(20)
        return decide(self, *arguments, **named)

    async with reviewing(project) as on:
        monkeypatch.setattr(ReviewSession, "decide", slowly)
        await on.pilot.press("n")
        await on.until("Recording: None of these")
        ready.set()
        await on.until("to undo")
        await on.settle()
        await asyncio.sleep(0.15)
        assert "Recording" not in on.text()


async def test_a_case_records_entry_date_stands_in_the_source_line(tmp_path: Path) -> None:
    from tests.store.builders import reading

    from evidence_mapper.domain.coding import EventAction
    from evidence_mapper.workflow.project import create_project

    with create_project(tmp_path / "c.sqlite") as project:
        texts = ("Case notes", "12 March 2025 - home visit", "She said the new carer listens.")
        project.store.add_document(reading("case notes.txt", texts))
        (document,) = project.store.documents()
        said = {"source_type": "case-record"}
        project.store.append_event(
            coder=CODER, action=EventAction.SOURCE_TYPE_SET, subject=document.id, at=clock()(), payload=said
        )
        async with reviewing(project, start=passage_of(project, texts[2])) as on:
            assert "entry of 12 Mar 2025" in on.text()
        async with reviewing(project, start=passage_of(project, texts[0])) as on:
            assert "entry of" not in on.text(), "nothing is stated above the first heading"


@pytest.mark.parametrize(
    ("title", "width", "shown"),
    [
        ("Safe systems, pathways and transitions", 19, "Safe systems…"),
        ("Equity in experiences and outcomes", 20, "Equity…"),
        ("6 Safe systems, pathways and transitions", 20, "6 Safe systems…"),
        ("Safeguarding", 12, "Safeguarding"),
        ("Safeguarding", 8, "Safegua…"),
        ("2 Transformation", 8, "2 Trans…"),
    ],
)
def test_a_title_is_cut_after_a_word_that_means_something(title: str, width: int, shown: str) -> None:
    assert fit_title(title, width) == shown.ljust(width)


def test_no_two_statements_are_cut_to_the_same_title() -> None:
    titles = [s.title.text for s in frameworks.load("cqc-local-authority").statements]
    for width in (14, 18, 19, 20, 26):
        assert len({fit_title(title, width) for title in titles}) == len(titles)
