"""The review line by line: what is typed, what is read out, and what is on disk afterwards."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tui.fake_store import FakeStore
from tests.tui.samples import empty_store, session, small_store
from tests.tui.samples import framework as store_framework

from evidence_mapper.cli import main
from evidence_mapper.cli.plain.commands import COMMANDS, read
from evidence_mapper.cli.plain.lines import Lines
from evidence_mapper.cli.plain.review import PlainReview
from evidence_mapper.domain.coding import Decision, EventAction
from evidence_mapper.domain.version import Twin
from evidence_mapper.errors import StoreError
from evidence_mapper.tui.actions import REVIEW, actions_of

COMMENTS = """Comments
"I waited eight months for someone to come and assess my mother at home."
"The reablement team were wonderful and I cook again after six weeks."
"A different carer comes every morning and nobody tells me who it will be."
"Nobody could sign, so my daughter interpreted the whole assessment for me."
"Nobody could sign, so my daughter interpreted the whole assessment for me."
"""
TWIN = "Nobody could sign"
FIRST, SECOND = "psg-1-1", "psg-2-0"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "survey.csv").write_text(COMMENTS, encoding="utf-8")
    path = folder / "p.sqlite"
    for arguments in (["init"], ["add", str(folder / "survey.csv"), "--workers", "1"]):
        assert CliRunner().invoke(main, [*arguments, "-p", str(path)]).exit_code == 0
    return path


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "p.sqlite"))


def review(project: Path, *typed: str, options: tuple[str, ...] = ()) -> Result:
    arguments = ["review", "--plain", "-p", str(project), "--coder", "A. Officer", *options]
    return CliRunner().invoke(main, arguments, input="".join(f"{line}\n" for line in typed))


def history(project: Path) -> list[dict[str, Any]]:
    shown = CliRunner().invoke(main, ["history", "-p", str(project), "--json"]).stdout
    events: list[dict[str, Any]] = json.loads(shown)
    return events


class _Store(FakeStore):
    def twins(self, passage_id: str) -> list[Twin]:
        return []


def _store() -> _Store:
    store = small_store()
    return _Store(store._documents, store._passages, store._suggestions)


def talk(store: FakeStore, *typed: str, width: int | None = None, start: str | None = None) -> str:
    """Return what is read out when the lines are typed one after the other."""
    said = io.StringIO()
    lines = Lines(io.StringIO("".join(f"{line}\n" for line in typed)), said, width)
    PlainReview(session(store), lambda *_: [], lines).run(start)
    return said.getvalue()


def decided(store: FakeStore) -> list[tuple[str, Decision]]:
    events = [e for e in store.events if e.action is EventAction.DECIDED]
    return [(e.subject, Decision.from_json(e.payload)) for e in events]


def test_a_whole_sitting_is_read_out_and_is_on_disk(project: Path) -> None:
    result = review(project, "a", "n", "z", "x 4", "4", "4", "3", "o said twice", "r", "u", "q")
    assert result.exit_code == 0, result.output
    assert "Saved: Supporting people to live healthier lives; strength; People’s experience" in result.stdout
    assert "Goodbye. 4 decisions saved in this sitting." in result.stdout
    events = history(project)[::-1]
    assert [e["action"] for e in events] == ["decided", "decided", "undone", "decided", "decided"]
    assert [e["payload"]["outcome"] for e in events if e["action"] == "decided"] == [
        "coded",
        "none",
        "coded",
        "unsure",
    ]
    assert all(e["coder"] == "A. Officer" for e in events)
    third = events[3]["payload"]
    assert third["note"] == "said twice"
    assert ["equity", "accepted"] in third["statements"]


def test_the_source_is_read_before_the_suggestions(project: Path) -> None:
    said = review(project).stdout.splitlines()
    at = said.index("Text:")
    assert said[at - 2].startswith("Kind of paper: survey comment")
    assert any(line.startswith("From ") and "survey.csv, row 3" in line for line in said[:at])
    assert said[at + 1] == "The reablement team were wonderful and I cook again after six weeks."
    assert said[at + 3] == "Suggested by the model, not a coding:"
    assert said[at + 4].startswith("2. Supporting people to live healthier lives: likely, 9")


def test_end_of_input_keeps_what_is_saved_and_says_what_is_not(project: Path) -> None:
    result = review(project, "a", "3")
    assert result.exit_code == 0
    assert "End of input. Marks on 1 passage were not saved. 1 decision saved" in result.stdout
    assert len(history(project)) == 1


def test_the_same_words_elsewhere_are_decided_alike_once_listed(project: Path) -> None:
    result = review(project, "/ nobody could sign", "n", "e", "y", "i")
    assert "The same words stand in 1 other place: e decides them alike." in result.stdout
    assert "survey.csv, row 6" in result.stdout
    assert "Saved: 1 passage decided alike; z takes them back." in result.stdout
    assert "0 coded, 2 none of these, 0 unsure." in result.stdout
    assert len(history(project)) == 2


def test_the_same_words_are_left_alone_on_any_other_answer(project: Path) -> None:
    review(project, "/ nobody could sign", "n", "e", "", "q")
    assert len(history(project)) == 1


def test_why_names_words_of_the_passage(project: Path) -> None:
    said = review(project, "w").stdout
    assert "Why 2. Supporting people to live healthier lives, likely, 9" in said
    assert "“reablement”" in said


def test_unknown_passage_is_an_error_of_the_project(project: Path) -> None:
    result = review(project, options=("--start", "psg-none"))
    assert result.exit_code == 3
    assert "psg-none" in result.stderr


def test_going_to_an_unknown_passage_is_said_and_the_sitting_goes_on(project: Path) -> None:
    result = review(project, "g psg-none", "a")
    assert "Could not do that: no passage psg-none" in result.stdout
    assert len(history(project)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_says_what_is_saved(project: Path) -> None:
    code = "from evidence_mapper.cli import main; main()"
    command = [sys.executable, "-c", code, "review", "--plain", "-p", str(project), "--coder", "A. Officer"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        process.stdin.write("a\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("Saved: "):
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Stopped. 1 decision saved in this sitting." in rest
    assert len(history(project)) == 1


def test_answers_that_are_no_command_record_nothing() -> None:
    store = _store()
    said = talk(
        store, "none", "accept", "a 3", "n please", "yes", "99", "0", "1 99", "x", "x 99", "d", "U2", "r"
    )
    assert decided(store) == []
    assert "Not understood: none." in said
    assert "a stands alone; nothing was done." in said
    assert "Nothing ticked. Statements have numbers 1 to 9; l lists them." in said
    assert "Type it as: x NUMBER" in said
    assert "Nothing is ticked" in said


def test_capitals_and_numbers_without_a_space_are_understood() -> None:
    store = _store()
    talk(store, "X7", "N")
    assert [(p, d.outcome.value) for p, d in decided(store)] == [(FIRST, "none")]
    assert decided(store)[0][1].statements[0][0] == "safeguarding"


def test_ticks_are_never_lost_to_none_or_unsure() -> None:
    store = _store()
    said = talk(store, "3", "n", "u", "r")
    assert said.count("Not saved: statements are ticked.") == 2
    assert [d.accepted() for _, d in decided(store)] == [("equity",)]


def test_category_polarity_topics_and_i_statements_are_recorded() -> None:
    store = _store()
    typed = ("2", "c", "1", "3", "p", "2", "t", "1", "", "r")
    said = talk(store, *typed, start=SECOND)
    decision = decided(store)[0][1]
    assert decision.accepted() == ("healthier-lives",)
    assert decision.evidence_category == "partners"
    assert decision.polarity is not None
    assert decision.polarity.value == "concern"
    assert len(decision.topics) == 1
    definitions = {t.id: t.definition for t in store_framework().topics}
    assert f"topic {definitions[decision.topics[0]]}" in said


def test_nothing_typed_leaves_a_choice_as_it_was() -> None:
    store = _store()
    talk(store, "c", "", "p", "nine", "", "t", "", "a")
    assert decided(store)[0][1].evidence_category == "processes"


def test_filter_order_and_search() -> None:
    store = _store()
    said = talk(
        store, "f", "2", "3", "f", "7", "5", "f", "6", "2", "f", "1", "5", "f", "8", "/ interpreter", "/"
    )
    assert "to review; Equity in experience and outcomes; gaps first" in said
    assert "document order" in said
    assert "document surveys/Carers survey 2026.csv" in said
    assert "1 passage: to review; with “interpreter”; gaps first." in said
    assert "8 passages: to review; gaps first." in said


def test_the_rest_of_the_filter_and_a_date_that_is_none() -> None:
    store = _store()
    said = talk(
        store, "f", "10", "1", "f", "11", "2024", "2025-06", "f", "11", "soon", "", "f", "13", "2", "f", "14"
    )
    assert "dated 2024 to 2025-06" in said
    assert "Nothing changed: soon is no date." in said
    assert "There is none yet. Draw a sample: evidence-mapper remaining --sample 150" in said


def test_skipping_past_the_end_and_back() -> None:
    store = _store()
    said = talk(store, *["s"] * 9, "k", "i", "q")
    assert "End of the queue. 8 passages in it; k goes to the last." in said
    assert decided(store) == []


def test_a_decision_from_the_history_is_taken_back_by_its_number() -> None:
    store = _store()
    said = talk(store, "a", "n", "h", "z 1", "z 1", "z x", "q")
    assert f"Taken back: your decision on {FIRST}." in said
    assert "Nothing was taken back" in said
    assert "1. 25 Nov 2026" in said
    assert store.decisions(FIRST) == []
    assert len(store.decisions(SECOND)) == 1


def test_leaving_with_marks_asks_first() -> None:
    store = _store()
    said = talk(store, "3", "q", "n", "q", "y")
    assert said.count("Marks on 1 passage are not saved. Leave?") == 2
    assert said.endswith("Goodbye. Marks on 1 passage were not saved. 0 decisions saved in this sitting.\n")


def test_a_failed_write_is_said_and_keeps_the_marks() -> None:
    store = _store()
    store.fail["append_event"] = StoreError("the disk is full")
    said = talk(store, "3", "r", "i", "q", "n")
    assert "NOT SAVED: the disk is full. The passage and your marks stay as they are." in said
    assert "Saved:" not in said
    assert "Marks on 1 passage were not saved." in said


def test_a_decision_on_disk_is_said_even_when_nothing_can_be_read_after_it() -> None:
    store = _store()
    reader = _FailsAfterDecision(store)
    said = talk(reader, "a", "a", "q")
    assert "Saved: Safe systems, pathways and transitions; Safeguarding; " in said
    assert "What is left could not be counted: the project is locked" in said
    assert "No passage is open." in said, "the second answer must not fall on the same passage"
    assert len(decided(reader)) == 1


class _FailsAfterDecision(_Store):
    def __init__(self, store: FakeStore) -> None:
        super().__init__(store._documents, store._passages, store._suggestions)

    def append_event(self, **what: Any) -> Any:
        event = super().append_event(**what)
        for name in ("queue_stamp", "queue_count", "queue"):
            self.fail[name] = StoreError("the project is locked")
        return event


def test_an_empty_project_says_what_to_do() -> None:
    assert "No passages yet. q leaves; then: evidence-mapper add FOLDER" in talk(empty_store(), "a", "q")


def test_definition_has_the_official_wording_and_its_source() -> None:
    said = talk(_store(), "d 3")
    assert "Wording: We actively seek out and listen to information about people" in said
    assert "Source: " in said


@pytest.mark.parametrize("width", [20, 40])
def test_no_line_is_longer_than_the_width(width: int) -> None:
    letters = [c.letters[0] for c in COMMANDS if c.letters and c.letters[0] not in "qnuarceptfo"]
    typed = [*letters, "d 1", "cut", "", "join", "", "matrix", "1", "", "", "documents", "", "1 2", "q", "y"]
    for line in talk(_store(), *typed, width=width).splitlines():
        assert len(line) <= width or line.split(": ")[-1] in typed, line


def test_hostile_text_is_read_harmlessly() -> None:
    said = talk(_store(), "v", "l", start="psg-3-1")
    assert "[bold red]Not markup[/]" in said
    assert "␛[31m" in said
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(said)


def test_output_needs_no_cursor_no_colour_and_no_boxes(project: Path) -> None:
    said = review(project, "?", "l", "h", "i", "w", "d 1").stdout
    assert "\x1b" not in said
    assert "\r" not in said
    assert not any("\u2500" <= ch <= "\u259f" for ch in said)


LINE = st.one_of(
    st.sampled_from([*"arnuxptcosjkgfwdlv.hi?z/", "1", "2 5", "x 3", "d 4", "z 1", "/ the", "", "y"]),
    st.text(max_size=8).map(lambda text: " ".join(text.split())),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=25))
def test_whatever_is_typed_every_decision_is_said_and_nothing_breaks(typed: list[str]) -> None:
    store = _store()
    said = talk(store, *typed)
    saved = sum(line.startswith("Saved: ") for line in said.splitlines())
    assert saved == len(decided(store))
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_every_command_is_in_the_help_and_has_an_answer() -> None:
    said = talk(_store(), "?")
    for command in COMMANDS:
        assert f"{command.typed}: {command.description}." in said
        assert callable(getattr(PlainReview, f"do_{command.name}"))
    letters = "".join(c.letters for c in COMMANDS)
    assert len(set(letters)) == len(letters)
    called = [c.word for c in COMMANDS if c.word]
    assert len(set(called)) == len(called)
    assert all(c.letters or c.word for c in COMMANDS)


def test_a_key_that_records_means_the_same_on_the_full_screen() -> None:
    on_screen = {key: a.name for a in actions_of(REVIEW) for key in a.keys.split(",")}
    for name in ("accept", "none", "unsure", "reject", "undo", "skip"):
        command = next(c for c in COMMANDS if c.name == name)
        assert on_screen[command.letters[0]] == name
    recording = {"accept", "none", "unsure", "reject", "undo", "record"}
    for key, name in on_screen.items():
        typed = read(key) if len(key) == 1 and not key.isdigit() else "not a letter"
        if name in recording and not isinstance(typed, str):
            assert typed.command.name == name


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--plain", "--web"), "choose one"),
        (("--width", "40"), "--width goes with --plain"),
        (("--port", "8123"), "--port goes with --web"),
        ((), "evidence-mapper review --plain"),
    ],
)
def test_options_that_do_not_go_together(project: Path, options: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(main, ["review", "-p", str(project), *options])
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_dumb_terminal_is_told_of_plain(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evidence_mapper.cli import review as command
    from evidence_mapper.errors import UsageError

    monkeypatch.setenv("TERM", "dumb")
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}", _Terminal())
    with pytest.raises(UsageError, match="review --plain"):
        command._check(plain=False, web=False, width=None, port=None)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_loads_no_screen() -> None:
    code = (
        "import sys, evidence_mapper.cli.plain.review as r; "
        "print(*[n for n in ('textual', 'numpy', 'sklearn') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
