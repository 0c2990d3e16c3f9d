"""What is read of a passage: with or without the headings above it."""

from __future__ import annotations

import pytest

from evidence_mapper.classify.artefact import load_artefact, models_folder
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.reading import ALONE, BY_KIND, HeadingRule
from evidence_mapper.domain.document import SourceType

LONG = "Visits are offered by appointment. " * 9
VOICES = sorted(kind for kind, below in BY_KIND.items() if below == ALONE)
NOTES = sorted(BY_KIND.keys() - set(VOICES))
PAPERS = sorted({s.value for s in SourceType} - BY_KIND.keys())


@pytest.fixture(scope="module")
def council_rule() -> HeadingRule:
    """Return the rule the shipped artefact was made with."""
    return HeadingRule.of(load_artefact(models_folder() / "cqc-local-authority").manifest["spec"])


@pytest.mark.parametrize("text", ["Fewer than last year.", LONG])
@pytest.mark.parametrize("kind", [None, *PAPERS])
def test_papers_are_read_after_their_headings(council_rule: HeadingRule, text: str, kind: str | None) -> None:
    read = council_rule.text(ClassifierInput(text, "Adult Social Care > Waiting lists", kind))
    assert read == f"Adult Social Care > Waiting lists. {text}"
    assert council_rule.text(ClassifierInput(text, None, kind)) == text


@pytest.mark.parametrize("kind", VOICES)
def test_what_people_say_is_read_alone(council_rule: HeadingRule, kind: str) -> None:
    for text in ("Nobody rang.", LONG):
        assert council_rule.text(ClassifierInput(text, "What could we do better?", kind)) == text


@pytest.mark.parametrize("kind", NOTES)
def test_short_notes_alone_are_read_after_their_headings(council_rule: HeadingRule, kind: str) -> None:
    assert council_rule.text(ClassifierInput("Nobody rang.", "Visits", kind)) == "Visits. Nobody rang."
    assert council_rule.text(ClassifierInput(LONG, "Visits", kind)) == LONG


def test_an_artefact_of_before_reads_short_passages_after_their_headings() -> None:
    rule = HeadingRule.of({"heading_below_words": 25})
    assert rule.text(ClassifierInput("Nobody rang.", "Visits", "survey-comment")) == "Visits. Nobody rang."
    assert rule.text(ClassifierInput(LONG, "Visits", "policy")) == LONG
