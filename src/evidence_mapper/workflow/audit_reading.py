"""Sheets of cells to audit forms: a row a case, a row an answer, or one form with its facts above."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from evidence_mapper.domain.audit import AuditAnswer, AuditForm, AuditMapping, Reading
from evidence_mapper.domain.ids import derived_id, sha256_file
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_forms import Row, Sheet, names_of, plain, read_sheets

_ALIKE: Final = 0.85
"""Similarity from which a heading is a question of the mapping in slightly other words."""
_DATES: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")


@dataclass
class FormsRead:
    """What a file held."""

    forms: list[AuditForm] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Rows and sheets that gave no form, each with the reason."""
    missing: list[str] = field(default_factory=list)
    """Ids of the mapping's questions that no form answers."""


def read_forms(path: Path, mapping: AuditMapping) -> FormsRead:
    """Return the forms of a file.

    Raises
    ------
    UsageError
        The file cannot be read, no form is found in it, or a grade is written that the mapping does not have.
    """
    reading = _Reading(path, mapping)
    for sheet in read_sheets(path):
        reading.sheet(sheet)
    reading.once()
    if not reading.out.forms:
        raise UsageError(
            f"{path} has no audit form that this mapping reads: a header row with a case column and the "
            "mapping's questions, or a form with question and grade columns. "
            f"{'; '.join(reading.out.unread[:3])}. "
            f"Propose a mapping for it with: evidence-mapper audit map {path.name}"
        )
    if reading.unknown:
        told = "; ".join(f"'{grade}' ({place})" for grade, place in list(reading.unknown.items())[:8])
        raise UsageError(
            f"{path}: grades that the mapping does not have: {told}. Nothing was brought in; add them under "
            "[[grade]] in the mapping file, with what they read as"
        )
    answered = {a.question for form in reading.out.forms for a in form.answers}
    reading.out.missing = [q.id for q in mapping.questions if q.id not in answered]
    return reading.out


class _Reading:
    def __init__(self, path: Path, mapping: AuditMapping) -> None:
        self.out = FormsRead()
        self.unknown: dict[str, str] = {}
        self._path, self._mapping = path, mapping
        self._sha = sha256_file(path)
        own = dict(mapping.columns)
        self._names = {
            key: names_of(key, own.get(key, ()))
            for key in ("case", "auditor", "date", "team", "question", "grade", "comment")
        }
        self._questions = {plain(q.text): q.id for q in mapping.questions}
        self._questions |= {plain(name): q.id for q in mapping.questions for name in q.headings}

    def once(self) -> None:
        """Take each answer of an audit once, where a summary repeats its form or a row stands twice.

        The fuller form is taken whole; of others, on the same case by the same auditor on the same day, what
        it does not answer.
        """
        kept: dict[tuple[str, str, str], list[AuditForm]] = {}
        for form in sorted(self.out.forms, key=lambda f: -sum(len(a.comment) for a in f.answers)):
            held = kept.setdefault((form.case, form.auditor, form.date), [])
            answered = {a.question for other in held for a in other.answers}
            fresh = tuple(a for a in form.answers if a.question not in answered)
            if len(fresh) < len(form.answers):
                doubled = len(form.answers) - len(fresh)
                self.out.unread.append(
                    f"{form.place(form.answers[0])}: {form.case} by {form.auditor}, {form.date or 'undated'}"
                    f", stands twice; {doubled} answers were taken from the fuller one"
                )
            beside = next((n for n, other in enumerate(held) if other.id == form.id), None)
            if fresh and beside is not None:
                held[beside] = replace(held[beside], answers=held[beside].answers + fresh)
            elif fresh:
                held.append(replace(form, answers=fresh))
        order = {form.id: n for n, form in enumerate(self.out.forms)}
        self.out.forms = sorted((f for held in kept.values() for f in held), key=lambda f: order[f.id])

    def sheet(self, sheet: Sheet) -> None:
        """Add the forms of one sheet."""
        for index, (_, cells) in enumerate(sheet.rows):
            columns = self._columns(cells)
            below = sheet.rows[index + 1 :]
            if "case" in columns and {"question", "grade"} <= columns.keys():
                self._long(sheet, columns, below)
                return
            if "case" in columns and (asked := self._asked(cells)):
                self._wide(sheet, columns, asked, below)
                return
            if {"question", "grade"} <= columns.keys():
                self._form(sheet, columns, sheet.rows[:index], below)
                return
        self.out.unread.append(f"{self._where(sheet)}: no header row of audits")

    def _columns(self, cells: Row) -> dict[str, int]:
        found: dict[str, int] = {}
        for column, text in sorted(cells.items()):
            for key, names in self._names.items():
                if plain(text) in names:
                    found.setdefault(key, column)
        return found

    def _asked(self, cells: Row) -> dict[int, tuple[str, int | None]]:
        """Return, by column of a grade, the question and the column of its comment."""
        grades = {c: q for c, text in cells.items() if (q := self._question(text)) is not None}
        seen: dict[str, int] = {}
        for column in sorted(grades):
            seen.setdefault(grades[column], column)
        starts = sorted(seen.values())
        found: dict[int, tuple[str, int | None]] = {}
        for start in starts:
            nearest = min((s for s in starts if s > start), default=max(cells) + 1)
            beside = [c for c in sorted(cells) if start < c < nearest and is_comment(cells[c])]
            found[start] = (grades[start], beside[0] if beside else None)
        return found

    def _question(self, text: str) -> str | None:
        words = plain(text)
        if is_comment(text) and len(words.split()) < 5:
            return None
        if words in self._questions:
            return self._questions[words]
        if len(words.split()) < 4:
            return None
        near = difflib.get_close_matches(words, self._questions, n=1, cutoff=_ALIKE)
        return self._questions[near[0]] if near else None

    def _wide(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        asked: dict[int, tuple[str, int | None]],
        rows: Sequence[tuple[int, Row]],
    ) -> None:
        for number, row in rows:
            case = row.get(columns["case"], "")
            if not case:
                self.out.unread.append(f"{self._where(sheet)}, row {number}: no case")
                continue
            answers = [
                self._answer(sheet, question, row.get(c, ""), "" if n is None else row.get(n, ""), number, c)
                for c, (question, n) in asked.items()
            ]
            self._add(sheet, {key: row.get(c, "") for key, c in columns.items()}, answers)

    def _long(self, sheet: Sheet, columns: dict[str, int], rows: Sequence[tuple[int, Row]]) -> None:
        forms: dict[tuple[str, str, str], tuple[dict[str, str], list[AuditAnswer]]] = {}
        for number, row in rows:
            facts = {key: row.get(c, "") for key, c in columns.items()}
            question = self._question(question_text(row, columns))
            if not facts["case"] or question is None:
                what = "no case" if not facts["case"] else f"no question '{facts['question']}' in the mapping"
                self.out.unread.append(f"{self._where(sheet)}, row {number}: {what}")
                continue
            key = (facts["case"], facts.get("auditor", ""), facts.get("date", ""))
            answer = self._answer(
                sheet, question, facts["grade"], facts.get("comment", ""), number, columns["grade"]
            )
            forms.setdefault(key, (facts, []))[1].append(answer)
        for facts, answers in forms.values():
            self._add(sheet, facts, answers)

    def _form(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        above: Sequence[tuple[int, Row]],
        rows: Sequence[tuple[int, Row]],
    ) -> None:
        facts = self._facts(above)
        if not facts.get("case"):
            self.out.unread.append(f"{self._where(sheet)}: a form without a case")
            return
        answers = []
        for number, row in rows:
            words = question_text(row, columns)
            question = self._question(words)
            if question is None:
                self.out.unread.append(f"{self._where(sheet)}, row {number}: no question '{words[:60]}'")
                continue
            note = row.get(columns["comment"], "") if "comment" in columns else ""
            grade = row.get(columns["grade"], "")
            answers.append(self._answer(sheet, question, grade, note, number, columns["grade"]))
        self._add(sheet, facts, answers)

    def _facts(self, rows: Sequence[tuple[int, Row]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for _, row in rows:
            filled = [row[c].strip() for c in sorted(row)]
            for label, value in pairwise(filled):
                for key, names in self._names.items():
                    if plain(label) in names:
                        found.setdefault(key, value)
        return found

    def _answer(
        self, sheet: Sheet, question: str, written: str, comment: str, row: int, column: int
    ) -> AuditAnswer:
        from evidence_mapper.extract.columns import column_letter

        letter = column_letter(column) if sheet.lettered else None
        grade = self._mapping.grade(written)
        if grade is None and not written.strip():
            return AuditAnswer(question, "", 0, Reading.NONE, comment, row, letter)
        if grade is None:
            self.unknown.setdefault(written, f"{self._where(sheet)}, row {row}")
            return AuditAnswer(question, written, 0, Reading.NONE, comment, row, letter)
        return AuditAnswer(question, written, grade.step, grade.reads, comment, row, letter)

    def _add(self, sheet: Sheet, facts: dict[str, str], answers: list[AuditAnswer]) -> None:
        if not answers:
            self.out.unread.append(f"{self._where(sheet)}: no question of the mapping on {facts['case']}")
            return
        case, auditor, day = facts["case"], facts.get("auditor", ""), day_of(facts.get("date", ""))
        self.out.forms.append(
            AuditForm(
                id=derived_id("aud", case, auditor, day, self._path.name, sheet.name or ""),
                case=case,
                auditor=auditor or "not stated",
                date=day,
                team=facts.get("team", ""),
                file=self._path.name,
                file_sha256=self._sha,
                sheet=sheet.name,
                answers=tuple(answers),
            )
        )

    def _where(self, sheet: Sheet) -> str:
        return self._path.name if sheet.name is None else f"{self._path.name}, {sheet.name}"


def question_text(row: Row, columns: dict[str, int]) -> str:
    """Return a row's question: where its own cell is a number only, the words beside it."""
    own = row.get(columns["question"], "")
    if len(own.split()) < 4:
        between = range(columns["question"] + 1, columns["grade"])
        return next((row[c] for c in between if len(row.get(c, "").split()) >= 4), own)
    return own


def is_comment(text: str) -> bool:
    """Return whether a heading names a column of comments."""
    return bool(re.search(r"\b(?:comments?|why|rationale|reasons?|notes|remarks)\b", text.casefold()))


def day_of(text: str) -> str:
    """Return a day as ``YYYY-MM-DD``; empty when the text states none."""
    words = " ".join(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text).split())
    for candidate in _leading(words):
        for form in _DATES:
            try:
                found: date = datetime.strptime(candidate, form).date()  # noqa: DTZ007 - a day, no time
            except ValueError:
                continue
            return found.isoformat()
    return ""


def _leading(words: str) -> Iterator[str]:
    """Yield the text, and what is before a time or after a weekday."""
    yield words
    yield words.split(" ", 1)[0]
    yield " ".join(words.split(" ")[:3])
    yield words.split(" ", 1)[-1].lstrip()
