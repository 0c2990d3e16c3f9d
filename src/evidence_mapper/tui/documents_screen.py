"""The documents and how far one coder is with each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evidence_mapper.domain.project import DocumentProgress, QueueFilter, ReviewState
from evidence_mapper.domain.version import DocumentVersion, VersionChange
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.actions import DOCUMENTS, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList, columns
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import fit, fit_place, one_line, right, source_type_words, when
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.review import ReviewSession

_FIGURES: Final = 58
"""Characters of a line beside the document's name."""


class Sorting(Enum):
    """The order of the documents."""

    ADDED = "as added"
    NAME = "by name"
    LEFT = "most left first"
    DATE = "newest first"


def in_order(rows: list[DocumentProgress], sorting: Sorting) -> list[DocumentProgress]:
    """Return the documents in an order; those without a date come last when sorted by date."""
    if sorting is Sorting.NAME:
        return sorted(rows, key=lambda row: row.document.name.casefold())
    if sorting is Sorting.LEFT:
        return sorted(rows, key=lambda row: row.decided - row.passages)
    if sorting is Sorting.DATE:
        return sorted(rows, key=lambda row: shown_date(row.facts), reverse=True)
    return list(rows)


class DocumentList(LineList):
    """One line a document."""

    def __init__(self) -> None:
        super().__init__(id="documents")
        self.rows: list[DocumentProgress] = []

    def show(self, rows: list[DocumentProgress], cursor: int = 0) -> None:
        """Show the documents."""
        self.rows = rows
        self.set_lines(len(rows), cursor)

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a document's line."""
        row = self.rows[index]
        unread = f"! {len(row.unread_pages)}" if row.unread_pages else ""
        name = max(10, width - _FIGURES)
        done = row.passages > 0 and row.decided == row.passages
        return [
            (fit(_name(row.document.name, name), name) + " ", ""),
            *columns(
                [
                    (source_type_words(row.document.source_type), 18, "dim"),
                    (shown_date(row.facts), 10, "dim"),
                    (right(f"{row.passages:,}", 8), 8, ""),
                    (right(f"{row.decided:,}", 8) + (" ✓" if done else ""), 10, "good" if done else ""),
                    (right(unread, 6), 6, "bad"),
                ]
            ),
        ]


def _name(name: str, width: int) -> str:
    """Return a document's name; without its folders where they have no room."""
    whole = one_line(name)
    return whole if cell_len(whole) <= width else fit_place(name, "", width)


def heading(width: int) -> str:
    """Return the names of the columns."""
    names = (
        ("Source type", 18),
        ("Date", 10),
        (right("Passages", 8), 8),
        (right("Decided", 8), 10),
        (right("Unread", 6), 6),
    )
    return (
        fit("Document", max(10, width - _FIGURES)) + " " + " ".join(fit(name, size) for name, size in names)
    )


class DocumentsScreen(StoreScreen):
    """Returns the filter of the document chosen; None to go back."""

    TABLE = DOCUMENTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(DOCUMENTS)]
    AUTO_FOCUS = "#documents"

    def __init__(self, session: ReviewSession) -> None:
        super().__init__()
        self._session = session
        self._rows: list[DocumentProgress] = []
        self._sorting = Sorting.ADDED

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static("Documents", id="documents-title", classes="title", markup=False)
        yield Static("", id="columns", markup=False)
        yield DocumentList()
        yield Static("", id="about", markup=False)
        yield StatusLine()
        yield KeyBar(DOCUMENTS)

    def on_mount(self) -> None:
        """Read the documents."""
        self.ask_store("list the documents", self._session.documents, self._show, group="documents")
        self.ask_store("count what was not read", self._session.left_out, self._say_left_out, group="left")

    def _say_left_out(self, lines: list[str]) -> None:
        """Say what is in no list: files that were refused are no documents."""
        if lines:
            self.query_one(StatusLine).say("\n".join(lines))

    def on_resize(self) -> None:
        """Set the column names anew."""
        self.call_after_refresh(self._head)

    def _show(self, rows: list[DocumentProgress]) -> None:
        self._rows = rows
        self._put_in_order()
        self._head()
        self._describe()
        if not rows:
            self.query_one(StatusLine).say("No documents yet. Leave with q, then: evidence-mapper add FOLDER")

    def _put_in_order(self) -> None:
        documents = self.query_one(DocumentList)
        here = documents.rows[documents.cursor].document.id if documents.rows else None
        rows = in_order(self._rows, self._sorting)
        place = next((n for n, row in enumerate(rows) if row.document.id == here), 0)
        documents.show(rows, place)
        title = f"Documents: {len(rows):,}, {self._sorting.value}"
        self.query_one("#documents-title", Static).update(title)

    def action_sort(self) -> None:
        """Put the documents in the next order, with the cursor on the same one."""
        orders = list(Sorting)
        self._sorting = orders[(orders.index(self._sorting) + 1) % len(orders)]
        self._put_in_order()

    def action_versions(self) -> None:
        """Say what the newest version of the document changed."""
        documents = self.query_one(DocumentList)
        if documents.cursor < len(documents.rows):
            here = documents.rows[documents.cursor].document
            call = partial(self._session.versions, here.id)
            show = partial(self._say_versions, here.name)
            self.ask_store("read the versions", call, show, group="versions")

    def _say_versions(self, name: str, found: tuple[list[DocumentVersion], VersionChange | None]) -> None:
        versions, change = found
        words = f"{one_line(name)}: {counted(len(versions), 'version')}"
        if change is None:
            words += "; nothing was replaced."
        else:
            fates = ", ".join(f"{count:,} {fate.value}" for fate, count in change.counts if count)
            words += (
                f"; the newest, of {when(change.at)}: {fates}, {change.new:,} new; "
                f"{change.carried:,} decisions went along, {change.to_confirm:,} to confirm again."
            )
        self.query_one(StatusLine).say(words)

    def _head(self) -> None:
        width = self.query_one(DocumentList).scrollable_content_region.width
        self.query_one("#columns", Static).update(heading(width))

    @on(LineList.Moved, "#documents")
    def _describe(self) -> None:
        documents = self.query_one(DocumentList)
        if documents.cursor >= len(documents.rows):
            return
        row = documents.rows[documents.cursor]
        words = [one_line(row.document.name)]
        if row.unread_pages:
            pages = ", ".join(str(page) for page in row.unread_pages[:20])
            more = " …" if len(row.unread_pages) > 20 else ""
            words.append(
                f"! {counted(len(row.unread_pages), 'page')} without text, not searched: {pages}{more}"
            )
        words += [f"! {one_line(warning)}" for warning in row.warnings]
        self.query_one("#about", Static).update("\n".join(words))

    def action_open(self) -> None:
        """Return the filter of the document under the cursor."""
        documents = self.query_one(DocumentList)
        if documents.cursor < len(documents.rows):
            chosen = documents.rows[documents.cursor].document.id
            self.dismiss(QueueFilter(state=ReviewState.ANY, document_id=chosen))

    def action_back(self) -> None:
        """Return to the review."""
        self.dismiss(None)
