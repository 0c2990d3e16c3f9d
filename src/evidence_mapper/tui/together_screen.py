"""What the screens share that record a list of passages in one go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.seen_list import SeenList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen

Found = TypeVar("Found")
Item = TypeVar("Item")
Result = TypeVar("Result")


class TogetherScreen(StoreScreen):
    """Records what is ticked once every line has been on the screen, and one recording at a time."""

    _recording = False

    def record_ticked(
        self,
        found: Found | None,
        listed: SeenList,
        chosen: list[Item],
        record: Callable[[Found, list[Item]], Result],
        then: Callable[[Result], None],
    ) -> None:
        """Record in a thread, or say why not.

        Parameters
        ----------
        found
            What is listed; None while it is being read.
        listed
            The list.
        chosen
            Those of its items that are ticked.
        record
            Records the items of what is listed; called in a thread.
        then
            What follows, with its result.
        """
        status = self.query_one(StatusLine)
        if found is None or self._recording:
            status.say("The list is being read.")
        elif listed.unseen:
            listed.to_unseen()
            status.say(
                f"Not recorded: {counted(listed.unseen, 'line')} not seen yet. The cursor is where "
                "they begin: page down through them first."
            )
        elif not chosen:
            status.say("Nothing is ticked.")
        else:
            self._recording = True
            status.say(f"Recording {counted(len(chosen), 'decision')} …")
            self.ask_store("record these decisions", partial(record, found, chosen), then, group="record")

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; nothing of it was recorded."""
        self._recording = False
        prefix = "NOT RECORDED. " if group == "record" else ""
        self.query_one(StatusLine).error(f"{prefix}Could not {what}: {error}")

    def action_back(self) -> None:
        """Return to the review; what is being written is waited for."""
        if not self._recording:
            self.dismiss(None)
