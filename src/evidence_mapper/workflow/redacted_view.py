"""What commands show and write with names replaced: cases, audits, searches, comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.audit_record import audit_forms
from evidence_mapper.workflow.cases import list_cases
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.redactor import Redactor
from evidence_mapper.workflow.released import record_names

if TYPE_CHECKING:
    from evidence_mapper.workflow.compare import Comparison, PassageChange
    from evidence_mapper.workflow.search import Found, Hit

SAID: Final = (
    "Names are replaced in what tells people's own stories; cases and auditors are numbered. Redaction is by "
    "machine and misses some names: read what you pass on (docs/redaction.md)."
)


class RedactedView:
    """Gives words, names and places of a project as they may be shown or leave.

    Parameters
    ----------
    project
        An open project.
    progress
        Is told how many documents were looked through.
    """

    def __init__(self, project: Project, *, progress: ProgressSink = silent) -> None:
        self.project = project
        self.redactor = Redactor(project.store, progress=progress)
        known = {case.id for case in list_cases(project)}
        forms = audit_forms(project)
        cases = sorted(known | {form.case for form in forms})
        self._cases = {case: f"case {number}" for number, case in enumerate(cases, 1)}
        auditors = sorted({form.auditor for form in forms})
        self._auditors = {name: f"auditor {number}" for number, name in enumerate(auditors, 1)}
        self._numbered = self._cases | self._auditors
        self._ids = [re.escape(name) for name in sorted(self._numbered, key=len, reverse=True) if name]

    def case(self, case_id: str) -> str:
        """Return a case's number among all, by id: ``case 12``."""
        return self._cases.get(case_id, "a case")

    def auditor(self, name: str) -> str:
        """Return an auditor's number among all, by name."""
        return self._auditors.get(name, "an auditor") if name else ""

    def words(self, document_id: str, text: str) -> str:
        """Return words of, or said of, a document."""
        document = self.project.store.document(document_id)
        return self.redactor.words(document_id, text) if self.redactor.is_story(document) else text

    def of_case(self, case_id: str, text: str) -> str:
        """Return words said of a case: its people by their pseudonyms, cases by their numbers."""
        return self.redactor.words_of_case(case_id, self.without_ids(text)) if text else text

    def without_ids(self, text: str) -> str:
        """Return text with cases and auditors by their numbers."""
        if not self._ids:
            return text
        return re.sub("|".join(self._ids), lambda found: self._numbered[found[0]], text)

    def passage(self, passage: Passage) -> Passage:
        """Return a passage."""
        return self.redactor.shown(passage)

    def document(self, document: Document) -> Document:
        """Return a document under the name it may be shown by."""
        return self.redactor.document(document)

    def name(self, name: str) -> str:
        """Return the name that the document of a name may be shown by."""
        return self.redactor.name_of(name)


def shown_hits(view: RedactedView, found: Found) -> Found:
    """Return what a search gives; marked words are those of the words shown."""
    return replace(found, hits=tuple(_hit(view, hit) for hit in found.hits))


def _hit(view: RedactedView, hit: Hit) -> Hit:
    from evidence_mapper.workflow.redacted_session import apart

    if not view.redactor.is_story(hit.document):
        return hit
    whole = view.project.store.passage(hit.passage.id)
    spans = dict.fromkeys(view.redactor.span(whole, span) for span in hit.matched)
    return replace(
        hit, passage=view.passage(whole), document=view.document(hit.document), matched=apart(spans)
    )


def shown_comparison(views: Iterable[RedactedView], found: Comparison) -> Comparison:
    """Return a comparison; each change is shown as the project that holds its passage would show it."""
    held = list(views)

    def change(each: PassageChange) -> PassageChange:
        for view in held:
            store = view.project.store
            if store.passage_key(each.passage_id) is None:
                continue
            passage = store.passage(each.passage_id)
            document = store.document(passage.document_id)
            if not view.redactor.is_story(document):
                return each
            shown = view.passage(passage)
            return replace(
                each,
                document=view.redactor.document_name(document),
                location=shown.location.label(),
                text=shown.text,
                why=view.words(document.id, each.why),
            )
        raise UsageError(f"{each.passage_id} is in neither project any more, so its words cannot be shown")

    documents = [
        replace(
            each, name=next((v.name(each.name) for v in held if v.name(each.name) != each.name), each.name)
        )
        for each in found.documents
    ]
    return replace(
        found,
        passages=[change(each) for each in found.passages],
        stale=[change(each) for each in found.stale],
        documents=documents,
    )


def write_released(
    project: Project,
    path: Path,
    write: Callable[[RedactedView | None], int],
    *,
    identifiable: bool,
    coder: str,
) -> bool:
    """Write a file under the rule of exports, and return whether names were replaced in it.

    Names in people's own stories are replaced where the project holds such stories; ``identifiable`` leaves
    them, and the history says who asked.

    Parameters
    ----------
    project
        An open project.
    path
        The file.
    write
        Makes it from a view, or from the words as written for None, and returns how many rows it has.
    identifiable
        Leave names in.
    coder
        Whom the history names.

    Raises
    ------
    StoreError
        That names left could not be recorded; the file was taken away again.
    """
    view = None if identifiable else RedactedView(project)
    rows = write(view)
    if identifiable:
        record_names(project, path, coder, rows)
    return view is not None
