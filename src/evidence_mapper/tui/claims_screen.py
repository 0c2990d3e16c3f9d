"""The claims: what the council says of itself, and which of it still lacks evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import CLAIMS, bindings_of
from evidence_mapper.tui.claim_screen import ClaimScreen
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import fit, one_line, right
from evidence_mapper.workflow.claim_check import KIND_WORDS, FindingKind
from evidence_mapper.workflow.claim_desk import ClaimDesk, ClaimLine

MARKS: Final = {
    FindingKind.NO_EVIDENCE: "!",
    FindingKind.LOST: "✗",
    FindingKind.LINKED_AGAINST: "−",
    FindingKind.CONCERN_ON_TOPIC: "~",
    FindingKind.OWN_VOICE: "1",
    FindingKind.OLD: "o",
    FindingKind.UNDATED: "o",
}
"""Findings that have a mark in the list, in this order."""
LEGEND: Final = (
    "! no evidence  ✗ lost  − contradicted  ~ concern on topic  1 own voice only  o old or undated"
)
_WIDTH: Final = 6


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """Where the claims were left."""

    claim: int | None
    """Number of the claim that was open; None when the list was."""
    passage_id: str | None
    """Passage to open in the review; None for where the review was."""


class ClaimList(LineList):
    """One line a claim."""

    def __init__(self) -> None:
        super().__init__(id="claims")
        self.lines: list[ClaimLine] = []

    def show(self, lines: list[ClaimLine], number: int | None) -> None:
        """Show the claims with the cursor on one of them; None keeps the line it is on."""
        self.lines = lines
        numbers = [line.claim.number for line in lines]
        self.set_lines(len(lines), numbers.index(number) if number in numbers else self.cursor)

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a claim's line."""
        line = self.lines[index]
        claim = line.claim
        counts = f"{len(claim.passages)}/{len(claim.against)}"
        style = "" if claim.is_open else "dim"
        return [
            (right(str(claim.number), 4) + " ", "dim"),
            (fit(marks(line), _WIDTH) + " ", "bad"),
            (right(counts, 6) + " ", "good" if claim.passages else "dim"),
            (fit(("" if claim.is_open else "(withdrawn) ") + one_line(claim.text), width - 19), style),
        ]


def marks(line: ClaimLine) -> str:
    """Return the marks of a claim, each once."""
    found = dict.fromkeys(mark for kind, mark in MARKS.items() if kind in line.kinds)
    return "".join(found)


class ClaimsScreen(StoreScreen):
    """Returns a :class:`ClaimPlace`: the passage to open in the review, and the claim to come back to."""

    TABLE = CLAIMS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(CLAIMS)]
    AUTO_FOCUS = "#claims"

    def __init__(self, desk: ClaimDesk, start: int | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._start = start
        self._number = start

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static("Claims", id="claims-title", classes="title", markup=False)
        yield Static(" No. Look   For/ag. Claim", id="columns", markup=False)
        yield ClaimList()
        yield Static("", id="about", markup=False)
        yield Static(LEGEND, classes="hint", markup=False)
        yield StatusLine()
        yield KeyBar(CLAIMS)

    def on_mount(self) -> None:
        """Read the claims."""
        self._read()

    def _read(self) -> None:
        self.ask_store("list the claims", self._desk.lines, self._show, group="claims")

    def _show(self, lines: list[ClaimLine]) -> None:
        self.query_one(ClaimList).show(lines, self._number)
        bare = sum(FindingKind.NO_EVIDENCE in line.kinds for line in lines)
        self.query_one("#claims-title", Static).update(f"Claims: {len(lines):,} · {bare:,} without evidence")
        self._describe()
        if not lines:
            self.query_one(StatusLine).say(
                "No claims yet. Leave with q, then: evidence-mapper claim import FILE"
            )
        elif self._start is not None:
            self._open(self._start)
        self._start = None

    @on(LineList.Moved, "#claims")
    def _describe(self) -> None:
        line = self._line()
        if line is None:
            return
        self._number = line.claim.number
        found = ", ".join(KIND_WORDS[kind] for kind in line.kinds) or "nothing found to look at"
        self.query_one("#about", Static).update(f"{one_line(line.claim.text)}\n{found}")

    def _line(self) -> ClaimLine | None:
        claims = self.query_one(ClaimList)
        return claims.lines[claims.cursor] if claims.cursor < len(claims.lines) else None

    def action_open(self) -> None:
        """Open the claim under the cursor."""
        line = self._line()
        if line is not None:
            self._open(line.claim.number)
        else:
            self.query_one(StatusLine).say("There is no claim to open yet: evidence-mapper claim import FILE")

    def _open(self, number: int) -> None:
        self._number = number
        self.app.push_screen(ClaimScreen(self._desk, number), self._left)

    def _left(self, left: tuple[int, str | None] | None) -> None:
        """Come back from a claim: to the list, or through to the review with a passage."""
        if left is not None:
            self._number = left[0]
            if left[1] is not None:
                self.dismiss(ClaimPlace(left[0], left[1]))
                return
        self._read()

    def action_next_bare(self) -> None:
        """Put the cursor on the next claim without evidence."""
        claims = self.query_one(ClaimList)
        bare = [i for i, line in enumerate(claims.lines) if FindingKind.NO_EVIDENCE in line.kinds]
        later = [i for i in bare if i > claims.cursor] or [i for i in bare if i != claims.cursor]
        if later:
            claims.move_to(later[0])
        else:
            count = counted(len(bare), "claim")
            self.query_one(StatusLine).say(f"No other claim is without evidence ({count} in all).")

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(ClaimPlace(None, None))
