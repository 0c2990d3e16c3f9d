"""Why a statement was suggested: the words that carry it, its topic, and passages like it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.classify.examples import LearnedFrom, load_examples, nearest
from evidence_mapper.classify.explain import Explanation, explain_each
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.classify.word_shares import WordShare, word_shares
from evidence_mapper.domain.coding import SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.workflow.base_classifier import AnyClassifier
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.suggest import classifier_input

_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage a person confirmed for the same statement."""

    passage: Passage
    document: str
    similarity: float
    """Cosine of the embeddings, in [-1, 1]."""


@dataclass(frozen=True, slots=True)
class Why:
    """All that is shown for one suggested statement."""

    explanation: Explanation
    neighbours: tuple[Neighbour, ...]
    """Most similar first; empty while nothing is confirmed for the statement."""
    learned_from: tuple[LearnedFrom, ...] = ()
    """Training passages most like it, which were invented for the shipped classifier; most similar first.

    Empty where another classifier is behind the suggestions.
    """
    topic: SuggestedCode | None = None
    """The statement's likeliest topic; None when none is likely enough to be kept."""
    words: tuple[WordShare, ...] = ()
    """Exact shares of the part that reads words alone, heaviest first, at most eight.

    Empty where the classifier has no such part, or knows no word of the passage.
    """

    @property
    def by_heading(self) -> bool:
        """Whether headings or question above the passage carry it more than any piece of its words."""
        heaviest = max((h.weight for h in self.explanation.highlights), default=0.0)
        return self.explanation.heading > heaviest

    def phrases(self, text: str) -> list[str]:
        """Return the words that carry it, the weightiest first; pieces side by side are one phrase.

        Parameters
        ----------
        text
            The passage that was explained, as it is shown.
        """
        joined: list[tuple[int, int, int]] = []
        ranked = sorted((h.span.start, h.span.end, n) for n, h in enumerate(self.explanation.highlights))
        for start, end, rank in ranked:
            if joined and not text[joined[-1][1] : start].strip():
                first, last, before = joined.pop()
                joined.append((first, max(last, end), min(before, rank)))
            else:
                joined.append((start, end, rank))
        return [text[start:end] for start, end, _ in sorted(joined, key=lambda piece: piece[2])]

    def shares(self) -> list[str]:
        """Return each of the words with its share, as it is shown."""
        return [f"{w.term}{' (heading)' if w.of_heading else ''} {w.share:+.2f}" for w in self.words]

    @property
    def stand_ins(self) -> tuple[LearnedFrom, ...]:
        """Return training passages to show where fewer than two confirmed passages are like it."""
        return self.learned_from[: _NEIGHBOURS - len(self.neighbours)]


def why(
    project: Project,
    passage_id: str,
    statements: tuple[str, ...] | None = None,
    classifier: AnyClassifier | None = None,
) -> list[Why]:
    """Return why each statement was suggested for a passage.

    Parameters
    ----------
    project
        An open project.
    passage_id
        The passage.
    statements
        Which statements to explain; None takes the suggested ones, most likely first.
    classifier
        The one behind the current run where it is loaded already; None loads it.

    Raises
    ------
    StoreError
        The suggestions were made by a classifier that is not installed any more.
    ModelNotFound, UntrustedArtefact, SpecMismatch
        The training passages that come with the classifier cannot be used.
    """
    from evidence_mapper.workflow.head_in_use import behind_current_run

    explaining = classifier or behind_current_run(project)
    passage = project.store.passage(passage_id)
    item = classifier_input(passage, project.store.document(passage.document_id))
    suggestion = project.store.suggestion(passage_id)
    wanted = statements or (suggestion.suggested_statements() if suggestion else ())
    confirmed, vectors = _confirmed(project, explaining, passage, wanted)
    found = reasons(explaining, project.framework, item, suggestion, wanted, vectors.get(passage.id))
    return [
        replace(each, neighbours=_neighbours(passage, [r for r in confirmed if s in r.statements], vectors))
        for s, each in zip(wanted, found, strict=True)
    ]


def reasons(
    classifier: AnyClassifier,
    framework: Framework,
    item: ClassifierInput,
    suggestion: Suggestion | None,
    wanted: Sequence[str],
    vector: Embeddings | None = None,
) -> list[Why]:
    """Return why statements were suggested for a passage that need not be in a project.

    Parameters
    ----------
    classifier
        The one that made the suggestion.
    framework
        Its framework, for the topics of a statement.
    item
        The passage, with what it was read under.
    suggestion
        What was suggested; None names no topics.
    wanted
        Ids of the statements to explain.
    vector
        The passage's, shape (width,), where it is known; None encodes it.

    Returns
    -------
    list of Why
        One a statement, in order, without confirmed passages: those are a project's.

    Raises
    ------
    ModelNotFound, UntrustedArtefact, SpecMismatch
        The training passages that come with the classifier cannot be used.
    """
    if not wanted:
        return []
    like: dict[str, tuple[LearnedFrom, ...]] = {}
    if isinstance(classifier, StatementClassifier):
        examples = load_examples(classifier)
        if vector is None:  # not kept, or read without the encoder
            vector = classifier.encoder.encode(classifier.texts([item]))[0]
        like = {s: tuple(nearest(examples, vector, s, _NEIGHBOURS)) for s in wanted}
    explained = explain_each(classifier, item, wanted)
    return [
        Why(each, (), like.get(each.statement, ()), _topic(framework, suggestion, each.statement), words)
        for each, words in zip(explained, word_shares(classifier, item, wanted), strict=True)
    ]


def to_json(found: Why) -> dict[str, Any]:
    """Return an explanation as ``show --why --json`` and ``classify --why`` write it."""
    explanation = found.explanation
    return {
        "statement": explanation.statement,
        "probability": round(explanation.probability, 4),
        "highlights": [
            {"start": h.span.start, "end": h.span.end, "weight": round(h.weight, 4)}
            for h in explanation.highlights
        ],
        "heading_weight": round(explanation.heading, 4),
        "words": [
            {
                "term": w.term,
                "share": round(w.share, 4),
                "spans": [{"start": span.start, "end": span.end} for span in w.spans],
                "heading": w.of_heading,
            }
            for w in found.words
        ],
        "confirmed_neighbours": [
            {"passage_id": n.passage.id, "document": n.document, "similarity": round(n.similarity, 4)}
            for n in found.neighbours
        ],
        "topic": {"id": found.topic.id, "probability": round(found.topic.probability, 4)}
        if found.topic
        else None,
        "training_passages": [
            {"id": n.id, "text": n.text, "similarity": round(n.similarity, 4), "invented": True}
            for n in found.learned_from
        ],
    }


def confirmed_like(project: Project, classifier: AnyClassifier, passage_id: str, known: Why) -> Why:
    """Return an explanation made before with the passages that are confirmed by now."""
    passage, statement = project.store.passage(passage_id), known.explanation.statement
    confirmed, vectors = _confirmed(project, classifier, passage, (statement,))
    return replace(known, neighbours=_neighbours(passage, confirmed, vectors))


def _topic(framework: Framework, suggestion: Suggestion | None, statement: str) -> SuggestedCode | None:
    own = {t.id for t in framework.topics if t.statement_id == statement}
    return next((t for t in suggestion.topics if t.id in own), None) if suggestion else None


def _confirmed(
    project: Project, classifier: AnyClassifier, passage: Passage, wanted: Collection[str]
) -> tuple[list[EvidenceRow], dict[str, Embeddings]]:
    """Return other passages confirmed for the statements, and the vectors of these and of the passage."""
    rows = [
        r
        for r in project.store.evidence_rows(confirmed=True)
        if r.passage.id != passage.id and not r.superseded and set(wanted) & set(r.statements)
    ]
    return rows, _vectors(project, classifier, [passage, *(r.passage for r in rows)])


def _neighbours(
    passage: Passage, rows: Sequence[EvidenceRow], vectors: Mapping[str, Embeddings]
) -> tuple[Neighbour, ...]:
    if passage.id not in vectors:
        return ()
    here = vectors[passage.id]
    unique = {r.passage.id: r for r in rows if r.passage.id in vectors}
    near = [Neighbour(r.passage, r.document.name, float(here @ vectors[i])) for i, r in unique.items()]
    return tuple(sorted(near, key=lambda n: -n.similarity)[:_NEIGHBOURS])


def _vectors(project: Project, classifier: AnyClassifier, passages: list[Passage]) -> dict[str, Embeddings]:
    """Return unit vectors by passage id, for the passages whose embedding is kept."""
    documents = {d.id: d for d in project.store.documents()}
    inputs = [classifier_input(p, documents[p.document_id]) for p in passages]
    hashes = [sha256_text(t) for t in classifier.texts(inputs)]
    kept = project.store.vectors(classifier.encoder.id, hashes)
    found: dict[str, Embeddings] = {}
    for passage, digest in zip(passages, hashes, strict=True):
        if digest in kept:
            vector = np.frombuffer(kept[digest].data, dtype=kept[digest].dtype).astype(np.float32)
            found[passage.id] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return found
