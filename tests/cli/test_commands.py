"""The commands as a person types them: exit codes, stdout against stderr, help."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidence_mapper.cli import _COMMANDS, main

COMMENTS = """Comments
"I waited eight months for someone to come and assess my mother at home."
"The reablement team were wonderful and I cook again after six weeks."
"A different carer comes every morning and nobody tells me who it will be."
"Nobody could sign, so my daughter interpreted the whole assessment for me."
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "evidence"
    path.mkdir()
    (path / "survey.csv").write_text(COMMENTS, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path, folder: Path) -> Path:
    path = tmp_path / "p.sqlite"
    assert run("init", "-p", path).exit_code == 0
    assert run("add", folder, "-p", path, "--workers", "1").exit_code == 0
    return path


@pytest.mark.parametrize("name", list(_COMMANDS))
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"evidence-mapper {name}" in result.stdout


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from evidence_mapper.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'textual', 'sqlalchemy', 'sklearn', 'pypdfium2', 'onnxruntime', 'spacy', 'lxml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_init_says_the_next_command_on_stderr_only(tmp_path: Path) -> None:
    result = run("init", "-p", tmp_path / "p.sqlite")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "evidence-mapper add" in result.stderr


def test_second_init_is_refused(tmp_path: Path) -> None:
    run("init", "-p", tmp_path / "p.sqlite")
    result = run("init", "-p", tmp_path / "p.sqlite")
    assert result.exit_code == 3
    assert "exists" in result.stderr


def test_missing_project_names_the_next_command(tmp_path: Path) -> None:
    result = run("matrix", "-p", tmp_path / "none.sqlite")
    assert result.exit_code == 3
    assert "none.sqlite" in result.stderr
    assert "evidence-mapper init" in result.stderr


def test_unknown_framework_lists_those_there_are(tmp_path: Path) -> None:
    result = run("init", "-p", tmp_path / "p.sqlite", "--framework", "cqc-local-authorty")
    assert result.exit_code == 2
    assert "cqc-local-authority" in result.stderr
    assert not (tmp_path / "p.sqlite").exists()


def test_file_that_cannot_be_read_gives_exit_code_1_and_its_reason(tmp_path: Path, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    project = tmp_path / "p.sqlite"
    run("init", "-p", project)
    result = run("add", folder, "-p", project, "--json")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    assert [r["code"] for r in summary["refused"]] == ["damaged"]
    assert summary["added"] == ["evidence/survey.csv"]
    assert summary["suggestions"]["passages"] == 4
    assert "broken.pdf" in result.stderr


def test_matrix_and_gaps_as_json(project: Path) -> None:
    matrix = json.loads(run("matrix", "-p", project, "--json").stdout)
    assert len(matrix["statements"]) == 9
    assert matrix["statements"]["assessing-needs"]["peoples-experience"]["suggested"] >= 1
    assert matrix["statements"]["assessing-needs"]["peoples-experience"]["confirmed"] == 0
    gaps = json.loads(run("gaps", "-p", project, "--json").stdout)
    assert gaps[0]["category"] == "peoples-experience"
    assert len(gaps) == 36 + 36


def test_gaps_say_what_they_cannot_know(tmp_path: Path, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    project = tmp_path / "p.sqlite"
    run("init", "-p", project)
    run("add", folder, "-p", project, "--no-suggest")
    said = run("gaps", "-p", project).stderr
    assert "4 passages have no suggestion yet: evidence-mapper suggest" in said
    assert "1 file could not be read and is not counted" in said
    run("suggest", "-p", project)
    assert "no suggestion yet" not in run("matrix", "-p", project).stderr


def test_tables_say_what_their_numbers_are(project: Path) -> None:
    shown = run("matrix", "-p", project).stdout
    assert "confirmed by a person + suggested by the model" in shown
    assert "Assessing needs" in shown


def test_export_holds_confirmed_rows_only_unless_asked(project: Path, tmp_path: Path) -> None:
    plain, asked = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert run("export", plain, "-p", project).exit_code == 0
    assert plain.read_text() == ""
    assert run("export", asked, "-p", project, "--suggested").exit_code == 0
    rows = [json.loads(line) for line in asked.read_text(encoding="utf-8").splitlines()]
    assert {r["status"] for r in rows} == {"suggested"}
    assert all(r["coder"] is None for r in rows)


def test_export_never_replaces_a_file_unasked(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("mine")
    result = run("export", target, "-p", project)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert target.read_text() == "mine"


def test_documents_lists_what_was_read(project: Path) -> None:
    listed = json.loads(run("documents", "-p", project, "--json").stdout)
    assert [d["name"] for d in listed["documents"]] == ["evidence/survey.csv"]
    assert listed["documents"][0]["source_type"] == "survey-comment"
    result = run(
        "documents", "evidence/survey.csv", "-p", project, "--set-type", "complaint", "--coder", "ann"
    )
    assert result.exit_code == 0
    count = listed["documents"][0]["passages"]
    assert f"Suggested anew: {count} passages nobody has decided on." in result.stderr
    once_more = run(
        "documents", "evidence/survey.csv", "-p", project, "--set-type", "complaint", "--coder", "ann"
    )
    assert "anew" not in once_more.stderr
    again = json.loads(run("documents", "-p", project, "--json").stdout)
    assert (again["documents"][0]["source_type"], again["documents"][0]["source_type_by"]) == (
        "complaint",
        "ann",
    )
    assert json.loads(run("history", "-p", project, "--json").stdout)[0]["action"] == "source-type-set"


def test_show_prints_source_and_calls_a_suggestion_a_suggestion(project: Path, tmp_path: Path) -> None:
    run("export", tmp_path / "a.jsonl", "-p", project, "--suggested")
    row = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()[0])
    shown = run("show", row["passage_id"], "-p", project)
    assert shown.exit_code == 0
    assert row["quote"] in shown.stdout
    assert row["file_sha256"] in shown.stdout
    assert "Suggested by the model, not a coding" in shown.stdout


def test_db_verify_finds_nothing_wrong_then_a_changed_text(project: Path, tmp_path: Path) -> None:
    assert run("db", "verify", "-p", project).exit_code == 0
    assert run("db", "backup", tmp_path / "copy.sqlite", "-p", project).exit_code == 0
    import sqlite3

    with sqlite3.connect(tmp_path / "copy.sqlite") as connection:
        connection.execute("UPDATE revisions SET text = replace(text, 'eight', 'three')")
    result = run("db", "verify", "-p", tmp_path / "copy.sqlite")
    assert result.exit_code == 3
    assert "revision" in result.stderr


def test_review_without_a_terminal_says_so(project: Path) -> None:
    result = run("review", "-p", project)
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr


def test_classify_reports_bad_lines_and_keeps_order(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "text": "Dad fell on the stairs."}\nnot json\n{"id": 2, "text": "Bins."}\n')
    result = run("classify", source, "--output", target)
    assert result.exit_code == 1
    assert "in.jsonl:2: not JSON" in result.stderr
    assert [json.loads(line)["id"] for line in target.read_text().splitlines()] == [1, 2]
    assert [json.loads(line)["id"] for line in run("classify", source).stdout.splitlines()] == [1, 2]


def test_framework_commands(tmp_path: Path) -> None:
    assert "making-it-real" in run("framework", "list").stdout
    shown = run("framework", "show", "making-it-real").stdout
    assert "unverified" in shown
    local = run("framework", "show", "cqc-local-authority").stdout
    assert "We maximise the effectiveness of people’s care and treatment" in local
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "x"\ntitle = "X"\nversion = "1"\n\n[[statement]]\nid = "A B"\ntitle = 3\n')
    result = run("framework", "check", bad)
    assert result.exit_code == 2
    assert f"{bad}:6" in result.stderr
    assert f"{bad}:7" in result.stderr


def test_run_does_the_lot(tmp_path: Path, folder: Path) -> None:
    project = tmp_path / "out" / "p.sqlite"
    result = run("run", folder, "--project", project)
    assert result.exit_code == 0, result.stderr
    assert "Evidence by statement and category" in result.stdout
    assert "Gaps by statement" in result.stdout
    assert "evidence-mapper review" in result.stderr
    assert (tmp_path / "out" / "p-evidence.xlsx").stat().st_size > 5000
    (tmp_path / "out" / "evidence.xlsx").write_text("mine", encoding="utf-8")
    assert run("run", folder, "--project", project, "--framework", "cqc-local-authority").exit_code == 0
    assert (tmp_path / "out" / "evidence.xlsx").read_text(encoding="utf-8") == "mine"
    named = ("run", folder, "--project", project, "--output", tmp_path / "out" / "evidence.xlsx")
    assert run(*named).exit_code == 2
    assert run(*named, "--force").exit_code == 0
    assert (tmp_path / "out" / "evidence.xlsx").stat().st_size > 5000


def test_no_command_opens_a_socket(tmp_path: Path, folder: Path) -> None:
    """The main job runs with every socket refused, in this process and in its workers; nothing even tries."""
    from tests.no_network.plugin import guarded

    noted, project = tmp_path / "tried.txt", str(tmp_path / "p.sqlite")
    probe = (
        "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError as e: print(e)"
    )
    redacted = ["--output", str(tmp_path / "redacted"), "--key", str(tmp_path / "key.json")]
    commands = [
        ["-c", probe],
        ["run", str(folder), "-p", project],
        ["suggest", "-p", project],
        ["search", "waiting", "-p", project],
        ["matrix", "-p", project],
        ["export", str(tmp_path / "a.jsonl"), "--suggested", "-p", project],
        ["doctor", "--privacy", "-p", project],
        ["redact", str(folder), *redacted],
        ["forget", f"{folder.name}/", "--yes", "--reason", "test", "-p", project],
        ["db", "verify", "-p", project],
    ]
    for command in commands:
        words = command if command[0] == "-c" else ["-m", "evidence_mapper", *command]
        done = subprocess.run(
            [sys.executable, *words], env=guarded(noted), capture_output=True, text=True, check=False
        )
        if command[0] == "-c":  # the guard works, and in a program that was started
            assert "the network is not used" in done.stdout
            assert "192.0.2.1" in noted.read_text("utf-8")
            noted.unlink()
            continue
        assert done.returncode in (0, 1), (command, done.stderr)
        assert "Traceback" not in done.stderr
    assert not noted.exists(), noted.read_text("utf-8")


def test_show_why_names_the_words_that_carry_a_suggestion(project: Path, tmp_path: Path) -> None:
    run("export", tmp_path / "a.jsonl", "-p", project, "--suggested")
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    row = next(r for r in map(json.loads, lines) if r["quote"].startswith("I waited eight months"))
    shown = json.loads(run("show", row["passage_id"], "-p", project, "--why", "--json").stdout)
    first = next(w for w in shown["why"] if w["statement"] == "assessing-needs")
    words = {row["quote"][h["start"] : h["end"]] for h in first["highlights"]}
    assert words & {"waited", "assess", "months"}
    assert first["topic"]["id"].startswith("an-")
    assert len(first["training_passages"]) == 2
    assert all(p["invented"] and p["text"] for p in first["training_passages"])
    said = run("show", row["passage_id"], "-p", project, "--why").stdout
    assert "carried by" in said
    assert f"  words alone, for (+) or against: {first['words'][0]['term']} +" in said
    assert "like the training passage (invented): " in said
    assert f"topic {first['topic']['id']}" in said
