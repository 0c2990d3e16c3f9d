"""Pseudonyms that are the same throughout a case."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.base import SUBJECT, Found, Kind
from evidence_mapper.redact.mapping import Replacement
from evidence_mapper.redact.near import PeopleIndex
from evidence_mapper.redact.people import Mention, Person, may_be, mention_of

_LABELS: Final = {
    Kind.ADDRESS: "address",
    Kind.POSTCODE: "postcode",
    Kind.DATE_OF_BIRTH: "date of birth",
    Kind.NHS_NUMBER: "NHS number",
    Kind.NINO: "National Insurance number",
    Kind.PHONE: "phone number",
    Kind.EMAIL: "e-mail address",
    Kind.CASE_NUMBER: "reference",
    Kind.ONLINE: "web address",
    Kind.VEHICLE: "vehicle registration",
    Kind.PLACE: "place",
    Kind.AGE: "90 or over",
}
_NUMBERED: Final = frozenset({Kind.ADDRESS, Kind.PLACE})
"""Kinds whose second and later ones in a case get a number: "[place 2]"."""
_TAKEN: Final = re.compile(r"\b(?:Person|Worker) (\d+)\b")


@dataclass
class Case:
    """Everybody and everywhere named in one case."""

    people: list[Person] = field(default_factory=list)
    subject: str | None = None
    """Label of the person whose case it is; None while nobody without a role is known."""
    things: dict[str, list[str]] = field(default_factory=dict)
    """By kind, the wordings in the order in which they were met."""
    taken: int = 0
    """Highest number that stood behind "Person" or "Worker" in an original: pseudonyms start above it."""

    def to_json(self) -> dict[str, Any]:
        """Return plain data; :meth:`from_json` gives the same case back."""
        people = [p.to_json() for p in self.people]
        return {"people": people, "subject": self.subject, "things": self.things, "taken": self.taken}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Case:
        """Rebuild a case."""
        people = [Person.from_json(p) for p in data["people"]]
        return cls(
            people, data["subject"], {k: list(v) for k, v in data["things"].items()}, int(data["taken"])
        )


class Pseudonyms:
    """Gives out pseudonyms, case by case. What was given stays."""

    def __init__(self, lexicon: Lexicon, cases: dict[str, Case] | None = None) -> None:
        self.lexicon = lexicon
        self.cases = cases if cases is not None else {}

    def replacements(
        self, case: str, texts: Sequence[str], found: Sequence[Sequence[Found]]
    ) -> list[list[Replacement]]:
        """Return what stands in for each find of each text of a case.

        Parameters
        ----------
        case
            Its name. Texts given later under the same name get the pseudonyms it has already.
        texts
            As many as are at hand: full names in one explain short ones in another.
        found
            The finds of each text, in order and without overlap.
        """
        here = self.cases.setdefault(case, Case())
        here.taken = max([here.taken, *(int(n) for t in texts for n in _TAKEN.findall(t) if len(n) < 5)])
        named = [(f, f.span.of(t)) for t, finds in zip(texts, found, strict=True) for f in finds]
        labels = self._settle(here, self._mentions(named))
        things = _Things(here.things)
        result = []
        for text, finds in zip(texts, found, strict=True):
            words = [(f, f.span.of(text)) for f in finds]
            result.append(
                [
                    Replacement(f.span, labels[w] if f.kind is Kind.PERSON else things.label(f, w))
                    for f, w in words
                ]
            )
        return result

    def _mentions(self, named: Sequence[tuple[Found, str]]) -> list[tuple[Mention, str, bool]]:
        """Return every naming of a person, read apart, and whether a form's label says whose record it is."""
        read: dict[tuple[str, str | None], Mention] = {}
        people = []
        for found, words in named:
            if found.kind is not Kind.PERSON:
                continue
            role = None if found.role == SUBJECT else found.role
            if (words, role) not in read:
                read[words, role] = mention_of(words, role, self.lexicon)
            people.append((read[words, role], words, found.role == SUBJECT))
        return people

    def _settle(self, case: Case, people: list[tuple[Mention, str, bool]]) -> dict[str, str]:
        """Return the label of every wording, having added whoever is new."""
        if case.subject is None:
            self._find_subject(case, people)
        index, new = PeopleIndex(case.people, self.lexicon), _NewLabels(case)
        labels: dict[str, str] = {}
        for mention, words, _ in sorted(people, key=lambda p: p[0].weight):
            if words in labels:
                continue
            at = index.who(mention)
            if at is None:
                at = index.add(Person(new.label(mention.role)))
            index.take(at, mention, words)
            labels[words] = case.people[at].label
        return labels

    def _find_subject(self, case: Case, people: list[tuple[Mention, str, bool]]) -> None:
        """Take whom a form's label names, or else the person most often named without a role."""
        said = [(m, w) for m, w, labelled in people if labelled]
        roles = {m.whole for m, _, _ in people if m.role}
        free = [(m, w) for m, w, _ in people if m.whole not in roles and not m.letters]
        counts = Counter(m.whole for m, _ in free)
        if not said and not counts:
            return
        first = said[0] if said else max(free, key=lambda p: counts[p[0].whole])
        person = Person(f"Person {case.taken + 1}")
        person.take(*first)
        fuller = [(m, w) for m, w in free if m.weight == 0 and may_be(m, person, self.lexicon)]
        if first[0].weight and len({m.whole for m, _ in fuller}) == 1:
            person.take(*fuller[0])
        case.people.append(person)
        case.subject = person.label


class _Things:
    """What stands in for each thing of a case, by kind, in the order in which things are met."""

    def __init__(self, met: dict[str, list[str]]) -> None:
        self._met = met
        self._numbers = {kind: {plain: n for n, plain in enumerate(seen, 1)} for kind, seen in met.items()}

    def label(self, found: Found, words: str) -> str:
        name = _LABELS[found.kind]
        if found.kind not in _NUMBERED:
            return f"[{name}]"
        plain = re.sub(r"\W+", " ", words.casefold()).strip()
        numbers = self._numbers.setdefault(found.kind.value, {})
        if plain not in numbers:
            self._met.setdefault(found.kind.value, []).append(plain)
            numbers[plain] = len(numbers) + 1
        return f"[{name}]" if numbers[plain] == 1 else f"[{name} {numbers[plain]}]"


class _NewLabels:
    """Gives out labels that nobody in a case has; what was given out is never given again."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._used = {p.label for p in case.people}
        self._next: dict[str, int] = {}

    def label(self, role: str | None) -> str:
        if role and role != "staff" and self._case.subject:
            kind, of, first = role.capitalize(), f" of {self._case.subject}", 2
            if f"{kind}{of}" not in self._used:
                self._used.add(f"{kind}{of}")
                return f"{kind}{of}"
        else:
            kind, of, first = "Worker" if role == "staff" else "Person", "", self._case.taken + 1
        number = self._next.get(kind, first)
        while f"{kind} {number}{of}" in self._used:
            number += 1
        self._next[kind] = number + 1
        self._used.add(f"{kind} {number}{of}")
        return f"{kind} {number}{of}"
