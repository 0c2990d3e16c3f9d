"""What a classifier reads of a passage: its text, and in papers the headings above it.

A line of a paper ("Visits by appointment only.") says little without its heading. What a person says stands
for itself, and the question it answers is the same for all who answer: read with it, comments look alike
and more of them like none of the statements (figures in ``models/EXPERIMENTS.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.domain.document import SourceType

SHORT: Final = 25
"""A passage of fewer words is short."""
ALONE: Final = 0
"""No passage has fewer words: read all without headings."""
VOICES: Final = (
    SourceType.SURVEY_COMMENT.value,
    SourceType.FOCUS_GROUP.value,
    SourceType.STAFF_FEEDBACK.value,
    SourceType.PARTNER_FEEDBACK.value,
    SourceType.COMPLAINT.value,
    SourceType.EMAIL.value,
)
"""Papers of what people say."""
BY_KIND: Final = {
    **dict.fromkeys(VOICES, ALONE),
    SourceType.CASE_AUDIT.value: ALONE,
    SourceType.CASE_RECORD.value: SHORT,
}
"""What people say, and audits, are read alone; the longer passages of case records say enough, the short ones
do not."""


def under(heading: str | None, text: str) -> str:
    """Return a text as it is read after its heading."""
    return f"{heading}. {text}" if heading else text


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """Which passages are read after the headings, or the question, they stand under."""

    below_words: int | None
    """Passages of fewer words; None: of any length."""
    by_kind: Mapping[str, int]
    """Kinds of paper, values of SourceType, with a number of words of their own."""

    @classmethod
    def of(cls, spec: Mapping[str, Any]) -> Self:
        """Return the rule an artefact was made with."""
        return cls(spec["heading_below_words"], spec.get("heading_below_words_of", {}))

    def text(self, item: ClassifierInput) -> str:
        """Return what the heads read."""
        below = self.by_kind.get(item.source_type or "", self.below_words)
        if item.heading and (below is None or len(item.text.split()) < below):
            return under(item.heading, item.text)
        return item.text
