"""Line by line: passages of the same kind as the open one, decided in one go; and the unsure ones."""

from __future__ import annotations

from typing import Final

from evidence_mapper.cli.plain import words
from evidence_mapper.cli.plain.lines import numbers_in
from evidence_mapper.cli.plain.together import AT_A_TIME, Together
from evidence_mapper.domain.coding import Decision, Outcome
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.draft import Draft
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.decide_similar import (
    Likeness,
    Similar,
    SimilarRow,
    decide_similar,
    next_after,
    similar,
)

_WORDS: Final = {
    Likeness.TABLE: "Rows of the same table",
    Likeness.SECTION: "Under the same headings",
    Likeness.SUGGESTION: "In the same document, with the same suggestion",
}
_STOP: Final = "q saves none"


class OfAKind(Together):
    """Each list is read before anything of it is recorded; one ``z`` takes all of it back."""

    _before: tuple[QueueFilter, QueueOrder] = (QueueFilter(), DEFAULT_ORDER)
    """The queue that was left for the unsure ones."""

    def do_later(self, _: str) -> None:
        """Show what the coder put off as unsure, or the queue as it was before."""
        unsure = QueueFilter(state=ReviewState.UNSURE)
        if self.where == unsure:
            self.where, self.order = self._before
        else:
            self._before = self.where, self.order
            self.where, self.order = unsure, QueueOrder.DOCUMENT
        self._show_queue()

    def do_similar(self, argument: str) -> None:
        """Read out passages of the same kind as the open one, then decide those not left out in one go."""
        if (held := self._open_draft()) is None:
            return
        card, draft = held
        if argument and argument.lower() not in list(Likeness):
            self.lines.say(f"Type alike alone, or with one of {', '.join(Likeness)}.")
            return
        if sum(d.touched for d in self._drafts.values()) > draft.touched or (draft.touched and card.mine):
            self.lines.say(
                "Marks here or on other passages are not saved: r records them, clear throws them away."
            )
            return
        found = similar(self.session, card.passage.id, Likeness(argument.lower()) if argument else None)
        self.lines.say(f"{_WORDS[found.likeness]}: {counted(len(found.items), 'undecided passage')}.")
        others = [str(likeness) for likeness in found.may_be if likeness is not found.likeness]
        self.lines.say(*(f"Others of its kind: alike {other}." for other in others))
        mine = card.mine.decision if card.mine is not None else None
        own = draft.recorded() if draft.touched else mine
        if found.items and (out := self._read_kind(found)) is not None:
            self._decide_kind(found, draft, own, out)

    def _read_kind(self, found: Similar) -> set[int] | None:
        """Read the passages out, some at a time; return the numbers left out, None when the person stops."""
        out = {number for number, item in enumerate(found.items, 1) if not item.same}
        for number, item in enumerate(found.items, 1):
            self.lines.say(*self._kind_lines(number, item, left_out=number in out))
            if number % AT_A_TIME or number == len(found.items):
                continue
            while answer := self.lines.ask(f"numbers leave out or take in, {_STOP}, nothing reads on:"):
                if answer.lower() == "q":
                    self.lines.say("Nothing was saved.")
                    return None
                self._turn(answer, out, number)
        return out

    def _decide_kind(self, found: Similar, draft: Draft, own: Decision | None, out: set[int]) -> None:
        """Ask what to record until there is an answer, and record it."""
        answers: dict[str, Decision | None] = {
            "n": Decision(Outcome.NONE, note=draft.note),
            "u": Decision(Outcome.UNSURE, note=draft.note),
            "a": None,
        }
        first = ""
        if own is not None:
            answers["r"], first = own, f"r {words.decision_words(self.framework, own)}, "
        choice = f"{first}n none of these, u unsure, a each as suggested"
        while True:
            chosen = [item for number, item in enumerate(found.items, 1) if number not in out]
            count = counted(len(chosen), "passage")
            ask = f"{count} taken in. {choice}; numbers leave out or take in; nothing saves none:"
            answer = self.lines.ask(ask).lower()
            if not answer or answer == "q":
                self.lines.say("Nothing was saved.")
                return
            if answer in answers and chosen:
                break
            self._turn(answer, out, len(found.items))
        self._save_kind(found, chosen, answers[answer], draft.accepting())

    def _save_kind(
        self, found: Similar, chosen: list[SimilarRow], decision: Decision | None, accepting: Decision | None
    ) -> None:
        following = next_after(
            self.session, (self.where, self.order), self._place, {item.passage.id for item in chosen}
        )
        events = decide_similar(self.session, found, chosen, decision, own=accepting)
        self._saved += len(events)
        for event in events:
            self._drafts.pop(event.subject, None)
        said = "each as suggested" if decision is None else words.decision_words(self.framework, decision)
        count = counted(len(events), "passage")
        self.lines.say(f"Saved: {count} decided together: {said}; z takes them all back.")
        if following is not None:
            self.open(following)
        else:
            self.open_place(0)

    def _turn(self, answer: str, out: set[int], most: int) -> None:
        """Leave out the passages of some numbers, or take them in again."""
        numbers = numbers_in(answer)
        if not numbers or not all(1 <= n <= most for n in numbers):
            self.lines.say(f"Not understood. Numbers are 1 to {most}.")
            return
        out ^= set(numbers)
        self.lines.say(*(f"{n} {'left out' if n in out else 'taken in'}." for n in numbers))

    def _kind_lines(self, number: int, item: SimilarRow, *, left_out: bool) -> list[str]:
        apart = " Left out, as something else is suggested; its number takes it in." if left_out else ""
        place = f"{one_line(item.row.document_name)}, {one_line(item.row.location_label)}"
        suggested = words.suggested_briefly(self.framework, item.suggestion)
        return [f"{number}. Suggested: {suggested}.{apart}", f"From {place}:", one_line(item.passage.text)]
