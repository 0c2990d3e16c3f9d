"""Learning while reviewing: in the background, when nobody types, and said when there is something new."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Final

from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.review_why import ReviewWhy
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.typed import waits
from evidence_mapper.tui.view import Recorded, TakenBack, Target
from evidence_mapper.workflow.learner import Learned, Learner, Standing

LOOK: Final = 2.0
"""Seconds between looks at whether learning is due."""
IDLE: Final = 4.0
"""Seconds without a key after which nobody is taken to be typing."""
_QUIET: Final = ("learn", "learning")


class ReviewLearning(ReviewWhy):
    """Asks the learner when it is due; the open passage stays as it is read."""

    _standing: Standing | None = None
    _learning = False
    _stale = False
    """Whether something was decided since it was read how learning stands."""
    _last_key = 0.0
    _given_up = False
    """Whether learning failed in this sitting: it is not tried again by itself."""

    @property
    def learner(self) -> Learner | None:
        """What learns; None where there is no such."""
        return self.assistant.learner if self.assistant is not None else None

    def start_learning(self) -> None:
        """Look from time to time whether learning is due."""
        if self.learner is not None:
            self.set_interval(LOOK, self.look)
            self._read_standing()

    def in_turn(self, act: Callable[[], None], *, move: bool) -> None:
        """Note that somebody types."""
        self._last_key = monotonic()
        super().in_turn(act, move=move)

    def _read_standing(self, then: Callable[[], None] | None = None) -> None:
        if self.learner is not None:
            self._stale = False
            show = partial(self._show_standing, then)
            self.ask_store("read how learning stands", self.learner.standing, show, group="learning")

    def _show_standing(self, then: Callable[[], None] | None, standing: Standing) -> None:
        self._standing = standing
        self.show_progress()
        if then is not None:
            then()

    def progress_words(self) -> str:
        """Return how far the coder is, and what was learned."""
        words = super().progress_words()
        if self._learning:
            words += " · learning …"
        elif self._standing is not None and self._standing.learned_from:
            words += f" · learned from {counted(self._standing.learned_from, 'decision')}"
        return words

    def _recorded(self, words: str, done: Recorded) -> None:
        super()._recorded(words, done)
        self._stale = True

    def come_back(self, words: str, target: Target | None = None) -> None:
        """Show the open passage anew, and say what was done; decisions recorded together count too."""
        super().come_back(words, target)
        self._stale = True

    def _taken_back(self, done: TakenBack) -> None:
        super()._taken_back(done)
        self._stale = True

    def look(self) -> None:
        """Start to learn when it is due and nobody types; how it stands is asked only then."""
        if monotonic() - self._last_key < IDLE:
            return
        if self._stale:
            self._read_standing(self._learn_if_due)
        else:
            self._learn_if_due()

    def _learn_if_due(self) -> None:
        due = self._standing is not None and self._standing.due and not self._given_up
        if due and not self._learning and monotonic() - self._last_key >= IDLE:
            self.learn()

    def learn(self) -> None:
        """Learn in the background."""
        if self.learner is not None:
            self._learning = True
            self.show_progress()
            self.ask_store("learn from the decisions", self.learner.learn, self._learned, group="learn")

    def _learned(self, found: Learned) -> None:
        self._learning = False
        self._read_standing()
        if found.kept:
            # Added to what stands there: what was just recorded, or what enter would record, is not hidden.
            self.query_one(StatusLine).add(
                f"Learned from {counted(found.decisions, 'decision')}: probabilities are new from the next "
                "passage on; L shows what changed."
            )

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; that learning did stops nothing else."""
        if group not in _QUIET:
            super().failed(group, what, error)
            return
        if group == "learn":
            self._learning, self._given_up = False, True
            self.show_progress()
        self.query_one(StatusLine).say(f"Could not {what}: {error}")

    @waits
    def action_learning(self) -> None:
        """Show what was learned, what it changed, and switch it off."""
        from evidence_mapper.tui.learning_screen import LearningScreen

        if self.learner is None:
            self.query_one(StatusLine).say("Learning is not available here.")
            return

        def back(passage_id: str | None) -> None:
            self._read_standing()
            self._take_place(passage_id)

        self.app.push_screen(LearningScreen(self.framework, self.learner), back)

    def on_unmount(self) -> None:
        """Leave no process behind."""
        if self.learner is not None:
            self.learner.stop()
