"""Where an auditor's grade, the comment and the case's record disagree: for a moderator to look at.

A question's signs are its codes, its words and, where the mapping says so, words in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.domain.audit import (
    AuditAnswer,
    AuditFinding,
    AuditForm,
    AuditMapping,
    AuditQuestion,
    AuditQuote,
    FindingKind,
    Reading,
)
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.workflow.audit_copies import find_copies
from evidence_mapper.workflow.audit_evidence import DENIES, CaseRecords, Held
from evidence_mapper.workflow.audit_record import kept_mapping, needed_forms
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project

AGAINST: Final = 0.6
"""How much likelier one polarity of a comment must be than the other to stand against its grade."""
_QUOTES: Final = 3
_GROUNDS: Final = 2
"""Words of a comment, rare among the records, that must be in this one for the comment to rest on it."""
_PRAISE: Final = re.compile(
    r"(?:an? )?(?:outstanding|excellent|exemplary) (?!(?:actions?|tasks?|issues?|matters?|referrals?|"
    r"assessments?|reviews?|debts?|requests?|points?|if|had|would)\b)",
    re.IGNORECASE,
)
"""A comment that opens with the top of a scale; "outstanding actions" are those still to do."""
_ALARM: Final = re.compile(
    r"(?:(?:deeply|very|seriously|extremely|most) )?(?:worrying|concerning|alarming|unacceptable|unsafe|"
    r"appalling|shocking)\b",
    re.IGNORECASE,
)
_ORDER: Final = {kind: place for place, kind in enumerate(FindingKind)}


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What was compared and what is to be looked at."""

    forms: int
    answers: int
    """Graded answers, those that do not apply left out."""
    cases: int
    without_record: tuple[str, ...]
    """Cases that no document of the project is of."""
    unsuggested: int
    """Passages of the cases without a suggestion of the current run."""
    findings: tuple[AuditFinding, ...]
    """By kind, then case and question; a finding's number is its place, from 1."""
    questions: tuple[tuple[str, str], ...] = ()
    """(id, text) of the mapping's questions."""


def check_audits(project: Project, *, progress: ProgressSink = silent) -> AuditCheck:
    """Compare every graded answer with the record of its case, its own comment and the other comments.

    Nothing is recorded: findings are suggestions, the same for the same forms and record.

    Raises
    ------
    UsageError
        No audit form is in the project.
    ModelError
        The classifier that reads comments cannot be used.
    """
    forms, mapping = needed_forms(project), kept_mapping(project)
    records = CaseRecords(project, (form.case for form in forms))
    graded = [(f, a) for f in forms for a in f.answers if a.reads is not Reading.NONE]
    findings: list[AuditFinding] = []
    for number, form in enumerate(forms, start=1):
        findings += _against_record(form, mapping, records)
        progress(number, len(forms), form.case)
    findings += _against_comment(project, graded)
    findings += _copied(graded)
    cases = {form.case for form in forms}
    return AuditCheck(
        forms=len(forms),
        answers=len(graded),
        cases=len(cases),
        without_record=tuple(sorted(case for case in cases if not records.documents(case))),
        unsuggested=sum(s is None for case in cases for _, _, s in records.passages(case)),
        findings=tuple(sorted(findings, key=lambda f: (_ORDER[f.kind], f.case, f.question, f.form_id))),
        questions=tuple((q.id, q.text) for q in mapping.questions),
    )


def _against_record(form: AuditForm, mapping: AuditMapping, records: CaseRecords) -> Iterator[AuditFinding]:
    if not records.documents(form.case):
        why = f"no document of the project has {form.case} in its path; nothing was compared"
        yield _finding(FindingKind.NO_RECORD, form, None, why)
        return
    for answer in form.answers:
        question = mapping.question(answer.question)
        if question is None or answer.reads is Reading.NONE or not _has_signs(question):
            continue
        evidence = records.evidence(form.case, question)
        doubted = any(held.denied for held in evidence)
        shown = [held for held in evidence if not (held.denied or (doubted and held.against))]
        if answer.reads is Reading.GOOD and not shown:
            if len(records.grounded(form.case, answer.comment)) < _GROUNDS:
                yield _finding(
                    FindingKind.GOOD_WITHOUT_RECORD,
                    form,
                    answer,
                    _nothing(form, records, evidence),
                    _quotes(evidence),
                )
        elif _low(answer) and (strong := _standing_against(answer, evidence)):
            yield _finding(
                FindingKind.POOR_WITH_EVIDENCE,
                form,
                answer,
                "a passage of the record bears on it"
                if len(strong) == 1
                else f"{len(strong)} passages of the record bear on it",
                _quotes(strong),
            )


def _nothing(form: AuditForm, records: CaseRecords, doubted: Sequence[Held]) -> str:
    if doubted:
        return "what the record has on it says that it was not done, or reads as a concern"
    passages, documents = len(records.passages(form.case)), len(records.documents(form.case))
    return f"none of {passages} passages in {documents} documents bears on it"


def _standing_against(answer: AuditAnswer, evidence: Sequence[Held]) -> list[Held]:
    """Return what stands against a low grade.

    A comment that denies the thing is met by any plain evidence of it; any other by evidence that is no
    concern.
    """
    denies = DENIES.search(answer.comment) is not None
    return [held for held in evidence if (held.clear if denies else held.strong)]


def _low(answer: AuditAnswer) -> bool:
    """Return whether an answer says that the thing was not there: graded poor, or middling and denied."""
    return answer.reads is Reading.POOR or (
        answer.reads is Reading.MIXED and DENIES.search(answer.comment) is not None
    )


def _has_signs(question: AuditQuestion) -> bool:
    return bool(question.topics or question.statements or question.words or question.own_words)


def _quotes(held: Sequence[Held]) -> tuple[AuditQuote, ...]:
    return tuple(found.quote() for found in held[:_QUOTES])


def _against_comment(
    project: Project, graded: Sequence[tuple[AuditForm, AuditAnswer]]
) -> Iterator[AuditFinding]:
    """Yield comments whose polarity, as the classifier reads it, is the opposite of their grade's."""
    from evidence_mapper.workflow.base_classifier import base_classifier

    commented = [(form, answer) for form, answer in graded if len(answer.comment.split()) >= 3]
    if not commented:
        return
    inputs = [ClassifierInput(a.comment, None, SourceType.CASE_AUDIT.value) for _, a in commented]
    for (form, answer), suggestion in zip(commented, base_classifier(project).suggest(inputs), strict=True):
        if suggestion.polarity is None:
            continue
        shares = dict(suggestion.polarity.distribution)
        if (opening := _opens_against(answer)) is not None:
            why = f"the comment opens with {opening}; the grade is '{answer.grade}'"
            yield _finding(FindingKind.CONTRADICTION, form, answer, why, (_own(form, answer, opening),))
            continue
        lean = shares.get("strength", 0.0) - shares.get("concern", 0.0)
        if (answer.reads is Reading.GOOD and lean <= -AGAINST) or (
            answer.reads is not Reading.GOOD and lean >= AGAINST
        ):
            read = "a concern" if lean < 0 else "a strength"
            share = shares["concern" if lean < 0 else "strength"]
            why = f"the comment reads as {read} ({share:.2f}); the grade is '{answer.grade}'"
            yield _finding(FindingKind.CONTRADICTION, form, answer, why, (_own(form, answer, read),))


def _opens_against(answer: AuditAnswer) -> str | None:
    """Return what a comment opens with, whatever the classifier reads, where its grade says the opposite."""
    if answer.reads is Reading.GOOD:
        return "alarm" if _ALARM.match(answer.comment) else None
    return "praise" if _PRAISE.match(answer.comment) else None


def _copied(graded: Sequence[tuple[AuditForm, AuditAnswer]]) -> Iterator[AuditFinding]:
    groups = find_copies([a.comment for _, a in graded], [f.case for f, _ in graded])
    for group in groups:
        members = [graded[i] for i in group.members]
        form, answer = members[0]
        cases = tuple(dict.fromkeys(f.case for f, _ in members))
        how = (
            "the same words" if group.exact else f"nearly the same words (likeness from {group.likeness:.2f})"
        )
        yield _finding(
            FindingKind.COPIED,
            form,
            answer,
            f"{how} on {len(cases)} cases: {', '.join(cases)}",
            tuple(_own(f, a, f"on {f.case}, by {f.auditor}") for f, a in members),
            cases,
        )


def _own(form: AuditForm, answer: AuditAnswer, why: str) -> AuditQuote:
    return AuditQuote(answer.comment, form.place(answer), why, file_sha256=form.file_sha256)


def _finding(
    kind: FindingKind,
    form: AuditForm,
    answer: AuditAnswer | None,
    why: str,
    quotes: tuple[AuditQuote, ...] = (),
    cases: tuple[str, ...] = (),
) -> AuditFinding:
    question = answer.question if answer else ""
    return AuditFinding(
        id=derived_id("fnd", kind.value, form.id, question, answer.comment if answer else "", *cases),
        kind=kind,
        case=form.case,
        question=question,
        auditor=form.auditor,
        grade=answer.grade if answer else "",
        comment=answer.comment if answer else "",
        why=why,
        quotes=quotes,
        cases=cases or (form.case,),
        form_id=form.id,
    )
