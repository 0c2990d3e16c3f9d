"""Which documents tell people's own stories, and so leave the project with their names replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.cases import grouped_documents

PERSONAL_STORIES: Final = frozenset(
    {
        SourceType.CASE_RECORD,
        SourceType.CASE_AUDIT,
        SourceType.COMPLAINT,
        SourceType.SURVEY_COMMENT,
        SourceType.FOCUS_GROUP,
    }
)
"""Kinds of paper whose passages are about, or by, private persons: their health, care and family, which
they told for their own care or in confidence. Other papers name people in office."""

_NAMED_AFTER_PEOPLE: Final = PERSONAL_STORIES - {SourceType.SURVEY_COMMENT, SourceType.FOCUS_GROUP}
"""Kinds whose files are named after whom they are about, often in a form nothing recognises."""


class Stories:
    """Says of a project's documents whether they tell a person's story, and whose.

    Parameters
    ----------
    store
        The open project; cases are read once.
    """

    def __init__(self, store: Store) -> None:
        self._cases: Mapping[str, str | None] = grouped_documents(store)

    def is_story(self, document: Document) -> bool:
        """Return whether names in it are replaced: by its kind, or since a person put it into a case."""
        return document.source_type in PERSONAL_STORIES or document.id in self._cases

    def any(self, store: Store) -> bool:
        """Return whether the project holds such documents."""
        return any(self.is_story(document) for document in store.documents())

    def case_of(self, document_id: str) -> str:
        """Return the name of the case under which pseudonyms are kept; the document's id where none is."""
        case = self._cases.get(document_id)
        return document_id if case is None else case

    def same_case(self, document_id: str) -> list[str]:
        """Return the ids of all documents of a document's case, itself among them."""
        case = self._cases.get(document_id)
        if case is None:
            return [document_id]
        return [other for other, held in self._cases.items() if held == case]

    def first_of(self, case: str) -> str | None:
        """Return the id of a document of a case; None where no whole document is in it."""
        return next((document for document, held in self._cases.items() if held == case), None)

    def has_neutral_name(self, document: Document) -> bool:
        """Return whether a story's file name gives way to a neutral one."""
        in_case = self._cases.get(document.id) is not None
        return document.source_type in _NAMED_AFTER_PEOPLE or in_case


def neutral_name(document: Document) -> str:
    """Return a name that says kind, id and ending alone; ``evidence-mapper documents`` finds it by the id."""
    return f"{document.source_type.value} {document.id}{PurePosixPath(document.name).suffix.lower()}"
