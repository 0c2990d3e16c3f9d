"""What a redactor keeps at hand, so that a project of any size is redacted in bounded memory."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.passage import Passage

if TYPE_CHECKING:
    from evidence_mapper.workflow.redaction import RedactedText

AT_HAND: Final = 16_000_000
"""Characters of texts at hand, over all cases; one case is always whole, however long."""
_FOUND: Final = 400
"""What one replacement takes beside the text, in characters."""


@dataclass(slots=True)
class CaseTexts:
    """What was redacted of one case."""

    texts: dict[str, RedactedText] = field(default_factory=dict)
    """By revision."""
    words: dict[str, str] = field(default_factory=dict)
    """Words said of the case, such as notes, to the same without names."""
    looked: set[str] = field(default_factory=set)
    """Documents whose newest versions are among the texts."""
    size: int = 0


class CasesAtHand:
    """Cases redacted lately; those not used for longest give way.

    Parameters
    ----------
    most
        Characters kept.
    """

    def __init__(self, most: int = AT_HAND) -> None:
        self._most = most
        self._cases: OrderedDict[str, CaseTexts] = OrderedDict()
        self._size = 0

    def of(self, case: str) -> CaseTexts:
        """Return a case, empty where it is not at hand."""
        found = self._cases.setdefault(case, CaseTexts())
        self._cases.move_to_end(case)
        return found

    def add_text(self, case: str, revision_id: str, given: RedactedText) -> None:
        """Keep a redacted text."""
        self.of(case).texts[revision_id] = given
        self._grow(case, len(given.text) + _FOUND * len(given.found))

    def add_words(self, case: str, words: str, given: str) -> None:
        """Keep redacted words."""
        self.of(case).words[words] = given
        self._grow(case, len(words) + len(given) + _FOUND)

    def _grow(self, case: str, by: int) -> None:
        self.of(case).size += by
        self._size += by
        while self._size > self._most and len(self._cases) > 1:
            _, gone = self._cases.popitem(last=False)
            self._size -= gone.size


class PassageSet:
    """Passages, a bit each: a set of a million ids would take 100 MB."""

    def __init__(self) -> None:
        self._of_revision: dict[str, int] = defaultdict(int)
        self._apart: set[str] = set()
        """Ids of passages that are no longer among those of their document."""

    def add(self, passage: Passage) -> None:
        """Take a passage in."""
        if passage.ordinal < 0:
            self._apart.add(passage.id)
        else:
            self._of_revision[passage.revision_id] |= 1 << passage.ordinal

    def __contains__(self, passage: Passage) -> bool:
        if passage.ordinal < 0:
            return passage.id in self._apart
        return bool(self._of_revision.get(passage.revision_id, 0) >> passage.ordinal & 1)

    def __len__(self) -> int:
        return len(self._apart) + sum(bits.bit_count() for bits in self._of_revision.values())
