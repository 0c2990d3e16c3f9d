"""OpenDocument texts.

Tracked insertions are text and tracked deletions are not; text boxes, notes and comments are read;
running heads, tables of contents and hidden sections are kept apart.
"""

from __future__ import annotations

from pathlib import Path

from evidence_mapper.domain.document import ExclusionReason, ExtractedDocument, SourceLocation
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.odf.body import Findings, Walker
from evidence_mapper.extract.odf.names import ODF, Element
from evidence_mapper.extract.odf.notes import add_notes
from evidence_mapper.extract.odf.package import body, metadata, optional_xml, refuse_encrypted
from evidence_mapper.extract.odf.styles import Styles
from evidence_mapper.extract.sniff import ODT
from evidence_mapper.extract.transcript import as_turns


class OdtExtractor:
    """Reader of OpenDocument .odt texts."""

    name = "odt/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        with Archive(path, limits) as archive:
            refuse_encrypted(archive)
            content, shared = archive.xml("content.xml"), optional_xml(archive, "styles.xml")
            styles = Styles(content, shared)
            out, findings = BlockList(), Findings()
            walker = Walker(styles, out, findings)
            walker.walk(body(archive, content, "office:text"))
            walker.flush()
            turns = as_turns(out.blocks)
            out.blocks = out.blocks if turns is None else turns
            add_notes(findings, styles, out)
            for text in findings.deleted.values():
                findings.exclude(text, ExclusionReason.DELETED, SourceLocation())
            _add_furniture(shared, styles, findings)
            return ExtractedDocument(
                media_type=ODT,
                extractor=self.name,
                blocks=tuple(out.blocks),
                exclusions=tuple(findings.exclusions),
                warnings=tuple(warnings(findings)),
                metadata=metadata(archive),
            )


def warnings(findings: Findings) -> list[str]:
    """Return what a person should know that was not read."""
    found = []
    if findings.counts["pictures"]:
        found.append(
            f"{findings.counts['pictures']} pictures were not read: text inside them is not searched"
        )
    if findings.counts["sections"]:
        found.append(f"{findings.counts['sections']} hidden sections were left out")
    if findings.counts["uncopied"]:
        found.append("table cells that the file repeats very often were read only so many times")
    return found


def _add_furniture(shared: Element | None, styles: Styles, findings: Findings) -> None:
    seen = set()
    for element in ODF.all(ODF.child(shared, "office:master-styles"), "style:header", "style:footer"):
        text = Walker(styles, BlockList(), Findings()).all_text(element)
        if text not in seen:
            seen.add(text)
            place = SourceLocation(part=ODF.name(element).removeprefix("style:"))
            findings.exclude(text, ExclusionReason.FURNITURE, place)
