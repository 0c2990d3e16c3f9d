"""Forget a document, what lies inside it, or a case: what goes, what stays, and copies to think of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.forgetting import Forgetting
from evidence_mapper.errors import ModelError, UsageError
from evidence_mapper.store.records import LiveText
from evidence_mapper.workflow.cases import list_cases
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class ToForget:
    """What a name stands for."""

    documents: tuple[Document, ...]
    """In the order they were added; at least one."""
    subjects: tuple[str, ...] = ()
    """Ids of cases that have no other document: what is said of them goes too."""


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
        along; a case; or the name of a folder with ``/`` behind it.

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
    return _with_cases(project, found or [find_document(project, name)])


def _within(held: Sequence[Document], documents: Sequence[Document]) -> list[Document]:
    """Return documents with what lies inside them, such as an e-mail's attachments."""
    names = tuple(f"{document.name}/" for document in held)
    return [d for d in documents if d in held or d.name.startswith(names)]


def _with_cases(project: Project, documents: Sequence[Document]) -> ToForget:
    """Return documents with the cases that have no other document: what is said of these goes too."""
    ids = {d.id for d in documents}
    cases = [c.id for c in list_cases(project) if {m.document_id for m in c.members} <= ids]
    return ToForget(tuple(documents), tuple(cases))


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
    return frozenset(digest for _, digest in text_hashes(staying, classifier))


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
