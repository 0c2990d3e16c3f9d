"""A thread of messages gives each thing said once, however often it was quoted or copied."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Final

from evidence_mapper.domain.document import Block, Exclusion, ExclusionReason, ExtractedDocument

QUOTED: Final = "quoted reply"
"""``part`` of the location of words that a message repeats from an earlier one."""
MAIL: Final = frozenset({"message/rfc822", "application/vnd.ms-outlook"})
"""Media types of messages."""
SENTENCES: Final = "sentences"
"""Fact that keeps a message's sentences as short hashes, to know them again in a quotation."""
MESSAGE_ID: Final = "message_id"

_KEY: Final = 10
_END: Final = re.compile(r"(?<=[.?!])\s+|\n+")


def has_quotes(document: ExtractedDocument) -> bool:
    """Return whether a message repeats an earlier one."""
    return any(block.location.part == QUOTED for block in document.blocks)


def sentence_keys(blocks: Iterable[Block]) -> list[str]:
    """Return a short hash for each different sentence, in order; line breaks and marks do not count."""
    found: dict[str, None] = {}
    for block in blocks:
        for sentence in _END.split(block.text):
            words = " ".join(re.findall(r"\w+", sentence.casefold()))
            if words:
                found[hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY]] = None
    return list(found)


def sent_at(document: ExtractedDocument) -> str:
    """Return when a message was sent, so that sorting gives the oldest first; "" when it does not say."""
    written = dict(document.metadata).get("created", "")
    try:
        moment = parsedate_to_datetime(written)
    except (TypeError, ValueError, IndexError):
        return ""
    return f"{moment.timestamp():020.0f}" if moment.year > 1970 else ""


@dataclass
class Threads:
    """What the messages of a project say, built from the facts of those read before."""

    known: set[str] = field(default_factory=set)
    by_id: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """Message-ID to (name of the document, its sentences)."""

    @classmethod
    def of(cls, facts: Mapping[str, Mapping[str, str]]) -> Threads:
        """Return the threads of documents already in the project, by name."""
        threads = cls()
        for name, kept in facts.items():
            if SENTENCES in kept:
                threads.add(name, kept.get(MESSAGE_ID), kept[SENTENCES].split())
        return threads

    def add(self, name: str, message_id: str | None, keys: Iterable[str]) -> None:
        """Take in what a message says."""
        said = frozenset(keys)
        self.known |= said
        if message_id:
            self.by_id.setdefault(message_id, (name, said))

    def copy_of(self, document: ExtractedDocument) -> str | None:
        """Return the name of the document that is the same message, saved by another person."""
        message_id = dict(document.metadata).get(MESSAGE_ID)
        name, said = self.by_id.get(message_id or "", (None, frozenset[str]()))
        own = sentence_keys(b for b in document.blocks if b.location.part != QUOTED)
        return name if name and own and said.issuperset(own) else None

    def without_known_quotes(self, document: ExtractedDocument) -> ExtractedDocument:
        """Return a message without the quoted words that another message of the project holds.

        What is left out is kept as exclusions. Quoted words found nowhere else stay: the message they
        come from may never be added.
        """
        kept: list[Block] = []
        left_out: list[Exclusion] = []
        for block in document.blocks:
            keys = sentence_keys([block]) if block.location.part == QUOTED else []
            if keys and self.known.issuperset(keys):
                left_out.append(Exclusion(block.text, ExclusionReason.QUOTED, block.location))
            else:
                kept.append(block)
        return replace(document, blocks=tuple(kept), exclusions=(*document.exclusions, *left_out))
