"""The columns of an export, the same for every format.

Schema version 4. Cells are empty where a row has no such thing. Ids in one cell are separated by
``"; "``, headings by ``" > "``; JSON Lines has lists instead.

================== ==================================================================================
Column             What it holds
================== ==================================================================================
status             ``confirmed`` (a person's coding) or ``suggested`` (the machine's, not confirmed)
statement_ids      accepted statements; of a suggested row, the suggested ones
statement_titles   their titles, in the same order
topic_ids          topics
i_statement_ids    I statements
evidence_category  id of the evidence category
polarity           ``strength``, ``concern``, ``mixed`` or ``neutral``
quote              the passage, verbatim but for pseudonyms where ``redacted``
quote_context      words needed to understand the quote that are not part of it: a survey question
heading_path       headings above the passage, outermost first
document           name of the document
location           place in the original file, for a person: ``p. 4``
page               one-based page the passage starts on
page_end           last page, where the passage runs over a page break
sheet              worksheet
row                one-based row of a worksheet, CSV file or table
column             column letter of a worksheet, column name of a CSV file
paragraph          one-based paragraph
span_start         first code point of the passage in the revision's text, zero-based
span_end           code point after the last one
passage_id         id of the passage
document_id        id of the document
revision_id        id of the reading of the document that the span counts in
file_sha256        hash of the original file
source_type        kind of paper the document is
probability        of the first suggested statement, in [0, 1], four decimals; suggested rows only
coder              who confirmed; confirmed rows only
decided_at         when, UTC, ISO 8601; confirmed rows only
note               the coder's note
run_id             suggestion run the coder looked at, or that made the suggestion
framework          ``id@version``
superseded         ``yes`` when the document has been replaced by a newer version since; else empty
withdrawn          ``yes`` when a person said that the document must not count; else empty
carried_from       passage of the version before that the coder decided on, where the decision came along
also_in            other documents that say the same words
redacted           ``yes`` when names in the words are replaced by pseudonyms; else empty
schema_version     version of these columns
================== ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import ExportError
from evidence_mapper.export.base import Cell, ExportContext

SCHEMA_VERSION: Final = 4
"""Raised whenever a column is added, taken away, renamed or given another meaning."""

CONFIRMED: Final = "confirmed"
SUGGESTED: Final = "suggested"

_COLUMNS: Final[tuple[tuple[str, Callable[[EvidenceRow, ExportContext], Cell]], ...]] = (
    ("status", lambda r, _: r.status),
    ("statement_ids", lambda r, _: _listed(r.statements)),
    ("statement_titles", lambda r, c: _listed(titles(r, c))),
    ("topic_ids", lambda r, _: _listed(r.topics)),
    ("i_statement_ids", lambda r, _: _listed(r.i_statements)),
    ("evidence_category", lambda r, _: r.evidence_category),
    ("polarity", lambda r, _: r.polarity),
    ("quote", lambda r, _: r.passage.text),
    ("quote_context", lambda r, _: r.passage.context),
    ("heading_path", lambda r, _: " > ".join(r.passage.heading_path)),
    ("document", lambda r, _: r.document.name),
    ("location", lambda r, _: r.passage.location.label()),
    ("page", lambda r, _: r.passage.location.page),
    ("page_end", lambda r, _: r.passage.location.page_end),
    ("sheet", lambda r, _: r.passage.location.sheet),
    ("row", lambda r, _: r.passage.location.row),
    ("column", lambda r, _: r.passage.location.column),
    ("paragraph", lambda r, _: r.passage.location.paragraph),
    ("span_start", lambda r, _: r.passage.span.start),
    ("span_end", lambda r, _: r.passage.span.end),
    ("passage_id", lambda r, _: r.passage.id),
    ("document_id", lambda r, _: r.passage.document_id),
    ("revision_id", lambda r, _: r.passage.revision_id),
    ("file_sha256", lambda r, _: r.document.file_sha256),
    ("source_type", lambda r, _: r.document.source_type.value),
    ("probability", lambda r, _: probability(r)),
    ("coder", lambda r, _: r.coder),
    ("decided_at", lambda r, _: r.decided_at),
    ("note", lambda r, _: r.note),
    ("run_id", lambda r, _: r.run_id),
    ("framework", lambda r, _: r.framework),
    ("superseded", lambda r, _: "yes" if r.superseded else None),
    ("withdrawn", lambda r, _: "yes" if r.withdrawn else None),
    ("carried_from", lambda r, _: r.carried_from),
    ("also_in", lambda r, _: _listed(r.also_in)),
    ("redacted", lambda r, _: "yes" if r.redacted else None),
    ("schema_version", lambda _, __: SCHEMA_VERSION),
)

NAMES: Final = tuple(name for name, _ in _COLUMNS)


def cells(row: EvidenceRow, context: ExportContext) -> tuple[Cell, ...]:
    """Return a row's cells in the order of :data:`NAMES`; text is verbatim, None for an empty cell.

    Raises
    ------
    ExportError
        See :func:`check`.
    """
    check(row)
    return tuple(value(row, context) for _, value in _COLUMNS)


def check(row: EvidenceRow) -> None:
    """Refuse a row that could be taken for the other kind.

    Raises
    ------
    ExportError
        The status is neither ``confirmed`` nor ``suggested``; a confirmed row has no coder or no time,
        or a probability; a suggested row has a coder or a time.
    """
    person = row.coder is not None and row.decided_at is not None
    if row.status == CONFIRMED and person and row.probability is None:
        return
    if row.status == SUGGESTED and row.coder is None and row.decided_at is None:
        return
    raise ExportError(
        f"passage {row.passage.id} of {row.document.name}: the row is neither a person's coding nor a "
        f"suggestion (status {row.status!r}, coder {row.coder!r}, decided at {row.decided_at!r}, "
        f"probability {row.probability!r}). Nothing was exported; check the project with: "
        "evidence-mapper db verify"
    )


def titles(row: EvidenceRow, context: ExportContext) -> tuple[str, ...]:
    """Return the titles of a row's statements; an id without a title stands for itself."""
    return tuple(context.titles.get(code, code) for code in row.statements)


def probability(row: EvidenceRow) -> float | None:
    """Return the probability to four decimals; None for confirmed rows."""
    return None if row.probability is None else round(float(row.probability), 4)


def _listed(values: tuple[str, ...]) -> str:
    return "; ".join(values)
