"""The shipped word lists and name model: where they lie, and that they are what was built."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.errors import ModelNotFound, UntrustedArtefact

MANIFEST: Final = "names.json"
MODELS: Final = ("ner-1.bin", "ner-2.bin")
"""Two models from two seeds: what either finds is taken."""
LEXICON: Final = "names.txt"
SHORT: Final = "short_forms.txt"
NEVER: Final = "never_names.txt"
WORDS: Final = "words.txt"
FILES: Final = (LEXICON, SHORT, NEVER, WORDS, *MODELS)
_REBUILD: Final = "rebuild it with `python scripts/build_names.py`, or reinstall evidence-mapper"


@dataclass(frozen=True)
class Lexicon:
    """Words in lower case."""

    given: frozenset[str]
    surnames: frozenset[str]
    words: frozenset[str]
    """Ordinary words of council papers, some of which are names too."""
    never: frozenset[str]
    """What is written with a capital and is no person's name."""
    nicknames: Mapping[str, frozenset[str]]
    """Short form to the full names it may stand for."""

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Every given name and surname."""
        return self.given | self.surnames


def names_folder() -> Path:
    """Return the folder of the shipped lists and model.

    Raises
    ------
    ModelNotFound
        The installation has none.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_models" / "names", package.parents[1] / "models" / "names"):
        if folder.is_dir():
            return folder
    raise ModelNotFound(f"no name lists beside {package}; reinstall evidence-mapper from its wheel")


def checked(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, every file's hash checked.

    Raises
    ------
    ModelNotFound
        The folder holds no manifest.
    UntrustedArtefact
        A file is missing or differs from its hash, or the manifest is not one.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelNotFound(f"no {MANIFEST} in {folder}; {_REBUILD}")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for name in FILES:
            if sha256_file(folder / name) != manifest["files"][name]:
                raise UntrustedArtefact(f"{folder / name} does not match its hash in {path}; {_REBUILD}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UntrustedArtefact(f"{path} is not what was built: {error!r}; {_REBUILD}") from error
    return manifest


def sections(path: Path) -> dict[str, list[str]]:
    """Return the names of a lexicon file under its headings, such as ``polish given``."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            heading = line[3:].strip()
        elif line and not line.startswith("#"):
            found.setdefault(heading, []).extend(line.split())
    return found


@functools.cache
def load_lexicon(folder: Path) -> Lexicon:
    """Read the word lists of a folder, whose hashes the caller has checked."""
    given: set[str] = set()
    surnames: set[str] = set()
    for heading, names in sections(folder / LEXICON).items():
        (given if heading.endswith("given") else surnames).update(n.casefold() for n in names)
    # A hyphenated or prefixed surname is looked up by its parts as well.
    surnames |= {part for n in surnames for part in n.split("-") if len(part) > 3}
    short: dict[str, frozenset[str]] = {}
    for line in _lines(folder / SHORT):
        first, *rest = line.split()
        short[first] = short.get(first, frozenset()) | frozenset(rest)
    given |= short.keys()
    words = frozenset(w for line in _lines(folder / WORDS) for w in line.split())
    never = frozenset(w for line in _lines(folder / NEVER) for w in line.casefold().split())
    return Lexicon(frozenset(given), frozenset(surnames), words, never, short)


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
