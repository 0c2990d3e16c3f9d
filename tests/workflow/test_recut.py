"""Passages cut another way: spans stay verbatim, old decisions stay on record, and all of it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.builders import reading

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession

TEXTS = ("We visit every week. Nobody waits. The panel meets.", "A second paragraph.  It has two.", "Third.")
CODED = Decision(Outcome.CODED, (("safeguarding", Verdict.ACCEPTED),))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of one document."""
    with create_project(tmp_path / "p.sqlite") as project:
        project.store.add_document(reading("a.txt", TEXTS))
        yield project


def session(project: Project) -> ReviewSession:
    """Return a coder's work on it."""
    return ReviewSession(project.store, project.framework, "ann", lambda: "2026-11-25T09:00:00.000000+00:00")


def texts(project: Project) -> list[str]:
    """Return the words of the document's passages, checked to be spans of its text."""
    document = project.store.documents()[0]
    found = list(project.store.passages(document.id))
    for place, passage in enumerate(found):
        assert passage.ordinal == place
        assert passage.span.of(project.store.revision(passage.revision_id).text) == passage.text
    assert project.store.verify() == []
    return [passage.text for passage in found]


def ids(project: Project) -> list[str]:
    """Return the ids of the document's passages."""
    return [p.id for p in project.store.passages(project.store.documents()[0].id)]


def test_a_passage_is_cut_at_a_sentence_and_put_back(project: Project) -> None:
    me, before = session(project), ids(project)
    me.decide(before[0], CODED)
    cuts = me.spans.cuts(before[0])
    assert [TEXTS[0][:c].strip() for c in cuts] == [
        "We visit every week.",
        "We visit every week. Nobody waits.",
    ]
    event = me.spans.split(before[0], cuts[0])
    assert texts(project) == ["We visit every week.", "Nobody waits. The panel meets.", *TEXTS[1:]]
    assert event.action is EventAction.RECUT
    [old] = project.store.decisions(before[0])
    assert old.decision == CODED, "the old decision stays"
    card = me.card(ids(project)[0])
    assert card.mine is None
    assert [e.passage.id for e in card.earlier] == [before[0]]
    rows = me.page(QueueFilter(), QueueOrder.DOCUMENT, 0, 9)
    assert before[0] not in [r.passage_id for r in rows]
    assert len(rows) == 4
    coded = list(project.store.evidence_rows(confirmed=True))
    assert [(r.passage.id, r.superseded) for r in coded] == [(before[0], True)]
    me.decide(ids(project)[1], Decision(Outcome.NONE))
    me.spans.undo(event)
    assert texts(project) == list(TEXTS)
    assert ids(project) == before
    assert [r.superseded for r in project.store.evidence_rows(confirmed=True)] == [False]
    with pytest.raises(StoreError, match="do not follow"):
        me.spans.undo(event)


def test_a_passage_is_joined_with_its_neighbours_and_cut_again(project: Project) -> None:
    me, before = session(project), ids(project)
    joined = me.spans.widen(before[1], up=True)
    body = project.store.revision(project.store.passage(before[0]).revision_id).text
    assert texts(project) == [body[: body.index("Third.")].strip(), "Third."]
    with pytest.raises(UsageError, match="nothing stands above"):
        me.spans.widen(joined.subject, up=True)
    whole = me.spans.widen(joined.subject, up=False)
    assert texts(project) == [body]
    me.spans.split(whole.subject, me.spans.cuts(whole.subject)[-1])
    assert texts(project)[1] == "Third."


def test_other_peoples_words_and_other_headings_are_not_joined(tmp_path: Path) -> None:
    read = reading("b.txt", TEXTS)
    changes: tuple[dict[str, Any], ...] = (
        {"heading_path": ("Else",)},
        {"attributes": (("Age", "20-29"),)},
        {"kind": BlockKind.COMMENT},
    )
    for number, change in enumerate(changes):
        passages = [replace(read.passages[0], **change), *read.passages[1:]]
        with create_project(tmp_path / f"{number}.sqlite") as project:
            project.store.add_document(IngestedDocument(read.document, read.revision, passages))
            with pytest.raises(UsageError):
                session(project).spans.widen(passages[1].id, up=True)
            assert texts(project) == list(TEXTS)


def test_rows_of_one_table_are_joined_and_those_of_two_or_of_a_survey_are_not(tmp_path: Path) -> None:
    read = reading("b.txt", TEXTS)

    def rows(*places: SourceLocation) -> list[Passage]:
        pairs = zip(read.passages, places, strict=True)
        return [replace(p, kind=BlockKind.TABLE_ROW, location=place) for p, place in pairs]

    def made(name: str, passages: list[Passage]) -> Project:
        project = create_project(tmp_path / f"{name}.sqlite")
        project.store.add_document(IngestedDocument(read.document, read.revision, passages))
        return project

    places = [SourceLocation(page=2, table=7, row=n) for n in (1, 2)]
    with made("table", rows(*places, SourceLocation(page=2, table=8, row=1))) as project:
        with pytest.raises(UsageError, match="rows of one table"):
            session(project).spans.widen(ids(project)[1], up=False)
        session(project).spans.widen(ids(project)[1], up=True)
        assert texts(project) == [f"{TEXTS[0]}\n\n{TEXTS[1]}", TEXTS[2]]
    answers = rows(*(SourceLocation(sheet="A", row=n) for n in (1, 2, 3)))
    with made("survey", answers) as project, pytest.raises(UsageError, match="stand alone"):
        session(project).spans.widen(ids(project)[1], up=True)


def test_an_empty_piece_is_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="nothing would be left"):
        session(project).spans.split(ids(project)[0], 0)
    assert texts(project) == list(TEXTS)


def test_a_new_version_and_the_same_file_read_again_stay_right(project: Project) -> None:
    me, before = session(project), ids(project)
    me.spans.split(before[0], me.spans.cuts(before[0])[0])
    me.decide(ids(project)[1], CODED)
    project.store.add_document(reading("a.txt", (*TEXTS, "Fourth.")))
    assert texts(project) == [*TEXTS, "Fourth."]
    changed = project.store.version_change(project.store.documents()[0].id)
    assert changed is not None
    assert changed.to_confirm == 1, "the piece stands within the whole again: confirm"
    me.spans.widen(ids(project)[3], up=True)
    again = replace(reading("a.txt", (*TEXTS, "Fourth.")), reread=True)
    project.store.add_document(again)
    assert project.store.verify() == []


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["split", "up", "down", "undo"]), st.integers(0, 5), st.integers(0, 3)),
        max_size=8,
    )
)
def test_any_sequence_keeps_every_word_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    with create_project(tmp_path_factory.mktemp("recut") / "p.sqlite") as project:
        project.store.add_document(reading("a.txt", TEXTS))
        me, events = session(project), []
        for what, which, other in steps:
            here = ids(project)
            passage = here[which % len(here)]
            try:
                if what == "split" and (cuts := me.spans.cuts(passage)):
                    events.append(me.spans.split(passage, cuts[other % len(cuts)]))
                elif what in ("up", "down"):
                    events.append(me.spans.widen(passage, up=what == "up"))
                elif what == "undo" and events:
                    me.spans.undo(events.pop())
            except UsageError:
                assert what in ("up", "down")
            me.decide(ids(project)[0], Decision(Outcome.NONE))
            assert "".join("".join(texts(project)).split()) == "".join("".join(TEXTS).split())
        assert me.count(QueueFilter(state=ReviewState.ANY)) >= len(ids(project))
