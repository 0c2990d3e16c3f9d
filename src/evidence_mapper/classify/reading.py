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
            SourceType.PARTNER_FEEDBACK, SourceType.COMPLAINT, SourceType.EMAIL, SourceType.CASE_AUDIT,
        )
    )
)  # fmt: skip
"""Kinds of paper that hold what people say of somebody's life or work."""
NOTES: Final = (SourceType.CASE_RECORD.value,)
"""Kinds of paper whose longer passages say enough alone, and whose short ones do not."""
_SHORT: Final = 25


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """Which passages are read after the headings, or the question, they stand under."""

    below_words: int | None
    """Passages of fewer words; None: of any length."""
    not_of: frozenset[str] = frozenset()
    """Kinds of paper whose headings are not read; values of SourceType."""
    short_of: frozenset[str] = frozenset()
    """Kinds of paper of which passages below 25 words alone are read after their headings."""

    @classmethod
    def of(cls, spec: Mapping[str, Any]) -> Self:
        """Return the rule an artefact was made with."""
        below = spec["heading_below_words"]
        kinds = (frozenset(spec.get(name, ())) for name in ("heading_not_of", "heading_short_of"))
        return cls(None if below is None else int(below), *kinds)

    def text(self, item: ClassifierInput) -> str:
        """Return what the heads read."""
        below = _SHORT if item.source_type in self.short_of else self.below_words
        short = below is None or len(item.text.split()) < below
        if item.heading and short and item.source_type not in self.not_of:
            return f"{item.heading}. {item.text}"
        return item.text
