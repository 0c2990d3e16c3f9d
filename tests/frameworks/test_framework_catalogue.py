"""Frameworks by name, a user's own file, and what a snapshot of a file gives."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidence_mapper.frameworks as frameworks
from evidence_mapper.domain.framework import Source, Verification
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import FrameworkError, UsageError
from evidence_mapper.frameworks import available, check_file, load, load_file, load_text, read_text

CHARTER = Path(__file__).parent / "data" / "our_charter.toml"


def test_a_minimal_file_of_ones_own() -> None:
    framework = load(str(CHARTER))
    assert (framework.id, framework.version, framework.publisher) == ("our-charter", "1", "Not stated")
    assert [(t.id, t.number, t.title.text) for t in framework.themes] == [("general", 1, "General")]
    assert [(s.id, s.number, s.theme_id) for s in framework.statements] == [
        ("quick-answers", 1, "general"),
        ("one-contact", 2, "general"),
    ]
    first, second = framework.statements
    assert first.wording is not None
    assert first.wording.verification is Verification.OWN
    assert second.wording is None
    assert frameworks.unverified_entries(framework) == []


def test_the_minimal_file_is_the_one_the_documentation_shows() -> None:
    shown = (frameworks.__doc__ or "").replace("\n    ", "\n")
    assert CHARTER.read_text(encoding="utf-8") in shown
    assert len(CHARTER.read_text(encoding="utf-8").splitlines()) <= 13


def test_a_source_may_be_written_where_it_is_used() -> None:
    text = CHARTER.read_text(encoding="utf-8").replace(
        'we = "We answer within two working days."',
        'we = { text = "We answer.", verification = "verbatim", '
        'sources = [{ title = "Cabinet paper", url = "https://example.org/paper" }] }',
    )
    wording = load_text(text, "x.toml").statements[0].wording
    assert wording is not None
    assert wording.sources == (Source("Cabinet paper", "https://example.org/paper"),)


def test_i_statements_serve_statements_in_framework_order() -> None:
    text = CHARTER.read_text(encoding="utf-8")
    text += '[[i_statement]]\nid = "i"\nwording = "I know."\nstatements = ["one-contact", "quick-answers"]\n'
    text += '[[boundary]]\ntext = "Hours: quick answers."\nstatements = ["quick-answers"]\n'
    framework = load_text(text, "x.toml")
    assert framework.i_statements[0].statement_ids == ("quick-answers", "one-contact")
    assert framework.boundaries == ("Hours: quick answers.",)
    assert [s.boundaries for s in framework.statements] == [("Hours: quick answers.",), ()]


@pytest.mark.parametrize("name", [e.id for e in available()])
def test_a_snapshot_of_the_text_gives_the_same_framework(name: str) -> None:
    text = read_text(name)
    framework = load(name)
    assert load_text(text, "snapshot") == framework
    assert framework.content_sha256 == sha256_text(text)


def test_windows_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = CHARTER.read_text(encoding="utf-8")
    path = tmp_path / "charter.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_file(path) == load_file(CHARTER)
    path.write_bytes(b"\xef\xbb\xbf" + text.replace('"1"', "1").replace("\n", "\r\n").encode())
    assert [f.line for f in check_file(path)] == [3]


@pytest.mark.parametrize("name", ["cqc-local-authorities", "nowhere/charter.toml", "", "a\x00b", "x" * 5000])
def test_an_unknown_name_lists_what_there_is(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(name)
    said = str(caught.value)
    assert all(entry.id in said for entry in available())
    assert "evidence-mapper framework check FILE" in said
    with pytest.raises(UsageError):
        read_text(name)


def test_a_near_miss_is_guessed_at() -> None:
    with pytest.raises(UsageError, match="Did you mean 'cqc-local-authority'"):
        load("cqc-local-authorities")


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(CHARTER.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "bad_one.toml").write_text("id = ", encoding="utf-8")
    bad, good = available(tmp_path)
    assert (bad.id, bad.title, bad.statements) == ("bad-one", "", 0)
    assert "bad_one.toml:1" in (bad.fault or "")
    assert (good.id, good.fault, good.statements) == ("our-charter", None, 2)


def test_loading_a_bad_file_by_path(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(FrameworkError, match=r"bad\.toml:1: not valid TOML"):
        load(str(path))


def test_public_names() -> None:
    for name in frameworks.__all__:
        assert getattr(frameworks, name).__doc__
