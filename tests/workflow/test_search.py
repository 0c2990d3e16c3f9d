"""Search of a real project with the shipped classifier's encoder, and how good it is on the demo."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.domain.search import HitState
from evidence_mapper.errors import ModelNotFound, UsageError
from evidence_mapper.workflow import search as module
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession, decision_from_suggestion
from evidence_mapper.workflow.revisions import withdraw
from evidence_mapper.workflow.search import Searcher, search, searcher
from evidence_mapper.workflow.search_filter import search_filter
from evidence_mapper.workflow.suggest import suggest

WAITS = "Carers have waited five months for an assessment of their own needs, and nobody rang them."
GOODS = "The pendant alarm was fitted the next day and she can ring for help when she has a fall."
MEALS = "He was sent home from hospital at night without a key, with no food in the house."
TONGUE = "Staff can book somebody who speaks Sylheti over the telephone on the same day."
BINS = "The bins on our street were missed three weeks running in the month of August."
COMMENTS = "Comments\n" + "".join(f'"{text}"\n' for text in (WAITS, GOODS, MEALS, TONGUE, BINS))
NAME = "survey/comments.csv"


def filled(path: Path) -> Project:
    folder = path.parent / "survey"
    folder.mkdir()
    (folder / "comments.csv").write_text(COMMENTS, encoding="utf-8")
    project = create_project(path)
    add_files(project, [folder], workers=1)
    return project


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with filled(tmp_path_factory.mktemp("search") / "p.sqlite") as project:
        suggest(project)
        yield project


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Project]:
    """Give a project without suggestions."""
    with filled(tmp_path / "p.sqlite") as project:
        yield project


def test_words_and_meaning_both_count(shared: Project) -> None:
    (first, *_) = search(shared, "waits for carers' assessments")
    assert first.passage.text == WAITS
    assert [span.of(WAITS) for span in first.matched] == ["Carers", "waited", "assessment"]
    assert (first.score.words_rank, first.score.meaning_rank) == (1, 1)
    assert first.score.fused == pytest.approx(3 / 61)  # first by words, with every word, and by meaning
    assert first.document.name == NAME
    assert first.state is HitState.SUGGESTED
    assert "assessing-needs" in first.statements


def test_what_has_no_word_in_common_is_found_by_meaning(shared: Project) -> None:
    hits = search(shared, "interpreters for other languages", limit=2)
    assert TONGUE in [hit.passage.text for hit in hits]
    by_meaning = next(hit for hit in hits if hit.passage.text == TONGUE)
    assert by_meaning.score.words is None
    assert by_meaning.matched == ()


def test_a_phrase_and_a_word_left_out_hold_for_meaning_too(shared: Project) -> None:
    assert [h.passage.text for h in search(shared, '"sent home" food')] == [MEALS]
    texts = [h.passage.text for h in search(shared, "hospital alarm -key")]
    assert MEALS not in texts
    assert GOODS in texts
    assert search(shared, '"no such phrase here" hospital') == []


def test_limit_and_filters(shared: Project) -> None:
    assert len(search(shared, "people", limit=2)) == 2
    where = search_filter(shared, statement="assessing-needs")
    hits = search(shared, "anything at all", where=where)
    assert hits
    assert all("assessing-needs" in hit.statements for hit in hits)
    assert search(shared, "carers", where=search_filter(shared, "confirmed")) == []
    assert search(shared, "carers", where=search_filter(shared, document=NAME))


@pytest.mark.parametrize(
    "wrong",
    [{"statement": "nine"}, {"topic": "x"}, {"category": "x"}, {"source_type": "x"}, {"document": "x.pdf"}],
)
def test_a_filter_that_is_not_there_says_what_is(shared: Project, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"there are|List them"):
        search_filter(shared, **wrong)


def test_nothing_to_look_for_says_so(shared: Project) -> None:
    finder = searcher(shared)
    for query in ("", "   ", '""', "£ -- *", "\x00"):
        found = finder.find(query)
        assert found.hits == ()
        assert "no word to look for" in found.notices[0]
    assert "only what to leave out" in finder.find("-carers").notices[0]


def test_without_vectors_it_searches_by_words_and_says_so(bare: Project) -> None:
    found = searcher(bare).find("carers assessment")
    assert [hit.passage.text for hit in found.hits] == [WAITS]
    assert found.hits[0].state is HitState.OPEN
    assert "by words alone" in found.notices[0]
    assert "evidence-mapper suggest" in found.notices[0]


def test_without_a_classifier_it_searches_by_words_and_says_why(
    shared: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModelNotFound("the classifier is not here; reinstall")

    monkeypatch.setattr("evidence_mapper.workflow.base_classifier.base_classifier", missing)
    found = Searcher(shared.store, shared.framework).find("carers assessment")
    assert [hit.passage.text for hit in found.hits] == [WAITS]
    assert found.notices == ("Searched by words alone: the classifier is not here; reinstall",)


def test_what_changes_is_seen_by_the_next_search(tmp_path: Path) -> None:
    with filled(tmp_path / "p.sqlite") as project:
        suggest(project)
        assert search(project, "carers assessment")[0].state is HitState.SUGGESTED
        passage = search(project, "carers assessment")[0].passage
        session = ReviewSession(project.store, project.framework, "ann", utc_now)
        suggestion = session.card(passage.id).suggestion
        assert suggestion is not None
        decision = decision_from_suggestion(suggestion)
        assert decision is not None
        session.decide(passage.id, decision)
        hit = search(project, "carers assessment", where=search_filter(project, "confirmed"))[0]
        assert (hit.passage.id, hit.state) == (passage.id, HitState.CONFIRMED)

        paper = tmp_path / "more.txt"
        paper.write_text("A lighthouse keeper was visited by the reablement team.\n", encoding="utf-8")
        add_files(project, [paper], workers=1)
        more = project.store.documents()[-1].name
        found = searcher(project).find("lighthouse")
        assert found.hits[0].passage.text.startswith("A lighthouse")
        assert "1 of 6 passages were not read" in found.notices[0]
        suggest(project)
        assert searcher(project).find("lighthouse").notices == ()

        withdraw(project, NAME, "ann", reason="draft")
        assert [h.document.name for h in search(project, "carers assessment lighthouse")] == [more]


def test_a_closed_project_is_let_go(tmp_path: Path) -> None:
    project = filled(tmp_path / "p.sqlite")
    suggest(project)
    search(project, "carers")
    store, held = weakref.ref(project.store), len(module._SEARCHERS)
    project.close()
    del project
    gc.collect()
    assert store() is None
    assert len(module._SEARCHERS) == held - 1


def test_the_state_of_a_filter_is_one_coders_and_is_not_looked_at(shared: Project) -> None:
    assert QueueFilter() != replace(QueueFilter(), state=module.EVERYTHING.state)
    assert search(shared, "carers", where=QueueFilter()) == search(shared, "carers")


@pytest.mark.slow
def test_the_demo_is_searched_well(tmp_path: Path, root: Path) -> None:
    """Thirty-two queries labelled by hand; measured figures are in docs/search.md."""
    lines = (root / "tests" / "data" / "demo_queries.jsonl").read_text("utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    papers = root / "corpora" / "demo" / "papers"
    with create_project(tmp_path / "p.sqlite") as project:
        add_files(project, [papers], workers=1)
        suggest(project)
        found = 0
        for query in queries:
            right = {(a["document"], a["begins"]) for a in query["passages"]}
            hits = search(project, query["query"], limit=5)
            found += any(
                (h.document.name.removeprefix("papers/"), h.passage.text[:50]) in right for h in hits
            )
    assert len(queries) >= 30
    assert found / len(queries) >= 0.7
