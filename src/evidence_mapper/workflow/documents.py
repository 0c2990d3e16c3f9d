"""Documents by name, and what a person says of them."""

from __future__ import annotations

import difflib

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project


def find_document(project: Project, name: str) -> Document:
    """Return the document with this name or id; the folders before its name may be left out.

    Raises
    ------
    UsageError
        There is none, or several in different folders; names the nearest.
    """
    documents = project.store.documents()
    for document in documents:
        if name in (document.name, document.id):
            return document
    below = [d for d in documents if name and d.name.endswith(f"/{name}")]
    if len(below) == 1:
        return below[0]
    if below:
        there = ", ".join(d.name for d in below)
        raise UsageError(f"'{name}' stands in several folders; name one of {there}")
    near = difflib.get_close_matches(name, [d.name for d in documents], n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "."
    raise UsageError(f"no document '{name}' in the project{hint} List them: evidence-mapper documents")


def set_source_type(project: Project, name: str, source_type: SourceType, coder: str) -> Document:
    """Record a person's word on what kind of paper a document is; return the document as it was.

    The kind decides how passages are read, so where it is another than before, what was suggested of those
    that nobody ever decided on is taken back: ``suggest`` or ``suggest_missing`` makes it anew.
    """
    document = find_document(project, name)
    project.store.append_event(
        coder=coder,
        action=EventAction.SOURCE_TYPE_SET,
        subject=document.id,
        at=utc_now(),
        payload={"source_type": source_type.value},
    )
    return document
