"""Files in, passages with their source in the store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evidence_mapper.domain.document import Document, DocumentRevision, ExtractedDocument, SourceType
from evidence_mapper.domain.ids import derived_id, sha256_file, sha256_text
from evidence_mapper.domain.passage import Passage, PassageDraft, SegmentedDocument
from evidence_mapper.domain.project import Refusal
from evidence_mapper.errors import EmptyFile, ExtractionError
from evidence_mapper.store.base import IngestedDocument
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.discover import FoundFile, find_files
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.source_type import guess_source_type


@dataclass
class IngestReport:
    """What became of every file."""

    added: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    """Known names whose content has changed."""
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    """(name, name of the document with the same content)."""
    refused: list[Refusal] = field(default_factory=list)
    partly_read: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    """(name, pages that hold no text)."""
    passages: int = 0
    pages: int = 0


def add_files(
    project: Project, paths: Sequence[Path], *, workers: int = 2, progress: ProgressSink = silent
) -> IngestReport:
    """Read files into the project; one that cannot be read is recorded and never stops the rest.

    Each document is written in one transaction, so a run that is killed and started again finishes
    with the same result.

    Parameters
    ----------
    project
        An open project.
    paths
        Files and folders.
    workers
        Processes that parse; at least 1.
    progress
        Told after each file.

    Raises
    ------
    UsageError
        A path does not exist.
    StoreError
        The project cannot be written.
    """
    from evidence_mapper.extract.pool import ExtractionPool

    report = IngestReport()
    new = _new_files(project, find_files(paths), report)
    done = 0
    with ExtractionPool(workers=workers) as pool:
        results = pool.run(file.path for file, _ in new)
        for (file, digest), (_, outcome) in zip(new, results, strict=True):
            progress(done, len(new), file.name)
            _take(project, file, digest, outcome, report)
            done += 1
            progress(done, len(new), file.name)
    return report


def _new_files(
    project: Project, files: Sequence[FoundFile], report: IngestReport
) -> list[tuple[FoundFile, str]]:
    known = {d.file_sha256: d.name for d in project.store.documents()}
    new = []
    for file in files:
        try:
            digest = sha256_file(file.path)
        except OSError as error:
            _refuse(project, file.name, None, ExtractionError(f"cannot be opened: {error.strerror}"), report)
            continue
        if known.get(digest) == file.name:
            report.unchanged.append(file.name)
        elif digest in known:
            report.duplicates.append((file.name, known[digest]))
        else:
            new.append((file, digest))
            if file.path.stat().st_size:
                known[digest] = file.name
    return new


def _take(
    project: Project,
    file: FoundFile,
    digest: str,
    outcome: ExtractedDocument | ExtractionError,
    report: IngestReport,
) -> None:
    if isinstance(outcome, ExtractionError):
        _refuse(project, file.name, digest, outcome, report)
        return
    from evidence_mapper.segment import segment

    cut = segment(outcome)
    if not cut.drafts:
        _refuse(project, file.name, digest, EmptyFile("no text to cite was found in it"), report)
        return
    previous = project.store.document_by_name(file.name)
    ingested = build(file.name, digest, outcome, cut, previous)
    project.store.add_document(ingested)
    (report.revised if previous else report.added).append(file.name)
    report.passages += len(ingested.passages)
    report.pages += outcome.pages or 0
    if outcome.unread_pages:
        report.partly_read.append((file.name, outcome.unread_pages))


def _refuse(
    project: Project, name: str, digest: str | None, error: ExtractionError, report: IngestReport
) -> None:
    refusal = Refusal(name, error.code, str(error), digest, utc_now())
    project.store.record_refusal(refusal)
    report.refused.append(refusal)


def build(
    name: str,
    digest: str,
    extracted: ExtractedDocument,
    cut: SegmentedDocument,
    previous: Document | None,
) -> IngestedDocument:
    """Turn an extraction into the rows that are stored.

    A person's source type is kept when the document is a new revision of ``previous``.
    """
    at = utc_now()
    document_id = previous.id if previous else derived_id("doc", name, digest)
    text_hash = sha256_text(cut.text)
    revision_id = derived_id("rev", document_id, digest, text_hash)
    kept = previous if previous and previous.source_type_by else None
    source_type: SourceType = kept.source_type if kept else guess_source_type(name, extracted)
    return IngestedDocument(
        document=Document(
            id=document_id,
            name=name,
            file_sha256=digest,
            media_type=extracted.media_type,
            source_type=source_type,
            source_type_by=kept.source_type_by if kept else None,
            pages=extracted.pages,
            added_at=at,
        ),
        revision=DocumentRevision(
            revision_id, document_id, digest, cut.text, text_hash, extracted.extractor, at
        ),
        passages=_passages(document_id, revision_id, digest, cut),
        exclusions=extracted.exclusions,
        unread_pages=extracted.unread_pages,
        warnings=extracted.warnings,
        metadata=extracted.metadata,
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
    # Boxes are left out: a library that moves one by a hundredth of a point must not orphan a decision.
    address = {k: v for k, v in draft.location.to_json().items() if k != "bbox"}
    place = json.dumps(address, sort_keys=True)
    repeat = (str(occurrence),) if occurrence else ()
    return derived_id("psg", digest, place, text, *repeat)
