"""The report for people: what is confirmed, how it covers the framework and where gaps are, on one page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.shown import Shown, ShownMatrix, words
from evidence_mapper.export.html_facts import Ages, Paper, Person, ReportFacts
from evidence_mapper.export.html_report import write_report
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.export_formats import ExportReport, ExportRequest
from evidence_mapper.workflow.gaps import find_gaps, unseen
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.released import released_note

if TYPE_CHECKING:
    from evidence_mapper.domain.project import EvidenceRow

UNDATED: Final = "undated"
_YEARS: Final = 6
"""Years with a column of their own; older ones share one."""
_LARGE: Final = 25_000
"""Rows above which a browser on an office laptop takes its time."""


def write_html(project: Project, path: Path, request: ExportRequest) -> ExportReport:
    """Write the report; see :func:`~evidence_mapper.workflow.publish.export_as_asked`.

    Raises
    ------
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export import write_atomically

    facts = report_facts(project, disclosure=request.disclosure)
    rows: Iterable[EvidenceRow] = () if request.disclosure else project.store.evidence_rows(confirmed=True)
    count = write_atomically(
        path, lambda stream: write_report(rows, stream, facts), overwrite=request.overwrite
    )
    notes = [facts.applied] if facts.applied else []
    if count > _LARGE:
        notes.append(
            f"{count:,} rows make a page that takes a browser some seconds to open; XLSX holds more."
        )
    return ExportReport(path, count, 0, tuple(notes))


def report_facts(project: Project, *, disclosure: bool) -> ReportFacts:
    """Return all of the report but the quotes.

    Parameters
    ----------
    project
        An open project.
    disclosure
        Whether counts are rounded and hidden, and documents and people left out.
    """
    from evidence_mapper.frameworks import unverified_entries
    from evidence_mapper.workflow.confirmed import state_time
    from evidence_mapper.workflow.shown import APPLIED, shown_gaps, shown_matrix

    framework, store = project.framework, project.store
    matrix, changed = store.matrix(), state_time(project)
    seen = _look(store.evidence_rows(confirmed=True))
    dates = {name: shown_date(facts) for name, facts in store.facts().items()}
    shown = shown_matrix(framework, matrix, disclosure=disclosure)
    return ReportFacts(
        framework=framework,
        categories=matrix.categories(framework),
        matrix=shown,
        gaps=shown_gaps(find_gaps(framework, matrix), shown),
        ages=_ages(seen, dates, shown, int(changed[:4])),
        passages=_total(len(seen.passages), shown),
        documents=_count(len(set(seen.passages.values())), disclosure=disclosure),
        changed_at=changed,
        people=() if disclosure else seen.people(),
        papers=() if disclosure else seen.papers(dates),
        notes=_notes(project, shown, disclosure=disclosure),
        unverified=unverified_entries(framework),
        applied=APPLIED if disclosure else "",
    )


@dataclass(slots=True)
class _Seen:
    """What one look at all confirmed rows keeps."""

    passages: dict[str, str] = field(default_factory=dict)
    """Id of each passage that counts, to the name of its document."""
    statements: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """Statement id to (passage id, document name)."""
    listed: dict[str, EvidenceRow] = field(default_factory=dict)
    """Document id to its last row in the list, counted or not."""
    on: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Document id to its passages in the list."""
    by: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Coder to the times of the decisions that count."""

    def people(self) -> list[Person]:
        """Return who confirmed, by name."""
        return [Person(name, len(at), min(at), max(at)) for name, at in sorted(self.by.items())]

    def papers(self, dates: Mapping[str, str]) -> list[Paper]:
        """Return the documents in the list, by name."""
        found = [
            Paper(
                key,
                row.document.name,
                row.document.file_sha256,
                row.document.source_type.value,
                dates.get(row.document.name, ""),
                len(self.on[key]),
            )
            for key, row in self.listed.items()
        ]
        return sorted(found, key=lambda paper: (paper.name, paper.id))


def _look(rows: Iterable[EvidenceRow]) -> _Seen:
    seen = _Seen()
    for row in rows:
        name, passage = row.document.name, row.passage.id
        seen.listed[row.document.id] = row
        seen.on[row.document.id].add(passage)
        if row.superseded or row.withdrawn:
            continue
        seen.passages[passage] = name
        seen.by[row.coder or ""].append(row.decided_at or "")
        for statement in row.statements:
            seen.statements[statement].add((passage, name))
    return seen


def _ages(seen: _Seen, dates: Mapping[str, str], matrix: ShownMatrix, now: int) -> Ages:
    """Return counts by year: ``now`` is the year in which the project last changed."""
    from evidence_mapper.workflow.shown import shown_parts

    years = list(range(now - _YEARS + 1, now + 1))
    columns = [f"to {years[0] - 1}", *map(str, years), f"after {now}", UNDATED]
    counts: dict[str, list[int]] = {}
    for statement, found in seen.statements.items():
        tally = Counter(_column(dates.get(name, ""), years) for _, name in found)
        counts[statement] = [tally[i] for i in range(len(columns))]
    # Nothing lies in the future unless a date was misread: then it is worth a column.
    future = len(years) + 1
    if not any(line[future] for line in counts.values()):
        del columns[future]
        counts = {s: line[:future] + line[future + 1 :] for s, line in counts.items()}
    totals = {s: matrix.row(s).confirmed for s in counts}
    known = {
        s: sorted(d for _, name in found if (d := dates.get(name, "")))
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


def _notes(project: Project, matrix: ShownMatrix, *, disclosure: bool) -> list[str]:
    """Return what the counts cannot know, without commands: the reader has the page only."""
    # Counts of files, pages and passages not read are no counts of people's evidence.
    notes = (
        [] if disclosure else [line.partition(": evidence-mapper")[0] + "." for line in unseen(project.store)]
    )
    left = ((matrix.superseded, "versions since replaced"), (matrix.withdrawn, "documents withdrawn"))
    for count, what in left:
        if count != 0:
            notes.append(f"{words(count)} confirmed passages are of {what} and are not counted.")
    names = "" if disclosure else released_note(project, None)
    return [*notes, names] if names else notes
