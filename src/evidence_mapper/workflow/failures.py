"""A list of what was not read, for whoever is to see to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from evidence_mapper.workflow.ingest_report import IngestReport
from evidence_mapper.workflow.list_file import check_list_file, write_list_file

COLUMNS: Final = ("file", "kind", "reason", "what_to_do")
_ADVICE: Final = {
    "encrypted": "Ask the owner for a copy without a password, and add it.",
    "damaged": "Open it in its own program, save a new copy, and add that.",
    "empty": "Check that this is the right file, and copy it again if it is; there is no text in it.",
    "needs-ocr": "Scanned pages are read by tesseract: evidence-mapper doctor says whether it is here and "
    "how to get it; then add the file again. A picture of another kind: save it as PNG, and add that.",
    "unsupported": "Save it as .docx, .xlsx or .pdf, and add that. Old Office files are read where "
    "LibreOffice is installed: evidence-mapper doctor says whether it is.",
    "limit": "Split it into smaller files, or unpack it, and add those.",
    "changed": "Close it in other programs, and add it again.",
    "unreadable": "Check that the file is there and that you may open it, and add it again; evidence-mapper "
    "doctor looks at the program itself.",
    "no-such-column": "Name a column that the table has, or leave --comments out.",
    "own-export": "Nothing: this program wrote it from what is in the project.",
    "pages": "Scanned pages are read by tesseract: evidence-mapper doctor says whether it is here and how to "
    "get it; then add the file again.",
}
_OTHER: Final = "Read the reason, and add the file again."


def check_failures_file(path: Path) -> None:
    """Refuse a place where a list of failures cannot go, before any work is done.

    Raises
    ------
    UsageError
        A folder, a file that is something else, or no folder to put it in.
    """
    check_list_file(path, COLUMNS, what="a list of failures", example="failures.csv")


def write_failures(report: IngestReport, path: Path) -> int:
    """Write the list as CSV, replacing an earlier one; return the number of rows.

    One row a file that was not read, and one a document of which pages were not.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    return write_list_file(path, COLUMNS, _rows(report), overwrite=True)


def _rows(report: IngestReport) -> Iterator[tuple[str, str, str, str]]:
    for refusal in sorted(report.refused, key=lambda r: r.name):
        yield refusal.name, refusal.code, refusal.message, _ADVICE.get(refusal.code, _OTHER)
    for name, pages in sorted(report.partly_read):
        listed = ", ".join(str(page) for page in pages)
        yield name, "pages", f"no text on page {listed}; the rest was read", _ADVICE["pages"]
