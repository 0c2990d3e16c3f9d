"""Parts of a DOCX package and how they are found."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from lxml import etree

from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.clean import one_line

_MAIN: Final = "/officeDocument"
_PROPERTIES: Final = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}


class Package:
    """Follows relationships from the package to its main part and from there to the others."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        root = self._relations("")
        self.main = next((target for kind, target in root if kind.endswith(_MAIN)), "word/document.xml")
        self._parts = self._relations(self.main)

    def parts(self, kind: str) -> Iterator[str]:
        """Yield names of parts whose relationship type ends in ``/kind`` and that are in the package."""
        for relation, target in self._parts:
            if relation.endswith(f"/{kind}") and target in self.archive:
                yield target

    def root(self, kind: str) -> etree._Element | None:
        """Return the root element of the first part of a kind; None when there is none."""
        part = next(self.parts(kind), None)
        return None if part is None else self.archive.xml(part)

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return title, author and dates, where stated."""
        if "docProps/core.xml" not in self.archive:
            return ()
        found = []
        for element in self.archive.xml("docProps/core.xml"):
            local = str(element.tag).rpartition("}")[2]
            value = one_line(element.text or "")
            if local in _PROPERTIES and value:
                found.append((_PROPERTIES[local], value))
        return tuple(found)

    def _relations(self, part: str) -> list[tuple[str, str]]:
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.archive:
            return []
        found = []
        for relation in self.archive.xml(rels):
            target = relation.get("Target")
            if target and relation.get("TargetMode") != "External":
                absolute = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                found.append((relation.get("Type") or "", posixpath.normpath(absolute)))
        return found
