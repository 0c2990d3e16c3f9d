"""Any sequence of decisions, alone and together, and of undoing them, replays to the same state."""

from __future__ import annotations

import itertools
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.builders import reading
from tests.tui.fake_store import suggestion

from evidence_mapper.domain.coding import Decision, Outcome, RunSpec, Verdict
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.workflow.accept_together import accept, acceptable
from evidence_mapper.workflow.project import Project, create_project, open_project
from evidence_mapper.workflow.review import ReviewSession, again
from evidence_mapper.workflow.undoing import undo_last

STATEMENTS = ("safeguarding", "equity", "governance")
TEXTS = ("The same words.", "Other words.", "The same words.", "Third words.", "The same words.")

steps = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(st.just("undo"), st.integers(0, 30), st.just(0)),
        st.tuples(st.just("twins"), st.integers(0, 4), st.just(0)),
        st.tuples(st.just("bulk"), st.integers(0, 3), st.integers(0, 7)),
        st.tuples(st.just("repeat"), st.integers(0, 4), st.just(0)),
        st.tuples(st.just("flag"), st.integers(0, 4), st.integers(0, 1)),
    ),
    max_size=12,
)


def _project(path: Path) -> Project:
    project = create_project(path)
    spec = RunSpec("model@1", "sha256:0", f"{project.framework.id}@{project.framework.version}")
    run = project.store.start_run(spec, "2026-11-24T09:00:00.000000+00:00")
    read = reading("a.txt", TEXTS)
    project.store.add_document(read)
    chances: tuple[dict[str, float], ...] = (
        {"safeguarding": 0.95},
        {"equity": 0.7},
        {"safeguarding": 0.8, "governance": 0.6},
        {},
        {"equity": 0.9},
    )
    pairs = [(p.id, suggestion(project.framework, c)) for p, c in zip(read.passages, chances, strict=True)]
    project.store.save_suggestions(run, pairs)
    return project


def _act(session: ReviewSession, ids: list[str], step: tuple[str, int, int]) -> None:
    what, one, other = step
    if what == "decide":
        outcome = (Outcome.NONE, Outcome.UNSURE)[other] if other < 2 else Outcome.CODED
        verdicts = ((STATEMENTS[other - 2], Verdict.ACCEPTED),) if other >= 2 else ()
        session.decide(ids[one], Decision(outcome, verdicts))
    elif what == "undo":
        undo_last(session, one or None)
    elif what == "twins":
        session.decide_twins(ids[one])
    elif what == "bulk":
        found = acceptable(session, QueueFilter(), QueueOrder.LIKELY, (0.9, 0.66, 0.5, 0.0)[one])
        accept(session, found, [item for n, item in enumerate(found.items) if not other >> n & 1])
    elif what == "flag":
        session.flag(ids[one], "Priya", "look") if other else session.unflag(ids[one])
    elif (last := session.last_decision()) is not None:
        session.decide(ids[one], again(last))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_what_is_recorded_replays_to_what_is_held(sequence: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, _project(Path(folder) / "p.sqlite") as project:
        second = itertools.count()
        now = lambda: f"2026-11-25T09:{next(second) // 60:02d}:{0:02d}.000000+00:00"  # noqa: E731
        coders = [ReviewSession(project.store, project.framework, name, now) for name in ("ann", "bob")]
        ids = [p.id for p in project.store.passages(project.store.documents()[0].id)]
        for place, step in enumerate(sequence):
            with suppress(StoreError, UsageError):  # such as undoing another's decision: refused
                _act(coders[place % 3 // 2], ids, step)
            assert project.store.verify() == []
        held = [project.store.decisions(i) for i in ids]
        project.close()
        with open_project(project.path) as again_open:
            assert [again_open.store.decisions(i) for i in ids] == held
