"""Documents by name, and what a person says of them."""

from __future__ import annotations

import difflib

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project


def find_document(project: Project, name: str) -> Document:
    """Return the document with this name or id.

    Raises
    ------
    UsageError
        There is none; names the nearest.
    """
    documents = project.store.documents()
    for document in documents:
        if name in (document.name, document.id):
            return document
    near = difflib.get_close_matches(name, [d.name for d in documents], n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "."
    raise UsageError(f"no document '{name}' in the project{hint} List them: evidence-mapper documents")


def set_source_type(project: Project, name: str, source_type: SourceType, coder: str) -> Document:
    """Record a person's word on what kind of paper a document is."""
    document = find_document(project, name)
    project.store.append_event(
        coder=coder,
        action=EventAction.SOURCE_TYPE_SET,
        subject=document.id,
        at=utc_now(),
        payload={"source_type": source_type.value},
    )
    return document
