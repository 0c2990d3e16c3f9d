"""Fills the frames in corpora/notes/frames with invented people, addresses and places, for training."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final


def _list(words: str) -> list[str]:
    return words.split()


SLOT: Final = re.compile(r"\{(SF|IS|AS|[FNTSIALntlaC])(\d)\}")
_LABEL: Final = re.compile(r"^(?:[A-Z][\w '-]{0,34}|\{[A-Z]+\d\}|Speaker \d|Bed \d):|^\d\. ")
_STREETS: Final = _list(
    "Road Street Lane Avenue Close Drive Crescent Terrace Gardens Grove Court Way Place Hill Walk "
    "Mews Rise View Row Square"
)
_SHORT: Final = {
    "Road": "Rd",
    "Street": "St",
    "Avenue": "Ave",
    "Close": "Cl",
    "Crescent": "Cres",
    "Gardens": "Gdns",
    "Terrace": "Terr",
}
_BASES: Final = _list(
    "Ashfield Birch Station Church Victoria Albert Queens Kings Manor Mill Park Elm Oak Cedar Maple "
    "Willow Beech Hazel Holly Rowan Chestnut Orchard Meadow Moor Fell Dale Brook River Canal Bridge "
    "Hill Green West North South East High Low Upper Lower Long Short Old New Market Castle Abbey "
    "Priory Chapel School College George Wellington Nelson Gladstone Palmerston Milton Byron Keats "
    "Shelley Wordsworth Burns Scott Dickens Hardy Windsor Balmoral Sandringham York Lancaster Warwick "
    "Durham Lincoln Carlisle Stanley Clarence Grosvenor Cavendish Devonshire Rutland Bedford Russell "
    "Tulip Poppy Bluebell Primrose Heather Lavender Jasmine Rose Fern Ivy Thorn Bramble Hawthorn "
    "Larch Pine Fir Spring Summer Quarry Furnace Forge Foundry Weaver Tanner Cooper Saddler Fuller "
    "Swan Heron Kestrel Falcon Lark Robin Wren Plover Curlew Hartley Denby Skelton Thorpe Haxby "
    "Wetherby Marsden Langley Whitby Kirk Nether Over Great Little"
)
_TOWNS: Final = _list(
    "Marbridge Oldcastle Wensford Stanbrook Hexley Crowdale Netherby Saltmere Thornwick Penmouth "
    "Ashbourne Kelthorpe Dunmere Walbury Ferriby"
)
_PLACES: Final = _list(
    "Surgery Medical Centre Health Centre Practice Hospital General Hospital Infirmary Primary School "
    "School Academy High School College Nursery Care Home Nursing Home Residential Home House Lodge "
    "Court Grange Manor Day Centre Hospice Community Centre Homecare Care Home Care Church Mosque "
    "Gurdwara Temple Unit Ward Supported Living Extra Care Pharmacy Clinic"
)
_TITLES: Final = _list("Mr Mr Mrs Mrs Mrs Ms Miss Dr Mr Mrs Mx Rev Cllr Prof")
_ENGLISH: Final = 0.42
_SLOPPY: Final = 0.25
"""Share of notes typed carelessly, and in them of ordinary words with a slip."""
_SLIPS: Final = 0.12


@dataclass
class Person:
    given: str
    surname: str
    title: str


class Filler:
    """Draws fills; ``held_out`` are names, in lower case, that no fill may hold."""

    def __init__(self, lists: dict[str, list[str]], held_out: frozenset[str], seed: int) -> None:
        self.draw = random.Random(seed)
        self._given: dict[str, list[str]] = {}
        self._surnames: dict[str, list[str]] = {}
        for heading, names in lists.items():
            background, _, what = heading.rpartition(" ")
            kept = [n for n in names if n.casefold() not in held_out]
            (self._given if what == "given" else self._surnames)[background] = kept

    def fill(self, frame: str) -> tuple[str, list[tuple[int, int, str]]]:
        """Return the text and its entities as (start, end, label)."""
        people: dict[str, Person] = {}
        if self.draw.random() < _SLOPPY:
            frame = re.sub(r"(?<![\w{])[a-z]{4,}(?![\w}])", self._slip, frame)
        text, found, last = "", [], 0
        for match in SLOT.finditer(frame):
            text += frame[last : match.start()]
            words, label = self._words(match[1], match[2], people)
            found.append((len(text), len(text) + len(words), label))
            text += words
            last = match.end()
        text += frame[last:]
        return self._cased(text), found

    def _slip(self, match: re.Match[str]) -> str:
        return self._misspelt(match[0]) if self.draw.random() < _SLIPS else match[0]

    def _cased(self, text: str) -> str:
        chance = self.draw.random()
        cased = text.lower() if chance < 0.13 else text.upper() if chance < 0.17 else text
        return cased if len(cased) == len(text) else text

    def _words(self, slot: str, number: str, people: dict[str, Person]) -> tuple[str, str]:
        if slot.upper() in {"A", "AS"}:
            words = self._address(street_only=slot.upper() == "AS")
            return (words.lower() if slot == "a" else words), "ADDRESS"
        if slot.upper() == "L":
            return (self._place().lower() if slot == "l" else self._place()), "PLACE"
        person = people.setdefault(number, self._person())
        words = self._form(slot, person)
        return (words.lower() if slot in "nt" else words.upper() if slot == "C" else words), "PERSON"

    def _person(self) -> Person:
        draw = self.draw
        background = "english" if draw.random() < _ENGLISH else draw.choice(sorted(self._given))
        given = draw.choice(self._given[background])
        other = background if draw.random() < 0.88 else draw.choice(sorted(self._surnames))
        surname = draw.choice(self._surnames[other])
        if draw.random() < 0.22:
            surname = self._unheard()
        if draw.random() < 0.16:
            given = self._unheard()
        if draw.random() < 0.1:
            surname += draw.choice("- ") + draw.choice(self._surnames[draw.choice(sorted(self._surnames))])
        if draw.random() < 0.07:
            given = self._misspelt(given)
        return Person(given, surname, draw.choice(_TITLES))

    def _unheard(self) -> str:
        """Return a name nobody has: pieces of names put together, so that only its place tells."""
        draw = self.draw
        pool = self._surnames[draw.choice(sorted(self._surnames))]
        one, two = draw.choice(pool), draw.choice(self._given[draw.choice(sorted(self._given))])
        cut, other = draw.randint(2, max(2, len(one) - 2)), draw.randint(1, max(1, len(two) - 2))
        return (one[:cut] + two[other:].lower()).replace("-", "")

    def _misspelt(self, name: str) -> str:
        i = self.draw.randrange(1, max(2, len(name) - 1))
        way = self.draw.randrange(3)
        if way == 0:
            return name[:i] + name[i + 1 :]
        if way == 1:
            return name[:i] + name[i : i + 1] + name[i:]
        return name[:i] + name[i : i + 2][::-1] + name[i + 2 :]

    def _form(self, slot: str, person: Person) -> str:
        draw, given, surname, title = self.draw, person.given, person.surname, person.title
        initial = given[0]
        full = f"{given} {surname}"
        letters = f"{initial}{surname[0]}"
        middle = draw.choice(self._given["english"])
        forms = {
            "F": [full] * 6
            + [f"{title} {full}"] * 2
            + [f"{title} {surname}", f"{initial}. {surname}", f"{initial} {surname}"]
            + [f"{given} {middle} {surname}", f"{given} {surname[0]}"],
            "N": [given] * 12 + [f"{given} {surname[0]}"],
            "T": [f"{title} {surname}"] * 12
            + [f"{title} {surname[0]}", f"{title} {initial} {surname}", f"{title}. {surname}"]
            + [f"{title} {given}"],
            "S": [surname],
            "SF": [f"{given} {surname.upper()}", f"{surname}, {given}", full, f"{surname.upper()}, {given}"],
            "I": [letters, f"{initial}.{surname[0]}.", letters, letters if initial in "IA" else initial],
            "IS": [f"{initial}. {surname}", f"{initial} {surname}", f"{initial}.{surname}"],
            "C": [full, f"{title} {surname}", given, surname],
        }
        return draw.choice(forms[slot.upper() if slot in "nt" else slot])

    def _address(self, *, street_only: bool) -> str:
        draw = self.draw
        base = draw.choice(_BASES) + (f" {draw.choice(_BASES)}" if draw.random() < 0.15 else "")
        kind = draw.choice(_STREETS)
        street = f"{base} {_SHORT.get(kind, kind) if draw.random() < 0.25 else kind}"
        if street_only:
            return street
        whole = f"{draw.randint(1, 240)}{draw.choice(['', '', '', 'a', 'B'])} {street}"
        chance = draw.random()
        if chance < 0.2:
            whole = f"Flat {draw.randint(1, 60)}, {whole}"
        elif chance < 0.3:
            whole = (
                f"Flat {draw.randint(1, 60)}, {draw.choice(_BASES)} "
                f"{draw.choice(['House', 'Court', 'Tower', 'Point'])}"
            )
        elif chance < 0.38:
            whole = f"{draw.choice(_BASES)} Cottage, {street}"
        return whole + (f", {draw.choice(_TOWNS)}" if draw.random() < 0.3 else "")

    def _place(self) -> str:
        draw = self.draw
        kind = draw.choice(_PLACES)
        chance = draw.random()
        saint = f"St {draw.choice(self._given['english'])}'s" if chance < 0.12 else ""
        base = saint or draw.choice(_BASES) + (
            draw.choice(["", "", f" {draw.choice(_BASES)}", "field", "wood", "dale"])
        )
        return f"{'The ' if chance > 0.95 else ''}{base} {kind}".strip()


def frames(folder: Path) -> Iterator[str]:
    """Yield frames: one a line, the lines of a form or of talk together."""
    for path in sorted(folder.glob("*.txt")):
        held: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if held and not (_LABEL.match(line) and _LABEL.match(held[-1])):
                yield "\n".join(held)
                held = []
            held.append(line)
        yield "\n".join(held)
