"""Line by line: the last decision again, what is suggested with confidence accepted in one go, and flags."""

from __future__ import annotations

from evidence_mapper.cli.plain import words
from evidence_mapper.cli.plain.lines import numbers_in
from evidence_mapper.cli.plain.reading import Reader
from evidence_mapper.domain.coding import Decision
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.text import one_line, percent
from evidence_mapper.workflow.accept_together import LEAST, Listed, accept, acceptable
from evidence_mapper.workflow.review import again

AT_A_TIME = 10
"""Passages read out before the next are asked for."""


class Together(Reader):
    """What goes beyond one answer on one passage; a subclass records and counts."""

    _saved = 0

    def _decide(self, card: PassageCard, decision: Decision) -> None:
        raise NotImplementedError

    def do_repeat(self, _: str) -> None:
        """Record the coder's last decision on the open passage too."""
        if (held := self._open_draft()) is None:
            return
        card, draft = held
        last = self.session.last_decision()
        if last is None:
            self.lines.say("There is no decision of yours to repeat yet.")
        elif draft.touched:
            self.lines.say("This passage has marks: r records them; their numbers clear them.")
        else:
            self._decide(card, again(last))

    def do_flag(self, argument: str) -> None:
        """Put the open passage to a colleague's notice, or take the flag off."""
        if (held := self._open_draft()) is None:
            return
        passage_id, flag = held[0].passage.id, held[0].flag
        if flag is not None and not argument:
            if self.lines.ask_yes("Take the flag off?"):
                self.session.unflag(passage_id)
                self.lines.say("Saved: the flag is taken off.")
        else:
            to = argument or self.lines.ask("For whom? Nothing for anybody:")
            reason = self.lines.ask("Why? In one line, or nothing:")
            self.session.flag(passage_id, to, reason)
            self.lines.say(f"Saved: flagged{f' for {one_line(to)}' if to.strip() else ''}.")
        self.card = self.session.card(passage_id)

    def do_bulk(self, argument: str) -> None:
        """Read out what is suggested with confidence, then record all of it but what is left out."""
        asked = numbers_in(argument.removesuffix("%")) if argument else [round(LEAST[0] * 100)]
        if not asked or len(asked) > 1 or asked[0] > 99:
            self.lines.say("Type b alone for 90% or more, or another percentage: b 66; b 0 takes any.")
            return
        if any(draft.touched for draft in self._drafts.values()):
            self.lines.say("Some passages have marks that are not saved: record or clear them first.")
            return
        found = acceptable(self.session, self.where, self.order, asked[0] / 100)
        level = f"at {asked[0]}% or more" if asked[0] else "at any probability"
        if not found.items:
            self.lines.say(f"Nothing here is suggested {level}.")
        else:
            count = counted(len(found.items), "passage")
            self.lines.say(f"{count} suggested {level}; each is read before any is saved.")
        if found.left_out:
            self.lines.say(
                f"{counted(found.left_out, 'passage')} suggested below that: read them one by one."
            )
        if found.items and (chosen := self._read_all(list(found.items))):
            events = accept(self.session, found, chosen)
            self._saved += len(events)
            count = counted(len(events), "passage")
            self.lines.say(f"Saved: {count} accepted together; z takes them all back.")
            self.open_place(0)
        elif found.items:
            self.lines.say("Nothing was saved.")

    def _read_all(self, items: list[Listed]) -> list[Listed]:
        """Read passages out, some at a time; return those to record, none when the person stops."""
        left_out: set[int] = set()
        for number, item in enumerate(items, 1):
            self.lines.say(*self._listed(number, item))
            if number % AT_A_TIME or number == len(items):
                continue
            if (
                numbers := self._left_out("numbers leave out, q saves none, nothing reads on:", number)
            ) is None:
                return []
            left_out |= numbers
        out = f" but {len(left_out)}" if left_out else ""
        answer = self.lines.ask(
            f"y saves all {len(items)}{out}; numbers leave those out too; nothing saves none:"
        )
        numbers = set(numbers_in(answer) or ())
        if answer.lower() not in ("y", "yes") and not numbers:
            return []
        return [item for number, item in enumerate(items, 1) if number not in left_out | numbers]

    def _left_out(self, prompt: str, most: int) -> set[int] | None:
        """Return the numbers to leave out; None to stop; asks again for anything else."""
        while answer := self.lines.ask(prompt):
            if answer.lower() == "q":
                return None
            numbers = numbers_in(answer)
            if numbers and all(1 <= n <= most for n in numbers):
                return set(numbers)
            self.lines.say(f"Not understood. Numbers are 1 to {most}.")
        return set()

    def _listed(self, number: int, item: Listed) -> list[str]:
        weakest = min(s.probability for s in item.suggestion.statements if s.suggested)
        return [
            f"{number}. {words.decision_words(self.framework, item.decision)}; {percent(weakest)}.",
            f"From {one_line(item.row.document_name)}, {one_line(item.row.location_label)}:",
            one_line(item.passage.text),
        ]
