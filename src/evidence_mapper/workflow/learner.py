"""Learning in the background of a review: when it is due, doing it, and switching it off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import EvidenceMapperError, UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.locking import handed_key
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.workflow.head_changes import Changes

AFTER: Final = 25
"""New decisions, of all coders, after which learning is due."""
MOST_PASSAGES: Final = 50_000
"""Above this, suggesting anew takes minutes to hours: it is left to ``evidence-mapper train``."""

_SETTING: Final = "learn-while-reviewing"
_FEW_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Standing:
    """How learning stands in a project."""

    on: bool
    """Whether the project learns while it is reviewed."""
    learned_from: int
    """Decisions the head in use was learned from; 0 for the classifier as it was shipped."""
    answered: int
    """Decisions that hold and answer; "unsure" does not."""
    tried_with: int
    """Decisions there were when a head was last learned, kept or not; 0 before the first."""
    last: str | None
    """What came of that, in words; None before the first."""
    passages: int = 0
    """In the newest versions of all documents."""

    @property
    def too_large(self) -> bool:
        """Return whether the project is too large to learn in the background."""
        return self.passages > MOST_PASSAGES

    @property
    def new(self) -> int:
        """Return how many decisions came since a head was last learned."""
        return max(0, self.answered - self.tried_with)

    @property
    def due(self) -> bool:
        """Whether it is time to learn."""
        return self.on and not self.too_large and self.new >= AFTER


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of learning in the background."""

    kept: bool
    reason: str
    decisions: int
    suggested: int
    """Passages with new probabilities."""


class Learner:
    """Learns in a process of its own; its methods wait and are called in threads.

    Parameters
    ----------
    project
        An open project.
    coder
        Under whose name learning is recorded.
    """

    def __init__(self, project: Project, coder: str) -> None:
        self._project = project
        self._coder = coder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._passages: int | None = None
        """Counted once: it is asked for after every decision, and only says how large the project is."""

    def standing(self) -> Standing:
        """Return how learning stands; a few small reads."""
        store = self._project.store
        if self._passages is None:
            self._passages = store.passage_count()
        tried = store.entries([EventAction.HEAD_TRAINED])
        head = store.head_in_use()
        return Standing(
            on=store.setting(_SETTING) != "off",
            learned_from=head.decisions if head else 0,
            answered=store.answered_count(),
            tried_with=int(tried[-1].payload.get("decisions", 0)) if tried else 0,
            last=str(tried[-1].payload.get("reason")) if tried else None,
            passages=self._passages,
        )

    def switch(self, *, on: bool) -> Standing:
        """Have the project learn while it is reviewed, or not; kept with the project."""
        self._project.store.keep_setting(_SETTING, "on" if on else "off")
        return self.standing()

    def learn(self) -> Learned:
        """Learn from every decision that holds and suggest anew; takes from seconds to minutes.

        Raises
        ------
        UsageError
            Nothing came of it; the message says why. What was in use before stays.
        """
        with self._lock:
            self._process = subprocess.Popen(  # noqa: S603 - this program, under its own interpreter
                [sys.executable, "-m", "evidence_mapper.workflow.learn_behind",
                 str(self._project.path.resolve()), self._coder],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, encoding="utf-8", errors="replace",
                env={**os.environ, **dict.fromkeys(_FEW_THREADS, "1"), "PYTHONIOENCODING": "utf-8"},
                creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )  # fmt: skip
            out, wrong = self._process.communicate(handed_key(self._project.path))
            code, self._process = self._process.returncode, None
        return _learned(out, wrong, code)

    def changes(self) -> Changes:
        """Return which pending passages the head in use changes; loads the classifier.

        Raises
        ------
        UsageError
            The classifier is used as it was shipped.
        """
        from evidence_mapper.workflow.head_changes import head_changes

        return head_changes(self._project)

    def back_to_shipped(self) -> Standing:
        """Use the classifier as it was shipped again and stop learning; suggestions are made anew with it.

        Raises
        ------
        EvidenceMapperError
            The classifier cannot be loaded, or the project not be written.
        """
        from evidence_mapper.workflow.suggest import suggest
        from evidence_mapper.workflow.train import choose_head

        self._project.store.keep_setting(_SETTING, "off")
        if self._project.store.head_in_use() is not None:
            choose_head(self._project, None, coder=self._coder, now=utc_now)
            suggest(self._project, behind=True)
        return self.standing()

    def stop(self) -> None:
        """End learning that is under way; the project is whole at any moment."""
        process = self._process
        if process is not None:
            process.terminate()


def _learned(out: str, wrong: str, code: int) -> Learned:
    try:
        said = json.loads(out.strip().splitlines()[-1])
        if "error" in said:
            raise UsageError(str(said["error"]))
        return Learned(
            bool(said["kept"]), str(said["reason"]), int(said["decisions"]), int(said["suggested"])
        )
    except (IndexError, KeyError, ValueError, TypeError) as error:
        last = next(iter(wrong.strip().splitlines()[-1:]), f"it ended with {code} and said nothing")
        raise EvidenceMapperError(
            f"learning in the background failed: {last}; what was in use before stays; "
            "see what it says with `evidence-mapper train`"
        ) from error
