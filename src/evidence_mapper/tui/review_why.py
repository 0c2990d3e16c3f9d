"""Beside the text while deciding: what is confirmed already, and why a statement was suggested."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from evidence_mapper.domain.project import Example, PassageCard
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.definition import EXAMPLE, Part, cut, definition, examples_words
from evidence_mapper.tui.modals import Reader
from evidence_mapper.tui.passage_view import PassageView
from evidence_mapper.tui.queue_list import QueueList
from evidence_mapper.tui.review_together import ReviewTogether
from evidence_mapper.tui.statement_list import StatementList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.text import one_line, percent
from evidence_mapper.tui.text_pane import Block, TextPane
from evidence_mapper.tui.typed import waits
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.workflow.why import Neighbour, Why

_PAUSE: Final = 0.3
"""Seconds the cursor rests on a statement before it is explained: passing over it costs nothing."""
_QUIET: Final = ("why", "examples")
"""Groups of questions beside the text: their failure stops nothing else."""


class ReviewWhy(ReviewTogether):
    """Shows confirmed examples with the definition, and marks the words that carry a suggestion."""

    _why_on = False
    _pause: Timer | None = None
    _examples: Sequence[Example] | None = None

    # examples ----------------------------------------------------------------------------------
    def show_definition(self) -> None:
        """Show the definition of the statement under the cursor, or why it was suggested."""
        if self._why_on:
            self._explain_soon()
            return
        self._examples = None
        super().show_definition()
        # The passage itself comes first. What is drawn anew says so to the screen in the loop's next round:
        # asked for before that, the examples would be read while the passage is drawn, and slow it down.
        asyncio.get_running_loop().call_soon(self.call_after_refresh, self._ask_examples)

    def _ask_examples(self) -> None:
        if (asked := self._here()) is not None and not self._why_on:
            call = partial(read_beside, self.session, asked, self._next_row())
            show = partial(self._show_examples, asked)
            self.ask_store("read confirmed examples", call, show, group="examples")

    def _next_row(self) -> str | None:
        """Return the passage that follows in the queue, when its line is at hand."""
        queue = self.query_one(QueueList)
        row = None if self.index is None else queue.row(self.index + 1)
        return None if row is None else row.passage_id

    def _here(self) -> tuple[str, str] | None:
        """Return the statement under the cursor and the open passage; None when none is open."""
        if self.card is None:
            return None
        return self.query_one(StatementList).statement_id, self.card.passage.id

    def _show_examples(self, asked: tuple[str, str], found: list[Example]) -> None:
        if asked == self._here() and not self._why_on:
            self._examples = found
            meaning, _, limits = self.definition_blocks(self.framework.statement(asked[0]))
            between = Block(examples_words(found))
            self.query_one("#definition-text", TextPane).show([meaning, between, limits])

    @waits
    def action_wording(self) -> None:
        """Show everything about the statement under the cursor."""
        statement = self.framework.statement(self.query_one(StatementList).statement_id)
        body = definition(self.framework, statement, whole=True, examples=self._examples)
        self.app.push_screen(Reader(f"{statement.number}. {statement.title.text}", body))

    # why ---------------------------------------------------------------------------------------
    @waits
    def action_why(self) -> None:
        """Show why the statement under the cursor was suggested, or go back to its definition."""
        if self._why_on:
            self._end_why()
            self.query_one(StatusLine).say("")
            self.show_definition()
        elif self.card is None:
            self.query_one(StatusLine).say("No passage is open.")
        elif self.assistant is None or self.card.suggestion is None:
            self.query_one(StatusLine).say("Nothing was suggested here, so there is nothing to explain.")
        else:
            self._why_on = True
            self._explain()

    def _explain_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._say_looking()
        self._pause = self.set_timer(_PAUSE, self._explain)

    def _say_looking(self) -> None:
        statement = self.framework.statement(self.query_one(StatementList).statement_id)
        title = one_line(statement.title.text)
        loading = self.assistant is not None and not self.assistant.loaded
        words = "Loading the classifier to look" if loading else "Looking"
        self.query_one(PassageView).highlight(())
        self.query_one("#definition-title", Static).update(f"Why {statement.number}. {title}", layout=False)
        self.query_one("#definition-text", TextPane).update(
            f"{words} for the words that carry it … keys go on working"
        )

    def _explain(self) -> None:
        asked, assistant = self._here(), self.assistant
        if self._why_on and asked is not None and assistant is not None:
            self._say_looking()
            call = partial(assistant.why, asked[1], asked[0])
            self.ask_store("say why", call, partial(self._show_why, asked), group="why")

    def _show_why(self, asked: tuple[str, str], found: Why) -> None:
        if not self._why_on or asked != self._here():
            return
        self.add_class("-why")
        self.query_one(PassageView).highlight([h.span for h in found.explanation.highlights])
        statement = self.framework.statement(asked[0])
        chance = percent(found.explanation.probability)
        title = f"Why {chance} (y back) · {statement.number}. {one_line(statement.title.text)}"
        self.query_one("#definition-title", Static).update(title, layout=False)
        text = self.card.passage.text if self.card else ""
        names = {t.id: t.definition for t in self.framework.topics}
        topic = names[found.topic.id] if found.topic else ""
        self.query_one("#definition-text", TextPane).update(why_words(found, text, topic))

    def _end_why(self) -> None:
        if self._why_on:
            self._why_on = False
            self.remove_class("-why")
            if self._pause is not None:
                self._pause.stop()
            self.query_one(PassageView).highlight(())

    def _show_card(self, card: PassageCard) -> None:
        self._end_why()  # it was of the passage that was open
        super()._show_card(card)

    def failed(self, group: str, what: str, error: Exception) -> None:
        """Say what failed; beside the text, nothing else stops."""
        if group not in _QUIET:
            super().failed(group, what, error)
            return
        if group == "why":
            self._end_why()
            self.show_definition()
        self.query_one(StatusLine).say(f"Could not {what}: {error}")


def read_beside(session: ReviewSession, asked: tuple[str, str], following: str | None) -> list[Example]:
    """Return confirmed examples, and have the next passage at hand while the person reads this one.

    Called in a thread. What cannot be read is said when it is asked for.
    """
    found = session.examples(*asked)
    if following is not None:
        with suppress(EvidenceMapperError):
            session.card(following)
    return found


def why_words(found: Why, text: str, topic: str = "") -> Content:
    """Return the words that carry a statement, its ``topic``'s name, and passages like the one at hand."""
    pieces = [one_line(piece) for piece in found.phrases(text)]
    parts: list[Part] = [("Carried by ", "bold")]
    quoted = [f"“{piece}”" for piece in pieces]
    if found.explanation.heading:
        quoted.insert(0 if found.by_heading else len(quoted), "what it stands under")
    parts += [", ".join(quoted) or "no words alone"]
    parts += [("\n(the words without which it would be less likely; marked in the passage)\n", "$em-dim")]
    if found.topic is not None:
        parts += [
            ("\nTopic ", "bold"),
            one_line(topic),
            (f"  {percent(found.topic.probability)}\n", "$em-dim"),
        ]
    if not found.neighbours:
        parts += [("\nNearest confirmed  ", "bold"), ("none yet for this statement\n", "$em-dim")]
    for near in found.neighbours:
        parts += _near(near)
    for learned in found.stand_ins:
        parts += [
            ("\nLearned from ", "bold"),
            (f"invented, not evidence · likeness {learned.similarity:.2f}\n", "$em-dim"),
            f"“{cut(learned.text, EXAMPLE)}”\n",
        ]
    return Content.assemble(*parts)


def _near(near: Neighbour) -> list[Part]:
    place = f"{one_line(near.document)}, {one_line(near.passage.location.label())}"
    return [
        ("\nNearest confirmed ", "bold"),
        (f"likeness {near.similarity:.2f}\n", "$em-dim"),
        f"“{cut(near.passage.text, EXAMPLE)}”\n",
        (f"  {place}\n", "$em-dim"),
    ]
