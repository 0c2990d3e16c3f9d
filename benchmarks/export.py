"""Peak memory and time of each table's writer, from made-up rows.

``python benchmarks/export.py [ROWS ...]``, by default 10,000, 100,000 and 1,000,000. Each measurement is a
process of its own; memory is its resident peak beyond what it needs before the first row.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from evidence_mapper.domain.document import BlockKind, Document, SourceLocation, SourceType
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.export import ExportContext, available, exporter

WORDS = ("people", "carers", "support", "review", "staff", "home", "plan", "work", "waiting", "assessment")
CONTEXT = ExportContext("Made up", "made-up", "1", "", "prj-0", "2026-01-05T09:00:00+00:00")
SHEET = 1_048_575
"""Rows Excel holds."""


def rows(count: int) -> Iterator[EvidenceRow]:
    """Yield made-up confirmed rows, quotes of 20 to 90 words."""
    chance = random.Random(7)
    for n in range(count):
        text = f"Passage {n}: " + " ".join(chance.choices(WORDS, k=chance.randint(20, 90)))
        digest = hashlib.sha256(str(n // 200).encode()).hexdigest()
        document = Document(
            id=f"doc-{n // 200}",
            name=f"paper {n // 200}.docx",
            file_sha256=f"sha256:{digest}",
            media_type="",
            source_type=SourceType.SURVEY_COMMENT,
            source_type_by=None,
            pages=9,
            added_at="",
        )
        passage = Passage(
            id=f"psg-{n:016x}",
            revision_id=f"rev-{n // 200}",
            document_id=document.id,
            ordinal=n % 200,
            span=Span(n, n + len(text)),
            text=text,
            kind=BlockKind.PARAGRAPH,
            location=SourceLocation(page=n % 9 + 1),
            heading_path=("Findings", "Access"),
            context=None,
        )
        yield EvidenceRow(
            passage=passage,
            document=document,
            status="confirmed",
            statements=("assessing-needs", "learning"),
            topics=("an-timeliness",),
            i_statements=(),
            evidence_category="processes",
            polarity="concern",
            probability=None,
            coder="A. Officer",
            decided_at=f"2026-01-05T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.000000+00:00",
            note=None,
            run_id="run-1",
            framework="made-up@1",
        )


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str, count: int) -> dict[str, float]:
    """Write a table and return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        writer = exporter(name)
        with path.open("wb") as stream:
            writer.write(rows(100), stream, CONTEXT)  # libraries are loaded before memory is looked at
        before, started = peak(), time.process_time()
        with path.open("wb") as stream:
            writer.write(rows(count), stream, CONTEXT)
        seconds = time.process_time() - started
        return {
            "seconds": seconds,
            "more": peak() - before,
            "peak": peak(),
            "file": path.stat().st_size / 1e6,
        }


def main() -> None:
    """Measure every format at every size."""
    sizes = [int(a) for a in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    print("format    rows       CPU s    rows/s   more MB  peak MB  file MB")
    for name, count in [(name, count) for name in available() for count in sizes]:
        call = [sys.executable, __file__, "--one", name, str(min(count, SHEET))]
        done = json.loads(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
        print(
            f"{name:9} {count:<10,} {done['seconds']:7.1f} {count / done['seconds']:8,.0f} "
            f"{done['more']:8.0f} {done['peak']:8.0f} {done['file']:8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
    else:
        main()
