"""Names by what may stand for them, so that nobody has to be compared with everybody."""

from __future__ import annotations

from collections.abc import Iterator

from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.people import SLIP, Mention, Person, may_be

_ENOUGH = 2
"""People who fit a mention: with a second it is not clear who is meant, and nobody else need be looked at."""

_Key = tuple[str, str]


def slips(name: str) -> Iterator[str]:
    """Yield keys of which two names share one whenever they are one letter apart.

    The name itself and the name less each of its letters: a letter changed, put in, left out or swapped with
    its neighbour leaves one of them alike.
    """
    yield name
    if len(name) >= SLIP:
        yield from {name[:i] + name[i + 1 :] for i in range(1, len(name))}


class NearNames:
    """Names, found by any word that is one letter from them."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def add(self, name: str) -> None:
        """Take up a name in lower case."""
        for key in slips(name):
            self._names.setdefault(key, set()).add(name)

    def near(self, word: str) -> set[str]:
        """Return names that may be one letter from a word; others are not."""
        return {name for key in slips(word) for name in self._names.get(key, ())}


class PeopleIndex:
    """The people of a case, found by how they are named; gives what asking each in turn would give.

    Parameters
    ----------
    people
        In the order in which they were met. The list grows by :meth:`add` alone.
    lexicon
        Says which nicknames stand for which names.
    """

    def __init__(self, people: list[Person], lexicon: Lexicon) -> None:
        self._people = people
        self._lexicon = lexicon
        self._by_form: dict[str, int] = {}
        self._by_key: dict[_Key, list[int]] = {}
        self._kept: list[set[_Key]] = []
        for at in range(len(people)):
            self._kept.append(set())
            self._enter(at)

    def add(self, person: Person) -> int:
        """Take up somebody new and return their place."""
        self._people.append(person)
        self._kept.append(set())
        self._enter(len(self._people) - 1)
        return len(self._people) - 1

    def take(self, at: int, mention: Mention, words: str) -> None:
        """Tell somebody's entry what a mention says."""
        self._people[at].take(mention, words)
        self._enter(at)

    def who(self, mention: Mention) -> int | None:
        """Return the place of the one person a mention fits; None where none does, or several."""
        exact = self._by_form.get(mention.whole)
        if exact is not None:
            return exact
        fitting: list[int] = []
        seen: set[int] = set()
        for key in self._asked(mention):
            for at in self._by_key.get(key, ()):
                if at not in seen and may_be(mention, self._people[at], self._lexicon):
                    fitting.append(at)
                if len(fitting) == _ENOUGH:
                    return None
                seen.add(at)
        return fitting[0] if fitting else None

    def _enter(self, at: int) -> None:
        person = self._people[at]
        for form in person.forms:
            low = form.casefold()
            self._by_form[low] = min(at, self._by_form.get(low, at))
        for key in self._keys(person) - self._kept[at]:
            self._kept[at].add(key)
            self._by_key.setdefault(key, []).append(at)

    def _keys(self, person: Person) -> set[_Key]:
        keys: set[_Key] = set()
        for name in person.given | person.surnames:
            keys |= {("name", key) for key in slips(name)} | {("name", f"{name}s")}
            keys |= {("name", part) for part in name.split("-")}
        for name in person.given:
            keys |= {("given", full) for full in {name} | self._nicknames(name)}
            keys.add(("initial", name[0]))
            keys |= {("letters", name[0] + last[0]) for last in person.surnames}
        keys |= {("surname initial", name[0]) for name in person.surnames}
        if any(len(name) == 1 for name in person.given):
            keys |= {("short", name[0]) for name in person.given}
        return keys

    def _asked(self, mention: Mention) -> Iterator[_Key]:
        """Yield keys under which everybody stands whom a mention may fit."""
        if mention.letters:
            first, last = mention.letters[0], mention.letters[-1]
            if len(mention.letters) > 1:
                yield "letters", first + last
            else:
                yield "surname initial" if mention.surname else "initial", first
            return
        if mention.surname or mention.alone:
            yield from (("name", key) for key in slips(mention.surname or mention.alone or ""))
        given = mention.given or mention.alone
        if given and (mention.alone or mention.surname):
            yield from (("given", full) for full in {given} | self._nicknames(given))
            yield from (("name", key) for key in slips(given))
            yield "short", given[0]
            if len(given) == 1:
                yield "initial", given[0]

    def _nicknames(self, name: str) -> frozenset[str]:
        return self._lexicon.nicknames.get(name, frozenset())
