"""The redact command."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from evidence_mapper.cli import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["redact", *map(str, arguments)])


def test_there_and_back(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Mrs Threlkeld rang.", encoding="utf-8")
    result = run(tmp_path / "a.txt", "--output", tmp_path / "out", "--key", tmp_path / "key.json")
    assert result.exit_code == 0, result.output
    assert "misses some names" in result.stderr
    assert (tmp_path / "out" / "record-001.txt").read_text(encoding="utf-8") == "Person 1 rang."
    back = run(
        tmp_path / "out", "--reverse", "--output", tmp_path / "back", "--key", tmp_path / "key.json", "--json"
    )
    assert json.loads(back.stdout)["files"] == [
        {"source": "record-001.txt", "written": "a.txt", "identifiers": 1}
    ]
    assert (tmp_path / "back" / "a.txt").read_text(encoding="utf-8") == "Mrs Threlkeld rang."


def test_evaluate(tmp_path: Path) -> None:
    text = "Mrs Threlkeld rang from Marbridge."
    span = {"start": 0, "end": 13, "type": "PERSON", "background": "en"}
    rows = [{"id": "1", "hand": "h", "genre": "contact", "text": text, "spans": [span]}]
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    result = run("--evaluate", path, "--json")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["direct"]["covered"]["hits"] == figures["direct"]["covered"]["of"] == 1
    assert figures["groups"]["background"]["en"]["share"] == 1.0
    assert "Direct identifiers covered whole" in run("--evaluate", path).stdout


def test_a_line_that_is_no_note_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text(
        '{"id": "1", "text": "a", "spans": [{"start": 0, "end": 9, "type": "PERSON"}]}\n', encoding="utf-8"
    )
    result = run("--evaluate", path)
    assert result.exit_code == 2
    assert "notes.jsonl:1" in result.stderr


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    result = run(tmp_path / "a.txt", "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "--key FILE" in result.stderr


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "x.docx").write_bytes(b"PK\x03\x04 broken")
    result = run(folder, "--output", tmp_path / "out", "--key", tmp_path / "key.json")
    assert result.exit_code == 1
    assert "x.docx" in result.stderr
