"""Old formats by way of LibreOffice, where it is installed: rich text, Word and PowerPoint 97-2003.

LibreOffice runs inside the worker's own folder and process group, with a profile of its own that
forbids macros, active content and links, and is killed with the worker.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import DamagedFile, EncryptedFile, LimitExceeded, UnsupportedFormat
from evidence_mapper.extract import sniff
from evidence_mapper.extract.base import Extractor, Limits
from evidence_mapper.extract.reading import read_file

VARIABLE: Final = "EVIDENCE_MAPPER_SOFFICE"
"""Environment variable: path of LibreOffice's ``soffice``, or ``off`` to do without."""
HINT: Final = (
    "LibreOffice reads it and is not installed: ask your IT service for LibreOffice (libreoffice.org), "
    f"or set {VARIABLE} to its soffice program"
)
_NAMES: Final = ("soffice", "libreoffice", "soffice.exe")
_USUAL: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
)
_ADVICE: Final = "Open it in its own program, save it as .docx or .pdf and add that."
_SETTINGS: Final = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "int", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "boolean", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "boolean", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "boolean", "true"),
    ("Office.Writer/Content/Update", "Link", "int", "2"),
    ("Office.Calc/Content/Update", "Link", "short", "2"),
    # A proxy where nothing listens: whatever a document asks for stays on this machine.
    ("Inet/Settings", "ooInetProxyType", "int", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "string", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "int", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "string", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "int", "9"),
    ("Inet/Settings", "ooInetFTPProxyName", "string", "127.0.0.1"),
    ("Inet/Settings", "ooInetFTPProxyPort", "int", "9"),
)
_MARGIN: Final = 5.0
"""Seconds before the worker's own deadline at which a conversion is given up."""


def find_soffice() -> Path | None:
    """Return LibreOffice's program; None when there is none, or it is switched off."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named.lower() != "off" and Path(named).is_file() else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    folders = [os.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")]
    usual = [*_USUAL, *(f"{folder}/LibreOffice/program/soffice.exe" for folder in folders if folder)]
    return next((Path(place) for place in usual if Path(place).is_file()), None)


class _ConvertedExtractor:
    """Reads what LibreOffice makes of a file."""

    kind = ""
    """Media type."""
    what = ""
    """Name of the format, for a person."""
    ending = ""
    """Ending LibreOffice expects."""
    target = "docx"

    @property
    def name(self) -> str:
        """Name and version of this reader; the reader of the converted file is added to it."""
        return f"libreoffice-{self.ending}/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`.

        Raises
        ------
        UnsupportedFormat
            LibreOffice is not installed.
        """
        soffice = find_soffice()
        if soffice is None:
            raise UnsupportedFormat(
                f"{path.name}: {self.what}. {HINT}; or save it as .docx or .pdf and add that."
            )
        data = read_file(path, limits)
        self.refuse_locked(path, data)
        with _converted(soffice, path.name, data, (self.ending, self.target), limits) as result:
            inner = reader(self.target)
            found = inner.extract(result, limits)
        note = f"read as LibreOffice converted it: places are those in the converted {self.target} document"
        return replace(
            found,
            media_type=self.kind,
            extractor=f"{self.name}+{inner.name}",
            warnings=(*found.warnings, note),
        )

    def refuse_locked(self, path: Path, data: bytes) -> None:
        """Raise EncryptedFile for a file that needs a password."""


class RtfExtractor(_ConvertedExtractor):
    """Reader of rich text."""

    kind, what, ending = sniff.RTF, "rich text (.rtf)", "rtf"


class WpdExtractor(_ConvertedExtractor):
    """Reader of WordPerfect documents."""

    kind, what, ending = sniff.WPD, "WordPerfect (.wpd)", "wpd"


class DocExtractor(_ConvertedExtractor):
    """Reader of Word 97-2003 documents."""

    kind, what, ending = sniff.DOC, "Word 97-2003 (.doc)", "doc"

    def refuse_locked(self, path: Path, data: bytes) -> None:
        """Raise EncryptedFile for a file that needs a password."""
        main = _stream(data, "WordDocument")
        if len(main) > 11 and main[11] & 0x01:
            raise _locked(path, "Word")


class PptExtractor(_ConvertedExtractor):
    """Reader of PowerPoint 97-2003 presentations."""

    kind, what, ending, target = sniff.PPT, "PowerPoint 97-2003 (.ppt)", "ppt", "pptx"

    def refuse_locked(self, path: Path, data: bytes) -> None:
        """Raise EncryptedFile for a file that needs a password."""
        if _stream(data, "EncryptedSummary") or b"\xdf\xc4\xd1\xf3" in _stream(data, "Current User"):
            raise _locked(path, "PowerPoint")


def reader(target: str) -> Extractor:
    """Return the reader of what a conversion makes."""
    from evidence_mapper.extract.registry import extractor_for

    return extractor_for({"docx": sniff.DOCX, "pptx": sniff.PPTX}[target])


def _locked(path: Path, program: str) -> EncryptedFile:
    return EncryptedFile(
        f"{path.name}: protected by a password. Open it in {program}, remove the password, save it and add "
        "it again."
    )


def _stream(data: bytes, name: str) -> bytes:
    import io

    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return bytes(ole.openstream(name).read(4096)) if ole.exists(name) else b""
    except (OSError, ValueError, IndexError, AttributeError):
        return b""  # LibreOffice may still read it, or refuses it with a reason


@contextmanager
def _converted(
    soffice: Path, name: str, data: bytes, kinds: tuple[str, str], limits: Limits
) -> Iterator[Path]:
    """Yield the converted file, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="convert-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        source = folder / f"in.{kinds[0]}"
        source.write_bytes(data)
        _run(soffice, name, source, kinds[1], limits)
        result = folder / "out" / f"in.{kinds[1]}"
        source.unlink()
        if not result.is_file() or not result.stat().st_size:
            raise DamagedFile(f"{name}: LibreOffice could not open it. {_ADVICE}")
        yield result


def _run(soffice: Path, name: str, source: Path, target: str, limits: Limits) -> None:
    profile = _profile()
    command = [str(soffice), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--invisible"]
    command += ["--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck"]
    command += ["--convert-to", target, "--outdir", str(source.parent / "out"), str(source)]
    process = subprocess.Popen(  # noqa: S603 - the program a person installed, on a file name of our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd=source.parent,
    )
    try:
        process.wait(max(limits.seconds - _MARGIN, limits.seconds / 2))
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(
            f"{name}: LibreOffice did not convert it within {limits.seconds:g} seconds. {_ADVICE}"
        ) from error
    finally:
        _end(process)


def _profile() -> Path:
    """Return a profile for this worker, made on first use and removed with its folder."""
    profile = _private_folder() / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        items = "".join(
            f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
            f"<value>{value}</value></prop></item>"
            for path, name, _, value in _SETTINGS
        )
        settings.write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
            f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n',
            encoding="utf-8",
        )
    return profile


def _environment() -> dict[str, str]:
    """Return the environment without a display, and with a proxy where nothing listens."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "SESSION_MANAGER"}}
    nowhere = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    return {**kept, **proxies, "no_proxy": "", "SAL_USE_VCLPLUGIN": "svp", "HOME": str(_private_folder())}


@cache
def _private_folder() -> Path:
    """Return this process's folder for what LibreOffice keeps; a worker's lies in the worker's own."""
    folder = tempfile.mkdtemp(prefix="office-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and the programs it started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        with suppress(OSError):
            subprocess.run(  # noqa: S603 - a program of Windows, on a number
                ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - found on every Windows
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
    else:
        # Its children share this worker's process group, which the parent ends: here, the tree by hand.
        for child in _children(process.pid):
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(2.0)


def _children(pid: int) -> list[int]:
    """Return the processes below one, where the system tells."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        direct = [int(number) for number in listed.read_text().split()]
    except (OSError, ValueError):
        return []
    return [*(grand for child in direct for grand in _children(child)), *direct]
