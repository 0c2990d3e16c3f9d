"""The documents and how far one coder is with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evidence_mapper.domain.project import DocumentProgress, QueueFilter, ReviewState
from evidence_mapper.tui.actions import DOCUMENTS, bindings_of
from evidence_mapper.tui.key_bar import KeyBar
from evidence_mapper.tui.line_list import Cell, LineList, columns
from evidence_mapper.tui.status_line import StatusLine
from evidence_mapper.tui.store_screen import StoreScreen
from evidence_mapper.tui.text import fit, one_line, plural, right, source_type_words
from evidence_mapper.workflow.review import ReviewSession


class DocumentList(LineList):
    """One line a document."""

    def __init__(self) -> None:
        super().__init__(id="documents")
        self.rows: list[DocumentProgress] = []

    def show(self, rows: list[DocumentProgress]) -> None:
        """Show the documents."""
        self.rows = rows
        self.set_lines(len(rows))

    def cells(self, index: int, width: int) -> Sequence[Cell]:
        """Return a document's line."""
        row = self.rows[index]
        unread = f"! {len(row.unread_pages)}" if row.unread_pages else ""
        done = row.passages > 0 and row.decided == row.passages
        return [
            (fit(one_line(row.document.name), max(10, width - 53)) + " ", ""),
            *columns(
                [
                    (source_type_words(row.document.source_type), 18, "dim"),
                    (right(f"{row.passages:,}", 8), 8, ""),
                    (right(f"{row.decided:,}", 8) + (" ✓" if done else ""), 10, "good" if done else ""),
                    (right(unread, 12), 12, "bad"),
                ]
            ),
        ]


def heading(width: int) -> str:
    """Return the names of the columns."""
    names = (
        ("Source type", 18),
        (right("Passages", 8), 8),
        (right("Decided", 8), 10),
        (right("Unread pages", 12), 12),
    )
    return fit("Document", max(10, width - 53)) + " " + " ".join(fit(name, size) for name, size in names)


class DocumentsScreen(StoreScreen):
    """Returns the filter of the document chosen; None to go back."""

    TABLE = DOCUMENTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(DOCUMENTS)]
    AUTO_FOCUS = "#documents"

    def __init__(self, session: ReviewSession) -> None:
        super().__init__()
        self._session = session

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

    def on_resize(self) -> None:
        """Set the column names anew."""
        self.call_after_refresh(self._head)

    def _show(self, rows: list[DocumentProgress]) -> None:
        self.query_one(DocumentList).show(rows)
        self.query_one("#documents-title", Static).update(f"Documents: {len(rows):,}")
        self._head()
        self._describe()
        if not rows:
            self.query_one(StatusLine).say("No documents yet. Leave with q, then: evidence-mapper add FOLDER")

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
                f"! {plural(len(row.unread_pages), 'page')} without text, not searched: {pages}{more}"
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
