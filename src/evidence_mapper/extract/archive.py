"""A ZIP file that is checked before and counted while it is read."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from lxml import etree

from evidence_mapper.errors import DamagedFile, EncryptedFile, LimitExceeded
from evidence_mapper.extract.base import Limits

_RATIO_FROM: Final = 10 * 1024 * 1024
_PIECE: Final = 1 << 16
_PROLOGUE: Final = 1 << 16
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


class Archive:
    """The parts of an Office package.

    The central directory is checked on opening. Since its sizes can lie, bytes are also counted as
    they are unpacked, per member and in total.

    Raises
    ------
    DamagedFile
        Not a ZIP, truncated, or with member names that are absolute, climb out or repeat.
    EncryptedFile
        A member needs a password.
    LimitExceeded
        Too many members, too large, or packed too tightly to be a document.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self._limits = limits
        self._unpacked = 0
        self._stream = path.open("rb")  # opened here: a member of an archive has no place on disk
        try:
            self._zip = zipfile.ZipFile(self._stream)
            self._check()
        except _BROKEN as error:
            self._stream.close()
            raise self.damaged(f"not a complete ZIP package ({error})") from error
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._stream.close()

    def __contains__(self, member: str) -> bool:
        return member in self.names()

    def names(self) -> frozenset[str]:
        """Return the members' names."""
        return frozenset(self._zip.NameToInfo)

    def damaged(self, what: str) -> DamagedFile:
        """Return the error for this file."""
        return DamagedFile(f"{self.name}: {what}. Open it in Office, save a new copy and add that.")

    def read(self, member: str) -> bytes:
        """Return a member's bytes.

        Raises
        ------
        DamagedFile
            No such member, or it does not unpack.
        LimitExceeded
            It unpacks to more than the cap.
        """
        with self.open(member) as stream:
            pieces = []
            while piece := stream.read(_PIECE):
                pieces.append(piece)
        return b"".join(pieces)

    def open(self, member: str) -> CountedStream:
        """Return a member as a stream that stops at the cap; same errors as :meth:`read`."""
        try:
            return CountedStream(self, self._zip.open(member))
        except KeyError as error:
            raise self.damaged(f"the part '{member}' is missing") from error
        except RuntimeError as error:
            raise self._locked() from error
        except _BROKEN as error:
            raise self.damaged(f"the part '{member}' cannot be unpacked ({error})") from error

    def xml(self, member: str) -> etree._Element:
        """Return a member's root element, without entities, DTD or network.

        Raises
        ------
        DamagedFile
            Not well-formed, or with a document type declaration, which Office never writes.
        """
        data = self.read(member)
        self.refuse_doctype(member, data[:_PROLOGUE])
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(f"the part '{member}' is not valid XML ({error})") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._doctype(member)
        return root

    def refuse_doctype(self, member: str, prologue: bytes) -> None:
        """Raise DamagedFile when the first bytes of a part declare a document type."""
        if b"<!DOCTYPE" in prologue.replace(b"\0", b""):
            raise self._doctype(member)

    def count(self, amount: int, member_total: int) -> None:
        """Add unpacked bytes; raise LimitExceeded past a cap."""
        self._unpacked += amount
        if member_total > self._limits.zip_member_bytes or self._unpacked > self._limits.zip_total_bytes:
            raise self._too_large("unpacks to more than")

    def _doctype(self, member: str) -> DamagedFile:
        return self.damaged(f"the part '{member}' has a document type declaration, which is refused")

    def _locked(self) -> EncryptedFile:
        return EncryptedFile(f"{self.name}: protected by a password. Remove the password and add it again.")

    def _too_large(self, what: str) -> LimitExceeded:
        limit = self._limits.zip_member_bytes / 2**20
        return LimitExceeded(f"{self.name}: {what} {limit:.0f} MB a part. It was not read.")

    def _check(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > self._limits.zip_members:
            raise LimitExceeded(
                f"{self.name}: {len(infos)} parts inside, over the limit of {self._limits.zip_members}. "
                "It was not read."
            )
        if len({info.filename for info in infos}) != len(infos):
            raise self.damaged("two parts have the same name")
        for info in infos:
            self._check_member(info)
        if sum(info.file_size for info in infos) > self._limits.zip_total_bytes:
            raise self._too_large("unpacks in total to far more than")

    def _check_member(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            raise self.damaged(f"the part name '{info.filename}' points outside the package")
        if info.flag_bits & 0x1:
            raise self._locked()
        if info.file_size > self._limits.zip_member_bytes:
            raise self._too_large("unpacks to more than")
        packed = max(info.compress_size, 1)
        if info.file_size > _RATIO_FROM and info.file_size / packed > self._limits.zip_ratio:
            raise LimitExceeded(
                f"{self.name}: the part '{info.filename}' is packed {info.file_size // packed} to 1, "
                f"over the limit of {self._limits.zip_ratio} to 1. It was not read."
            )


class CountedStream:
    """A member being unpacked; reading past a cap raises LimitExceeded."""

    def __init__(self, archive: Archive, stream: IO[bytes]) -> None:
        self._archive = archive
        self._stream = stream
        self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def read(self, size: int = _PIECE) -> bytes:
        """Return up to ``size`` bytes, ``b""`` at the end."""
        try:
            piece = self._stream.read(size if size > 0 else _PIECE)
        except _BROKEN as error:
            raise self._archive.damaged(f"a part is cut off or does not unpack ({error})") from error
        self._total += len(piece)
        self._archive.count(len(piece), self._total)
        return piece
