"""Peak memory and time of whole exports, from made-up projects in which every passage is confirmed.

``python benchmarks/export_project.py build PROJECT ROWS`` makes a project (about a minute of processor time
for 50,000 rows), ``python benchmarks/export_project.py measure PROJECT [FORMAT ...]`` writes each format from
it. Each measurement is a process of its own; memory is its resident peak, and beside it what it had before.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import review_project

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Verdict
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.project import create_project, open_project
from evidence_mapper.workflow.publish import export_as_asked

FORMATS = {
    "csv": ("e.csv", None),
    "jsonl": ("e.jsonl", None),
    "parquet": ("e.parquet", None),
    "xlsx": ("e.xlsx", None),
    "index-csv": ("i.csv", "evidence-index"),
    "index-xlsx": ("i.xlsx", "evidence-index"),
    "pack-md": ("p.md", "self-assessment"),
    "pack-docx": ("p.docx", "self-assessment"),
    "qdpx": ("s.qdpx", None),
    "html": ("r.html", None),
}
PER_DOCUMENT = review_project.PER_DOCUMENT


def build(path: Path, total: int) -> None:
    """Make a project of policies, in which names are not looked for, with ``total`` confirmed passages."""
    review_project.SOURCES = [SourceType.POLICY]
    chance = random.Random(7)
    with create_project(path) as project:
        for number in range(-(-total // PER_DOCUMENT)):
            size = min(PER_DOCUMENT, total - number * PER_DOCUMENT)
            ingested = review_project._document(chance, number, size)  # noqa: SLF001 - the same made-up texts
            project.store.add_document(ingested)
            made = [(p.id, _decision(chance, project.framework).to_json()) for p in ingested.passages]
            project.store.decide_together(review_project.CODER, review_project.NOW, made)


def _decision(chance: random.Random, framework: Framework) -> Decision:
    statement = chance.choice(framework.statements)
    topics = framework.topics_of(statement.id)
    return Decision(
        Outcome.CODED,
        statements=((statement.id, Verdict.ACCEPTED),),
        topics=(chance.choice(topics).id,) if topics else (),
        evidence_category=chance.choice(framework.evidence_categories).id,
        polarity=chance.choice(list(Polarity)),
    )


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path, name: str) -> dict[str, float]:
    """Write one format and return what it took."""
    file, chosen = FORMATS[name]
    with tempfile.TemporaryDirectory() as folder, open_project(path) as project:
        before, started = peak(), time.process_time()
        report = export_as_asked(project, Path(folder) / file, chosen, ExportRequest())
        return {
            "rows": report.confirmed,
            "seconds": time.process_time() - started,
            "before": before,
            "peak": peak(),
            "file": report.path.stat().st_size / 1e6,
        }


def main() -> None:
    """Do what is asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=["build", "measure", "one"])
    parser.add_argument("project")
    parser.add_argument("rest", nargs="*", help="rows to build, or formats to measure")
    options = parser.parse_args()
    action, path, rest = options.action, options.project, options.rest
    if action == "build":
        build(Path(path), int(rest[0]))
        return
    if action == "one":
        print(json.dumps(measure(Path(path), rest[0])))
        return
    print("format       rows       CPU s   before MB  peak MB  file MB")
    for name in rest or FORMATS:
        call = [sys.executable, __file__, "one", path, name]
        done = json.loads(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
        print(
            f"{name:12} {done['rows']:<10,} {done['seconds']:7.1f} {done['before']:9.0f} {done['peak']:9.0f} "
            f"{done['file']:9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
