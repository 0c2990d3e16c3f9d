"""Collects a self-assessment pack from what people confirmed, claimed and scored, and writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.dates import latest_day
from evidence_mapper.domain.framework import Framework, Statement
from evidence_mapper.domain.project import Matrix
from evidence_mapper.errors import UsageError
from evidence_mapper.export.self_assessment import (
    CategoryCount,
    CategoryQuotes,
    ClaimLine,
    Contradiction,
    DatedDocument,
    Pack,
    Quote,
    QuotedDocument,
    StatementPart,
    ThemePart,
    TopicQuotes,
)
from evidence_mapper.workflow.confirmed import (
    Confirmed,
    ConfirmedPassage,
    as_of_day,
    read_confirmed,
    state_time,
)
from evidence_mapper.workflow.evidence_age import STALE_MONTHS, is_older, months_old
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note
from evidence_mapper.workflow.scores import scoreboard
from evidence_mapper.workflow.self_assessment_claims import PackClaims
from evidence_mapper.workflow.self_assessment_words import shown, shown_overall, shown_score, shown_wording

if TYPE_CHECKING:
    pass

NO_TOPIC: Final = "no topic chosen"
NO_CATEGORY: Final = "No evidence category set"


def collect(
    project: Project,
    *,
    stale_months: int = STALE_MONTHS,
    as_of: date | None = None,
    statement: str | None = None,
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

    Raises
    ------
    UsageError
        The framework has no such statement.
    """
    framework = project.framework
    if statement is not None and statement not in {s.id for s in framework.statements}:
        known = ", ".join(s.id for s in framework.statements)
        raise UsageError(f"no statement '{statement}' in {framework.id}; there are {known}")
    changed = state_time(project)
    day = as_of or as_of_day(project)
    confirmed = read_confirmed(project)
    collector = _Collector(project, confirmed, day, stale_months)
    wanted = [s for s in framework.statements if statement in (None, s.id)]
    themes = tuple(
        ThemePart(theme.title.text, tuple(collector.statement(s) for s in wanted if s.theme_id == theme.id))
        for theme in framework.themes
        if any(s.theme_id == theme.id for s in wanted)
    )
    return Pack(
        framework=f"{framework.title}, version {framework.version}",
        copyright=framework.copyright,
        project_id=project.store.info.id,
        changed_at=changed,
        as_of=day.isoformat(),
        stale_months=stale_months,
        themes=themes,
        overall=None if statement else shown_overall(collector.board),
        left_out=_left_out(project, confirmed),
        documents=_documents(confirmed, {s.id for s in wanted}),
        unverified=_unverified(framework),
        loose_claims=() if statement else collector.loose_claims(),
        scored=collector.board is not None,
        privacy=released_note(project, _passages(confirmed, {s.id for s in wanted})),
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
    pack = collect(
        project,
        stale_months=request.stale_months or STALE_MONTHS,
        as_of=as_of_day(project, request.as_of),
        statement=request.where.statement,
    )

    def fill(stream: object) -> int:
        write(layout(pack), info(pack), stream)  # type: ignore[arg-type]
        return sum(document.passages for document in pack.documents)

    count = write_atomically(path, fill, overwrite=request.overwrite)
    return ExportReport(path, count, 0, () if pack.overall is None else (pack.overall.line,))


class _Collector:
    """Gathers statement by statement."""

    def __init__(self, project: Project, confirmed: Confirmed, as_of: date, stale_months: int) -> None:
        self._framework = project.framework
        self._confirmed = confirmed
        self._as_of = as_of
        self._months = stale_months
        self._matrix: Matrix = project.store.matrix()
        self.board = scoreboard(project)
        self._claims = PackClaims(project)

    def statement(self, statement: Statement) -> StatementPart:
        passages = self._confirmed.of_statement(statement.id)
        quotes = {p.passage.id: self._quote(p) for p in passages}
        strengths = self._topics(statement, [p for p in passages if p.is_strength()], quotes)
        concerns = self._topics(statement, [p for p in passages if p.is_concern()], quotes)
        unmarked = [p for p in passages if not (p.is_strength() or p.is_concern())]
        old, undated = self._ages(passages)
        used = {t for p in passages for t in p.topics(self._framework)}
        return StatementPart(
            id=statement.id,
            number=statement.number,
            title=statement.title.text,
            we=shown(statement.wording),
            i_statements=tuple(
                shown_wording(i.wording) for i in self._framework.i_statements_of(statement.id)
            ),
            i_note=statement.i_statements_note,
            score=shown_score(self.board, statement.id),
            counts=self._counts(passages),
            confirmed=len(passages),
            strengths_confirmed=sum(p.is_strength() for p in passages),
            concerns_confirmed=sum(p.is_concern() for p in passages),
            suggested=self._matrix.row(statement.id).suggested,
            strengths=strengths,
            concerns=concerns,
            unmarked=self._topics(statement, unmarked, quotes, claims=False),
            unplaced=self._claims.unplaced(
                statement.id, {p.passage.id for p in passages if p.is_strength() or p.is_concern()}
            ),
            empty_topics=tuple(
                t.definition for t in self._framework.topics_of(statement.id) if t.id not in used
            ),
            contradictions=self._contradictions(statement, passages, quotes),
            old=old,
            undated=undated,
        )

    def loose_claims(self) -> tuple[ClaimLine, ...]:
        return self._claims.loose()

    def _quote(self, found: ConfirmedPassage) -> Quote:
        passage = found.passage
        return Quote(
            passage_id=passage.id,
            text=passage.text,
            context=passage.context,
            document=found.document.name,
            place=passage.location.label(),
            source_type=found.document.source_type.value.replace("-", " "),
            date=found.date,
            date_source=found.date_source,
            categories=found.categories(self._framework),
            marks=found.marks(),
            coders=tuple(f"{r.coder}, {(r.decided_at or '')[:10]}" for r in found.rows),
            notes=tuple(f"{r.coder}: {r.note}" for r in found.rows if r.note),
            against=self._claims.against(passage.id),
        )

    def _topics(
        self,
        statement: Statement,
        passages: Sequence[ConfirmedPassage],
        quotes: Mapping[str, Quote],
        *,
        claims: bool = True,
    ) -> tuple[TopicQuotes, ...]:
        """Return passages by topic; one with several topics is quoted once and pointed to after that."""
        topics = [(t.id, t.definition) for t in self._framework.topics_of(statement.id)]
        own = {t for t, _ in topics}
        by_topic: dict[str, list[ConfirmedPassage]] = {t: [] for t in (*(t for t, _ in topics), "")}
        for passage in passages:
            for topic in [t for t in passage.topics(self._framework) if t in own] or [""]:
                by_topic[topic].append(passage)
        quoted: dict[str, str] = {}
        found = []
        for topic, words in (*topics, ("", NO_TOPIC)):
            if not by_topic[topic]:
                continue
            ids = [p.passage.id for p in by_topic[topic]]
            lines = self._claims.carried(statement.id, ids) if claims else ()
            found.append(TopicQuotes(words, lines, self._categories(by_topic[topic], quotes, quoted)))
            for passage_id in ids:
                quoted.setdefault(passage_id, words)
        return tuple(found)

    def _categories(
        self, passages: Sequence[ConfirmedPassage], quotes: Mapping[str, Quote], quoted: Mapping[str, str]
    ) -> tuple[CategoryQuotes, ...]:
        found = []
        names = [(c.id, c.name.text) for c in self._framework.evidence_categories]
        for category, name in (*names, ("", NO_CATEGORY)):
            here = [p for p in passages if (p.categories(self._framework) or ("",))[0] == category]
            ids = [p.passage.id for p in here]
            if ids:
                first = tuple(quotes[i] for i in ids if i not in quoted)
                again = tuple((quotes[i], quoted[i]) for i in ids if i in quoted)
                found.append(CategoryQuotes(name, first, again))
        return tuple(found)

    def _counts(self, passages: Sequence[ConfirmedPassage]) -> tuple[CategoryCount, ...]:
        rows = []
        for category in self._framework.evidence_categories:
            here = [p for p in passages if category.id in p.categories(self._framework)]
            rows.append(_count(category.name.text, here, required=category.required))
        without = [p for p in passages if not p.categories(self._framework)]
        if without:
            rows.append(_count(NO_CATEGORY, without, required=False))
        return tuple(rows)

    def _contradictions(
        self, statement: Statement, passages: Sequence[ConfirmedPassage], quotes: Mapping[str, Quote]
    ) -> tuple[Contradiction, ...]:
        found = []
        for topic in self._framework.topics_of(statement.id):
            here = [p for p in passages if topic.id in p.topics(self._framework)]
            strengths = [p.passage.id for p in here if p.is_strength()]
            concerns = [p.passage.id for p in here if p.is_concern()]
            # One mixed passage alone does not speak against itself.
            if strengths and concerns and len({*strengths, *concerns}) > 1:
                found.append(
                    Contradiction(
                        topic.definition, self._in_order(strengths, quotes), self._in_order(concerns, quotes)
                    )
                )
        return tuple(found)

    def _in_order(self, passage_ids: Iterable[str], quotes: Mapping[str, Quote]) -> tuple[Quote, ...]:
        """Return quotes by their first evidence category, in framework order; those without one last."""
        order = {c.id: n for n, c in enumerate(self._framework.evidence_categories)}
        return tuple(
            sorted(
                (quotes[i] for i in passage_ids),
                key=lambda q: order[q.categories[0]] if q.categories else len(order),
            )
        )

    def _ages(
        self, passages: Sequence[ConfirmedPassage]
    ) -> tuple[tuple[DatedDocument, ...], tuple[DatedDocument, ...]]:
        counts: dict[tuple[str, str], int] = {}
        for passage in passages:
            key = passage.document.name, passage.date
            counts[key] = counts.get(key, 0) + 1
        old, undated = [], []
        for (name, value), count in counts.items():
            is_old = is_older(value, self._months, self._as_of)
            if is_old is None:
                undated.append(DatedDocument(name, "", None, count))
            elif is_old:
                old.append(DatedDocument(name, value, months_old(value, self._as_of), count))
        old.sort(key=lambda d: (-(d.age_months or 0), d.document))
        return tuple(old), tuple(undated)


def _count(name: str, passages: Sequence[ConfirmedPassage], *, required: bool) -> CategoryCount:
    return CategoryCount(
        name=name,
        required=required,
        confirmed=len(passages),
        strengths=sum(p.is_strength() for p in passages),
        concerns=sum(p.is_concern() for p in passages),
        newest=newest_date(passages),
    )


def newest_date(passages: Iterable[ConfirmedPassage]) -> str:
    """Return the date of the newest document among passages; empty when none has a date."""
    dated = [(day, p.date) for p in passages if (day := latest_day(p.date)) is not None]
    return max(dated)[1] if dated else ""


def _passages(confirmed: Confirmed, statements: set[str]) -> Iterator[str]:
    """Yield the ids of the passages confirmed for any of the statements."""
    for passage in confirmed.passages:
        if any(statements.intersection(row.statements) for row in passage.rows):
            yield passage.passage.id


def _left_out(project: Project, confirmed: Confirmed) -> tuple[str, ...]:
    lines = []
    if confirmed.superseded:
        lines.append(
            f"{confirmed.superseded:,} confirmed passages of versions since replaced, which no longer stand"
        )
    if confirmed.withdrawn:
        lines.append(f"{confirmed.withdrawn:,} confirmed passages of documents that were withdrawn")
    unread = sum(r.may_hold_evidence for r in project.store.refusals())
    if unread:
        lines.append(f"{unread:,} files that could not be read, which may hold evidence")
    return tuple(lines)


def _documents(confirmed: Confirmed, statements: set[str]) -> tuple[QuotedDocument, ...]:
    found: dict[str, QuotedDocument] = {}
    for passage in confirmed.passages:
        if not statements & {s for row in passage.rows for s in row.statements}:
            continue
        document = passage.document
        kept = found.get(document.id)
        if kept is not None:
            found[document.id] = replace(kept, passages=kept.passages + 1)
            continue
        found[document.id] = QuotedDocument(
            name=document.name,
            source_type=document.source_type.value.replace("-", " "),
            date=passage.date,
            pages=document.pages,
            passages=1,
            file_sha256=document.file_sha256,
        )
    return tuple(found.values())


def _unverified(framework: Framework) -> tuple[str, ...]:
    from evidence_mapper.frameworks import unverified_entries

    # The pack does not print legal references.
    return tuple(line for line in unverified_entries(framework) if ", legal references: " not in line)
