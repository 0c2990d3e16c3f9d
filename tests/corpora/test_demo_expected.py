"""What the demo corpus promises: planted gaps are honoured, labels quote what is there."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from demo_papers import DEMO, PARTNERS_VOICE, PEOPLES_VOICE, expected, readable_papers, text_of

from evidence_mapper import frameworks
from evidence_mapper.errors import ExtractionError
from evidence_mapper.extract.registry import extract_file

LABELS: list[dict[str, Any]] = expected()["labels"]
TELL_TALE = {
    "an-advocacy": r"advoca|\bIMCA\b",
    "ss-contingency": r"contingen|emergency|business continuity|provider failure|cyber|severe weather|flood",
    "cp-sustainability": r"\bfees?\b|hand(?:ed|ing)?[ -]?back|sustainab|insolven|closure|uplift|viab",
    "gv-information": r"confidential|gdpr|data protection|breach|information security|privacy|encrypt",
}
"""Words that evidence on a topic could hardly do without."""
INEQUALITY = (
    r"languag|interpret|translat|cultur|ethnic|faith|religio|mosque|halal|deaf|blind|sign language|easy read|"
    r"accessib|discriminat|racis|prejudic|\bgay\b|lesbian|transgender|refugee|internet|online|braille|disadvantag"
)
SAFEGUARDING = r"safeguard|abus|neglect|section 42|exploit|scam|deprivation of liberty"
LEARNING = r"\btrain|learn|supervision|complain|ombudsman|apprentic|research|co-?produc|peer review"


def tell_tales(pattern: str, names: tuple[str, ...] | list[str]) -> list[tuple[str, str]]:
    return [(n, m[0]) for n in names for m in re.finditer(pattern, text_of(n), re.IGNORECASE)]


def test_planted_gaps_are_the_ones_tested_here() -> None:
    cells = {(g["statement"], g["category"]) for g in expected()["planted_gaps"] if "category" in g}
    topics = {g["topic"] for g in expected()["planted_gaps"] if g["kind"] == "topic"}
    assert cells == {
        ("equity", "peoples-experience"),
        ("safeguarding", "partners"),
        ("learning", "partners"),
    }
    assert topics == set(TELL_TALE)


@pytest.mark.parametrize("topic", TELL_TALE)
def test_nothing_anywhere_on_a_missing_topic(topic: str) -> None:
    assert tell_tales(TELL_TALE[topic], readable_papers()) == []


def test_no_one_speaks_of_inequality_from_their_own_experience() -> None:
    assert tell_tales(INEQUALITY, PEOPLES_VOICE) == []


def test_partners_say_nothing_of_safeguarding_or_learning() -> None:
    assert tell_tales(f"{SAFEGUARDING}|{LEARNING}", PARTNERS_VOICE) == []


def test_tell_tale_words_would_be_found() -> None:
    assert tell_tales(INEQUALITY, ["policies/adult-social-care-strategy.pdf"])
    assert tell_tales(SAFEGUARDING, PEOPLES_VOICE)


def test_labels_respect_the_gaps() -> None:
    cells = {(s, label["evidence_category"]) for label in LABELS for s in label["statements"]}
    for gap in expected()["planted_gaps"]:
        assert (gap["statement"], gap.get("category", "-")) not in cells


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["quote"][:30])
def test_label_quotes_its_paper_once(label: dict[str, Any]) -> None:
    assert 40 <= len(label["quote"]) <= 120
    assert text_of(label["file"]).count(" ".join(label["quote"].split())) == 1


def test_labels_cover_every_statement_and_none() -> None:
    framework = frameworks.load("cqc-local-authority")
    counts = Counter(s for label in LABELS for s in label["statements"] or ["none"])
    assert set(counts) == {s.id for s in framework.statements} | {"none"}
    assert min(counts.values()) >= 5
    assert len(LABELS) >= 60


def test_a_label_on_no_statement_has_no_category_or_polarity() -> None:
    for label in LABELS:
        kinds = (label["evidence_category"], label["polarity"])
        assert all(kinds) if label["statements"] else kinds == (None, None)


def test_refused_files_exist() -> None:
    refusals = expected()["refusals"]
    assert sorted(refusals) == sorted(f"problem-files/{p.name}" for p in (DEMO / "problem-files").iterdir())
    assert set(refusals.values()) == {"needs-ocr", "damaged", "encrypted", "empty", "unsupported"}


@pytest.mark.parametrize("name", sorted({label["file"] for label in LABELS}))
def test_each_quote_lies_within_one_block_of_the_extracted_text(name: str) -> None:
    blocks = extract_file(DEMO / name).blocks
    for label in LABELS:
        if label["file"] == name:
            assert sum(block.text.count(label["quote"]) for block in blocks) == 1, label["quote"]


@pytest.mark.parametrize(("name", "code"), sorted(expected()["refusals"].items()))
def test_problem_file_is_refused_with_its_code(name: str, code: str) -> None:
    with pytest.raises(ExtractionError) as refused:
        extract_file(DEMO / name)
    assert refused.value.code == code
