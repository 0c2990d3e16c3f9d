"""A document as DOCX: real headings, header rows that repeat, British English, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from evidence_mapper.export.document import (
    Bullets,
    Cell,
    DocumentInfo,
    Element,
    Grid,
    Heading,
    Paragraph,
    Run,
    Style,
    printable,
)

_LANGUAGE: Final = "en-GB"
_FONT: Final = "Arial"
_INK: Final = RGBColor(0x1A, 0x1A, 0x1A)
_HEADING: Final = RGBColor(0x1F, 0x3A, 0x5F)
_QUIET: Final = RGBColor(0x45, 0x45, 0x45)
_SIZES: Final = {1: 18, 2: 15, 3: 13, 4: 11.5, 5: 10.5}
_WIDTH_CM: Final = 17.0
_BOOKMARK: Final = 40
"""Most characters of a bookmark's name."""
_SHORT_ROW: Final = 1_500
"""Characters of a row that is kept on one page; a longer one may run over."""
_SMALL_TABLE: Final = 600
"""Characters of a table that is kept on one page."""
_FIXED: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every part in the package: ZIP knows none before."""

_NAMES: Final = {
    Style.BODY: "Normal",
    Style.OFFICIAL: "Framework wording",
    Style.CONTEXT: "Before the quote",
    Style.QUOTE: "Evidence quote",
    Style.SOURCE: "Evidence source",
    Style.CLAIM: "Claim line",
    Style.NOTICE: "Notice",
}
# Style to size in points, left indent in cm, bar on the left, shading, space after in points.
_LOOKS: Final[dict[Style, tuple[float, float, str | None, str | None, int]]] = {
    Style.OFFICIAL: (11, 0.4, "1F3A5F", None, 4),
    Style.CONTEXT: (9, 0.8, None, None, 2),
    Style.QUOTE: (10.5, 0.8, "7A8CA3", None, 1),
    Style.SOURCE: (9, 0.8, None, None, 8),
    Style.CLAIM: (11, 0, None, "FFF6DD", 8),
    Style.NOTICE: (10.5, 0, None, "EEF2F7", 8),
}


def write_docx(elements: Iterable[Element], info: DocumentInfo, stream: BinaryIO) -> None:
    """Write a document; see :class:`~evidence_mapper.export.document.DocumentWriter`."""
    document = Document()
    _set_up(document, info)
    body = _Body(document)
    for element in elements:
        body.add(element)
    packed = io.BytesIO()
    document.save(packed)
    _same_bytes(packed, stream)


def _same_bytes(packed: io.BytesIO, stream: BinaryIO) -> None:
    """Write the package again with fixed dates; the library takes the time of day."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))


class _Body:
    """Adds elements to a document."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - the library has no types
        self._document = document
        # By id: the library looks a style up anew for each paragraph, which took most of the time.
        self._styles = {kind: document.styles[name].style_id for kind, name in _NAMES.items()}
        self._styles[Style.BODY] = None
        self._table_text = document.styles["Table text"].style_id
        self._bullet = document.styles["List Bullet"].style_id
        self._bookmarks = 0

    def add(self, element: Element) -> None:
        if isinstance(element, Heading):
            self._heading(element)
        elif isinstance(element, Bullets):
            for item in element.items:
                _fill(self._paragraph(self._bullet), (Run(item),))
        elif isinstance(element, Grid):
            self._grid(element)
        else:
            _fill(self._paragraph(self._styles[element.style]), element.runs)

    def _paragraph(self, style_id: str | None) -> Any:  # noqa: ANN401 - as above
        made = self._document.add_paragraph()
        made._p.style = style_id  # noqa: SLF001 - the library's own way to its XML
        return made

    def _heading(self, heading: Heading) -> None:
        made = self._document.add_heading(_one_line(heading.text), heading.level)
        if heading.new_page:
            made.paragraph_format.page_break_before = True
        if heading.anchor is None:
            return
        self._bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:name"), _anchor(heading.anchor))
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._bookmarks))
        made._p.insert(1, start)  # noqa: SLF001 - the library's own way to its XML
        made._p.append(end)  # noqa: SLF001

    def _grid(self, grid: Grid) -> None:
        table = self._document.add_table(rows=len(grid.rows) + 1, cols=len(grid.header), style="Table Grid")
        table.autofit = False
        _describe(table, grid.title)
        parts = grid.widths or (1.0,) * len(grid.header)
        widths = [Cm(_WIDTH_CM * part / sum(parts)) for part in parts]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        small = sum(len(r.text) for row in grid.rows for c in row for p in c for r in p.runs) < _SMALL_TABLE
        header: tuple[Cell, ...] = tuple((Paragraph((Run(name, bold=True),)),) for name in grid.header)
        for number, (row, cells) in enumerate(zip(table.rows, (header, *grid.rows), strict=True)):
            for place, content, width in zip(row.cells, cells, widths, strict=True):
                place.width = width
                self._cell(place, content, header=number == 0)
            _mark_row(row, header=number == 0)
            if small and number < len(grid.rows):
                for place in row.cells:
                    for made in place.paragraphs:
                        made.paragraph_format.keep_with_next = True
        # Words in the next paragraph would stick to the table.
        self._paragraph(self._table_text)

    def _cell(self, place: Any, content: Cell, *, header: bool) -> None:  # noqa: ANN401 - as above
        for number, paragraph in enumerate(content):
            made = place.paragraphs[0] if number == 0 else place.add_paragraph()
            quiet = paragraph.style is Style.SOURCE
            made._p.style = self._styles[Style.SOURCE] if quiet else self._table_text  # noqa: SLF001 - as above
            if quiet:
                made.paragraph_format.left_indent = Cm(0)
            _fill(made, paragraph.runs)
        if header:
            place._tc.get_or_add_tcPr().append(_shading("DCE4EE"))  # noqa: SLF001 - as above


def _fill(paragraph: Any, runs: Iterable[Run]) -> None:  # noqa: ANN401 - the library has no types
    for run in runs:
        lines = printable(run.text).split("\n")
        made = paragraph.add_run(lines[0])
        made.bold = run.bold or None
        for line in lines[1:]:
            made.add_break()
            made.add_text(line)
        if run.anchor is not None:
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _anchor(run.anchor))
            made.font.underline = True
            paragraph._p.replace(made._r, link)  # noqa: SLF001 - the library has no hyperlinks of its own
            link.append(made._r)  # noqa: SLF001


def _anchor(name: str) -> str:
    """Return a bookmark's name: at most 40 letters, digits and underscores; long names stay apart."""
    plain = "s_" + "".join(c if c.isalnum() else "_" for c in name)
    if len(plain) <= _BOOKMARK:
        return plain
    return f"{plain[: _BOOKMARK - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _one_line(words: str) -> str:
    return " ".join(printable(words).split())


def _describe(table: Any, title: str) -> None:  # noqa: ANN401 - as above
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), _one_line(title))
    table._tbl.tblPr.append(caption)  # noqa: SLF001 - as above


def _mark_row(row: Any, *, header: bool) -> None:  # noqa: ANN401 - as above
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - as above
    if header or sum(len(place.text) for place in row.cells) < _SHORT_ROW:
        properties.append(OxmlElement("w:cantSplit"))
    if header:
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        properties.append(repeat)


def _set_up(document: Any, info: DocumentInfo) -> None:  # noqa: ANN401 - as above
    _forget_template(document)
    _properties(document, info)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.0)
    _footer(section, info)
    _language(document)
    _as_word_does(document)
    normal = document.styles["Normal"]
    _font(normal, 11, _INK)
    normal.paragraph_format.space_after = Pt(6)
    _font(document.styles["Title"], 24, _HEADING)
    for level, size in _SIZES.items():
        style = document.styles[f"Heading {level}"]
        _font(style, size, _HEADING)
        style.font.bold, style.font.italic = True, False
        style.paragraph_format.space_before = Pt(18 - 2 * level)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    for kind, look in _LOOKS.items():
        _add_style(document, _NAMES[kind], look)
    _add_style(document, "Table text", (9.5, 0, None, None, 2))
    for kind in (Style.CLAIM, Style.CONTEXT, Style.QUOTE):
        document.styles[_NAMES[kind]].paragraph_format.keep_with_next = True
    for kind in (Style.CONTEXT, Style.SOURCE):
        document.styles[_NAMES[kind]].font.color.rgb = _QUIET


def _forget_template(document: Any) -> None:  # noqa: ANN401 - as above
    """Drop the picture of the library's own template."""
    relations = document.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _properties(document: Any, info: DocumentInfo) -> None:  # noqa: ANN401 - as above
    changed = datetime.fromisoformat(info.changed_at).replace(microsecond=0, tzinfo=None)
    properties = document.core_properties
    properties.title, properties.subject = _one_line(info.title)[:255], _one_line(info.subject)[:255]
    properties.author = properties.last_modified_by = "evidence-mapper"
    properties.comments = properties.keywords = ""
    properties.language = _LANGUAGE
    properties.created = properties.modified = changed
    properties.revision = 1


def _language(document: Any) -> None:  # noqa: ANN401 - as above
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)


def _as_word_does(document: Any) -> None:  # noqa: ANN401 - as above
    """Have Word lay the document out as its present versions do; the template is of an older one."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _footer(section: Any, info: DocumentInfo) -> None:  # noqa: ANN401 - as above
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run(f"{_one_line(info.title)} · page ")
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if kind is None:
            code = OxmlElement("w:instrText")
            code.text = words
        else:
            code = OxmlElement("w:fldChar")
            code.set(qn("w:fldCharType"), kind)
        run._r.append(code)  # noqa: SLF001 - as above
    for run in paragraph.runs:
        run.font.size = Pt(9)


def _add_style(
    document: Any,  # noqa: ANN401 - as above
    name: str,
    look: tuple[float, float, str | None, str | None, int],
) -> None:
    size, indent, bar, shade, after = look
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    _font(style, size, _INK)
    style.paragraph_format.left_indent = Cm(indent)
    style.paragraph_format.space_after = Pt(after)
    properties = style.element.get_or_add_pPr()
    if bar:
        properties.append(_bar(bar))
    if shade:
        properties.append(_shading(shade))
    # Word reads these in the order of the schema only.
    order = ("keepNext", "keepLines", "pBdr", "shd", "spacing", "ind")
    found = sorted(properties, key=lambda e: order.index(e.tag.rpartition("}")[2]))
    for element in found:
        properties.append(element)


def _bar(colour: str) -> Any:  # noqa: ANN401 - as above
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", colour)):
        left.set(qn(f"w:{key}"), value)
    borders.append(left)
    return borders


def _shading(colour: str) -> Any:  # noqa: ANN401 - as above
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{key}"), value)
    return shading


def _font(style: Any, size: float, colour: RGBColor) -> None:  # noqa: ANN401 - as above
    style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):  # a theme's font would win over the one named
            del fonts.attrib[attribute]
    for script in ("w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
