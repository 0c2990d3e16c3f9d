"""Personal identifiers: finding them offline, and putting pseudonyms in their place."""

from evidence_mapper.redact.base import DIRECT, Found, Kind
from evidence_mapper.redact.finder import Finder, load_finder
from evidence_mapper.redact.mapping import Redacted, Replacement, redacted
from evidence_mapper.redact.pseudonyms import Pseudonyms

__all__ = [
    "DIRECT",
    "Finder",
    "Found",
    "Kind",
    "Pseudonyms",
    "Redacted",
    "Replacement",
    "load_finder",
    "redacted",
]
