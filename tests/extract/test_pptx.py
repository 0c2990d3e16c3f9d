from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pptx
import pytest
from office_files import only, relations, texts, types, write_zip
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.errors import DamagedFile, EmptyFile
from evidence_mapper.extract import sniff
from evidence_mapper.extract.registry import extract_file

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"'
)


def _save(presentation: Any, folder: Path) -> ExtractedDocument:
    presentation.save(str(folder / "a.pptx"))
    return extract_file(folder / "a.pptx")


def _text_box(slide: Any, text: str, left: float, top: float) -> None:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(0.5))
    box.text_frame.text = text


def _package(folder: Path, shapes: str, *links: tuple[str, str], prologue: str = "", **parts: str) -> Path:
    slide = f"{prologue}<p:sld {_SPACES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
    written: dict[str, str | bytes] = {
        "[Content_Types].xml": types("presentationml.presentation.main+xml"),
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f'<p:presentation {_SPACES}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
            "</p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": relations(("slide", "slides/slide1.xml")),
        "ppt/slides/slide1.xml": slide,
        "ppt/slides/_rels/slide1.xml.rels": relations(*links),
        **parts,
    }
    return write_zip(folder / "a.pptx", written)


def _shape(paragraphs: str, extra: str = "") -> str:
    properties = f'<p:nvSpPr><p:cNvPr id="4" name="Box" {extra}/><p:nvPr/></p:nvSpPr>'
    return f"<p:sp>{properties}<p:txBody>{paragraphs}</p:txBody></p:sp>"


def test_title_lists_notes_and_hidden_slides(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Our priorities"
    frame = slide.placeholders[1].text_frame
    frame.text = "Prevention first"
    frame.add_paragraph().text = "Direct payments"
    slide.notes_slide.notes_text_frame.text = "Say that 61% use a direct payment."
    hidden = presentation.slides.add_slide(presentation.slide_layouts[5])
    hidden.shapes.title.text = "Backup"
    hidden._element.set("show", "0")
    last = presentation.slides.add_slide(presentation.slide_layouts[6])
    _text_box(last, "No title here.", 1, 1)
    document = _save(presentation, tmp_path)
    assert document.media_type == sniff.PPTX
    assert [(b.kind, b.text, b.location.slide) for b in document.blocks] == [
        (BlockKind.HEADING, "Our priorities", 1),
        (BlockKind.LIST_ITEM, "Prevention first", 1),
        (BlockKind.LIST_ITEM, "Direct payments", 1),
        (BlockKind.NOTE, "Say that 61% use a direct payment.", 1),
        (BlockKind.PARAGRAPH, "No title here.", 3),
    ]
    assert document.blocks[1].location.label() == "slide 1, Content Placeholder 2"
    assert document.blocks[1].heading_path == ("Our priorities",)
    assert document.blocks[-1].heading_path == ()
    assert [(e.text, e.reason) for e in document.exclusions] == [("Backup", ExclusionReason.HIDDEN)]
    assert document.warnings == ("slide 2 is hidden and was left out",)


def test_shapes_are_read_as_they_lie_groups_opened(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    for text, left, top in (("d", 5, 4.1), ("b", 5, 2.1), ("c", 0.5, 4), ("a", 0.5, 2)):
        _text_box(slide, text, left, top)
    group = slide.shapes.add_group_shape()
    for text, left in (("f", 3), ("e", 0)):
        box = group.shapes.add_textbox(Inches(left), Inches(6), Inches(2), Inches(0.5))
        box.text_frame.text = text
    assert texts(_save(presentation, tmp_path)) == list("abcdef")


def test_columns_of_uneven_boxes_are_read_one_after_another(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    for text, left, top, height in (("c", 5, 1, 3), ("a", 0.5, 1, 1), ("b", 0.5, 2.2, 3), ("d", 5, 4.2, 1)):
        box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(height))
        box.text_frame.text = text
    assert texts(_save(presentation, tmp_path)) == list("abcd")


def test_tables_and_charts(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = slide.shapes.add_table(3, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for r, row in enumerate((("Area", "Wait"), ("North", "23 days"), ("South", "9 days"))):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    data = CategoryChartData()
    data.categories = ["2023", "2024"]
    data.add_series("Carers assessed", (380, 412.5))
    chart = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(3), Inches(5), Inches(3), data
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Carers by year"
    document = _save(presentation, tmp_path)
    rows = only(document, BlockKind.TABLE_ROW)
    assert [r.text for r in rows] == [
        "Area: North; Wait: 23 days",
        "Area: South; Wait: 9 days",
        "2023; Carers assessed: 380",
        "2024; Carers assessed: 412.5",
    ]
    assert rows[2].context == "Carers by year"
    assert rows[0].location.row == 2


def test_fields_breaks_bullets_hidden_shapes_and_fallbacks(tmp_path: Path) -> None:
    shapes = (
        _shape("<a:p><a:r><a:t>One</a:t></a:r><a:br/><a:r><a:t>two</a:t></a:r></a:p>")
        + _shape('<a:p><a:pPr><a:buChar char="-"/></a:pPr><a:r><a:t>item</a:t></a:r></a:p>')
        + _shape('<a:p><a:fld type="slidenum"><a:t>12</a:t></a:fld></a:p>')
        + _shape("<a:p><a:r><a:t>concealed</a:t></a:r></a:p>", 'hidden="1"')
        + f"<mc:AlternateContent><mc:Choice>{_shape('<a:p><a:r><a:t>chosen</a:t></a:r></a:p>')}</mc:Choice>"
        f"<mc:Fallback>{_shape('<a:p><a:r><a:t>fallback</a:t></a:r></a:p>')}</mc:Fallback></mc:AlternateContent>"
    )
    document = extract_file(_package(tmp_path, shapes))
    assert texts(document) == ["One\ntwo", "item", "chosen"]
    assert document.blocks[1].kind is BlockKind.LIST_ITEM
    assert [e.text for e in document.exclusions] == ["concealed"]


def test_comments_of_both_forms_and_diagrams(tmp_path: Path) -> None:
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="2" name="Diagram"/></p:nvGraphicFramePr><a:graphic>'
        '<a:graphicData><dgm:relIds r:dm="rId3"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    old = f'<p:cmLst {_SPACES}><p:cm authorId="0"><p:text>Old remark</p:text></p:cm></p:cmLst>'
    new = (
        f'<p188:cmLst {_SPACES}><p188:cm authorId="x"><p188:replyLst><p188:reply authorId="x"><p188:txBody>'
        "<a:p><a:r><a:t>Answer</a:t></a:r></a:p></p188:txBody></p188:reply></p188:replyLst><p188:txBody><a:p><a:r>"
        "<a:t>New remark</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>"
    )
    data = (
        f"<dgm:dataModel {_SPACES}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Prevent</a:t></a:r></a:p></dgm:t>"
        "</dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    links = (("comments", "../c1.xml"), ("comments", "../c2.xml"), ("diagramData", "../d.xml"))
    path = _package(tmp_path, frame, *links, **{"ppt/c1.xml": old, "ppt/c2.xml": new, "ppt/d.xml": data})
    document = extract_file(path)
    assert texts(document) == ["Prevent", "Old remark", "New remark", "Answer"]
    assert [n.location.paragraph for n in only(document, BlockKind.NOTE)] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["presentationml.slideshow.main+xml", "presentationml.template.main+xml"])
def test_slide_shows_and_templates_are_presentations(tmp_path: Path, kind: str) -> None:
    source = _package(tmp_path, _shape("<a:p><a:r><a:t>Words</a:t></a:r></a:p>"))
    with zipfile.ZipFile(source) as package:
        parts: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    parts["[Content_Types].xml"] = types(kind)
    assert extract_file(write_zip(tmp_path / "b.doc", parts)).media_type == sniff.PPTX


def test_links_out_of_the_package_are_not_followed(tmp_path: Path) -> None:
    path = _package(
        tmp_path, _shape("<a:p><a:r><a:t>Words</a:t></a:r></a:p>"), ("notesSlide", "../../../../etc/passwd")
    )
    assert texts(extract_file(path)) == ["Words"]


def test_document_type_declaration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="document type"):
        extract_file(_package(tmp_path, "", prologue='<!DOCTYPE d [<!ENTITY a "b">]>'))


def test_no_text_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        extract_file(_package(tmp_path, ""))
