"""What became of files, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from evidence_mapper.domain.survey import SurveyColumns
from evidence_mapper.domain.version import Fate
from evidence_mapper.workflow.discover import LINKED_FOLDER
from evidence_mapper.workflow.ingest import IngestReport
from evidence_mapper.workflow.readers import older_line
from evidence_mapper.workflow.revisions import change_line
from evidence_mapper.workflow.scans import recognition_hint

_NAMESAKES: Final = 10
"""Most files that are asked about."""
_TITLE: Final = 60
"""Most characters of a header that are shown."""


def ingest_line(report: IngestReport) -> str:
    """Return one line with the counts."""
    pieces = [f"{len(report.added)} added"]
    if report.revised:
        pieces.append(f"{len(report.revised)} new versions")
    if report.reread:
        pieces.append(f"{len(report.reread)} read anew")
    if report.reread_same:
        pieces.append(f"{len(report.reread_same)} read again with the same result")
    if report.unchanged:
        pieces.append(f"{len(report.unchanged)} unchanged")
    if report.earlier:
        pieces.append(f"{len(report.earlier)} earlier versions")
    if report.duplicates:
        pieces.append(f"{len(report.duplicates)} with the same content as another")
    if report.containers:
        inside = sum(count for _, count in report.containers)
        pieces.append(f"{len(report.containers)} opened ({inside} files inside)")
    if report.refused:
        pieces.append(f"{len(report.refused)} not read")
    if report.passed_over:
        pieces.append(f"{len(report.passed_over)} passed over ({_reasons(report)})")
    pages = f" Pages: {report.pages:,}." if report.pages else ""
    return f"Files: {', '.join(pieces)}.{pages} Passages: {report.passages}."


def ingest_details(report: IngestReport) -> Iterator[str]:
    """Yield a line for each file or folder that was not read, or not all of it."""
    for refusal in report.refused:
        yield f"  not read  {refusal.name}: {refusal.code}: {refusal.message}"
    for name, pages in report.partly_read:
        listed = ", ".join(str(p) for p in pages[:12]) + (" ..." if len(pages) > 12 else "")
        yield f"  in part   {name}: page {listed} not read"
    hint = recognition_hint() if report.partly_read else None
    if hint:
        yield f"  To have scanned pages read: {hint}; what is here: evidence-mapper doctor"
    for name, surveys in report.surveys:
        yield from (f"  survey    {name}: {line}" for line in survey_lines(surveys))
    if any(not survey.chosen for _, surveys in report.surveys for survey in surveys):
        yield "  To take other columns for answers: evidence-mapper add FILE --comments COLUMN"
    yield from _version_lines(report)
    if report.older:
        yield f"  older     {older_line(len(report.older))}"
    for name, same in report.duplicates:
        yield f"  same as   {name}: has the content of {same}"
    for name, reason in report.passed_over:
        if reason == LINKED_FOLDER:
            yield f"  not read  {name}: a link to another folder; add that folder itself to read it"


def _version_lines(report: IngestReport) -> Iterator[str]:
    for name, change in report.versions:
        yield f"  version   {change_line(name, change, reread=name in report.reread_beside)}"
    for name, document in report.earlier:
        yield f"  earlier   {name}: is an earlier version of {document}, not read again"
    for name, other in report.namesakes[:_NAMESAKES]:
        yield (
            f"  which?    {name}: read as a document of its own. If it is a new version of {other}: "
            f"evidence-mapper add FILE --replaces '{other}'"
        )
    if len(report.namesakes) > _NAMESAKES:
        yield f"  which?    {len(report.namesakes) - _NAMESAKES} more have the file name of another document"


def survey_lines(surveys: Sequence[SurveyColumns]) -> Iterator[str]:
    """Yield, for each sheet read as a survey, which columns were taken for what."""
    for survey in surveys:
        where = f"sheet {survey.sheet}: " if survey.sheet else ""
        named = ", ".join(
            f"{letter} '{_short(title)}'" if title else letter for letter, title in survey.comments
        )
        how = "as you named them" if survey.chosen else "judged from headers and cells"
        yield f"{where}answers taken from column {named} ({how})"
        if survey.others:
            yield f"{where}kept with each answer: {', '.join(_short(title) for title in survey.others)}"


def survey_json(surveys: Sequence[SurveyColumns]) -> list[dict[str, object]]:
    """Return what :func:`survey_lines` says as plain data."""
    return [
        {
            "sheet": survey.sheet,
            "comments": [{"column": letter, "header": title} for letter, title in survey.comments],
            "attributes": list(survey.others),
            "chosen": survey.chosen,
        }
        for survey in surveys
    ]


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def ingest_json(report: IngestReport) -> dict[str, object]:
    """Return the report as plain data."""
    return {
        "added": report.added,
        "revised": report.revised,
        "reread": report.reread,
        "reread_same": report.reread_same,
        "reread_beside": report.reread_beside,
        "read_by_older": report.older,
        "unchanged": report.unchanged,
        "versions": [
            {
                "name": name,
                "carried": change.carried,
                "to_confirm": change.to_confirm,
                "gone": change.gone,
                "new": change.new,
                **{fate.value: change.count(fate) for fate in Fate},
            }
            for name, change in report.versions
        ],
        "earlier_versions": [{"name": n, "document": d} for n, d in report.earlier],
        "same_file_name": [{"name": n, "document": d} for n, d in report.namesakes],
        "duplicates": [{"name": n, "same_as": s} for n, s in report.duplicates],
        "refused": [{"name": r.name, "code": r.code, "message": r.message} for r in report.refused],
        "partly_read": [{"name": n, "pages": list(p)} for n, p in report.partly_read],
        "passed_over": [{"name": n, "reason": r} for n, r in report.passed_over],
        "surveys": [{"name": n, "sheets": survey_json(s)} for n, s in report.surveys],
        "containers": [{"name": n, "files": c} for n, c in report.containers],
        "passages": report.passages,
        "pages": report.pages,
    }


def _reasons(report: IngestReport) -> str:
    counts = Counter(reason for _, reason in report.passed_over)
    return ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
