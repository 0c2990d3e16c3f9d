"""The shipped frameworks: counts, sources, and wordings against the reference they were made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence_mapper.domain.framework import Framework, Verification, Wording
from evidence_mapper.frameworks import available, load, read_text, unverified_entries

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "frameworks"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=f"no reference folder at {REFERENCE}")

PACKS = (
    "cqc-integrated-care-systems",
    "cqc-local-authority",
    "cqc-provider",
    "cqc-provider-kloe",
    "making-it-real",
)


def reference(name: str) -> Any:
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


def wordings(framework: Framework) -> Iterator[Wording]:
    yield from (t.title for t in framework.themes)
    yield from (s.title for s in framework.statements)
    yield from (s.wording for s in framework.statements if s.wording is not None)
    yield from (i.wording for i in framework.i_statements)
    yield from (c.name for c in framework.evidence_categories)


@pytest.mark.parametrize(
    ("name", "themes", "statements", "topics", "i_statements", "categories"),
    [
        ("cqc-local-authority", 4, 9, 36, 6, 4),
        ("cqc-integrated-care-systems", 3, 17, 0, 0, 6),
        ("cqc-provider", 5, 34, 0, 6, 6),
        ("cqc-provider-kloe", 5, 24, 0, 0, 0),
        ("making-it-real", 6, 24, 0, 33, 0),
    ],
)
def test_counts(
    name: str, themes: int, statements: int, topics: int, i_statements: int, categories: int
) -> None:
    entry = next(e for e in available() if e.id == name)
    assert entry.fault is None
    assert (entry.themes, entry.statements, entry.topics) == (themes, statements, topics)
    assert (entry.i_statements, entry.evidence_categories) == (i_statements, categories)


def test_the_shipped_frameworks_are_these_and_each_loads_under_its_own_id() -> None:
    assert tuple(e.id for e in available()) == PACKS
    assert tuple(load(name).id for name in PACKS) == PACKS


@pytest.mark.parametrize("name", PACKS)
def test_what_is_called_verbatim_names_a_source_that_is_not_general_knowledge(name: str) -> None:
    verbatim = [w for w in wordings(load(name)) if w.verification is Verification.VERBATIM]
    for wording in verbatim:
        assert any(s.title != "general knowledge" for s in wording.sources), wording.text


@pytest.mark.parametrize("name", PACKS)
def test_no_wording_found_only_in_third_party_lists_is_called_verbatim(name: str) -> None:
    for wording in wordings(load(name)):
        if all(s.title.startswith(("third-party", "general")) for s in wording.sources):
            assert wording.verification is not Verification.VERBATIM, wording.text


@pytest.mark.parametrize("name", PACKS)
def test_packs_say_who_owns_the_text_and_where_it_was_read(name: str) -> None:
    framework, text = load(name), read_text(name)
    assert "copyright" in framework.copyright.lower()
    assert framework.publisher != "Not stated"
    for url in re.findall(r'^url = "(.*)"$', text, re.MULTILINE):
        assert re.match(r"https?://[a-z0-9.-]+\.[a-z]+/", url), url


def test_local_authority_ids() -> None:
    framework = load("cqc-local-authority")
    assert [s.id for s in framework.statements] == [
        "assessing-needs",
        "healthier-lives",
        "equity",
        "care-provision",
        "partnerships",
        "safe-systems",
        "safeguarding",
        "governance",
        "learning",
    ]
    categories = {c.id: (c.name.text, c.required) for c in framework.evidence_categories}
    assert categories == {
        "peoples-experience": ("People’s experience", True),
        "staff-leaders": ("Feedback from staff and leaders", False),
        "partners": ("Feedback from partners", False),
        "processes": ("Processes", False),
    }
    assert all(c.required_note for c in framework.evidence_categories)


def test_every_local_authority_statement_has_topics_a_definition_and_boundaries() -> None:
    framework = load("cqc-local-authority")
    prefixes = {"an", "hl", "eq", "cp", "pc", "ss", "sg", "gv", "li"}
    seen = set()
    for statement in framework.statements:
        topics = framework.topics_of(statement.id)
        assert len({t.id[:2] for t in topics}) == 1
        seen.add(topics[0].id[:2])
        assert statement.definition
        assert statement.boundaries
    assert seen == prefixes
    assert sum(len(framework.topics_of(s.id)) for s in framework.statements) == 36


def test_two_statements_have_no_i_statement_and_say_so() -> None:
    framework = load("cqc-local-authority")
    without = [s for s in framework.statements if not framework.i_statements_of(s.id)]
    assert [s.id for s in without] == ["governance", "learning"]
    assert all("no I statement" in (s.i_statements_note or "") for s in without)


def test_where_sources_disagree_the_regulators_form_is_used_and_the_other_is_a_variant() -> None:
    framework = load("cqc-local-authority")
    for name in ("healthier-lives", "governance"):
        wording = framework.statement(name).wording
        assert wording is not None
        assert wording.verification is Verification.CONFLICTING
        assert wording.sources[0].title.startswith("CQC report")
        assert all(v.sources and v.text != wording.text for v in wording.variants)
    assert [i.id for i in framework.i_statements_of("equity")] == ["i-unique"]
    assert [i.id for i in framework.i_statements_of("partnerships")] == ["i-coordinated"]
    slides = "London council internal assurance slides (Haringey)"
    for name in ("i-unique", "i-coordinated"):
        wording = next(i.wording for i in framework.i_statements if i.id == name)
        assert any(s.title == slides for v in wording.variants for s in v.sources)


def test_care_act_sections_are_the_regulators_for_safeguarding_only() -> None:
    framework = load("cqc-local-authority")
    marks = {s.id: s.legal_references_verification for s in framework.statements}
    assert marks.pop("safeguarding") is Verification.VERBATIM
    assert set(marks.values()) == {Verification.UNVERIFIED}
    assert "Care Act 2014 s. 42 (Enquiry by local authority)" in (
        framework.statement("safeguarding").legal_references
    )


def test_unverified_entries_name_what_is_not_official() -> None:
    listed = unverified_entries(load("cqc-local-authority"))
    assert "statement governance, wording: conflicting" in listed
    assert "statement equity, legal references: unverified" in listed
    assert not any("safeguarding" in line for line in listed)
    assert len(unverified_entries(load("cqc-provider-kloe"))) == 24


def test_key_lines_of_enquiry_claim_no_official_wording() -> None:
    framework = load("cqc-provider-kloe")
    assert all(s.wording is None for s in framework.statements)
    assert {s.title.verification for s in framework.statements} == {Verification.UNVERIFIED}


def test_making_it_real_keeps_themes_that_were_not_read_apart() -> None:
    framework = load("making-it-real")
    unread = {t.id for t in framework.themes if t.title.verification is Verification.UNVERIFIED}
    assert unread == {
        "wellbeing-independence",
        "information-advice",
        "flexible-integrated",
        "when-things-change",
    }
    for statement in framework.statements:
        assert statement.wording is not None
        if statement.theme_id not in unread:
            assert statement.wording.verification is Verification.VERBATIM
    assert "Only two of the six theme pages were read" in framework.notes[0]


@needs_reference
def test_local_authority_wordings_equal_the_reference() -> None:
    framework = load("cqc-local-authority")
    data = reference("cqc_la.json")
    we = [s.wording.text for s in framework.statements if s.wording]
    assert we == [s["we_statement"]["text"] for s in data["statements"]]
    assert [s.title.text for s in framework.statements] == [s["title"] for s in data["statements"]]
    assert [t.title.text for t in framework.themes] == [t["title"] for t in data["themes"]]
    served = {i.wording.text: list(i.statement_ids) for i in framework.i_statements}
    assert served == {e["text"]: e["statements"] for e in data["i_statement_index"]}
    for statement, given in zip(framework.statements, data["statements"], strict=True):
        numbers = [int(r.split()[4]) for r in statement.legal_references]
        assert numbers == given["care_act_sections"]["sections"]


@needs_reference
def test_topics_and_boundaries_equal_the_codebook() -> None:
    framework = load("cqc-local-authority")
    text = (REFERENCE.parents[1] / "corpus" / "codebook.md").read_text(encoding="utf-8")
    for topic in framework.topics:
        assert re.search(rf"^  {topic.id} +{re.escape(topic.definition)}$", text, re.MULTILINE), topic.id
    assert list(framework.boundaries) == re.findall(r"^- (.*)$", text, re.MULTILINE)


@needs_reference
@pytest.mark.parametrize(
    ("name", "file", "key"),
    [
        ("cqc-integrated-care-systems", "cqc_ics.json", "statements"),
        ("cqc-provider", "cqc_provider.json", "quality_statements"),
    ],
)
def test_other_wordings_equal_the_reference(name: str, file: str, key: str) -> None:
    given = reference(file)[key]
    statements = load(name).statements
    assert [s.wording.text for s in statements if s.wording] == [g["text"] for g in given]
    assert [s.title.text for s in statements] == [g["title"] for g in given]


@needs_reference
def test_making_it_real_wordings_equal_the_reference() -> None:
    framework = load("making-it-real")
    themes = reference("making_it_real.json")["themes"]
    we = {w["id"]: w["text"] for t in themes for w in t["we_statements"]}
    own = {i["id"]: i["text"] for t in themes for i in t["i_statements"]}
    assert {s.id: s.wording.text for s in framework.statements if s.wording} == we
    assert {i.id: i.wording.text for i in framework.i_statements} == own


@needs_reference
def test_no_mark_is_more_trusting_than_the_reference() -> None:
    for given in reference("cqc_provider.json")["quality_statements"]:
        wording = load("cqc-provider").statement(given["id"].lower()).wording
        assert wording is not None
        if wording.verification is Verification.VERBATIM:
            assert given["confidence"] == "verbatim"
