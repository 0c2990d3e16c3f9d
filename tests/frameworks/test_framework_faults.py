"""Bad files: every fault with its line and key, all of them at once, and nothing but FrameworkError."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.errors import FrameworkError
from evidence_mapper.frameworks import check_file, check_text, load_file, load_text

BASE = """\
id = "charter"
title = "Charter"
version = "1"

[source.report]
title = "Annual report"

[[theme]]
id = "access"
title = "Access"

[[statement]]
id = "quick"
theme = "access"
title = "Quick answers"

[[statement]]
id = "contact"
theme = "access"
[statement.title]
text = "One contact"
verification = "verbatim"
sources = ["report"]
[statement.we]
text = "We name one person."
[[statement.we.variant]]
text = "We name a person."

[[topic]]
id = "hours"
statement = "quick"
definition = "Opening hours"

[[i_statement]]
id = "i-know"
wording = "I know whom to call."
statements = ["quick", "contact"]

[[evidence_category]]
id = "people"
name = "People"
required = true

[[boundary]]
text = "Opening hours: quick."
statements = [
    "quick",
    "contact",
]
"""

CASES = [
    # old, new, line, key, part of the message
    ('version = "1"\n', "", 1, "version", "required key is missing"),
    ('title = "Charter"', "title = 3", 2, "title", "expected text in quotes, found a number"),
    ('title = "Charter"', "title = 1979-05-27", 2, "title", "found a date or time"),
    ('title = "Charter"', 'title = "  "', 2, "title", "expected some text"),
    ('title = "Charter"', 'title = "a\\u001Bb"', 2, "title", "control character U+001B"),
    ('title = "Charter"', 'titel = "Charter"', 2, "titel", "did you mean 'title'?"),
    ('id = "charter"', 'id = "Our Charter"', 1, "id", "small letters, digits and hyphens"),
    ('version = "1"', "version = 1.0", 3, "version", "in quotes, found a number"),
    ('version = "1"', 'version = "1@2"', 3, "version", "found '1@2'"),
    ('version = "1"', 'version = "1"\nnotes = "n"', 4, "notes", "a list of texts in square brackets"),
    ('version = "1"', 'version = "1"\nnotes = [\n"a",\n"",\n]', 6, "notes[2]", "expected some text"),
    ('version = "1"', 'version = "1"\nboundaries = []', 4, "boundaries", "did you mean 'boundary'?"),
    ('title = "Annual report"', 'titel = "A"', 6, "source.report.titel", "did you mean 'title'?"),
    ('title = "Annual report"', "", 5, "source.report.title", "required key is missing"),
    ("[source.report]", "[source.Report]", 5, "source.Report", "small letters, digits and hyphens"),
    ('id = "access"', 'id = "access"\nnumber = 1', 10, "theme[1].number", "unknown key"),
    ('title = "Access"', "title = []", 10, "theme[1].title", "or a table with the key text, found a list"),
    ('id = "contact"', 'id = "quick"', 18, "statement[2].id", "'quick' is the id of statement[1]"),
    ('id = "contact"', "id = 7", 18, "statement[2].id", "found a number"),
    ('theme = "access"\ntitle', 'theme = "acces"\ntitle', 14, "statement[1].theme", "'access'?"),
    ('theme = "access"\ntitle', "title", 12, "statement[1].theme", "themes of this file: access"),
    ('text = "We name one person."', 'txt = "W"', 25, "statement[2].we.txt", "did you mean 'text'?"),
    ('text = "We name one person."', "", 24, "statement[2].we.text", "required key is missing"),
    ('text = "We name one person."', 'text = ""', 25, "statement[2].we.text", "expected some text"),
    ('text = "We name a person."', "text = true", 27, "statement[2].we.variant[1].text", "true or false"),
    ('"verbatim"', '"verbatum"', 22, "statement[2].title.verification", "did you mean 'verbatim'?"),
    ('"verbatim"', "true", 22, "statement[2].title.verification", "found true or false"),
    ('"verbatim"', '"conflicting"', 22, "statement[2].title.verification", "at least one variant"),
    ('sources = ["report"]', "", 22, "statement[2].title.verification", "verbatim needs sources"),
    ('["report"]', '["repot"]', 23, "statement[2].title.sources[1]", "did you mean 'report'?"),
    ('["report"]', "[4]", 23, "statement[2].title.sources[1]", "expected a source's key"),
    ('["report"]', '[{ url = "u" }]', 23, "statement[2].title.sources[1].title", "key is missing"),
    ('statement = "quick"', 'statement = "quik"', 31, "topic[1].statement", "did you mean 'quick'?"),
    ('definition = "Opening hours"', "", 29, "topic[1].definition", "required key is missing"),
    ('["quick", "contact"]', "[]", 37, "i_statement[1].statements", "at least one"),
    ('["quick", "contact"]', '["quick", "x"]', 37, "i_statement[1].statements[2]", "has the id 'x'"),
    ('["quick", "contact"]', '["quick", "quick"]', 37, "i_statement[1].statements[2]", "named twice"),
    ("required = true", 'required = "yes"', 42, "evidence_category[1].required", "without quotes"),
    ('"contact",\n]', '"contract",\n]', 48, "boundary[1].statements[2]", "did you mean 'contact'?"),
    ("[[boundary]]", "[boundary]", 44, "boundary", "written [[boundary]], found a table"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "message"), CASES)
def test_fault_has_line_key_and_what_was_expected(
    old: str, new: str, line: int, key: str, message: str
) -> None:
    assert BASE.count(old) >= 1
    found = check_text(BASE.replace(old, new, 1), "charter.toml")
    assert [(f.line, f.key) for f in found if f.key == key] == [(line, key)]
    said = str(next(f for f in found if f.key == key))
    assert said.startswith(f"charter.toml:{line}: key '{key}': ")
    assert message in said


def test_base_has_no_fault() -> None:
    assert check_text(BASE, "charter.toml") == []
    assert load_text(BASE, "charter.toml").statement("contact").title.sources[0].title == "Annual report"


def test_a_file_without_statements() -> None:
    text = 'id = "a"\ntitle = "A"\nversion = "1"\n'
    assert [(f.key, f.line) for f in check_text(text, "a.toml")] == [("statement", 1)]
    text = 'id = "a"\ntitle = "A"\nversion = "1"\nstatement = []\n'
    assert [(f.key, f.line) for f in check_text(text, "a.toml")] == [("statement", 4)]


def test_a_theme_named_where_there_are_none() -> None:
    text = 'id = "a"\ntitle = "A"\nversion = "1"\n[[statement]]\nid = "s"\ntitle = "S"\ntheme = "t"\n'
    (fault,) = check_text(text, "a.toml")
    assert (fault.line, fault.key) == (7, "statement[1].theme")
    assert "themes of this file: none" in str(fault)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id = "a"\ntitle = "A\n', 2),
        ('id = "a"\nid = "b"\n', 2),
        ('id = "a"\n[[statement]\n', 2),
        ('id = "a"\nnotes = [\n"x"\n', 4),
        ('id = "a"\ntitle =\n', 2),
    ],
)
def test_syntax_error_has_its_line_and_comes_alone(text: str, line: int) -> None:
    (fault,) = check_text(text, "a.toml")
    assert (fault.line, fault.key) == (line, None)
    assert "not valid TOML" in str(fault)


def test_all_faults_are_reported_by_line_and_loading_counts_them(tmp_path: Path) -> None:
    text = BASE.replace('"Charter"', "3").replace('"quick"\ndef', '"quik"\ndef').replace("= true", "= 1")
    path = tmp_path / "charter.toml"
    path.write_text(text, encoding="utf-8")
    assert [(f.line, f.key) for f in check_file(path)] == [
        (2, "title"),
        (31, "topic[1].statement"),
        (42, "evidence_category[1].required"),
    ]
    with pytest.raises(FrameworkError, match=r":2: key 'title': .* \(and 2 more: evidence-mapper framework"):
        load_file(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfei\x00d\x00", "save the file as UTF-8"),
        (b'id = "caf\xe9"', "at byte 9"),
        (None, "cannot be read"),
    ],
)
def test_unreadable_file(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "charter.toml"
    if content is not None:
        path.write_bytes(content)
    (fault,) = check_file(path)
    assert message in str(fault)
    with pytest.raises(FrameworkError, match=message):
        load_file(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "cannot be read" in str(check_file(tmp_path)[0])


def test_lists_nested_beyond_reason() -> None:
    (fault,) = check_text("notes = " + "[" * 50_000 + "]" * 50_000, "deep.toml")
    assert "nested too deeply" in str(fault)


PIECES = ('"', "'", '"""', "[", "]", "[[", "{", "}", "=", ",", ".", "\n", "#", "1", "true", "\\", "é", "\x00")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(BASE)),
            st.integers(0, 30),
            st.one_of(st.sampled_from(PIECES), st.text(max_size=5), st.just("")),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_mutated_file_loads_or_raises_framework_error(edits: list[tuple[int, int, str]]) -> None:
    text = BASE
    for start, length, new in edits:
        text = text[:start] + new + text[start + length :]
    faults = check_text(text, "mutated.toml")
    last = text.count("\n") + 1
    assert all(f.line is None or 1 <= f.line <= last for f in faults)
    if not faults:
        assert load_text(text, "mutated.toml").statements
    else:
        with pytest.raises(FrameworkError):
            load_text(text, "mutated.toml")


VALUES = st.recursive(
    st.sampled_from(
        ['"x"', '""', "1", "1.5", "true", "1979-05-27 07:32:00", "'lit'", '"""a\nb"""', "'''a\n\n'''"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: "[\n" + ",\n".join(v) + "]"),
        st.lists(inner.filter(lambda v: "\n" not in v), max_size=2).map(
            lambda v: "{ " + ", ".join(f"k{n}.sub = {e}" for n, e in enumerate(v)) + " }"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(VALUES, st.sampled_from(sorted({case[0] for case in CASES if " = " in case[0]})))
def test_any_value_under_any_key_keeps_lines_below_it_right(value: str, line: str) -> None:
    key = line.split(" = ", 1)[0]
    text = BASE.replace(line, f"{key} = {value}\n", 1) + '\n[[topic]]\nid = "hours"\n'
    faults = check_text(text, "charter.toml")
    syntax = any(f.key is None for f in faults)
    duplicate = [f.line for f in faults if f.key == "topic[2].id"]
    assert syntax or duplicate == [text.count("\n")]
