"""Comments on slides, in the old form and the one of threads."""

from __future__ import annotations

from collections.abc import Iterator

from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.extract.clean import clean, one_line
from evidence_mapper.extract.headings import BlockList
from evidence_mapper.extract.pptx.names import PPT, Element
from evidence_mapper.extract.pptx.package import Package
from evidence_mapper.extract.pptx.text import body_text


def authors(package: Package) -> dict[str, str]:
    """Return author id to name, of both forms."""
    found = {}
    for kind in ("commentAuthors", "authors"):
        for part in package.related(package.main, kind):
            for author in PPT.all(package.archive.xml(part), "p:cmAuthor", "p188:author"):
                found[author.get("id") or ""] = one_line(author.get("name") or "")
    return found


def add_comments(package: Package, part: str, number: int, names: dict[str, str], out: BlockList) -> None:
    """Add one NOTE a comment or reply on one slide, with its author."""
    index = 0
    for comments in package.related(part, "comments"):
        for author, text in _read(package.archive.xml(comments)):
            index += 1
            place = SourceLocation(slide=number, part="comments", paragraph=index)
            name = names.get(author, "")
            out.add(text, BlockKind.NOTE, place, attributes=(("author", name),) if name else ())


def _read(root: Element) -> Iterator[tuple[str, str]]:
    for element in PPT.all(root, "p:cm", "p188:cm", "p188:reply"):
        plain = PPT.child(element, "p:text")
        text = (plain.text or "") if plain is not None else body_text(PPT.child(element, "p188:txBody"))
        if clean(text):
            yield element.get("authorId") or "", text
