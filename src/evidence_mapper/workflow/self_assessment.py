"""Collects a self-assessment pack from what people confirmed, claimed and scored, and writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from evidence_mapper.domain.framework import Framework, Statement
from evidence_mapper.domain.project import Matrix
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import UsageError
from evidence_mapper.export.self_assessment import (
    Pack,
    Quote,
    QuotedDocument,
    StatementPart,
    ThemePart,
)
from evidence_mapper.workflow.confirmed import (
    as_of_day,
    check_unchanged,
    each_confirmed,
    state_figures,
    state_time,
)
from evidence_mapper.workflow.document_facts import DATE
from evidence_mapper.workflow.evidence_age import STALE_MONTHS
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note
from evidence_mapper.workflow.scores import scoreboard
from evidence_mapper.workflow.self_assessment_claims import PackClaims
from evidence_mapper.workflow.self_assessment_gather import DOCUMENTS, StatementGatherer
from evidence_mapper.workflow.self_assessment_words import shown, shown_overall, shown_score, shown_wording

QUOTES: Final = 20
"""Most quotes of one topic and evidence category on each side, unless another number is asked for."""


def collect(
    project: Project,
    *,
    stale_months: int = STALE_MONTHS,
    as_of: date | None = None,
    statement: str | None = None,
    quotes: int = QUOTES,
) -> Pack:
    """Return the pack of a project.

    Only confirmed codings are in it; of suggestions no more than how many wait. Versions since
    replaced and documents withdrawn are left out and counted.

    Parameters
    ----------
    project
        An open project.
    stale_months
        Evidence older than this many months is listed as old; 1 or more.
    as_of
        The day ages are counted to; None takes the day the project last changed, so that the same
        state gives the same pack.
    statement
        Id of the one statement to write; None takes all.
    quotes
        Most quotes of one topic and evidence category on each side: how many more there are is counted.

    Raises
    ------
    UsageError
        The framework has no such statement.
    """
    framework = project.framework
    _check_statement(framework, statement)
    collector = _Collector(project, statement, quotes)
    day = as_of or as_of_day(project)
    parts = {s.id: collector.part(s, stale_months, day) for s in collector.wanted}
    quoted = {quote.passage_id: quote for part in parts.values() for quote in _quotes(part)}
    documents = collector.documents({quote.document for quote in quoted.values()})
    return Pack(
        framework=f"{framework.title}, version {framework.version}",
        copyright=framework.copyright,
        project_id=project.store.info.id,
        changed_at=state_time(project),
        as_of=day.isoformat(),
        stale_months=stale_months,
        themes=_themes(framework, collector.wanted, parts),
        overall=None if statement else shown_overall(collector.board),
        left_out=_left_out(project, collector.matrix),
        documents=documents,
        unverified=_unverified(framework),
        loose_claims=() if statement else collector.claims.loose(),
        scored=collector.board is not None,
        privacy=released_note(project, quoted),
        passages=collector.passages,
        quotes=quotes,
        more_documents=len(collector.confirmed_in) - len(documents),
        is_cut=any(map(_is_cut, parts.values())),
    )


def write_self_assessment(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the pack as DOCX or Markdown, by the file's ending.

    Raises
    ------
    UsageError
        The ending is another, a date is none, or the framework has no such statement.
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export.files import write_atomically
    from evidence_mapper.export.self_assessment_layout import info, layout

    ending = path.suffix.lower()
    if ending == ".docx":
        from evidence_mapper.export.document_docx import write_docx as write
    elif ending == ".md":
        from evidence_mapper.export.document_markdown import write_markdown as write
    else:
        raise UsageError(
            f"a self-assessment pack is a .docx or .md file, not '{path.name}'. Try: evidence-mapper export "
            f"{path.with_suffix('.docx')} --format self-assessment"
        )
    before = state_figures(project)
    pack = collect(
        project,
        stale_months=request.stale_months or STALE_MONTHS,
        as_of=as_of_day(project, request.as_of),
        statement=request.where.statement,
        quotes=request.quotes or QUOTES,
    )
    check_unchanged(project, before)

    def fill(stream: object) -> int:
        write(layout(pack), info(pack), stream)  # type: ignore[arg-type]
        return pack.passages

    count = write_atomically(path, fill, overwrite=request.overwrite)
    notes = [] if pack.overall is None else [pack.overall.line]
    if pack.is_cut:
        notes.append(
            f"Quoted: at most {counted(pack.quotes, 'passage')} of each topic and evidence category. How "
            "many more there are is said; each one: evidence-mapper export index.xlsx --format evidence-index"
        )
    return ExportReport(path, count, 0, tuple(notes))


def _themes(
    framework: Framework, wanted: Sequence[Statement], parts: Mapping[str, StatementPart]
) -> tuple[ThemePart, ...]:
    """Return the themes that have one of the statements."""
    return tuple(
        ThemePart(theme.title.text, tuple(parts[s.id] for s in wanted if s.theme_id == theme.id))
        for theme in framework.themes
        if any(s.theme_id == theme.id for s in wanted)
    )


def _check_statement(framework: Framework, statement: str | None) -> None:
    if statement is not None and statement not in {s.id for s in framework.statements}:
        known = ", ".join(s.id for s in framework.statements)
        raise UsageError(f"no statement '{statement}' in {framework.id}; there are {known}")


class _Collector:
    """Looks once at all confirmed evidence, and then gives statement by statement."""

    def __init__(self, project: Project, statement: str | None, quotes: int) -> None:
        self._project = project
        self.wanted = [s for s in project.framework.statements if statement in (None, s.id)]
        self.matrix: Matrix = project.store.matrix()
        self.board = scoreboard(project)
        self.claims = PackClaims(project)
        self.passages = 0
        self.confirmed_in: dict[str, int] = {}
        """Document id to its passages that are confirmed for the statements."""
        self._gathered = {
            s.id: StatementGatherer(project.framework, s, self.claims, quotes) for s in self.wanted
        }
        for found in each_confirmed(project):
            here = [s.id for s in self.wanted if any(s.id in row.statements for row in found.rows)]
            for statement_id in here:
                part = found.of_statement(statement_id)
                assert part is not None
                self._gathered[statement_id].add(part)
            if here:
                self.passages += 1
                self.confirmed_in[found.document.id] = self.confirmed_in.get(found.document.id, 0) + 1

    def part(self, statement: Statement, stale_months: int, day: date) -> StatementPart:
        framework, gathered = self._project.framework, self._gathered[statement.id]
        old, undated = gathered.ages(stale_months, day)
        return StatementPart(
            id=statement.id,
            number=statement.number,
            title=statement.title.text,
            we=shown(statement.wording),
            i_statements=tuple(shown_wording(i.wording) for i in framework.i_statements_of(statement.id)),
            i_note=statement.i_statements_note,
            score=shown_score(self.board, statement.id),
            counts=gathered.category_counts(),
            confirmed=gathered.all.confirmed,
            strengths_confirmed=gathered.all.strengths,
            concerns_confirmed=gathered.all.concerns,
            suggested=self.matrix.row(statement.id).suggested,
            strengths=gathered.topics("strengths"),
            concerns=gathered.topics("concerns"),
            unmarked=gathered.topics("unmarked", claims=False),
            unplaced=self.claims.unplaced(statement.id, gathered.placed),
            empty_topics=tuple(
                t.definition for t in framework.topics_of(statement.id) if t.id not in gathered.used
            ),
            contradictions=gathered.contradictions(),
            old=tuple(old[:DOCUMENTS]),
            undated=tuple(undated[:DOCUMENTS]),
            more_old=max(0, len(old) - DOCUMENTS),
            more_undated=max(0, len(undated) - DOCUMENTS),
        )

    def documents(self, names: set[str]) -> tuple[QuotedDocument, ...]:
        """Return the documents of these names, in the order they were added."""
        facts = self._project.store.facts()
        return tuple(
            QuotedDocument(
                name=document.name,
                source_type=document.source_type.value.replace("-", " "),
                date=facts.get(document.name, {}).get(DATE, ""),
                pages=document.pages,
                passages=self.confirmed_in[document.id],
                file_sha256=document.file_sha256,
            )
            for document in self._project.store.documents()
            if document.name in names and document.id in self.confirmed_in
        )


def _is_cut(part: StatementPart) -> bool:
    topics = (*part.strengths, *part.concerns, *part.unmarked)
    more = any(category.more for topic in topics for category in topic.categories)
    return more or any(both.more_strengths or both.more_concerns for both in part.contradictions)


def _quotes(part: StatementPart) -> Iterator[Quote]:
    """Yield every quote of a statement, some more than once."""
    for topic in (*part.strengths, *part.concerns, *part.unmarked):
        for category in topic.categories:
            yield from category.quotes
    for both in part.contradictions:
        yield from (*both.strengths, *both.concerns)


def _left_out(project: Project, matrix: Matrix) -> tuple[str, ...]:
    lines = []
    if matrix.superseded:
        lines.append(
            f"{matrix.superseded:,} confirmed passages of versions since replaced, which no longer stand"
        )
    if matrix.withdrawn:
        lines.append(f"{matrix.withdrawn:,} confirmed passages of documents that were withdrawn")
    unread = sum(r.may_hold_evidence for r in project.store.refusals())
    if unread:
        lines.append(f"{unread:,} files that could not be read, which may hold evidence")
    return tuple(lines)


def _unverified(framework: Framework) -> tuple[str, ...]:
    from evidence_mapper.frameworks import unverified_entries

    # The pack does not print legal references.
    return tuple(line for line in unverified_entries(framework) if ", legal references: " not in line)
