"""Why something was suggested, and confirmed examples, beside the text while deciding."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tui.driver import NARROW, WIDE
from tests.tui.real_review import SAME, TEXTS, RealDriver, made, passage_of, reviewing
from tests.tui.samples import HOSTILE

from evidence_mapper.classify.examples import LearnedFrom
from evidence_mapper.classify.explain import Explanation, Highlight
from evidence_mapper.domain.coding import SuggestedCode
from evidence_mapper.domain.passage import Span
from evidence_mapper.errors import UsageError
from evidence_mapper.tui.passage_view import marked
from evidence_mapper.tui.review_why import why_words
from evidence_mapper.tui.text import harmless
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.suggest import suggest
from evidence_mapper.workflow.why import Neighbour, Why

LISTENED, ABUSE = TEXTS["carers.txt"][0], TEXTS["users.txt"][1]


class Explaining:
    """Says that the first word carries everything; waits while ``gate`` is closed."""

    loaded = False
    learner = None

    def __init__(self, project: Project) -> None:
        self.project = project
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None

    def why(self, passage_id: str, statement: str) -> Why:
        """Return a made-up reason."""
        assert self.gate.wait(20)
        if self.error is not None:
            raise self.error
        text = self.project.store.passage(passage_id).text
        word = Span(0, text.index(" "))
        near = self.project.store.passage(passage_of(self.project, LISTENED))
        return Why(
            Explanation(statement, 0.93, (Highlight(word, 2.0),)),
            (Neighbour(near, "carers.txt", 0.71),),
            (
                LearnedFrom("h1-0001", "[b]An invented[/b] passage.", 0.6),
                LearnedFrom("h1-0002", "Another.", 0.5),
            ),
        )


def test_training_passages_stand_in_for_confirmed_ones_and_are_said_to_be_invented() -> None:
    learned = (LearnedFrom("h1-0001", "[b]One[/b] passage.", 0.6), LearnedFrom("h1-0002", "Another.", 0.5))
    found = Why(Explanation("equity", 0.5, ()), (), learned, SuggestedCode("eq-tailoring", 0.8))
    words = why_words(found, "text", "removing barriers").plain
    assert "Topic removing barriers  80%" in words.replace(" %", "%")
    assert words.count("Learned from invented, not evidence") == 2
    assert "“[b]One[/b] passage.”" in words


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of three documents."""
    with made(tmp_path / "p.sqlite") as project:
        yield project


def _marked_words(on: RealDriver) -> str:
    """Return what is drawn underlined and reversed, with a space between pieces."""
    strips = on.app.screen._compositor.render_strips()
    segments = [s for strip in strips for s in strip if s.style and s.style.underline and s.style.reverse]
    return " ".join(s.text.strip() for s in segments)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_why_marks_the_words_and_shows_the_nearest_confirmed(
    project: Project, size: tuple[int, int]
) -> None:
    helper = Explaining(project)
    async with reviewing(project, size, start=passage_of(project, ABUSE), assistant=helper) as on:
        helper.gate.clear()
        await on.pilot.press("y")
        await on.until("Loading the classifier")
        await on.pilot.press("7")  # keys go on working
        await on.until("7 ✓ Safeguarding")
        helper.gate.set()
        await on.settle()
        seen = on.text()
        assert "Why 93% (y back) · 7. Safeguarding" in seen
        assert "“Staff”" in seen
        assert "Nearest confirmed" in seen
        assert _marked_words(on) == "Staff"
        await on.press("y")
        assert _marked_words(on) == ""
        assert "Why" not in on.text()


async def test_why_follows_the_cursor_and_ends_with_the_passage(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ABUSE), assistant=Explaining(project)) as on:
        await on.press("y", "right")
        await on.until("Why 93% (y back) · 8.")
        await on.press("j")
        assert _marked_words(on) == ""
        assert "Why 93%" not in on.text()


async def test_a_classifier_that_cannot_explain_says_so_and_nothing_else_stops(project: Project) -> None:
    helper = Explaining(project)
    helper.error = UsageError("its networks have no exact parts to show")
    async with reviewing(project, start=passage_of(project, ABUSE), assistant=helper) as on:
        await on.press("y")
        assert "Could not say why: its networks have no exact parts to show" in on.status
        await on.press("a")
        assert list(on.decided()) == [ABUSE]


async def test_without_a_suggestion_there_is_nothing_to_explain(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, ABUSE)) as on:
        await on.press("y")
        assert "nothing to explain" in on.status


def test_marks_fall_on_the_words_whatever_else_stands_there() -> None:
    at = HOSTILE.index("escape")
    found = marked("\t\x1b" + HOSTILE, [Span(at + 2, at + 8)])
    assert found.plain == harmless("\t\x1b" + HOSTILE)
    [span] = found.spans
    assert found.plain[span.start : span.end] == "escape"


async def test_the_real_classifier_explains_its_own_suggestion(project: Project) -> None:
    suggest(project)
    start = passage_of(project, SAME, "carers.txt")
    async with reviewing(project, start=start, assistant=Assistant(project)) as on:
        suggestion = project.store.suggestion(start)
        assert suggestion is not None
        await on.pilot.press("y")
        await on.until("(y back)")
        words = _marked_words(on)
        assert words
        assert all(word in SAME for word in words.split())


async def test_examples_are_what_was_confirmed_and_never_the_same_words(project: Project) -> None:
    async with reviewing(project, start=passage_of(project, LISTENED)) as on:
        await on.press("a")
    async with reviewing(project, start=passage_of(project, SAME, "carers.txt")) as on:
        found = on.review.session.examples("assessing-needs", passage_of(project, SAME, "users.txt"))
        assert [e.passage.text for e in found] == [LISTENED]
        await on.press("a")
        again = on.review.session.examples("assessing-needs", passage_of(project, SAME, "users.txt"))
        assert [e.passage.text for e in again] == [LISTENED], "the same words are no example"
        newest = on.review.session.examples("assessing-needs", passage_of(project, ABUSE))
        assert [e.passage.text for e in newest] == [SAME, LISTENED]


async def test_examples_stand_in_the_definition_with_their_source(project: Project) -> None:
    async with reviewing(project, (140, 45), start=passage_of(project, LISTENED)) as on:
        assert "no confirmed example yet" in on.text()
        await on.press("a")
    async with reviewing(project, (140, 45), start=passage_of(project, SAME, "carers.txt")) as on:
        seen = on.text()
        assert "Confirmed here, newest first" in seen
        assert "“The worker came on time" in seen
        assert "carers.txt" in seen
        await on.press("z")
        assert on.decided() == {}
        assert "no confirmed example yet" in on.text()
