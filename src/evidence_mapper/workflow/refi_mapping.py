"""Which of our codes a code of another tool is: proposed by GUID and name, settled by a person."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.exchange import CodeKind, OurCode, QdaCode, QdaProject
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store

MAPPING: Final = "refi_mapping"
"""Key of the part of an entry's payload that keeps what a person settled."""
_ALIKE: Final = 0.75
"""Least likeness of two names, in [0, 1], from which one is proposed for the other."""
_WORD: Final = re.compile(r"[^\W_]+")
_POLARITY: Final = {
    "positive": "strength",
    "negative": "concern",
    "strengths": "strength",
    "concerns": "concern",
}


class How(StrEnum):
    """How a proposal came about."""

    GUID = "same GUID"
    """It is our own code, back from another tool."""
    BEFORE = "confirmed before"
    EXACT = "exact name"
    NORMALISED = "name apart from case and punctuation"
    SIMILAR = "similar name"
    SEVERAL = "several of ours have this name"
    NONE = "no name like it"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One code of the other tool, and which of ours it may be."""

    code: QdaCode
    above: tuple[str, ...]
    """Names of the codes above it, outermost first."""
    codings: int
    """How often it is used."""
    ours: tuple[OurCode, ...]
    how: How
    likeness: float = 1.0
    """Of the names, in [0, 1]."""


def propose(
    framework: Framework, project: QdaProject, earlier: Mapping[str, tuple[OurCode, ...]]
) -> list[Proposal]:
    """Return a proposal for each code that is used; of a codebook, for each that may be.

    Parameters
    ----------
    framework
        The project's framework.
    project
        What was read.
    earlier
        What a person settled in an earlier import, by GUID; empty means left out on purpose.
    """
    from evidence_mapper.export.refi_codes import our_codes

    used: dict[str, int] = defaultdict(int)
    coded = [selection.codings for source in project.sources for selection in source.selections]
    coded += [area.codings for pdf in project.pdfs for area in pdf.areas]
    for codings in coded:
        for coding in codings:
            used[coding.code] += 1
    own, names = our_codes(framework), _Names(framework)
    return [
        _proposal((code, above, used[code.guid]), own, earlier, names)
        for code, above in project.every_code()
        if used.get(code.guid) or (not coded and not project.sources and code.codable)
    ]


def _proposal(
    found: tuple[QdaCode, tuple[str, ...], int],
    own: Mapping[str, OurCode],
    earlier: Mapping[str, tuple[OurCode, ...]],
    names: _Names,
) -> Proposal:
    code, above, codings = found
    if code.guid in own:
        return Proposal(code, above, codings, (own[code.guid],), How.GUID)
    if code.guid in earlier:
        return Proposal(code, above, codings, earlier[code.guid], How.BEFORE)
    ours, how, likeness = names.find(code.name)
    return Proposal(code, above, codings, ours, how, likeness)


class _Names:
    """Names of our codes, to look others' up in."""

    def __init__(self, framework: Framework) -> None:
        from evidence_mapper.export.refi_codes import code_names

        pairs = [(name, code) for code, name in code_names(framework).items()]
        pairs += [(t.definition, OurCode(CodeKind.TOPIC, t.id)) for t in framework.topics]
        pairs += [(i.wording.text, OurCode(CodeKind.I_STATEMENT, i.id)) for i in framework.i_statements]
        pairs += [(code.id, code) for _, code in pairs]
        pairs += [(word, OurCode(CodeKind.POLARITY, polarity)) for word, polarity in _POLARITY.items()]
        self._exact: dict[str, set[OurCode]] = defaultdict(set)
        self._plain: dict[str, set[OurCode]] = defaultdict(set)
        for name, code in pairs:
            self._exact[name.strip()].add(code)
            self._plain[plain_name(name)].add(code)

    def find(self, name: str) -> tuple[tuple[OurCode, ...], How, float]:
        for table, key, how in (
            (self._exact, name.strip(), How.EXACT),
            (self._plain, plain_name(name), How.NORMALISED),
        ):
            if len(table.get(key, ())) == 1:
                return tuple(table[key]), how, 1.0
            if table.get(key):
                return (), How.SEVERAL, 1.0
        close = difflib.get_close_matches(plain_name(name), self._plain, n=1, cutoff=_ALIKE)
        if not close or len(self._plain[close[0]]) != 1:
            return (), How.NONE, 0.0
        likeness = difflib.SequenceMatcher(None, plain_name(name), close[0]).ratio()
        return tuple(self._plain[close[0]]), How.SIMILAR, likeness


def plain_name(name: str) -> str:
    """Return a name in lower case, its words with one space between, ``&`` as ``and``."""
    words = _WORD.findall(name.replace("&", " and ").replace("’", "'").replace("'", "").casefold())
    return " ".join(words)


def parse_ours(framework: Framework, text: str, where: str) -> tuple[OurCode, ...]:
    """Return the codes that a person wrote, separated by semicolons; the kind may be left out.

    Raises
    ------
    UsageError
        There is no such code, or several; ``where`` says in which line.
    """
    from evidence_mapper.export.refi_codes import our_codes

    known = list(our_codes(framework).values())
    found = []
    for piece in filter(None, (p.strip() for p in text.split(";"))):
        matches = [code for code in known if piece in (str(code), code.id)]
        if len(matches) != 1:
            close = difflib.get_close_matches(piece, [str(code) for code in known], n=3, cutoff=0.4)
            what = "stands for several of our codes" if matches else "is none of our codes"
            likely = ", ".join(map(str, matches)) or ", ".join(close) or ", ".join(map(str, known[:5]))
            raise UsageError(
                f"{where}: '{piece}' {what}; perhaps {likely}. Nothing was imported. All codes with "
                "their names: evidence-mapper framework show"
            )
        found += matches
    return tuple(dict.fromkeys(found))


def settled_before(store: Store) -> dict[str, tuple[OurCode, ...]]:
    """Return what a person settled in earlier imports, by the other tool's GUID; the latest word counts."""
    found: dict[str, tuple[OurCode, ...]] = {}
    for event in store.entries([EventAction.RELEASED]):
        for guid, said in event.payload.get(MAPPING, {}).items():
            pairs = (str(each).partition(":") for each in said["ours"])
            found[str(guid)] = tuple(OurCode(CodeKind(kind), code) for kind, _, code in pairs)
    return found


def mapping_payload(settled: Mapping[str, tuple[OurCode, ...]], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the part of an entry's payload that :func:`settled_before` reads."""
    return {
        MAPPING: {
            guid: {"name": names.get(guid, ""), "ours": [str(code) for code in ours]}
            for guid, ours in sorted(settled.items())
        }
    }
