"""The small name model: spaCy's transition-based recogniser over a few hashed features and the lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact import cues
from evidence_mapper.redact.artefact import MODELS, Lexicon
from evidence_mapper.redact.base import Found, Kind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_PIECE: Final = 4000
"""Characters read at once, cut at a line break: keeps memory flat on long records."""


def settings(width: int, rows: int, depth: int) -> dict[str, Any]:
    """Return the recogniser's configuration: form, ends, shape, list membership, then convolutions."""
    return {
        "moves": None,
        "update_with_oracle_cut_size": 100,
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": "ner",
            "extra_state_tokens": False,
            "hidden_width": 48,
            "maxout_pieces": 2,
            "use_upper": True,
            "tok2vec": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": {
                    "@architectures": "spacy.MultiHashEmbed.v2",
                    "width": width,
                    "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "TAG"],
                    "rows": [rows, rows // 2, rows // 2, rows // 4, 64],
                    "include_static_vectors": False,
                },
                "encode": {
                    "@architectures": "spacy.MaxoutWindowEncoder.v2",
                    "width": width,
                    "depth": depth,
                    "window_size": 1,
                    "maxout_pieces": 3,
                },
            },
        },
    }


def membership(text: str, lexicon: Lexicon) -> str:
    """Return what the lists say of a token, in one word: a feature of the model."""
    low = text.casefold().replace("’", "'")
    if not any(c.isalpha() for c in low):
        return "mark"
    for name, words in (
        ("title", cues.TITLES),
        ("kin", cues.KIN),
        ("job", cues.STAFF),
        ("never", lexicon.never),
    ):
        if low in words:
            return name
    parts = low.split("-")
    given, surname = low in lexicon.given, any(p in lexicon.surnames for p in parts)
    what = "both" if given and surname else "given" if given else "surname" if surname else "no"
    return f"{what}.{'word' if low in lexicon.words else 'new'}"


def tag(doc: Doc, lexicon: Lexicon) -> Doc:
    """Set the lists' feature on every token and return the document."""
    for token in doc:
        token.tag_ = membership(token.text, lexicon)
    return doc


class NameModel:
    """The trained recogniser."""

    def __init__(self, folder: Path, lexicon: Lexicon, spec: dict[str, Any]) -> None:
        self._folder = folder
        self._lexicon = lexicon
        self._spec = spec
        self._languages: list[Language] = []

    def find(self, text: str) -> Iterator[Found]:
        """Yield people, addresses and places that either model finds; they may overlap."""
        self._languages = self._languages or [self._load(name) for name in MODELS]
        for offset, piece in _pieces(text):
            for language in self._languages:
                doc = language.get_pipe("ner")(tag(language.make_doc(piece), self._lexicon))
                for entity in doc.ents:
                    span = Span(offset + entity.start_char, offset + entity.end_char)
                    yield Found(span, Kind(entity.label_))

    def _load(self, name: str) -> Language:
        # Loaded at the first text: importing spaCy costs most of a second.
        import spacy

        language = spacy.blank("en")
        recogniser = language.add_pipe("ner", config=settings(**self._spec))
        recogniser.from_bytes((self._folder / name).read_bytes(), exclude=["vocab"])
        return language


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > _PIECE:
            cut = max(text.rfind("\n", start, start + _PIECE), text.rfind(". ", start, start + _PIECE) + 1)
            end = cut if cut > start else start + _PIECE
        yield start, text[start:end]
        start = end


def spec_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the sizes a manifest names."""
    found: dict[str, Any] = json.loads(json.dumps(manifest["spec"]["model"]))
    return found
