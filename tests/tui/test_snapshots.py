"""Pictures of the screens. After a change meant to be seen: pytest tests/tui --snapshot-update, then look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version

import pytest
from tests.tui.driver import Driver
from tests.tui.samples import empty_store, session, small_store
from textual.pilot import Pilot

from evidence_mapper.tui.app import EvidenceMapperApp

DRAWN_WITH = "8.2"

pytestmark = pytest.mark.skipif(
    not version("textual").startswith(DRAWN_WITH), reason=f"pictures were drawn with textual {DRAWN_WITH}"
)

Compare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 36)


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return a step that waits for the application, then presses keys."""

    async def step(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, EvidenceMapperApp)
        on = Driver(app, pilot, small_store())
        await on.settle()
        await on.press(*keys)

    return step


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize(
    "keys",
    [(), ("a",), ("7", "right", "right", "x"), ("g",), ("d",), ("a", "n", "h")],
    ids=["review", "decided", "marked", "matrix", "documents", "history"],
)
def test_screens(snap_compare: Compare, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app = EvidenceMapperApp(session(small_store()))
    assert snap_compare(app, terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("keys", [("question_mark",), ("f",), ("t",)], ids=["help", "filter", "topics"])
def test_windows(snap_compare: Compare, keys: tuple[str, ...]) -> None:
    app = EvidenceMapperApp(session(small_store()))
    assert snap_compare(app, terminal_size=NARROW, run_before=pressing(*keys))


def test_light(snap_compare: Compare) -> None:
    app = EvidenceMapperApp(session(small_store()))
    assert snap_compare(app, terminal_size=WIDE, run_before=pressing("ctrl+l"))


def test_empty_project(snap_compare: Compare) -> None:
    app = EvidenceMapperApp(session(empty_store()))
    assert snap_compare(app, terminal_size=NARROW, run_before=pressing())
