"""Files in, passages with their source in the store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import Document, DocumentRevision, ExtractedDocument, SourceType
from evidence_mapper.domain.ids import derived_id, sha256_bytes, sha256_file, sha256_text
from evidence_mapper.domain.passage import Passage, PassageDraft, SegmentedDocument
from evidence_mapper.domain.project import Refusal
from evidence_mapper.errors import EmptyFile, ExtractionError, FileChanged
from evidence_mapper.store.base import IngestedDocument
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.discover import FoundFile, find_files
from evidence_mapper.workflow.naming import SOURCE_PATH, settled
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.source_type import guess_source_type

_NO_BYTES: Final = sha256_bytes(b"")


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
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """(name, reason), as in :class:`~evidence_mapper.workflow.discover.Found`."""
    passages: int = 0
    pages: int = 0


def add_files(
    project: Project, paths: Sequence[Path], *, workers: int = 2, progress: ProgressSink = silent
) -> IngestReport:
    """Read files into the project; one that cannot be read is recorded and never stops the rest.

    Each document is written in one transaction, so a run that is killed and started again finishes
    with the same result.

    A file at a place that a document came from is a new revision of it; a file from another place
    never takes the name of a document whose own place is still there.

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

    found = find_files(paths)
    report = IngestReport(passed_over=found.passed_over)
    for name, why in found.unreadable:
        error = ExtractionError(f"the folder cannot be opened: {why}. Nothing in it was read.")
        _refuse(project, name, None, error, report)
    new = _new_files(project, _named(project, found.files), report)
    readable = {*found.folders, *report.unchanged, *(name for name, _ in report.duplicates)}
    project.store.forget_refusals([r.name for r in project.store.refusals() if r.name in readable])
    done = 0
    with ExtractionPool(workers=workers) as pool:
        results = pool.run(file.path for file, _ in new)
        for (file, digest), (_, outcome) in zip(new, results, strict=True):
            progress(done, len(new), file.name)
            _take(project, file, digest, _as_hashed(file, digest, outcome), report)
            done += 1
            progress(done, len(new), file.name)
    return report


def _named(project: Project, files: Sequence[FoundFile]) -> list[FoundFile]:
    names = settled({file.path: file.name for file in files}, project.store.source_paths())
    return sorted((FoundFile(name, path) for path, name in names.items()), key=lambda f: f.name)


def _new_files(
    project: Project, files: Sequence[FoundFile], report: IngestReport
) -> list[tuple[FoundFile, str]]:
    current = {d.name: d.file_sha256 for d in project.store.documents()}
    hashed = _hashed(project, files, report)
    digests = {file.name: digest for file, digest in hashed}
    # A document that gets other content in this call no longer stands for its old content.
    known = {digest: name for name, digest in current.items() if digests.get(name, digest) == digest}
    new = []
    for file, digest in hashed:
        if current.get(file.name) == digest:
            report.unchanged.append(file.name)
        elif digest in known and file.name not in current:
            report.duplicates.append((file.name, known[digest]))
        else:
            new.append((file, digest))
            if digest != _NO_BYTES:
                known[digest] = file.name
    return new


def _hashed(
    project: Project, files: Sequence[FoundFile], report: IngestReport
) -> list[tuple[FoundFile, str]]:
    hashed = []
    for file in files:
        try:
            hashed.append((file, sha256_file(file.path)))
        except OSError as error:
            _refuse(project, file.name, None, _unopened(error), report)
    return hashed


def _as_hashed(
    file: FoundFile, digest: str, outcome: ExtractedDocument | ExtractionError
) -> ExtractedDocument | ExtractionError:
    """Return the outcome, or why it is not the reading of the content that was hashed."""
    try:
        now = sha256_file(file.path)
    except OSError as error:
        return outcome if isinstance(outcome, ExtractionError) else _unopened(error)
    return outcome if now == digest else FileChanged("the file was changed while it was read; add it again")


def _unopened(error: OSError) -> ExtractionError:
    return ExtractionError(f"cannot be opened: {error.strerror or error}")


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
    ingested = build(file, digest, outcome, cut, previous)
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
    file: FoundFile,
    digest: str,
    extracted: ExtractedDocument,
    cut: SegmentedDocument,
    previous: Document | None,
) -> IngestedDocument:
    """Turn an extraction into the rows that are stored.

    A person's source type is kept when the document is a new revision of ``previous``.
    """
    at = utc_now()
    name = file.name
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
        metadata=(*(p for p in extracted.metadata if p[0] != SOURCE_PATH), (SOURCE_PATH, str(file.path))),
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
