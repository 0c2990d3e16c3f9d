"""What a key keeps of an export whose names were replaced, so that they can be put back into it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Span
from evidence_mapper.errors import UsageError
from evidence_mapper.redact.mapping import restore
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.redaction_key import KeptFile, KeptText

EXPORT: Final = "export"
"""Form of a text file that was exported."""
PACKED: Final = "packed export"
"""Form of an exported workbook or Word file: one text for each member of the package, in order."""
_TEXTS: Final = frozenset({".csv", ".jsonl", ".md", ".html", ".htm"})
_PACKAGES: Final = frozenset({".xlsx", ".docx"})
_MARKUP: Final = re.compile("<[^>]*>?[^<]*|^[^<]+")
"""A piece of XML: a tag with the text after it, never empty."""


def can_reverse(path: Path) -> bool:
    """Return whether names can be put back into an export of this ending."""
    return path.suffix.lower() in _TEXTS | _PACKAGES


def kept_export(path: Path, as_written: Path, project_id: str) -> KeptFile:
    """Return what a key keeps of an export.

    Parameters
    ----------
    path
        The export, with names replaced.
    as_written
        The same export with the names in it.
    project_id
        The project it is of: its history says when names are put back.
    """
    if path.suffix.lower() in _PACKAGES:
        given, wanted = _members(path), _members(as_written)
        if list(given) != list(wanted):
            raise UsageError(f"{path.name} has other parts with names than without; leave out --key")
        texts = [_kept(given[name], wanted[name], by_line=False) for name in given]
        return KeptFile(path.name, path.name, PACKED, "utf-8", tuple(texts), project_id)
    texts = [_kept(path.read_bytes(), as_written.read_bytes(), by_line=True)]
    return KeptFile(path.name, path.name, EXPORT, "utf-8", tuple(texts), project_id)


def restored_export(data: bytes, kept: KeptFile) -> bytes:
    """Return an export with its names back in it.

    Raises
    ------
    ValueError
        It was changed since.
    """
    if kept.form == EXPORT:
        return _back(data, kept.texts[0])
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(target, "w") as out:
            for entry, text in zip(package.infolist(), kept.texts, strict=True):
                member = _back(package.read(entry), text)
                fresh = zipfile.ZipInfo(entry.filename, entry.date_time)
                fresh.compress_type = zipfile.ZIP_DEFLATED
                fresh.external_attr, fresh.create_system = entry.external_attr, entry.create_system
                out.writestr(fresh, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"it is no package any more: {error}") from error
    return target.getvalue()


def _back(data: bytes, kept: KeptText) -> bytes:
    text = data.decode("utf-8")
    if sha256_text(text) != kept.sha256:
        raise ValueError("it was changed after redaction")
    return restore(text, kept.words).encode("utf-8")


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def _kept(given: bytes, wanted: bytes, *, by_line: bool) -> KeptText:
    text, original = given.decode("utf-8"), wanted.decode("utf-8")
    cut = _lines if by_line else _marks
    words = tuple(_differences(list(cut(text)), list(cut(original))))
    kept = KeptText(sha256_text(text), words)
    if restore(text, words) != original:
        raise UsageError("what stands behind the pseudonyms could not be told apart; leave out --key")
    return kept


def _lines(text: str) -> Iterator[str]:
    yield from text.splitlines(keepends=True)


def _marks(text: str) -> Iterator[str]:
    yield from _MARKUP.findall(text)


def _differences(given: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[Span, str]]:
    """Yield the spans of the given text that differ, each with what stands there instead.

    Both are cut alike. Where one has more pieces than the other, all from the first to the last piece that
    differs is one difference.
    """
    if len(given) != len(wanted):
        head = _alike(given, wanted)
        tail = _alike(given[head:][::-1], wanted[head:][::-1])
        if head + tail == len(given) and head:
            head -= 1
        elif head + tail == len(given):
            tail -= 1
        at = sum(map(len, given[:head]))
        part = "".join(given[head : len(given) - tail])
        yield Span(at, at + len(part)), "".join(wanted[head : len(wanted) - tail])
        return
    at = 0
    for ours, theirs in zip(given, wanted, strict=True):
        if ours != theirs:
            head = _alike(ours, theirs)
            tail = _alike(ours[head:][::-1], theirs[head:][::-1])
            yield _spanned(ours, theirs, at, (head, tail))
        at += len(ours)


def _spanned(ours: str, theirs: str, at: int, alike: tuple[int, int]) -> tuple[Span, str]:
    """Return the part of a piece that differs: a span of one character at least, as a span must be."""
    head, tail = alike
    if head + tail == len(ours):
        # Something was only added: take a character along that both have.
        head, tail = (head - 1, tail) if head else (head, tail - 1)
    return Span(at + head, at + len(ours) - tail), theirs[head : len(theirs) - tail]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many pieces are the same from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def record_reverse(project: Project, kept: KeptFile, target: Path, coder: str) -> str:
    """Record that names were put back into an export; return why that must not be, or nothing.

    Parameters
    ----------
    project
        The project it should be of.
    kept
        What the key keeps of it.
    target
        Where it goes.
    coder
        Who asks for names.
    """
    own = project.store.info.id
    if kept.project != own:
        return f"it is of the project {kept.project}, and --project names {own}; name the project it is of"
    project.store.append_event(
        coder=coder,
        action=EventAction.RELEASED,
        subject=own,
        at=utc_now(),
        payload={
            "words": f"put names back into {kept.source}",
            "file": target.name,
            "format": target.suffix.lower().removeprefix("."),
        },
    )
    return ""
