"""Nearest passages by their vectors, against the plain reckoning of all cosines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.store.records import StoredVector
from evidence_mapper.workflow import search_index
from evidence_mapper.workflow.search_index import SearchIndex

WIDTH = 8


def digest(name: object) -> str:
    return "sha256:" + hashlib.sha256(str(name).encode()).hexdigest()


def stored(name: object, row: np.ndarray) -> StoredVector:
    return StoredVector(digest(name), "<f4", len(row), row.astype("<f4").tobytes())


def made(count: int, seed: int, keep: int = 10_000) -> tuple[SearchIndex, np.ndarray]:
    """Return an index of passages 1 to ``count``, of which every third shares the vector of another."""
    rows = np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)
    name = [n - 1 if n % 3 == 2 else n for n in range(count)]
    vectors = [stored(n, rows[n]) for n in range(count)] + [stored("of nothing", rows[0])]

    def read() -> Iterator[StoredVector]:
        return iter(reversed(vectors))

    texts = [(n + 1, [digest(name[n])]) for n in range(count)]
    return SearchIndex(texts, read, WIDTH, keep_at_most=keep), rows[name]


@pytest.mark.parametrize("keep", [0, 10_000])
@given(count=st.integers(1, 60), seed=st.integers(0, 9), limit=st.integers(1, 80))
def test_the_nearest_are_those_of_the_plain_reckoning(keep: int, count: int, seed: int, limit: int) -> None:
    index, rows = made(count, seed, keep)
    query = np.random.default_rng(seed + 100).normal(size=WIDTH).astype(np.float32)
    cosines = rows @ query / np.linalg.norm(rows, axis=1) / np.linalg.norm(query)
    near = index.nearest(query, limit)
    assert len(near) == min(limit, count)
    best = np.sort(cosines)[::-1]
    for place, (number, cosine) in enumerate(near):
        assert cosine == pytest.approx(float(cosines[number - 1]), abs=2e-3)
        assert cosine == pytest.approx(float(best[place]), abs=2e-3)
    assert index.passages == index.encoded == count


def test_blocks_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    query = np.ones(WIDTH, dtype=np.float32)
    whole = made(50, 1)[0].nearest(query, 50)
    monkeypatch.setattr(search_index, "BLOCK", 7)
    for keep in (10_000, 0):
        found = made(50, 1, keep)[0].nearest(query, 50)
        # On some processors a product's last bit depends on how many rows are multiplied at once.
        assert dict(found) == pytest.approx(dict(whole), abs=1e-6)
        cosines = [cosine for _, cosine in found]
        assert cosines == sorted(cosines, reverse=True)


def test_only_allowed_passages_with_a_vector_are_near() -> None:
    rows = np.eye(WIDTH, dtype=np.float32)
    vectors = [stored(n, rows[n]) for n in (0, 1, 2)]
    index = SearchIndex([(n, [digest(n)]) for n in range(5)], lambda: vectors, WIDTH)
    assert (index.passages, index.encoded) == (5, 3)
    query = np.array([1, 2, 3, 0, 0, 0, 0, 0], dtype=np.float32)
    assert [n for n, _ in index.nearest(query, 9)] == [2, 1, 0]
    assert [n for n, _ in index.nearest(query, 9, [0, 1, 4])] == [1, 0]
    assert index.nearest(query, 9, []) == []
    assert index.nearest(query, 9, [4]) == []


def test_no_passages_and_vectors_of_another_width_give_nothing() -> None:
    query = np.ones(WIDTH, dtype=np.float32)
    assert SearchIndex([], list, WIDTH).nearest(query, 5) == []
    other = SearchIndex([(1, [digest(1)])], lambda: [stored(1, np.ones(3))], WIDTH)
    assert other.encoded == 0
    assert other.nearest(query, 5) == []


@pytest.mark.parametrize("keep", [0, 10_000])
def test_a_passage_is_found_under_either_of_the_texts_it_may_have_been_read_in(keep: int) -> None:
    rows = np.eye(WIDTH, dtype=np.float32)
    vectors = [
        stored("headed 0", rows[0]),
        stored("alone 1", rows[1]),
        *(stored(f"{w} 2", rows[2]) for w in ("alone", "headed")),
    ]
    texts = [(n, [digest(f"headed {n}"), digest(f"alone {n}")]) for n in range(4)]
    index = SearchIndex(texts, lambda: vectors, WIDTH, keep_at_most=keep)
    assert (index.passages, index.encoded) == (4, 3)
    query = np.array([1, 2, 3, 0, 0, 0, 0, 0], dtype=np.float32)
    assert [n for n, _ in index.nearest(query, 9)] == [2, 1, 0]
