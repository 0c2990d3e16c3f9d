"""The application: one session, its screens, light and dark."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from evidence_mapper.tui.actions import REVIEW, actions_of
from evidence_mapper.tui.review_screen import ReviewScreen
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.theme import DARK, FALLBACK, LIGHT
from evidence_mapper.tui.tidy import Tidy
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.assistant import Assistant


_SETTLED: Final = 1.5
"""Seconds after the first frame by which the first passage, and what stands beside it, is there."""
_OTHERS: Final = (
    "matrix_screen",
    "documents_screen",
    "history_screen",
    "search_screen",
    "claims_screen",
    "cases_screen",
    "bulk_screen",
    "similar_screen",
    "settle_screen",
    "learning_screen",
    "remaining_screen",
    "help_screen",
)
"""Modules of screens that the review does not need to open."""


def _review(session: ReviewSession, start: str | None, assistant: Assistant | None) -> ReviewScreen:
    if not session.blind:
        return ReviewScreen(session, start, assistant)
    from evidence_mapper.tui.blind_screen import BlindReviewScreen

    return BlindReviewScreen(session, start)


class EvidenceMapperApp(App[None]):
    """The terminal UI over one review session.

    Parameters
    ----------
    session
        One coder's work on one project.
    start
        Id of the passage to open first; None opens the first of the queue.
    assistant
        Asks the classifier; None leaves out what needs it.
    settle
        Open on where people's codings differ.
    """

    TITLE = "Evidence Mapper"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # typed in App
        (0, "-tiny"),
        (76, "-narrow"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012  # typed in App
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "light_or_dark", "Light or dark", show=False, priority=True),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
    ]

    def __init__(
        self,
        session: ReviewSession,
        *,
        start: str | None = None,
        assistant: Assistant | None = None,
        settle: bool = False,
    ) -> None:
        super().__init__()
        self._settle = settle
        self._tidy = Tidy()
        self.session = session
        self._review = _review(session, start, assistant)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """Open on the review."""
        return self._review

    def on_ready(self) -> None:
        """Open what was asked for; then read in the other screens, and collect garbage again.

        What starting made is never looked through: that takes as long as two keys, and would come between
        them.
        """
        if self._settle:
            self._review.action_settle()
        if not gc.isenabled():
            self.set_timer(_SETTLED, self._read_in)

    @work(thread=True, group="read in")
    def _read_in(self) -> None:
        """Read in what the first key that opens another screen would wait for."""
        try:
            for name in _OTHERS:
                import_module(f"evidence_mapper.tui.{name}")
        finally:
            self.call_later(self._tidy.begin)

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody types, or moves the mouse."""
        if isinstance(event, events.InputEvent):
            self._tidy.typed()
        await super().on_event(event)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give Textual's own themes the colours with a meaning."""
        return FALLBACK

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """List every action of the present screen, then Textual's theme and screenshot commands."""
        name = getattr(screen, "TABLE", "")
        for action in actions_of(name):
            if action.palette and action.label:

                def run(action_name: str = action.name) -> None:
                    self.call_later(screen.run_action, action_name)

                yield SystemCommand(
                    f"{action.label.capitalize()} ({action.key_text})", action.description, run
                )
        yield SystemCommand("Theme", "Choose the colours", self.action_change_theme)
        yield SystemCommand("Light or dark", "Switch between the two (ctrl+l)", self.action_light_or_dark)

    def on_key(self, event: events.Key) -> None:
        """Say of a key that nothing has taken that it does nothing here."""
        said = next(iter(self.screen.query(StatusLine)), None)
        if said is not None and event.key not in self.screen.active_bindings:
            said.say(unbound_words(event.key, event.character if event.is_printable else None))

    def action_light_or_dark(self) -> None:
        """Switch between the light and the dark theme."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_help(self) -> None:
        """Show every key, those of the present screen first."""
        from evidence_mapper.tui.help_screen import HelpScreen

        self.push_screen(HelpScreen(getattr(self.screen, "TABLE", REVIEW)))

    def action_leave(self) -> None:
        """Leave, once a decision being written is on disk; ask first when marks would be lost."""
        self._review.leave(self._leave)

    @work(exclusive=True, group="leave")
    async def _leave(self) -> None:
        from evidence_mapper.tui.modals import Confirm

        unsaved = self._review.unsaved_count
        if unsaved:
            noun = "passage has" if unsaved == 1 else "passages have"
            question = f"{unsaved} {noun} marks that are not recorded (shown * in the queue)."
            if not await self.push_screen_wait(Confirm(question, yes="Leave and lose them", no="Stay")):
                return
        self.exit()


def unbound_words(key: str, character: str | None) -> str:
    """Return what is said of a key that does nothing.

    Parameters
    ----------
    key
        Textual's name of it.
    character
        What it types; None for one that types nothing.
    """
    caps = " Is Caps Lock on?" if character and character.isupper() else ""
    return f"{character or key} does nothing here: F1 lists the keys.{caps}"
