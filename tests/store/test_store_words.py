"""The index of words follows the passages: new, changed, old, withdrawn, gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.store.builders import CATEGORIES, NOW, at, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.project import QueueFilter, ReviewState
from evidence_mapper.domain.search import HitState, WordQuery
from evidence_mapper.store import schema, words
from evidence_mapper.store.base import Store
from evidence_mapper.store.database import Database, explain
from evidence_mapper.store.records import StoredVector
from evidence_mapper.store.sql_store import SqlStore

ANY = QueueFilter(state=ReviewState.ANY)


def found(store: Store, *sought: str, where: QueueFilter = ANY, **parts: tuple[str, ...]) -> list[str]:
    """Return the texts that the words find, best first."""
    query = WordQuery(sought, **parts)
    numbers = [number for number, _ in store.find_words(query, where, 50)]
    return [hit.passage.text for hit in store.found_passages(query, numbers)]


def event(
    store: Store, action: EventAction, subject: str, payload: dict[str, object], second: int = 1
) -> None:
    store.append_event(coder="ann", action=action, subject=subject, at=at(second), payload=payload)


def test_every_form_of_a_word_is_found_and_accents_do_not_matter(store: Store) -> None:
    store.add_document(reading("a.txt", ["Carers waited for assessments.", "Zoë runs the café.", "Bins."]))
    assert found(store, "waiting") == ["Carers waited for assessments."]
    assert found(store, "assessment") == ["Carers waited for assessments."]
    assert found(store, "zoe") == ["Zoë runs the café."]
    assert found(store, "nothing-of-it") == []


def test_a_passage_with_more_and_rarer_words_comes_first(store: Store) -> None:
    texts = ["carers and people", "carers wait a long time", "people wait", "people", "people too"]
    store.add_document(reading("a.txt", texts))
    assert found(store, "carers", "wait")[0] == "carers wait a long time"
    scores = [score for _, score in store.find_words(WordQuery(("carers", "wait")), ANY, 50)]
    assert scores == sorted(scores, reverse=True)


def test_phrases_must_stand_and_words_left_out_must_not(store: Store) -> None:
    texts = ["a direct payment was made", "payment direct", "a direct payment and payroll", "payroll"]
    store.add_document(reading("a.txt", texts))
    assert set(found(store, phrases=("direct payment",))) == {texts[0], texts[2]}
    assert found(store, "made", phrases=("direct payment",)) == [texts[0], texts[2]]
    assert found(store, phrases=("direct payment",), without=("payroll",)) == [texts[0]]
    assert found(store, without=("payroll",)) == []


def test_headings_and_questions_are_looked_through_too_and_count_for_less(store: Store) -> None:
    store.add_document(reading("a.txt", ["Nothing of that sort.", "Access is good."]))
    assert found(store, "access") == ["Access is good.", "Nothing of that sort."]  # heading: Access
    assert len(found(store, phrases=("went well",))) == 2  # the question asked


def test_matches_are_spans_of_the_passage_in_code_points(store: Store) -> None:
    text = "\U0001f9d1\U0001f3fd Carers\u2019 waits,\nwaiting: WAITED \x02marked\x03 e\u0301t\u00e9"
    store.add_document(reading("a.txt", [text]))
    query = WordQuery(("wait", "carers", "été"), phrases=("marked",))
    number = store.find_words(query, ANY, 5)[0][0]
    (hit,) = store.found_passages(query, [number])
    assert [span.of(text) for span in hit.matched] == [
        "Carers", "waits", "waiting", "WAITED", "marked", "e\u0301t\u00e9",
    ]  # fmt: skip


def test_only_the_newest_version_is_found(store: Store) -> None:
    store.add_document(reading("a.txt", ["The old lighthouse.", "Same words."]))
    store.add_document(reading("a.txt", ["The new harbour.", "Same words."]))
    assert found(store, "lighthouse") == []
    assert found(store, "harbour") == ["The new harbour."]
    assert found(store, "same") == ["Same words."]
    store.add_document(reading("a.txt", ["The old lighthouse.", "Same words."]))  # back to the first file
    assert found(store, "lighthouse") == ["The old lighthouse."]
    assert found(store, "harbour") == []
    assert store.verify() == []


def test_a_withdrawn_document_is_not_found_until_it_is_restored(store: Store) -> None:
    store.add_document(reading("a.txt", ["The lighthouse."]))
    document = store.documents()[0]
    event(store, EventAction.WITHDRAWN, document.id, {"reason": "draft"})
    assert found(store, "lighthouse") == []
    assert list(store.live_texts()) == []
    event(store, EventAction.RESTORED, document.id, {}, 2)
    assert found(store, "lighthouse") == ["The lighthouse."]


def test_a_file_read_anew_is_found_by_its_new_words_only(store: Store) -> None:
    store.add_document(reading("a.txt", ["Kept words.", "Taken out."], file="bytes"))
    other = replace(reading("a.txt", ["Kept words.", "Put in."], file="bytes"), reread=True)
    store.add_document(other)
    assert found(store, "taken") == []
    assert found(store, "put") == ["Put in."]
    assert found(store, "kept") == ["Kept words."]
    assert store.verify() == []


def test_filters_leave_what_they_leave_of_the_queue(store: Store) -> None:
    store.add_document(reading("a.txt", ["wait one", "wait two", "wait three", "wait four"]))
    store.add_document(reading("b.txt", ["wait five"]))
    first, second, third, _ = (p.id for p in store.passages(store.documents()[0].id))
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    one = suggestion(("statement-1", 0.9), category=CATEGORIES[0])
    store.save_suggestions(run, [(i, one) for i in (first, second)])
    event(store, EventAction.DECIDED, first, coded("statement-2", category=CATEGORIES[1]).to_json())
    event(store, EventAction.DECIDED, third, Decision(Outcome.NONE).to_json(), 2)

    def of(**parts: object) -> set[str]:
        return set(found(store, "wait", where=replace(ANY, **parts)))  # type: ignore[arg-type]  # any field

    assert of(confirmed=True) == {"wait one"}
    assert of(confirmed=False) == {"wait two"}
    assert of(statement="statement-1") == {"wait one", "wait two"}
    assert of(statement="statement-2") == {"wait one"}
    assert of(category=CATEGORIES[1]) == {"wait one"}
    assert of(document_id=store.documents()[1].id) == {"wait five"}
    assert of(source_type=SourceType.UNKNOWN.value) == of()
    assert of(source_type=SourceType.STRATEGY.value) == set()


def test_a_hit_says_how_it_stands(store: Store) -> None:
    store.add_document(reading("a.txt", ["wait one", "wait two", "wait three", "wait four", "wait five"]))
    ids = [p.id for p in store.passages(store.documents()[0].id)]
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    store.save_suggestions(run, [(i, suggestion(("statement-1", 0.9))) for i in ids[:4]])
    event(store, EventAction.DECIDED, ids[0], coded("statement-3", "statement-2").to_json())
    event(store, EventAction.DECIDED, ids[1], Decision(Outcome.NONE).to_json(), 2)
    event(store, EventAction.DECIDED, ids[2], Decision(Outcome.UNSURE).to_json(), 3)
    query = WordQuery(("wait",))
    numbers = sorted(number for number, _ in store.find_words(query, ANY, 9))
    stands = [(hit.state, hit.statements) for hit in store.found_passages(query, numbers)]
    assert stands == [
        (HitState.CONFIRMED, ("statement-2", "statement-3")),
        (HitState.SET_ASIDE, ()),
        (HitState.SUGGESTED, ("statement-1",)),
        (HitState.SUGGESTED, ("statement-1",)),
        (HitState.OPEN, ()),
    ]


def test_allowed_is_none_for_everything_and_numbers_otherwise(store: Store) -> None:
    store.add_document(reading("a.txt", ["wait one", "stay two"]))
    numbers = {t.text: t.number for t in store.live_texts()}
    assert store.allowed(WordQuery(("wait",)), ANY) is None
    assert store.allowed(WordQuery(("any",), phrases=("stay two",)), ANY) == [numbers["stay two"]]
    assert store.allowed(WordQuery(("any",), without=("stay",)), ANY) == [numbers["wait one"]]


def test_the_version_of_texts_changes_with_texts_and_vectors_not_with_decisions(store: Store) -> None:
    store.add_document(reading("a.txt", ["One."]))
    passage = next(store.passages(store.documents()[0].id))
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    seen = [store.texts_version("enc")]
    event(store, EventAction.DECIDED, passage.id, Decision(Outcome.NONE).to_json())
    assert store.texts_version("enc") == seen[0]
    store.save_suggestions(run, [], "enc", [StoredVector("sha256:01", "<f4", 1, b"\0\0\0\0")])
    seen.append(store.texts_version("enc"))
    store.add_document(reading("b.txt", ["Two."]))
    seen.append(store.texts_version("enc"))
    event(store, EventAction.WITHDRAWN, store.documents()[0].id, {"reason": "draft"}, 2)
    seen.append(store.texts_version("enc"))
    assert len(set(seen)) == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4)
)
@example(['"', "NEAR(", "*", "^a", "text:"])
@example(["AND", "OR", "NOT"])
def test_no_words_are_an_error(hostile: SqlStore, parts: list[str]) -> None:
    sought = tuple(p.replace("\0", " ") for p in parts)
    for query in (WordQuery(sought), WordQuery(phrases=sought), WordQuery(("one",), without=sought)):
        hits = hostile.find_words(query, ANY, 5)
        assert hostile.found_passages(query, [n for n, _ in hits]) is not None
        hostile.allowed(query, ANY)


@pytest.fixture
def hostile(store: Store) -> SqlStore:
    store.add_document(reading("a.txt", ['One "and" two NOT* three', "^four: OR five"]))
    assert isinstance(store, SqlStore)
    return store


def test_verify_finds_an_index_that_lags_and_reindex_mends_it(
    store: Store, path: Path, reopen: Callable[[], Store]
) -> None:
    store.add_document(reading("a.txt", ["The lighthouse.", "The harbour."]))
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO passage_words(passage_words) VALUES ('delete-all')")
    with reopen() as again:
        assert found(again, "lighthouse") == []
        assert [d.subject for d in again.verify()] == ["index of words"]
        again.reindex()
        assert again.verify() == []
        assert found(again, "lighthouse") == ["The lighthouse."]


def test_what_is_removed_leaves_no_word_behind(store: Store, path: Path) -> None:
    """As erasure does it: out of the index, out of the passages, and the index made afresh."""
    store.add_document(reading("a.txt", ["Secretword lives here.", "The harbour."]))
    database = Database(path)
    with database.write() as connection:
        gone = schema.passages.c.ordinal == 0
        words.drop(connection, gone)
        for table in (schema.queue_items, schema.passage_keys):
            connection.execute(table.delete().where(table.c.passage_number == 1))
        connection.execute(schema.passages.delete().where(gone))
        words.rebuild(connection)
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        blocks = connection.execute("SELECT block FROM passage_words_data").fetchall()
        connection.execute("INSERT INTO passage_words(passage_words, rank) VALUES ('integrity-check', 1)")
    assert blocks
    assert not any(b"secretword" in block for (block,) in blocks)
    assert found(store, "secretword") == []


def test_without_full_text_search_the_error_says_what_to_do() -> None:
    said = explain(Path("p.sqlite"), "no such module: fts5")
    assert "built without full-text search (FTS5)" in said
    assert "python.org" in said
