"""Textual's way to the outside, where the outside is a terminal drawn by a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from textual import events, messages
from textual._xterm_parser import XTermParser  # Textual offers no public parser of key sequences
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

Send = Callable[[str], None]

_ESCAPE: Final = 0.15
"""Seconds after which an escape that nothing follows counts as the key."""
_MODES: Final = (
    "\x1b[?1049h",  # a screen of its own
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h",  # mouse
    "\x1b[?25l",  # no cursor
    "\x1b[?2004h",  # paste as such
)


class BrowserDriver(Driver):
    """Draws in whichever browser window is attached; without one, the application waits."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._send: Send | None = None
        self._parser = XTermParser(debug)

    @property
    def is_web(self) -> bool:
        """Return True."""
        return True

    def attach(self, send: Send, width: int, height: int) -> None:
        """Draw in a window from now on, all of it at first."""
        self._send = send
        self._parser = XTermParser(self._debug)  # half a key sequence of another window means nothing here
        for mode in _MODES:
            self.write(mode)
        self.resize(width, height)
        self._app.call_later(self._app.refresh, layout=True)

    def detach(self, send: Send) -> None:
        """Stop drawing in a window, unless another has taken its place."""
        if self._send is send:
            self._send = None

    def write(self, data: str) -> None:
        """Send what is to be drawn."""
        if self._send is not None:
            self._send(data)

    def receive(self, data: str) -> None:
        """Take keys, mouse and pasted text as a terminal sends them."""
        for message in self._parser.feed(data):
            self.process_message(message)
        self._loop.call_later(_ESCAPE, self._tick)

    def _tick(self) -> None:
        for message in self._parser.tick():
            self.process_message(message)

    def resize(self, width: int, height: int) -> None:
        """Take the window's size, in cells."""
        size = Size(width, height)
        self._size = (width, height)
        self._app.post_message(events.Resize(size, size))

    def focus(self, *, has_focus: bool) -> None:
        """Take that the window got or lost the focus."""
        self._app.post_message(events.AppFocus() if has_focus else events.AppBlur())

    def start_application_mode(self) -> None:
        """Tell the application its size; the window is attached by the server."""
        width, height = self._size or (80, 24)
        size = Size(width, height)
        message = self._app._post_message(events.Resize(size, size))  # noqa: SLF001  # as Textual's drivers do
        asyncio.run_coroutine_threadsafe(message, loop=self._loop)

    def disable_input(self) -> None:
        """Do nothing: what arrives late is dropped by the application."""

    def stop_application_mode(self) -> None:
        """Leave the window as it is: the server closes it."""

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing: no address outside this machine is ever asked for."""

    def ask_to_exit(self) -> None:
        """End the application at once; what is recorded is on disk."""
        self._app.post_message(messages.ExitApp())
