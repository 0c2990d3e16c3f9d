"""The body of a message as blocks: own words, quoted ones marked, signatures kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from evidence_mapper.domain.document import Block, Exclusion, ExclusionReason, SourceLocation
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.html import read_html
from evidence_mapper.extract.lines import TextReader
from evidence_mapper.extract.mail_text import Line, Voice, read_lines

QUOTED: Final = "quoted reply"
"""``part`` of the location of words repeated from an earlier message; ``speaker`` is who wrote them."""

_LEFT_OUT: Final = {Voice.SIGNATURE: ExclusionReason.SIGNATURE, Voice.HEADER: ExclusionReason.QUOTED}
_STUB: Final = 3
"""A plain text with less than a third of the page's words stands in for it."""

Coded = tuple[bytes, str | None]
"""A part's bytes with the encoding it names."""


@dataclass
class Body:
    """What a message says."""

    blocks: list[Block] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def words(self) -> int:
        """Number of words in the blocks."""
        return sum(len(block.text.split()) for block in self.blocks)


def read_body(texts: Sequence[Coded], pages: Sequence[Coded]) -> Body:
    """Return the plain text, or the page where the plain text is missing or a stub.

    Quoted words have ``part`` :data:`QUOTED` in their location and the sender as ``speaker``. A line
    number inside a decoded part would point nowhere in the file, so paragraphs are counted.
    """
    plain = _plain(texts)
    if plain.words and not pages:
        return _counted(plain)
    page = _page(pages)
    return _counted(plain if plain.words * _STUB >= page.words and plain.words else page)


def _plain(texts: Sequence[Coded]) -> Body:
    body = Body()
    for data, charset in texts:
        decoded = decode(data, declared=charset)
        body.warnings.extend(decoded.warnings)
        for (voice, sender), group in groupby(read_lines(decoded.text.splitlines()), _key):
            text = "\n".join(line.text for line in group)
            if voice in _LEFT_OUT:
                _leave_out(body, voice, text)
                continue
            out = BlockList()
            TextReader(out).read(text)
            body.blocks.extend(_placed(block, voice, sender) for block in out.blocks)
    return body


def _page(pages: Sequence[Coded]) -> Body:
    body = Body()
    for data, charset in pages:
        page = read_html(data, charset)
        body.warnings.extend(page.warnings)
        body.exclusions.extend(page.exclusions)
        for block, lines in _by_block(page.blocks):
            for (voice, sender), group in groupby(lines, _key):
                text = clean("\n".join(line.text for line in group))
                if voice in _LEFT_OUT:
                    _leave_out(body, voice, text)
                elif text:
                    body.blocks.append(_placed(replace(block, text=text), voice, sender))
    return body


def _by_block(blocks: Sequence[Block]) -> Iterator[tuple[Block, list[Line]]]:
    """Yield each block with its lines, judged in the run of all lines."""
    texts: list[str] = []
    starts = []
    for block in blocks:
        starts.append(len(texts))
        texts.extend((*block.text.split("\n"), ""))
    lines = read_lines(texts)
    for block, start in zip(blocks, starts, strict=True):
        yield block, lines[start : start + block.text.count("\n") + 1]


def _key(line: Line) -> tuple[Voice, str | None]:
    return line.voice, line.sender if line.voice is Voice.QUOTED else None


def _leave_out(body: Body, voice: Voice, text: str) -> None:
    cleaned = clean(text)
    if cleaned:
        body.exclusions.append(Exclusion(cleaned, _LEFT_OUT[voice], SourceLocation()))


def _placed(block: Block, voice: Voice, sender: str | None) -> Block:
    if voice is Voice.OWN:
        return block
    return replace(block, location=replace(block.location, part=QUOTED, speaker=sender))


def _counted(body: Body) -> Body:
    body.blocks = [
        replace(block, location=replace(block.location, line=None, paragraph=number))
        for number, block in enumerate(body.blocks, start=1)
    ]
    return body
