"""Short names for OpenDocument elements."""

from __future__ import annotations

from typing import Final

from evidence_mapper.extract.vocabulary import Element, Vocabulary

__all__ = ["ODF", "Element"]

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns:"

ODF: Final = Vocabulary(
    {
        f"{_OASIS}office:1.0": "office",
        f"{_OASIS}text:1.0": "text",
        f"{_OASIS}table:1.0": "table",
        f"{_OASIS}drawing:1.0": "draw",
        f"{_OASIS}presentation:1.0": "presentation",
        f"{_OASIS}style:1.0": "style",
        f"{_OASIS}xsl-fo-compatible:1.0": "fo",
        f"{_OASIS}svg-compatible:1.0": "svg",
        f"{_OASIS}meta:1.0": "meta",
        "http://purl.org/dc/elements/1.1/": "dc",
    }
)
