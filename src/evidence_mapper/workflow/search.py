"""Search of a project's passages by words and by meaning.

Three rankings are fused by reciprocal rank: by words, by words among the passages that have every one of
them, and by meaning. A passage's score is the sum of 1 / (60 + rank) over the rankings it is in (Cormack,
Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
SIGIR 2009), which needs no common scale of BM25 and cosine.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.domain.search import FoundPassage, HitState, WordQuery
from evidence_mapper.errors import ModelError
from evidence_mapper.store.base import Store
from evidence_mapper.store.records import LiveText, ModelChoice
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.search_query import MOST_WORDS, Asked, parse

if TYPE_CHECKING:
    from evidence_mapper.workflow.base_classifier import AnyClassifier
    from evidence_mapper.workflow.search_index import SearchIndex

__all__ = ["Found", "Hit", "HitState", "Score", "Searcher", "search", "searcher", "searcher_of"]

_DEPTH: Final = 200
"""Places of each ranking that are fused."""
_K: Final = 60
"""Of the fusion, as in the paper: what a first place is worth beside a second."""
_NOWHERE: Final = float("inf")
_BATCH: Final = 2_000
_NO_VECTORS: Final = (
    "Searched by words alone: no passage has been read by the encoder that is installed; to search by "
    "meaning too: evidence-mapper suggest"
)

_SEARCHERS: Final[weakref.WeakKeyDictionary[Store, Searcher]] = weakref.WeakKeyDictionary()
"""Of open projects: gone with them."""
Ranking = list[tuple[int, float]]
"""(passage number, score), best first."""

EVERYTHING: Final = QueueFilter(state=ReviewState.ANY)


@dataclass(frozen=True, slots=True)
class Score:
    """Why a hit stands where it does."""

    fused: float
    """Higher is better; comparable within one search only."""
    words: float | None
    """BM25, higher is better; None where it is not among the best by words."""
    words_rank: int | None
    """One-based place by words."""
    meaning: float | None
    """Cosine with the query, in [-1, 1]; None where it is not among the nearest."""
    meaning_rank: int | None
    """One-based place by meaning."""

    def order(self) -> tuple[float, float]:
        """Return the key to sort by, best first; of two alike the one that has the words."""
        return -self.fused, self.words_rank or _NOWHERE


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    passage: Passage
    document: Document
    score: Score
    matched: tuple[Span, ...]
    """Where words of the query stand in ``passage.text``, in code points, in order; empty when found by
    meaning alone."""
    state: HitState
    statements: tuple[str, ...]
    """Accepted by any coder; where there are none, those suggested."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives."""

    hits: tuple[Hit, ...]
    """Best first."""
    notices: tuple[str, ...] = ()
    """What a person should know of how the search was made, in plain words."""


def search(project: Project, query: str, *, where: QueueFilter | None = None, limit: int = 20) -> list[Hit]:
    """Return the passages of newest versions that fit a query best, best first.

    Parameters
    ----------
    project
        An open project. What a first search loads is kept as long as the project is open.
    query
        Words; ``"in quotes"`` side by side; ``-word`` to leave passages out. Nothing in it is an error.
    where
        Which passages; None takes all. Its ``state``, one coder's, is not looked at: ``confirmed`` is.
    limit
        Most hits; 1 or more.

    Raises
    ------
    StoreError
        The project cannot be read.
    """
    return list(searcher(project).find(query, where=where, limit=limit).hits)


def searcher(project: Project) -> Searcher:
    """Return the one searcher of an open project."""
    return searcher_of(project.store, project.framework)


def searcher_of(store: Store, framework: Framework) -> Searcher:
    """Return the one searcher of an open project's store."""
    found = _SEARCHERS.get(store)
    if found is None:
        found = _SEARCHERS[store] = Searcher(store, framework)
    return found


class Searcher:
    """Searches one project again and again: what it loads at the first search by meaning is kept.

    May be called from several threads; one search is made at a time.

    Parameters
    ----------
    store, framework
        Of an open project.
    meaning
        Also search by meaning; False searches by words alone.
    words
        Also search by words; False, for measuring, searches by meaning alone.
    """

    def __init__(
        self, store: Store, framework: Framework, *, meaning: bool = True, words: bool = True
    ) -> None:
        # Weak: the table of searchers must not keep a store that nobody else has.
        self._store, self._framework = weakref.ref(store), framework
        self._meaning, self._words = meaning, words
        self._lock = Lock()
        self._classifier: AnyClassifier | None = None
        self._model: ModelChoice | None = None
        self._index: SearchIndex | None = None
        self._version: tuple[int, ...] = ()
        self._without: str | None = None

    def find(self, query: str, *, where: QueueFilter | None = None, limit: int = 20) -> Found:
        """Return what :func:`search` does, with notices on how it was made."""
        asked, chosen = parse(query), where or EVERYTHING
        if not asked.meaning:
            return Found((), (_nothing_asked(asked),))
        store, depth = self._open_store(), max(_DEPTH, 2 * limit)
        by_words = store.find_words(asked.words, chosen, depth) if self._words else []
        with self._lock:
            by_meaning, notices = self._by_meaning(store, asked, chosen, depth)
        by_all = store.find_words(_all_of(asked.words), chosen, depth) if by_words and by_meaning else []
        scores = _fuse(by_words, by_all, by_meaning)
        best = sorted(scores, key=lambda number: (*scores[number].order(), number))[:limit]
        hits = [_hit(found, scores[found.number]) for found in store.found_passages(asked.words, best)]
        if asked.cut:
            notices = (*notices, f"Only the first {MOST_WORDS} words were looked for as words.")
        return Found(tuple(hits), notices)

    def _by_meaning(
        self, store: Store, asked: Asked, where: QueueFilter, depth: int
    ) -> tuple[list[tuple[int, float]], tuple[str, ...]]:
        if not self._meaning:
            return [], ()
        index = self._load(store)
        if index is None or self._classifier is None:
            return [], (self._without,) if self._without else ()
        vector = self._classifier.encoder.encode([asked.meaning])[0]
        near = index.nearest(vector, depth, store.allowed(asked.words, where))
        missing = index.passages - index.encoded
        if not missing:
            return near, ()
        unread = f"{missing} of {index.passages} passages were not read by the encoder yet"
        return near, (f"{unread} and are found by words alone: evidence-mapper suggest",)

    def _load(self, store: Store) -> SearchIndex | None:
        """Return the index, made anew when texts, vectors or the classifier in use have changed."""
        from evidence_mapper.workflow.search_index import SearchIndex

        model = store.model()
        if self._classifier is None or model != self._model:
            self._index, self._model = None, model
            try:
                self._classifier = self._installed(store)
            except ModelError as error:
                self._classifier, self._without = None, f"Searched by words alone: {error}"
                return None
        encoder = self._classifier.encoder
        version = store.texts_version(encoder.id)
        if self._index is None or version != self._version:
            texts = text_hashes(store.live_texts(), self._classifier)
            self._index = SearchIndex(texts, lambda: self._open_store().vectors_of(encoder.id), encoder.width)
            self._version = version
        if not self._index.encoded:
            self._without = _NO_VECTORS
            return None
        return self._index

    def _open_store(self) -> Store:
        store = self._store()
        assert store is not None, "a searcher is of an open project"
        return store

    def _installed(self, store: Store) -> AnyClassifier:
        """Return the classifier whose encoder reads queries; a head of the project's own has the same."""
        from evidence_mapper.workflow.base_classifier import base_classifier

        # It is found by what the store says; the path is not asked.
        return base_classifier(Project(Path(), store, self._framework))


def _nothing_asked(asked: Asked) -> str:
    if asked.words.without:
        return "There is only what to leave out; add a word to look for."
    return "There is no word to look for; type one, such as: waits for assessments"


def text_hashes(texts: Iterator[LiveText], classifier: AnyClassifier) -> Iterator[tuple[int, list[str]]]:
    """Yield passage number and hashes of what the classifier's encoder may have read of it.

    After its headings or alone: that depends on what kind of paper the document was taken for at the time.
    """
    from evidence_mapper.classify.base import ClassifierInput
    from evidence_mapper.workflow.suggest import heading_of

    while batch := list(islice(texts, _BATCH)):
        headed = [ClassifierInput(t.text, heading_of(t.heading_path, t.context)) for t in batch]
        alone = [ClassifierInput(t.text) for t in batch]
        read = zip(classifier.texts(headed), classifier.texts(alone), strict=True)
        for text, ways in zip(batch, read, strict=True):
            yield text.number, [sha256_text(way) for way in dict.fromkeys(ways)]


def _all_of(words: WordQuery) -> WordQuery:
    """Return the query for passages that have every word; an empty one where there is one word only."""
    every = (*words.phrases, *words.words)
    return WordQuery(phrases=every, without=words.without) if len(every) > 1 else WordQuery()


def _fuse(words: Ranking, every: Ranking, meaning: Ranking) -> dict[int, Score]:
    """Return passage number to score, over the rankings; what has every word is in the first two."""
    by_words = {number: (rank, score) for rank, (number, score) in enumerate(words, start=1)}
    by_meaning = {number: (rank, score) for rank, (number, score) in enumerate(meaning, start=1)}
    by_all = {number: rank for rank, (number, _) in enumerate(every, start=1)}
    scores = {}
    for number in {**by_words, **by_meaning}:
        word_rank, bm25 = by_words.get(number, (None, None))
        near_rank, cosine = by_meaning.get(number, (None, None))
        fused = sum(1 / (_K + rank) for rank in (word_rank, by_all.get(number), near_rank) if rank)
        scores[number] = Score(fused, bm25, word_rank, cosine, near_rank)
    return scores


def _hit(found: FoundPassage, score: Score) -> Hit:
    return Hit(found.passage, found.document, score, found.matched, found.state, found.statements)
