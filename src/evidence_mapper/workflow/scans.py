"""Scanned pages: what to say where they are not read, and which documents to read anew once they can be."""

from __future__ import annotations

from evidence_mapper.workflow.project import Project


def recognition_hint() -> str | None:
    """Return how to get text recognition; None where it is installed."""
    from evidence_mapper.extract.ocr import INSTALL_HINT, usable_tesseract

    return INSTALL_HINT if usable_tesseract() is None else None


def now_readable(project: Project) -> frozenset[str]:
    """Return the names of documents with pages that were not read for want of text recognition, now here."""
    from evidence_mapper.extract.ocr import INSTALL_HINT, usable_tesseract

    if usable_tesseract() is None:
        return frozenset()
    return frozenset(
        row.document.name
        for row in project.store.document_progress("")
        if any(INSTALL_HINT in warning for warning in row.warnings)
    )
