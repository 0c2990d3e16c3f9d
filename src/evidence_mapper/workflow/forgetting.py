"""Forget a document, what lies inside it, or a case: what goes, what stays, and copies to think of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.forgetting import Forgetting
from evidence_mapper.errors import ModelError, UsageError
from evidence_mapper.store.records import LiveText
from evidence_mapper.workflow.audit_record import ANSWER, audit_forms, by_case
from evidence_mapper.workflow.cases import list_cases
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class ToForget:
    """What a name stands for."""

    documents: tuple[Document, ...]
    """In the order they were added; empty for a case of which only audit forms are here."""
    cases: tuple[str, ...] = ()
    """Ids of cases that have no other document: what is said of them goes too, audit forms included."""
    entries: tuple[str, ...] = ()
    """Subjects of the entries of those cases' audit forms, and of moderators' answers on them."""
    audited: tuple[tuple[str, int], ...] = ()
    """(case, audit forms) of cases that lose a document and keep their forms."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What goes beside the documents."""
        return (*self.cases, *self.entries)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What :func:`forget` did."""

    forgetting: Forgetting
    wiped: bool
    """Whether the file was written anew; False when another program kept it from that."""
    heads: int
    """Heads the project learned before: they hold numbers, no words, but learned from the decisions too."""


def what_to_forget(project: Project, name: str) -> ToForget:
    """Return the documents a name stands for.

    Parameters
    ----------
    name
        Name or id of a document, which takes what lies inside it (attachments, members of an archive)
        along; a case, one of which only audit forms are here too; or a folder's with ``/`` behind it.

    Raises
    ------
    UsageError
        Nothing has the name; names the nearest.
    """
    documents = project.store.documents()
    for document in documents:
        if name in (document.name, document.id):
            return _with_cases(project, _within([document], documents))
    if (case := _case(project, name)) is not None:
        return case
    found = [d for d in documents if name.endswith("/") and d.name.startswith(name)]
    if not found and (audited := _audited_only(project, name)):
        return audited
    return _with_cases(project, found or [find_document(project, name)])


def _within(held: Sequence[Document], documents: Sequence[Document]) -> list[Document]:
    """Return documents with what lies inside them, such as an e-mail's attachments."""
    names = tuple(f"{document.name}/" for document in held)
    return [d for d in documents if d in held or d.name.startswith(names)]


def _with_cases(project: Project, documents: Sequence[Document]) -> ToForget:
    """Return documents with the cases that have no other document: what is said of these goes too.

    A case that is not grouped is one that an audit form names, in the path of a document.
    """
    ids = {d.id for d in documents}
    listed = list_cases(project)
    cases = [c.id for c in listed if {m.document_id for m in c.members} <= ids]
    forms = by_case(audit_forms(project))
    touched = {c.id for c in listed if {m.document_id for m in c.members} & ids}
    touched |= {case for case in forms if any(_is_in(case, d.name) for d in documents)}
    gone = {case.casefold() for case in cases}
    stay = [case for case in forms if case in touched and case.casefold() not in gone]
    left = tuple((case, len(forms[case])) for case in stay)
    return ToForget(tuple(documents), tuple(cases), _audit_entries(project, gone), left)


def _is_in(case: str, name: str) -> bool:
    """Return whether a document's name has a case's reference as a whole word in it."""
    return re.search(rf"(?<!\w){re.escape(case)}(?!\w)", name, re.IGNORECASE) is not None


def _audited_only(project: Project, name: str) -> ToForget | None:
    """Return a case of which only audit forms are here; None when there is no such case."""
    wanted = name.strip().casefold()
    for case in by_case(audit_forms(project)):
        if case.casefold() == wanted:
            return ToForget((), (case,), _audit_entries(project, {wanted}))
    return None


def _audit_entries(project: Project, cases: Collection[str]) -> tuple[str, ...]:
    """Return the subjects of the entries of cases' audit forms, and of what moderators said of them.

    ``cases`` are ids, folded.
    """
    forms = {form.id for form in audit_forms(project) if form.case.casefold() in cases}
    answers = {
        event.subject
        for event in project.store.entries([EventAction.AUDIT])
        if event.payload.get("kind") == ANSWER and any(_is_in(case, event.words) for case in cases)
    }
    return tuple(sorted(forms | answers))


def forget(
    project: Project,
    wanted: ToForget,
    *,
    coder: str,
    reason: str,
    trial: bool = False,
    now: Callable[[], str] = utc_now,
) -> Forgotten:
    """Erase every trace of documents from the project, and wipe the file.

    Parameters
    ----------
    reason
        Why, for the tombstone: it stays for good and must not name the document or the person.
    trial
        Count what would go and change nothing.

    Raises
    ------
    StoreError
        The project cannot be written, or the reason names the document; nothing was changed.
    """
    if not reason.strip():
        raise UsageError("say why, in words that name nobody: the tombstone keeps it")
    found = project.store.forget(
        [d.id for d in wanted.documents],
        coder=coder,
        at=now(),
        reason=reason.strip(),
        subjects=wanted.subjects,
        kept_vectors=_hashes_that_stay(project, wanted),
        trial=trial,
    )
    heads = len(project.store.heads())
    return Forgotten(found, False if trial else project.store.wipe(), heads)


def _case(project: Project, name: str) -> ToForget | None:
    """Return the documents of a case; None when no case has the name.

    Raises
    ------
    UsageError
        The case has rows of tables that are about other cases too.
    """
    for case in list_cases(project):
        if case.id.casefold() != name.strip().casefold():
            continue
        documents = {d.id: d for d in project.store.documents()}
        rows = {documents[m.document_id].name for m in case.members if m.column is not None}
        if rows:
            raise UsageError(
                f"case {case.id} has rows of tables that hold other people's too: {', '.join(sorted(rows))}. "
                "Take its rows out of the file and add it again, then forget the case's own documents by "
                "name; or forget the whole table. Nothing was changed"
            )
        held = [documents[m.document_id] for m in case.members]
        return _with_cases(project, _within(held, list(documents.values())))
    return None


def _hashes_that_stay(project: Project, wanted: ToForget) -> frozenset[str]:
    """Return the hashes of the texts whose vectors stay; empty when the classifier is not here.

    All vectors go then: they are made again when they are needed.
    """
    from evidence_mapper.workflow.base_classifier import base_classifier
    from evidence_mapper.workflow.search import text_hashes

    try:
        classifier = base_classifier(project)
    except ModelError:
        return frozenset()
    gone = Counter(
        (p.text, p.heading_path, p.context) for d in wanted.documents for p in project.store.passages(d.id)
    )
    staying = _staying(project.store.live_texts(), gone)
    return frozenset(digest for _, digests in text_hashes(staying, classifier) for digest in digests)


def _staying(
    texts: Iterator[LiveText], gone: Counter[tuple[str, tuple[str, ...], str | None]]
) -> Iterator[LiveText]:
    """Yield the texts without those that go: of equal ones as many stay as other documents have."""
    for text in texts:
        key = (text.text, text.heading_path, text.context)
        if gone[key] > 0:
            gone[key] -= 1
        else:
            yield text
