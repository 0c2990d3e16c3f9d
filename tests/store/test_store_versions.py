"""Decisions and new versions: what goes along, what is left for a person, and that nothing is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text
from tests.store.builders import NOW, at, coded, reading, suggestion

from evidence_mapper.domain.coding import Decision, Event, EventAction, Outcome, RunSpec
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.version import Fate
from evidence_mapper.errors import StoreError
from evidence_mapper.store.base import Store
from evidence_mapper.store.database import Database
from evidence_mapper.store.engine import create_project, open_project

WAIT = "The longest wait for a review of a care plan was nineteen months in the year to March"
SHORTER = WAIT.replace("nineteen", "eleven")
CALLS = "The carers' centre answered every call within one working day last year"
STAFF = "Staff told us that supervision takes place every month without fail"
NONE = Decision(Outcome.NONE)


def decide(store: Store, passage: str, decision: Decision, coder: str = "ann", second: int = 1) -> Event:
    return store.append_event(
        coder=coder, action=EventAction.DECIDED, subject=passage, at=at(second), payload=decision.to_json()
    )


def now(store: Store, name: str = "a.txt") -> list[Passage]:
    document = store.document_by_name(name)
    assert document is not None
    return list(store.passages(document.id))


def held(store: Store, passage: str) -> dict[str, Decision]:
    return {found.coder: found.decision for found in store.decisions(passage)}


@pytest.fixture
def old(store: Store) -> list[Passage]:
    store.add_document(reading("a.txt", [WAIT, CALLS, STAFF]))
    return now(store)


def test_decisions_go_along_with_words_that_stand(store: Store, old: list[Passage]) -> None:
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    made = decide(store, old[1].id, coded("statement-1", note="clear", category="processes"), second=7)
    decide(store, old[1].id, NONE, "bob", 8)
    store.start_run(RunSpec("head@2", "sha256:bb", "f@1"), NOW)
    store.add_document(reading("a.txt", ["A new opening", WAIT, CALLS.replace(" ", "\n", 1)]))
    _, _, calls = now(store)
    assert calls.id != old[1].id
    mine, bobs = store.decisions(calls.id)
    assert (mine.coder, mine.at, mine.decision.note) == ("ann", at(7), "clear")
    assert mine.carried is not None
    assert (mine.carried.passage_id, mine.carried.event_id) == (old[1].id, made.id)
    assert (bobs.coder, bobs.decision) == ("bob", NONE)
    along = next(e for e in store.history() if e.coder == "ann" and e.subject == calls.id)
    assert (along.action, along.run_id, along.framework) == (EventAction.CARRIED, run, made.framework)
    assert along.at != at(7)
    # The older version keeps its own, and neither is counted twice nor reported as not counted.
    assert held(store, old[1].id) == {"ann": mine.decision, "bob": NONE}
    assert store.matrix().row("statement-1").confirmed == 1
    assert store.matrix().superseded == 0
    rows = [
        (r.passage.id, r.superseded, r.carried_from, r.decided_at)
        for r in store.evidence_rows(confirmed=True)
    ]
    assert rows == [(old[1].id, True, None, at(7)), (calls.id, False, old[1].id, at(7))]
    assert [h.passage.id for h in store.held_decisions()] == [old[1].id, old[1].id]
    assert store.verify() == []


def test_what_was_changed_waits_first_in_the_queue(store: Store, old: list[Passage]) -> None:
    decide(store, old[0].id, coded("statement-1"))
    decide(store, old[2].id, coded("statement-2"))
    store.add_document(reading("a.txt", [CALLS, "Something new altogether", SHORTER]))
    calls, _, shorter = now(store)
    run = store.start_run(RunSpec("head@1", "sha256:aa", "f@1"), NOW)
    store.save_suggestions(run, [(calls.id, suggestion(("statement-1", 0.99)))])
    for order in (QueueOrder.LIKELY, QueueOrder.UNCERTAIN):
        queue = store.queue("ann", QueueFilter(), order, 0, 9)
        assert queue[0].passage_id == shorter.id
        assert queue[0].state is ReviewState.TO_REVIEW
    assert held(store, shorter.id) == {}
    (before,) = store.earlier_decisions(shorter.id)
    assert (before.passage, before.decision.decision) == (old[0], coded("statement-1"))
    assert 0.8 <= before.similarity < 1
    document = store.documents()[0].id
    change = store.version_change(document)
    assert change is not None
    assert {fate: n for fate, n in change.counts if n} == {
        Fate.UNCHANGED: 1,
        Fate.CHANGED: 1,
        Fate.VANISHED: 1,
    }
    assert (change.new, change.carried, change.to_confirm, change.gone) == (1, 0, 1, 1)
    changed, gone = store.passage_fates(document, decided=True, kinds=(Fate.CHANGED, Fate.VANISHED))
    assert (changed.old, changed.new, changed.settled) == (old[0], shorter, False)
    assert (gone.old, gone.new) == (old[2], None)
    assert store.matrix().superseded == 2
    decide(store, shorter.id, NONE)
    (changed,) = store.passage_fates(document, decided=True, kinds=(Fate.CHANGED,))
    assert changed.settled
    assert store.queue("ann", QueueFilter(), QueueOrder.LIKELY, 0, 1)[0].passage_id == calls.id
    assert store.verify() == []


def test_undoing_the_earlier_decision_takes_the_passage_from_the_front(
    store: Store, old: list[Passage]
) -> None:
    event = decide(store, old[0].id, NONE)
    store.add_document(reading("a.txt", [CALLS, SHORTER]))
    assert store.queue("bob", QueueFilter(), QueueOrder.LIKELY, 0, 1)[0].passage_id == now(store)[1].id
    store.undo("ann", NOW, event.sequence)
    assert store.queue("bob", QueueFilter(), QueueOrder.LIKELY, 0, 1)[0].passage_id == now(store)[0].id
    assert store.earlier_decisions(now(store)[1].id) == []
    assert store.verify() == []


def test_a_decision_left_behind_comes_back_with_its_words(store: Store, old: list[Passage]) -> None:
    decide(store, old[0].id, coded("statement-1"))
    store.add_document(reading("a.txt", [CALLS, SHORTER]))
    store.add_document(reading("a.txt", [CALLS, "Between", SHORTER]))
    # Two versions on, it is still to be confirmed again.
    assert store.queue("ann", QueueFilter(), QueueOrder.LIKELY, 0, 1)[0].passage_id == now(store)[2].id
    store.add_document(reading("a.txt", [CALLS]))
    change = store.version_change(store.documents()[0].id)
    assert change is not None
    assert change.gone == 1
    store.add_document(reading("a.txt", [CALLS, STAFF, WAIT]))
    assert held(store, now(store)[2].id) == {"ann": coded("statement-1")}
    assert store.matrix().superseded == 0
    assert store.verify() == []


def test_a_carried_decision_is_undone_alone_and_stays_undone(store: Store, old: list[Passage]) -> None:
    first = decide(store, old[0].id, coded("statement-1"))
    store.add_document(reading("a.txt", [WAIT, CALLS]))
    wait = now(store)[0].id
    (carried,) = store.decisions(wait)
    # The last thing the coder did was to decide: that is what an undo without a number takes back.
    with pytest.raises(StoreError, match="ann's; bob cannot"):
        store.undo("bob", NOW, carried.sequence)
    assert store.undo("ann", NOW, carried.sequence) is not None
    assert (held(store, wait), held(store, old[0].id)) == ({}, {"ann": coded("statement-1")})
    store.add_document(reading("a.txt", [WAIT, CALLS, STAFF]))
    store.add_document(reading("a.txt", [WAIT, CALLS]))
    assert held(store, wait) == {}
    undone = store.undo("ann", NOW)
    assert undone is not None
    assert undone.payload == {"undoes": first.id}
    assert store.verify() == []


def test_undoing_a_decision_undoes_it_wherever_it_went(store: Store, old: list[Passage]) -> None:
    decide(store, old[0].id, coded("statement-1"))
    for last in (CALLS, STAFF):
        store.add_document(reading("a.txt", [WAIT, last]))
    assert held(store, now(store)[0].id) == {"ann": coded("statement-1")}
    assert store.undo("ann", NOW) is not None
    assert held(store, now(store)[0].id) == held(store, old[0].id) == {}
    assert store.undo("ann", NOW) is None
    assert store.verify() == []


def test_a_decision_on_a_replaced_version_goes_along_as_if_made_before(
    store: Store, old: list[Passage]
) -> None:
    store.add_document(reading("a.txt", [CALLS, WAIT]))
    store.add_document(reading("a.txt", [STAFF, CALLS, SHORTER]))
    _, calls, shorter = now(store)
    # A reviewer still has the first version on the screen.
    decide(store, old[1].id, coded("statement-3"))
    decide(store, old[0].id, NONE)
    assert held(store, calls.id) == {"ann": coded("statement-3")}
    assert held(store, shorter.id) == {}
    assert [e.passage.id for e in store.earlier_decisions(shorter.id)] == []
    assert store.verify() == []


def test_a_later_decision_is_never_overtaken_by_an_earlier_one(store: Store, old: list[Passage]) -> None:
    decide(store, old[0].id, coded("statement-1"))
    second = reading("a.txt", [WAIT, CALLS])
    store.add_document(second)
    wait = now(store)[0].id
    decide(store, wait, NONE, second=9)
    store.add_document(reading("a.txt", [WAIT, CALLS, STAFF]))
    assert held(store, old[0].id) == {"ann": NONE}
    store.add_document(second)
    assert held(store, wait) == {"ann": NONE}
    assert store.verify() == []


def test_a_carried_event_cannot_be_written_from_outside(store: Store, old: list[Passage]) -> None:
    with pytest.raises(StoreError, match="new version alone"):
        store.append_event(
            coder="ann", action=EventAction.CARRIED, subject=old[0].id, at=NOW, payload=NONE.to_json()
        )
    assert store.history() == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE passage_keys SET key = 'x'", "passages that say the same is not of its text"),
        ("UPDATE passage_fates SET fate = 'vanished'", "does not bear out"),
        ("UPDATE passage_fates SET new_number = old_number", "not of the version that replaced"),
        ("DELETE FROM carried", "not noted as such"),
        ("UPDATE carried SET from_number = passage_number", "does not name the decision"),
        ("INSERT INTO withdrawals VALUES (1, 1)", "against what the events say"),
    ],
)
def test_verify_sees_what_does_not_follow(
    store: Store, old: list[Passage], path: Path, statement: str, problem: str
) -> None:
    decide(store, old[0].id, coded("statement-1"))
    store.add_document(reading("a.txt", [WAIT, CALLS]))
    assert store.verify() == []
    database = Database(path)
    with database.write() as connection:
        connection.execute(text(statement))
    database.close()
    assert any(problem in d.problem for d in store.verify())


# withdrawn documents ---------------------------------------------------------------------------


def test_a_withdrawn_document_is_kept_and_not_counted(store: Store, old: list[Passage]) -> None:
    decide(store, old[0].id, coded("statement-1"))
    document = store.documents()[0].id

    def say(action: EventAction) -> Event:
        return store.append_event(coder="ann", action=action, subject=document, at=NOW, payload={})

    say(EventAction.WITHDRAWN)
    assert store.passage_count() == 0
    assert store.queue("ann", QueueFilter(), QueueOrder.LIKELY, 0, 9) == []
    matrix = store.matrix()
    assert (matrix.row("statement-1").confirmed, matrix.superseded, matrix.withdrawn) == (0, 0, 1)
    (row,) = store.evidence_rows(confirmed=True)
    assert (row.withdrawn, row.superseded) == (True, False)
    assert store.document_progress("ann")[0].withdrawn
    with pytest.raises(StoreError, match="withdrawn already"):
        say(EventAction.WITHDRAWN)
    store.add_document(reading("a.txt", [WAIT, CALLS]))
    assert store.passage_count() == 0
    say(EventAction.RESTORED)
    assert store.passage_count() == 2
    assert (store.matrix().row("statement-1").confirmed, store.matrix().withdrawn) == (1, 0)
    with pytest.raises(StoreError, match="is not withdrawn"):
        say(EventAction.RESTORED)
    assert store.verify() == []


# the same words in several documents -----------------------------------------------------------


def test_twins_are_found_across_documents_and_decided_together(store: Store, old: list[Passage]) -> None:
    for name in ("b.txt", "c.txt"):
        store.add_document(reading(name, [f"{name} alone", CALLS.replace(" ", "  ", 1)], file=name))
    first, second = now(store, "b.txt")[1].id, now(store, "c.txt")[1].id
    assert store.also_in(old[1].id) == (2, ("b.txt", "c.txt"))
    assert [t.passage_id for t in store.twins(old[1].id)] == [first, second]
    decide(store, old[1].id, NONE)
    before = len(store.history())
    decisions = [(twin.passage_id, NONE.to_json()) for twin in store.twins(old[1].id)]
    events = store.decide_together("ann", NOW, decisions)
    assert [e.subject for e in events] == [first, second]
    assert len(store.history()) == before + 2
    assert [t.decided_by for t in store.twins(first)] == [("ann",), ("ann",)]
    decide(store, second, coded("statement-1"))
    assert store.undo("ann", NOW, events[0].sequence) is not None
    # The one decided anew since stays; the rest of the batch is taken back, the first decision not.
    assert (held(store, first), held(store, second)) == ({}, {"ann": coded("statement-1")})
    assert held(store, old[1].id) == {"ann": NONE}
    assert store.verify() == []


def test_decisions_recorded_together_are_all_recorded_or_none(store: Store, old: list[Passage]) -> None:
    with pytest.raises(StoreError, match="psg-none"):
        store.decide_together("ann", NOW, [(old[0].id, NONE.to_json()), ("psg-none", NONE.to_json())])
    assert store.history() == []


def test_one_undo_takes_back_a_whole_batch(store: Store, old: list[Passage]) -> None:
    store.decide_together("ann", NOW, [(p.id, NONE.to_json()) for p in old])
    assert store.undo("ann", NOW) is not None
    assert [held(store, p.id) for p in old] == [{}, {}, {}]
    assert store.undo("ann", NOW) is None
    assert store.verify() == []


def test_an_export_row_names_the_other_documents(store: Store, old: list[Passage]) -> None:
    store.add_document(reading("b.txt", [CALLS], file="b"))
    decide(store, old[1].id, coded("statement-1"))
    decide(store, old[0].id, coded("statement-1"))
    assert [r.also_in for r in store.evidence_rows(confirmed=True)] == [(), ("b.txt",)]


# any sequence ----------------------------------------------------------------------------------

POOL = (WAIT, SHORTER, CALLS, STAFF, STAFF + " or so", "N/A", "N/A")


class AnySequence(RuleBasedStateMachine):
    """Decisions, undoing, new versions and withdrawals in any order leave a file that verifies."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = create_project(
            Path(self.folder.name) / "p.db",
            framework_id="f",
            framework_version="1",
            framework_text="",
            now=NOW,
        )
        self.store.add_document(reading("a.txt", POOL))
        self.second = 0
        self.made: dict[str, dict[str, object]] = {}
        self.ids = [p.id for p in now(self.store)]

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.check()
            self.store.close()
            self.folder.cleanup()

    @rule(
        coder=st.sampled_from(["ann", "bob"]),
        place=st.integers(0, 30),
        answer=st.sampled_from(
            [NONE, coded("statement-1"), coded("statement-2", note="x"), Decision(Outcome.UNSURE)]
        ),
    )
    def decide(self, coder: str, place: int, answer: Decision) -> None:
        self.second += 1
        event = decide(self.store, self.ids[place % len(self.ids)], answer, coder, self.second)
        self.made[event.id] = answer.to_json()

    @rule(texts=st.lists(st.sampled_from(POOL), min_size=1, max_size=7))
    def new_version(self, texts: list[str]) -> None:
        self.store.add_document(reading("a.txt", texts))
        self.check()
        self.ids = list(dict.fromkeys([*self.ids, *(p.id for p in now(self.store))]))

    @rule(coder=st.sampled_from(["ann", "bob"]))
    def undo(self, coder: str) -> None:
        self.store.undo(coder, NOW)

    @rule(place=st.integers(0, 30))
    def undo_what_holds(self, place: int) -> None:
        for found in self.store.decisions(self.ids[place % len(self.ids)])[:1]:
            self.store.undo(found.coder, NOW, found.sequence)

    @rule()
    def withdraw_or_restore(self) -> None:
        (row,) = self.store.document_progress("ann")
        action = EventAction.RESTORED if row.withdrawn else EventAction.WITHDRAWN
        self.store.append_event(coder="ann", action=action, subject=row.document.id, at=NOW, payload={})

    def check(self) -> None:
        assert self.store.verify() == []
        self.no_decision_says_anything_else_than_its_coder_said()

    def no_decision_says_anything_else_than_its_coder_said(self) -> None:
        for event in self.store.history(limit=10_000):
            if event.action is EventAction.CARRIED:
                way = event.payload["carried"]
                said = {key: value for key, value in event.payload.items() if key != "carried"}
                assert said == self.made[way["event"]]
                texts = (self.store.passage(p).text.split() for p in (way["from"], event.subject))
                assert next(texts) == next(texts)

    @invariant()
    def nobody_is_given_a_decision(self) -> None:
        for passage in self.ids:
            for found in self.store.decisions(passage):
                assert found.at != NOW


AnySequence.TestCase.settings = settings(max_examples=10, stateful_step_count=12, deadline=None)
TestAnySequence = AnySequence.TestCase


# several processes -----------------------------------------------------------------------------

ADDER = """
import sys
from pathlib import Path
from tests.store.builders import reading
from evidence_mapper.store.engine import open_project

with open_project(Path(sys.argv[1])) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[2])):
        texts = [f"Passage {n} of the paper that everybody has read" for n in range(30)]
        store.add_document(reading("a.txt", [f"Version {number} of it", *texts]))
        print(number, flush=True)
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        store.add_document(
            reading("a.txt", [f"Passage {n} of the paper that everybody has read" for n in range(30)])
        )
        for number, passage in enumerate(now(store)):
            decide(store, passage.id, coded("statement-1"), ("ann", "bob")[number % 2], number)
    return path


def start(path: Path, times: int, root: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", ADDER, str(path), str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "ready\n", child.stderr and child.stderr.read()
    child.stdin.write("go\n")
    child.stdin.flush()
    return child


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("after", [1, 3])
def test_a_process_killed_while_it_adds_leaves_whole_versions(many: Path, after: int, root: Path) -> None:
    child = start(many, 100, root)
    assert child.stdout is not None
    for _ in range(after):
        child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    with open_project(many) as store:
        assert store.verify() == []
        assert len(store.versions(store.documents()[0].id)) >= after + 1
        coders = [held(store, passage.id) for passage in now(store)[1:]]
        assert coders == [{("ann", "bob")[n % 2]: coded("statement-1")} for n in range(30)]


def test_decisions_made_while_versions_come_in_all_go_along(many: Path, root: Path) -> None:
    with open_project(many) as store:
        stale = [p.id for p in now(store)]
        child = start(many, 3, root)
        for number, stale_id in enumerate(stale):
            decide(store, stale_id, NONE, "cat", 100 + number)
        _, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        for number, passage in enumerate(now(store)[1:]):
            assert held(store, passage.id) == {("ann", "bob")[number % 2]: coded("statement-1"), "cat": NONE}
        assert store.verify() == []


def test_a_version_of_another_process_in_between_is_seen(
    many: Path, monkeypatch: pytest.MonkeyPatch, reopen: Callable[[], Store]
) -> None:
    from evidence_mapper.store import carry

    worked_out = carry.plan
    calls = []

    def meanwhile(*arguments: object) -> carry.Plan:
        found = worked_out(*arguments)  # type: ignore[arg-type]
        calls.append(found)
        if len(calls) == 1:
            with open_project(many) as other:
                other.add_document(reading("a.txt", ["Between the two of them"]))
        return found

    monkeypatch.setattr(carry, "plan", meanwhile)
    with open_project(many) as store:
        store.add_document(reading("a.txt", ["Between the two of them", "And more"]))
        change = store.version_change(store.documents()[0].id)
        assert change is not None
        assert change.count(Fate.UNCHANGED) == 1
        assert store.verify() == []
