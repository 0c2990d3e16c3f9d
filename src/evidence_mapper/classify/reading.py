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

VOICES: Final = tuple(
    sorted(
        kind.value
        for kind in (
            SourceType.SURVEY_COMMENT, SourceType.FOCUS_GROUP, SourceType.STAFF_FEEDBACK,
            SourceType.PARTNER_FEEDBACK, SourceType.COMPLAINT, SourceType.EMAIL, SourceType.CASE_RECORD,
            SourceType.CASE_AUDIT,
        )
    )
)  # fmt: skip
"""Kinds of paper that hold what people say of somebody's life or work."""


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """Which passages are read after the headings, or the question, they stand under."""

    below_words: int | None
    """Passages of fewer words; None: of any length."""
    not_of: frozenset[str] = frozenset()
    """Kinds of paper whose headings are not read; values of SourceType."""

    @classmethod
    def of(cls, spec: Mapping[str, Any]) -> Self:
        """Return the rule an artefact was made with."""
        below = spec["heading_below_words"]
        return cls(None if below is None else int(below), frozenset(spec.get("heading_not_of", ())))

    def text(self, item: ClassifierInput) -> str:
        """Return what the heads read."""
        short = self.below_words is None or len(item.text.split()) < self.below_words
        if item.heading and short and item.source_type not in self.not_of:
            return f"{item.heading}. {item.text}"
        return item.text
