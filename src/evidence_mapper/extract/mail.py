"""E-mail messages saved as .eml."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import Block, ExtractedDocument
from evidence_mapper.errors import DamagedFile, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import one_line
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.html import read_html
from evidence_mapper.extract.lines import TextReader
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sniff import EML

_MAX_PARTS: Final = 1_000
_MAX_DEPTH: Final = 20
_MAX_HEADER: Final = 2_000
_HEADERS: Final = (("Subject", "title"), ("From", "author"), ("To", "to"), ("Date", "created"))


class MailExtractor:
    """Reader of one message: its plain text, or else its HTML; attachments are named and not read."""

    name = "eml/1"

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        message = _parse(path, limits)
        texts, pages, warnings = [], [], []
        for part in _parts(path.name, message):
            name = _file_name(part)
            if name is not None:
                warnings.append(f"attachment '{name}' not read: save it beside the message and add it")
            elif part.get_content_type() == "text/html":
                pages.append(part)
            elif part.get_content_maintype() == "text":
                texts.append(part)
        blocks, found = _body(texts, pages)
        return ExtractedDocument(
            media_type=EML,
            extractor=self.name,
            blocks=tuple(blocks),
            warnings=(*warnings, *found),
            metadata=tuple(_metadata(message)),
        )


def _parse(path: Path, limits: Limits) -> Message:
    # The default policy is compat32: the newer one takes quadratic time on long headers.
    try:
        return email.message_from_bytes(read_file(path, limits).lstrip(b"\xef\xbb\xbf\r\n"))
    except (RecursionError, ValueError) as error:
        raise DamagedFile(f"{path.name}: the message is nested too deeply. Save its parts singly.") from error


def _parts(name: str, message: Message) -> Iterator[Message]:
    stack, seen = [(message, 0)], 0
    while stack:
        part, depth = stack.pop()
        seen += 1
        if seen > _MAX_PARTS or depth > _MAX_DEPTH:
            raise LimitExceeded(
                f"{name}: more than {_MAX_PARTS} parts or {_MAX_DEPTH} levels. It was not read."
            )
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            inner = [p for p in payload if isinstance(p, Message)]
            stack.extend((p, depth + 1) for p in reversed(inner))
        else:
            yield part


def _file_name(part: Message) -> str | None:
    """Return an attachment's name; None for a part that is the message's own text."""
    name = part.get_filename()
    attached = (part.get_content_disposition() or "") == "attachment"
    if name or attached or part.get_content_maintype() != "text":
        return _decoded(name or "") or part.get_content_type()
    return None


def _body(texts: list[Message], pages: list[Message]) -> tuple[list[Block], list[str]]:
    blocks: list[Block] = []
    warnings: list[str] = []
    for part in texts:
        decoded = decode(_bytes(part), declared=part.get_content_charset())
        out = BlockList()
        TextReader(out).read(decoded.text)
        # A line number inside a decoded part would point nowhere in the file: count paragraphs.
        blocks.extend(
            replace(b, location=replace(b.location, line=None, paragraph=i))
            for i, b in enumerate(out.blocks, start=len(blocks) + 1)
        )
        warnings.extend(decoded.warnings)
    if not blocks:
        for part in pages:
            page = read_html(_bytes(part), part.get_content_charset())
            blocks.extend(page.blocks)
            warnings.extend(page.warnings)
    return blocks, warnings


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _metadata(message: Message) -> Iterator[tuple[str, str]]:
    for header, label in _HEADERS:
        value = one_line(_decoded(str(message.get(header) or "")[:_MAX_HEADER]))
        if value:
            yield label, value


def _decoded(value: str) -> str:
    try:
        return one_line(str(make_header(decode_header(value))))
    except (HeaderParseError, LookupError, ValueError):
        return one_line(value)
