"""Line by line: learning in the background while passages are read and answered, as on the full screen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from evidence_mapper.cli.plain.words import learned_line
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.text import one_line

if TYPE_CHECKING:
    from evidence_mapper.workflow.learner import Learned, Learner


class Behind:
    """Begins to learn when it is due, and has something to say once it is done.

    Parameters
    ----------
    learner
        What learns; None where there is no such, or where nothing is to be learned by itself.
    """

    def __init__(self, learner: Learner | None) -> None:
        self._learner = learner
        self._thread: threading.Thread | None = None
        self._found: Learned | EvidenceMapperError | None = None
        self._looked_at = -1
        self._given_up = False
        """Whether learning failed in this sitting: it is not tried again by itself."""

    @property
    def at_work(self) -> bool:
        """Whether something is being learned."""
        return self._thread is not None and self._thread.is_alive()

    def opening(self) -> list[str]:
        """Return how learning stands, for the start of a sitting."""
        if self._learner is None:
            return []
        standing = self._learner.standing()
        said = [learned_line(standing.learned_from)] if standing.learned_from else []
        if standing.on and not standing.too_large:
            said.append("The program learns from your decisions as you go; type learning to switch that off.")
        return said

    def news(self, saved: int) -> list[str]:
        """Return what there is to say of learning, and begin to learn when it is due.

        Parameters
        ----------
        saved
            Decisions saved or taken back in this sitting: how it stands is asked only when that changed.

        Raises
        ------
        StoreError
            How learning stands cannot be read.
        """
        if self._learner is None:
            return []
        said = self._outcome()
        if self._given_up or self._thread is not None or saved == self._looked_at:
            return said
        self._looked_at = saved
        standing = self._learner.standing()
        if standing.due:
            self._thread = threading.Thread(target=self._learn, args=(self._learner,), daemon=True)
            self._thread.start()
            new = counted(standing.new, "new decision")
            said.append(f"Learning from {new} in the background; go on.")
        return said

    def _outcome(self) -> list[str]:
        """Return what came of learning, once it is done."""
        if self._thread is None or self._thread.is_alive():
            return []
        found, self._thread, self._found, self._looked_at = self._found, None, None, -1
        if found is None:
            return []
        if isinstance(found, EvidenceMapperError):
            self._given_up = True
            return [f"Could not learn from the decisions: {one_line(str(found))}"]
        if not found.kept:
            return [f"What was learned is not used: {one_line(found.reason)}."]
        count = counted(found.decisions, "decision")
        words = "probabilities are new from this passage on; learning, then c, reads what changed."
        return [f"Learned from {count}: {words}"]

    def _learn(self, learner: Learner) -> None:
        try:
            self._found = learner.learn()
        except EvidenceMapperError as error:
            self._found = error

    def stop(self) -> None:
        """End learning that is under way; the project is whole at any moment."""
        if self._learner is not None and self._thread is not None:
            self._given_up = True
            self._learner.stop()
            self._thread.join(timeout=5)
