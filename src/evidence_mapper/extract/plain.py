"""Plain text and Markdown."""

from __future__ import annotations

from pathlib import Path

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.lines import TextReader
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sniff import MARKDOWN, TEXT
from evidence_mapper.extract.transcript import as_turns


class PlainExtractor:
    """Reader of plain text in any common encoding."""

    name = "text/2"
    media_type = TEXT
    markdown = False

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        decoded = decode(read_file(path, limits))
        out = BlockList()
        TextReader(out, markdown=self.markdown).read(decoded.text)
        turns = as_turns(out.blocks)
        return ExtractedDocument(
            media_type=self.media_type,
            extractor=self.name,
            blocks=tuple(out.blocks if turns is None else turns),
            warnings=decoded.warnings,
        )


class MarkdownExtractor(PlainExtractor):
    """Reader of Markdown."""

    name = "markdown/2"
    media_type = MARKDOWN
    markdown = True
