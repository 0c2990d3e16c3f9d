"""Parts of a presentation and how they are found."""

from __future__ import annotations

from collections.abc import Iterator

from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.ooxml import properties, relations_by_id
from evidence_mapper.extract.pptx.names import PPT, Element, relation


class Package:
    """Follows relationships from part to part."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        root = self.relations("").values()
        self.main = next((t for kind, t in root if kind.endswith("/officeDocument")), "ppt/presentation.xml")
        self._roots: dict[str, Element] = {}

    def slides(self) -> Iterator[str]:
        """Yield the names of the slides' parts in the order of the show."""
        parts = self.relations(self.main)
        listed = PPT.child(self.archive.xml(self.main), "p:sldIdLst")
        for entry in PPT.children(listed, "p:sldId"):
            kind, part = parts.get(relation(entry) or "", ("", ""))
            if kind.endswith("/slide") and part in self.archive:
                yield part

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that a part refers to by a relationship type ending in ``/kind``."""
        found = (t for k, t in self.relations(part).values() if k.rpartition("/")[2] == kind)
        return [target for target in found if target in self.archive]

    def target(self, part: str, relation_id: str | None) -> str | None:
        """Return the part a relationship id leads to; None when it leads to none in the package."""
        target = self.relations(part).get(relation_id or "", ("", ""))[1]
        return target if target in self.archive else None

    def shared(self, part: str) -> Element:
        """Return the root element of a part that many slides refer to: a layout, a master."""
        if part not in self._roots:
            self._roots[part] = self.archive.xml(part)
        return self._roots[part]

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return title, author and dates, where stated."""
        return properties(self.archive)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return relationship id to (type, part) of a part; links out of the package are not followed."""
        return relations_by_id(self.archive, part)
