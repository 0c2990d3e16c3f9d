"""What analysis tools exchange (REFI-QDA): codes, sources, codings, and what could not be carried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.wording import counted_kind


class CodeKind(StrEnum):
    """Which part of a framework a code stands for."""

    STATEMENT = "statement"
    TOPIC = "topic"
    I_STATEMENT = "i-statement"
    CATEGORY = "category"
    POLARITY = "polarity"


@dataclass(frozen=True, slots=True, order=True)
class OurCode:
    """One code of the project's framework."""

    kind: CodeKind
    id: str

    def __str__(self) -> str:
        """Return the code as it is written in a mapping file: ``topic:an-carers``."""
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class QdaUser:
    """Somebody who coded."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class QdaCode:
    """One code of a codebook, with those beneath it."""

    guid: str
    name: str
    codable: bool = True
    """False for a folder that holds codes and marks no text itself."""
    description: str = ""
    children: tuple[QdaCode, ...] = ()


@dataclass(frozen=True, slots=True)
class QdaSet:
    """A named group of codes that cuts across the hierarchy."""

    guid: str
    name: str
    members: tuple[str, ...]
    """GUIDs of codes."""


@dataclass(frozen=True, slots=True)
class QdaCoding:
    """One code on one selection."""

    guid: str
    code: str
    """GUID of the code; empty when the file names none."""
    user: str | None = None
    """GUID of the user; None when the file does not say."""
    at: str | None = None
    """As it stands in the file; None when it does not say."""
    notes: tuple[str, ...] = ()
    """GUIDs of notes."""


@dataclass(frozen=True, slots=True)
class QdaSelection:
    """A stretch of a source's text."""

    guid: str
    name: str
    """The beginning of the words that are marked, in files of most tools; any text in others."""
    start: int
    end: int
    """Half-open. Written: code points of the text file. Read: whatever the other tool counts."""
    codings: tuple[QdaCoding, ...] = ()
    user: str | None = None
    at: str | None = None
    description: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QdaNote:
    """A written note."""

    guid: str
    name: str
    text: str
    user: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class QdaSource:
    """One source with text."""

    guid: str
    name: str
    path: str = ""
    """Where the plain text is: ``internal://GUID.txt``; empty when it is in the XML."""
    inline: str | None = None
    """The plain text when it is in the XML; None when it is a file."""
    selections: tuple[QdaSelection, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    """(name of the variable, value)."""
    at: str | None = None
    original: str = ""
    """Path of the file the text was read from, inside the package; empty when it is not there."""


@dataclass(frozen=True, slots=True)
class QdaArea:
    """A rectangle on a page of a PDF."""

    guid: str
    name: str
    page: int
    """Counted from 0, as the standard does."""
    box: tuple[int, int, int, int]
    """Left, bottom, right, top in points, from the bottom left of the page."""
    codings: tuple[QdaCoding, ...] = ()
    user: str | None = None
    at: str | None = None
    description: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QdaPdf:
    """A PDF with codes on areas of its pages."""

    guid: str
    """That of the source with its text too, where the file has one."""
    name: str
    path: str
    """Where the file is, such as ``internal://GUID.pdf``; empty when it is nowhere."""
    areas: tuple[QdaArea, ...]
    at: str | None = None


@dataclass(frozen=True, slots=True)
class QdaProject:
    """What was read from a project or a codebook."""

    name: str
    origin: str
    """The program that wrote the file, as it calls itself; empty when the file does not say."""
    users: dict[str, str]
    """GUID to name."""
    codes: tuple[QdaCode, ...]
    sources: tuple[QdaSource, ...] = ()
    notes: dict[str, QdaNote] = field(default_factory=dict)
    """By GUID."""
    sets: tuple[QdaSet, ...] = ()
    pdfs: tuple[QdaPdf, ...] = ()
    """Those with areas that stand in no text of their own."""

    def every_code(self) -> Iterator[tuple[QdaCode, tuple[str, ...]]]:
        """Yield each code with the names of those above it, outermost first, in the file's order."""
        stack: list[tuple[QdaCode, tuple[str, ...]]] = [(code, ()) for code in reversed(self.codes)]
        while stack:
            code, above = stack.pop()
            yield code, above
            stack.extend((child, (*above, code.name)) for child in reversed(code.children))


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that the other side has no form for, or that was left out."""

    what: str
    """Such as ``rejected statements``; losses of one kind are counted together."""
    why: str
    item: str = ""
    """Which one, such as the source and the span; empty when they are counted only."""
    count: int = 1


LOSS_COLUMNS: Final = ("what", "count", "why", "item")


@dataclass
class LossReport:
    """All that was not carried, in the order it was met."""

    losses: list[Loss] = field(default_factory=list)
    by_name: bool = True
    """Whether what has a name is kept by it; else it is counted only, however much there is."""
    _counted: dict[tuple[str, str], int] = field(default_factory=dict, repr=False, compare=False)
    """Place in the list of each kind that is counted only."""

    def add(self, what: str, why: str, *, item: str = "", count: int = 1) -> None:
        """Note a loss; a count of 0 notes nothing. What has no name adds to the count of its kind."""
        if not count:
            return
        if item and self.by_name:
            self.losses.append(Loss(what, why, item, count))
            return
        place = self._counted.setdefault((what, why), len(self.losses))
        if place == len(self.losses):
            self.losses.append(Loss(what, why, "", count))
        else:
            self.losses[place] = Loss(what, why, "", self.losses[place].count + count)

    def count(self, what: str) -> int:
        """Return how many things of one kind were lost."""
        return sum(loss.count for loss in self.losses if loss.what == what)

    def totals(self) -> list[tuple[str, int, str]]:
        """Return (what, how many, why) once for each kind and reason, in the order they were met."""
        counts: Counter[tuple[str, str]] = Counter()
        for loss in self.losses:
            counts[loss.what, loss.why] += loss.count
        return [(what, count, why) for (what, why), count in counts.items()]

    def lines(self) -> list[str]:
        """Return one line for each kind, for a person."""
        return [f"{counted_kind(count, what)}: {why}" for what, count, why in self.totals()]
