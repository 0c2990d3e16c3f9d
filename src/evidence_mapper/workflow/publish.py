"""Evidence out of the store into a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import CellCount, EvidenceRow, Matrix
from evidence_mapper.errors import ExportError
from evidence_mapper.export import ExportContext, Table, exporter, write_atomically
from evidence_mapper.export.scratch import scratch_folder
from evidence_mapper.workflow.confirmed import check_unchanged, state_figures, state_time
from evidence_mapper.workflow.export_formats import (
    ExportFormat,
    ExportReport,
    ExportRequest,
    RowFilter,
    format_for,
    refuse_unheeded,
)
from evidence_mapper.workflow.export_rows import evidence
from evidence_mapper.workflow.gaps import find_gaps
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import check_key, finish, release, released_note, to_count

if TYPE_CHECKING:
    from evidence_mapper.workflow.redaction_key import Key

__all__ = [
    "ExportReport",
    "check_target",
    "export_as_asked",
    "export_evidence",
    "open_output",
    "write_csv",
    "write_jsonl",
    "write_parquet",
    "write_xlsx",
]


def export_evidence(
    project: Project,
    path: Path,
    *,
    format_name: str | None = None,
    suggested: bool = False,
    overwrite: bool = False,
    where: RowFilter | None = None,
    progress: ProgressSink = silent,
) -> ExportReport:
    """Write confirmed evidence, and undecided suggestions when asked, to a file.

    Names in people's own stories are replaced; see :mod:`~evidence_mapper.workflow.released`.

    Parameters
    ----------
    project
        An open project.
    path
        The file to make.
    format_name
        One of :data:`~evidence_mapper.workflow.export_formats.FORMATS`; None goes by the file's ending.
    suggested
        Also write suggestions nobody has decided, with the status ``suggested``.
    overwrite
        Replace an existing file.
    where
        Which rows; None takes all.
    progress
        Is told how far the replacing of names is.

    Raises
    ------
    UsageError
        The format is not known, does not heed what is asked, or a code is not in the framework.
    ExportError
        The file exists, or cannot be written.
    """
    request = ExportRequest(suggested, overwrite, where or RowFilter(), progress=progress)
    return export_as_asked(project, path, format_name, request)


def export_as_asked(
    project: Project, path: Path, format_name: str | None, request: ExportRequest
) -> ExportReport:
    """Write a file in any format of the table; raises as :func:`export_evidence`."""
    chosen = format_for(path, format_name)
    refuse_unheeded(chosen, request)
    if request.key is not None:
        check_key(request.key, path)
    before, found = state_figures(project), release(project, request)
    report = chosen.load()(found.project, path, request)
    if found.key is not None:
        _keep_way_back(project, chosen, request, (found.key, path))
        check_unchanged(project, before)
    return finish(project, found, request, report)


def _keep_way_back(
    project: Project, chosen: ExportFormat, request: ExportRequest, kept: tuple[Key, Path]
) -> None:
    """Write the export once more with its names, in a private folder, and keep the difference in the key."""
    from evidence_mapper.workflow.export_reverse import can_reverse, kept_export

    key, path = kept
    if not can_reverse(path):
        return
    with scratch_folder() as folder:
        as_written = folder / path.name
        chosen.load()(project, as_written, replace(request, identifiable=True, key=None))
        found = kept_export(path, as_written, project.store.info.id)
    key.files[:] = [file for file in key.files if file != found]
    if any(text.words for text in found.texts):
        key.files.append(found)


def check_target(
    path: Path, *, format_name: str | None = None, overwrite: bool = False, suggested: bool = False
) -> None:
    """Refuse a target that :func:`export_evidence` would refuse, before long work is done for it.

    Raises
    ------
    UsageError
        The format is not known, or takes no suggestions where they are to be written.
    ExportError
        The file exists.
    """
    refuse_unheeded(format_for(path, format_name), ExportRequest(suggested))
    if not overwrite and os.path.lexists(path):
        raise ExportError(f"{path} already exists; it was left as it is. Add --force to replace it")


def write_csv(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the rows as CSV."""
    return _write_rows("csv", project, path, request)


def write_xlsx(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the rows as a workbook."""
    return _write_rows("xlsx", project, path, request)


def write_jsonl(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the rows as JSON Lines."""
    return _write_rows("jsonl", project, path, request)


def write_parquet(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the rows as Parquet."""
    return _write_rows("parquet", project, path, request)


def _write_rows(name: str, project: Project, path: Path, request: ExportRequest) -> ExportReport:
    writer = exporter(name)
    counts = {"confirmed": 0, "suggested": 0}

    def rows() -> Iterator[EvidenceRow]:
        for row in evidence(project, request):
            counts[row.status] += 1
            yield row

    context = _context(project, released_note(project, _stories(project, request)), tables=name == "xlsx")
    write_atomically(path, lambda stream: writer.write(rows(), stream, context), overwrite=request.overwrite)
    return ExportReport(path, counts["confirmed"], counts["suggested"])


def _stories(project: Project, request: ExportRequest) -> int:
    """Return in how many passages names are replaced; none where they are left as they are."""
    if (counting := to_count(project)) is project:
        return 0
    stories = (row.passage.id for row in evidence(counting, request) if row.redacted)
    return sum(1 for _ in groupby(stories))


def _context(project: Project, privacy: str, *, tables: bool) -> ExportContext:
    """Return what an export says besides its rows; ``tables`` are the sheets that only a workbook has."""
    from evidence_mapper.frameworks import unverified_entries

    framework, titles = project.framework, _titles(project.framework)
    matrix = project.store.matrix() if tables else None
    return ExportContext(
        framework_title=framework.title,
        framework_id=framework.id,
        framework_version=framework.version,
        copyright=framework.copyright,
        project_id=project.store.info.id,
        exported_at=state_time(project),
        titles=titles,
        unverified=unverified_entries(framework),
        documents=_documents(project) if tables else None,
        matrix=None if matrix is None else _matrix(framework, matrix),
        gaps=None if matrix is None else _gaps(framework, matrix, titles),
        privacy=privacy,
    )


def _titles(framework: Framework) -> dict[str, str]:
    titles = {s.id: s.title.text for s in framework.statements}
    titles |= {t.id: t.definition for t in framework.topics}
    titles |= {i.id: i.wording.text for i in framework.i_statements}
    return titles | {c.id: c.name.text for c in framework.evidence_categories}


def _documents(project: Project) -> Table:
    columns = (
        "document",
        "source_type",
        "source_type_set_by",
        "pages",
        "passages",
        "file_sha256",
        "added_at",
    )
    rows: list[tuple[str | int | float | None, ...]] = [
        (
            row.document.name,
            row.document.source_type.value,
            row.document.source_type_by,
            row.document.pages,
            row.passages,
            row.document.file_sha256,
            row.document.added_at,
        )
        for row in project.store.document_progress("")
    ]
    rows += [
        (r.name, f"not read: {r.code}", None, None, 0, r.file_sha256, r.at) for r in project.store.refusals()
    ]
    return Table(columns, rows)


def _matrix(framework: Framework, matrix: Matrix) -> Table:
    categories = matrix.categories(framework)
    names = [f"{name}: {kind}" for name in categories.values() for kind in ("confirmed", "suggested")]
    rows: list[tuple[str | int, ...]] = []
    for statement in framework.statements:
        cells = [matrix.cell(statement.id, category) for category in categories]
        counts = [n for cell in cells for n in (cell.confirmed, cell.suggested)]
        total: CellCount = matrix.row(statement.id)
        rows.append((statement.title.text, *counts, total.confirmed, total.suggested))
    return Table(("statement", *names, "all: confirmed", "all: suggested"), rows)


def _gaps(framework: Framework, matrix: Matrix, titles: Mapping[str, str]) -> Table:
    rows = [
        (
            titles[g.statement],
            titles.get(g.category or "", ""),
            titles.get(g.topic or "", ""),
            g.standing.value,
            g.confirmed,
            g.suggested,
            g.expected,
            "yes" if g.required else "",
        )
        for g in find_gaps(framework, matrix)
    ]
    columns = (
        "statement",
        "evidence category",
        "topic",
        "standing",
        "confirmed",
        "suggested",
        "likely",
        "required",
    )
    return Table(columns, rows)


@contextmanager
def open_output(path: Path | None, stdout: TextIO) -> Iterator[TextIO]:
    """Yield a text stream: ``stdout``, or a file that appears whole when the work is done.

    Raises
    ------
    ExportError
        The file cannot be written, or another program holds the one it is to replace.
    """
    if path is None:
        yield stdout
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}; name a writable folder") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror or error}; close it if it is open in "
            "another program, or name another file, then run it again"
        ) from error
    finally:
        part.unlink(missing_ok=True)
