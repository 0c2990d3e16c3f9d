"""What a case's record shows of each I statement: for and against, confirmed or suggested, in whose voice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import IStatement
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.workflow.case_file import CaseDocument, CaseFile, CaseReader
from evidence_mapper.workflow.case_voice import Voices, own_writer, voices
from evidence_mapper.workflow.cases import list_cases
from evidence_mapper.workflow.project import Project


class Side(StrEnum):
    """What a passage says of an I statement."""

    FOR = "for"
    AGAINST = "against"
    BOTH = "both"
    UNSAID = "side not set"
    """It bears on the I statement; whether for or against is not marked, or marked neutral."""


_SIDES = {
    Polarity.STRENGTH.value: Side.FOR,
    Polarity.CONCERN.value: Side.AGAINST,
    Polarity.MIXED.value: Side.BOTH,
}


@dataclass(frozen=True, slots=True)
class CaseItem:
    """One passage that bears on an I statement."""

    passage: Passage
    document: Document
    dates: tuple[str, ...]
    """Days stated above or in it; empty when none is."""
    side: Side
    coders: tuple[str, ...]
    """Who confirmed it; empty for a suggestion."""
    voices: Voices
    lower_bar: bool = False
    """Whether a suggestion is below the model's threshold, and shown for the own words in it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the record shows of one I statement; confirmed and suggested never together."""

    i_statement: IStatement
    confirmed: tuple[CaseItem, ...] = ()
    """By a person; in reading order."""
    suggested: tuple[CaseItem, ...] = ()
    """By the model, not decided on by anyone; in reading order."""

    @property
    def is_silent(self) -> bool:
        """Return whether nothing is confirmed and nothing suggested."""
        return not (self.confirmed or self.suggested)

    def side(self, *, confirmed: bool) -> Side | None:
        """Return the sides of the confirmed, or of the suggested, taken together; None for no passage."""
        return joined(item.side for item in (self.confirmed if confirmed else self.suggested))


@dataclass(frozen=True, slots=True)
class CaseCoverage:
    """One case."""

    file: CaseFile
    shown: tuple[Shown, ...]
    """One for each I statement, in framework order."""
    passages: int
    decided: int
    """Passages somebody decided on; "unsure" leaves one undecided."""

    @property
    def is_read(self) -> bool:
        """Return whether every passage was decided on, so that silence is the record's own."""
        return self.passages > 0 and self.decided == self.passages


OWN_VOICE: Final = 0.1
"""Probability from which a passage with somebody's own words is shown under an I statement.

The model's own threshold asks in effect for a paper that gathers people's experience, such as a survey; in a
case record the experience stands in quotation marks, in a paper of another kind.
"""
LETTERS: Final = {Side.FOR: "f", Side.AGAINST: "a", Side.BOTH: "b", Side.UNSAID: "n"}
"""Small for suggested, capital for confirmed: read alike on any console and by any screen reader."""
SILENT: Final = "-"
UNREAD: Final = "."


def marks(case: CaseCoverage, shown: Shown) -> tuple[str, str]:
    """Return (confirmed, suggested) in a letter each, empty for none; for nothing at all SILENT or UNREAD.

    SILENT when every passage of the case was decided on; UNREAD when silence may be but unread passages.
    """
    if shown.is_silent:
        return (SILENT if case.is_read else UNREAD), ""
    confirmed, suggested = shown.side(confirmed=True), shown.side(confirmed=False)
    return (LETTERS[confirmed].upper() if confirmed else ""), (LETTERS[suggested] if suggested else "")


def joined(sides: Iterable[Side]) -> Side | None:
    """Return several sides as one: BOTH where some are for and some against; None for no side."""
    found = set(sides)
    if not found:
        return None
    if Side.BOTH in found or {Side.FOR, Side.AGAINST} <= found:
        return Side.BOTH
    return next((side for side in (Side.FOR, Side.AGAINST) if side in found), Side.UNSAID)


def case_coverage(project: Project, file: CaseFile) -> CaseCoverage:
    """Return what one case's record shows of each I statement."""
    with project.store.at_once():
        return _Look(project, {p.id for p in file.passages}).coverage(file)


def case_matrix(project: Project) -> list[CaseCoverage]:
    """Return every case's coverage, by id; empty when there are no cases."""
    with project.store.at_once():
        reader = CaseReader(project)
        files = [reader.read(case) for case in list_cases(project)]
        look = _Look(project, {p.id for file in files for p in file.passages})
        return [look.coverage(file) for file in files]


class _Look:
    """What is confirmed and decided of some passages, read once."""

    def __init__(self, project: Project, passage_ids: set[str]) -> None:
        self._store = project.store
        self._i_statements = project.framework.i_statements
        self._rows: dict[str, list[EvidenceRow]] = {}
        for row in project.store.evidence_rows(confirmed=True):
            if row.passage.id in passage_ids:
                self._rows.setdefault(row.passage.id, []).append(row)
        answers = project.store.answers(sorted(passage_ids))
        self._decided = {passage_id for passage_id, answer in answers.items() if answer.decided}

    def coverage(self, file: CaseFile) -> CaseCoverage:
        confirmed: dict[str, list[CaseItem]] = {}
        suggested: dict[str, list[CaseItem]] = {}
        for document in file.counted:
            writer = own_writer(document)
            for passage in document.passages:
                if passage.id in self._decided:
                    self._confirm(confirmed, document, passage, writer)
                else:
                    self._suggest(suggested, document, passage, writer)
        shown = tuple(
            Shown(i, tuple(confirmed.get(i.id, ())), tuple(suggested.get(i.id, ())))
            for i in self._i_statements
        )
        ids = {p.id for p in file.passages}
        return CaseCoverage(file, shown, len(ids), len(ids & self._decided))

    def _confirm(
        self, found: dict[str, list[CaseItem]], document: CaseDocument, passage: Passage, writer: str | None
    ) -> None:
        rows = self._rows.get(passage.id, [])
        for i_statement in {i for row in rows for i in row.i_statements}:
            own = [row for row in rows if i_statement in row.i_statements]
            side = joined(_SIDES.get(row.polarity or "", Side.UNSAID) for row in own)
            coders = tuple(row.coder for row in own if row.coder)
            item = _item(document, passage, writer, side or Side.UNSAID, coders)
            found.setdefault(i_statement, []).append(item)

    def _suggest(
        self, found: dict[str, list[CaseItem]], document: CaseDocument, passage: Passage, writer: str | None
    ) -> None:
        suggestion = self._store.suggestion(passage.id)
        if suggestion is None:
            return
        polarity = suggestion.polarity.id if suggestion.polarity else ""
        item = _item(document, passage, writer, _SIDES.get(polarity, Side.UNSAID), ())
        for code in suggestion.i_statements:
            lower = not code.suggested and item.voices.is_own and code.probability >= OWN_VOICE
            if code.suggested or lower:
                found.setdefault(code.id, []).append(replace(item, lower_bar=lower))


def _item(
    document: CaseDocument, passage: Passage, writer: str | None, side: Side, coders: Sequence[str]
) -> CaseItem:
    said = voices(passage.text, writer)
    return CaseItem(passage, document.document, document.dates_of(passage), side, tuple(coders), said)
