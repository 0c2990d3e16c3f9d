"""A mapping proposed for a council's own audit form; a person looks it through before it is used."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.domain.audit import AuditMapping, AuditQuestion, Grade
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.document import SourceType
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_forms import Row, Sheet, names_of, plain, read_sheets
from evidence_mapper.workflow.audit_mapping import GENERIC, load_mapping
from evidence_mapper.workflow.audit_reading import is_comment, question_text
from evidence_mapper.workflow.audit_record import latest_mapping, same_question
from evidence_mapper.workflow.project import Project

_VOICE: Final = re.compile(r"\b(?:voice|own words|wishes|what matters|wants?)\b", re.IGNORECASE)
_MOST_TOPICS: Final = 4
_MOST_GRADES: Final = 12


@dataclass
class Proposal:
    """A mapping to be looked through, and what it could not say."""

    mapping: AuditMapping
    unknown_grades: tuple[str, ...]
    """Written in the file, and in no scale known."""
    unmapped: tuple[str, ...]
    """Ids of questions that no code was proposed for."""
    notes: tuple[str, ...] = ()


@dataclass
class _Found:
    questions: dict[str, str] = field(default_factory=dict)
    """Plain text to the text as written."""
    headings: dict[str, list[str]] = field(default_factory=dict)
    grades: dict[str, None] = field(default_factory=dict)


def propose(project: Project, path: Path) -> Proposal:
    """Propose what each question of a form bears on, by the project's classifier, and how its grades read.

    Raises
    ------
    UsageError
        The file cannot be read, or holds no question.
    ModelError
        The classifier cannot be used.
    """
    from evidence_mapper.workflow.base_classifier import base_classifier

    found = _Found()
    for sheet in read_sheets(path):
        _look(sheet, found)
    if not found.questions:
        raise UsageError(
            f"{path} has no question this can find: a header row with a case and question columns, or a "
            "table with the columns question and grade. Write the mapping by hand: evidence-mapper audit map "
            "--generic shows one"
        )
    texts = list(found.questions.values())
    inputs = [ClassifierInput(text, None, SourceType.CASE_AUDIT.value) for text in texts]
    suggestions = base_classifier(project).suggest(inputs)
    generic = load_mapping(GENERIC, project.framework) if _is_generic(project) else None
    prefix = _prefix(project, texts)
    questions = tuple(
        _question(f"{prefix}q{number}", text, tuple(found.headings.get(plain(text), ())), suggestion, generic)
        for number, (text, suggestion) in enumerate(zip(texts, suggestions, strict=True), start=1)
    )
    scale = generic.grades if generic else ()
    known, unknown = _grades(list(found.grades), scale)
    mapping = AuditMapping(f"Proposed for {path.name}", questions, known)
    unmapped = tuple(q.id for q in questions if not (q.topics or q.statements or q.own_words))
    return Proposal(mapping, unknown, unmapped, tuple(_notes(path, unknown)))


def _is_generic(project: Project) -> bool:
    return project.framework.id == "cqc-local-authority"


def _notes(path: Path, unknown: tuple[str, ...]) -> Iterator[str]:
    yield f"Proposed for {path.name}: look at every line before it is used."
    yield "`sure` is the classifier's probability of the first code, and a low one a guess. Take out codes"
    yield "that do not bear on the question, and add words a record would use."
    for grade in unknown:
        yield f"NOT READ: the grade {grade!r}. Add it under the [[grade]] it belongs to."


def _look(sheet: Sheet, found: _Found) -> None:
    for index, (_, cells) in enumerate(sheet.rows):
        columns = {key: c for c, text in sorted(cells.items(), reverse=True) for key in _keys(text)}
        below = [row for _, row in sheet.rows[index + 1 :]]
        if {"question", "grade"} <= columns.keys():
            _rows(below, columns, found)
            return
        if "case" in columns and (asked := _asked(cells)):
            for column, text in asked.items():
                found.questions.setdefault(plain(text), text)
                found.grades.update(dict.fromkeys(row[column] for row in below if column in row))
            return


def _keys(text: str) -> list[str]:
    return [key for key in ("case", "question", "grade") if plain(text) in names_of(key)]


def _asked(cells: Row) -> dict[int, str]:
    """Return the header cells that ask: those with a question mark, or with a comment column beside them."""
    return {
        c: re.sub(r"^(?:Q\.? ?)?\d{1,2}[.):]? +", "", text)
        for c, text in cells.items()
        if len(text.split()) >= 3
        and not is_comment(text)
        and (text.rstrip().endswith("?") or is_comment(cells.get(c + 1, "")))
    }


def _rows(rows: list[Row], columns: dict[str, int], found: _Found) -> None:
    for row in rows:
        text = question_text(row, columns)
        if len(text.split()) < 3 or not row.get(columns["grade"], ""):
            continue
        found.questions.setdefault(plain(text), text)
        own = row.get(columns["question"], "")
        if own != text and own not in (held := found.headings.setdefault(plain(text), [])):
            held.append(own)
        found.grades.setdefault(row[columns["grade"]])


def _prefix(project: Project, texts: list[str]) -> str:
    """Return what makes the ids differ from those of other questions in the project; empty mostly."""
    held = latest_mapping(project)
    if held is None:
        return ""
    for prefix in ("", *(f"{letter}-" for letter in string.ascii_lowercase[1:])):
        pairs = ((held.question(f"{prefix}q{n}"), text) for n, text in enumerate(texts, start=1))
        if all(before is None or same_question(before.text, text) for before, text in pairs):
            return prefix
    return f"form{len(held.questions)}-"


def _question(
    question_id: str,
    text: str,
    headings: tuple[str, ...],
    suggestion: Suggestion,
    generic: AuditMapping | None,
) -> AuditQuestion:
    if _VOICE.search(text):
        return AuditQuestion(question_id, text, own_words=True, headings=headings)
    topics = [t for t in suggestion.topics if t.suggested][:_MOST_TOPICS]
    statements = [] if topics else [s for s in suggestion.statements if s.suggested][:1]
    codes = topics or statements
    question = AuditQuestion(
        question_id,
        text,
        statements=tuple(s.id for s in statements),
        topics=tuple(t.id for t in topics),
        headings=headings,
        sure=round(codes[0].probability, 2) if codes else None,
    )
    return replace(question, words=_words(question, generic))


def _words(question: AuditQuestion, generic: AuditMapping | None) -> tuple[str, ...]:
    """Return the words the generic mapping has for the first topic."""
    first = question.topics[:1]
    if generic is None or not first:
        return ()
    return next((q.words for q in generic.questions if first[0] in q.topics), ())


def _grades(written: list[str], scale: tuple[Grade, ...]) -> tuple[tuple[Grade, ...], tuple[str, ...]]:
    """Return the scale with the file's ways of writing first, and what it does not know."""
    lookup = AuditMapping("", (), scale)
    unknown = tuple(text for text in written if lookup.grade(text) is None)
    return scale, unknown[:_MOST_GRADES]
