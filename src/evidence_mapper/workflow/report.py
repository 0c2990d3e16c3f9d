"""The report for people: what is confirmed, how it covers the framework and where gaps are, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.shown import Shown, ShownMatrix, words
from evidence_mapper.errors import UsageError
from evidence_mapper.export.html_facts import Ages, ReportFacts
from evidence_mapper.export.html_report import write_report
from evidence_mapper.workflow.confirmed import check_unchanged, state_figures, state_time
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest, RowFilter
from evidence_mapper.workflow.export_rows import chooser
from evidence_mapper.workflow.gaps import find_gaps, unseen
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note, to_count
from evidence_mapper.workflow.report_look import Seen

UNDATED: Final = "undated"
_YEARS: Final = 6
"""Years with a column of their own; older ones share one."""
_LARGE: Final = 25_000
"""Rows above which a browser on an office laptop takes its time."""
LISTED: Final = 50_000
"""Rows above which no list is written: an office laptop's browser may not open the page at all."""
_TOO_LONG: Final = (
    "The passages themselves are not listed on this page: {:,} are more than a browser opens. They are "
    "counted in the figures above."
)
_ONLY: Final = "Listed here are only passages"
_FIGURES: Final = "The figures above are of all confirmed evidence."


def write_html(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the report; see :func:`~evidence_mapper.workflow.publish.export_as_asked`.

    What narrows the rows narrows the list of quotes; the figures are of all confirmed evidence. A list
    that no browser would open is left out, which the page and the report say.

    Raises
    ------
    UsageError
        A code is not in the framework, the date is none, or a list is asked for beside disclosure control.
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export import write_atomically

    if request.disclosure and (asked := request.where.chosen()):
        raise UsageError(
            f"--disclosure lists no passages, so there is nothing to narrow with --{asked[0]}: leave one out"
        )
    wanted, before = chooser(project.framework, request.where), state_figures(project)
    seen = Seen.of(to_count(project).store.evidence_rows(confirmed=True), wanted)
    facts = report_facts(project, seen, request)
    is_listed = not (request.disclosure or facts.not_listed)
    rows = filter(wanted, project.store.evidence_rows(confirmed=True)) if is_listed else iter(())

    def fill(stream: BinaryIO) -> int:
        written = write_report(rows, stream, facts)
        check_unchanged(project, before)
        return written

    count = write_atomically(path, fill, overwrite=request.overwrite)
    notes = [facts.applied] if facts.applied else []
    if facts.not_listed:
        notes.append(_not_listed(seen.listed_rows, path, request))
    elif count > _LARGE:
        notes.append(
            f"{count:,} rows make a page that takes a browser some seconds to open; XLSX holds more."
        )
    return ExportReport(path, seen.listed_rows if facts.not_listed else count, 0, tuple(notes))


def report_facts(project: Project, seen: Seen, request: ExportRequest) -> ReportFacts:
    """Return all of the report but the quotes.

    Parameters
    ----------
    project
        An open project.
    seen
        The look at its confirmed rows.
    request
        Whether counts are rounded and hidden, and documents and people left out; what is to be listed.
    """
    from evidence_mapper.frameworks import unverified_entries
    from evidence_mapper.workflow.shown import APPLIED, shown_gaps, shown_matrix

    framework, store, disclosure = project.framework, project.store, request.disclosure
    matrix, changed = store.matrix(), state_time(project)
    too_many = seen.listed_rows > LISTED and not disclosure
    dates = {name: shown_date(facts) for name, facts in store.facts().items()}
    shown = shown_matrix(framework, matrix, disclosure=disclosure)
    return ReportFacts(
        framework=framework,
        categories=matrix.categories(framework),
        matrix=shown,
        gaps=shown_gaps(find_gaps(framework, matrix), shown),
        ages=_ages(seen, dates, shown, int(changed[:4])),
        passages=_total(seen.passages.total(), shown),
        documents=_count(len(seen.passages), disclosure=disclosure),
        changed_at=changed,
        people=() if disclosure else seen.people(),
        papers=() if disclosure else seen.papers(dates),
        notes=_notes(project, shown, disclosure=disclosure, redacted=0 if too_many else seen.redacted),
        unverified=unverified_entries(framework),
        applied=APPLIED if disclosure else "",
        narrowed=_narrowed(framework, request.where),
        not_listed=_TOO_LONG.format(seen.listed_rows) if too_many else "",
    )


def _narrowed(framework: Framework, where: RowFilter) -> str:
    """Return what the list is narrowed to, for a reader of the page; empty where it has everything."""
    asked = []
    if where.statement is not None:
        title = next(s.title.text for s in framework.statements if s.id == where.statement)
        asked.append(f"confirmed for the statement \u201c{title}\u201d")
    if where.category is not None:
        named = {c.id: c.name.text for c in framework.evidence_categories}
        name = named.get(where.category)
        asked.append("of no evidence category" if name is None else f"of the category \u201c{name}\u201d")
    if where.since is not None:
        asked.append(f"decided on since {where.since}")
    return f"{_ONLY} {', '.join(asked)}. {_FIGURES}" if asked else ""


def _not_listed(count: int, path: Path, request: ExportRequest) -> str:
    """Return what to do where the list would be too long, for whoever runs the program."""
    left = [f"--{o}" for o in ("statement", "category", "since") if o not in request.where.chosen()]
    fewer = f"List fewer with {', '.join(left)}. " if left else ""
    return (
        f"The page has the figures but no list of quotes: {count:,} rows are more than a browser opens, "
        f"{LISTED:,}. {fewer}Each one in a workbook: evidence-mapper export {path.with_suffix('.xlsx')}"
    )


def _ages(seen: Seen, dates: Mapping[str, str], matrix: ShownMatrix, now: int) -> Ages:
    """Return counts by year: ``now`` is the year in which the project last changed."""
    from evidence_mapper.workflow.shown import shown_parts

    years = list(range(now - _YEARS + 1, now + 1))
    columns = [f"to {years[0] - 1}", *map(str, years), f"after {now}", UNDATED]
    counts: dict[str, list[int]] = {}
    for statement, found in seen.statements.items():
        tally: Counter[int] = Counter()
        for name, number in found.items():
            tally[_column(dates.get(name, ""), years)] += number
        counts[statement] = [tally[i] for i in range(len(columns))]
    # Nothing lies in the future unless a date was misread: then it is worth a column.
    future = len(years) + 1
    if not any(line[future] for line in counts.values()):
        del columns[future]
        counts = {s: line[:future] + line[future + 1 :] for s, line in counts.items()}
    totals = {s: matrix.row(s).confirmed for s in counts}
    known = {
        s: sorted(d for name in found if (d := dates.get(name, "")))
        for s, found in ({} if matrix.disclosed else seen.statements).items()
    }
    return Ages(
        columns=tuple(columns),
        rows=shown_parts(counts, totals, disclosure=matrix.disclosed),
        oldest={s: found[0] for s, found in known.items() if found},
        newest={s: found[-1] for s, found in known.items() if found},
    )


def _column(date: str, years: list[int]) -> int:
    """Return the place of a document's date among: before, each year, after, undated."""
    if not date[:4].isdigit():
        return len(years) + 2
    return min(max(int(date[:4]) - years[0] + 1, 0), len(years) + 1)


def _total(number: int, matrix: ShownMatrix) -> Shown:
    """Return all confirmed passages: where each has one statement, the statements' totals add up to it."""
    if not matrix.disclosed:
        return number
    from evidence_mapper.measure.disclosure import protects, shown

    whole = shown(number)
    return whole if protects([count.confirmed for count in matrix.rows.values()], whole) else None


def _count(number: int, *, disclosure: bool) -> Shown:
    if not disclosure:
        return number
    from evidence_mapper.measure.disclosure import shown

    return shown(number)


def _notes(project: Project, matrix: ShownMatrix, *, disclosure: bool, redacted: int) -> list[str]:
    """Return what the counts cannot know, without commands: the reader has the page only."""
    # Counts of files, pages and passages not read are no counts of people's evidence.
    notes = (
        [] if disclosure else [line.partition(": evidence-mapper")[0] + "." for line in unseen(project.store)]
    )
    left = ((matrix.superseded, "versions since replaced"), (matrix.withdrawn, "documents withdrawn"))
    for count, what in left:
        if count != 0:
            notes.append(f"{words(count)} confirmed passages are of {what} and are not counted.")
    names = "" if disclosure else released_note(project, redacted)
    return [*notes, names] if names else notes
