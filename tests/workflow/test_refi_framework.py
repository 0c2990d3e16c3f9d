"""A codebook of another tool becomes a framework file, as a person says, and a framework comes back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.workflow import refi_foreign as foreign
from tests.workflow.refi_foreign import code

from evidence_mapper.cli import main
from evidence_mapper.domain.exchange import QdaCode, QdaProject
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.frameworks import load_file, load_text
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.refi_export import export_codebook
from evidence_mapper.workflow.refi_framework import Role, plan, read_codebook, write_framework
from evidence_mapper.workflow.refi_framework_plan import read_plan, write_plan

NAMED = {"id": "ours", "title": "Ours", "version": "1"}


def codebook(path: Path, codes: str) -> Path:
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo">'
        f"<Codes>{codes}</Codes></CodeBook>",
        encoding="utf-8",
    )
    return path


THEIRS = (
    code(
        "Care",
        code("Waiting", code("Waiting for equipment", description="Rails, beds"), description="How long"),
        codable=False,
    )
    + code("Staff & kindness")
    + code("Empty folder", codable=False)
)


def test_folders_codes_and_their_codes_become_themes_statements_and_topics(tmp_path: Path) -> None:
    project = read_codebook(codebook(tmp_path / "c.qdc", THEIRS))
    report = write_framework(project, plan(project), tmp_path / "f.toml", named=NAMED)
    made = load_file(tmp_path / "f.toml")
    assert [(t.title.text, t.id) for t in made.themes] == [("General", "general"), ("Care", "care")]
    assert [(s.title.text, s.theme_id, s.definition) for s in made.statements] == [
        ("Waiting", "care", "How long"),
        ("Staff & kindness", "general", None),
    ]
    assert [(t.statement_id, t.definition) for t in made.topics] == [
        ("waiting", "Waiting for equipment; Rails, beds")
    ]
    assert (report.undescribed, report.left_out) == (1, ())
    assert {s.title.verification.value for s in made.statements} == {"own"}


def test_a_study_coded_with_the_codebook_finds_its_codes_by_name(tmp_path: Path) -> None:
    from evidence_mapper.workflow.refi_mapping import How, propose

    project = read_codebook(codebook(tmp_path / "c.qdc", THEIRS))
    write_framework(project, plan(project), tmp_path / "f.toml", named=NAMED)
    hows = {p.code.name: p.how for p in propose(load_file(tmp_path / "f.toml"), project, {})}
    wanted = ("Waiting", "Waiting for equipment", "Staff & kindness")
    assert {hows[name] for name in wanted} == {How.EXACT}


def test_a_person_changes_and_confirms_what_codes_become(tmp_path: Path) -> None:
    project = read_codebook(codebook(tmp_path / "c.qdc", THEIRS))
    table = tmp_path / "codes.csv"
    assert write_plan(plan(project), table) == 5
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["becomes"] for row in rows] == ["theme", "statement", "topic", "statement", "nothing"]
    rows[2]["becomes"] = "Evidence category"
    for row in rows[:3]:
        row["confirm"] = "yes"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    report = write_framework(project, read_plan(plan(project), table), tmp_path / "f.toml", named=NAMED)
    made = load_file(tmp_path / "f.toml")
    assert [s.id for s in made.statements] == ["waiting"]
    assert [c.name.text for c in made.evidence_categories] == ["Waiting for equipment"]
    assert report.left_out == ("Staff & kindness",)
    with pytest.raises(ExportError, match="already exists"):
        write_plan(plan(project), table)
    with pytest.raises(ExportError, match="--force"):
        write_framework(project, plan(project), tmp_path / "f.toml", named=NAMED)


def test_our_own_codebook_comes_back_as_the_framework_it_was(tmp_path: Path) -> None:
    with create_project(tmp_path / "p.sqlite") as project:
        export_codebook(project, tmp_path / "c.qdc")
        ours = project.framework
    foreign.schema("Codebook").assertValid(etree.parse(tmp_path / "c.qdc"))
    read = read_codebook(tmp_path / "c.qdc")
    write_framework(read, plan(read), tmp_path / "f.toml", named=NAMED)
    made = load_file(tmp_path / "f.toml")
    titles = {s.id: s.title.text for s in ours.statements}
    back = {s.id: s.title.text for s in made.statements}
    assert [t.title.text for t in made.themes] == [t.title.text for t in ours.themes]
    assert list(back.values()) == list(titles.values())
    wordings = [s.wording.text if s.wording else None for s in ours.statements]
    assert [s.wording.text if s.wording else None for s in made.statements] == wordings
    assert [s.definition for s in made.statements] == [s.definition for s in ours.statements]
    assert [(back[t.statement_id], t.definition, t.include, t.exclude) for t in made.topics] == [
        (titles[t.statement_id], t.definition, t.include, t.exclude) for t in ours.topics
    ]
    assert [c.name.text for c in made.evidence_categories] == [c.name.text for c in ours.evidence_categories]
    spoken = [(i.wording.text, [titles[s] for s in i.statement_ids]) for i in ours.i_statements]
    assert [(i.wording.text, [back[s] for s in i.statement_ids]) for i in made.i_statements] == spoken


def change(column: str, value: str) -> Callable[[str], str]:
    def apply(text: str) -> str:
        rows = list(csv.DictReader(text.splitlines()))
        rows[0][column] = value
        lines = [",".join(rows[0])] + [",".join(f'"{v}"' for v in row.values()) for row in rows]
        return "\n".join(lines)

    return apply


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (change("confirm", "perhaps"), "neither yes nor no"),
        (change("guid", "another"), "lacks 1 codes of the codebook, such as 'Care'"),
        (lambda text: text.replace("becomes", "turns_into"), "no column becomes"),
        (
            lambda text: text.replace(",theme,", ",chapter,yes").replace("yes\r\n", "yes\r\n"),
            "a code may become",
        ),
    ],
)
def test_a_table_that_is_wrong_is_refused(tmp_path: Path, spoil: Callable[[str], str], said: str) -> None:
    project = read_codebook(codebook(tmp_path / "c.qdc", THEIRS))
    table = tmp_path / "codes.csv"
    write_plan(plan(project), table)
    table.write_text(spoil(table.read_text(encoding="utf-8-sig")), encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_plan(plan(project), table)


def test_what_makes_no_framework_is_refused(tmp_path: Path) -> None:
    project = read_codebook(codebook(tmp_path / "c.qdc", code("Only a folder", codable=False)))
    with pytest.raises(UsageError, match="no code becomes a statement"):
        write_framework(project, plan(project), tmp_path / "f.toml", named=NAMED)
    good = read_codebook(codebook(tmp_path / "d.qdc", THEIRS))
    with pytest.raises(UsageError, match="correct --id"):
        write_framework(good, plan(good), tmp_path / "f.toml", named={**NAMED, "id": "No Id"})
    with pytest.raises(UsageError, match="has no codes"):
        read_codebook(codebook(tmp_path / "e.qdc", ""))
    assert not (tmp_path / "f.toml").exists()


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, names, st.lists(names, max_size=3)), min_size=1, max_size=4))
def test_any_names_and_descriptions_give_a_framework_that_loads(
    tmp_path: Path, tree: list[tuple[str, str, list[str]]]
) -> None:
    made = []
    for number, (name, said, below) in enumerate(tree):
        children = tuple(
            QdaCode(f"{number}.{n}", each.strip() or "x", True, said) for n, each in enumerate(below)
        )
        made.append(QdaCode(str(number), name.strip() or "x", True, said.strip(), children))
    project = QdaProject("p", "o", {}, tuple(made))
    path = tmp_path / "any.toml"
    write_framework(project, plan(project), path, named=NAMED, overwrite=True)
    framework = load_text(path.read_text(encoding="utf-8"), "any.toml")
    assert len(framework.statements) == len(tree)
    assert len(framework.topics) == sum(len(below) for _, _, below in tree)


def test_command_asks_first_and_then_writes(tmp_path: Path) -> None:
    book, out = codebook(tmp_path / "book.qdc", THEIRS), tmp_path / "our-charter.toml"
    run = CliRunner()
    first = run.invoke(main, ["refi", "framework", str(book), str(out)])
    assert first.exit_code == 0
    assert "Nothing is written yet. Write yes in the column confirm of" in first.stderr
    assert not out.exists()
    table = tmp_path / "book-codes.csv"
    table.write_text(
        table.read_text(encoding="utf-8-sig").replace(",\n", ",yes\n").replace(",\r\n", ",yes\r\n"),
        encoding="utf-8",
    )
    second = run.invoke(main, ["refi", "framework", str(book), str(out), "--mapping", str(table)])
    assert second.exit_code == 0
    assert "1 theme, 2 statements, 1 topic, 0 evidence categories, 0 i statements" in second.stderr
    assert load_file(out).id == "our-charter"
    checked = run.invoke(main, ["framework", "check", str(out)])
    assert checked.exit_code == 0
    wrong = run.invoke(main, ["refi", "framework", str(book), str(tmp_path / "x.txt"), "--yes"])
    assert wrong.exit_code == 2
    assert ".toml" in wrong.stderr


def test_roles_are_those_a_person_may_write() -> None:
    assert [role.value for role in Role] == [
        "theme", "statement", "topic", "evidence category", "i statement", "nothing",
    ]  # fmt: skip
