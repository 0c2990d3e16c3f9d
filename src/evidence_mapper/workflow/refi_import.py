"""A project or codebook of another analysis tool (REFI-QDA) into the project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.exchange import LossReport, OurCode, QdaProject
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.refi_mapping import (
    How,
    Proposal,
    mapping_payload,
    propose,
    settled_before,
)

_SURE: Final = (How.GUID, How.BEFORE)


@dataclass(frozen=True, slots=True)
class RefiRequest:
    """What a person asked of an import."""

    path: Path
    coder: str
    """Who brings it in; the codings are those of whoever made them."""
    mapping: Path | None = None
    """The mapping file: read when it is there, made when it is not; None stands for one beside ``path``."""
    yes_exact: bool = False
    """Take codes of exactly the same name without a mapping file; others are left out."""
    sources: Path | None = None
    """Folder of text files that lie outside the package; None reads none."""


@dataclass
class RefiImport:
    """What an import did."""

    tool: str
    """The program that wrote the file, as it calls itself."""
    proposals: list[Proposal] = field(default_factory=list)
    asked: Path | None = None
    """The mapping file that was made, to be confirmed; nothing was imported then. None when it went on."""
    is_codebook: bool = False
    added: list[str] = field(default_factory=list)
    """Names of new documents."""
    matched: list[str] = field(default_factory=list)
    """Documents that were here with the same text."""
    counts: Counter[str] = field(default_factory=Counter)
    """``decisions`` and ``codings`` that came in, ``renewed`` of the decisions, those there ``already``,
    codings kept ``beside`` under codes that are none of ours; codings ``on areas`` of pages that became
    decisions, and ``kept areas``, which are given back by the next export."""
    coders: set[str] = field(default_factory=set)
    losses: LossReport = field(default_factory=LossReport)
    remarks: list[str] = field(default_factory=list)
    """What was read otherwise than the standard says, and what was changed in texts."""


def import_refi(project: Project, request: RefiRequest, *, progress: ProgressSink = silent) -> RefiImport:
    """Read a project or codebook; codes are mapped onto the framework with a person's confirmation.

    Where a code is neither our own (by its GUID) nor was settled in an earlier import, a mapping file is
    made and nothing is imported; the second call takes it. Sources become documents, codings decisions of
    those who made them, with the times they have. A decision that somebody made here is never replaced.
    Codings under codes that are none of ours are kept beside, and given back by the next export.
    Importing the same file again changes nothing.

    Parameters
    ----------
    project
        An open project.
    request
        What to read, and what is settled.
    progress
        Told after each source.

    Raises
    ------
    ExtractionError
        The file cannot be read; the subclass says why.
    UsageError
        The mapping file is wrong.
    ExportError
        The mapping file cannot be made.
    StoreError
        The project cannot be written.
    """
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.refi import open_refi, read_project
    from evidence_mapper.workflow.refi_intake import Intake

    if request.sources is not None and not request.sources.is_dir():
        raise UsageError(f"{request.sources} is no folder; nothing was imported")
    limits = Limits()
    with open_refi(request.path, limits) as package:
        report = RefiImport(tool="", is_codebook=package.is_codebook)
        found = read_project(package, report.losses)
        report.tool = found.origin or "a program that does not name itself"
        _foreign_sets(project, found, report)
        report.proposals = propose(project.framework, found, settled_before(project.store))
        settled = _settled(project, request, report)
        if settled is None:
            return report
        _keep_mapping(project, request, report, settled)
        if not package.is_codebook:
            intake = Intake(project, request, report, found, settled, sha256_file(request.path))
            intake.run(package, limits, progress)
    return report


def _settled(
    project: Project, request: RefiRequest, report: RefiImport
) -> Mapping[str, tuple[OurCode, ...]] | None:
    """Return our codes by the other tool's GUID; None when a person has to settle them first."""
    from evidence_mapper.workflow.refi_mapping_file import read_mapping, write_mapping

    settled = {p.code.guid: p.ours for p in report.proposals if p.how in _SURE}
    file = request.mapping or request.path.with_name(f"{request.path.stem}-mapping.csv")
    if request.mapping is not None and request.mapping.exists():
        return settled | read_mapping(project.framework, request.mapping)
    open_ones = [p for p in report.proposals if p.how not in _SURE]
    if request.yes_exact:
        return settled | {p.code.guid: p.ours for p in open_ones if p.how is How.EXACT}
    if not open_ones:
        return settled
    write_mapping(project.framework, report.proposals, file)
    report.asked = file
    return None


def _keep_mapping(
    project: Project, request: RefiRequest, report: RefiImport, settled: Mapping[str, tuple[OurCode, ...]]
) -> None:
    """Record what was settled now, so that the next file of the same study need not ask again."""
    own = {p.code.guid for p in report.proposals if p.how is How.GUID}
    known = settled_before(project.store)
    new = {g: ours for g, ours in settled.items() if g and g not in own and known.get(g) != ours}
    if not new:
        return
    names = {p.code.guid: p.code.name for p in report.proposals}
    taken = sum(bool(ours) for ours in new.values())
    words = f"settled {counted(len(new), 'code')} of {report.tool}: {taken} ours, {len(new) - taken} not"
    project.store.append_event(
        coder=request.coder,
        action=EventAction.RELEASED,
        subject=request.path.name,
        at=utc_now(),
        payload={"words": words, **mapping_payload(new, names)},
    )


def _foreign_sets(project: Project, found: QdaProject, report: RefiImport) -> None:
    from evidence_mapper.export.refi_codes import code_sets

    ours = {each.guid for each in code_sets(project.framework)}
    for each in found.sets:
        if each.guid not in ours:
            report.losses.add("sets", "a project here has no such thing", item=each.name)
