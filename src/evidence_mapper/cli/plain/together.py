"""Line by line: the last decision again, what is suggested with confidence accepted in one go, and flags."""

from __future__ import annotations

from evidence_mapper.cli.plain import words
from evidence_mapper.cli.plain.lines import numbers_in
from evidence_mapper.cli.plain.reading import Reader
from evidence_mapper.domain.coding import Decision
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.text import one_line, percent
from evidence_mapper.workflow.accept_together import Listed, accept, acceptable
from evidence_mapper.workflow.review import again


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

    def do_bulk(self, _: str) -> None:
        """Read out what is suggested with confidence, then record all of it but what is left out."""
        if any(draft.touched for draft in self._drafts.values()):
            self.lines.say("Some passages have marks that are not saved: record or clear them first.")
            return
        found = acceptable(self.session, self.where, self.order)
        if not found.items:
            self.lines.say(f"Nothing here is suggested at {percent(found.least)} or more.")
            return
        count = counted(len(found.items), "passage")
        self.lines.say(
            f"{count} suggested at {percent(found.least)} or more; each is read before any is saved."
        )
        for number, item in enumerate(found.items, 1):
            self.lines.say(*self._listed(number, item))
        answer = self.lines.ask(
            f"y saves all {len(found.items)}; numbers leave those out; nothing saves none:"
        )
        left_out = set(numbers_in(answer) or ())
        if answer.strip().lower() not in ("y", "yes") and not left_out:
            self.lines.say("Nothing was saved.")
            return
        chosen = [item for number, item in enumerate(found.items, 1) if number not in left_out]
        events = accept(self.session, found, chosen)
        self._saved += len(events)
        self.lines.say(f"Saved: {counted(len(events), 'passage')} accepted together; z takes them all back.")
        self.open_place(0)

    def _listed(self, number: int, item: Listed) -> list[str]:
        weakest = min(s.probability for s in item.suggestion.statements if s.suggested)
        return [
            f"{number}. {words.decision_words(self.framework, item.decision)}; {percent(weakest)}.",
            f"From {one_line(item.row.document_name)}, {one_line(item.row.location_label)}:",
            one_line(item.passage.text),
        ]
