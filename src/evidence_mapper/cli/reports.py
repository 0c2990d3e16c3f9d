"""What became of files, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evidence_mapper.workflow.discover import LINKED_FOLDER
from evidence_mapper.workflow.ingest import IngestReport


def ingest_line(report: IngestReport) -> str:
    """Return one line with the counts."""
    pieces = [f"{len(report.added)} added"]
    if report.revised:
        pieces.append(f"{len(report.revised)} new versions")
    if report.unchanged:
        pieces.append(f"{len(report.unchanged)} unchanged")
    if report.duplicates:
        pieces.append(f"{len(report.duplicates)} with the same content as another")
    if report.refused:
        pieces.append(f"{len(report.refused)} not read")
    if report.passed_over:
        pieces.append(f"{len(report.passed_over)} passed over ({_reasons(report)})")
    return f"Files: {', '.join(pieces)}. Passages: {report.passages}."


def ingest_details(report: IngestReport) -> Iterator[str]:
    """Yield a line for each file or folder that was not read, or not all of it."""
    for refusal in report.refused:
        yield f"  not read  {refusal.name}: {refusal.code}: {refusal.message}"
    for name, pages in report.partly_read:
        listed = ", ".join(str(p) for p in pages[:12]) + (" ..." if len(pages) > 12 else "")
        yield f"  in part   {name}: no text on page {listed}"
    for name, same in report.duplicates:
        yield f"  same as   {name}: has the content of {same}"
    for name, reason in report.passed_over:
        if reason == LINKED_FOLDER:
            yield f"  not read  {name}: a link to another folder; add that folder itself to read it"


def ingest_json(report: IngestReport) -> dict[str, object]:
    """Return the report as plain data."""
    return {
        "added": report.added,
        "revised": report.revised,
        "unchanged": report.unchanged,
        "duplicates": [{"name": n, "same_as": s} for n, s in report.duplicates],
        "refused": [{"name": r.name, "code": r.code, "message": r.message} for r in report.refused],
        "partly_read": [{"name": n, "pages": list(p)} for n, p in report.partly_read],
        "passed_over": [{"name": n, "reason": r} for n, r in report.passed_over],
        "passages": report.passages,
        "pages": report.pages,
    }


def _reasons(report: IngestReport) -> str:
    counts = Counter(reason for _, reason in report.passed_over)
    return ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
