"""Where tesseract is, which version, and how it is started."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

LANGUAGE: Final = "eng"
VARIABLE: Final = "EVIDENCE_MAPPER_TESSERACT"
"""Environment variable: path of the tesseract program, or ``off`` to do without."""
INSTALL_HINT: Final = (
    "install tesseract and add the file again (Windows: ask your IT service for 'Tesseract OCR', or "
    "winget install UB-Mannheim.TesseractOCR; Linux: sudo apt-get install tesseract-ocr)"
)
"""How to get it, for the end of a message."""

_ASK_SECONDS: Final = 20.0
_VERSION: Final = re.compile(r"tesseract\s+v?(\d[\w.\-]*)")
_WINDOWS_FOLDERS: Final = (("PROGRAMFILES", "Tesseract-OCR"), ("LOCALAPPDATA", "Programs/Tesseract-OCR"))
"""Where its Windows installer puts it, without adding the folder to PATH."""


if sys.platform == "win32":
    _FLAGS: Final = subprocess.CREATE_NO_WINDOW
else:
    _FLAGS: Final = 0


@dataclass(frozen=True, slots=True)
class Tesseract:
    """An installed tesseract."""

    path: str
    version: str
    """Such as ``5.3.0``."""
    languages: tuple[str, ...]
    """Codes of its language data, such as ``eng``; ``osd`` tells which way up a page is."""

    @property
    def reads_english(self) -> bool:
        """Whether the language data that pages are read with is there."""
        return LANGUAGE in self.languages

    def run(self, arguments: list[str], picture: bytes, seconds: float) -> str | None:
        """Return what it prints for a picture; None when it fails or takes longer than ``seconds``."""
        command = [self.path, "stdin", "stdout", *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - a program found at a known place, no shell
                command,
                input=picture,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
                creationflags=_FLAGS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def find_tesseract() -> Tesseract | None:
    """Return the installed tesseract, whatever its languages; None when there is none that runs."""
    return _find(os.environ.get(VARIABLE))


def usable_tesseract() -> Tesseract | None:
    """Return tesseract when it is installed with the language data it needs."""
    tesseract = find_tesseract()
    return tesseract if tesseract is not None and tesseract.reads_english else None


@lru_cache(maxsize=4)
def _find(named: str | None) -> Tesseract | None:
    path = _path() if named is None else named
    if path is None or path.lower() == "off":
        return None
    version = _VERSION.search(_ask(path, "--version"))
    if version is None:
        return None
    languages = _ask(path, "--list-langs").split("\n")[1:]
    return Tesseract(path, version.group(1), tuple(name.strip() for name in languages if name.strip()))


def extractor_name(name: str, *, recognised: bool) -> str:
    """Return the reader's name, with tesseract's version where words of the document come from it."""
    tesseract = find_tesseract() if recognised else None
    return f"{name}+tesseract-{tesseract.version}" if tesseract else name


def _path() -> str | None:
    """Return the program's path, never one in the folder the person happens to work in."""
    here = Path.cwd()
    found = shutil.which("tesseract")
    if found and Path(found).resolve().parent != here:  # Windows looks in the current folder first
        return found
    for variable, folder in _WINDOWS_FOLDERS:
        base = os.environ.get(variable) if sys.platform == "win32" else None
        program = Path(base) / folder / "tesseract.exe" if base else None
        if program and program.is_file():
            return str(program)
    return None


def _ask(path: str, option: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a program found at a known place, no shell
            [path, option],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_ASK_SECONDS,
            creationflags=_FLAGS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
