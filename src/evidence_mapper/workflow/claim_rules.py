"""What may stand in a claim: words, statements of the framework, and passages that a person confirmed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.coding import Outcome
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.workflow.claim_evidence import Evidence

MOST_CHARACTERS: Final = 5_000
"""Of a claim: it is a sentence."""


def check_statements(project: Project, statements: Iterable[str]) -> None:
    """Refuse statements that the framework does not have.

    Raises
    ------
    UsageError
        Names the nearest, and all there are.
    """
    known = [s.id for s in project.framework.statements]
    for statement in statements:
        if statement not in known:
            near = difflib.get_close_matches(statement, known, n=1)
            hint = f"; did you mean {near[0]}? There are" if near else "; there are"
            raise UsageError(f"no statement '{statement}' in {project.framework.id}{hint} {', '.join(known)}")


def check_evidence(project: Project, passages: Sequence[str]) -> None:
    """Refuse passages that are no evidence: not confirmed by a person, or not said any more.

    Raises
    ------
    UsageError
        Of the first that is none; says what to do: confirm it, or link the passage that took its place.
    """
    from evidence_mapper.workflow.claim_evidence import Evidence

    for passage_id in passages:
        _check_confirmed(project, passage_id)
    if passages:
        known = Evidence.read(project)
        for passage_id in passages:
            _check_said(known, passage_id)


def _check_confirmed(project: Project, passage_id: str) -> None:
    try:
        project.store.passage(passage_id)
    except StoreError as error:
        raise UsageError(
            f"no passage '{passage_id}' in the project; find one: evidence-mapper search \"WORDS\""
        ) from error
    held = project.store.decisions(passage_id)
    if not any(d.decision.outcome is Outcome.CODED for d in held):
        answers = [f"{d.coder} answered '{d.decision.outcome.value}'" for d in held]
        said = ", ".join(answers) or "nobody has decided on it"
        raise UsageError(
            f"{passage_id} is not evidence yet: {said}; nothing was linked. Read it "
            f"and confirm a statement first: evidence-mapper review --start {passage_id}"
        )


def _check_said(known: Evidence, passage_id: str) -> None:
    from evidence_mapper.workflow.claim_evidence import Standing

    found = known.of(passage_id)
    if found.standing is Standing.WITHDRAWN:
        raise UsageError(
            f"{passage_id} is in a document that was withdrawn: evidence-mapper documents "
            f"'{found.document_name}' --restore"
        )
    if not found.counts:
        raise UsageError(
            f"{passage_id} is from a version of {found.document_name} since replaced, which no longer says "
            f"this: evidence-mapper revisions '{found.document_name}' --diff"
        )
    if found.passage_id != passage_id:
        raise UsageError(
            f"{passage_id} is from a version since replaced; the newest says the same in {found.passage_id}: "
            "link that one"
        )


def checked_text(text: str) -> str:
    """Return a claim's words without white space around them.

    Raises
    ------
    UsageError
        There are none, or too many, or they hold half a character.
    """
    text = text.strip()
    if not text:
        raise UsageError('a claim needs words: evidence-mapper claim add "What the council says of itself."')
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"a claim is a sentence: this has {len(text):,} characters, at most {MOST_CHARACTERS:,} fit; "
            "split it into several claims"
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"character {error.start + 1} of the claim is half of a character; type it again"
        ) from error
    return text


def check_apart(passages: Sequence[str], against: Sequence[str]) -> None:
    """Refuse passages that are named for a claim and against it at once."""
    both = set(passages) & set(against)
    if both:
        raise UsageError(
            f"{', '.join(sorted(both))} cannot speak both for the claim and against it: "
            "name it under --passage or --against"
        )
