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
        people = [
            (mention_of(w, None if f.role == SUBJECT else f.role, self.lexicon), w, f.role == SUBJECT)
            for f, w in named
            if f.kind is Kind.PERSON
        ]
        labels = self._settle(here, people)
        result = []
        for text, finds in zip(texts, found, strict=True):
            words = [(f, f.span.of(text)) for f in finds]
            result.append([Replacement(f.span, self._label(here, f, w, labels)) for f, w in words])
        return result

    def _settle(self, case: Case, people: list[tuple[Mention, str, bool]]) -> dict[str, str]:
        """Return the label of every wording, having added whoever is new."""
        if case.subject is None:
            self._find_subject(case, people)
        labels: dict[str, str] = {}
        for mention, words, _ in sorted(people, key=lambda p: p[0].weight):
            if words in labels:
                continue
            person = self._who(case, mention)
            if person is None:
                person = Person(_new_label(case, mention.role))
                case.people.append(person)
            person.take(mention, words)
            labels[words] = person.label
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

    def _who(self, case: Case, mention: Mention) -> Person | None:
        exact = [p for p in case.people if mention.whole in {f.casefold() for f in p.forms}]
        if exact:
            return exact[0]
        fitting = [p for p in case.people if may_be(mention, p, self.lexicon)]
        return fitting[0] if len(fitting) == 1 else None

    def _label(self, case: Case, found: Found, words: str, labels: Mapping[str, str]) -> str:
        if found.kind is Kind.PERSON:
            return labels[words]
        name = _LABELS[found.kind]
        if found.kind not in _NUMBERED:
            return f"[{name}]"
        met = case.things.setdefault(found.kind.value, [])
        plain = re.sub(r"\W+", " ", words.casefold()).strip()
        if plain not in met:
            met.append(plain)
        number = met.index(plain) + 1
        return f"[{name}]" if number == 1 else f"[{name} {number}]"


def _new_label(case: Case, role: str | None) -> str:
    used = {p.label for p in case.people}
    if role and role != "staff" and case.subject:
        one = f"{role.capitalize()} of {case.subject}"
        if one not in used:
            return one
        number = next(
            n for n in range(2, len(used) + 3) if f"{role.capitalize()} {n} of {case.subject}" not in used
        )
        return f"{role.capitalize()} {number} of {case.subject}"
    kind = "Worker" if role == "staff" else "Person"
    number = next(n for n in range(case.taken + 1, case.taken + len(used) + 2) if f"{kind} {n}" not in used)
    return f"{kind} {number}"
