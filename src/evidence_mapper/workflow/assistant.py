"""What a review asks of the classifier: why something was suggested. It is loaded once, when first asked."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from evidence_mapper.workflow.learner import Learner
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.workflow.base_classifier import AnyClassifier
    from evidence_mapper.workflow.why import Why


class Assistant:
    """Answers in the caller's thread, one question at a time; nothing is loaded before the first.

    Parameters
    ----------
    project
        An open project.
    learner
        Learns in the background; None where that is not wanted.
    """

    def __init__(self, project: Project, learner: Learner | None = None) -> None:
        self._project = project
        self.learner = learner
        self._lock = threading.Lock()
        self._classifier: AnyClassifier | None = None
        self._run: str | None = None
        self._known: dict[tuple[str | None, str, str], Why] = {}

    @property
    def project(self) -> Project:
        """The open project."""
        return self._project

    @property
    def loaded(self) -> bool:
        """Whether a classifier is at hand, so that an answer comes soon."""
        return self._classifier is not None

    def why(self, passage_id: str, statement: str) -> Why:
        """Return why a statement was suggested for a passage, or how probable it is without being so.

        Raises
        ------
        StoreError
            The suggestions were made by a classifier that is not installed any more.
        """
        from evidence_mapper.workflow.why import confirmed_like, why

        with self._lock:
            classifier = self._at_hand()
            key = (self._run, passage_id, statement)
            if key not in self._known:
                [self._known[key]] = why(self._project, passage_id, (statement,), classifier)
                return self._known[key]
            # The words stay the same; what is confirmed may have changed since.
            return confirmed_like(self._project, classifier, passage_id, self._known[key])

    def suggest_new(self) -> int:
        """Suggest for passages a person cut anew; return how many had no suggestion.

        Raises
        ------
        StoreError
            The suggestions were made by a classifier that is not installed any more.
        """
        from evidence_mapper.workflow.suggest import suggest_missing

        with self._lock:
            return suggest_missing(self._project, self._at_hand())

    def _at_hand(self) -> AnyClassifier:
        from evidence_mapper.workflow.head_in_use import behind_current_run

        run = self._project.store.current_run()
        run_id = run[0] if run else None
        if self._classifier is None or run_id != self._run:
            self._classifier = behind_current_run(self._project)
            self._run = run_id
            self._known.clear()
        return self._classifier
