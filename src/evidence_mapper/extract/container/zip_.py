"""ZIP archives of documents: each member is a document of its own."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import ExtractedDocument, Member
from evidence_mapper.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    ExtractionError,
    LimitExceeded,
    UnsupportedFormat,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.container.names import safe_names

ZIP: Final = "application/zip"

_PIECE: Final = 1 << 18
_RATIO_FROM: Final = 10 * 1024 * 1024
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


class ZipExtractor:
    """Lists an archive; its members are read one by one afterwards."""

    name = "zip/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Return the members; see :class:`evidence_mapper.extract.base.Extractor`."""
        container = ZipContainer(path, limits)
        try:
            return ExtractedDocument(ZIP, self.name, (), members=container.members())
        finally:
            container.close()


class ZipContainer:
    """An open archive. Sizes it states are not believed: bytes are counted as they are unpacked.

    Raises
    ------
    DamagedFile
        Not a ZIP, or cut off.
    EmptyFile
        No members.
    LimitExceeded
        More members than ``limits.container_members``.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._name = path.name
        self._limits = limits
        self._stream = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._stream)
            self._infos = [info for info in self._zip.infolist() if not info.is_dir()]
            self._check_count()
        except _BROKEN as error:
            self._stream.close()
            raise DamagedFile(
                f"{path.name}: not a complete ZIP archive ({error}). Make it again, or add the files inside."
            ) from error
        except ExtractionError:
            self._stream.close()
            raise
        self._names = safe_names(info.filename for info in self._infos)

    def close(self) -> None:
        """Close the archive's file."""
        self._zip.close()
        self._stream.close()

    def members(self) -> tuple[Member, ...]:
        """Return all members with their hashes, those that cannot be read with the reason.

        Raises
        ------
        LimitExceeded
            They unpack to more than ``limits.container_bytes`` together.
        """
        total = 0
        found = []
        for step, name in enumerate(self._names):
            digest, size = hashlib.sha256(), 0
            try:
                for piece in self._pieces(step):
                    digest.update(piece)
                    size += len(piece)
                    if total + size > self._limits.container_bytes:
                        break
            except ExtractionError as error:
                found.append(Member(name, step, 0, None, (error.code, str(error))))
                total += size
                continue
            total += size
            if total > self._limits.container_bytes:
                raise LimitExceeded(
                    f"{self._name}: unpacks to more than {self._limits.container_bytes / 2**20:,.0f} MB. "
                    "Nothing in it was read: unpack it and add the files you need."
                )
            found.append(Member(name, step, size, f"sha256:{digest.hexdigest()}"))
        return tuple(found)

    def read(self, step: int) -> tuple[str, bytes]:
        """Return the name and the bytes of a member.

        Raises
        ------
        ExtractionError
            It cannot be read; the subclass says why.
        """
        return self._names[step], b"".join(self._pieces(step))

    def _pieces(self, step: int) -> Iterator[bytes]:
        info = self._infos[step]
        name = self._names[step]
        self._check(name, info)
        size = 0
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    self._check_size(name, size, info.compress_size)
                    yield piece
        except (RuntimeError, NotImplementedError) as error:  # both a password and an unknown method
            raise UnsupportedFormat(f"{name}: cannot be unpacked here ({error}). {_ADVICE}") from error
        except _BROKEN as error:
            raise DamagedFile(f"{name}: does not unpack ({error}). {_ADVICE}") from error

    def _check_count(self) -> None:
        if not self._infos:
            raise EmptyFile(f"{self._name}: the archive is empty.")
        if len(self._infos) > self._limits.container_members:
            raise LimitExceeded(
                f"{self._name}: {len(self._infos):,} files inside, over the limit of "
                f"{self._limits.container_members:,}. Unpack it and add the folder."
            )

    def _check(self, name: str, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & 0x1:
            raise EncryptedFile(f"{name}: protected by the archive's password. {_ADVICE}")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnsupportedFormat(f"{name}: a link to another file. {_ADVICE}")
        self._check_size(name, info.file_size, info.compress_size)

    def _check_size(self, name: str, size: int, packed: int) -> None:
        if size > self._limits.file_bytes:
            raise LimitExceeded(
                f"{name}: over the limit of {self._limits.file_bytes / 2**20:.0f} MB. Split it and add the "
                "parts."
            )
        if size > _RATIO_FROM and size > self._limits.zip_ratio * max(packed, 1):
            raise LimitExceeded(
                f"{name}: packed more than {self._limits.zip_ratio} to 1, tighter than documents are. "
                f"{_ADVICE}"
            )


_ADVICE: Final = "Unpack the archive yourself and add that file."
