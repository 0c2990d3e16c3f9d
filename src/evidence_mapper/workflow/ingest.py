"""Files in, passages with their source in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.errors import ExtractionError
from evidence_mapper.workflow import readers, scans, survey_columns
from evidence_mapper.workflow.discover import FoundFile, find_files
from evidence_mapper.workflow.ingest_report import IngestReport
from evidence_mapper.workflow.intake import NO_BYTES, Intake, Job, Known, unopened
from evidence_mapper.workflow.mail_thread import MAIL, Threads
from evidence_mapper.workflow.naming import settled
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.revisions import as_versions_of, changes_of, namesakes

__all__ = ["IngestReport", "add_files"]


def add_files(
    project: Project,
    paths: Sequence[Path],
    *,
    workers: int = 2,
    progress: ProgressSink = silent,
    comments: Sequence[str] = (),
    reread: bool = False,
    replaces: str | None = None,
) -> IngestReport:
    """Read files into the project; one that cannot be read is recorded and never stops the rest.

    Each document is one transaction: a run killed and started again ends with the same result. A file
    at a place that a document came from is a new revision of it; one from another place never takes
    the name of a document whose own place is still there. Files inside files count too.

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
    comments
        Columns that hold answers, by header or letter: every table among the files is read with them,
        one in the project already too. Empty: those a person named before, else the reader judges.
    reread
        Read files again that the project holds; a new version where something rests on another reading.
    replaces
        Document that the one file is a new version of, wherever it lies; None judges by its place.

    Raises
    ------
    UsageError
        A path does not exist; or ``replaces`` is no document, or there is not one file.
    StoreError
        The project cannot be written.
    """
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.pool import ExtractionPool

    found = find_files(paths)
    report = IngestReport(passed_over=found.passed_over)
    facts = project.store.facts()
    files = as_versions_of(project, _named(found.files, facts), replaces)
    limits = Limits(comments=survey_columns.by_path(project, files, comments))
    known = _known(project)
    known.again = again = _again(project, comments, known, reread=reread)
    threads = Threads.of({name: kept for name, kept in facts.items() if name not in again})
    intake = Intake(project, report, known, threads, limits, progress)
    _refuse_folders(intake, found.unreadable)
    jobs = _jobs(intake, files, known, report, again)
    _forget(project, {*found.folders, *report.unchanged, *(name for name, _ in report.duplicates)})
    with ExtractionPool(workers=workers, limits=limits) as pool:
        intake.run(pool, jobs)
    _compare(project, report)
    return report


def _compare(project: Project, report: IngestReport) -> None:
    """Note what new versions changed, what may be a version of another, and what an older reader read."""
    report.versions = changes_of(project, [*report.revised, *report.reread_beside])
    report.namesakes = namesakes(project, report.added)
    old = readers.read_by_older(project) if report.unchanged else {}
    report.older = [name for name in report.unchanged if name in old]


def _forget(project: Project, readable: set[str]) -> None:
    """Forget refusals of what is there and can be read now."""
    project.store.forget_refusals([r.name for r in project.store.refusals() if r.name in readable])


def _again(project: Project, comments: Sequence[str], known: Known, *, reread: bool) -> frozenset[str]:
    """Return names of files to be read again though they are as they were."""
    again = survey_columns.named_again(project, comments) | scans.now_readable(project)
    return frozenset(again | (known.digests.keys() if reread else frozenset()))


def _refuse_folders(intake: Intake, unreadable: Iterable[tuple[str, str]]) -> None:
    for name, why in unreadable:
        error = ExtractionError(f"the folder cannot be opened: {why}. Nothing in it was read.")
        intake.refuse(name, None, error)


def _known(project: Project) -> Known:
    documents = project.store.documents()
    return Known(
        digests={d.name: d.file_sha256 for d in documents},
        mails=frozenset(d.name for d in documents if d.media_type in MAIL),
        names={d.file_sha256: d.name for d in documents},
        earlier=project.store.earlier_places(),
    )


def _named(files: Sequence[FoundFile], facts: Mapping[str, Mapping[str, str]]) -> list[FoundFile]:
    names = settled({file.path: file.name for file in files}, readers.places(facts))
    return sorted((FoundFile(name, path) for path, name in names.items()), key=lambda f: f.name)


def _jobs(
    intake: Intake, files: Sequence[FoundFile], known: Known, report: IngestReport, again: frozenset[str]
) -> list[Job]:
    """Return what is to be read; what is known already is noted in the report."""
    hashed = list(_hashed(intake, files))
    digests = {file.name: digest for file, digest in hashed}
    # A document that gets other content in this call no longer stands for its old content.
    known.names = {
        digest: name for name, digest in known.digests.items() if digests.get(name, digest) == digest
    }
    jobs = []
    for file, digest in hashed:
        if known.digests.get(file.name) == digest and file.name not in again:
            report.unchanged.append(file.name)
            if file.name in known.mails:
                jobs.append(Job(file, digest, is_read=True))  # an attachment may not have been read yet
        elif file.name not in known.digests and (digest, str(file.path)) in known.earlier:
            report.earlier.append((file.name, known.earlier[digest, str(file.path)]))
        elif digest in known.names and file.name not in known.digests:
            report.duplicates.append((file.name, known.names[digest]))
        else:
            jobs.append(Job(file, digest))
            if digest != NO_BYTES:
                known.names[digest] = file.name
    return jobs


def _hashed(intake: Intake, files: Sequence[FoundFile]) -> list[tuple[FoundFile, str]]:
    hashed = []
    for file in files:
        try:
            hashed.append((file, sha256_file(file.path)))
        except OSError as error:
            intake.refuse(file.name, None, unopened(error))
    return hashed
