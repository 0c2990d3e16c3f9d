"""What starting the terminal UI costs: only what it needs is imported."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy", "numpy", "sklearn", "spacy", "onnxruntime", "pdfplumber", "lxml", "click")


def _loaded(module: str, names: tuple[str, ...]) -> list[str]:
    code = f"import sys, {module}; print(*[n for n in {names!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_package_alone_imports_no_screen() -> None:
    assert _loaded("evidence_mapper.tui", ("textual", "rich", *HEAVY)) == []


def test_the_application_imports_nothing_heavy() -> None:
    assert _loaded("evidence_mapper.tui.app", ("textual", *HEAVY)) == ["textual"]


def test_windows_are_imported_when_they_open() -> None:
    later = ("matrix_screen", "documents_screen", "history_screen", "help_screen")
    assert _loaded("evidence_mapper.tui.app", tuple(f"evidence_mapper.tui.{name}" for name in later)) == []


def test_the_package_offers_the_application() -> None:
    import evidence_mapper.tui as tui

    assert tui.EvidenceMapperApp.TITLE == "Evidence Mapper"
