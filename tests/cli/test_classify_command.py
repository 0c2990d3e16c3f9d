"""The contract for other programs: passages as they stand in documents, and why."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.workflow.survey_papers import CARE, LINE, OTHER, write_surveys

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.explain import probabilities, without
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.cli import main
from evidence_mapper.domain.passage import Span
from evidence_mapper.workflow.classify_file import to_json_in_place
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.suggest import classifier_input

SHORT = [LINE, "A second van. I'm not joking. It's the van.", "Tail lift for the van."]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def classified(folder: Path, lines: list[dict[str, Any]], *options: str) -> tuple[list[dict[str, Any]], str]:
    """Return the output lines, and what was said of them, of a file that has no bad line."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    source.write_text(text, encoding="utf-8")
    result = run("classify", source, "--output", target, *options)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()], result.stderr


def lines_of(document: str | None, texts: list[str]) -> list[dict[str, Any]]:
    asked = {"heading": "Your comments", "source_type": "survey-comment", "document": document}
    return [{"id": n, "text": t, **asked} for n, t in enumerate(texts)]


def made(folder: Path, papers: dict[str, list[str]], *options: str) -> Path:
    """Return a project of survey tables, a comment a row."""
    project = folder / "p.sqlite"
    said = run("run", *write_surveys(folder, papers), "-p", project, "--workers", "1", *options)
    assert said.exit_code == 0, said.output
    return project


def held(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a project's passages as lines to classify, and what it suggests for them."""
    lines, suggested = [], []
    with open_project(path) as project:
        for document in project.store.documents():
            for passage in project.store.passages(document.id):
                item, found = classifier_input(passage, document), project.store.suggestion(passage.id)
                assert found is not None
                line = {"text": item.text, "heading": item.heading, "source_type": item.source_type}
                lines.append({"id": passage.id, "document": document.id, **line})
                suggested.append({"id": passage.id, **to_json_in_place(found)})
    return lines, suggested


@pytest.mark.parametrize("speed", [(), ("--fast",)], ids=["all read", "fast"])
def test_a_file_with_documents_gets_what_a_project_suggests(tmp_path: Path, speed: tuple[str, ...]) -> None:
    care = [f"Visit {n}: {CARE[n % len(CARE)]}" for n in range(125)]
    long = [*care[:2], *SHORT, *care[2:], f"{LINE} Twice.", *(f"Item {n}: {t}" for n, t in enumerate(OTHER))]
    project = made(tmp_path, {"long.csv": long, "other.csv": [*OTHER[:2], LINE, *OTHER[2:]]}, *speed)
    lines, suggested = held(project)
    assert len(lines) == len(long) + 5
    rows, _ = classified(tmp_path, lines, *speed)
    assert rows == suggested
    assert any(row["none_taken_back"] for row in rows)
    alone, _ = classified(tmp_path, [{k: v for k, v in n.items() if k != "document"} for n in lines], *speed)
    assert sum(r["none_suggested"] for r in alone) > sum(r["none_suggested"] for r in rows)


def test_the_same_line_is_none_among_other_business_alone(tmp_path: Path) -> None:
    lines = [
        *lines_of("care", [*CARE[:3], LINE, *CARE[3:]]),
        *lines_of("other", [*OTHER[:2], LINE, *OTHER[2:]]),
        *lines_of(None, [LINE]),
    ]
    rows, said = classified(tmp_path, lines)
    among_care, among_other, alone = rows[3], rows[9], rows[12]
    assert [r["id"] for r in rows] == [n["id"] for n in lines]
    assert (among_care["none_suggested"], among_care["none_taken_back"]) == (False, True)
    assert (among_other["none_suggested"], among_other["none_taken_back"]) == (True, False)
    assert alone["none_suggested"]
    assert "none_taken_back" not in alone
    assert among_care["none_probability"] == pytest.approx(alone["none_probability"], abs=2e-6)
    assert "came before" not in said


def test_lines_that_name_no_document_are_read_alone(tmp_path: Path) -> None:
    lines = lines_of(None, [*CARE, LINE])
    rows, _ = classified(tmp_path, lines)
    without = [{k: v for k, v in line.items() if k != "document"} for line in lines]
    assert rows == classified(tmp_path, without)[0]
    assert rows[-1]["none_suggested"]


def test_a_document_that_comes_back_is_read_as_another_and_said_once(tmp_path: Path) -> None:
    care, other = lines_of("care", CARE), lines_of("other", OTHER)
    line = lines_of("care", [LINE])
    together, said = classified(tmp_path, [*care, *line, *other])
    assert together[len(care)]["none_taken_back"]
    assert "came before" not in said
    rows, said = classified(tmp_path, [*care, *other[:2], *line, *other[2:]])
    assert rows[8]["none_suggested"]
    assert said.count("came before") == 1
    assert "in.jsonl:9: document care came before, up to line 6, and other lines stand between" in said
    assert "2 such places in all" in said


def test_a_bad_line_does_not_part_a_document(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [json.dumps(n) for n in lines_of("care", [*CARE, LINE])]
    source.write_text("\n".join([*rows[:-1], "not json", "", rows[-1]]), encoding="utf-8")
    result = run("classify", source)
    assert result.exit_code == 1
    assert "in.jsonl:7: not JSON" in result.stderr
    assert "came before" not in result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["none_taken_back"]


def odds(probability: float) -> float:
    return probability / (1 - probability)


def test_why_names_words_of_the_text_its_topic_and_passages_like_it(
    tmp_path: Path, classifier: StatementClassifier
) -> None:
    text = "😀😀 I waited eight months for a social worker to assess my mother at home."
    rows, _ = classified(tmp_path, [{"id": 1, "text": text}, {"id": 2, "text": OTHER[0]}], "--why")
    assert rows[1]["none_suggested"]
    assert rows[1]["why"] == []
    suggested = [s["id"] for s in rows[0]["statements"] if s["suggested"]]
    assert [w["statement"] for w in rows[0]["why"]] == suggested
    first = rows[0]["why"][0]
    assert first["probability"] == pytest.approx(rows[0]["statements"][0]["probability"], abs=1e-3)
    words = {text[h["start"] : h["end"]] for h in first["highlights"]}
    assert words & {"waited", "assess", "months"}
    assert [h["weight"] for h in first["highlights"]] == sorted(
        (h["weight"] for h in first["highlights"]), reverse=True
    )
    rest = without(text, [Span(h["start"], h["end"]) for h in first["highlights"]])
    inputs = [ClassifierInput(text), ClassifierInput(rest)]
    before, after = probabilities(classifier, inputs, first["statement"])
    assert after < before / 2
    heaviest = first["highlights"][0]
    alone = ClassifierInput(without(text, [Span(heaviest["start"], heaviest["end"])]))
    (left,) = probabilities(classifier, [alone], first["statement"])
    assert math.log(odds(before) / odds(left)) == pytest.approx(heaviest["weight"], abs=1e-3)
    shares = {w["term"]: w for w in first["words"]}
    assert 0 < len(shares) <= 8
    assert shares["waited"]["share"] > 0
    assert [text[s["start"] : s["end"]] for s in shares["waited"]["spans"]] == ["waited"]
    assert not any(w["heading"] for w in shares.values())
    assert first["topic"]["id"] in {t["id"] for t in rows[0]["topics"]}
    assert len(first["training_passages"]) == 2
    assert all(p["invented"] and p["id"] and p["text"] for p in first["training_passages"])


def test_without_why_the_lines_are_the_same_but_for_it(tmp_path: Path) -> None:
    lines = [*lines_of(None, CARE[:2]), *lines_of("care", [*CARE, LINE])]
    plain, _ = classified(tmp_path, lines)
    rows, _ = classified(tmp_path, lines, "--why")
    assert [{k: v for k, v in row.items() if k != "why"} for row in rows] == plain


def test_why_is_what_show_says_of_the_same_passage(tmp_path: Path) -> None:
    project = made(tmp_path, {"care.csv": CARE[:4]})
    lines, _ = held(project)
    rows, _ = classified(tmp_path, lines, "--why")
    for row in rows:
        shown = json.loads(run("show", row["id"], "-p", project, "--why", "--json").stdout)
        assert shown["why"], row
        assert row["why"] == shown["why"]


@pytest.mark.parametrize("option", ["--fast", "--framework=making-it-real"])
def test_why_with_another_reading(tmp_path: Path, option: str) -> None:
    rows, _ = classified(tmp_path, lines_of(None, CARE), "--why", option)
    found = [(line["text"], w) for line, r in zip(lines_of(None, CARE), rows, strict=True) for w in r["why"]]
    assert found
    for text, why in found:
        assert all(text[h["start"] : h["end"]].strip() for h in why["highlights"])
        assert len(why["training_passages"]) == (2 if option == "--fast" else 0)
        assert bool(why["words"]) == (option == "--fast"), "definitions have no part that reads words alone"


def test_the_example_of_the_documentation_comes_out_as_it_says(tmp_path: Path, root: Path) -> None:
    page = (root / "docs" / "classify.md").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in page.splitlines() if line.startswith('{"id"')]
    rows, _ = classified(tmp_path, lines)
    assert [r["id"] for r in rows if r.get("none_taken_back")] == [4]
    assert [s["id"] for s in rows[3]["statements"] if s["suggested"]] == ["assessing-needs"]
    assert rows[4]["none_suggested"]


def test_help_says_that_reasons_are_slow() -> None:
    assert "times as slow" in " ".join(run("classify", "--help").stdout.split())
