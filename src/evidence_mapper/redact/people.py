"""Who is who: one way of naming a person read apart, and whether it may be somebody already known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from evidence_mapper.redact import cues
from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.tokens import words_of

_HE: Final = frozenset({"mr", "father", "fr", "sir", "lord", "imam", "rabbi"})
_SHE: Final = frozenset({"mrs", "ms", "miss", "lady", "dame"})
SLIP: Final = 5
"""Letters from which two names one letter apart are taken for one name misspelt."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One way of naming a person, in lower case."""

    whole: str
    given: str | None
    surname: str | None
    """None where the words do not say; for a lone name see ``alone``."""
    alone: str | None
    """A name by itself without title: a given name or a surname."""
    letters: str
    """Initials, for a mention made of nothing else."""
    sex: str | None
    role: str | None

    @property
    def weight(self) -> int:
        """How much it tells: full names are settled first."""
        if self.given and self.surname:
            return 0
        return 1 if self.surname else 2 if self.alone else 3


@dataclass
class Person:
    """Somebody in a case, with every form in which they were named."""

    label: str
    given: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    forms: list[str] = field(default_factory=list)
    """As written, the fullest first."""
    sex: str | None = None
    role: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain data; :meth:`from_json` gives the same person back."""
        return {
            "label": self.label, "given": sorted(self.given), "surnames": sorted(self.surnames),
            "forms": self.forms, "sex": self.sex, "role": self.role,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Person:
        """Rebuild a person."""
        return cls(
            str(data["label"]), set(data["given"]), set(data["surnames"]), list(data["forms"]), data["sex"],
            data["role"],
        )  # fmt: skip

    @property
    def lone(self) -> bool:
        """Whether only one name is known, which may be a given name or a surname."""
        return bool(self.given) and self.given == self.surnames

    def take(self, mention: Mention, words: str) -> None:
        """Add what a mention tells."""
        if self.lone and (mention.given or mention.surname):
            # Now it is known whether the lone name was a given name or a surname.
            self.given, self.surnames = set(), set()
        self.given |= {mention.given} if mention.given and len(mention.given) > 1 else set()
        self.surnames |= {mention.surname} if mention.surname and len(mention.surname) > 1 else set()
        if mention.alone and not (self.given or self.surnames):
            self.given.add(mention.alone)
            self.surnames.add(mention.alone)
        self.sex, self.role = self.sex or mention.sex, self.role or mention.role
        if words not in self.forms:
            self.forms.append(words)
            self.forms.sort(key=len, reverse=True)


def mention_of(words: str, role: str | None, lexicon: Lexicon) -> Mention:
    """Read a person's name apart."""
    found = [w for w in words_of(words, lexicon) if w.low != "and"]
    titles = [w.low for w in found if w.low in cues.TITLES]
    sexes = {"m" if t in _HE else "f" if t in _SHE else None for t in titles}
    sex = sexes.pop() if len(sexes) == 1 else None
    names = [
        w for w in found if w.low not in cues.TITLES and (len(found) == 1 or w.low not in cues.SOFT_TITLES)
    ]
    whole = " ".join(w.low for w in found)
    full = [w.low for w in names if len(w.text) > 1]
    if not full or (len(names) == 1 and names[0].text.isupper() and len(full[0]) <= 3 and not names[0].known):
        letters = "".join(w.low for w in names)
        return Mention(whole, None, letters if titles else None, None, letters, sex, role)
    if len(names) == 1:
        name = names[0].low
        return Mention(whole, None, name if titles else None, None if titles else name, "", sex, role)
    first, last = names[0].low, names[-1].low
    if "," in words or (names[0].text.isupper() and not names[-1].text.isupper() and len(first) > 1):
        first, last = last, first
    return Mention(whole, first, last, None, "", sex, role)


def may_be(mention: Mention, person: Person, lexicon: Lexicon) -> bool:
    """Return whether a mention may be of a person: nothing in it speaks against, and a name speaks for it."""
    if mention.whole in {f.casefold() for f in person.forms}:
        return True
    if mention.sex and person.sex and mention.sex != person.sex:
        return False
    if (
        mention.role
        and person.role
        and ("staff" in {mention.role, person.role})
        and mention.role != person.role
    ):
        return False
    if mention.letters:
        return _initials(mention, person)
    if mention.given and mention.surname and person.lone:
        return _given(mention.given, person.given, lexicon) or _among(mention.surname, person.surnames)
    if mention.given and mention.surname:
        return _among(mention.surname, person.surnames) and (
            not person.given or _given(mention.given, person.given, lexicon)
        )
    if mention.surname:
        return _among(mention.surname, person.surnames)
    alone = mention.alone or ""
    return _given(alone, person.given, lexicon) or _among(alone, person.surnames)


def _initials(mention: Mention, person: Person) -> bool:
    letters = mention.letters
    if len(letters) == 1:
        names = person.surnames if mention.surname else person.given
        return any(n.startswith(letters) for n in names)
    first, last = letters[0], letters[-1]
    return any(n.startswith(first) for n in person.given) and any(n.startswith(last) for n in person.surnames)


def _given(name: str, known: set[str], lexicon: Lexicon) -> bool:
    if len(name) == 1 or any(len(k) == 1 for k in known):
        return any(k[0] == name[0] for k in known)
    stands = {name} | lexicon.nicknames.get(name, frozenset())
    others = {full for k in known for full in {k} | lexicon.nicknames.get(k, frozenset())}
    return bool(stands & others) or _among(name, known)


def _among(name: str, known: set[str]) -> bool:
    return any(name == k or name == f"{k}s" or one_off(name, k) or name in k.split("-") for k in known)


def one_off(a: str, b: str) -> bool:
    """Return whether two longer words differ by one letter put in, left out or changed, or two swapped."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < SLIP or a[0] != b[0] or a == b:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[head:], b[head:]
    if len(a) == len(b):
        return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    longer, shorter = (rest_a, rest_b) if len(a) > len(b) else (rest_b, rest_a)
    return longer[1:] == shorter
