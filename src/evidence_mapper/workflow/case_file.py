"""A case read whole: its documents with their roles and dated entries, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence_mapper.domain.case import CaseRecord, Entry, Fact, Member, Role
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import DocumentProgress
from evidence_mapper.workflow.case_dates import stated_date
from evidence_mapper.workflow.case_entries import entries, entries_of
from evidence_mapper.workflow.case_facts import read_facts
from evidence_mapper.workflow.case_roles import guess_role
from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """One document of a case."""

    document: Document
    role: Role
    role_by: str | None
    """Coder who set the role; None when it is a guess."""
    role_words: str
    """What the guess rests on; empty when there is nothing, or a person set it."""
    text: str
    """Of the newest revision; empty when it has no passages."""
    entries: tuple[Entry, ...]
    """Dated headings; empty when none states a date, or only rows of a table belong to the case."""
    passages: tuple[Passage, ...]
    """Those that belong to the case, in reading order."""
    withdrawn: bool = False
    """Whether a person said that the document must not count."""

    def dates_of(self, passage: Passage) -> tuple[str, ...]:
        """Return the days a passage is from, as stated above or in it; empty when none is stated.

        A row of a table is dated by a column whose header begins with "date".
        """
        if self.entries:
            return tuple(dict.fromkeys(e.date for e in entries_of(self.entries, passage.span)))
        for header, value in passage.attributes:
            day = stated_date(value) if header.casefold().startswith("date") else None
            if day:
                return (day,)
        return ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that is read in it."""

    case: CaseRecord
    documents: tuple[CaseDocument, ...]
    """By name."""
    facts: dict[str, Fact]
    """By the names of :data:`~evidence_mapper.domain.case.FACTS`."""

    @property
    def counted(self) -> tuple[CaseDocument, ...]:
        """Return the documents that count: those nobody withdrew."""
        return tuple(d for d in self.documents if not d.withdrawn)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return the passages of the documents that count."""
        return tuple(p for d in self.counted for p in d.passages)

    @property
    def last_date(self) -> str | None:
        """Return the latest day stated by an entry; None when none is."""
        days = [e.until or e.date for d in self.counted for e in d.entries]
        days += [day for d in self.counted if not d.entries for p in d.passages for day in d.dates_of(p)]
        return max(days, default=None)


class CaseReader:
    """Reads cases of a project; what all of them need is read once.

    Parameters
    ----------
    project
        An open project.
    """

    def __init__(self, project: Project) -> None:
        self._store = project.store
        self._progress = {p.document.id: p for p in project.store.document_progress("")}

    def read(self, case: CaseRecord) -> CaseFile:
        """Return a case read whole; documents that are gone from the project are left out."""
        parts: dict[str, list[Member]] = {}
        for member in case.members:
            parts.setdefault(member.document_id, []).append(member)
        documents = [
            self._document(case, self._progress[document_id], members)
            for document_id, members in parts.items()
            if document_id in self._progress
        ]
        documents.sort(key=lambda d: d.document.name)
        texts = [(d.document.name, d.text) for d in documents if not d.withdrawn and d.text]
        return CaseFile(case, tuple(documents), read_facts(texts, case.said))

    def _document(
        self, case: CaseRecord, progress: DocumentProgress, members: Sequence[Member]
    ) -> CaseDocument:
        document = progress.document
        passages = tuple(self._store.passages(document.id))
        whole = any(m.column is None for m in members)
        kept = passages if whole else tuple(p for p in passages if _belongs(p, members))
        text = self._store.revision(passages[0].revision_id).text if passages and whole else ""
        found = entries(text)
        role, by = case.roles.get(document.id, (None, None))
        title = dict(progress.facts).get("title", "")
        guess = guess_role(document.name, text, title, len(found))
        return CaseDocument(
            document=document,
            role=role or guess.role,
            role_by=by,
            role_words="" if role else guess.words,
            text=text,
            entries=found,
            passages=kept,
            withdrawn=progress.withdrawn,
        )


def _belongs(passage: Passage, members: Sequence[Member]) -> bool:
    said = dict(passage.attributes)
    return any(m.column is not None and said.get(m.column) == m.value for m in members)
