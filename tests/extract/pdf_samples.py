"""Make PDF files for tests: tagged ones by hand with pikepdf, untagged ones with reportlab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from reportlab.lib.utils import simpleSplit

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.pdf import PdfExtractor

WIDTH, HEIGHT, MARGIN, LEADING = 595.0, 842.0, 72.0, 14.0

_LIMITS = Limits()
_TEXT = (
    "carers tell us that the wait for a review has fallen since the new team began and people now choose "
    "how their support is arranged with advocates present at every planning meeting held this year"
)
WORDS = _TEXT.split()


def prose(seed: int, words: int = 60) -> str:
    """Return a paragraph unlike that of any other seed, made of whole sentences."""
    picked = [WORDS[(seed * 7 + i * (3 + seed % 5)) % len(WORDS)] for i in range(words)]
    picked[0] = f"Paragraph {seed} says"
    sentences = [" ".join(picked[i : i + 15]) for i in range(0, words, 15)]
    return ". ".join(s[0].upper() + s[1:] for s in sentences) + "."


def extract(path: Path, limits: Limits = _LIMITS) -> ExtractedDocument:
    return PdfExtractor().extract(path, limits)


def texts(document: ExtractedDocument, kind: BlockKind | None = None) -> list[str]:
    return [block.text for block in document.blocks if kind is None or block.kind is kind]


def excluded(document: ExtractedDocument, reason: ExclusionReason) -> list[str]:
    return [exclusion.text for exclusion in document.exclusions if exclusion.reason is reason]


@dataclass
class Tag:
    """A structure element; ``rest`` is the part of its text that stands on the next page."""

    role: str
    text: str = ""
    kids: list[Tag] = field(default_factory=list)
    rest: str = ""
    size: float = 11.0
    bold: bool = False
    indent: float = 0.0
    gap: float = 6.0
    """Points below it."""
    small: str = ""
    """A raised number right after the text."""
    attributes: dict[str, int] = field(default_factory=dict)


def P(text: str, **more: Any) -> Tag:  # noqa: N802 - as in the file
    return Tag("P", text, **more)


def item(label: str, text: str) -> Tag:
    return Tag("LI", kids=[Tag("Lbl", label), Tag("LBody", text, indent=20)])


def row(*cells: str, role: str = "TD", bold: bool = False) -> Tag:
    return Tag("TR", kids=[Tag(role, kids=[P(text, bold=bold)]) for text in cells])


@dataclass
class Furniture:
    """What stands on every page outside the tree."""

    header: str = ""
    footer: str = ""
    page_numbers: bool = False
    artefact: bool = True
    middle: Sequence[str] = ()
    """Artefacts in the middle of the first page."""
    loose: str = ""
    """Text in the middle of the first page that is neither tagged nor an artefact."""


def tagged_pdf(
    path: Path,
    pages: Sequence[Sequence[Tag]],
    *,
    furniture: Furniture | None = None,
    role_map: dict[str, str] | None = None,
    last_first: bool = False,
) -> Path:
    """Write a tagged PDF; each inner list is one page.

    With ``last_first`` the first element of the last page comes last in the structure tree.
    """
    pdf = pikepdf.new()
    writer = _Writer(pdf)
    for number, tags in enumerate(pages, 1):
        writer.page(number, tags, furniture or Furniture())
    if last_first:
        kids = writer.document.K
        first = len(kids) - len(pages[-1])
        moved = kids[first]
        del kids[first]
        kids.append(moved)
    writer.finish(role_map or {})
    pdf.save(path)
    return path


class _Writer:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        )
        self.fonts = Dictionary(F1=self._font("Helvetica"), F2=self._font("Helvetica-Bold"))
        self.parents: list[Any] = []
        self.held: list[tuple[Tag, Any]] = []

    def _font(self, name: str) -> Any:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, Encoding=Name.WinAnsiEncoding)
        font.BaseFont = Name("/" + name)
        return self.pdf.make_indirect(font)

    def page(self, number: int, tags: Sequence[Tag], furniture: Furniture) -> None:
        self.content: list[bytes] = []
        self.owners: list[Any] = []
        self.pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        self.current = self.pdf.pages[-1].obj
        self.y = HEIGHT - 140
        held, self.held = self.held, []
        self._furniture(number, furniture)
        for tag, element in held:
            self._draw(tag, tag.rest, element, more=True)
        for tag in tags:
            self._element(tag, self.document)
        self.current.Contents = self.pdf.make_stream(b"\n".join(self.content))
        self.current.Resources = Dictionary(Font=self.fonts)
        self.current.StructParents = number - 1
        self.parents.append(Array(self.owners))

    def finish(self, role_map: dict[str, str]) -> None:
        numbers = Array()
        for index, owners in enumerate(self.parents):
            numbers.append(index)
            numbers.append(self.pdf.make_indirect(owners))
        self.root.K = Array([self.document])
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=numbers))
        self.root.RoleMap = Dictionary({f"/{a}": Name(f"/{b}") for a, b in role_map.items()})
        self.pdf.Root.StructTreeRoot = self.root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, tag: Tag, parent: Any) -> None:
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, P=parent, K=Array(), Pg=self.current)
        )
        element.S = Name("/" + tag.role)
        if tag.attributes:
            element.A = Dictionary(O=Name.Table, **tag.attributes)
        parent.K.append(element)
        if tag.text:
            self._draw(tag, tag.text, element)
        if tag.rest:
            self.held.append((tag, element))
        for kid in tag.kids:
            self._element(kid, element)

    def _draw(self, tag: Tag, text: str, element: Any, *, more: bool = False) -> None:
        mcid = len(self.owners)
        self.owners.append(element)
        if more:
            element.K.append(Dictionary(Type=Name.MCR, Pg=self.current, MCID=mcid))
        else:
            element.K.append(mcid)
        self.content.append(f"/{tag.role.replace(' ', '#20')} <</MCID {mcid}>> BDC".encode())
        self._lines(tag, text)
        if tag.small:
            self.content.append(
                f"BT /F1 6 Tf {self.end:.2f} {self.y + LEADING + 10:.2f} Td ({tag.small}) Tj ET".encode()
            )
        self.content.append(b"EMC")

    def _lines(self, tag: Tag, text: str) -> None:
        font = "Helvetica-Bold" if tag.bold else "Helvetica"
        width = WIDTH - 2 * MARGIN - tag.indent
        for line in (part for hard in text.split("\n") for part in simpleSplit(hard, font, tag.size, width)):
            self._show(line, MARGIN + tag.indent, self.y, size=tag.size, bold=tag.bold)
            self.y -= max(LEADING, 1.25 * tag.size)
        self.y -= tag.gap

    def _show(self, line: str, x: float, y: float, *, size: float = 11.0, bold: bool = False) -> None:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        name = "F2" if bold else "F1"
        escaped = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        self.content.append(f"BT /{name} {size} Tf {x:.2f} {y:.2f} Td (".encode() + escaped + b") Tj ET")
        self.end = x + stringWidth(line, "Helvetica-Bold" if bold else "Helvetica", size)
        if size == 11.0:
            self.y = y

    def _furniture(self, number: int, furniture: Furniture) -> None:
        y = self.y
        begin = [b"/Artifact <</Type /Pagination>> BDC"] if furniture.artefact else []
        end = [b"EMC"] if furniture.artefact else []
        lines = [(furniture.header, HEIGHT - 40), (furniture.footer, 50.0)]
        if furniture.page_numbers:
            lines.append((str(number), 30.0))
        for text, place in lines:
            if text:
                self.content += begin
                self._show(text, MARGIN, place)
                self.content += end
        if number == 1:
            for index, text in enumerate(furniture.middle):
                self.content.append(b"/Artifact BMC")
                self._show(text, MARGIN, 400.0 - 20 * index)
                self.content.append(b"EMC")
            if furniture.loose:
                self._show(furniture.loose, MARGIN, 300.0)
        self.y = y
