"""The sheet of an evidence index by item of the information return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import Framework, Verification
from evidence_mapper.domain.return_item import ReturnItem, ReturnList
from evidence_mapper.export.base import Cell, Table
from evidence_mapper.workflow.confirmed import Confirmed, ConfirmedPassage
from evidence_mapper.workflow.document_facts import DATE
from evidence_mapper.workflow.evidence_index_tally import Places, Tally
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.return_items import (
    ItemEvidence,
    LinkedDocument,
    ReturnBoard,
    current_list,
    return_board,
)

COLUMNS: Final = (
    "item", "item_text", "statements", "document", "source_type",
    "link", "send", "sections", "passages",
    "passage_ids", "document_date", "look_at", "note", "item_standing", "file_sha256",
)  # fmt: skip
CANDIDATES: Final = (
    "Documents with confirmed evidence on an item’s statements. Whether to send one is a person’s word: "
    "evidence-mapper return-items link ITEM --document NAME. Case records and answers to surveys hold "
    "personal data: look before sending."
)
_SECTIONS: Final = 200
"""Places named in one cell; how many more there are is said, and each is on the sheet of evidence."""
_MOST: Final = 100
"""Candidates of one item; how many more documents there are is said."""


@dataclass
class ReturnSheet:
    """Gathers what candidates need while the evidence goes by, then gives the sheet."""

    project: Project
    board: ReturnBoard
    tally: Tally
    places: dict[tuple[str, tuple[str, ...]], Places] = field(default_factory=dict)
    """By document id and the statements an item wants."""
    shown: dict[str, list[tuple[Document, int]]] = field(init=False)
    """Candidates of each item with the passages confirmed, most first."""
    more: dict[str, int] = field(default_factory=dict)
    """How many further documents an item could have."""
    _wanted: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        documents = {p.document.id: p.document for p in self.project.store.document_progress("")}
        self.shown = {each.item.id: self._candidates(each, documents) for each in self.board.items}

    @classmethod
    def of(cls, project: Project, tally: Tally) -> ReturnSheet | None:
        """Return the sheet of a project; None when no list is kept for its framework."""
        if current_list(project) is None:
            return None
        # What is confirmed is told by the tally: the board says what is linked.
        return cls(project, return_board(project, Confirmed((), 0, 0)), tally)

    def _candidates(self, each: ItemEvidence, documents: dict[str, Document]) -> list[tuple[Document, int]]:
        wanted = each.item.statements
        if self._serves_all(each.item) and len(self.project.framework.statements) > 1:
            return []
        linked = {d.document.id for d in each.linked}
        counts = {d: n for d, n in self.tally.on(wanted).items() if d not in linked}
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], documents[pair[0]].name))
        self.more[each.item.id] = max(0, len(ranked) - _MOST)
        for document_id, _ in ranked[:_MOST]:
            if (document_id, wanted) not in self.places:
                self.places[document_id, wanted] = Places()
                self._wanted.setdefault(document_id, []).append(wanted)
        return [(documents[document_id], count) for document_id, count in ranked[:_MOST]]

    def see(self, found: ConfirmedPassage) -> None:
        """Note where a passage stands, if its document is a candidate."""
        for wanted in self._wanted.get(found.document.id, ()):
            if set(wanted).intersection(found.statements(self.project.framework)):
                self.places[found.document.id, wanted].add(found)

    def table(self) -> Table:
        """Return the sheet; its rows are to be read after all evidence was seen."""
        return Table(COLUMNS, self._rows())

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        dates = {name: facts.get(DATE, "") for name, facts in self.project.store.facts().items()}
        for each in self.board.items:
            head = each.item.id, each.item.text, self._statements(each.item)
            standing = _standing(each.item, self.board.list)
            found = [_linked_row(d) for d in each.linked]
            found += [self._candidate_row(d, n, each.item, dates) for d, n in self.shown[each.item.id]]
            if more := self.more.get(each.item.id):
                told = (
                    f"{more} more documents have confirmed evidence on these statements; the {_MOST} with "
                    "most of it are named: see the sheets Documents and Evidence"
                )
                found.append((None, None, told, *(None,) * 8))
            for cells in found or [(None, None, _nothing(each, self.project.framework), *(None,) * 8)]:
                yield (*head, *cells[:-1], standing, cells[-1])
        for lost in self.board.elsewhere:
            told = f"under an item the list does not have, or its document was erased; linked by {lost.coder}"
            yield (lost.item, None, None, lost.document_id, None, told, *(None,) * 9)

    def _serves_all(self, item: ReturnItem) -> bool:
        return len(item.statements) == len(self.project.framework.statements)

    def _statements(self, item: ReturnItem) -> str:
        return "all" if self._serves_all(item) else "; ".join(item.statements)

    def _candidate_row(
        self, document: Document, count: int, item: ReturnItem, dates: dict[str, str]
    ) -> tuple[Cell, ...]:
        places = self.places[document.id, item.statements]
        return (
            document.name,
            document.source_type.value,
            "candidate: confirmed evidence on these statements; nobody has linked it",
            None,
            places.listed(places.labels),
            count,
            places.listed(places.ids),
            dates.get(document.name, ""),
            None,
            None,
            document.file_sha256,
        )


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
