"""Content hashes with an algorithm tag, and identifiers derived from content."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Final

NAMESPACE: Final = uuid.UUID("6f0f2b1e-7a53-5a0e-9f5d-1d0b8f7f4a11")
"""Namespace of every uuid5 this package derives, so that two exports of one state agree."""

_CHUNK: Final = 1 << 20


def sha256_bytes(data: bytes) -> str:
    """Return ``"sha256:<hex>"`` of the bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return ``"sha256:<hex>"`` of the text in UTF-8; lone surrogates are kept as such."""
    return sha256_bytes(text.encode("utf-8", "surrogatepass"))


def sha256_file(path: Path) -> str:
    """Return ``"sha256:<hex>"`` of a file, read in pieces.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return "sha256:" + digest.hexdigest()


def derived_id(prefix: str, *parts: str) -> str:
    """Return ``"<prefix>-<16 hex digits>"``, the same for the same parts on every machine.

    The parts are joined with NUL, which cannot occur in cleaned text, so ("ab", "c") and
    ("a", "bc") differ.
    """
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}-{digest[:16]}"


def derived_guid(*parts: str) -> uuid.UUID:
    """Return a stable GUID for exchange formats that ask for one."""
    return uuid.uuid5(NAMESPACE, "\0".join(parts))
