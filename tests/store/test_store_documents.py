from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.builders import NOW, at, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, RunSpec, Suggestion
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Span
from evidence_mapper.domain.project import QueueFilter, QueueOrder, Refusal, ReviewState
from evidence_mapper.errors import IntegrityError, StoreError
from evidence_mapper.store.base import Store
from evidence_mapper.store.codec import suggestion_from_text, suggestion_to_text
from evidence_mapper.store.records import StoredVector

ANY = QueueFilter(state=ReviewState.ANY)
SPEC = RunSpec("head@1", "sha256:aa", "cqc-local-authority@2024")
ASTRAL = ["Café au lait \U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301", "𝕊upport", "آ\u200fمن plain"]


def queued(store: Store) -> list[str]:
    return [row.excerpt for row in store.queue("ann", ANY, QueueOrder.DOCUMENT, 0, 100)]


def decide(store: Store, passage_id: str, coder: str = "ann") -> None:
    store.append_event(
        coder=coder,
        action=EventAction.DECIDED,
        subject=passage_id,
        at=NOW,
        payload=coded("statement-1").to_json(),
    )


def test_a_reading_comes_back_equal(store: Store, reopen: Callable[[], Store]) -> None:
    ingested = reading("folder/a.txt", ASTRAL)
    store.add_document(ingested)
    with reopen() as again:
        assert again.documents() == [ingested.document]
        assert again.document_by_name("folder/a.txt") == ingested.document
        assert again.document_by_name("a.txt") is None
        assert again.revision(ingested.revision.id) == ingested.revision
        assert list(again.passages(ingested.document.id)) == list(ingested.passages)
        assert again.exclusions(ingested.document.id) == list(ingested.exclusions)
        (progress,) = again.document_progress("ann")
        assert (progress.passages, progress.decided) == (3, 0)
        assert (progress.unread_pages, progress.warnings) == ((3,), ("page 3 is a picture",))
        assert again.verify() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_any_text_keeps_its_code_point_spans(store: Store, texts: list[str]) -> None:
    ingested = reading(sha256_text("\0".join(texts)), texts)
    store.add_document(ingested)
    document = store.document_by_name(ingested.document.name)
    assert document is not None
    kept = list(store.passages(document.id))
    text = store.revision(kept[0].revision_id).text
    assert [passage.span.of(text) for passage in kept] == texts
    assert [passage.text for passage in kept] == texts


def test_a_document_by_its_id_has_its_newest_facts(store: Store) -> None:
    store.add_document(reading("a.txt", ["One"]))
    store.add_document(reading("b.txt", ["Two"]))
    store.add_document(reading("a.txt", ["Uno"]))
    assert [store.document(d.id) for d in store.documents()] == store.documents()
    assert (
        store.document(store.documents()[0].id).file_sha256 == reading("a.txt", ["Uno"]).document.file_sha256
    )
    with pytest.raises(StoreError, match="no document doc-none"):
        store.document("doc-none")


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    store.add_document(reading("a.txt", ["One", "Two"]))
    before = store.documents()
    store.add_document(reading("a.txt", ["One", "Two"]))
    assert store.documents() == before
    assert store.passage_count() == 2


def test_a_changed_file_is_a_new_revision_and_nothing_is_lost(store: Store) -> None:
    old = reading("a.txt", ["One", "Two", "Three"])
    store.add_document(old)
    decide(store, old.passages[1].id)
    new = reading("a.txt", ["Uno", "Dos"])
    store.add_document(new)
    assert store.passage_count() == 2
    assert [p.text for p in store.passages(old.document.id)] == ["Uno", "Dos"]
    assert queued(store) == ["Uno", "Two", "Dos"]
    for coder in ("ann", "bob"):
        todo = store.queue(coder, QueueFilter(), QueueOrder.DOCUMENT, 0, 9)
        assert [row.excerpt for row in todo] == ["Uno", "Dos"]
        assert store.queue_count(coder, QueueFilter()) == 2
    assert store.passage(old.passages[0].id) == old.passages[0]
    assert store.revision(old.revision.id) == old.revision
    (row,) = store.evidence_rows(confirmed=True)
    assert row.passage == old.passages[1]
    assert row.document.file_sha256 == old.document.file_sha256
    assert store.documents()[0].file_sha256 == new.document.file_sha256
    assert row.superseded
    assert store.progress("ann").total == 2
    assert store.verify() == []


def test_suggestions_for_an_older_revision_are_not_counted(store: Store) -> None:
    old = reading("a.txt", ["One", "Two"])
    store.add_document(old)
    run = store.start_run(SPEC, NOW)
    store.save_suggestions(run, [(p.id, suggestion(("statement-1", 0.9))) for p in old.passages])
    store.append_event(
        coder="ann",
        action=EventAction.DECIDED,
        subject=old.passages[0].id,
        at=NOW,
        payload=Decision(Outcome.UNSURE).to_json(),
    )
    assert store.matrix().row("statement-1").suggested == 2
    store.add_document(reading("a.txt", ["Uno"]))
    assert store.matrix().row("statement-1").suggested == 0
    assert list(store.evidence_rows(confirmed=False)) == []
    where = QueueFilter(state=ReviewState.ANY, statement="statement-1", confirmed=False)
    assert store.queue_count("bob", where) == 0
    assert store.verify() == []


def test_undoing_the_last_decision_on_an_older_revision_takes_it_from_the_queue(store: Store) -> None:
    old = reading("a.txt", ["One", "Two"])
    store.add_document(old)
    store.add_document(reading("a.txt", ["Uno"]))
    decide(store, old.passages[0].id)
    assert queued(store) == ["One", "Uno"]
    store.undo("ann", NOW)
    assert queued(store) == ["Uno"]
    assert store.verify() == []


def test_a_file_that_goes_back_to_an_earlier_content(store: Store) -> None:
    first, second = reading("a.txt", ["One"]), reading("a.txt", ["Uno"])
    for ingested in (first, second, first):
        store.add_document(ingested)
    assert list(store.passages(first.document.id)) == list(first.passages)
    assert store.passage_count() == 1
    assert store.verify() == []


def test_the_same_content_under_two_names_is_two_documents(store: Store) -> None:
    one, two = reading("a.txt", ["Same", "Words"]), reading("b.txt", ["Same", "Words"])
    store.add_document(one)
    store.add_document(two)
    store.add_document(two)
    assert [d.name for d in store.documents()] == ["a.txt", "b.txt"]
    assert store.passage_count() == 4
    first, second = (list(store.passages(d.id)) for d in store.documents())
    assert [p.text for p in first] == [p.text for p in second]
    assert {p.id for p in first}.isdisjoint(p.id for p in second)
    decide(store, first[0].id)
    assert store.decisions(second[0].id) == []
    assert store.verify() == []


@pytest.mark.parametrize("fault", ["text", "hash", "file", "twice", "outside"])
def test_a_reading_that_disagrees_with_itself_is_refused_whole(store: Store, fault: str) -> None:
    good = reading("a.txt", ["One", "Two"])
    first, second = good.passages
    bad = {
        "text": dataclasses.replace(good, passages=[dataclasses.replace(first, text="Ond"), second]),
        "outside": dataclasses.replace(good, passages=[dataclasses.replace(first, span=Span(0, 99))]),
        "twice": dataclasses.replace(good, passages=[first, dataclasses.replace(second, id=first.id)]),
        "hash": dataclasses.replace(
            good, revision=dataclasses.replace(good.revision, text_sha256="sha256:0")
        ),
        "file": dataclasses.replace(
            good, document=dataclasses.replace(good.document, file_sha256="sha256:0")
        ),
    }[fault]
    with pytest.raises(IntegrityError, match=r"a\.txt: .*nothing was written"):
        store.add_document(bad)
    assert store.documents() == []


def test_half_a_character_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="half a character"):
        store.add_document(reading("a\udcff.txt", ["One"]))
    assert store.documents() == []


def test_refusals_are_kept_by_name_and_dropped_when_the_file_is_read(store: Store) -> None:
    first = Refusal("a.txt", "encrypted", "needs a password", "sha256:1", at(1))
    other = Refusal("b.pdf", "needs-ocr", "a scan", None, at(2))
    store.record_refusal(dataclasses.replace(first, message="old"))
    store.record_refusal(first)
    store.record_refusal(other)
    assert store.refusals() == [first, other]
    store.add_document(reading("a.txt", ["One"]))
    assert store.refusals() == [other]


def test_neighbours_stay_in_the_document(store: Store) -> None:
    ingested = reading("a.txt", list("abcdef"))
    store.add_document(ingested)
    store.add_document(reading("b.txt", ["other"]))
    before, after = store.neighbours(ingested.passages[3].id, 2, 2)
    assert ([p.text for p in before], [p.text for p in after]) == (["b", "c"], ["e", "f"])
    before, after = store.neighbours(ingested.passages[0].id)
    assert ([p.text for p in before], [p.text for p in after]) == ([], ["b", "c"])


def test_what_does_not_exist_is_named(store: Store) -> None:
    calls: list[Callable[[], object]] = [
        lambda: store.passage("psg-none"),
        lambda: store.neighbours("psg-none"),
        lambda: store.decisions("psg-none"),
        lambda: store.revision("rev-none"),
        lambda: store.unsuggested_count("run-none"),
    ]
    for call in calls:
        with pytest.raises(StoreError, match="-none"):
            call()


def test_a_persons_source_type_outlives_a_new_revision(store: Store) -> None:
    ingested = reading("a.txt", ["One"])
    store.add_document(ingested)
    store.append_event(
        coder="ann",
        action=EventAction.SOURCE_TYPE_SET,
        subject=ingested.document.id,
        at=NOW,
        payload={"source_type": "policy"},
    )
    store.add_document(reading("a.txt", ["Uno"]))
    (document,) = store.documents()
    assert (document.source_type, document.source_type_by) == (SourceType.POLICY, "ann")


# suggestions -----------------------------------------------------------------------------------


def test_a_run_is_named_by_its_spec(store: Store) -> None:
    assert store.current_run() is None
    run = store.start_run(SPEC, at(1))
    other = store.start_run(dataclasses.replace(SPEC, artefact_sha256="sha256:bb"), at(2))
    assert run != other
    assert store.start_run(SPEC, at(3)) == run
    assert store.current_run() == (run, SPEC)


def test_chunks_are_fixed_parts_of_one_document(store: Store) -> None:
    long, short = reading("a.txt", list("abcdefg")), reading("b.txt", ["x", "y"])
    store.add_document(long)
    store.add_document(short)
    run = store.start_run(SPEC, NOW)
    assert store.unsuggested_count(run) == 9
    chunks = [[p.text for p in chunk] for chunk in store.unsuggested_chunks(run, 3)]
    assert chunks == [list("abc"), list("def"), ["g"], ["x", "y"]]
    done = [long.passages[n] for n in (0, 1, 2, 4, 6)]
    store.save_suggestions(run, [(p.id, suggestion(("statement-1", 0.9))) for p in done])
    chunks = [[p.text for p in chunk] for chunk in store.unsuggested_chunks(run, 3)]
    assert chunks == [list("def"), ["x", "y"]]
    assert store.unsuggested_count(run) == 4
    other = store.start_run(dataclasses.replace(SPEC, artefact="head@2"), NOW)
    assert store.unsuggested_count(other) == 9


def test_suggestions_may_be_saved_while_chunks_are_read(store: Store) -> None:
    store.add_document(reading("a.txt", list("abcdefg")))
    run = store.start_run(SPEC, NOW)
    for chunk in store.unsuggested_chunks(run, 2):
        store.save_suggestions(run, [(p.id, suggestion(("statement-1", 0.9))) for p in chunk])
    assert store.unsuggested_count(run) == 0
    assert store.verify() == []


def test_only_the_current_runs_suggestion_is_shown(store: Store) -> None:
    ingested = reading("a.txt", ["One"])
    store.add_document(ingested)
    passage = ingested.passages[0].id
    run = store.start_run(SPEC, NOW)
    first, second = suggestion(("statement-1", 0.9)), suggestion(("statement-2", 0.7))
    store.save_suggestions(run, [(passage, first)])
    store.save_suggestions(run, [(passage, second)])
    assert store.suggestion(passage) == second
    store.start_run(dataclasses.replace(SPEC, artefact="head@2"), NOW)
    assert store.suggestion(passage) is None
    assert store.matrix().cells == {}
    assert store.verify() == []
    store.start_run(SPEC, NOW)
    assert store.suggestion(passage) == second
    assert store.verify() == []


def test_a_suggestion_for_no_passage_writes_nothing(store: Store) -> None:
    ingested = reading("a.txt", ["One"])
    store.add_document(ingested)
    run = store.start_run(SPEC, NOW)
    vector = StoredVector("sha256:1", "<f4", 1, b"\0\0\0\0")
    made = [(ingested.passages[0].id, suggestion()), ("psg-none", suggestion())]
    with pytest.raises(StoreError, match="psg-none"):
        store.save_suggestions(run, made, "enc", [vector])
    assert store.unsuggested_count(run) == 1
    assert store.vectors("enc", ["sha256:1"]) == {}


def test_a_probability_that_is_no_number_is_refused(store: Store) -> None:
    ingested = reading("a.txt", ["One"])
    store.add_document(ingested)
    run = store.start_run(SPEC, NOW)
    with pytest.raises(StoreError, match="nothing was written"):
        store.save_suggestions(run, [(ingested.passages[0].id, suggestion(none=float("nan")))])


def test_vectors_are_kept_by_encoder_and_text(store: Store) -> None:
    run = store.start_run(SPEC, NOW)
    vectors = [StoredVector(f"sha256:{n}", "<f4", 2, bytes([n % 256] * 8)) for n in range(1200)]
    store.save_suggestions(run, [], "enc", vectors)
    store.save_suggestions(run, [], "enc", [dataclasses.replace(vectors[0], data=b"\1" * 8)])
    found = store.vectors("enc", [v.text_sha256 for v in vectors] + ["sha256:none"])
    assert len(found) == 1200
    assert found["sha256:0"].data == b"\1" * 8
    assert found["sha256:1100"] == vectors[1100]
    assert store.vectors("other", ["sha256:0"]) == {}
    with pytest.raises(StoreError, match="encoder"):
        store.save_suggestions(run, [], None, vectors[:1])


probabilities = st.floats(0, 1, allow_nan=False)


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), probabilities), max_size=5),
    probabilities,
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_a_suggestion_survives_its_text(
    ranked: list[tuple[str, float]], none: float, category: str | None
) -> None:
    made: Suggestion = suggestion(*ranked, none=none, category=category)
    assert suggestion_from_text(suggestion_to_text(made)) == made


def test_a_closed_store_says_so(store: Store, path: Path) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.documents()
