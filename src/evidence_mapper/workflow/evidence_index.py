"""The evidence index: confirmed passages, documents, the matrix and the information return as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.export.base import Cell, Table
from evidence_mapper.workflow.confirmed import (
    ConfirmedPassage,
    Counts,
    check_unchanged,
    each_confirmed,
    state_figures,
    state_time,
)
from evidence_mapper.workflow.evidence_index_return import CANDIDATES, ReturnSheet
from evidence_mapper.workflow.evidence_index_tally import ALL, NONE, Tally
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note, to_count
from evidence_mapper.workflow.return_items import links
from evidence_mapper.workflow.self_assessment_gather import NO_CATEGORY

TITLE: Final = "Evidence index"
_EVIDENCE: Final = (
    "passage_id", "statement_titles", "evidence_category", "polarity", "quote", "quote_continued", "document",
    "location", "document_date", "source_type", "return_items", "confirmed_by", "confirmed_at", "note",
    "quote_context", "heading_path", "statement_ids", "topic_ids", "date_source", "page", "page_end", "sheet",
    "row", "column", "paragraph", "also_in", "document_id", "file_sha256",
)  # fmt: skip
_DOCUMENTS: Final = (
    "document", "standing", "source_type", "source_type_set_by", "document_date", "date_source", "pages",
    "passages", "confirmed_passages", "statements", "return_items", "unread_pages", "document_id",
    "file_sha256", "added_at",
)  # fmt: skip
_MATRIX: Final = (
    "no", "statement", "evidence_category", "required", "confirmed", "strengths", "concerns",
    "newest_document",
)  # fmt: skip
_ALL_CATEGORIES: Final = "All"


def index_tables(project: Project, tally: Tally) -> list[tuple[str, Table]]:
    """Return the index's sheets: (name, table), to be read once and in order.

    Only what people confirmed or linked is in it, of versions that stand and documents that count;
    candidates for return items are told apart from what a person linked. Rows are made as they are read,
    so that memory does not grow with the evidence.

    Parameters
    ----------
    project
        An open project.
    tally
        Its counts.
    """
    returned = ReturnSheet.of(project, tally)
    sheets = [("Evidence", _evidence(project, returned)), ("Documents", _documents(project, tally))]
    sheets.append(("Matrix", _matrix(project.framework, tally)))
    if returned is not None:
        sheets.append(("Return items", returned.table()))
    return [*sheets, ("About", _about(project, tally, returned))]


def write_evidence_index(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the index as a workbook, or its first sheet as CSV, by the file's ending.

    Raises
    ------
    UsageError
        The ending is another.
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export.files import write_atomically
    from evidence_mapper.export.workbook import write_table_csv, write_workbook

    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise UsageError(
            f"an evidence index is a .xlsx or .csv file, not '{path.name}'. Try: evidence-mapper export "
            f"{path.with_suffix('.xlsx')} --format evidence-index"
        )
    before, tally = state_figures(project), Tally.of(to_count(project))
    sheets = index_tables(project, tally)

    def fill(stream: BinaryIO) -> int:
        if ending == ".csv":
            write_table_csv(sheets[0][1], stream)
        else:
            write_workbook(sheets, stream, title=TITLE)
        check_unchanged(project, before)
        return tally.passages

    write: Callable[[BinaryIO], int] = fill
    count = write_atomically(path, write, overwrite=request.overwrite)
    rest = "CSV holds the evidence only; documents, matrix and return items are in the .xlsx."
    return ExportReport(path, count, 0, (rest,) if ending == ".csv" else ())


def _evidence(project: Project, returned: ReturnSheet | None) -> Table:
    return Table(_EVIDENCE, _evidence_rows(project, returned))


def _evidence_rows(project: Project, returned: ReturnSheet | None) -> Iterator[tuple[Cell, ...]]:
    framework = project.framework
    titles = {s.id: s.title.text for s in framework.statements}
    under: dict[str, list[str]] = {}
    for link in links(project):
        if link.passage_id is not None:
            under.setdefault(link.passage_id, []).append(link.item)
    for found in each_confirmed(project):
        if returned is not None:
            returned.see(found)
        yield _evidence_row(found, framework, titles, under)


def _evidence_row(
    found: ConfirmedPassage, framework: Framework, titles: dict[str, str], under: dict[str, list[str]]
) -> tuple[Cell, ...]:
    from evidence_mapper.export.sheet import split_cell
    from evidence_mapper.export.spreadsheet import encodable

    passage, document, place = found.passage, found.document, found.passage.location
    statements = found.statements(framework)
    quote, rest = split_cell(encodable(passage.text))
    return (
        passage.id,
        "; ".join(titles[s] for s in statements),
        "; ".join(found.categories(framework)),
        "; ".join(found.marks()),
        quote,
        rest,
        document.name,
        place.label(),
        found.date,
        document.source_type.value,
        "; ".join(under.get(passage.id, ())),
        "; ".join(str(r.coder) for r in found.rows),
        max(r.decided_at or "" for r in found.rows),
        "; ".join(f"{r.coder}: {r.note}" for r in found.rows if r.note),
        passage.context,
        " > ".join(passage.heading_path),
        "; ".join(statements),
        "; ".join(found.topics(framework)),
        found.date_source,
        place.page,
        place.page_end,
        place.sheet,
        place.row,
        place.column,
        place.paragraph,
        "; ".join(found.rows[0].also_in),
        document.id,
        document.file_sha256,
    )


def _documents(project: Project, tally: Tally) -> Table:
    under: dict[str, list[str]] = {}
    for link in links(project):
        items = under.setdefault(link.document_id, [])
        if link.item not in items:
            items.append(link.item)
    rows: list[tuple[Cell, ...]] = []
    for row in project.store.document_progress(""):
        document, facts = row.document, dict(row.facts)
        held = tally.by_statement(document.id)
        order = [s.id for s in project.framework.statements if s.id in held]
        rows.append(
            (
                document.name,
                "withdrawn by a person" if row.withdrawn else "counts",
                document.source_type.value,
                document.source_type_by,
                facts.get("date"),
                facts.get("date_source"),
                document.pages,
                row.passages,
                tally.in_document(document.id),
                "; ".join(f"{s}: {held[s]}" for s in order),
                "; ".join(under.get(document.id, ())),
                _numbers(row.unread_pages),
                document.id,
                document.file_sha256,
                document.added_at,
            )
        )
    for refusal in project.store.refusals():
        empty: tuple[Cell, ...] = (None,) * 5
        rows.append(
            (
                refusal.name,
                f"not read: {refusal.code}",
                *empty,
                0,
                0,
                *empty[:4],
                refusal.file_sha256,
                refusal.at,
            )
        )
    return Table(_DOCUMENTS, rows)


def _matrix(framework: Framework, tally: Tally) -> Table:
    """Return a row for each statement and category, and one for each statement in all."""
    names: list[tuple[str, str, str | None]] = [(ALL, _ALL_CATEGORIES, None)]
    names += [(c.id, c.name.text, "yes" if c.required else None) for c in framework.evidence_categories]
    if tally.without_category():
        names.append((NONE, NO_CATEGORY, None))
    rows: list[tuple[Cell, ...]] = []
    for statement in framework.statements:
        for category, name, required in names:
            cell = tally.cells.get((statement.id, category), Counts())
            counts = cell.confirmed, cell.strengths, cell.concerns, cell.newest_date()
            rows.append((statement.number, statement.title.text, name, required, *counts))
    return Table(_MATRIX, rows)


def _numbers(pages: Sequence[int]) -> str:
    return ", ".join(str(page) for page in pages)


def _about(project: Project, tally: Tally, returned: ReturnSheet | None) -> Table:
    return Table(("item", "text"), _about_rows(project, tally, returned))


def _about_rows(project: Project, tally: Tally, returned: ReturnSheet | None) -> Iterator[tuple[Cell, Cell]]:
    framework, matrix = project.framework, project.store.matrix()
    yield "Framework", f"{framework.title}, version {framework.version}"
    yield "Copyright", framework.copyright
    yield "Project", project.store.info.id
    yield "Project last changed at (UTC)", state_time(project)
    yield "Evidence", "Passages that a person confirmed. Suggestions are nowhere in this file."
    yield "Ratings", "Nothing here is a rating or a score, and none is predicted."
    yield "Left out", f"{matrix.superseded} confirmed passages of versions since replaced"
    yield "Left out", f"{matrix.withdrawn} confirmed passages of documents that were withdrawn"
    yield "Quotes", "Verbatim. What does not fit the quote cell goes on in quote_continued: join the two."
    if names := released_note(project, tally.redacted):
        yield "Names", names
    yield "Several people", "What people said of one passage is in one row, with semicolons between them."
    if returned is not None:
        yield "Return items", f"{returned.board.list.title}. {returned.board.list.note}"
        yield "Candidates", CANDIDATES
