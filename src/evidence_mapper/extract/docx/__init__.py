"""Word documents, read part by part with lxml.

Tracked insertions are text and tracked deletions are not; text boxes, content controls, footnotes
and reviewers' comments are read; running heads, tables of contents and hidden text are kept apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import ExclusionReason, ExtractedDocument, SourceLocation
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.docx.body import Findings, Walker
from evidence_mapper.extract.docx.names import child
from evidence_mapper.extract.docx.notes import add_notes
from evidence_mapper.extract.docx.package import Package
from evidence_mapper.extract.docx.styles import Styles
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.sniff import DOCX
from evidence_mapper.extract.transcript import as_turns

_UNREAD: Final = {
    "pictures": "{n} pictures were not read: text inside them is not searched",
    "imported": "{n} imported files inside the document were not read",
}


class DocxExtractor:
    """Reader of Word .docx files, transitional and strict."""

    name = "docx/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        with Archive(path, limits) as archive:
            package = Package(archive)
            out, findings = BlockList(), Findings()
            body = child(archive.xml(package.main), "w:body")
            if body is None:
                raise archive.damaged("the document has no body")
            styles = Styles(package.root("styles"), package.root("numbering"))
            walker = Walker(styles, out, findings)
            walker.walk(body)
            walker.flush()
            turns = as_turns(out.blocks)
            out.blocks = out.blocks if turns is None else turns
            add_notes(package, styles, out, findings)
            _add_furniture(package, styles, findings)
            return ExtractedDocument(
                media_type=DOCX,
                extractor=self.name,
                blocks=tuple(out.blocks),
                exclusions=tuple(findings.exclusions),
                warnings=_warnings(findings),
                metadata=package.metadata(),
            )


def _add_furniture(package: Package, styles: Styles, findings: Findings) -> None:
    seen = set()
    for kind in ("header", "footer"):
        for part in package.parts(kind):
            walker = Walker(styles, BlockList(), findings)
            text = "".join(walker.all_text(package.archive.xml(part)))
            if text not in seen:
                seen.add(text)
                findings.exclude([text], ExclusionReason.FURNITURE, SourceLocation(part=kind))


def _warnings(findings: Findings) -> tuple[str, ...]:
    return tuple(text.format(n=findings.counts[key]) for key, text in _UNREAD.items() if findings.counts[key])
