"""Everything that finds, put together: rules, lists and model, recall first."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact import cues
from evidence_mapper.redact.artefact import Lexicon, checked, load_lexicon, names_folder
from evidence_mapper.redact.base import Found, Kind, settle
from evidence_mapper.redact.contacts import find_births, find_contacts
from evidence_mapper.redact.model import NameModel, spec_of
from evidence_mapper.redact.names import NameRules, typed_small
from evidence_mapper.redact.numbers import find_numbers
from evidence_mapper.redact.people import one_off
from evidence_mapper.redact.places import find_places
from evidence_mapper.redact.tokens import Word, words_of

_LONG: Final = 5
"""Letters from which one slip of the pen still leaves a name recognisable."""


_BROKEN: Final = re.compile(
    (
        r"[a-z]\. [A-Z]|[:;#]|\b(?:january|february|march|april|june|"
        r"july|august|september|october|november|december)\b"
    ),
    re.IGNORECASE,
)
"""In an address or place that the model proposes: it runs over the end of a sentence, or is a date."""
_STREETLIKE: Final = re.compile(
    r"\b(?:flat|apt|apartment|unit|plot|pitch|site|farm|cottage|"
    r"street|str|st|road|rd|avenue|ave|lane|ln|close|cl|drive|dr|"
    r"court|ct|crescent|cres|way|place|pl|terrace|terr|gardens|"
    r"gdns|grove|hill|walk|square|sq|row|mews|green|park|view|"
    r"rise|gate|yard|fold|croft|mount|bank|house|lodge|point|"
    r"heights|towers?|buildings?|villas?|parade|wharf|end|side)\b",
    re.IGNORECASE,
)
_ABBREVIATED: Final = re.compile(r"[A-Z]+[a-z]?|[A-Z]{2,}s|[a-z]{1,2}|[A-Z][a-z]?[A-Z]{1,3}")


class Recogniser(Protocol):
    """What reads a text for names beside the rules."""

    def find(self, text: str) -> Iterable[Found]:
        """Return finds."""


class Finder:
    """Finds personal identifiers in a text. It never touches the network, and keeps nothing of a text."""

    def __init__(self, lexicon: Lexicon, model: Recogniser | None) -> None:
        self.lexicon = lexicon
        self._rules = NameRules(lexicon)
        self._model = model

    def find(self, text: str, *, known: Iterable[str] = ()) -> list[Found]:
        """Return identifiers in order and without overlap.

        Parameters
        ----------
        text
            Any text; spans are half-open code-point ranges of it.
        known
            Names of people of the same case, found in its other texts: each is looked for here too.
        """
        found = [*find_numbers(text), *find_contacts(text), *find_births(text), *find_places(text)]
        people = self._rules.find(text)
        if self._model is not None:
            small = typed_small(words_of(text, self.lexicon))
            for item in self._model.find(text):
                kept = self._kept(text, item)
                if kept and kept.kind is not Kind.PERSON:
                    found.append(kept)
                elif kept and self._is_name(text, kept, small):
                    people.append(kept)
        people += self._again(text, settle(found + people, text), known)
        return settle(found + people, text)

    def _kept(self, text: str, item: Found) -> Found | None:
        """Return what the model found less a possessive ending; None for what is never a name."""
        start, end = item.span.start, item.span.end
        bare = re.sub(r"(?:['’]s|['’]|[\s,.;:(\"“‘]+)$", "", text[start:end])
        if not bare.strip() or "\n" in bare.strip():
            return None
        if item.kind is Kind.PERSON:
            word = bare.casefold()
            if (
                word not in self.lexicon.names
                and " " not in bare
                and (
                    cues.TOWN.search(text[max(0, start - _AFTER) : start])
                    or cues.AREA.match(text[start + len(bare) : start + len(bare) + _AFTER])
                )
            ):
                return None
        elif (
            not self._is_named(bare)
            or _BROKEN.search(bare)
            or not (item.kind is Kind.PLACE or _STREETLIKE.search(bare))
        ):
            return None
        return Found(Span(start, start + len(bare)), item.kind, item.role)

    def _is_named(self, words: str) -> bool:
        """Return whether an address or place has a number, or any word that is not of every day."""
        return any(c.isdigit() for c in words) or any(
            w.known or not w.ordinary for w in words_of(words, self.lexicon) if w.low not in cues.TITLES
        )

    def _is_name(self, text: str, item: Found, small: bool) -> bool:
        words = words_of(item.span.of(text), self.lexicon)
        if all(len(w.text) < 3 for w in words) and any(c.islower() for w in words for c in w.text):
            return False
        if any(c.isdigit() for c in item.span.of(text)) or (
            len(words) == 1 and _ABBREVIATED.fullmatch(words[0].text)
        ):
            return False
        if not any(w.capital for w in words) and not any(w.known and len(w.text) > 3 for w in words):
            return small and any(not w.ordinary for w in words)
        kept = [w for w in words if not w.never and w.low not in cues.KIN and w.low not in cues.STAFF]
        if any(w.low in cues.TITLES for w in words):
            return any(w.low not in cues.TITLES and (not w.never or w.text.istitle()) for w in words)
        return any(w.known or not w.ordinary for w in kept)

    def _again(self, text: str, found: list[Found], known: Iterable[str]) -> list[Found]:
        """Return further places where a name found stands, whole, in part, small, or off by one letter."""
        people = [f for f in found if f.kind is Kind.PERSON]
        names = {w.low: w for p in people for w in words_of(p.span.of(text), self.lexicon) if _tells(w)}
        for other in known:
            names.update((w.low, w) for w in words_of(other, self.lexicon) if _tells(w))
        near: dict[str, list[str]] = {}
        for name in names:
            near.setdefault(name[0], []).append(name)
        starts = [f.span.start for f in found]
        initials = {n[0].upper() for n in names} | {
            w.text for p in people for w in words_of(p.span.of(text), self.lexicon) if w.initial
        }
        more = []
        words = words_of(text, self.lexicon)
        for i, word in enumerate(words):
            at = bisect_right(starts, word.start) - 1
            if at >= 0 and word.end <= found[at].span.end:
                continue
            if self._same(word, names, near) or (word.initial and _stands_for(words, i, text, initials)):
                more.append(Found(Span(word.start, word.end), Kind.PERSON))
        return more

    def _same(self, word: Word, names: dict[str, Word], near: dict[str, list[str]]) -> bool:
        if word.never or len(word.text) < 2:
            return False
        if word.low in names:
            if not word.ordinary:
                return word.capital or len(word.text) > 3
            return word.text.istitle() and not word.opens
        return (
            not word.ordinary
            and len(word.text) >= _LONG
            and any(one_off(word.low, n) for n in near.get(word.low[0], ()))
        )


def _tells(word: Word) -> bool:
    return (
        len(word.text) > 1
        and not word.never
        and word.low not in cues.TITLES | cues.PARTICLES
        and (word.low not in cues.KIN and word.low not in cues.STAFF)
    )


def _stands_for(words: list[Word], i: int, text: str, initials: set[str]) -> bool:
    """Return whether a lone capital stands for somebody named: "P worried that", but not "Band B"."""
    word = words[i]
    if word.text in "AI" or word.text not in initials or (i and words[i - 1].low in cues.NO_INITIAL):
        return False
    if text[max(0, word.start - 1) : word.start] in {"/", "-", "&", "'", "’"} or word.end >= len(text):
        return False
    after = text[word.end : word.end + _AFTER]
    if word.text in "LR" and not cues.SAID.match(after):
        return False  # left and right
    before = text[max(0, word.start - _BEFORE) : word.start]
    return bool(re.match(r"(?:['’]s)? [a-z]|[.,;]", after)) and not re.search(r"\d ?$", before)


_BEFORE: Final = 12
_AFTER: Final = 24


@functools.cache
def load_finder(folder: Path | None = None) -> Finder:
    """Return the finder with the shipped lists and model, or those of a folder.

    Raises
    ------
    ModelNotFound
        There are none.
    UntrustedArtefact
        A file is not what was built.
    """
    place = folder or names_folder()
    manifest = checked(place)
    lexicon = load_lexicon(place)
    return Finder(lexicon, NameModel(place, lexicon, spec_of(manifest)))
