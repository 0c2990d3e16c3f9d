"""Parts of a DOCX package and how they are found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.ooxml import properties, relations

_MAIN: Final = "/officeDocument"


class Package:
    """Follows relationships from the package to its main part and from there to the others."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        root = relations(archive, "")
        self.main = next((target for _, kind, target in root if kind.endswith(_MAIN)), "word/document.xml")
        self._parts = relations(archive, self.main)

    def parts(self, kind: str) -> Iterator[str]:
        """Yield names of parts whose relationship type ends in ``/kind`` and that are in the package."""
        for _, relation, target in self._parts:
            if relation.endswith(f"/{kind}") and target in self.archive:
                yield target

    def root(self, kind: str) -> etree._Element | None:
        """Return the root element of the first part of a kind; None when there is none."""
        part = next(self.parts(kind), None)
        return None if part is None else self.archive.xml(part)

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return title, author and dates, where stated."""
        return properties(self.archive)
