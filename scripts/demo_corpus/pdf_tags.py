"""Tags for a PDF: marked content while drawing, the structure tree afterwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object
from reportlab.pdfgen.canvas import Canvas

_ROLE_MAP: Final = {"Title": "P"}


@dataclass
class Tag:
    """One element of the structure tree."""

    role: str
    """A standard structure type such as ``H1`` or ``LBody``, or one of the role map's."""
    children: list[Tag] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    """(zero-based page, marked-content identifier) of each run of content drawn for it."""

    def add(self, role: str) -> Tag:
        """Append a child and return it."""
        child = Tag(role)
        self.children.append(child)
        return child

    def first_page(self) -> int:
        """Return the zero-based page its content starts on."""
        return self.marks[0][0]


class Marker:
    """Writes marked-content operators and hands out identifiers, page by page."""

    def __init__(self) -> None:
        self._next: dict[int, int] = defaultdict(int)

    def begin(self, canvas: Canvas, tag: Tag) -> None:
        """Start content that belongs to a tag."""
        page = canvas.getPageNumber() - 1
        number = self._next[page]
        self._next[page] += 1
        tag.marks.append((page, number))
        canvas.addLiteral(f"/{tag.role} <</MCID {number}>> BDC")

    @staticmethod
    def begin_artifact(canvas: Canvas, subtype: str | None = None) -> None:
        """Start content that is no part of the document: a running header, a rule."""
        kind = f"/Type /Pagination /Subtype /{subtype}" if subtype else "/Type /Layout"
        canvas.addLiteral(f"/Artifact <<{kind}>> BDC")

    @staticmethod
    def end(canvas: Canvas) -> None:
        """End what was begun last."""
        canvas.addLiteral("EMC")


def write_structure(pdf: pikepdf.Pdf, document: Tag, language: str) -> None:
    """Add a structure tree, its parent tree and the catalogue entries of a tagged PDF."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    owners: dict[tuple[int, int], Object] = {}
    root.K = _element(pdf, document, root, owners)
    root.RoleMap = Dictionary({f"/{k}": Name(f"/{v}") for k, v in _ROLE_MAP.items()})
    numbers = Array()
    for index, page in enumerate(pdf.pages):
        marks = sorted(mark for mark in owners if mark[0] == index)
        numbers.extend([index, pdf.make_indirect(Array([owners[mark] for mark in marks]))])
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = pikepdf.String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _element(pdf: pikepdf.Pdf, tag: Tag, parent: Object, owners: dict[tuple[int, int], Object]) -> Object:
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{tag.role}"), P=parent))
    kids = Array()
    for page, number in tag.marks:
        owners[page, number] = element
        kids.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page].obj, MCID=number))
    for child in tag.children:
        kids.append(_element(pdf, child, element, owners))
    element.K = kids
    if tag.role == "TH":
        element.A = Dictionary(O=Name.Table, Scope=Name.Column)
    return element
