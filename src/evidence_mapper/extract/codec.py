"""Documents and errors as JSON, for the pipe between a worker and its parent: no pickle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence_mapper.domain.document import (
    Block,
    BlockKind,
    Exclusion,
    ExclusionReason,
    ExtractedDocument,
    Member,
    SourceLocation,
)
from evidence_mapper.errors import ExtractionError


def to_json(document: ExtractedDocument) -> dict[str, Any]:
    """Return plain data; :func:`from_json` gives an equal document back."""
    return {
        "media_type": document.media_type,
        "extractor": document.extractor,
        "blocks": [_block_to_json(block) for block in document.blocks],
        "exclusions": [[e.text, e.reason.value, e.location.to_json()] for e in document.exclusions],
        "pages": document.pages,
        "unread_pages": list(document.unread_pages),
        "warnings": list(document.warnings),
        "metadata": [list(pair) for pair in document.metadata],
        "members": [[m.name, m.step, m.size, m.sha256, m.refusal] for m in document.members],
    }


def from_json(data: Mapping[str, Any]) -> ExtractedDocument:
    """Rebuild a document.

    Raises
    ------
    KeyError, TypeError, ValueError
        The data are not from :func:`to_json`.
    """
    return ExtractedDocument(
        media_type=data["media_type"],
        extractor=data["extractor"],
        blocks=tuple(_block_from_json(block) for block in data["blocks"]),
        exclusions=tuple(
            Exclusion(text, ExclusionReason(reason), SourceLocation.from_json(location))
            for text, reason, location in data["exclusions"]
        ),
        pages=data["pages"],
        unread_pages=tuple(data["unread_pages"]),
        warnings=tuple(data["warnings"]),
        metadata=_pairs(data["metadata"]),
        members=tuple(
            Member(name, step, size, sha256, None if refusal is None else (refusal[0], refusal[1]))
            for name, step, size, sha256, refusal in data["members"]
        ),
    )


def error_to_json(error: ExtractionError) -> dict[str, str]:
    """Return an error's stable code and its message."""
    return {"code": error.code, "message": str(error)}


def error_from_json(data: Mapping[str, str]) -> ExtractionError:
    """Rebuild an error as the subclass with that code; a plain ExtractionError for an unknown code."""
    classes = {cls.code: cls for cls in _subclasses(ExtractionError)}
    return classes.get(data["code"], ExtractionError)(data["message"])


def _subclasses(cls: type[ExtractionError]) -> Iterator[type[ExtractionError]]:
    for child in cls.__subclasses__():
        yield from _subclasses(child)
    yield cls


def _block_to_json(block: Block) -> dict[str, Any]:
    return {
        "text": block.text,
        "kind": block.kind.value,
        "location": block.location.to_json(),
        "heading_path": list(block.heading_path),
        "level": block.level,
        "context": block.context,
        "attributes": [list(pair) for pair in block.attributes],
    }


def _block_from_json(data: Mapping[str, Any]) -> Block:
    return Block(
        text=data["text"],
        kind=BlockKind(data["kind"]),
        location=SourceLocation.from_json(data["location"]),
        heading_path=tuple(data["heading_path"]),
        level=data["level"],
        context=data["context"],
        attributes=_pairs(data["attributes"]),
    )


def _pairs(data: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in data)
