"""What goes into and comes out of a store, besides the domain's own records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evidence_mapper.domain.document import Document, DocumentRevision, Exclusion
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import (
    CoderDecision,
)


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """What a project says of itself."""

    id: str
    created_at: str
    framework_id: str
    framework_version: str
    framework_text: str
    """The framework file as it was when the project was made."""
    schema_version: int


@dataclass(frozen=True, slots=True)
class IngestedDocument:
    """One file's reading, written in one transaction."""

    document: Document
    revision: DocumentRevision
    passages: Sequence[Passage]
    exclusions: Sequence[Exclusion] = ()
    unread_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    reread: bool = False
    """Whether it is the newest version's own file, read again: see :class:`Kept` for what becomes of it."""


class Kept(StrEnum):
    """How a reading was kept."""

    NEW = "new"
    """A document that was not there."""
    VERSION = "version"
    """The document's newest version, beside those before."""
    IN_PLACE = "in-place"
    """In the place of the same file's reading, on which nothing rested."""
    SAME = "same"
    """It says what the newest version said already."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something stored that does not match its own hash, span or event."""

    subject: str
    """Such as ``revision rev-0123`` or ``passage psg-0123``."""
    problem: str


@dataclass(frozen=True, slots=True)
class StoredVector:
    """One embedding as bytes."""

    text_sha256: str
    dtype: str
    """numpy name, little-endian, such as ``<f4``."""
    width: int
    data: bytes


@dataclass(frozen=True, slots=True)
class HeldDecision:
    """A decision that holds, with what its coder was shown."""

    passage: Passage
    decision: CoderDecision
    run_id: str | None
    """Run whose suggestion the coder saw; None when there was none."""
    suggested: tuple[str, ...] | None
    """Statements that run suggested for the passage; None when it had no suggestion."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A classifier learned from labelled passages, in a folder outside the project."""

    folder: str
    """Absolute path; it never leaves the project."""
    sha256: str
    """Of its manifest, which names every other file's."""


@dataclass(frozen=True, slots=True)
class StoredHead:
    """A head learned from the project's decisions, as bytes with its spec."""

    at: str
    """UTC, ISO 8601."""
    coder: str
    """Who had it learned."""
    base: str
    """``name@version`` of the shipped classifier it sits on."""
    base_sha256: str
    decisions: int
    """How many decisions it was learned from; 0 or more."""
    spec: Mapping[str, Any]
    data: bytes
    number: int = 0
    """One-based, in order of learning; 0 before it is stored."""
    id: str = ""
    """Derived from spec and data, so that the same decisions give the same id; empty before it is stored."""


@dataclass(frozen=True, slots=True)
class LiveText:
    """What a classifier reads of a passage of a newest version."""

    number: int
    """The store's key of the passage."""
    text: str
    heading_path: tuple[str, ...]
    context: str | None
