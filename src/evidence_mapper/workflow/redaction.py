"""The door to redaction for everything that shows or writes text: exports, review, files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact import Found, Kind, Pseudonyms, Redacted, load_finder, redacted
from evidence_mapper.workflow.redaction_key import Key

NOT_ALL: Final = "redaction is by machine and misses some names: read what you pass on (docs/redaction.md)"
_ALONE: Final = ""
"""Name of the case of a call that names none."""


@dataclass(frozen=True, slots=True)
class RedactedText:
    """One text after redaction."""

    redacted: Redacted
    """Text and offsets: ``redacted.to_redacted(span)`` carries a passage or coding over."""
    found: tuple[Found, ...]
    """What was replaced, in order; spans are of the original."""
    words: tuple[str, ...]
    """The words replaced, in order. They identify people: keep them where the original is kept."""

    @property
    def text(self) -> str:
        """The text to show."""
        return self.redacted.text

    def carried(self, span: Span) -> str:
        """Return the redacted words of a span of the original."""
        return self.redacted.to_redacted(span).of(self.redacted.text)


def redact_texts(texts: Sequence[str], *, case: str | None, key: Key | None) -> list[RedactedText]:
    """Return texts with pseudonyms in place of personal identifiers.

    Parameters
    ----------
    texts
        All that belong together: a name in full in one explains a first name in another, and whoever is
        found in one is looked for in all.
    case
        Under which pseudonyms are kept in the key, so that later texts of the case get the same ones;
        None for texts that stand alone.
    key
        Takes up new pseudonyms; None forgets them after this call.

    Raises
    ------
    ModelError
        The word lists or the name model are missing or not what was built.
    """
    finder = load_finder()
    found = [finder.find(text) for text in texts]
    names = {
        f.span.of(t) for t, finds in zip(texts, found, strict=True) for f in finds if f.kind is Kind.PERSON
    }
    if key is not None and case is not None and case in key.cases:
        names |= {form for person in key.cases[case].people for form in person.forms}
    if names and (len(texts) > 1 or key is not None):
        known = finder.names(names)
        found = [finder.again(text, finds, known) for text, finds in zip(texts, found, strict=True)]
    kept = key.cases if key is not None and case is not None else {}
    given = Pseudonyms(finder.lexicon, kept).replacements(case or _ALONE, texts, found)
    return [
        RedactedText(redacted(text, replacements), tuple(finds), tuple(f.span.of(text) for f in finds))
        for text, replacements, finds in zip(texts, given, found, strict=True)
    ]
