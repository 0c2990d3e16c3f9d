"""What this machine has of what the program needs, and what can be done about the rest."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from evidence_mapper import __version__
from evidence_mapper.errors import EvidenceMapperError

_PACKAGE: Final = "evidence-mapper"
_PYTHON: Final = ((3, 11), (3, 14))
_ENOUGH_MEMORY: Final = 4 * 1024**3
_ENOUGH_DISK: Final = 1024**3
_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")


class State(StrEnum):
    """How one thing stands."""

    OK = "ok"
    MISSING = "missing"
    """Not here, or too little of it; the program runs without."""
    BROKEN = "broken"
    """Needed, and not fit for use."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    """Version, size or place; what is wrong otherwise."""
    cost: str = ""
    """What cannot be done without it; empty when it is ok."""
    remedy: str = ""
    """How to get it; empty when it is ok."""


def examine(project: Path | None = None) -> list[Check]:
    """Look at the machine and, when one is named, at a project file.

    Parameters
    ----------
    project
        A project file; None looks at none.
    """
    checks = [_python(), *_packages(), *_models(), _tesseract(), _libreoffice(), _memory(), _disk(project)]
    return [*checks, *([_project(project)] if project is not None else [])]


def is_fit(checks: list[Check]) -> bool:
    """Return whether nothing that is needed is broken."""
    return all(check.state is not State.BROKEN for check in checks)


def _python() -> Check:
    found = f"{platform.python_version()} on {platform.system()} {platform.release()}, {platform.machine()}"
    if _PYTHON[0] <= sys.version_info[:2] < _PYTHON[1]:
        return Check("Python", State.OK, found)
    return Check(
        "Python",
        State.BROKEN,
        found,
        "the program is tested on Python 3.11 to 3.13 only",
        "install Python 3.13 and evidence-mapper again",
    )


def _packages() -> Iterator[Check]:
    try:
        wanted = importlib.metadata.requires(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        yield _reinstall(_PACKAGE, "runs from a folder, not installed")
        return
    yield Check(_PACKAGE, State.OK, __version__)
    for line in wanted:
        name = _NAME.match(line)
        if name is None or "extra ==" in line:
            continue
        try:
            yield Check(name.group(), State.OK, importlib.metadata.version(name.group()))
        except importlib.metadata.PackageNotFoundError:
            yield _reinstall(name.group(), "not installed")


def _reinstall(name: str, found: str) -> Check:
    return Check(
        name,
        State.BROKEN,
        found,
        "the commands that need it stop",
        "install evidence-mapper again from its wheel, with: python -m pip install --force-reinstall",
    )


def _models() -> Iterator[Check]:
    """Check the hash of every file of every model."""
    from evidence_mapper.classify import artefact

    try:
        names = artefact.available()
    except EvidenceMapperError as error:
        yield Check(
            "models", State.BROKEN, str(error), "nothing can be suggested", "reinstall evidence-mapper"
        )
        return
    for name in names:
        try:
            model = artefact.load_artefact(artefact.models_folder() / name)
        except EvidenceMapperError as error:
            yield Check(
                f"model {name}", State.BROKEN, str(error), "it suggests nothing", "reinstall evidence-mapper"
            )
        else:
            yield Check(f"model {name}", State.OK, f"{model.name}, every file's hash is right")


def _tesseract() -> Check:
    from evidence_mapper.extract.ocr import INSTALL_HINT, find_tesseract

    found = find_tesseract()
    cost = "scanned pages and pictures are listed, not read"
    if found is None:
        return Check("tesseract", State.MISSING, "not installed", cost, INSTALL_HINT)
    languages = ", ".join(found.languages) or "none"
    text = f"{found.version} at {found.path}; languages: {languages}"
    if not found.reads_english:
        return Check(
            "tesseract",
            State.MISSING,
            text,
            cost,
            "install its English data, eng.traineddata (Linux: sudo apt-get install tesseract-ocr-eng)",
        )
    if "osd" not in found.languages:
        return Check("tesseract", State.OK, f"{text}; without osd a page on its side takes longer")
    return Check("tesseract", State.OK, text)


def _libreoffice() -> Check:
    from evidence_mapper.extract.convert import find_soffice

    found = find_soffice()
    if found is not None:
        return Check("LibreOffice", State.OK, f"at {found}")
    return Check(
        "LibreOffice",
        State.MISSING,
        "not installed",
        "old Word and PowerPoint files (.doc, .ppt), rich text and WordPerfect are listed, not read",
        "ask your IT service for LibreOffice (Linux: sudo apt-get install libreoffice-core), or save such "
        "files as .docx or .pdf",
    )


def _memory() -> Check:
    total, free = _memory_bytes()
    if total is None:
        return Check("memory", State.OK, "the system does not say how much there is")
    shown = f"{total / 1024**3:.1f} GB" + (f", {free / 1024**3:.1f} GB free" if free is not None else "")
    if total >= _ENOUGH_MEMORY:
        return Check("memory", State.OK, shown)
    return Check(
        "memory", State.MISSING, shown, "two readers and the classifier are tight in it", "add --workers 1"
    )


def _memory_bytes() -> tuple[int | None, int | None]:
    """Return all memory and what is free, in bytes; None for what the system does not tell."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total = page * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None, None
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return total, None
    return total, free


def _windows_memory() -> tuple[int | None, int | None]:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "a", "b", "c", "d", "e")),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only Windows has it
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None, None
    return int(status.total), int(status.free)


def _disk(project: Path | None) -> Check:
    place = (project.parent if project is not None else Path()).resolve()
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Check(
            "disk",
            State.BROKEN,
            f"{place}: {error.strerror or error}",
            "no project there",
            "name another folder",
        )
    shown = f"{free / 1024**3:.1f} GB free at {place}"
    if free >= _ENOUGH_DISK:
        return Check("disk", State.OK, shown)
    return Check(
        "disk", State.MISSING, shown, "a large project may not fit", "make room, or use another disk"
    )


def _project(path: Path) -> Check:
    """Open the project and count; every hash is worked out by ``db verify`` only."""
    from evidence_mapper.workflow.project import open_project
    from evidence_mapper.workflow.readers import older_line, read_by_older

    try:
        with open_project(path) as project:
            documents, passages = len(project.store.documents()), project.store.passage_count()
            framework = f"{project.framework.id}@{project.framework.version}"
            older = len(read_by_older(project))
    except EvidenceMapperError as error:
        return Check("project", State.BROKEN, str(error), "it cannot be worked with", "see the message")
    found = f"{path}: {documents} documents, {passages} passages, framework {framework}"
    if older:
        found = f"{found}; {older_line(older)} --project {path}"
    return Check("project", State.OK, f"{found}; check its hashes with: evidence-mapper db verify")
