"""The fact-check table of claims, out of the store into a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.claim_check import KIND_WORDS, VOICE_RULE, check_claims
from evidence_mapper.workflow.claim_evidence import Evidence, LinkedEvidence
from evidence_mapper.workflow.claims import list_claims
from evidence_mapper.workflow.confirmed import as_of_day, state_time
from evidence_mapper.workflow.evidence_age import STALE_MONTHS
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note

if TYPE_CHECKING:
    from evidence_mapper.export.claims_table import ClaimEntry, ClaimQuote, ClaimsAbout

ENDINGS = (".xlsx", ".csv", ".md", ".docx")


def write_claims(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the claims that are made, with their evidence, as XLSX, CSV, Markdown or DOCX, by the ending.

    Raises
    ------
    UsageError
        The ending is another, the date is none, or the framework has no such statement.
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export.files import write_atomically

    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"--format claims writes {', '.join(ENDINGS)}, not {path.name}; name one of these")
    day = as_of_day(project, request.as_of)
    months = request.stale_months or STALE_MONTHS
    entries = claim_entries(project, statement=request.where.statement, months=months, today=day)
    quoted = (quote.passage_id for entry in entries for quote in entry.quotes)
    about = _about(project, day, months, released_note(project, quoted))

    def write(stream: BinaryIO) -> int:
        _write(path.suffix.lower(), entries, about, stream)
        return len(entries)

    write_atomically(path, write, overwrite=request.overwrite)
    quotes = sum(len(entry.quotes) for entry in entries)
    bare = sum(not entry.quotes for entry in entries)
    if entries:
        note = f"{counted(len(entries), 'claim')} with {counted(quotes, 'quote')}; {bare} without any."
    elif request.where.statement is not None:
        note = f"No claim is made under {request.where.statement}. See all: evidence-mapper claim list"
    else:
        note = 'No claims: evidence-mapper claim add "TEXT", or: evidence-mapper claim import FILE'
    return ExportReport(path, quotes, 0, (note,))


def claim_entries(project: Project, *, statement: str | None, months: int, today: date) -> list[ClaimEntry]:
    """Return the claims that are made as the table shows them, by number.

    Parameters
    ----------
    project
        An open project.
    statement
        Only claims made under it; None takes all.
    months, today
        As :func:`~evidence_mapper.workflow.claim_check.check_claims` takes them.

    Raises
    ------
    UsageError
        The framework has no such statement.
    """
    from evidence_mapper.export.claims_table import ClaimEntry

    claims, known = list_claims(project, statement=statement), Evidence.read(project)
    found: dict[str, list[str]] = {}
    for finding in check_claims(project, months=months, today=today, claims=claims, evidence=known):
        words = f"{KIND_WORDS[finding.kind]}: {finding.words}"
        found.setdefault(finding.claim.id, []).append(words)
    entries = []
    for claim in claims:
        evidence, against = known.linked(claim)
        quotes = [_quote(project.framework, e, "for") for e in evidence]
        quotes += [_quote(project.framework, e, "against") for e in against]
        entries.append(
            ClaimEntry(
                number=claim.number,
                id=claim.id,
                text=claim.text,
                statements=tuple(project.framework.statement(s).title.text for s in claim.statements),
                draft=claim.origin.label() if claim.origin else "",
                quotes=tuple(quotes),
                findings=tuple(found.get(claim.id, ())),
            )
        )
    return entries


def _quote(framework: Framework, linked: LinkedEvidence, side: str) -> ClaimQuote:
    from evidence_mapper.export.claims_table import ClaimQuote

    names = [c.name.text for c in framework.evidence_categories if c.id in linked.categories]
    return ClaimQuote(
        side=side,
        quote=linked.text,
        document=linked.document_name,
        place=linked.passage.location.label() if linked.passage else "",
        date=linked.date,
        categories="; ".join(names),
        polarity=" / ".join(linked.polarities),
        coders=", ".join(dict.fromkeys(row.coder for row in linked.rows if row.coder)),
        standing=linked.standing.value,
        passage_id=linked.passage_id,
        file_sha256=linked.document.file_sha256 if linked.document else "",
    )


def _write(ending: str, entries: list[ClaimEntry], about: ClaimsAbout, stream: BinaryIO) -> None:
    from evidence_mapper.export import claims_table
    from evidence_mapper.export.document import DocumentInfo

    if ending == ".xlsx":
        claims_table.write_claims_workbook(entries, about, stream)
        return
    if ending == ".csv":
        claims_table.write_claims_csv(entries, stream)
        return
    if ending == ".docx":
        from evidence_mapper.export.document_docx import write_docx as write
    else:
        from evidence_mapper.export.document_markdown import write_markdown as write
    info = DocumentInfo("Claims and their evidence", about.framework, about.changed_at)
    write(claims_table.claims_document(entries, about), info, stream)


def _about(project: Project, day: date, months: int, privacy: str) -> ClaimsAbout:
    from evidence_mapper.export.claims_table import ClaimsAbout

    framework = project.framework
    return ClaimsAbout(
        framework=f"{framework.title}, version {framework.version}",
        project_id=project.store.info.id,
        changed_at=state_time(project),
        as_of=day.isoformat(),
        months=months,
        voice_rule=VOICE_RULE,
        privacy=privacy,
    )
