"""Why something was suggested, told with names in people's own stories replaced."""

from __future__ import annotations

from dataclasses import replace

from evidence_mapper.classify.lexical import terms
from evidence_mapper.classify.word_shares import WordShare
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.learner import Learner
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.redacted_session import Redacting
from evidence_mapper.workflow.redactor import Redactor
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.suggest import heading_of
from evidence_mapper.workflow.why import Neighbour, Why, why


class RedactedAssistant(Assistant):
    """Answers from the words as written, and shows them with names replaced.

    Parameters
    ----------
    project
        An open project.
    redactor
        That of the session it helps, so that pseudonyms are the same.
    learner
        Learns in the background; None where that is not wanted.
    """

    def __init__(self, project: Project, redactor: Redactor, learner: Learner | None = None) -> None:
        super().__init__(project, learner)
        self._redactor = redactor

    def why(self, passage_id: str, statement: str) -> Why:
        """Return why a statement was suggested; see :meth:`Assistant.why`."""
        passage = self.project.store.passage(passage_id)
        return redacted_why(super().why(passage_id, statement), passage, self._redactor)


def shown_why(
    project: Project, session: ReviewSession, passage_id: str, statements: tuple[str, ...] | None = None
) -> list[Why]:
    """Return why each statement was suggested, in the words that a session shows; raises as ``why`` does."""
    found = why(project, passage_id, statements)
    if not isinstance(session, Redacting):
        return found
    passage = project.store.passage(passage_id)
    return [redacted_why(each, passage, session.redactor) for each in found]


def redacted_why(found: Why, passage: Passage, redactor: Redactor) -> Why:
    """Return an explanation whose places are those in the passage's replaced words.

    Parameters
    ----------
    found
        Of the passage as written.
    passage
        As it is in the project.
    redactor
        Replaces the names; the same that replaced those of the passage that is shown.
    """
    neighbours = tuple(_neighbour(each, redactor) for each in found.neighbours)
    if not redactor.of_story(passage):
        return replace(found, neighbours=neighbours)
    highlights = tuple(
        replace(each, span=redactor.span(passage, each.span)) for each in found.explanation.highlights
    )
    return replace(
        found,
        explanation=replace(found.explanation, highlights=highlights),
        neighbours=neighbours,
        words=_words(found.words, passage, redactor),
    )


def _words(found: tuple[WordShare, ...], passage: Passage, redactor: Redactor) -> tuple[WordShare, ...]:
    """Return the words that can be read in what is shown, at their places there: names are left out."""
    shown = redactor.passage(passage)
    under = set(terms(f"{heading_of(shown.heading_path, shown.context) or ''}. {shown.text}"))
    kept = []
    for word in found:
        moved = (redactor.span(passage, span) for span in word.spans)
        spans = tuple(span for span in moved if terms(span.of(shown.text))[-1:] == [word.term])
        if spans or (word.of_heading and word.term in under):
            kept.append(replace(word, spans=spans))
    return tuple(kept)


def _neighbour(found: Neighbour, redactor: Redactor) -> Neighbour:
    if not redactor.of_story(found.passage):
        return found
    return replace(found, passage=redactor.passage(found.passage), document=redactor.name_of(found.document))
