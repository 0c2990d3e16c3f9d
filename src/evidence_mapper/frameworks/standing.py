"""Which parts of a framework must not be shown as official text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.framework import Framework, Statement, Verification

_NOT_OFFICIAL: Final = (Verification.UNVERIFIED, Verification.CONFLICTING)

_Entry = tuple[str, Verification | None]


def unverified_entries(framework: Framework) -> list[str]:
    """Return a line for each part marked unverified or conflicting, in framework order; empty for none.

    A line reads ``statement s5, wording: unverified``. Parts marked own are left out: they claim
    nothing.
    """
    return [f"{part}: {mark.value}" for part, mark in _entries(framework) if mark in _NOT_OFFICIAL and mark]


def _entries(framework: Framework) -> Iterator[_Entry]:
    for theme in framework.themes:
        yield f"theme {theme.id}, title", theme.title.verification
    for statement in framework.statements:
        yield from _statement_entries(statement)
    for i_statement in framework.i_statements:
        yield f"I statement {i_statement.id}, wording", i_statement.wording.verification
    for category in framework.evidence_categories:
        yield f"evidence category {category.id}, name", category.name.verification


def _statement_entries(statement: Statement) -> Iterator[_Entry]:
    yield f"statement {statement.id}, title", statement.title.verification
    if statement.wording is not None:
        yield f"statement {statement.id}, wording", statement.wording.verification
    if statement.legal_references:
        yield f"statement {statement.id}, legal references", statement.legal_references_verification
