"""What every Office Open XML package has: relationships between its parts, and properties."""

from __future__ import annotations

import posixpath
from typing import Final

from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.clean import one_line

_PROPERTIES: Final = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}


def relations(archive: Archive, part: str) -> list[tuple[str, str, str]]:
    """Return (id, type, target) of a part's relationships; links out of the package are not followed."""
    folder, base = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{base}.rels")
    if rels not in archive:
        return []
    found = []
    for entry in archive.xml(rels):
        target = entry.get("Target")
        if target and entry.get("TargetMode") != "External":
            absolute = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found.append((entry.get("Id") or "", entry.get("Type") or "", posixpath.normpath(absolute)))
    return found


def relations_by_id(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return relationship id to (type, target) of a part."""
    return {name: (kind, target) for name, kind, target in relations(archive, part)}


def properties(archive: Archive) -> tuple[tuple[str, str], ...]:
    """Return title, author and dates, where stated."""
    if "docProps/core.xml" not in archive:
        return ()
    found = []
    for element in archive.xml("docProps/core.xml"):
        local = str(element.tag).rpartition("}")[2]
        value = one_line(element.text or "")
        if local in _PROPERTIES and value:
            found.append((_PROPERTIES[local], value))
    return tuple(found)
