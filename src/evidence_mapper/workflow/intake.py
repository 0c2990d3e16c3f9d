"""Files, and files inside files, from the readers into the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import ExtractedDocument, Member
from evidence_mapper.domain.ids import sha256_bytes, sha256_file
from evidence_mapper.domain.project import Refusal
from evidence_mapper.domain.survey import SurveyColumns, from_metadata
from evidence_mapper.errors import EmptyFile, ExtractionError, FileChanged, LimitExceeded, NoSuchColumn
from evidence_mapper.workflow import mail_thread
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.discover import FoundFile, litter
from evidence_mapper.workflow.document_facts import CONTAINER, INSIDE
from evidence_mapper.workflow.ingest_report import IngestReport
from evidence_mapper.workflow.ingested import build
from evidence_mapper.workflow.mail_thread import MAIL, Threads
from evidence_mapper.workflow.progress import ProgressSink
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.survey_columns import TABLES

if TYPE_CHECKING:
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.container.inside import Inside
    from evidence_mapper.extract.pool import ExtractionPool

NO_BYTES: Final = sha256_bytes(b"")
SAID_ELSEWHERE: Final = "only words of messages that are in the project"
"""Reason a message is passed over."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read, on disk or inside another."""

    file: FoundFile
    """Name in the project, and the file on disk that it is or lies in."""
    digest: str
    inside: Inside | None = None
    """None for a file on disk."""
    container: str | None = None
    """Name of the container it lies in."""
    is_read: bool = False
    """Its own text is in the project: only what lies inside is wanted."""

    @property
    def source(self) -> Path | Inside:
        """What the pool is asked for."""
        return self.inside or self.file.path


@dataclass
class Known:
    """What the project holds, kept up to date while files are taken in."""

    digests: dict[str, str]
    """Name of a document to its hash."""
    mails: frozenset[str]
    """Names of the documents that are messages."""
    names: dict[str, str]
    """Hash to the name of the document, or file now being read, that has it."""
    again: frozenset[str] = frozenset()
    """Names of documents to be read anew although their bytes are as they were."""
    earlier: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(hash, absolute path) of versions since replaced to the name of their document."""


class Intake:
    """Takes in one call's files.

    Parameters
    ----------
    project
        An open project.
    report
        Filled as files are read.
    known
        What the project holds.
    threads
        What its messages say, those to be read anew left out.
    limits
        Caps on containers.
    progress
        Told after each file.
    """

    def __init__(
        self,
        project: Project,
        report: IngestReport,
        known: Known,
        threads: Threads,
        limits: Limits,
        progress: ProgressSink,
    ) -> None:
        self._store = project.store
        self._report = report
        self._known = known
        self._threads = threads
        self._limits = limits
        self._progress = progress
        self._done = self._total = 0
        self._later: list[Job] = []
        self._put_off: list[tuple[str, Job]] | None = []
        self._inside: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._refused_before = {r.name for r in project.store.refusals()}
        self._readable: set[str] = set()
        self._containers: list[FoundFile] = []
        self._tables: dict[str, bool] = {}
        """Containers with tables read, and whether a column that a person named was in one of them."""

    def run(self, pool: ExtractionPool, jobs: Sequence[Job]) -> None:
        """Read all jobs, then what lies inside them, then messages that quote others, oldest first.

        Raises
        ------
        StoreError
            The project cannot be written.
        """
        while jobs:
            self._read(pool, jobs)
            jobs, self._later = self._later, []
        quoting = sorted(self._put_off or (), key=lambda item: (item[0], item[1].file.name))
        self._put_off = None
        self._read(pool, [job for _, job in quoting])
        self._finish()

    def refuse(self, name: str, digest: str | None, error: ExtractionError) -> None:
        """Record that a file was not read."""
        refusal = Refusal(name, error.code, str(error), digest, utc_now())
        self._store.record_refusal(refusal)
        self._report.refused.append(refusal)

    def _read(self, pool: ExtractionPool, jobs: Sequence[Job]) -> None:
        self._total += len(jobs)
        results = pool.run(job.source for job in jobs)
        for job, (_, outcome) in zip(jobs, results, strict=True):
            self._tell(job.file.name)
            self._take(job, _as_hashed(job, outcome))
            self._done += 1
            self._tell(job.file.name)

    def _tell(self, name: str) -> None:
        report = self._report
        counts = f"{report.pages:,} pages, {report.passages:,} passages, {len(report.refused):,} not read"
        self._progress(self._done, self._total, f"{counts}; {name}")

    def _take(self, job: Job, outcome: ExtractedDocument | ExtractionError) -> None:
        name = job.file.name
        if isinstance(outcome, ExtractionError):
            self.refuse(name, job.digest, outcome)
            return
        if outcome.members and self._put_off is not None:
            self._open(job, outcome.members)
        if job.is_read:
            return
        if not outcome.blocks:
            self._readable.add(name)
            return
        if outcome.media_type in MAIL:
            said = self._said_once(job, outcome)
            if said is None:
                return
            outcome = said
        self._store_reading(job, outcome)

    def _said_once(self, job: Job, outcome: ExtractedDocument) -> ExtractedDocument | None:
        """Return a message without what others say already; None when it is not to be stored, or not yet."""
        name = job.file.name
        same = self._threads.copy_of(outcome)
        if same is not None and same != name:
            self._report.duplicates.append((name, same))
            return None
        if mail_thread.has_quotes(outcome):
            if self._put_off is not None:
                self._put_off.append((mail_thread.sent_at(outcome), job))
                self._total -= 1
                self._done -= 1
                return None
            outcome = self._threads.without_known_quotes(outcome)
            if not outcome.blocks:
                self._report.passed_over.append((name, SAID_ELSEWHERE))
                self._readable.add(name)
                return None
        keys = mail_thread.sentence_keys(outcome.blocks)
        self._threads.add(name, dict(outcome.metadata).get(mail_thread.MESSAGE_ID), keys)
        return replace(outcome, metadata=(*outcome.metadata, (mail_thread.SENTENCES, " ".join(keys))))

    def _store_reading(self, job: Job, outcome: ExtractedDocument) -> None:
        from evidence_mapper.segment import segment

        name, report = job.file.name, self._report
        cut = segment(outcome)
        if not cut.drafts:
            self.refuse(name, job.digest, EmptyFile("no text to cite was found in it"))
            return
        previous = self._store.document_by_name(name)
        came = (
            [(CONTAINER, job.container), (INSIDE, job.inside.inner)] if job.inside and job.container else []
        )
        ingested = build(name, job.digest, outcome, cut, previous, place=str(job.source), more=came)
        surveys = from_metadata(outcome.metadata)
        if job.inside and self._is_beside_the_choice(job, outcome, surveys, reread=ingested.reread):
            report.unchanged.append(name)
            return
        report.note(name, self._store.add_document(ingested), reread=ingested.reread)
        if surveys:
            report.surveys.append((name, surveys))
        report.passages += len(ingested.passages)
        report.pages += outcome.pages or 0
        if outcome.unread_pages:
            report.partly_read.append((name, outcome.unread_pages))

    def _is_beside_the_choice(
        self, job: Job, outcome: ExtractedDocument, surveys: Sequence[SurveyColumns], *, reread: bool
    ) -> bool:
        """Return whether a table read before lacks the column now named for its container: it stays."""
        top = str(job.file.path)
        if outcome.media_type not in TABLES or not self._limits.comments.get(top):
            return False
        self._tables[top] = self._tables.get(top, False) or any(survey.chosen for survey in surveys)
        return reread and not any(survey.chosen for survey in surveys)

    # what lies inside ------------------------------------------------------------------------------
    def _open(self, job: Job, members: Sequence[Member]) -> None:
        """Queue the members of a container."""
        name = job.file.name
        steps = job.inside.steps if job.inside else ()
        within = [m for m in members if not self._is_passed_over(name, m)]
        self._report.containers.append((name, len(within)))
        before = {r for r in self._refused_before if r.startswith(f"{name}/")}
        self._readable |= before - {f"{name}/{m.name}" for m in within}  # what is refused again is told again
        top = str(job.file.path)
        if job.inside is None:
            self._containers.append(job.file)
        self._inside[top] += len(within)
        self._bytes[top] += sum(m.size for m in within)
        try:
            self._check_size(name, top, len(steps) + 1)
        except LimitExceeded as error:
            self.refuse(name, job.digest, error)
            return
        for member in within:
            self._queue(job, member, (*steps, member.step))

    def _is_passed_over(self, container: str, member: Member) -> bool:
        parts = member.name.split("/")
        folder = any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts[:-1])
        reason = "hidden" if folder else litter(parts[-1])
        if reason is not None:
            self._report.passed_over.append((f"{container}/{member.name}", reason))
        return reason is not None

    def _check_size(self, name: str, top: str, depth: int) -> None:
        limits = self._limits
        if depth > limits.container_depth:
            raise LimitExceeded(f"{name}: lies {depth} deep in other files. Unpack it and add what you need.")
        if self._inside[top] > limits.container_members or self._bytes[top] > limits.container_bytes:
            raise LimitExceeded(
                f"{name}: with what lies inside, over the limit of {limits.container_members:,} files or "
                f"{limits.container_bytes / 2**20:,.0f} MB. Unpack it and add the folder."
            )

    def _queue(self, job: Job, member: Member, steps: tuple[int, ...]) -> None:
        from evidence_mapper.extract.container.inside import Inside

        name, known = f"{job.file.name}/{member.name}", self._known
        if member.refusal is not None or member.sha256 is None:
            code, message = member.refusal or (DAMAGED, "not listed")
            self.refuse(name, None, _refusal(code, message))
            return
        digest = member.sha256
        inner = f"{job.inside.inner}/{member.name}" if job.inside else member.name
        inside = Inside(job.file.path, steps, inner, digest)
        queued = Job(FoundFile(name, job.file.path), digest, inside, job.file.name)
        if known.digests.get(name) == digest and name not in known.again:
            self._report.unchanged.append(name)
            self._readable.add(name)
            if name in known.mails:
                self._later.append(replace(queued, is_read=True))
        elif digest in known.names and name not in known.digests:
            self._report.duplicates.append((name, known.names[digest]))
        else:
            self._later.append(queued)
            if digest != NO_BYTES:
                known.names[digest] = name

    def _check_columns(self) -> None:
        """Refuse containers none of whose tables has a column that a person named for them."""
        for container in self._containers:
            named = self._limits.comments.get(str(container.path))
            if named and self._tables.get(str(container.path)) is False:
                listed = ", ".join(f"'{column}'" for column in named)
                why = (
                    f"no table in it has a column {listed}. Those read before stay as they were; in new ones "
                    "the columns that hold answers were judged"
                )
                self.refuse(container.name, None, NoSuchColumn(f"{container.name}: {why}."))

    def _finish(self) -> None:
        """Keep the other names of what was met twice, and drop what is refused no more."""
        self._check_columns()
        refused = {refusal.name for refusal in self._report.refused}
        self._store.forget_refusals(sorted((self._readable & self._refused_before) - refused))
        documents = {d.name: d for d in self._store.documents()} if self._report.duplicates else {}
        for name, same in self._report.duplicates:
            if same in documents and name not in documents:
                kept = documents[same]
                self._store.record_copy(name, kept.id, kept.file_sha256, utc_now())


DAMAGED: Final = "damaged"


def unopened(error: OSError) -> ExtractionError:
    """Return why a file could not be opened."""
    return ExtractionError(f"cannot be opened: {error.strerror or error}")


def _refusal(code: str, message: str) -> ExtractionError:
    from evidence_mapper.extract.codec import error_from_json

    return error_from_json({"code": code, "message": message})


def _as_hashed(job: Job, outcome: ExtractedDocument | ExtractionError) -> ExtractedDocument | ExtractionError:
    """Return the outcome, or why it is not the reading of the content that was hashed."""
    if job.inside is not None:
        return outcome  # the reader compared the member's bytes with its hash
    try:
        now = sha256_file(job.file.path)
    except OSError as error:
        return outcome if isinstance(outcome, ExtractionError) else unopened(error)
    if now != job.digest:
        return FileChanged("the file was changed while it was read; add it again")
    return outcome
