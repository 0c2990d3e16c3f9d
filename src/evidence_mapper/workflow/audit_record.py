"""Audit forms, mappings and moderators' answers in the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from evidence_mapper.domain.audit import AuditForm, AuditMapping, ModeratorAnswer
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_forms import plain
from evidence_mapper.workflow.audit_mapping import mapping_text, parse_mapping
from evidence_mapper.workflow.audit_reading import read_forms
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project

_FORM, _MAPPING, ANSWER = "form", "mapping", "answer"
_SUBJECT: Final = "audit-mapping"
_SAME: Final = 0.85
"""Likeness of two wordings from which they are one question."""


@dataclass
class AuditImport:
    """What bringing in a file did."""

    new: int = 0
    changed: int = 0
    """Forms that were there with other answers; what stood before stays in the record."""
    same: int = 0
    answers: int = 0
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Ids of questions that no form of the file answers."""


def import_audits(project: Project, path: Path, mapping: AuditMapping, *, coder: str) -> AuditImport:
    """Read a file's forms and record them; a form that is there already is not doubled.

    Raises
    ------
    UsageError
        The file or a grade cannot be read, or an id of the mapping stands for another question in this
        project; nothing was recorded.
    """
    _check_ids(project, mapping)
    found = read_forms(path, mapping)
    report = AuditImport(unread=tuple(found.unread), missing=tuple(found.missing))
    _keep_mapping(project, mapping, coder)
    known = {form.id: form for form in audit_forms(project)}
    told: list[str] = []
    for read in found.forms:
        form = _beside(read, known, told)
        if form is None:
            continue
        report.answers += len(form.answers)
        before = known.get(form.id)
        if before == form:
            report.same += 1
            continue
        report.new += before is None
        report.changed += before is not None
        known[form.id] = form
        _record(
            project,
            coder,
            form.id,
            {
                "words": f"audit of {form.case} by {form.auditor} brought in from {form.file}",
                "kind": _FORM,
                "form": form.to_json(),
            },
        )
    report.unread += tuple(told)
    return report


def _beside(form: AuditForm, known: Mapping[str, AuditForm], told: list[str]) -> AuditForm | None:
    """Return the form as it goes into the record, beside those of the same audit from other files.

    One that answers all that another does takes its place; otherwise only what is new in it is taken, and
    ``told`` says so. None when nothing is.
    """
    key = (form.case, form.auditor, form.date)
    for other in known.values():
        if other.id == form.id or (other.case, other.auditor, other.date) != key:
            continue
        asked, held = {a.question for a in form.answers}, {a.question for a in other.answers}
        if held <= asked:
            return replace(form, id=other.id)
        if asked & held:
            fresh = tuple(a for a in form.answers if a.question not in held)
            told.append(
                f"{form.file}: {form.case} by {form.auditor}, {form.date or 'undated'}, is there from "
                f"{other.file}; {len(fresh)} of {len(form.answers)} answers are new"
            )
            if not fresh:
                return None
            form = replace(form, answers=fresh)
    return form


def audit_forms(project: Project) -> list[AuditForm]:
    """Return every form as it stands, in the order they were first brought in."""
    forms: dict[str, AuditForm] = {}
    for event in project.store.entries([EventAction.AUDIT]):
        if event.payload.get("kind") == _FORM and event.payload.get("form"):  # none where it was forgotten
            forms[event.subject] = AuditForm.from_json(event.payload["form"])
    return list(forms.values())


def needed_forms(project: Project) -> list[AuditForm]:
    """Return every form.

    Raises
    ------
    UsageError
        None was brought in.
    """
    forms = audit_forms(project)
    if not forms:
        raise UsageError(
            "no audit form is in this project; bring some in with: evidence-mapper audit import FILE"
        )
    return forms


def kept_mapping(project: Project) -> AuditMapping:
    """Return the mapping used last, with the questions of those before it that it does not have.

    Raises
    ------
    UsageError
        None was used yet.
    """
    merged: AuditMapping | None = None
    for event in project.store.entries([EventAction.AUDIT], subject=_SUBJECT):
        read = parse_mapping(event.payload["toml"], project.framework, "a mapping kept in the project")
        merged = read if merged is None else _merged(read, merged)
    if merged is None:
        raise UsageError(
            "no audit mapping is in this project; it comes with: "
            "evidence-mapper audit import FILE --mapping MAPPING"
        )
    return merged


def latest_mapping(project: Project) -> AuditMapping | None:
    """Return the mapping of :func:`kept_mapping`; None when none was used yet."""
    if not project.store.entries([EventAction.AUDIT], subject=_SUBJECT):
        return None
    return kept_mapping(project)


def _check_ids(project: Project, mapping: AuditMapping) -> None:
    """Refuse a mapping that gives an id of another question to one of its own: figures would mix them."""
    held = latest_mapping(project)
    for question in mapping.questions:
        before = held.question(question.id) if held else None
        if before is not None and not same_question(before.text, question.text):
            raise UsageError(
                f"the mapping's question '{question.id}' ({question.text}) has the id of another question in "
                f"this project ({before.text}); give it another id, such as 'b-{question.id}'"
            )


def same_question(one: str, other: str) -> bool:
    """Return whether two wordings are one question: the same, or nearly."""
    return SequenceMatcher(None, plain(one), plain(other)).ratio() >= _SAME


def _merged(newer: AuditMapping, older: AuditMapping) -> AuditMapping:
    ids = {q.id for q in newer.questions}
    more = tuple(q for q in older.questions if q.id not in ids)
    return AuditMapping(newer.name, newer.questions + more, newer.grades, newer.columns)


def _keep_mapping(project: Project, mapping: AuditMapping, coder: str) -> None:
    """Record the mapping unless it is the one used last."""
    text = mapping_text(mapping, project.framework)
    kept = project.store.entries([EventAction.AUDIT], subject=_SUBJECT)
    if kept and kept[-1].payload["toml"] == text:
        return
    words = f"audit mapping ‘{mapping.name}’ with {len(mapping.questions)} questions"
    _record(project, coder, _SUBJECT, {"words": words, "kind": _MAPPING, "toml": text})


def record_answer(
    project: Project, finding: str, *, agree: bool, note: str | None, coder: str, words: str
) -> ModeratorAnswer:
    """Record what a moderator says of a finding; a later answer stands in place of an earlier one.

    ``finding`` is its id; ``words`` says in short what it was.
    """
    verb = "agreed" if agree else "disagreed"
    payload = {
        "words": f"moderator {verb} on {words}",
        "kind": ANSWER,
        "finding": finding,
        "agree": agree,
        "note": note,
    }
    at = _record(project, coder, derived_id("adf", finding), payload)
    return ModeratorAnswer(finding, agree, note, coder, at)


def moderator_answers(project: Project) -> dict[str, ModeratorAnswer]:
    """Return the answer that stands on each finding, by its id."""
    return {
        e.payload["finding"]: ModeratorAnswer(
            e.payload["finding"], e.payload["agree"], e.payload.get("note"), e.coder, e.at
        )
        for e in project.store.entries([EventAction.AUDIT])
        if e.payload.get("kind") == ANSWER and e.payload.get("finding")
    }


def by_case(forms: Sequence[AuditForm]) -> dict[str, list[AuditForm]]:
    """Return forms by case."""
    found: dict[str, list[AuditForm]] = {}
    for form in forms:
        found.setdefault(form.case, []).append(form)
    return found


def _record(project: Project, coder: str, subject: str, payload: dict[str, object]) -> str:
    at = utc_now()
    project.store.append_event(coder=coder, action=EventAction.AUDIT, subject=subject, at=at, payload=payload)
    return at
