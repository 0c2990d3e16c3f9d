"""Every key of the table does what it says: what it changes is looked at before it is pressed, and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.store.builders import reading
from tests.tui.driver import WIDE
from tests.tui.fake_store import suggestion
from tests.tui.real_review import RealDriver, passage_of, reviewing
from tests.tui.samples import CODER
from tests.tui.test_review_why import Explaining
from textual.widgets import Static

from evidence_mapper.classify.explain import Explanation
from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.tui import search_screen
from evidence_mapper.tui.actions import (
    ACTIONS,
    BULK,
    CLAIM,
    CLAIMS,
    DOCUMENTS,
    HELP,
    HISTORY,
    LEARNING,
    MATRIX,
    REMAINING,
    REVIEW,
    SEARCH,
    SETTLE,
    SIMILAR,
    Action,
)
from evidence_mapper.tui.actions import (
    CASES as CASES_SCREEN,
)
from evidence_mapper.tui.line_list import LineList
from evidence_mapper.tui.passage_view import PassageScroll
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.head_changes import Change, Changes
from evidence_mapper.workflow.learner import Standing
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.why import Why

ABUSE = "Staff tell the duty team about abuse the same day. " + "The duty team decides the same day. " * 90
SAME = "I waited five months and nobody told me where I was."
OTHERS = tuple(f"The duty team met staff about abuse, time {n}." for n in range(12))
TEXTS = {"policy.txt": (ABUSE, SAME, *OTHERS), "another.txt": (SAME, "Every team meets on Tuesdays.")}
LIKELY = {
    ABUSE: {"safeguarding": 0.95},
    SAME: {"assessing-needs": 0.93},
    OTHERS[0]: {"safeguarding": 0.7, "governance": 0.45},
}

Look = Callable[[RealDriver], object]


class Learned:
    """Stands for what was learned: one suggestion changed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._on = True
        self.passage_id: str | None = None
        """Whose suggestion changed."""

    def standing(self) -> Standing:
        return Standing(self._on, 30, 30, 30, "kept")

    def switch(self, *, on: bool) -> Standing:
        self._on = on
        return self.standing()

    def back_to_shipped(self) -> Standing:
        return Standing(False, 0, 30, 30, None)

    def changes(self) -> Changes:
        passage_id = self.passage_id or passage_of(self._project, OTHERS[3])
        passage = self._project.store.passage(passage_id)
        changed = Change(passage, "policy.txt", ("equity",), ("safeguarding",), "equity", "safeguarding")
        return Changes(1, 30, 12, (changed,))

    def stop(self) -> None:
        """Nothing runs."""


class Helper(Explaining):
    """Explains, learns and suggests at once."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.learner: Any = Learned(project)

    def why(self, passage_id: str, statement: str) -> Why:
        return Why(Explanation(statement, 0.93, ()), ())

    def suggest_new(self) -> int:
        return 0


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Give a project with suggestions, the same words twice, and two claims; searches wait for nothing."""
    monkeypatch.setattr(search_screen, "DEBOUNCE", 0.01)
    with create_project(tmp_path / "p.sqlite") as project:
        made = project.framework
        spec = RunSpec("model@1", "sha256:0", f"{made.id}@{made.version}")
        run = project.store.start_run(spec, "2026-11-24T09:00:00.000000+00:00")
        for name, passages in TEXTS.items():
            read = reading(name, passages)
            project.store.add_document(read)
            pairs = [(p.id, suggestion(made, LIKELY.get(p.text, {}))) for p in read.passages]
            project.store.save_suggestions(run, pairs)
        add_claim(project, "Staff tell the duty team about abuse the same day.", coder=CODER)
        add_claim(project, "No zebra is waiting.", coder=CODER)
        yield project


@dataclass(frozen=True)
class Case:
    """What is seen of an action: ``look`` gives ``seen`` after the key, and something else before it."""

    look: Look
    seen: object = True
    setup: tuple[str, ...] = ()
    start: str = ABUSE


# what is looked at ------------------------------------------------------------------------------
def shows(*words: str) -> Look:
    return lambda on: all(w in on.text() for w in words)


def says(words: str) -> Look:
    return lambda on: words in next((s.text for s in on.app.screen.query(StatusLine)), "")


def lines(of: Callable[[LineList], object], name: str) -> Look:
    def look(on: RealDriver) -> object:
        found = on.app.screen.query(f"#{name}")
        return of(found.first(LineList)) if found else None

    return look


def cursor(name: str) -> Look:
    return lines(lambda shown: shown.cursor, name)


def count(name: str) -> Look:
    return lines(lambda shown: shown.count, name)


def screen(on: RealDriver) -> str:
    return type(on.app.screen).__name__


def decided(on: RealDriver) -> object:
    return [d.outcome.value for d in on.decided().get(ABUSE, [])]


def recorded(on: RealDriver) -> int:
    return sum(len(found) for found in on.decided().values())


def passage(on: RealDriver) -> str:
    return on.passage


def scrolled(name: str) -> Look:
    return lambda on: on.app.screen.query_one(f"#{name}").scroll_y > 0


def review_scrolled(on: RealDriver) -> bool:
    return on.review.query_one(PassageScroll).scroll_y > 0


def claim_number(on: RealDriver) -> object:
    title = on.app.screen.query("#claim-title")
    return str(title.first(Static).content).partition(" · ")[0] if title else None


def at_review(on: RealDriver) -> bool:
    return len(on.app.screen_stack) == 1


def opened(text: str) -> Look:
    return lambda on: at_review(on) and on.passage == text


HELD = ("a",)
LEARN, GRID, UNSEEN, PAPERS, PAST = ("L",), ("g",), ("g", "u"), ("d",), ("a", "h")
KIN = ("B",)
LISTED, ONE, LINKED = ("l",), ("a", "l", "enter"), ("a", "l", "enter", "f")
FOUND = ("ctrl+f", *"abuse")

CASES: dict[tuple[str, str], Case] = {
    (REVIEW, "accept"): Case(decided, ["coded"]),
    **{(REVIEW, f"tick({n})"): Case(shows(f"{n} ✓")) for n in range(1, 10)},
    (REVIEW, "record"): Case(decided, ["coded"], ("7",)),
    (REVIEW, "reject"): Case(shows("7 ✗")),
    (REVIEW, "none"): Case(decided, ["none"]),
    (REVIEW, "unsure"): Case(decided, ["unsure"]),
    (REVIEW, "note"): Case(screen, "NoteEditor"),
    (REVIEW, "undo"): Case(decided, [], HELD),
    (REVIEW, "skip"): Case(lambda on: on.passage != ABUSE),
    (REVIEW, "category"): Case(shows("c ✓")),
    (REVIEW, "polarity"): Case(shows("p ✓")),
    (REVIEW, "topics"): Case(screen, "TopicPicker"),
    (REVIEW, "filter"): Case(screen, "FilterForm"),
    (REVIEW, "find"): Case(screen, "AskText"),
    (REVIEW, "matrix"): Case(screen, "MatrixScreen"),
    (REVIEW, "documents"): Case(screen, "DocumentsScreen"),
    (REVIEW, "history"): Case(screen, "HistoryScreen"),
    (REVIEW, "next"): Case(lambda on: on.passage != ABUSE),
    (REVIEW, "previous"): Case(passage, ABUSE, ("j",)),
    (REVIEW, "statement(1)"): Case(cursor("statements"), 7),
    (REVIEW, "statement(-1)"): Case(cursor("statements"), 5),
    (REVIEW, "tick_here"): Case(shows("7 ✓")),
    (REVIEW, "scroll(1)"): Case(review_scrolled),
    (REVIEW, "scroll(-1)"): Case(review_scrolled, False, ("pagedown",)),
    (REVIEW, "wording"): Case(screen, "Reader"),
    (REVIEW, "why"): Case(shows("Why 93%")),
    (REVIEW, "repeat"): Case(recorded, 2, HELD),
    (REVIEW, "twins"): Case(screen, "TwinsWindow", start=SAME),
    (REVIEW, "bulk"): Case(screen, "BulkScreen"),
    (REVIEW, "similar"): Case(screen, "SimilarScreen"),
    (REVIEW, "later"): Case(lambda on: on.review.where.state.value, "unsure"),
    (REVIEW, "flag"): Case(screen, "FlagWindow"),
    (REVIEW, "claims"): Case(screen, "ClaimsScreen"),
    (REVIEW, "search"): Case(screen, "SearchScreen"),
    (REVIEW, "learning"): Case(screen, "LearningScreen"),
    (REVIEW, "span"): Case(screen, "SpanWindow"),
    (REVIEW, "others"): Case(says("are shown under the passage")),
    (REVIEW, "cases"): Case(screen, "CasesScreen"),
    (REVIEW, "settle"): Case(screen, "SettleScreen"),
    (REVIEW, "clear"): Case(shows("7 ✓"), False, ("7",)),
    (BULK, "record"): Case(decided, ["coded"], ("b",)),
    (BULK, "tick"): Case(shows("[ ]"), setup=("b",)),
    (BULK, "least"): Case(shows("at 66% or more"), setup=("b",)),
    (BULK, "back"): Case(screen, "ReviewScreen", ("b",)),
    (SIMILAR, "none"): Case(decided, ["none"], KIN),
    (SIMILAR, "record"): Case(decided, ["coded"], ("3", "B")),
    (SIMILAR, "accept"): Case(decided, ["coded"], KIN),
    (SIMILAR, "unsure"): Case(decided, ["unsure"], KIN),
    (SIMILAR, "tick"): Case(says(" of "), setup=KIN),
    (SIMILAR, "tick_all"): Case(says(" of "), setup=KIN),
    (SIMILAR, "likeness"): Case(shows("Same document, same suggestion"), setup=KIN),
    (SIMILAR, "back"): Case(screen, "ReviewScreen", KIN),
    (LEARNING, "changes"): Case(shows("1 suggestion changed of 12 pending"), setup=LEARN),
    (LEARNING, "switch"): Case(says("Learning is off"), setup=LEARN),
    (LEARNING, "shipped"): Case(says("shipped classifier's again"), setup=LEARN),
    (LEARNING, "open"): Case(opened(OTHERS[3]), setup=("L", "c")),
    (LEARNING, "back"): Case(screen, "ReviewScreen", LEARN),
    (MATRIX, "open"): Case(
        lambda on: at_review(on) and on.review.where.statement, "safeguarding", ("g", "v", *["down"] * 6)
    ),
    (MATRIX, "topics"): Case(lambda on: on.app.screen.query_one("#topics").display, False, GRID),
    (MATRIX, "standing"): Case(shows("for and against"), setup=GRID),
    (MATRIX, "spoken"): Case(shows("Evidence by I statement"), setup=GRID),
    (MATRIX, "remaining"): Case(screen, "RemainingScreen", GRID),
    (MATRIX, "back"): Case(screen, "ReviewScreen", GRID),
    (REMAINING, "open"): Case(says("No sample was drawn yet"), setup=UNSEEN),
    (REMAINING, "back"): Case(screen, "MatrixScreen", UNSEEN),
    (DOCUMENTS, "open"): Case(shows("14 passages · All passages"), setup=PAPERS),
    (DOCUMENTS, "sort"): Case(shows("by name"), setup=PAPERS),
    (DOCUMENTS, "versions"): Case(says("1 version"), setup=PAPERS),
    (DOCUMENTS, "back"): Case(screen, "ReviewScreen", PAPERS),
    (HISTORY, "undo"): Case(decided, [], PAST),
    (HISTORY, "open"): Case(opened(ABUSE), setup=PAST),
    (HISTORY, "back"): Case(screen, "ReviewScreen", PAST),
    (CLAIMS, "open"): Case(screen, "ClaimScreen", LISTED),
    (CLAIMS, "next_bare"): Case(cursor("claims"), 1, LISTED),
    (CLAIMS, "back"): Case(screen, "ReviewScreen", LISTED),
    (CLAIM, "link(False)"): Case(says("Linked for the claim"), setup=ONE),
    (CLAIM, "link(True)"): Case(says("Linked against the claim"), setup=ONE),
    (CLAIM, "skip"): Case(count("claim-items"), 7, ONE),
    (CLAIM, "unlink"): Case(says("Unlinked"), setup=LINKED),
    (CLAIM, "open"): Case(opened(ABUSE), setup=ONE),
    (CLAIM, "next_bare"): Case(claim_number, "Claim 2", ONE),
    (CLAIM, "edit"): Case(screen, "WordsEditor", ONE),
    **{(CLAIM, f"statement({n})"): Case(says("Changed for"), setup=ONE) for n in range(1, 10)},
    (CLAIM, "more"): Case(count("claim-items"), 14, ONE),
    (CLAIM, "withdraw"): Case(screen, "Confirm", ONE),
    (CLAIM, "scroll(1)"): Case(scrolled("claim-scroll"), setup=ONE),
    (CLAIM, "scroll(-1)"): Case(scrolled("claim-scroll"), False, (*ONE, "space")),
    (CLAIM, "back"): Case(screen, "ClaimsScreen", ONE),
    (SEARCH, "open"): Case(lambda on: at_review(on) and "abuse" in on.passage, setup=FOUND),
    (SEARCH, "move(1)"): Case(cursor("hits"), 1, FOUND),
    (SEARCH, "move(-1)"): Case(cursor("hits"), 0, (*FOUND, "down")),
    (SEARCH, "which"): Case(shows("confirmed only"), setup=FOUND),
    (SEARCH, "scroll(1)"): Case(scrolled("hit-scroll"), setup=("ctrl+f", *"decides")),
    (SEARCH, "scroll(-1)"): Case(scrolled("hit-scroll"), False, ("ctrl+f", *"decides", "pagedown")),
    (SEARCH, "back"): Case(screen, "ReviewScreen", FOUND),
    (HELP, "back"): Case(screen, "ReviewScreen", ("question_mark",)),
    **{
        (name, "app.help"): Case(screen, "HelpScreen", setup)
        for name, setup in {
            REVIEW: (),
            BULK: ("b",),
            SIMILAR: KIN,
            LEARNING: LEARN,
            MATRIX: GRID,
            REMAINING: UNSEEN,
            DOCUMENTS: PAPERS,
            HISTORY: PAST,
            CLAIMS: LISTED,
            CLAIM: ONE,
            SEARCH: FOUND,
        }.items()
    },
    **{
        (name, "app.leave"): Case(lambda on: on.app._exit, True, setup)
        for name, setup in {
            REVIEW: (),
            BULK: ("b",),
            SIMILAR: KIN,
            LEARNING: LEARN,
            MATRIX: GRID,
            REMAINING: UNSEEN,
            DOCUMENTS: PAPERS,
            HISTORY: PAST,
            CLAIMS: LISTED,
            CLAIM: ONE,
        }.items()
    },
}

REPEATED = {f"{name}({n})" for name in ("tick", "statement") for n in range(2, 9)}
"""The same action with another number: the first and the last are pressed here."""
OWN_TESTS = {CASES_SCREEN, SETTLE}
"""Screens whose keys are all pressed in test files of their own."""
KEYS = [
    (action, key)
    for action in ACTIONS
    if action.name not in REPEATED and (action.screen, action.name) in CASES
    for key in action.keys.split(",")[: 1 if action.name.startswith("app.") else None]
]


async def _pause_for(on: RealDriver, keys: tuple[str, ...]) -> None:
    """Press keys; what is typed into the search is searched before the next."""
    await on.press(*keys)
    if "ctrl+f" in keys:
        await on.until("best first")
        await on.settle()


@pytest.mark.slow
@pytest.mark.parametrize(("action", "key"), KEYS, ids=[f"{a.screen}-{a.name}-{k}" for a, k in KEYS])
async def test_a_key_does_what_it_says(project: Project, action: Action, key: str) -> None:
    case = CASES[action.screen, action.name]
    start = passage_of(project, case.start)
    async with reviewing(project, WIDE, start=start, assistant=Helper(project)) as on:
        await _pause_for(on, case.setup)
        assert case.look(on) != case.seen, "nothing would be shown by this key"
        await on.press(key)
        if action.name == "why":
            await on.until("Why 93%")
        assert case.look(on) == case.seen, on.text()


def test_every_action_has_its_case() -> None:
    missing = {(a.screen, a.name) for a in ACTIONS if a.screen not in OWN_TESTS} - set(CASES)
    assert not missing
