"""Labelled files: which column is what, and what each label means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.workflow.learn_data import CHARTER, write_csv

from evidence_mapper import frameworks
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.labelled_file import Columns, LabelledFile, read_labelled


@pytest.fixture(scope="module")
def ours() -> Framework:
    return frameworks.load_text(CHARTER, "charter")


def read(
    ours: Framework, path: Path, columns: Columns | None = None, *, ignore: bool = False
) -> LabelledFile:
    return read_labelled(ours, path, columns or Columns(), ignore_unmatched=ignore)


def test_labels_match_ids_and_titles_whatever_their_case(ours: Framework, tmp_path: Path) -> None:
    rows = [["Hot soup", "GOOD-MEALS"], ["Swept floor", "  clean   rooms "], ["A chess club", "None"]]
    found = read(ours, write_csv(tmp_path / "a.csv", ["Comment", "Label"], rows))
    assert found.texts == ("Hot soup", "Swept floor", "A chess club")
    assert found.statements == (("good-meals",), ("clean-rooms",), ())
    assert not found.several
    assert found.taken == "text: Comment, labels: Label"


def test_several_labels_in_a_cell(ours: Framework, tmp_path: Path) -> None:
    rows = [["Hot soup, swept floor", "good meals; clean-rooms"], ["Hot soup", "good meals"]]
    found = read(ours, write_csv(tmp_path / "a.csv", ["text", "labels"], rows))
    assert found.statements[0] == ("clean-rooms", "good-meals")
    assert found.several


def test_one_column_a_label(ours: Framework, tmp_path: Path) -> None:
    header = ["Ward", "Answer", "Good meals", "Clean rooms", "Parking"]
    rows = [["1", "Hot soup", "1", "", "0"], ["2", "Nowhere to park", "0", "0", "yes"]]
    found = read(ours, write_csv(tmp_path / "a.csv", header, rows))
    assert found.texts == ("Hot soup", "Nowhere to park")
    assert found.statements == (("good-meals",), ())
    assert found.several
    assert any("Parking" in note for note in found.notes)


def test_semicolons_between_the_columns_of_a_file(ours: Framework, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text;label;question\nHot soup;good-meals;What was good?\n", encoding="utf-8")
    found = read(ours, path)
    assert found.statements == (("good-meals",),)
    assert found.questions == ("What was good?",)


def test_json_lines_with_lists(ours: Framework, tmp_path: Path) -> None:
    lines = [{"text": "Hot soup", "statements": ["good-meals"]}, {"text": "Chess", "statements": []}]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert read(ours, path).statements == (("good-meals",), ())


def test_a_label_nobody_knows_is_refused_with_the_nearest(ours: Framework, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", ["text", "label"], [["Hot soup", "good meal"], ["Dust", "clean-rooms"]]
    )
    with pytest.raises(UsageError, match=r"'good meal' \(1 rows\), nearest: good-meals.*--ignore-unmatched"):
        read(ours, path)
    found = read(ours, path, ignore=True)
    assert found.texts == ("Dust",), "a text whose only label is left out bears on we know not what"
    assert any("good meal" in note for note in found.notes)


def test_rows_without_text_or_label_are_left_out_and_counted(ours: Framework, tmp_path: Path) -> None:
    rows = [["", "good-meals"], ["Hot soup", ""], ["Hot stew", "good-meals"]]
    found = read(ours, write_csv(tmp_path / "a.csv", ["text", "label"], rows))
    assert found.texts == ("Hot stew",)
    assert "1 rows without a text were left out." in found.notes
    assert any(note.startswith("1 rows without a label") for note in found.notes)


def test_named_columns_win(ours: Framework, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", ["text", "label", "said", "theme"], [["no", "no", "Hot soup", "good meals"]]
    )
    found = read(ours, path, Columns(text="Said", labels=("THEME",)))
    assert (found.texts, found.statements) == (("Hot soup",), (("good-meals",),))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"text,label\n", "no labelled row"),
        (b"text,text,label\na,b,c\n", "more than one column named text"),
        (b"text,label\na,b,c\n", "row 2 has 3 cells"),
        (b"text,label\n\xff\xfe,b\n", "not UTF-8"),
        (b'text,label\n"open,b\n', "is not CSV"),
        (b"words,thing\nHot soup,good\n", "no column of labels"),
        (b"label\ngood-meals\n", "no column of texts"),
    ],
)
def test_faulty_files_say_what_is_wrong(ours: Framework, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read(ours, path)


@pytest.mark.parametrize(("content", "said"), [("{", "not JSON"), ("[1]", "expected an object, found list")])
def test_faulty_json_lines_say_the_line(ours: Framework, tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "a", "label": "good-meals"}\n' + content, encoding="utf-8")
    with pytest.raises(UsageError, match=rf"bad\.jsonl:2: {said}"):
        read(ours, path)


def test_a_missing_column_and_an_odd_mark_are_named(ours: Framework, tmp_path: Path) -> None:
    header = ["text", "good meals", "clean rooms"]
    good = write_csv(tmp_path / "good.csv", header, [["Soup", "1", "0"]])
    with pytest.raises(UsageError, match="no column 'comment'; there are: text, good meals, clean rooms"):
        read(ours, good, Columns(text="comment", labels=("good meals", "clean rooms")))
    path = write_csv(tmp_path / "a.csv", header, [["Soup", "1", "maybe"]])
    with pytest.raises(UsageError, match="column 'clean rooms' has 'maybe'"):
        read(ours, path, Columns(labels=("good meals", "clean rooms")))
