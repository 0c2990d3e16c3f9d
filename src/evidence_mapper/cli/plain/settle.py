"""Settling disagreements line by line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from evidence_mapper.cli.plain.lines import EndOfInput, Lines, numbers_in
from evidence_mapper.cli.plain.words import decision_words, held_words, statement_name
from evidence_mapper.domain.agreement import Disagreed
from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.agreement_settle import Settling


def run_plain_settling(settling: Settling) -> None:
    """Ask for each open disagreement how it is settled, until the person leaves or the input ends.

    Raises
    ------
    StoreError
        The project cannot be read.
    KeyboardInterrupt
        The person pressed Ctrl-C; what was saved is kept.
    """
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    PlainSettling(settling, Lines(sys.stdin, sys.stdout, width)).run()


class PlainSettling:
    """One sitting; within a review, a passage may be opened there."""

    def __init__(self, settling: Settling, lines: Lines, *, in_review: bool = False) -> None:
        self._settling, self._lines, self._in_review = settling, lines, in_review
        self._framework = settling.framework
        self._saved = 0
        self._opened: str | None = None

    def run(self) -> str | None:
        """Go through the open disagreements once; return a passage to open in the review, or None."""
        rows = self._settling.found(settled=None)
        open_ = [row for row in rows if row.settlement is None]
        if not rows:
            self._lines.say("Nothing to settle: nobody's codings differ.")
            return None
        self._lines.say(
            f"{counted(len(open_), 'open disagreement')}. What you settle counts in place of the answers; "
            "every answer stays in the record."
        )
        self._opened = None
        try:
            if len(rows) > len(open_):
                settled = counted(len(rows) - len(open_), "disagreement")
                if self._lines.ask_yes(f"{settled} settled already. Go through those as well?"):
                    open_ = rows
            for row in open_:
                self._lines.say("", *card_lines(self._framework, row))
                if not self._ask(row):
                    break
        except EndOfInput:
            self._lines.say("End of input.")
        self._lines.say(f"{counted(self._saved, 'disagreement')} settled in this sitting.")
        return self._opened

    def _ask(self, row: Disagreed) -> bool:
        """Settle one, or pass over it; False when the person leaves."""
        takes = ", ".join(f"{n} takes {one_line(a.coder)}" for n, a in enumerate(row.answers, 1))
        more = ", z takes the settlement off" if row.settlement is not None else ""
        more += ", o open in the review" if self._in_review else ""
        while True:
            answer = self._lines.ask(
                f"{takes}, n none of these, w write your own{more}, s skip, q quit:"
            ).lower()
            if answer in ("s", "q"):
                return answer == "s"
            if answer == "o" and self._in_review:
                self._opened = row.passage.id
                return False
            if answer == "z" and row.settlement is not None:
                self._settling.undo(row)
                self._lines.say("Saved: the settlement is taken off; all answers count again.")
                return True
            numbers = numbers_in(answer)
            if numbers and len(numbers) == 1 and 1 <= numbers[0] <= len(row.answers):
                return self._save(row, row.answers[numbers[0] - 1].coder)
            if answer == "n":
                return self._save(row, Decision(Outcome.NONE))
            if answer != "w":
                self._lines.say(f"Not understood: {answer}.")
            elif (own := self._own()) is not None:
                return self._save(row, own)

    def _save(self, row: Disagreed, answer: str | Decision) -> bool:
        why = self._lines.ask("Why? In one line, or nothing:")
        try:
            if isinstance(answer, str):
                self._settling.take(row, answer, why)
            else:
                self._settling.write(row, answer, why)
        except EvidenceMapperError as error:
            self._lines.say(f"NOT SAVED: {error}.")
            return True
        self._saved += 1
        self._lines.say(f"Saved: {'settled' if isinstance(answer, Decision) else one_line(answer)}.")
        return True

    def _own(self) -> Decision | None:
        """Ask for statements, category and polarity; None when nothing was chosen."""
        framework = self._framework
        options = [(statement_name(framework, s.id), s.id) for s in framework.statements]
        ticked = self._lines.pick("Statements", options, set())
        if not ticked:
            self._lines.say("No statement is ticked; nothing was saved.")
            return None
        order = [s.id for s in framework.statements if s.id in ticked]
        topics = [(f"{t.id}: {t.definition}", t.id) for s in order for t in framework.topics_of(s)]
        picked = (self._lines.pick("Topics", topics, set()) or set()) if topics else set()
        spoken = [(i.wording.text, i.id) for i in framework.i_statements if set(i.statement_ids) & ticked]
        heard = (self._lines.pick("I statements", spoken, set()) or set()) if spoken else set()
        kinds = [(c.name.text, c.id) for c in framework.evidence_categories]
        category = self._lines.choose("Evidence category", kinds, neither="no category")
        sides = [(p.value, p) for p in Polarity]
        polarity = self._lines.choose("Polarity", sides, neither="no polarity")
        return Decision(
            Outcome.CODED,
            tuple((statement, Verdict.ACCEPTED) for statement in order),
            tuple(t for _, t in topics if t in picked),
            tuple(i for _, i in spoken if i in heard),
            category.value if category else None,
            polarity.value if polarity else None,
        )


def card_lines(framework: Framework, row: Disagreed) -> Iterator[str]:
    """Yield a disagreement: the passage with its source, then every answer with its note."""
    yield f"Disagreement {row.number}. Passage {row.passage.id}."
    yield f"From {one_line(row.document)}, {one_line(row.passage.location.label())}."
    yield "Text:"
    yield row.passage.text
    yield "End of text."
    yield f"They differ in: {', '.join(row.differs)}."
    for number, held in enumerate(row.answers, 1):
        yield f"{number}. {held_words(framework, held)}{' Decided blind.' if held.blind else ''}"
    if row.settlement is not None:
        yield f"Settled: {decision_words(framework, row.settlement.decision)}."
