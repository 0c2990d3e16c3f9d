"""Line by line: what the council says of itself, the evidence linked to it, and passages that might be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from evidence_mapper.cli.plain.lines import Lines, numbers_in
from evidence_mapper.cli.plain.words import titles
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.claim_check import KIND_WORDS, FindingKind
from evidence_mapper.workflow.claim_desk import ClaimCard, ClaimDesk
from evidence_mapper.workflow.claim_evidence import Candidate, LinkedEvidence, Standing

_CANDIDATES: Final = 8
_LOST: Final = {
    Standing.CHANGED: "the newest version says this in other words",
    Standing.GONE: "the document no longer says this",
    Standing.WITHDRAWN: "the document was withdrawn",
    Standing.TAKEN_BACK: "nobody's coding of it holds any more",
    Standing.ERASED: "erased from the project",
}
_ASK: Final = (
    "for N, against N, off N, open N, under N a statement, m more, e words, w withdraw or make again, "
    "n next without evidence, nothing goes back:"
)


@dataclass(frozen=True, slots=True)
class _Item:
    """Something listed under a claim."""

    passage_id: str
    linked_id: str | None
    confirmed: bool
    is_there: bool
    words: str
    text: str


def claims(lines: Lines, desk: ClaimDesk, number: int | None) -> str | None:
    """List the claims and open one after the other; return a passage to read in the review, or None."""
    while True:
        if number is None:
            number = _pick(lines, desk)
            if number is None:
                return None
        passage_id = _Claim(lines, desk, number).run()
        if passage_id is not None:
            return passage_id
        number = None


def _pick(lines: Lines, desk: ClaimDesk) -> int | None:
    found = {line.claim.number: line for line in desk.lines()}
    if not found:
        lines.say("No claims yet. q leaves; then: evidence-mapper claim import FILE")
        return None
    bare = sum(FindingKind.NO_EVIDENCE in line.kinds for line in found.values())
    lines.say(f"{counted(len(found), 'claim')}, {bare:,} without evidence.")
    for number, line in found.items():
        claim = line.claim
        kinds = ", ".join(KIND_WORDS[kind] for kind in line.kinds) or "nothing found to look at"
        state = "" if claim.is_open else "Withdrawn: "
        lines.say(f"{number}. {state}{one_line(claim.text)}")
        lines.say(f"{len(claim.passages)} for, {len(claim.against)} against; {kinds}.")
    while answer := lines.ask("number opens a claim, n the first without evidence, nothing goes back:"):
        if answer.lower() == "n":
            if (bare_one := desk.next_without_evidence(0)) is not None:
                return bare_one
            lines.say("No claim is without evidence.")
        elif (numbers := numbers_in(answer)) and len(numbers) == 1 and numbers[0] in found:
            return numbers[0]
        else:
            lines.say(f"There is no claim {one_line(answer)}.")
    return None


def link(lines: Lines, desk: ClaimDesk, number: int, passage_id: str) -> None:
    """Link a passage to a claim, for it or against it."""
    card = desk.card(number, limit=0)
    lines.say(f"Claim {number}: {one_line(card.claim.text)}")
    side = lines.ask("f for it, a against it, nothing leaves it:").lower()
    if side not in ("f", "for", "a", "against"):
        lines.say("Nothing was linked.")
        return
    against = side.startswith("a")
    desk.link(number, passage_id, against=against)
    lines.say(f"Saved: linked {'against' if against else 'for'} claim {number}.")


class _Claim:
    """One claim, until the person goes back or opens a passage."""

    def __init__(self, lines: Lines, desk: ClaimDesk, number: int) -> None:
        self._lines, self._desk, self._number = lines, desk, number
        self._limit = _CANDIDATES
        self._items: list[_Item] = []

    def run(self) -> str | None:
        """Read the claim and answer; return a passage to read in the review, or None to go back."""
        self._read()
        while answer := self._lines.ask(_ASK):
            word, _, rest = answer.partition(" ")
            try:
                passage_id = self._answer(word.lower(), rest.strip())
            except EvidenceMapperError as error:
                self._lines.say(f"NOT SAVED: {error}")
                continue
            if passage_id is not None:
                return passage_id
        return None

    def _read(self) -> None:
        self._lines.say("Searching for candidates.")
        card = self._desk.card(self._number, limit=self._limit)
        self._items = [*_linked(card), *map(_candidate, card.candidates)]
        self._lines.say(*_head(self._desk, card))
        for number, item in enumerate(self._items, 1):
            self._lines.say(f"{number}. {item.words}", one_line(item.text))
        if not self._items:
            self._lines.say("Nothing is linked, and search finds no candidates: e changes the words.")

    def _answer(self, word: str, rest: str) -> str | None:
        if word in ("for", "against", "off", "open"):
            item = self._item(rest)
            return self._with(word, item) if item is not None else None
        alone: dict[str, Callable[[], None]] = {
            "m": self._more, "e": self._edit, "w": self._withdraw, "n": self._next
        }  # fmt: skip
        if word == "under":
            self._under(rest)
        elif word in alone and not rest:
            alone[word]()
        else:
            self._lines.say(f"Not understood: {one_line(word)}.")
        return None

    def _item(self, rest: str) -> _Item | None:
        numbers = numbers_in(rest) or []
        if len(numbers) == 1 and 1 <= numbers[0] <= len(self._items):
            return self._items[numbers[0] - 1]
        self._lines.say(f"Numbers are 1 to {len(self._items)}: such as for 1.")
        return None

    def _with(self, word: str, item: _Item) -> str | None:
        """Do something with a listed passage; return it when it is to be read in the review."""
        if word == "open":
            if item.is_there:
                return item.passage_id
            self._lines.say("This passage is no longer in the project: off takes it off.")
        elif word == "off":
            if item.linked_id is None:
                self._lines.say("This is a candidate: nothing is linked to take off.")
            else:
                self._desk.unlink(self._number, item.linked_id)
                self._done("Saved: taken off the claim.")
        elif not item.confirmed:
            self._lines.say(f"Nobody has confirmed it yet. Decide on it, then: link {self._number}")
            return item.passage_id
        else:
            self._desk.link(self._number, item.passage_id, against=word == "against")
            self._done(f"Saved: linked {word} the claim.")
        return None

    def _done(self, words: str) -> None:
        self._lines.say(words)
        self._read()

    def _more(self) -> None:
        self._limit += _CANDIDATES
        self._read()

    def _edit(self) -> None:
        text = self._lines.ask("The claim, in your words, in one line; nothing leaves it:")
        if text:
            self._desk.edit(self._number, text)
            self._done("Saved: the claim has new words.")

    def _under(self, rest: str) -> None:
        numbers, there = numbers_in(rest) or [], self._desk.framework.statements
        if len(numbers) != 1 or not 1 <= numbers[0] <= len(there):
            self._lines.say(f"Statements have numbers 1 to {len(there)}: such as under 7.")
            return
        statement = there[numbers[0] - 1]
        claim = self._desk.toggle_statement(self._number, statement.id)
        word = "under" if statement.id in claim.statements else "no longer under"
        self._done(f"Saved: {word} {one_line(statement.title.text)}.")

    def _withdraw(self) -> None:
        is_open = self._desk.card(self._number, limit=0).claim.is_open
        if is_open and not self._lines.ask_yes("Withdraw it? It is kept, and checked no more."):
            return
        self._desk.toggle_state(self._number)
        self._done("Saved: withdrawn; w makes it again." if is_open else "Saved: the claim is made again.")

    def _next(self) -> None:
        number = self._desk.next_without_evidence(self._number)
        if number is None:
            self._lines.say("No other claim is without evidence.")
        else:
            self._number, self._limit = number, _CANDIDATES
            self._read()


def _head(desk: ClaimDesk, card: ClaimCard) -> Iterator[str]:
    claim = card.claim
    state = "" if claim.is_open else ", withdrawn"
    yield f"Claim {claim.number}{state}: {len(card.evidence)} for, {len(card.against)} against."
    yield one_line(claim.text)
    under = titles(desk.framework, claim.statements)
    yield f"Under: {under}." if under else "Under no statement."
    if not under and claim.origin and claim.origin.suggested:
        named = titles(desk.framework, (s for s, _ in claim.origin.suggested))
        yield f"Suggested by the model: {named}."
    kinds = dict.fromkeys(KIND_WORDS[f.kind] for f in card.findings)
    yield f"Look at: {', '.join(kinds)}." if kinds else "Nothing found to look at."


def _linked(card: ClaimCard) -> Iterator[_Item]:
    for side, evidence in (("For", card.evidence), ("Against", card.against)):
        yield from (_linked_item(side, found) for found in evidence)


def _linked_item(side: str, found: LinkedEvidence) -> _Item:
    marked = f"marked {' / '.join(found.polarities)}" if found.polarities else "not marked"
    who = ", ".join(dict.fromkeys(row.coder for row in found.rows if row.coder))
    lost = f" DOES NOT COUNT: {_LOST[found.standing]}." if found.standing in _LOST else ""
    words = f"{side}: {found.place}; {found.date or 'undated'}; {marked}{f' by {who}' if who else ''}.{lost}"
    there = found.passage is not None
    return _Item(found.passage_id, found.linked_id, found.counts, there, one_line(words), found.text)


def _candidate(found: Candidate) -> _Item:
    words = one_line(f"{found.known[:1].upper()}{found.known[1:]}; {found.place}; {found.date or 'undated'}.")
    return _Item(found.passage.id, None, found.confirmed, True, words, found.passage.text)
