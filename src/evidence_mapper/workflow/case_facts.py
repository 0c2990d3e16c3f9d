"""What a case's documents state of it in their first lines: name, age, team, services, consent, complaint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from evidence_mapper.domain.case import FACTS, Fact, Said
from evidence_mapper.workflow.case_entries import HEAD

_AFTER: Final = r"(?:\s*:\s*|\t+|\s{2,})(?P<value>\S.*)"
_LABELS: Final = {
    "person": re.compile(rf"(?:person|name|service user|client|adult){_AFTER}", re.IGNORECASE),
    "age": re.compile(r"age(?:\s*:\s*|\t+|\s{2,})(?P<value>\d{1,3})\b.*", re.IGNORECASE),
    "team": re.compile(rf"team{_AFTER}", re.IGNORECASE),
    "services": re.compile(rf"(?:services?(?: in place| received)?|support in place){_AFTER}", re.IGNORECASE),
    "consent": re.compile(
        r"(?=[^:]*\b(?:consents?|agrees|agreed|agreement|permission)\b)"
        r"(?=[^:]*\b(?:case tracking|learning|audits?|quality|record being used)\b)[^:]+:\s*(?P<value>\S.*)",
        re.IGNORECASE,
    ),
    "complaint": re.compile(r"(?:open |current )?complaints?(?: open)?\s*:\s*(?P<value>\S.*)", re.IGNORECASE),
}
_MEANS: Final = {
    "consent": (
        (
            "unknown",
            re.compile(r"\b(?:not (?:asked|recorded|noted|known|yet)|unknown|unclear)\b", re.IGNORECASE),
        ),
        ("no", re.compile(r"\b(?:no|refused|declined|withdrawn|does not|not given)\b", re.IGNORECASE)),
        ("yes", re.compile(r"\b(?:yes|given|agreed|agrees|noted)\b", re.IGNORECASE)),
    ),
    "complaint": (
        ("unknown", re.compile(r"\b(?:not (?:asked|recorded|known)|unknown|unclear)\b", re.IGNORECASE)),
        ("none", re.compile(r"\b(?:none|no|nil|closed|resolved)\b", re.IGNORECASE)),
        ("open", re.compile(r"\b(?:yes|open|awaited|not yet answered)\b", re.IGNORECASE)),
    ),
}
_JOINED: Final = re.compile(
    r"(?<=\S) +(?=(?:(?:Open c|Current c|C)omplaint|Person|Age|Record|Team|Services|Worker|Date|Agrees to|"
    r"Consent)\b[^:\n.!?]{0,70}:\s)"
)
"""Where the next label begins when a reader took a long line and the one below it for one paragraph."""
_LONG: Final = 160


def read_facts(documents: Iterable[tuple[str, str]], said: Mapping[str, Said]) -> dict[str, Fact]:
    """Return what is known of a case, by the names of FACTS: what a person said goes before what is read.

    Parameters
    ----------
    documents
        (name, text) of the case's documents, in order.
    said
        What people said of the case.

    Returns
    -------
    dict
        One Fact for each name; without values where nothing is stated, or where documents contradict each
        other on consent or complaint.
    """
    stated: dict[str, list[Fact]] = {name: [] for name in FACTS}
    for document, text in documents:
        for name, fact in _stated(document, text):
            stated[name].append(fact)
    return {name: _of(name, stated[name], said.get(name)) for name in FACTS}


def _stated(document: str, text: str) -> Iterator[tuple[str, Fact]]:
    lines = (line.strip() for line in _JOINED.sub("\n", text).split("\n"))
    for line in [line for line in lines if line][:HEAD]:
        if len(line) > _LONG:
            continue
        for name, pattern in _LABELS.items():
            found = pattern.fullmatch(line)
            if found:
                values = _values(name, found["value"].strip())
                if values:
                    yield name, Fact(values, document=document, quote=line)
                break


def _values(name: str, value: str) -> tuple[str, ...]:
    if name == "services":
        return tuple(part.strip() for part in re.split(r"[,;]", value) if part.strip())
    if name in _MEANS:
        return next(((meaning,) for meaning, words in _MEANS[name] if words.search(value)), ())
    return (value,)


def _of(name: str, stated: list[Fact], said: Said | None) -> Fact:
    if said is not None:
        return Fact(said.values, said_by=said.coder)
    if not stated:
        return Fact()
    if name in _MEANS and len({fact.values for fact in stated}) > 1:
        return Fact(differs=True, document=stated[0].document, quote=stated[0].quote)
    return stated[0]
