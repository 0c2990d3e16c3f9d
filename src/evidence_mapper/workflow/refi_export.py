"""The project, or its framework, as a file for analysis tools (REFI-QDA)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from evidence_mapper import __version__
from evidence_mapper.domain.coding import EventAction, Outcome, Verdict
from evidence_mapper.domain.exchange import LossReport, QdaUser
from evidence_mapper.workflow.confirmed import check_unchanged, state_figures, state_time
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.refi_beside import kept_beside
from evidence_mapper.workflow.refi_bundles import Bundles, variables
from evidence_mapper.workflow.refi_losses import SAY_MORE
from evidence_mapper.workflow.refi_names import user_guid, xsd_time
from evidence_mapper.workflow.released import refuse_whole_texts

if TYPE_CHECKING:
    from evidence_mapper.export.refi_qda import Heading

ORIGIN: Final = f"evidence-mapper {__version__}"
_NOT_ENTRIES: Final = frozenset({EventAction.DECIDED, EventAction.CARRIED, EventAction.UNDONE})
_NO_FORM: Final = "the standard has no form for it"


@dataclass(frozen=True, slots=True)
class RefiExport:
    """What was written, and what could not be."""

    path: Path
    sources: int
    decisions: int
    codings: int
    """Codes on passages: a decision with a statement, a topic and a category is three."""
    notes: int
    coders: int
    codes: int
    """Codes of the codebook, folders among them; counted for a codebook only, else 0."""
    losses: LossReport


def export_project(
    project: Project,
    path: Path,
    *,
    originals: bool = False,
    overwrite: bool = False,
    identifiable: bool = False,
    losses_by_name: bool = True,
) -> RefiExport:
    """Write persons' codings, with the texts they are on, to a ``.qdpx`` file.

    The same state of the project gives the same bytes.

    Parameters
    ----------
    project
        An open project.
    path
        The file to make.
    originals
        Also take the files the texts were read from, where they still lie and have not changed.
    overwrite
        Replace an existing file.
    identifiable
        Also where texts tell people's own stories, whose names cannot be replaced in this format.
    losses_by_name
        Keep what is not carried thing by thing; else only how many of each kind, however many there are.

    Raises
    ------
    UsageError
        Texts tell people's own stories, and ``identifiable`` is not asked for.
    ExportError
        The file exists or cannot be written, or somebody decided on a passage meanwhile.
    """
    from evidence_mapper.export import write_atomically
    from evidence_mapper.export.refi_qda import write_project

    refuse_whole_texts(project, identifiable=identifiable)
    beside, losses = kept_beside(project.store), LossReport(by_name=losses_by_name)
    bundles = Bundles(project, beside, losses, originals)
    before = state_figures(project)
    heading = _heading(project, bundles)

    def written(stream: BinaryIO) -> int:
        return _checked(project, before, write_project(stream, heading, bundles.walk(), bundles.pdfs()))

    write_atomically(path, written, overwrite=overwrite)
    _what_is_left(project, losses)
    counts = {name: bundles.counts[name] for name in ("sources", "decisions", "codings", "notes")}
    return RefiExport(path=path, coders=len(heading.users), codes=0, losses=losses, **counts)


def export_codebook(project: Project, path: Path, *, overwrite: bool = False) -> RefiExport:
    """Write the project's framework to a ``.qdc`` file.

    Raises
    ------
    ExportError
        The file exists or cannot be written.
    """
    from evidence_mapper.export import write_atomically
    from evidence_mapper.export.refi_codes import code_sets, codebook
    from evidence_mapper.export.refi_qda import write_codebook

    framework, beside = project.framework, kept_beside(project.store)
    codes = (*codebook(framework), *beside.codes())
    count = write_atomically(
        path,
        lambda stream: write_codebook(stream, codes, code_sets(framework), origin=ORIGIN),
        overwrite=overwrite,
    )
    losses = LossReport()
    rules = len(framework.boundaries) + sum(len(s.boundaries) for s in framework.statements)
    losses.add("rules between statements", _NO_FORM, count=rules)
    phrasings = sum(len(s.phrasings) for s in framework.statements)
    losses.add("phrasings for the classifier", _NO_FORM, count=phrasings)
    legal = sum(len(s.legal_references) for s in framework.statements)
    losses.add("legal references", _NO_FORM, count=legal)
    return RefiExport(path, 0, 0, 0, 0, 0, count, losses)


def write_qdpx(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write a project for the table of formats; what was lost is in the report's notes."""
    found = export_project(
        project,
        path,
        overwrite=request.overwrite,
        identifiable=request.identifiable,
        losses_by_name=False,
    )
    return ExportReport(path, found.decisions, 0, _notes(found))


def write_qdc(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write a codebook for the table of formats."""
    found = export_codebook(project, path, overwrite=request.overwrite)
    return ExportReport(path, 0, 0, (f"{found.codes} codes: a codebook holds no evidence.", *_notes(found)))


def _notes(found: RefiExport) -> tuple[str, ...]:
    lines = found.losses.lines()
    return ("Not carried:", *(f"  {line}" for line in lines), SAY_MORE) if lines else ()


def _heading(project: Project, bundles: Bundles) -> Heading:
    from evidence_mapper.export.refi_codes import code_sets, codebook
    from evidence_mapper.export.refi_qda import Heading

    info = project.store.info
    return Heading(
        # Not the file's name: a copy under another is the same project.
        name=f"{project.framework.title} ({info.id})",
        origin=ORIGIN,
        created=xsd_time(info.created_at),
        modified=xsd_time(state_time(project)),
        users=[QdaUser(user_guid(name), name) for name in bundles.users()],
        codes=(*codebook(project.framework), *bundles.beside.codes()),
        sets=code_sets(project.framework),
        variables=variables(project),
    )


def _checked(project: Project, before: tuple[int, int], count: int) -> int:
    check_unchanged(project, before)
    return count


def _what_is_left(project: Project, losses: LossReport) -> None:
    """Note what the record holds that was not looked at while writing."""
    store = project.store
    for passage_id, made in store.decisions_made():
        decision = made.decision
        rejected = sum(verdict is Verdict.REJECTED for _, verdict in decision.statements)
        losses.add("rejected statements", _NO_FORM, count=rejected)
        if decision.outcome is not Outcome.CODED:
            what = f"passages answered '{decision.outcome.value}'"
            losses.add(what, _NO_FORM, item=f"{passage_id}, {made.coder}")
            if decision.note:
                losses.add("notes on such passages", "a note is carried with a coding only")
    suggestions = sum(1 for _ in store.evidence_rows(confirmed=False))
    losses.add("suggestions", "only what a person confirmed is a coding", count=suggestions)
    refusals = len(store.refusals())
    losses.add("files that could not be read", "there is no text to carry", count=refusals)
    others = [action for action in EventAction if action not in _NOT_ENTRIES]
    counts = Counter(event.action for event in store.entries(others))
    for action, count in sorted(counts.items()):
        losses.add(f"entries of the record ({action.value})", _NO_FORM, count=count)
    undone = len(store.entries([EventAction.UNDONE]))
    losses.add("decisions taken back", "only decisions that hold are carried", count=undone)
