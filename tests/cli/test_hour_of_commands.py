"""Found by using the commands for an hour: mistyped names are answered, and the next command can be typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.store.builders import reading

from evidence_mapper.cli import _COMMANDS, main
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import create_project


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def _every(command: click.Command, context: click.Context, name: str) -> Iterator[tuple[str, str]]:
    yield name, command.get_help(context)
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            yield from _every(found, click.Context(found, info_name=sub, parent=context), f"{name} {sub}")


def test_no_help_shows_a_mark_of_its_own_source() -> None:
    helps = dict(_every(main, click.Context(main, info_name="evidence-mapper"), "evidence-mapper"))
    assert len(helps) > len(_COMMANDS)
    assert [name for name, text in helps.items() if "\\b" in text or "\x08" in text] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("revew", " Did you mean review?"), ("suggset", " Did you mean suggest?"), ("xyzzy", "")],
)
def test_a_mistyped_command_is_told_which_is_like_it(typed: str, meant: str) -> None:
    result = run(typed)
    assert result.exit_code == 2
    assert f"No such command '{typed}'.{meant}\n" in result.stderr


def test_a_mistyped_project_is_told_which_are_there(tmp_path: Path) -> None:
    nothing = tmp_path / "wexcombe.sqlite"
    assert "no project here; make one with `evidence-mapper init`" in run("matrix", "-p", nothing).stderr
    for name in ("brackenmouth.sqlite", "demo.sqlite"):
        assert run("init", "-p", tmp_path / name).exit_code == 0
    (tmp_path / "other.sqlite").write_text("no project")
    said = run("matrix", "-p", nothing)
    assert said.exit_code == 3
    assert (
        "in that folder there is brackenmouth.sqlite, demo.sqlite: name it with --project; or make"
        in said.stderr
    )


def test_the_next_command_names_the_project_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, notes = tmp_path / "my work.sqlite", tmp_path / "notes.txt"
    notes.write_text("We wait for months.\n", encoding="utf-8")
    assert f'Next: evidence-mapper add FOLDER --project "{project}"\n' in run("init", "-p", project).stderr
    added = run("add", notes, "-p", project, "--no-suggest", "--workers", 1).stderr
    assert f'Next: evidence-mapper suggest --project "{project}"\n' in added
    monkeypatch.setenv("EVIDENCE_MAPPER_PROJECT", str(project))
    added = run("add", notes, "--no-suggest", "--workers", 1).stderr
    assert added.endswith("Next: evidence-mapper suggest\n"), (
        "where the environment names it, nobody needs to"
    )


def test_a_command_at_the_end_of_any_line_names_the_project_too(tmp_path: Path) -> None:
    project, bad = tmp_path / "p.sqlite", tmp_path / "empty.pdf"
    bad.write_bytes(b"")
    run("init", "-p", project)
    run("add", bad, "-p", project, "--no-suggest", "--workers", 1)
    shown = run("gaps", "-p", project, "--top", 1)
    assert f"evidence-mapper gaps --project {project}" in " ".join(shown.stdout.split())
    assert f"not counted: evidence-mapper documents --project {project}\n" in shown.stderr


def test_where_two_commands_are_named_the_project_is_said_after_them(tmp_path: Path) -> None:
    project = tmp_path / "p.sqlite"
    run("init", "-p", project)
    said = run("claim", "add", "Nobody waits.", "-p", project).stderr
    assert said.splitlines()[-1].endswith(f"--project {project}")


def test_an_empty_history_says_so(tmp_path: Path) -> None:
    project = tmp_path / "p.sqlite"
    run("init", "-p", project)
    result = run("history", "-p", project, "--coder", "B. Officer")
    assert result.stderr == (
        f"Nothing is recorded by B. Officer yet: evidence-mapper review --project {project}\n"
    )
    assert result.stdout == ""
    assert run("history", "-p", project, "--json").stdout.strip() == "[]"


def test_a_document_is_found_without_its_folders(tmp_path: Path) -> None:
    with create_project(tmp_path / "p.sqlite") as project:
        for name in ("a/policy.txt", "b/policy.txt", "b/c/survey.txt"):
            project.store.add_document(reading(name, (f"Words of {name}.",)))
        assert find_document(project, "survey.txt").name == "b/c/survey.txt"
        assert find_document(project, "c/survey.txt").name == "b/c/survey.txt"
        with pytest.raises(UsageError, match=r"several folders; name one of a/policy\.txt, b/policy\.txt"):
            find_document(project, "policy.txt")
        with pytest.raises(UsageError, match=r"did you mean b/c/survey\.txt"):
            find_document(project, "urvey.txt")
        with pytest.raises(UsageError, match="no document ''"):
            find_document(project, "")
