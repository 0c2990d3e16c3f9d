"""Names go back into an export with its key, on a copy, and the project's history says so."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from tests.workflow.pack_samples import CALLS, add, confirm, write
from tests.workflow.test_same_state_same_bytes import FALL, NOTE

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import EventAction, Polarity
from evidence_mapper.workflow import cases
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.export_reverse import kept_export, restored_export
from evidence_mapper.workflow.project import Project, create_project, open_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.redaction_key import read_key

FILES = (
    ("e.csv", None), ("e.jsonl", None), ("e.xlsx", None), ("p.md", None), ("p.docx", None), ("r.html", None),
    ("i.xlsx", "evidence-index"), ("i.csv", "evidence-index"), ("c.docx", "claims"), ("c.md", "claims"),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a project with a case of two notes and a claim, all confirmed, with a note that names somebody."""
    write(tmp_path / "cases" / "AB-1" / "note-threlkeld.txt", "CASE NOTE", NOTE)
    write(tmp_path / "cases" / "AB-1" / "second.txt", "CASE NOTE", FALL)
    write(tmp_path / "papers" / "policy.txt", CALLS)
    path = tmp_path / "p.sqlite"
    with create_project(path) as project:
        add(project, tmp_path / "cases", tmp_path / "papers")
        cases.group(project, cases.by_folder(project, "cases"), coder="Ann")
        found = confirm(project, NOTE[:50], topics=["an-timeliness"], polarity=Polarity.CONCERN)
        confirm(project, FALL[:50], topics=["an-timeliness"], polarity=Polarity.STRENGTH)
        confirm(project, CALLS[:50])
        add_claim(project, "People wait too long.", coder="Ann", passages=(found.id,))
    return path


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with open_project(path) as opened:
        yield opened


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def entries(path: Path) -> list[str]:
    with open_project(path) as opened:
        found = opened.store.entries([EventAction.RELEASED])
        return [f"{event.payload['words']} by {event.coder}" for event in found]


@pytest.mark.parametrize(("name", "chosen"), FILES)
def test_an_export_comes_back_as_it_would_have_been_with_its_names(
    path: Path, tmp_path: Path, name: str, chosen: str | None
) -> None:
    out, key = tmp_path / "out", tmp_path / "keys" / "k.json"
    for folder in (out, key.parent, tmp_path / "named"):
        folder.mkdir()
    with open_project(path) as project:
        export_as_asked(project, out / name, chosen, ExportRequest(key=key))
        # Of the same state: that names left is recorded after the file was written.
        wanted = export_as_asked(
            project, tmp_path / "named" / name, chosen, ExportRequest(identifiable=True, coder="Bo")
        )
    redacted = (out / name).read_bytes()
    assert redacted != wanted.path.read_bytes()
    back = tmp_path / "back"
    done = run("redact", out, "--reverse", "-o", back, "--key", key, "-p", path, "--coder", "Ann")
    assert done.exit_code == 0, done.output
    assert (back / name).read_bytes() == wanted.path.read_bytes()
    assert (out / name).read_bytes() == redacted
    assert entries(path)[-1] == f"put names back into {name} by Ann"
    assert (back / name).stat().st_mode & 0o077 == 0


def test_names_go_back_only_with_key_and_project_and_into_an_unchanged_file(
    path: Path, tmp_path: Path
) -> None:
    out, key = tmp_path / "out", tmp_path / "keys" / "k.json"
    out.mkdir()
    key.parent.mkdir()
    with open_project(path) as project:
        export_as_asked(project, out / "e.csv", None, ExportRequest(key=key))
    before = entries(path)
    without = run("redact", out, "--reverse", "-o", tmp_path / "b1", "--key", key)
    assert without.exit_code != 0
    assert "name it with --project" in without.stderr
    no_key = run("redact", out, "--reverse", "-o", tmp_path / "b2", "-p", path)
    assert no_key.exit_code == 2
    assert "--key FILE" in no_key.stderr
    other_key = run(
        "redact", out, "--reverse", "-o", tmp_path / "b3", "--key", tmp_path / "no.json", "-p", path
    )
    assert other_key.exit_code == 2
    assert "cannot be read" in other_key.stderr
    with create_project(tmp_path / "q.sqlite"):
        pass
    other = run("redact", out, "--reverse", "-o", tmp_path / "b4", "--key", key, "-p", tmp_path / "q.sqlite")
    assert "name the project it is of" in other.stderr
    (out / "e.csv").write_bytes((out / "e.csv").read_bytes() + b"one more line\r\n")
    changed = run("redact", out, "--reverse", "-o", tmp_path / "b5", "--key", key, "-p", path)
    assert "changed after redaction" in changed.stderr
    for number in range(1, 6):
        assert not list((tmp_path / f"b{number}").glob("*"))
    assert entries(path) == before


def test_the_key_keeps_one_entry_of_the_same_export_and_none_without_names(
    project: Project, tmp_path: Path
) -> None:
    key = tmp_path / "keys" / "k.json"
    key.parent.mkdir()
    for _ in range(2):
        export_as_asked(project, tmp_path / "e.csv", None, ExportRequest(overwrite=True, key=key))
    export_as_asked(project, tmp_path / "e.parquet", None, ExportRequest(key=key))
    export_as_asked(project, tmp_path / "c.qdc", None, ExportRequest(key=key))
    kept = read_key(key).files
    assert [(file.written, file.form, file.project) for file in kept] == [
        ("e.csv", "export", project.store.info.id)
    ]
    assert "Threlkeld" in json.dumps(json.loads(key.read_text(encoding="utf-8")))


def test_a_workbook_that_another_program_saved_is_refused(project: Project, tmp_path: Path) -> None:
    import openpyxl

    key = tmp_path / "keys" / "k.json"
    key.parent.mkdir()
    export_as_asked(project, tmp_path / "e.xlsx", None, ExportRequest(key=key))
    (kept,) = read_key(key).files
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    book.save(tmp_path / "e.xlsx")
    with pytest.raises(ValueError, match=r"changed|shorter|longer"):
        restored_export((tmp_path / "e.xlsx").read_bytes(), kept)
    with pytest.raises(ValueError, match="no package any more"):
        restored_export(b"no zip", kept)


texts = st.text(st.characters(codec="utf-8"), max_size=60)


@given(texts, texts)
def test_any_two_texts_are_told_apart_exactly(
    tmp_path_factory: pytest.TempPathFactory, one: str, two: str
) -> None:
    folder = tmp_path_factory.mktemp("two")
    given_file, wanted = folder / "a.csv", folder / "b.csv"
    given_file.write_bytes(("x" + one).encode())
    wanted.write_bytes(("x" + two).encode())
    kept = kept_export(given_file, wanted, "prj")
    assert restored_export(given_file.read_bytes(), kept) == wanted.read_bytes()


@given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, min_size=1, max_size=4))
def test_any_two_packages_of_the_same_parts_are_told_apart_exactly(
    tmp_path_factory: pytest.TempPathFactory, one: list[str], two: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("two")
    for name, words in (("a.docx", one), ("b.docx", two)):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as package:
            for part in range(4):
                said = words[part] if part < len(words) else ""
                entry = zipfile.ZipInfo(f"part{part}.xml", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, f"<a>{said}</a><b/>" * (part + 1))
    kept = kept_export(folder / "a.docx", folder / "b.docx", "prj")
    assert restored_export((folder / "a.docx").read_bytes(), kept) == (folder / "b.docx").read_bytes()
