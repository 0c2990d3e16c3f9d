"""Read a file that lies inside others, without unpacking anything to disk."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.domain.ids import sha256_bytes
from evidence_mapper.errors import ExtractionError, FileChanged, NoSuchColumn
from evidence_mapper.extract import sniff
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.container.memory import MemoryPath


@dataclass(frozen=True, slots=True)
class Inside:
    """Where a member lies."""

    path: Path
    """The outermost container, on disk."""
    steps: tuple[int, ...]
    """The member's place in each container, outermost first; at least one."""
    inner: str
    """Path from the outermost container, with forward slashes."""
    sha256: str
    """Hash that the listing gave its bytes."""

    def __str__(self) -> str:
        """Return the place: the container's path and the path inside."""
        return f"{self.path}/{self.inner}"

    @property
    def name(self) -> str:
        """The member's own name."""
        return self.inner.rpartition("/")[2]


class Container(Protocol):
    """An open archive or message."""

    def read(self, step: int) -> tuple[str, bytes]:
        """Return the name and the bytes of a member; ExtractionError when it cannot be read."""

    def close(self) -> None:
        """Let go of the file."""


_Key = tuple[str, int, int, tuple[int, ...]]
_open: OrderedDict[_Key, Container] = OrderedDict()
_KEPT = 2
"""Containers kept open between members: parsing a message again for each attachment would take long."""


def read_inside(inside: Inside, limits: Limits) -> ExtractedDocument:
    """Read one member.

    Raises
    ------
    FileChanged
        Its bytes are not those that were listed.
    ExtractionError
        As for a file on disk.
    """
    from evidence_mapper.extract.registry import extract_file

    try:
        container = _container(inside.path, inside.steps[:-1], limits)
        name, data = container.read(inside.steps[-1])
    except (IndexError, OSError) as error:
        raise FileChanged(f"{inside.name}: the file it lies in was changed or moved; add it again") from error
    if sha256_bytes(data) != inside.sha256:
        raise FileChanged(f"{inside.name}: the file it lies in was changed while it was read; add it again")
    with _in_memory(name, data) as path:
        own = limits.comments.get(str(inside))
        chosen = tuple(own or limits.chosen(inside.path))
        try:
            return extract_file(path, replace(limits, comments={str(path): chosen} if chosen else {}))
        except NoSuchColumn:
            if own:
                raise
            # Named for the whole container: a table in it that has no such column is judged as ever.
            return extract_file(path, replace(limits, comments={}))


@contextmanager
def _in_memory(name: str, data: bytes) -> Iterator[MemoryPath]:
    path = MemoryPath.of(name.rpartition("/")[2], data)
    try:
        yield path
    finally:
        path.close()


def _container(path: Path, steps: tuple[int, ...], limits: Limits) -> Container:
    state = os.stat(path)  # noqa: PTH116 - one call for both figures
    key = (str(path), state.st_mtime_ns, state.st_size, steps)
    if key in _open:
        _open.move_to_end(key)
        return _open[key]
    if steps:
        name, data = _container(path, steps[:-1], limits).read(steps[-1])
        container = _opened(MemoryPath.of(name.rpartition("/")[2], data), limits)
    else:
        container = _opened(path, limits)
    _open[key] = container
    while len(_open) > _KEPT:
        _open.popitem(last=False)[1].close()
    return container


def _opened(path: Path, limits: Limits) -> Container:
    kind = sniff.sniff(path, limits)
    if kind == sniff.ZIP:
        from evidence_mapper.extract.container.zip_ import ZipContainer

        return ZipContainer(path, limits)
    if kind in (sniff.EML, sniff.MSG):
        from evidence_mapper.extract.mail import MailContainer

        return MailContainer(path, limits)
    raise ExtractionError(f"{path.name}: holds no other files")
