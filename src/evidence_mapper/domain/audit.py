"""Case audits: forms with graded questions, how a council's grades read, and what a moderator is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Reading(StrEnum):
    """What a grade says, whatever words a form has for it."""

    GOOD = "good"
    MIXED = "mixed"
    POOR = "poor"
    NONE = "not-applicable"
    """The auditor said that the question does not apply."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of a council's scale with the ways it is written."""

    step: int
    """Place on the scale, 1 the lowest; 0 for "not applicable"."""
    reads: Reading
    written: tuple[str, ...]
    """As forms have it: ``Requires improvement``, ``2``, ``Partly met``."""


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """One question of a form, and what in a record bears on it."""

    id: str
    text: str
    statements: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Codes whose evidence in a case's record bears on the question."""
    words: tuple[str, ...] = ()
    """Words that a record with such evidence would use; a star stands for any ending."""
    own_words: bool = False
    """Whether what the person said, in quotation marks, is itself the evidence."""
    headings: tuple[str, ...] = ()
    """Other headings of the question's column or row, such as ``Q3``."""
    sure: float | None = None
    """Probability of the first code where the program proposed it, in [0, 1]; None when a person wrote it."""


@dataclass(frozen=True, slots=True)
class AuditMapping:
    """Which question bears on what, and how grades read."""

    name: str
    questions: tuple[AuditQuestion, ...]
    grades: tuple[Grade, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(``case``, ``auditor``, ``date``, ``team``, ``question``, ``grade`` or ``comment``, names of the
    column), beside the usual names."""

    def grade(self, written: str) -> Grade | None:
        """Return the grade of a cell's text; None when the mapping has no such."""
        wanted = " ".join(written.casefold().split())
        for grade in self.grades:
            if wanted in {" ".join(text.casefold().split()) for text in grade.written}:
                return grade
        return None

    def question(self, question_id: str) -> AuditQuestion | None:
        """Return the question of an id; None when there is none."""
        return next((q for q in self.questions if q.id == question_id), None)


@dataclass(frozen=True, slots=True)
class AuditAnswer:
    """One graded question of one form, with the cell it stands in."""

    question: str
    """Id in the mapping."""
    grade: str
    """As written; empty when the cell is."""
    step: int
    """Place on the scale, 1 the lowest; 0 when the question does not apply."""
    reads: Reading
    comment: str
    row: int
    """One-based, in the sheet, the CSV file or the table of the document."""
    column: str | None = None
    """Letter of the grade's column; None in a document's table."""


@dataclass(frozen=True, slots=True)
class AuditForm:
    """One auditor's answers on one case."""

    id: str
    case: str
    auditor: str
    date: str
    """``YYYY-MM-DD``; empty when the form states none."""
    team: str
    file: str
    file_sha256: str
    sheet: str | None
    """Worksheet; ``table 2`` in a document; None in a CSV file."""
    answers: tuple[AuditAnswer, ...]

    def place(self, answer: AuditAnswer) -> str:
        """Return where an answer stands, such as ``case-audits.xlsx, sheet Audits, row 5, col F``."""
        parts = [self.file]
        if self.sheet:
            parts.append(self.sheet if self.sheet.startswith("table ") else f"sheet {self.sheet}")
        parts.append(f"row {answer.row}")
        if answer.column:
            parts.append(f"col {answer.column}")
        return ", ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; :meth:`from_json` gives the same form back."""
        return {
            "id": self.id,
            "case": self.case,
            "auditor": self.auditor,
            "date": self.date,
            "team": self.team,
            "file": self.file,
            "file_sha256": self.file_sha256,
            "sheet": self.sheet,
            "answers": [
                [a.question, a.grade, a.step, a.reads.value, a.comment, a.row, a.column] for a in self.answers
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AuditForm:
        """Rebuild a form."""
        answers = tuple(
            AuditAnswer(q, g, s, Reading(r), c, w, col) for q, g, s, r, c, w, col in data["answers"]
        )
        return cls(**{**data, "answers": answers})


class FindingKind(StrEnum):
    """What a moderator is asked to look at."""

    GOOD_WITHOUT_RECORD = "good-without-record"
    """Graded good; nothing in the case's record suggests or shows it."""
    POOR_WITH_EVIDENCE = "poor-with-evidence"
    """Graded low; the record suggests or shows what was asked."""
    CONTRADICTION = "comment-against-grade"
    """The comment reads the other way than its grade."""
    COPIED = "copied-comment"
    """The same words, or nearly, on more than one case."""
    NO_RECORD = "no-record"
    """The project holds no document of the case: nothing could be compared."""


@dataclass(frozen=True, slots=True)
class AuditQuote:
    """Words a moderator is shown, verbatim, with their place."""

    text: str
    source: str
    """Document and place, or form and cell."""
    why: str
    """Such as ``suggested: an-carers 0.88`` or ``confirmed by Priya``."""
    passage_id: str | None = None
    """None for words of an audit form."""
    file_sha256: str = ""
    span: tuple[int, int] | None = None
    """Half-open code points in the document's text; None for words of an audit form."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing to look at: a suggestion, never a verdict on the auditor."""

    id: str
    """The same for the same forms and record."""
    kind: FindingKind
    case: str
    question: str
    """Id in the mapping; empty where the finding is on a whole form."""
    auditor: str
    grade: str
    comment: str
    why: str
    """In a sentence."""
    quotes: tuple[AuditQuote, ...] = ()
    cases: tuple[str, ...] = field(default=())
    """All cases concerned, where it is more than one."""
    form_id: str = ""


@dataclass(frozen=True, slots=True)
class ModeratorAnswer:
    """What a moderator said of a finding."""

    finding: str
    agree: bool
    """Whether the moderator agrees that something is amiss."""
    note: str | None
    coder: str
    at: str
    """UTC, ISO 8601."""
