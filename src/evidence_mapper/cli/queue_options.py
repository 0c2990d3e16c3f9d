"""Options that say which passages a review shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import click

from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import DEFAULT_ORDER, QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import Project

_KEPT: Final = "evidence_mapper.queue"

Command = Callable[..., Any]


def queue_options(function: Command) -> Command:
    """Add the options, read with :func:`opening`."""
    text = {"metavar": "ID", "default": None}
    date = {"metavar": "DATE", "default": None}
    orders = click.Choice([order.value for order in QueueOrder])
    states = click.Choice([state.value for state in ReviewState])
    sources = click.Choice([s.value for s in SourceType])
    added: list[tuple[str, dict[str, Any]]] = [
        ("--order", {"type": orders, "default": None, "help": f"[default: {DEFAULT_ORDER.value}]"}),
        ("--state", {"type": states, "default": None, "help": "How you decided.  [default: to-review]"}),
        ("--statement", {**text, "help": "Suggested for, or coded with, this statement."}),
        ("--topic", {**text, "help": "The same for a topic."}),
        ("--i-statement", {**text, "help": "The same for an I statement."}),
        ("--category", {**text, "help": "Of this evidence category."}),
        ("--document", {"metavar": "NAME", "default": None, "help": "Of this document."}),
        ("--case", {"metavar": "CASE", "default": None, "help": "Of this case's record; see `case list`."}),
        ("--source-type", {"type": sources, "default": None, "help": "Of this kind of paper."}),
        ("--dated-from", {**date, "help": "Of documents of this year, month or day (2025-03), or later."}),
        ("--dated-to", {**date, "help": "Of documents of this year, month or day, or earlier."}),
        ("--decided-by", {"metavar": "CODER", "default": None, "help": "Decided by this person."}),
        ("--find", {"metavar": "WORDS", "default": None, "help": "With these words."}),
        ("--sample", {"is_flag": True, "help": "Of the sample drawn by `evidence-mapper remaining`."}),
    ]
    for name, more in reversed(added):
        function = click.option(name, expose_value=False, callback=_keep, **more)(function)
    return function


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> None:
    context.meta.setdefault(_KEPT, {})[parameter.name] = value


def narrowed() -> list[str]:
    """Return the options that were given in this call, as they are typed."""
    said: dict[str, Any] = click.get_current_context().meta.get(_KEPT, {})
    return [f"--{name.replace('_', '-')}" for name, value in said.items() if value]


def opening(project: Project) -> tuple[QueueFilter, QueueOrder]:
    """Return the queue that was asked for in this call.

    Raises
    ------
    UsageError
        There is no such code, document or sample, or a date is none.
    """
    said: dict[str, Any] = click.get_current_context().meta.get(_KEPT, {})
    framework = project.framework
    document = said.get("document")
    order = said.get("order")
    state = said.get("state")
    sample = _sample(project) if said.get("sample") else None
    where = QueueFilter(
        state=ReviewState(state) if state else ReviewState.TO_REVIEW,
        statement=_code(said.get("statement"), "statement", framework),
        topic=_code(said.get("topic"), "topic", framework),
        i_statement=_code(said.get("i_statement"), "I statement", framework),
        category=_code(said.get("category"), "evidence category", framework),
        document_id=find_document(project, document).id if document else None,
        source_type=said.get("source_type"),
        dated_from=_date(said.get("dated_from")),
        dated_to=_date(said.get("dated_to")),
        decided_by=said.get("decided_by"),
        text=said.get("find"),
        sample=sample,
        passages=_of_case(project, said["case"]) if said.get("case") else None,
    )
    return where, QueueOrder(order) if order else DEFAULT_ORDER


def _of_case(project: Project, name: str) -> tuple[str, ...]:
    from evidence_mapper.workflow.case_file import CaseReader
    from evidence_mapper.workflow.cases import find_case

    return tuple(p.id for p in CaseReader(project).read(find_case(project, name)).passages)


def _code(code: str | None, kind: str, framework: Framework) -> str | None:
    known = {
        "statement": [s.id for s in framework.statements],
        "topic": [t.id for t in framework.topics],
        "I statement": [i.id for i in framework.i_statements],
        "evidence category": [c.id for c in framework.evidence_categories],
    }[kind]
    if code is not None and code not in known:
        raise UsageError(f"no {kind} '{code}' in {framework.id}; there are {', '.join(known)}")
    return code


def _date(date: str | None) -> str | None:
    from evidence_mapper.domain.dates import is_date

    if date is not None and not is_date(date):
        raise UsageError(f"'{date}' is no date; write a year, month or day: 2025, 2025-03 or 2025-03-31")
    return date


def _sample(project: Project) -> str:
    from evidence_mapper.workflow.samples import latest_sample

    drawn = latest_sample(project.store)
    if drawn is None:
        raise UsageError("no sample was drawn yet; draw one: evidence-mapper remaining --sample 150")
    return drawn.id
