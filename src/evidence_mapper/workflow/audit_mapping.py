"""Mapping files of audit forms: read, checked, proposed for a form and written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from evidence_mapper.domain.audit import AuditMapping, AuditQuestion, Grade, Reading
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError

GENERIC: Final = "generic"
"""Name of the mapping that comes with the program."""
_COLUMNS: Final = ("case", "auditor", "date", "team", "question", "grade", "comment")
_QUESTION_KEYS: Final = {"id", "text", "statements", "topics", "words", "own_words", "headings", "sure"}


def load_mapping(name: str | Path, framework: Framework) -> AuditMapping:
    """Read a mapping file, or the one that comes with the program.

    Parameters
    ----------
    name
        Path of a TOML file, or ``generic``.
    framework
        Whose statements and topics the questions may name.

    Raises
    ------
    UsageError
        The file cannot be read, a key is missing or unknown, or a code is none of the framework's.
    """
    if str(name) == GENERIC:
        from evidence_mapper.frameworks.published import audit_mapping_text

        return parse_mapping(audit_mapping_text(), framework, "the generic mapping")
    path = Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the mapping {path} cannot be read: {error}; make one with: evidence-mapper audit map FILE"
        ) from error
    return parse_mapping(text, framework, str(path))


def parse_mapping(text: str, framework: Framework, where: str) -> AuditMapping:
    """Return the mapping a TOML text states; ``where`` names it in messages.

    Raises
    ------
    UsageError
        As :func:`load_mapping`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is not valid TOML: {error}") from error
    try:
        questions = tuple(_question(q, framework, where) for q in data["question"])
        grades = tuple(
            Grade(int(g["step"]), Reading(g["reads"]), tuple(map(str, g["written"]))) for g in data["grade"]
        )
        name = str(data["name"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{where} lacks or mistakes {error}; expected name, [[question]] with id and text, and [[grade]] "
            f"with step, reads ({', '.join(r.value for r in Reading)}) and written. "
            "A sample: evidence-mapper audit map --generic"
        ) from error
    _check(questions, grades, where)
    return AuditMapping(name, questions, grades, tuple(_columns(data.get("columns", {}), where)))


def _question(data: Mapping[str, Any], framework: Framework, where: str) -> AuditQuestion:
    unknown = set(data) - _QUESTION_KEYS
    if unknown:
        raise UsageError(
            f"{where}, question '{data.get('id')}': unknown key {', '.join(sorted(unknown))}; there are "
            f"{', '.join(sorted(_QUESTION_KEYS))}"
        )
    question = AuditQuestion(
        id=str(data["id"]),
        text=str(data["text"]),
        statements=tuple(data.get("statements", ())),
        topics=tuple(data.get("topics", ())),
        words=tuple(data.get("words", ())),
        own_words=bool(data.get("own_words", False)),
        headings=tuple(data.get("headings", ())),
        sure=data.get("sure"),
    )
    known = {
        "statement": [s.id for s in framework.statements],
        "topic": [t.id for t in framework.topics],
    }
    for kind, used in (("statement", question.statements), ("topic", question.topics)):
        for code in used:
            if code not in known[kind]:
                raise UsageError(
                    f"{where}, question '{question.id}': no {kind} '{code}' in {framework.id}; "
                    f"there are {', '.join(known[kind])}"
                )
    return question


def _check(questions: tuple[AuditQuestion, ...], grades: tuple[Grade, ...], where: str) -> None:
    ids = [q.id for q in questions]
    if not ids:
        raise UsageError(f"{where} has no question; make a mapping with: evidence-mapper audit map FILE")
    if len(set(ids)) < len(ids):
        raise UsageError(f"{where}: two questions have one id among {', '.join(ids)}")
    written = [text.casefold() for grade in grades for text in grade.written]
    doubled = {text for text in written if written.count(text) > 1}
    if doubled:
        raise UsageError(f"{where}: written under two grades: {', '.join(sorted(doubled))}")


def _columns(data: Mapping[str, Any], where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in data.items():
        if name not in _COLUMNS:
            raise UsageError(f"{where}, [columns]: no '{name}'; there are {', '.join(_COLUMNS)}")
        yield name, (value,) if isinstance(value, str) else tuple(value)


def mapping_text(mapping: AuditMapping, framework: Framework, notes: Iterable[str] = ()) -> str:
    """Return a mapping as TOML; :func:`parse_mapping` gives the same mapping back."""
    lines = [f"# {note}" for note in notes]
    lines += [f"name = {_toml(mapping.name)}", f"framework = {_toml(framework.id)}", ""]
    if mapping.columns:
        lines.append("[columns]")
        lines += [f"{name} = {_toml(list(values))}" for name, values in mapping.columns]
        lines.append("")
    for question in mapping.questions:
        lines += ["[[question]]", f"id = {_toml(question.id)}", f"text = {_toml(question.text)}"]
        for key in ("headings", "statements", "topics", "words"):
            values = getattr(question, key)
            if values:
                lines.append(f"{key} = {_toml(list(values))}")
        if question.own_words:
            lines.append("own_words = true")
        if question.sure is not None:
            lines.append(f"sure = {question.sure:.2f}")
        lines.append("")
    for grade in mapping.grades:
        lines += [
            "[[grade]]",
            f"step = {grade.step}",
            f"reads = {_toml(grade.reads.value)}",
            f"written = {_toml(list(grade.written))}",
            "",
        ]
    return "\n".join(lines)


def _toml(value: str | list[str]) -> str:
    """Return a TOML string or list of strings: JSON's escapes are valid in TOML's basic strings."""
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
