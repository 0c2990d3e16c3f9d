"""Line by line: where the open passage begins and ends."""

from __future__ import annotations

from evidence_mapper.cli.plain.of_a_kind import OfAKind
from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.text import one_line

_KEPT = "Decisions on it stay on record with the old words; decide anew on the new ones."
_SIDES = {"above": True, "up": True, "u": True, "below": False, "down": False, "d": False}
"""What may be said, and whether it is the passage above."""


class Spans(OfAKind):
    """Cuts and joins passages; ``z`` puts back what was done last, the history's number anything before."""

    _recut: Event | None = None
    """The cut or join made last, while nothing was recorded since."""

    def do_cut(self, _: str) -> None:
        """Cut the open passage in two after a sentence."""
        if (card := self._unmarked()) is None:
            return
        ends = self.session.spans.cuts(card.passage.id)
        if not ends:
            self.lines.say("It is one sentence, so there is no place to cut it.")
            return
        text = card.passage.text
        pieces = [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
        self.lines.say("Its sentences:", *(f"{n}. {one_line(piece)}" for n, piece in enumerate(pieces, 1)))
        self.lines.say(_KEPT)
        prompt = f"Cut after which sentence? 1 to {len(ends)}, or nothing to leave it:"
        number = self.lines.ask_number(prompt, len(ends))
        if number is None:
            self.lines.say("Nothing was changed.")
            return
        event = self.session.spans.split(card.passage.id, ends[number - 1])
        self._changed_span(event, "Saved: cut in two; this is the first part; z puts it back.")

    def do_join(self, argument: str) -> None:
        """Join the open passage with a neighbour."""
        if (card := self._unmarked()) is None:
            return
        if not (card.before or card.after):
            self.lines.say("Nothing stands above or below this passage to join it with.")
            return
        side = argument
        if not side:
            self.lines.say(*(f"Above: {one_line(p.text)}" for p in card.before[-1:]))
            self.lines.say(*(f"Below: {one_line(p.text)}" for p in card.after[:1]))
            self.lines.say(_KEPT)
            side = self.lines.ask("Join with which? above, below, or nothing to leave it:")
        if (up := _SIDES.get(side.lower())) is None:
            self.lines.say("Nothing was changed." if not side else "Type it as: join above, or join below")
            return
        event = self.session.spans.widen(card.passage.id, up=up)
        where = "above" if up else "below"
        self._changed_span(event, f"Saved: joined with the passage {where}; z puts it back.")

    def _unmarked(self) -> PassageCard | None:
        """Return the open passage, unless marks on it would be lost."""
        if (held := self._open_draft()) is None:
            return None
        if held[1].touched:
            self.lines.say("This passage has marks: r records them, clear throws them away.")
            return None
        return held[0]

    def _changed_span(self, event: Event, words: str) -> None:
        for passage_id in event.payload["taken"]:
            self._drafts.pop(str(passage_id), None)
        self.lines.say(words)
        self._suggest_new()
        self._recut = event
        self.open(str(event.payload["put"][0]))

    def _suggest_new(self) -> None:
        """Have the new passages suggested for; that they cannot be stops nothing else."""
        if self.assistant is None:
            return
        self.lines.say("Looking what to suggest for it.")
        try:
            self.assistant.suggest_new()
        except EvidenceMapperError as error:
            self.lines.say(f"Could not suggest for it: {error}. Later: evidence-mapper suggest")

    def _other_part(self, passage_id: str) -> str | None:
        """Return the part that comes after a part of what was cut last; None when there is none."""
        pieces = [str(i) for i in self._recut.payload["put"]] if self._recut is not None else []
        self._recut = None
        return pieces[pieces.index(passage_id) + 1] if passage_id in pieces[:-1] else None

    def _put_back(self, event: Event) -> None:
        """Put back what a cut or join took out."""
        back = self.session.spans.undo(event)
        self._changed_span(back, "Taken back: the passage begins and ends as it did before.")
        self._recut = None

    def _own_recut(self, number: int) -> Event | None:
        """Return the event of this number when it is a cut or join of the coder's; else None."""
        event = self._event(number)
        own = event is not None and event.coder == self.session.coder
        return event if own and event is not None and event.action is EventAction.RECUT else None
