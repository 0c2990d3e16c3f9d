"""What a reader of a workbook must know about it."""

from __future__ import annotations

from evidence_mapper.export.base import Cell, ExportContext, Table
from evidence_mapper.export.columns import SCHEMA_VERSION

_STATUS_CONFIRMED = "A person read the passage and accepted the statements; coder and time are in the row."
_STATUS_SUGGESTED = (
    "A program proposed the statements and nobody has decided yet: not evidence until a person confirms it."
)
_NO_RATING = "Nothing here is a rating or a score, and none is predicted."
_QUOTE = (
    "Quotes are verbatim. The span counts Unicode characters in the text read from the file that has the "
    "hash in file_sha256. What does not fit the quote cell (32,767 UTF-16 units) goes on in "
    "quote_continued: join the two."
)
_UNVERIFIED = "Parts marked unverified or conflicting are not official text word for word."


def about(context: ExportContext, confirmed: int, suggested: int) -> Table:
    """Return the About sheet: pairs of an item and its text."""
    rows: list[tuple[Cell, Cell]] = [
        ("Framework", context.framework_title),
        ("Framework id", context.framework_id),
        ("Framework version", context.framework_version),
        ("Copyright", context.copyright),
        ("Project", context.project_id),
        ("Project last changed at (UTC)", context.exported_at),
        ("Columns, version", SCHEMA_VERSION),
        ("Confirmed rows", confirmed),
        ("Suggested rows", suggested),
        ("Status confirmed", _STATUS_CONFIRMED),
        ("Status suggested", _STATUS_SUGGESTED),
        ("Ratings", _NO_RATING),
        ("Quotes", _QUOTE),
        *([("Names", context.privacy)] if context.privacy else []),
        ("Unverified", f"{_UNVERIFIED} {_standing(context)}"),
    ]
    rows += [("Unverified", line) for line in context.unverified or ()]
    return Table(("item", "text"), rows)


def _standing(context: ExportContext) -> str:
    if context.unverified is None:
        return f"To list them: evidence-mapper framework show {context.framework_id}"
    marked = len(context.unverified)
    return "This framework has none." if marked == 0 else f"This framework has {marked}, listed below."
