"""The evidence index: confirmed passages, documents, the matrix and the information return as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.framework import Framework, Verification
from evidence_mapper.domain.return_item import ReturnItem, ReturnList
from evidence_mapper.errors import UsageError
from evidence_mapper.export.base import Cell, Table
from evidence_mapper.workflow.confirmed import Confirmed, ConfirmedPassage, read_confirmed, state_time
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note
from evidence_mapper.workflow.return_items import (
    Candidate,
    ItemEvidence,
    LinkedDocument,
    ReturnBoard,
    current_list,
    links,
    return_board,
)
from evidence_mapper.workflow.self_assessment import NO_CATEGORY, newest_date

TITLE: Final = "Evidence index"
_SECTIONS: Final = 200
"""Places named in one cell; how many more there are is said, and each is on the sheet of evidence."""

_CANDIDATES: Final = (
    "Documents with confirmed evidence on an item’s statements. Whether to send one is a person’s word: "
    "evidence-mapper return-items link ITEM --document NAME. Case records and answers to surveys hold "
    "personal data: look before sending."
)
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
_RETURN: Final = (
    "item", "item_text", "statements", "document", "source_type",
    "link", "send", "sections", "passages",
    "passage_ids", "document_date", "look_at", "note", "item_standing", "file_sha256",
)  # fmt: skip


def index_tables(project: Project) -> list[tuple[str, Table]]:
    """Return the index's sheets: (name, table), in order.

    Only what people confirmed or linked is in it, of versions that stand and documents that count;
    candidates for return items are told apart from what a person linked.
    """
    confirmed = read_confirmed(project)
    board = return_board(project, confirmed) if current_list(project) else None
    sheets = [("Evidence", _evidence(project, confirmed)), ("Documents", _documents(project, confirmed))]
    sheets.append(("Matrix", _matrix(project.framework, confirmed)))
    if board is not None:
        sheets.append(("Return items", _return(project.framework, board)))
    return [*sheets, ("About", _about(project, confirmed, board))]


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
    sheets = index_tables(project)
    rows = sheets[0][1]

    def fill(stream: BinaryIO) -> int:
        if ending == ".csv":
            write_table_csv(rows, stream)
        else:
            write_workbook(sheets, stream, title=TITLE)
        return len(rows.rows)

    write: Callable[[BinaryIO], int] = fill
    count = write_atomically(path, write, overwrite=request.overwrite)
    rest = "CSV holds the evidence only; documents, matrix and return items are in the .xlsx."
    return ExportReport(path, count, 0, (rest,) if ending == ".csv" else ())


def _evidence(project: Project, confirmed: Confirmed) -> Table:
    framework = project.framework
    titles = {s.id: s.title.text for s in framework.statements}
    under: dict[str, list[str]] = {}
    for link in links(project):
        if link.passage_id is not None:
            under.setdefault(link.passage_id, []).append(link.item)
    return Table(_EVIDENCE, [_evidence_row(p, framework, titles, under) for p in confirmed.passages])


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


def _documents(project: Project, confirmed: Confirmed) -> Table:
    counts: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    for passage in confirmed.passages:
        name = passage.document.id
        totals[name] = totals.get(name, 0) + 1
        for statement in passage.statements(project.framework):
            by_statement = counts.setdefault(name, {})
            by_statement[statement] = by_statement.get(statement, 0) + 1
    under: dict[str, list[str]] = {}
    for link in links(project):
        items = under.setdefault(link.document_id, [])
        if link.item not in items:
            items.append(link.item)
    rows: list[tuple[Cell, ...]] = []
    for row in project.store.document_progress(""):
        document, facts = row.document, dict(row.facts)
        held = counts.get(document.id, {})
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
                totals.get(document.id, 0),
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


def _matrix(framework: Framework, confirmed: Confirmed) -> Table:
    """Return a row for each statement and category, and one for each statement in all."""
    names = [(c.id, c.name.text, "yes" if c.required else None) for c in framework.evidence_categories]
    if any(not p.categories(framework) for p in confirmed.passages):
        names.append(("", NO_CATEGORY, None))
    rows: list[tuple[Cell, ...]] = []
    for statement in framework.statements:
        here = confirmed.of_statement(statement.id)
        head = statement.number, statement.title.text
        rows.append((*head, _ALL_CATEGORIES, None, *_counts(here)))
        for category, name, required in names:
            of_it = [p for p in here if category in (p.categories(framework) or ("",))]
            rows.append((*head, name, required, *_counts(of_it)))
    return Table(_MATRIX, rows)


def _counts(passages: Sequence[ConfirmedPassage]) -> tuple[Cell, ...]:
    return (
        len(passages),
        sum(p.is_strength() for p in passages),
        sum(p.is_concern() for p in passages),
        newest_date(passages),
    )


def _return(framework: Framework, board: ReturnBoard) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in board.items:
        every = len(each.item.statements) == len(framework.statements)
        head = each.item.id, each.item.text, "all" if every else "; ".join(each.item.statements)
        standing = _standing(each.item, board.list)
        found = [*(_linked_row(d) for d in each.linked), *(_candidate_row(c) for c in each.candidates)]
        if not found:
            found = [(None, None, _nothing(each, framework), *(None,) * 8)]
        rows += [(*head, *cells[:-1], standing, cells[-1]) for cells in found]
    for lost in board.elsewhere:
        told = f"under an item the list does not have, or its document was erased; linked by {lost.coder}"
        rows.append((lost.item, None, None, lost.document_id, None, told, *(None,) * 9))
    return Table(_RETURN, rows)


def _standing(item: ReturnItem, listed: ReturnList) -> str:
    if not listed.unofficial:
        return f"brought in by {listed.by}"
    sources = "; ".join(s.title for s in item.sources) or "general knowledge"
    read = item.verification is Verification.VERBATIM
    return f"UNOFFICIAL; {'named in' if read else 'unverified, put together from'}: {sources}"


def _linked_row(found: LinkedDocument) -> tuple[Cell, ...]:
    people = "; ".join(dict.fromkeys(f"{k.coder}, {k.at[:10]}" for k in found.links))
    return (
        found.document.name,
        found.document.source_type.value,
        f"linked by {people}",
        "whole document" if found.whole else "sections",
        _listed(found.sections),
        len(found.passages) or None,
        _listed(found.passages),
        found.date,
        "; ".join(found.problems),
        "; ".join(f"{k.coder}: {k.note}" for k in found.links if k.note),
        found.document.file_sha256,
    )


def _candidate_row(found: Candidate) -> tuple[Cell, ...]:
    return (
        found.document.name,
        found.document.source_type.value,
        "candidate: confirmed evidence on these statements; nobody has linked it",
        None,
        _listed(found.sections),
        len(found.passages),
        _listed(found.passages),
        found.date,
        None,
        None,
        found.document.file_sha256,
    )


def _nothing(each: ItemEvidence, framework: Framework) -> str:
    if not each.item.statements:
        return "nothing linked; the list names no statement, so there are no candidates"
    if len(each.item.statements) == len(framework.statements):
        return "nothing linked; the item serves every statement, so there are no candidates"
    return "nothing linked, and no confirmed evidence on these statements"


def _listed(values: Sequence[str]) -> str:
    """Return values with semicolons between them, each once; how many are over is said."""
    once = list(dict.fromkeys(v for v in values if v))
    over = len(once) - _SECTIONS
    return "; ".join(once[:_SECTIONS]) + (f"; and {over} more, see the sheet Evidence" if over > 0 else "")


def _numbers(pages: Sequence[int]) -> str:
    return ", ".join(str(page) for page in pages)


def _about(project: Project, confirmed: Confirmed, board: ReturnBoard | None) -> Table:
    return Table(("item", "text"), list(_about_rows(project, confirmed, board)))


def _about_rows(
    project: Project, confirmed: Confirmed, board: ReturnBoard | None
) -> Iterator[tuple[Cell, Cell]]:
    framework = project.framework
    yield "Framework", f"{framework.title}, version {framework.version}"
    yield "Copyright", framework.copyright
    yield "Project", project.store.info.id
    yield "Project last changed at (UTC)", state_time(project)
    yield "Evidence", "Passages that a person confirmed. Suggestions are nowhere in this file."
    yield "Ratings", "Nothing here is a rating or a score, and none is predicted."
    yield "Left out", f"{confirmed.superseded} confirmed passages of versions since replaced"
    yield "Left out", f"{confirmed.withdrawn} confirmed passages of documents that were withdrawn"
    yield "Quotes", "Verbatim. What does not fit the quote cell goes on in quote_continued: join the two."
    if names := released_note(project, (p.passage.id for p in confirmed.passages)):
        yield "Names", names
    yield "Several people", "What people said of one passage is in one row, with semicolons between them."
    if board is not None:
        yield "Return items", f"{board.list.title}. {board.list.note}"
        yield (
            "Candidates",
            _CANDIDATES,
        )
