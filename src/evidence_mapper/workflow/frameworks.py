"""Frameworks for front ends: listed, described, checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence_mapper import frameworks as packs
from evidence_mapper.domain.framework import Framework, Statement, Verification, Wording
from evidence_mapper.errors import FrameworkError, UsageError
from evidence_mapper.frameworks import FrameworkEntry

_MARKS = {
    Verification.VERBATIM: "",
    Verification.OWN: "",
    Verification.UNVERIFIED: "  [unverified: not to be quoted as official text]",
    Verification.CONFLICTING: "  [sources differ]",
}


def entries() -> tuple[FrameworkEntry, ...]:
    """Return the shipped frameworks."""
    return packs.available()


def load(name: str) -> Framework:
    """Return a framework by shipped id or path.

    Raises
    ------
    UsageError, FrameworkError
        The name is not known, or the file is faulty.
    """
    return packs.load(name)


def file_of_model(folder: Path) -> str:
    """Return the path of the framework file that a learned classifier's folder keeps.

    Raises
    ------
    ModelError
        There is no classifier in the folder, or it was changed.
    UsageError
        It is one that was not made by ``framework learn``.
    """
    from evidence_mapper.classify.artefact import load_artefact

    path = load_artefact(folder).framework_file
    if path is None:
        raise UsageError(f"{folder} keeps no framework; --model takes a folder made by `framework learn`")
    return str(path)


def check(path: Path) -> list[FrameworkError]:
    """Return every fault of a framework file."""
    return packs.check_file(path)


def entry_json(entry: FrameworkEntry) -> dict[str, Any]:
    """Return an entry as plain data."""
    return dataclasses.asdict(entry)


def framework_json(framework: Framework) -> dict[str, Any]:
    """Return a framework as plain data."""
    return dataclasses.asdict(framework)


def mark(wording: Wording) -> str:
    """Return what must be said beside a wording that is not verbatim; empty when nothing."""
    return _MARKS[wording.verification]


def describe(framework: Framework) -> Iterator[str]:
    """Yield a framework as lines for a person, each wording with its standing and source."""
    yield f"{framework.title} ({framework.id}, version {framework.version})"
    yield f"Published by {framework.publisher}. {framework.copyright}"
    for note in framework.notes:
        yield f"Note: {note}"
    for theme in framework.themes:
        yield ""
        yield f"{theme.number}. {theme.title.text}{mark(theme.title)}"
        for statement in framework.statements:
            if statement.theme_id == theme.id:
                yield from _statement(framework, statement)
    if framework.evidence_categories:
        yield ""
        yield "Evidence categories"
    for category in framework.evidence_categories:
        required = "  required for every statement" if category.required else ""
        yield f"  {category.id}: {category.name.text}{mark(category.name)}{required}"
    marked = packs.unverified_entries(framework)
    if marked:
        yield ""
        yield f"{len(marked)} entries are not official text word for word:"
        yield from (f"  {line}" for line in marked)


def _statement(framework: Framework, statement: Statement) -> Iterator[str]:
    yield f"  {statement.number}. {statement.title.text} ({statement.id}){mark(statement.title)}"
    if statement.wording:
        yield f"     {statement.wording.text}{mark(statement.wording)}"
        yield from (f"       source: {s.title}" for s in statement.wording.sources)
        yield from (f"       also found: {v.text}" for v in statement.wording.variants)
    for i in framework.i_statements_of(statement.id):
        yield f"     I: {i.wording.text}{mark(i.wording)}"
    if statement.i_statements_note:
        yield f"     I: {statement.i_statements_note}"
    if statement.legal_references:
        standing = statement.legal_references_verification
        doubt = "" if standing in (None, Verification.VERBATIM) else f"  [{standing}]"
        yield f"     Law: {'; '.join(statement.legal_references)}{doubt}"
    for topic in framework.topics_of(statement.id):
        yield f"     - {topic.id}: {topic.definition}"
