"""A made-up project of many passages with suggestions and decisions, through the store's own door."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from evidence_mapper.domain.coding import (
    Decision,
    Outcome,
    RunSpec,
    SuggestedChoice,
    SuggestedCode,
    Suggestion,
)
from evidence_mapper.domain.document import (
    BlockKind,
    Document,
    DocumentRevision,
    SourceLocation,
    SourceType,
)
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.store.base import Store
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.review import decision_from_suggestion

NOW = "2026-01-05T09:00:00.000000+00:00"
CODER = "A. Officer"
PER_DOCUMENT = 200
DECISIONS = 4_000
TEXT = (
    "people carers support review staff home plan safe choice work waiting assessment team council service "
    "provider feedback survey visit risk money direct payment worker family neighbour enquiry board quality "
    "outcome month training policy interpreter hospital discharge respite"
)
WORDS = TEXT.split()
SOURCES = [s for s in SourceType if s is not SourceType.UNKNOWN]


def build(path: Path, total: int, *, tell: bool = True) -> None:
    """Make a project of ``total`` passages, all with a suggestion, DECISIONS of them decided on."""
    chance, started = random.Random(7), time.perf_counter()
    with create_project(path) as project:
        store, framework = project.store, project.framework
        run = store.start_run(RunSpec("made-up@1", "sha256:0", f"{framework.id}@{framework.version}"), NOW)
        for number in range(-(-total // PER_DOCUMENT)):
            ingested = _document(chance, number, min(PER_DOCUMENT, total - number * PER_DOCUMENT))
            store.add_document(ingested)
            store.save_suggestions(run, [(p.id, _suggestion(chance, framework)) for p in ingested.passages])
            if tell and number % 100 == 99:
                print(f"  {(number + 1) * PER_DOCUMENT:,} passages, {time.perf_counter() - started:.0f} s")
        _decide(store, min(DECISIONS, total // 5))


def _document(chance: random.Random, number: int, size: int) -> IngestedDocument:
    name = f"papers/{number % 23:02}/paper {number:05}.docx"
    texts = [
        f"Passage {number * PER_DOCUMENT + n}: " + " ".join(chance.choices(WORDS, k=chance.randint(20, 90)))
        for n in range(size)
    ]
    body, file = "\n\n".join(texts), sha256_text(name)
    document_id, revision_id = derived_id("doc", name), derived_id("rev", file, "made-up/1")
    source = SOURCES[number % len(SOURCES)]
    document = Document(document_id, name, file, "application/made-up", source, None, 9, NOW)
    revision = DocumentRevision(revision_id, document_id, file, body, sha256_text(body), "made-up/1", NOW)
    facts = (("date", f"20{19 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}"),)
    return IngestedDocument(document, revision, list(_passages(document, revision, texts)), metadata=facts)


def _passages(document: Document, revision: DocumentRevision, texts: list[str]) -> Iterator[Passage]:
    start = 0
    for ordinal, text in enumerate(texts):
        yield Passage(
            id=derived_id("psg", document.file_sha256, str(ordinal)),
            revision_id=revision.id,
            document_id=document.id,
            ordinal=ordinal,
            span=Span(start, start + len(text)),
            text=text,
            kind=BlockKind.PARAGRAPH,
            location=SourceLocation(page=ordinal // 10 + 1, paragraph=ordinal),
            heading_path=("Part one", "Access"),
            context=None,
        )
        start += len(text) + 2


def _suggestion(chance: random.Random, framework: Framework) -> Suggestion:
    """Return a suggestion such as the classifier makes: most passages bear on nothing."""
    none = chance.betavariate(1, 0.7)
    likely = {s.id: (1 - none) * chance.betavariate(0.4, 2.5) for s in framework.statements}
    main = chance.choice(framework.statements).id
    likely[main] = max(likely[main], 1 - none)
    codes = [SuggestedCode(s, round(p, 4), none < 0.6 and p >= 0.35) for s, p in likely.items()]
    codes.sort(key=lambda c: -c.probability)
    chosen = [c.id for c in codes if c.suggested]
    topics = [chance.choice(framework.topics_of(s)) for s in chosen if framework.topics_of(s)]
    spoken = [i.id for s in chosen for i in framework.i_statements_of(s)[:1]]
    category = chance.choice(framework.evidence_categories).id
    polarity = chance.choice(("strength", "concern", "mixed", "neutral"))
    return Suggestion(
        statements=tuple(codes),
        topics=tuple(SuggestedCode(t.id, 0.6, suggested=True) for t in topics),
        i_statements=tuple(SuggestedCode(i, 0.5, i in spoken) for i in dict.fromkeys(spoken)),
        evidence_category=SuggestedChoice(category, 0.8, ((category, 0.8),)),
        polarity=SuggestedChoice(polarity, 0.7, ((polarity, 0.7),)),
        none_probability=round(none, 4),
        abstained=not chosen and none < 0.6,
        none_suggested=none >= 0.6,
    )


def _decide(store: Store, number: int) -> None:
    """Accept from the top of the queue, 200 in a transaction."""
    for _ in range(0, number, 200):
        rows = store.queue(CODER, QueueFilter(), QueueOrder.LIKELY, 0, 200)
        made = []
        for row in rows:
            suggestion = store.suggestion(row.passage_id)
            decision = suggestion and decision_from_suggestion(suggestion)
            answer = decision or Decision(Outcome.NONE)
            made.append((row.passage_id, answer.to_json()))
        store.decide_together(CODER, NOW, made)
