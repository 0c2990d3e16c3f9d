"""Names of documents: short, and never the same for two files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

SOURCE_PATH = "source_path"
"""Key of the pair in a reading's metadata that keeps where the file was. It stays in the project."""


def apart(depths: Mapping[Path, int], is_taken: Callable[[str], bool] = lambda _: False) -> dict[Path, str]:
    """Return a name for each path: its last parts, with forward slashes.

    Names that are alike, or taken, get one more folder in front until they are not; where the whole
    path is taken, a number behind.

    Parameters
    ----------
    depths
        Absolute path to how many of its last parts the name has at least.
    is_taken
        Whether a name belongs to something else.
    """
    wanted = dict(depths)
    parts = {path: _parts(path) for path in wanted}
    while True:
        names = {path: "/".join(parts[path][-depth:]) for path, depth in wanted.items()}
        count = Counter(names.values())
        alike = [path for path, name in names.items() if count[name] > 1 or is_taken(name)]
        longer = [path for path in alike if wanted[path] < len(parts[path])]
        if not longer:
            return names | _numbered({path: names[path] for path in alike}, set(count), is_taken)
        for path in longer:
            wanted[path] += 1


def settled(names: Mapping[Path, str], places: Mapping[str, str]) -> dict[Path, str]:
    """Return the names files go by, given where the documents of the project came from.

    A file at a document's place is that document, whatever it would be called now. A name whose
    document came from another place, and that place's folder is still there, belongs to that document:
    the file gets a longer one. Where the folder is gone (the files or the project were moved), the
    file is taken for the document of its name.

    Parameters
    ----------
    names
        Absolute path to the name from :func:`apart`.
    places
        Name of a document to the absolute path its newest reading came from; documents without a
        known place are left out.
    """
    at_place = {place: name for name, place in places.items()}
    known = {path: at_place[str(path)] for path in names if str(path) in at_place}
    held = set(known.values())
    there: dict[str, bool] = {}

    def is_taken(name: str) -> bool:
        if name not in there:
            there[name] = name in held or (name in places and Path(places[name]).parent.is_dir())
        return there[name]

    fresh = {path: name.count("/") + 1 for path, name in names.items() if path not in known}
    return known | apart(fresh, is_taken)


def _parts(path: Path) -> list[str]:
    """Return the parts of a path, a drive or share without its punctuation."""
    anchor = path.anchor.replace("\\", "/").strip("/:")
    return [part for part in (anchor, *path.parts[1:]) if part]


def _numbered(
    names: Mapping[Path, str], used: Collection[str], is_taken: Callable[[str], bool]
) -> dict[Path, str]:
    given: dict[Path, str] = {}
    for path, name in names.items():
        number = 2
        while (longer := f"{name} ({number})") in used or longer in given.values() or is_taken(longer):
            number += 1
        given[path] = longer
    return given
