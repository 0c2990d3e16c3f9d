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
from evidence_mapper.redact.closings import find_placed, with_bracket
from evidence_mapper.redact.contacts import find_births, find_contacts
from evidence_mapper.redact.denials import denied
from evidence_mapper.redact.model import NameModel, spec_of
from evidence_mapper.redact.named_places import find_named
from evidence_mapper.redact.names import NameRules, typed_small
from evidence_mapper.redact.near import NearNames
from evidence_mapper.redact.numbers import find_numbers
from evidence_mapper.redact.people import SLIP, one_off
from evidence_mapper.redact.places import find_places
from evidence_mapper.redact.tokens import Word, words_of

_LONG: Final = SLIP
"""Letters from which one slip of the pen still leaves a name recognisable."""
_LETTERS: Final = 2
_SMALL: Final = 3
"""Letters of the shortest name that is looked for in small letters too."""
_REACH: Final = 24
_AHEAD: Final = re.compile(r"(?:Team|Hub|Locality|Ward|Worker|Manager|Record|Contact)[ :]+(?=[A-Z])")
"""Words of a form that the model takes into a name after them."""
_TAIL: Final = re.compile(r" ([a-zß-ÿ'’]+)$")


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
        found = [*find_numbers(text), *find_contacts(text), *find_births(text)]
        found += [f for f in find_places(text) if self._is_place(text, f)]
        found += find_named(text, self.lexicon)
        people = [*self._rules.find(text), *find_placed(text, self.lexicon)]
        if self._model is not None:
            small = typed_small(words_of(text, self.lexicon))
            for item in self._model.find(text):
                kept = self._kept(text, item, small)
                if kept and kept.kind is not Kind.PERSON:
                    found.append(kept)
                elif kept and self._is_name(text, kept, small):
                    people.append(kept)
        people = self._people_only(text, people)
        met = settle([*found, *people], text)
        return self.again(text, met, self.names([*_people(met, text), *known]), all_finds=found + people)

    def _people_only(self, text: str, people: Iterable[Found]) -> list[Found]:
        never = self.lexicon.never
        return [
            Found(with_bracket(text, f.span), f.kind, f.role)
            for f in people
            if not denied(text, f.span.start, f.span.end, never)
        ]

    def names(self, forms: Iterable[str]) -> Names:
        """Return names as they were found, to be looked for by :meth:`again`."""
        return Names(forms, self.lexicon)

    def again(
        self, text: str, found: list[Found], names: Names, *, all_finds: list[Found] | None = None
    ) -> list[Found]:
        """Return finds with further places where a name stands: whole, in part, small, or off by one letter.

        Parameters
        ----------
        text
            As it was given to :meth:`find`.
        found
            What stands there already, in order and without overlap.
        names
            Whom to look for.
        all_finds
            What ``found`` was settled from, where that is known: overlaps are settled anew.
        """
        starts = [f.span.start for f in found]
        more = []
        words = words_of(text, self.lexicon)
        for i, word in enumerate(words):
            at = bisect_right(starts, word.start) - 1
            if at >= 0 and word.end <= found[at].span.end:
                continue
            if names.has(word, text) or (word.initial and _stands_for(words, i, text, names.initials)):
                more.append(Found(Span(word.start, word.end), Kind.PERSON))
        return settle([*(found if all_finds is None else all_finds), *more], text)

    def _is_place(self, text: str, item: Found) -> bool:
        """Return whether a place is more than everyday words that open a sentence: "Refused hospital"."""
        if item.kind is not Kind.PLACE:
            return True
        first, *rest = words_of(item.span.of(text), self.lexicon)
        opens = words_of(text[max(0, item.span.start - 4) : item.span.end], self.lexicon)[
            -1 - len(rest)
        ].opens
        return not (opens and first.ordinary and rest and all(w.ordinary and not w.capital for w in rest))

    def _kept(self, text: str, item: Found, small: bool) -> Found | None:
        """Return what the model found less a possessive ending; None for what is never a name."""
        start, end = item.span.start, item.span.end
        bare = re.sub(r"(?:['’]s|['’]|[\s,.;:(\"“‘]+)$", "", text[start:end])
        if not bare.strip() or "\n" in bare.strip():
            return None
        if item.kind is Kind.PERSON:
            # "Team Brackenmouth", and "Tara dances" of a text that has its capitals.
            while ahead := _AHEAD.match(bare):
                start, bare = start + ahead.end(), bare[ahead.end() :]
            while not small and (tail := _TAIL.search(bare)) and tail.group(1) not in cues.PARTICLES:
                bare = bare[: tail.start()]
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
            or not (small or any(c.isupper() for c in bare))
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


class Names:
    """Names that were found somewhere in a case, to be looked for elsewhere in it."""

    def __init__(self, forms: Iterable[str], lexicon: Lexicon) -> None:
        self._whole: set[str] = set()
        self._near = NearNames()
        self.initials: set[str] = set()
        """Capitals with which a name begins, or that stood alone for one."""
        self._letters: set[str] = set()
        for form in dict.fromkeys(forms):
            words = words_of(form, lexicon)
            told = [w for i, w in enumerate(words) if _tells(w) or _is_titled(words, i)]
            for word in told:
                self._add(word.low)
            self.initials |= {w.text for w in words if w.initial} | {w.low[0].upper() for w in told}
            if len(told) > 1:
                self._letters |= {
                    told[0].text[0] + told[-1].text[0],
                    "".join(w.text[0] for w in told),
                }

    def _add(self, name: str) -> None:
        if name not in self._whole:
            self._whole.add(name)
            self._near.add(name)

    def has(self, word: Word, text: str) -> bool:
        """Return whether a word of a text is one of the names."""
        if len(word.text) < _LETTERS or (word.never and word.low not in self._whole):
            return False
        if word.text.isupper() and word.text in self._letters and word.low not in cues.STAFF:
            return True
        if word.low in self._whole:
            if not word.ordinary:
                return word.capital or len(word.text) >= _SMALL
            if not word.text.istitle():
                return False
            if word.never and cues.WHERE.search(text[max(0, word.start - _REACH) : word.start]):
                return False
            after = text[word.end : word.end + _REACH]
            return not word.opens or bool(cues.SPEECH.match(after) or cues.ACTS.match(after))
        return (
            not word.ordinary
            and len(word.text) >= _LONG
            and any(one_off(word.low, name) for name in self._near.near(word.low))
        )


def _people(found: list[Found], text: str) -> list[str]:
    return [f.span.of(text) for f in found if f.kind is Kind.PERSON]


def _tells(word: Word) -> bool:
    return (
        len(word.text) > 1
        and not word.never
        and word.low not in cues.TITLES | cues.PARTICLES
        and (word.low not in cues.KIN and word.low not in cues.STAFF)
    )


def _is_titled(words: list[Word], i: int) -> bool:
    """Return whether a word of other use is a surname here: "Mrs Bordeaux", "Mr Preston"."""
    word = words[i]
    return bool(i) and words[i - 1].low in cues.TITLES and word.text.istitle() and len(word.text) > _LONG


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
