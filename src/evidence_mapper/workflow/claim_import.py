"""A draft self-assessment's sentences become claims; brought in again, none is doubled and none is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import SourceType
from evidence_mapper.errors import ModelError
from evidence_mapper.workflow.claim_draft import Draft, Sentence, read_draft, sentence_key
from evidence_mapper.workflow.claim_record import Claim, ClaimOrigin
from evidence_mapper.workflow.claims import all_claims, edit_claim, record_imported
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.domain.coding import Suggestion

_ALIKE: Final = 0.6
"""Share of words two sentences have in common, in order, from which one may be the other changed."""
_SAME_DRAFT: Final = 0.3
"""Share of an earlier file's sentences that another file must hold to be a version of it."""
_BATCH: Final = 32


class Changed(StrEnum):
    """What to do with a sentence that is like a claim of the same draft, in other words."""

    LIST = "list"
    """Leave both as they are and list them for the person."""
    TAKE = "take"
    """The claim takes the new words, and keeps its evidence."""
    NEW = "new"
    """The sentence becomes a claim of its own."""


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """A claim whose sentence the draft now says in other words."""

    claim: Claim
    sentence: Sentence
    similarity: float
    """Of the words, in [0, 1]."""


@dataclass
class ImportReport:
    """What became of a draft's sentences."""

    draft: Draft
    added: list[Claim] = field(default_factory=list)
    known: list[Claim] = field(default_factory=list)
    """Claims the draft says in the same words, those withdrawn since too: nothing was changed."""
    changed: list[ChangedSentence] = field(default_factory=list)
    """Listed for the person; with TAKE, the claims as they are now."""
    gone: list[Claim] = field(default_factory=list)
    """Claims of an earlier version of the draft that it no longer says: they stay."""
    note: str | None = None
    """Why no statements were suggested; None when they were, or none was needed."""


def import_claims(
    project: Project,
    path: Path,
    *,
    coder: str,
    column: str | None = None,
    tables: bool = False,
    changed: Changed = Changed.LIST,
    progress: ProgressSink = silent,
) -> ImportReport:
    """Make claims of a draft's sentences.

    A sentence that is a claim already, in the words of now or of earlier, is that claim. Statements come
    from headings that name them; for other sentences the classifier's are kept beside the claim as
    suggestions.

    Parameters
    ----------
    project
        An open project. The draft does not become a document of it.
    path
        The draft.
    coder
        Whose claims they are.
    column, tables
        As :func:`~evidence_mapper.workflow.claim_draft.read_draft` takes them.
    changed
        What to do with sentences that were changed.
    progress
        Told while statements are suggested.

    Raises
    ------
    ExtractionError, UsageError
        The draft cannot be read, or holds no sentences.
    StoreError
        The project cannot be written; run it again to go on.
    """
    draft = read_draft(project.framework, path, column=column, tables=tables)
    report = ImportReport(draft)
    claims = all_claims(project)
    fresh = _match(draft.sentences, claims, report)
    earlier = _earlier(draft, claims, report.known)
    pairs = [] if changed is Changed.NEW else _changed(fresh, earlier)
    taken = {id(pair.sentence) for pair in pairs}
    report.gone = _gone(earlier, pairs)
    report.changed = [_take(project, draft, p, coder) for p in pairs] if changed is Changed.TAKE else pairs
    report.added = _record(project, report, [s for s in fresh if id(s) not in taken], coder, progress)
    return report


def _match(sentences: Sequence[Sentence], claims: Sequence[Claim], report: ImportReport) -> list[Sentence]:
    """Return the sentences that are no claim yet: words of now are looked at before words of earlier."""
    fresh = list(sentences)
    held: set[str] = set()
    for texts in (_now, _once):
        by_key: dict[str, Claim] = {}
        for claim in sorted(claims, key=lambda c: not c.is_open):
            if claim.id not in held:
                for text in texts(claim):
                    by_key.setdefault(sentence_key(text), claim)
        waiting, fresh = fresh, []
        for sentence in waiting:
            known = by_key.get(sentence_key(sentence.text))
            if known is None:
                fresh.append(sentence)
            elif known.id not in held:
                held.add(known.id)
                report.known.append(known)
    report.known.sort(key=lambda claim: claim.number)
    return fresh


def _now(claim: Claim) -> Iterable[str]:
    return (claim.text, *((claim.origin.text,) if claim.origin else ()))


def _once(claim: Claim) -> Iterable[str]:
    return claim.former


def _earlier(draft: Draft, claims: Sequence[Claim], known: Sequence[Claim]) -> list[Claim]:
    """Return claims of earlier versions of the draft that it does not say in the same words."""
    matched = {claim.id for claim in known}
    by_file: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.origin is not None:
            by_file.setdefault(claim.origin.file, []).append(claim)
    found = []
    for name, held in by_file.items():
        share = sum(claim.id in matched for claim in held) / len(held)
        if name == draft.name or share >= _SAME_DRAFT:
            found += [claim for claim in held if claim.is_open and claim.id not in matched]
    return found


def _changed(sentences: Sequence[Sentence], claims: Sequence[Claim]) -> list[ChangedSentence]:
    """Return pairs of a claim and the sentence it became, the most alike first taken."""
    words = [(s, sentence_key(s.text).split()) for s in sentences]
    pairs = []
    for claim in claims:
        said = [sentence_key(text).split() for text in _now(claim)]
        for sentence, other in words:
            alike = max(_similarity(one, other) for one in said)
            if alike >= _ALIKE:
                pairs.append(ChangedSentence(claim, sentence, round(alike, 2)))
    used: set[object] = set()
    best = []
    for pair in sorted(pairs, key=lambda p: (-p.similarity, p.claim.number)):
        if pair.claim.id not in used and id(pair.sentence) not in used:
            used |= {pair.claim.id, id(pair.sentence)}
            best.append(pair)
    return sorted(best, key=lambda p: p.claim.number)


def _similarity(one: list[str], other: list[str]) -> float:
    shared = len(set(one) & set(other))
    if 2 * shared < _ALIKE * (len(set(one)) + len(set(other))) / 2:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _gone(claims: Sequence[Claim], pairs: Sequence[ChangedSentence]) -> list[Claim]:
    changed = {pair.claim.id for pair in pairs}
    return sorted((c for c in claims if c.id not in changed), key=lambda claim: claim.number)


def _take(project: Project, draft: Draft, pair: ChangedSentence, coder: str) -> ChangedSentence:
    origin = _origin(draft, pair.sentence, None)
    claim = edit_claim(project, pair.claim.id, coder=coder, text=pair.sentence.text, origin=origin)
    return ChangedSentence(claim, pair.sentence, pair.similarity)


def _record(
    project: Project,
    report: ImportReport,
    sentences: Sequence[Sentence],
    coder: str,
    progress: ProgressSink,
) -> list[Claim]:
    suggestions = _suggestions(project, [s for s in sentences if not s.statements], report, progress)
    drafts = [(s.text, s.statements, _origin(report.draft, s, suggestions.get(id(s)))) for s in sentences]
    return record_imported(project, drafts, coder=coder)


def _origin(draft: Draft, sentence: Sentence, suggestion: Suggestion | None) -> ClaimOrigin:
    codes = suggestion.statements if suggestion else ()
    suggested = tuple((c.id, round(c.probability, 4)) for c in codes if c.suggested)
    return ClaimOrigin(draft.name, draft.sha256, sentence.text, sentence.places, suggested)


def _suggestions(
    project: Project, sentences: Sequence[Sentence], report: ImportReport, progress: ProgressSink
) -> dict[int, Suggestion]:
    """Return suggestions by the identity of their sentence."""
    from evidence_mapper.classify.base import ClassifierInput
    from evidence_mapper.workflow.head_in_use import in_use

    if not sentences:
        return {}
    try:
        classifier = in_use(project).classifier
    except ModelError as error:
        report.note = f"No statements were suggested: {error}"
        return {}
    found: dict[int, Suggestion] = {}
    for start in range(0, len(sentences), _BATCH):
        progress(start, len(sentences), report.draft.name)
        batch = sentences[start : start + _BATCH]
        inputs = [ClassifierInput(s.text, s.heading, SourceType.SELF_ASSESSMENT.value) for s in batch]
        found |= {id(s): made for s, made in zip(batch, classifier.suggest(inputs), strict=True)}
    progress(len(sentences), len(sentences), report.draft.name)
    return found
