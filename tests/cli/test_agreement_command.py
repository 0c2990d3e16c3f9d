"""``agreement`` and ``review --blind`` as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.workflow.agreement_projects import ABUSE, NONE, A, B, differing, id_of, project_at, session

from evidence_mapper.cli import main
from evidence_mapper.workflow.blind import BLIND
from evidence_mapper.workflow.project import open_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    project_at(tmp_path / "p.sqlite").close()
    return tmp_path / "p.sqlite"


def run(path: Path, *arguments: str, typed: Sequence[str] | None = None) -> Result:
    said = None if typed is None else "".join(f"{line}\n" for line in typed)
    return CliRunner().invoke(main, [*arguments, "-p", str(path)], input=said)


def agree(path: Path, *arguments: str, typed: Sequence[str] | None = None) -> Result:
    return run(path, "agreement", *arguments, typed=typed)


def data(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def blind(path: Path, coder: str, *typed: str, sample: str | None = None) -> Result:
    name = ["--blind"] if sample is None else ["--blind", sample]
    return run(path, "review", *name, "--plain", "--coder", coder, typed=typed)


def test_a_sample_is_drawn_listed_and_named(path: Path) -> None:
    drawn = agree(path, "draw", "--size", "3", "--seed", "7", "--coder", A)
    assert drawn.exit_code == 0
    assert "Drew 3 of 8 passages" in drawn.stderr
    assert "review --blind" in drawn.stderr
    [listed] = data(agree(path, "samples", "--json"))
    assert (len(listed["passages"]), listed["seed"], listed["by_statement"]) == (3, 7, False)
    assert listed["id"] in agree(path, "samples").stdout
    again = data(agree(path, "draw", "--size", "3", "--seed", "7", "--json"))
    assert again["passages"] == listed["passages"]


def test_a_blind_review_hides_what_is_suggested_and_what_others_said(path: Path) -> None:
    with open_project(path) as project:
        session(project, A).decide(id_of(project, ABUSE), NONE)
    agree(path, "draw", "--size", "50", "--coder", A)
    shown = blind(path, B, *("s" for _ in range(8)), "q").output
    assert BLIND in shown
    assert shown.count(f"{BLIND}.") >= 8
    for told in ("Suggested by the model", "likely", "other coder", "same words", A):
        assert told not in shown, told


@pytest.mark.parametrize("letter", ["w", "e", "b", "f", "/ abuse", "!", "h", "="])
def test_what_would_show_more_says_that_it_is_not_to_be_had(path: Path, letter: str) -> None:
    agree(path, "draw", "--size", "50", "--coder", A)
    assert "Not in a blind review" in blind(path, B, letter, "q").output


def test_blind_decisions_are_kept_as_such(path: Path) -> None:
    agree(path, "draw", "--size", "50", "--coder", A)
    said = blind(path, B, "7", "r", "n", "u", "z", "q")
    assert said.exit_code == 0
    assert "Saved: Safeguarding" in said.output
    with open_project(path) as project:
        held = project.store.held_decisions()
    assert [(h.decision.coder, h.decision.blind, h.run_id) for h in held] == [(B, True, None)] * 2


def test_an_earlier_sample_can_be_gone_on_with(path: Path) -> None:
    first = data(agree(path, "draw", "--size", "1", "--seed", "1", "--json"))
    agree(path, "draw", "--size", "8", "--seed", "1")
    assert f"Passage {first['passages'][0]}" in blind(path, B, "q", sample=first["id"]).output
    other = next(
        p for p in data(agree(path, "samples", "--json"))[1]["passages"] if p not in first["passages"]
    )
    assert "Could not do that" in blind(path, B, f"g {other}", "q", sample=first["id"]).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--blind", "--plain"), "agreement draw"),
        (("--blind", "--web"), "--blind is for the terminal"),
        (("--blind", "--plain", "--statement", "safeguarding"), "leave out --statement"),
        (("--blind", "--plain", "--sample"), "leave out --sample"),
    ],
)
def test_what_goes_with_no_blind_review_is_refused(
    path: Path, arguments: tuple[str, ...], words: str
) -> None:
    refused = run(path, "review", *arguments)
    assert refused.exit_code == 2
    assert words in refused.stderr


def test_the_report_says_how_far_people_agree(path: Path) -> None:
    agree(path, "draw", "--size", "50", "--coder", A)
    assert "nobody has decided" in agree(path, "report").stderr
    blind(path, A, *(["7", "r"] * 2), *(["n"] * 6), "q")
    blind(path, B, *(["7", "r"] * 3), *(["n"] * 5), "q")
    shown = agree(path, "report", "--detail")
    assert shown.exit_code == 0
    for words in (
        "Krippendorff's alpha on all passages",
        "at least one of the two coded",
        "Each gave",
        "Kappa",
    ):
        assert words in shown.stdout
    assert "Lines marked *" in shown.stderr
    found = data(agree(path, "report", "--json"))
    assert [(p["first"], p["second"]) for p in found["pairs"]] == [
        (A, B),
        (A, "the model"),
        (B, "the model"),
    ]
    lines = {(r["kind"], r["code"]): r for r in found["pairs"][0]["rows"]}
    safeguarding = lines["statement", "safeguarding"]
    assert (safeguarding["first"], safeguarding["second"]) == (2, 3)
    assert safeguarding["every"]["percent"] == pytest.approx(7 / 8)
    assert safeguarding["coded"]["percent"] == pytest.approx(2 / 3)
    assert safeguarding["every"]["alpha_interval"]["low"] <= safeguarding["every"]["alpha"]
    assert found["pairs"][0]["confusion"] == [["none of these", "safeguarding", 1]]


def test_disagreements_are_listed_settled_and_opened_again(path: Path) -> None:
    assert "No open disagreement" in agree(path, "list").stderr
    with open_project(path) as project:
        differing(project)
    shown = agree(path, "list")
    assert "Safeguarding" in shown.stdout
    assert "agreement settle 1" in shown.stderr
    settled = agree(path, "settle", "1", "--take", B, "--why", "it is about oversight", "--coder", "C. Lead")
    assert f"C. Lead took {B}'s answer: it is about oversight" in settled.stderr
    [row] = data(agree(path, "list", "--settled", "--json"))
    assert row["settlement"]["taken"] == B
    assert [a["coder"] for a in row["answers"]] == [A, B]
    assert data(agree(path, "list", "--json")) == []
    opened = data(agree(path, "unsettle", "1", "--coder", "C. Lead", "--json"))
    assert opened["settlement"] is None
    assert "settled between" in run(path, "history").stdout


def test_an_answer_of_ones_own_is_typed_with_options(path: Path) -> None:
    with open_project(path) as project:
        differing(project)
    own = ("--statement", "equity", "--statement", "safeguarding", "--polarity", "mixed")
    row = data(agree(path, "settle", "1", *own, "--json"))
    decision = row["settlement"]["decision"]
    assert decision["statements"] == [["equity", "accepted"], ["safeguarding", "accepted"]]
    assert decision["polarity"] == "mixed"
    row = data(agree(path, "settle", "1", "--none", "--json"))
    assert row["settlement"]["decision"]["outcome"] == "none"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("settle", "1"), "either --take CODER"),
        (("settle", "1", "--take", A, "--none"), "either --take CODER"),
        (("settle", "1", "--none", "--statement", "equity"), "--none stands alone"),
        (("settle", "1", "--topic", "sg-risks"), "--topic goes with --statement"),
        (("settle", "--take", A), "say which"),
        (("settle",), "agreement settle --plain"),
        (("settle", "9", "--none"), "numbers go from 1 to 1"),
        (("settle", "1", "--statement", "nonsense"), "no statement 'nonsense'"),
        (("list", "--all", "--settled"), "leave out --settled"),
        (("report", "--sample", "smp-none"), "agreement draw"),
    ],
)
def test_wrong_use_says_what_is_right(path: Path, arguments: tuple[str, ...], words: str) -> None:
    with open_project(path) as project:
        differing(project)
    refused = agree(path, *arguments)
    assert refused.exit_code == 2
    assert words in refused.stderr


def test_disagreements_are_settled_line_by_line(path: Path) -> None:
    with open_project(path) as project:
        differing(project)
    typed = ["x", "w", "3 7", "", "", "", "0", "3", "both in part"]
    shown = agree(path, "settle", "--plain", "--coder", "C. Lead", typed=typed)
    assert shown.exit_code == 0, shown.output
    for words in (
        "1 open disagreement",
        f"1 takes {A}, 2 takes {B}",
        "Not understood: x",
        "1 disagreement settled",
    ):
        assert words in shown.output
    [row] = data(agree(path, "list", "--settled", "--json"))
    assert row["settlement"]["why"] == "both in part"
    accepted = [s for s, _ in row["settlement"]["decision"]["statements"]]
    assert sorted(accepted) == ["equity", "safeguarding"]


def test_the_help_of_all_this_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom evidence_mapper.cli import main\n"
        "for words in (['agreement', '--help'], ['agreement', 'report', '--help'], ['review', '--help']):\n"
        "    assert CliRunner().invoke(main, words).exit_code == 0\n"
        "print([m for m in ('nltk', 'numpy', 'sklearn', 'textual', 'sqlalchemy') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_library_of_alpha_needs_no_network(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("something wants the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    agree(path, "draw", "--size", "50", "--coder", A)
    blind(path, A, "7", "r", "n", "q")
    blind(path, B, "n", "7", "r", "q")
    assert agree(path, "report").exit_code == 0
