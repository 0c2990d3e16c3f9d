"""Time and memory of search over many passages: words alone, and words with meaning.

``python benchmarks/search.py [PASSAGES] [FOLDER]``: makes a project of made-up passages (default 100,000)
with vectors of the shipped encoder's width, searches it, and prints medians after loading. The vectors are
random numbers kept under the texts' hashes: reading and multiplying them is measured, not their worth.
Times are of the process's own work (all its threads), so that other programs on the machine do not count.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.domain.document import BlockKind, Document, DocumentRevision, SourceLocation, SourceType
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.store.records import IngestedDocument, StoredVector
from evidence_mapper.workflow.base_classifier import base_classifier
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.search import Searcher

NOW = "2026-01-05T09:00:00.000000+00:00"
PER_DOCUMENT = 200
WORDS = """people carers support review staff home plan safe choice work waiting assessment team council
service provider feedback survey visit risk money direct payment worker family neighbour enquiry board quality
outcome month training policy interpreter hospital discharge respite"""
COMMON = WORDS.split()
QUERIES = (
    "waits for carers' assessments",
    "word1234",
    '"direct payment" training',
    "hospital discharge at the weekend -respite",
    "people from word77 communities who need an interpreter and do not get the support of the council",
)


def document(number: int, size: int) -> IngestedDocument:
    """Return a made-up document; one word in five is one of 20,000 rarer ones."""
    chance, name = random.Random(number), f"paper {number:05}.docx"

    def word() -> str:
        return (
            chance.choice(COMMON)
            if chance.random() < 0.8
            else f"word{int(chance.paretovariate(0.5)) % 20_000}"
        )

    texts = [" ".join(word() for _ in range(chance.randint(30, 90))) for _ in range(size)]
    body, file = "\n\n".join(texts), sha256_text(name)
    ids = derived_id("doc", name), derived_id("rev", file)
    head = Document(ids[0], name, file, "application/made-up", SourceType.POLICY, None, 9, NOW)
    revision = DocumentRevision(ids[1], ids[0], file, body, sha256_text(body), "made-up/1", NOW)
    return IngestedDocument(head, revision, list(passages(revision, texts)))


def passages(revision: DocumentRevision, texts: list[str]) -> Iterator[Passage]:
    """Yield the passages of a made-up document."""
    start = 0
    for n, text in enumerate(texts):
        yield Passage(
            id=derived_id("psg", revision.file_sha256, str(n)),
            revision_id=revision.id,
            document_id=revision.document_id,
            ordinal=n,
            span=Span(start, start + len(text)),
            text=text,
            kind=BlockKind.PARAGRAPH,
            location=SourceLocation(page=n // 10 + 1),
            heading_path=("Findings", "Access"),
            context=None,
        )
        start += len(text) + 2


def fill(project: Project, total: int) -> None:
    """Write passages and vectors."""
    encoder, framework = base_classifier(project).encoder, project.framework
    run = project.store.start_run(
        RunSpec("made-up@1", "sha256:0", f"{framework.id}@{framework.version}"), NOW
    )
    numbers = np.random.default_rng(7)
    for n in range(-(-total // PER_DOCUMENT)):
        ingested = document(n, min(PER_DOCUMENT, total - n * PER_DOCUMENT))
        project.store.add_document(ingested)
        rows = numbers.normal(size=(len(ingested.passages), encoder.width)).astype("<f4")
        vectors = [
            StoredVector(sha256_text(p.text), "<f4", encoder.width, row.tobytes())
            for p, row in zip(ingested.passages, rows, strict=True)
        ]
        project.store.save_suggestions(run, [], encoder.id, vectors)


def timed(searcher: Searcher, where: QueueFilter | None = None) -> list[str]:
    """Return milliseconds a query, the median of five."""
    medians = []
    for query in QUERIES:
        times = []
        for _ in range(5):
            started = time.process_time()
            found = searcher.find(query, where=where, limit=20)
            times.append(1000 * (time.process_time() - started))
        medians.append(f"{statistics.median(times):6.0f} ({len(found.hits)})")
    return medians


def main() -> None:
    """Make, search, print."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        started = time.process_time()
        with create_project(Path(folder) / "p.sqlite", "making-it-real") as project:
            fill(project, total)
            print(f"{total:,} passages written in {time.process_time() - started:.0f} s")
            words = Searcher(project.store, project.framework, meaning=False)
            both = Searcher(project.store, project.framework)
            print("milliseconds (hits) of", "; ".join(QUERIES))
            print("words  ", *timed(words))
            before, started = peak(), time.process_time()
            both.find("carers")
            print(
                f"loading: {time.process_time() - started:.1f} s, {peak() - before:.0f} MB more at the peak"
            )
            print("hybrid ", *timed(both))
            chosen = QueueFilter(state=ReviewState.ANY, source_type="policy")
            print("filter ", *timed(both, chosen))
            size = (Path(folder) / "p.sqlite").stat().st_size / 1e6
            print(f"most memory: {peak():.0f} MB; file: {size:.0f} MB")


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
