"""Small, made-up readings and suggestions."""

from __future__ import annotations

from collections.abc import Sequence

from evidence_mapper.domain.coding import (
    Decision,
    Outcome,
    Polarity,
    SuggestedChoice,
    SuggestedCode,
    Suggestion,
    Verdict,
)
from evidence_mapper.domain.document import (
    BlockKind,
    Document,
    DocumentRevision,
    Exclusion,
    ExclusionReason,
    SourceLocation,
    SourceType,
)
from evidence_mapper.domain.ids import derived_id, sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.store.records import IngestedDocument

NOW = "2026-01-05T09:00:00.000000+00:00"
STATEMENTS = tuple(f"statement-{n}" for n in range(1, 10))
CATEGORIES = ("experience", "feedback", "processes", "outcomes")


def at(second: int) -> str:
    """Return a time so many seconds after nine o'clock."""
    return f"2026-01-05T{9 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000+00:00"


def reading(name: str, texts: Sequence[str], *, file: str | None = None) -> IngestedDocument:
    """Return a document whose passages are the texts; ``file`` stands for the file's bytes."""
    file_sha256 = sha256_text(file if file is not None else "\n\n".join(texts))
    body = "\n\n".join(texts)
    document_id = derived_id("doc", name)
    revision_id = derived_id("rev", file_sha256, "test/1")
    document = Document(document_id, name, file_sha256, "text/plain", SourceType.UNKNOWN, None, None, NOW)
    revision = DocumentRevision(revision_id, document_id, file_sha256, body, sha256_text(body), "test/1", NOW)
    passages, start = [], 0
    for ordinal, text in enumerate(texts):
        passages.append(
            Passage(
                id=derived_id("psg", file_sha256, str(ordinal), text),
                revision_id=revision_id,
                document_id=document_id,
                ordinal=ordinal,
                span=Span(start, start + len(text)),
                text=text,
                kind=BlockKind.PARAGRAPH,
                location=SourceLocation(page=ordinal // 10 + 1, bbox=(1.0, 2.5, 3.0, 4.0)),
                heading_path=("Part one", "Access"),
                context="What went well?",
                attributes=(("Age", "70-79"), ("Area", "North")),
            )
        )
        start += len(text) + 2
    left_out = (Exclusion("Page 1 of 9", ExclusionReason.FURNITURE, SourceLocation(page=1)),)
    return IngestedDocument(
        document, revision, passages, left_out, (3,), ("page 3 is a picture",), (("title", name),)
    )


def suggestion(
    *ranked: tuple[str, float],
    none: float = 0.1,
    category: str | None = "processes",
    topics: Sequence[str] = (),
    threshold: float = 0.5,
) -> Suggestion:
    """Return a suggestion of statements, suggested from the threshold on; others at one in a hundred."""
    named = {code for code, _ in ranked}
    codes = [SuggestedCode(code, p, p >= threshold) for code, p in ranked]
    codes += [SuggestedCode(code, 0.01, False) for code in STATEMENTS if code not in named]
    codes.sort(key=lambda code: -code.probability)
    chosen = category and SuggestedChoice(category, 0.7, ((category, 0.7), ("other", 0.3)))
    return Suggestion(
        statements=tuple(codes),
        topics=tuple(SuggestedCode(topic, 0.8, True) for topic in topics),
        i_statements=(SuggestedCode("i-1", 0.6, True), SuggestedCode("i-2", 0.2, False)),
        evidence_category=chosen or None,
        polarity=SuggestedChoice("strength", 0.9, (("strength", 0.9), ("concern", 0.1))),
        none_probability=none,
        abstained=not any(code.suggested for code in codes),
    )


def coded(
    *accepted: str,
    rejected: Sequence[str] = (),
    category: str | None = None,
    polarity: Polarity | None = None,
    topics: Sequence[str] = (),
    note: str | None = None,
) -> Decision:
    """Return a decision that accepts statements."""
    verdicts = [(s, Verdict.ACCEPTED) for s in accepted] + [(s, Verdict.REJECTED) for s in rejected]
    return Decision(Outcome.CODED, tuple(verdicts), tuple(topics), (), category, polarity, note)
