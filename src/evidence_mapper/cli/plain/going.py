"""Line by line: away from the open passage, to what is looked up, and back."""

from __future__ import annotations

from evidence_mapper.cli.plain import places
from evidence_mapper.cli.plain.lines import numbers_in
from evidence_mapper.cli.plain.places import Place
from evidence_mapper.cli.plain.spans import Spans
from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.workflow.claim_desk import ClaimDesk


class Going(Spans):
    """Each of these reads something out and goes where the person points."""

    _desk: ClaimDesk | None = None

    def _go(self, place: Place) -> None:
        """Go to a queue or a passage; None stays at the open passage."""
        if isinstance(place, QueueFilter):
            self.where = place
            self.lines.say("f, then everything to review, shows the whole queue again.")
            self._show_queue()
        elif place is not None:
            self.open(place)
        elif self.card is not None:
            self.lines.say(f"Back at passage {self.card.passage.id}; . reads it again.")

    def do_search(self, argument: str) -> None:
        """Search every passage by words and by meaning."""
        self._go(places.search(self.lines, self.session, argument))

    def do_documents(self, argument: str) -> None:
        """List the documents."""
        self._go(places.documents(self.lines, self.session, argument))

    def do_flags(self, _: str) -> None:
        """List what is flagged."""
        self._go(places.flags(self.lines, self.session))

    def do_matrix(self, _: str) -> None:
        """Read what is covered and what is missing."""
        self._go(places.matrix(self.lines, self.session))

    def do_unseen(self, _: str) -> None:
        """Read how much evidence nobody has seen yet."""
        self._go(places.unseen(self.lines, self.session))

    def do_settle(self, _: str) -> None:
        """Settle where people's codings differ."""
        from evidence_mapper.cli.plain.settle import PlainSettling

        self._go(PlainSettling(self.session.settling, self.lines, in_review=True).run())

    def do_cases(self, _: str) -> None:
        """Read what each case's record shows of the I statements."""
        if self.assistant is None or self.session.redacted:
            self.lines.say("Cases are not at hand here: evidence-mapper case matrix")
            return
        self._go(places.cases(self.lines, self.assistant.project))

    def do_claims(self, argument: str) -> None:
        """Go through the claims, or one of them."""
        from evidence_mapper.cli.plain.claiming import claims

        desk, numbers = self._claim_desk(), (numbers_in(argument) if argument else [None])
        if desk is None:
            return
        if not numbers or len(numbers) > 1:
            self.lines.say("Type claims alone, or with the number of one.")
            return
        self._go(claims(self.lines, desk, numbers[0]))

    def do_link(self, argument: str) -> None:
        """Link the open passage to a claim."""
        from evidence_mapper.cli.plain.claiming import link

        desk, numbers = self._claim_desk(), numbers_in(argument) or []
        if desk is None or (held := self._open_draft()) is None:
            return
        if len(numbers) != 1:
            self.lines.say("Type it as: link NUMBER; claims reads their numbers.")
        elif held[0].mine is None and not held[0].others:
            self.lines.say("Nobody has decided on this passage yet: only confirmed evidence is linked.")
        else:
            link(self.lines, desk, numbers[0], held[0].passage.id)

    def _claim_desk(self) -> ClaimDesk | None:
        """Return what knows the claims, the same all through a sitting; None where there is no such."""
        if self.assistant is None or self.session.redacted:
            self.lines.say("Claims are not at hand here: evidence-mapper claim list")
            return None
        if self._desk is None:
            self._desk = ClaimDesk(self.assistant.project, self.session.coder)
        return self._desk

    def do_learning(self, _: str) -> None:
        """Say what was learned from decisions, and switch it."""
        from evidence_mapper.cli.plain.learning import learning

        learner = self.assistant.learner if self.assistant is not None else None
        if learner is None:
            self.lines.say("Learning is not at hand here: evidence-mapper train")
            return
        self._go(learning(self.lines, self.framework, learner))
