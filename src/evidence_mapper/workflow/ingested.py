"""One reading as the rows that are stored."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from evidence_mapper.domain.document import Document, DocumentRevision, ExtractedDocument, SourceType
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.passage import Passage, PassageDraft, SegmentedDocument
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.document_facts import document_facts
from evidence_mapper.workflow.naming import SOURCE_PATH
from evidence_mapper.workflow.source_type import guess


def build(
    name: str,
    digest: str,
    extracted: ExtractedDocument,
    cut: SegmentedDocument,
    previous: Document | None,
    *,
    place: str,
    more: Sequence[tuple[str, str]] = (),
) -> IngestedDocument:
    """Turn an extraction into the rows that are stored.

    A person's source type is kept when the document is a new revision of ``previous``.

    Parameters
    ----------
    name
        Path of the document in the project.
    digest
        Hash of the file's bytes.
    extracted, cut
        What was read, and its passages.
    previous
        The document of that name; None for a new one.
    place
        Where the file lies; kept to know it again, and never shown.
    more
        Further facts, such as the container it came in.
    """
    at = utc_now()
    document_id = previous.id if previous else derived_id("doc", name, digest)
    text_hash = sha256_text(cut.text)
    revision_id = derived_id("rev", document_id, digest, text_hash)
    guessed = guess(name, extracted)
    typed: tuple[SourceType, str | None] = (guessed.source_type, None)
    if previous and previous.source_type_by:
        typed = (previous.source_type, previous.source_type_by)
    given = {key for key, _ in more} | {SOURCE_PATH}
    return IngestedDocument(
        document=_document(document_id, name, digest, extracted, typed, at=at),
        revision=DocumentRevision(
            revision_id, document_id, digest, cut.text, text_hash, extracted.extractor, at
        ),
        passages=_passages(document_id, revision_id, digest, cut),
        exclusions=extracted.exclusions,
        unread_pages=extracted.unread_pages,
        warnings=extracted.warnings,
        metadata=(
            *(pair for pair in extracted.metadata if pair[0] not in given),
            *document_facts(name, extracted, guessed),
            *more,
            (SOURCE_PATH, place),
        ),
        reread=previous is not None and previous.file_sha256 == digest,
    )


def _document(
    document_id: str,
    name: str,
    digest: str,
    extracted: ExtractedDocument,
    typed: tuple[SourceType, str | None],
    *,
    at: str,
) -> Document:
    """Return the document; ``typed`` is its source type and who set it (None: a guess)."""
    return Document(
        id=document_id,
        name=name,
        file_sha256=digest,
        media_type=extracted.media_type,
        source_type=typed[0],
        source_type_by=typed[1],
        pages=extracted.pages,
        added_at=at,
    )


def _passages(document_id: str, revision_id: str, digest: str, cut: SegmentedDocument) -> list[Passage]:
    seen: Counter[str] = Counter()
    passages = []
    for ordinal, draft in enumerate(cut.drafts):
        text = draft.span.of(cut.text)
        base = _passage_id(digest, draft, text, 0)
        passages.append(
            Passage(
                id=base if not seen[base] else _passage_id(digest, draft, text, seen[base]),
                revision_id=revision_id,
                document_id=document_id,
                ordinal=ordinal,
                span=draft.span,
                text=text,
                kind=draft.kind,
                location=draft.location,
                heading_path=draft.heading_path,
                context=draft.context,
                attributes=draft.attributes,
            )
        )
        seen[base] += 1
    return passages


def _passage_id(digest: str, draft: PassageDraft, text: str, occurrence: int) -> str:
    # Figures are left out: a library that moves a box by a hundredth of a point must not orphan a decision.
    address = {k: v for k, v in draft.location.to_json().items() if k not in {"bbox", "confidence"}}
    place = json.dumps(address, sort_keys=True)
    repeat = (str(occurrence),) if occurrence else ()
    return derived_id("psg", digest, place, text, *repeat)
