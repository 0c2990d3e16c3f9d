"""A project or codebook file, opened with suspicion: it comes from another program and another person.

A ``.qdpx`` is a ZIP of which only ``project.qde`` and text files are ever unpacked, in memory and counted;
pictures, recordings and the like are not touched. XML is read without entities, document types or network.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, cast

from lxml import etree

from evidence_mapper.errors import DamagedFile, EmptyFile, LimitExceeded, UnsupportedFormat
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.vocabulary import Element

_PROLOGUE: Final = 1 << 16
_MEMBERS: Final = 50_000
"""Most files inside: only those that are needed are unpacked."""
_XML: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")
_SECTIONS: Final = frozenset(
    ("Users", "CodeBook", "Codes", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs")
)
_AGAIN: Final = "Export it once more from the program it came from, and import that"


class RefiPackage:
    """An open ``.qdpx`` or ``.qdc`` file; see :func:`open_refi`."""

    def __init__(self, path: Path, limits: Limits, archive: _Package | None) -> None:
        self.path = path
        self._limits = limits
        self._archive = archive
        names = archive.names() if archive is not None else ()
        self._members = {known.replace("\\", "/").casefold(): known for known in names}

    @property
    def is_codebook(self) -> bool:
        """Whether it is a codebook: no sources, no codings."""
        return self._archive is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._archive is not None:
            self._archive.__exit__(None, None, None)

    def member(self, name: str) -> bytes | None:
        """Return a file of the folder ``sources``, whatever the case of its name; None when it is not there.

        Raises
        ------
        DamagedFile, LimitExceeded, EncryptedFile
            It does not unpack, or to too much.
        """
        if self._archive is None:
            return None
        wanted = name.replace("\\", "/").removeprefix("./").casefold()
        found = self._members.get(f"sources/{wanted}") or self._members.get(wanted)
        return None if found is None else self._archive.read(found)

    def parts(self) -> Iterator[tuple[str, Element]]:
        """Yield ("", root element without content) and then (section, element) for each thing in a section.

        An element is emptied when the next one is asked for, so that a project of any size fits.

        Raises
        ------
        DamagedFile
            Not well-formed XML, or with a document type declaration.
        UnsupportedFormat
            Well-formed, but neither a project nor a codebook.
        LimitExceeded
            Too large.
        """
        if self._archive is None:
            with self.path.open("rb") as stream:
                yield from _events(
                    self.path.name, cast("IO[bytes]", _Capped(stream, self.path, self._limits))
                )
            return
        with self._archive.open(self._archive.project_part()) as member:
            yield from _events(self.path.name, cast("IO[bytes]", member))


def open_refi(path: Path, limits: Limits) -> RefiPackage:
    """Open a project or codebook; what it is goes by its content, not its name.

    Raises
    ------
    UnsupportedFormat
        Neither a ZIP with a project in it nor XML.
    EmptyFile
        No bytes.
    DamagedFile, LimitExceeded, EncryptedFile
        It cannot be read safely; the message says why.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(64)
    except OSError as error:
        raise UnsupportedFormat(
            f"{path} cannot be opened: {error.strerror or error}; name a .qdpx or .qdc file"
        ) from error
    if not head:
        raise EmptyFile(f"{path.name}: no bytes in it. {_AGAIN}.")
    if head.startswith(b"PK"):
        archive = _Package(path, limits)
        try:
            archive.project_part()
        except BaseException:
            archive.__exit__(None, None, None)
            raise
        return RefiPackage(path, limits, archive)
    if head.lstrip().startswith(_XML):
        return RefiPackage(path, limits, None)
    raise UnsupportedFormat(
        f"{path.name}: neither a REFI-QDA project (.qdpx) nor a codebook (.qdc). In NVivo, ATLAS.ti, MAXQDA "
        "or QualCoder choose the export named REFI-QDA, and import the file it makes"
    )


class _Package(Archive):
    """The ZIP of a project: sizes matter only of what is read."""

    def damaged(self, what: str) -> DamagedFile:
        """Return the error for this file."""
        return DamagedFile(f"{self.name}: {what}. {_AGAIN}.")

    def project_part(self) -> str:
        """Return the name of the member that holds the XML."""
        parts = sorted(name for name in self.names() if name.casefold().endswith(".qde"))
        exact = [name for name in parts if name.casefold() == "project.qde"]
        if len(exact) == 1 or len(parts) == 1:
            return (exact or parts)[0]
        held = f"holds {', '.join(parts[:5])}, and it is not clear which is the project" if parts else ""
        raise UnsupportedFormat(
            f"{self.name}: {held or 'a ZIP without project.qde in it, so not a REFI-QDA project'}. {_AGAIN}."
        )

    def _check(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > _MEMBERS:
            raise LimitExceeded(
                f"{self.name}: {len(infos):,} files inside, over the limit of {_MEMBERS:,}. It was not read: "
                "export fewer sources at a time."
            )
        if len({info.filename.casefold() for info in infos}) != len(infos):
            raise self.damaged("two files inside have the same name")
        for info in infos:
            if info.filename.casefold().endswith((".qde", ".txt")):
                self._check_member(info)
            else:
                self._check_name(info)

    def _check_name(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            raise self.damaged(f"the part name '{info.filename}' points outside the package")


class _Capped:
    """A file on disk, read up to a limit."""

    def __init__(self, stream: IO[bytes], path: Path, limits: Limits) -> None:
        self._stream, self._path, self._left = stream, path, limits.zip_member_bytes
        self._limit = limits.zip_member_bytes

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise LimitExceeded(f"{self._path.name}: over {self._limit / 2**20:.0f} MB. It was not read.")
        return piece


class _Peeked:
    """A stream of which the beginning has been read."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        if self._head:
            size = size if size > 0 else len(self._head)
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self._rest.read(size if size > 0 else _PROLOGUE)


def _events(name: str, stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    head = b""
    while len(head) < _PROLOGUE and (piece := stream.read(_PROLOGUE)):
        head += piece
    if b"<!DOCTYPE" in head.replace(b"\0", b""):
        raise _doctype(name)
    events = etree.iterparse(
        cast("IO[bytes]", _Peeked(head, stream)),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _sections(name, events)
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"{name}: its XML is not valid ({error}). {_AGAIN}.") from error


def _sections(name: str, events: Iterator[tuple[str, Element]]) -> Iterator[tuple[str, Element]]:
    path: list[str] = []
    for event, element in events:
        local = local_name(element)
        if event == "start":
            if not path:
                _check_root(name, element)
                yield "", element
            path.append(local)
            continue
        path.pop()
        section = path[-1] if path else ""
        if section in _SECTIONS and _depth(path) and local not in _SECTIONS:
            yield section, element
            element.clear()
            while (before := element.getprevious()) is not None:
                element.getparent().remove(before)  # type: ignore[union-attr]  # it has a sibling


def _depth(path: list[str]) -> bool:
    """Return whether a section stands where a section stands, and not within something else."""
    return path[1:] in (path[-1:], ["CodeBook", "Codes"])


def _check_root(name: str, root: Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(name)
    if local_name(root) not in ("Project", "CodeBook"):
        raise UnsupportedFormat(
            f"{name}: XML of another kind (its root is '{local_name(root)}'), not a REFI-QDA project or "
            "codebook. Choose the export named REFI-QDA in the program it came from"
        )


def _doctype(name: str) -> DamagedFile:
    return DamagedFile(f"{name}: it has a document type declaration, which is refused. {_AGAIN}.")


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace: some writers leave it out."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
