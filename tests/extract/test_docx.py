from __future__ import annotations

from pathlib import Path

import docx
from office_files import STRICT, cell, only, paragraph, row, table, texts, write_docx

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.extract.registry import extract_file

_STYLES = (
    '<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Part"/><w:basedOn w:val="Kop1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Lvl"><w:name w:val="Deep"/>'
    '<w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="x"/><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="Secret"><w:name w:val="s"/><w:rPr><w:vanish/></w:rPr></w:style>'
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def _read(path: Path, body: str, **parts: str) -> ExtractedDocument:
    return extract_file(write_docx(path / "a.docx", body, **parts))


def _excluded(document: ExtractedDocument, reason: ExclusionReason) -> list[str]:
    return [e.text for e in document.exclusions if e.reason is reason]


def _styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def _item(text: str, number: int) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')


def test_a_document_written_by_python_docx(tmp_path: Path) -> None:
    source = docx.Document()
    source.core_properties.title = "Carers strategy"
    source.add_heading("Carers", level=1)
    source.add_paragraph("We assessed 412 carers in the year.")
    source.add_heading("Outcomes", level=2)
    source.add_paragraph("Fewer carers waited", style="List Bullet")
    source.sections[0].header.paragraphs[0].text = "Official"
    source.save(str(tmp_path / "a.docx"))
    document = extract_file(tmp_path / "a.docx")
    kinds = [(b.kind, b.text, b.heading_path, b.level) for b in document.blocks]
    assert kinds == [
        (BlockKind.HEADING, "Carers", (), 1),
        (BlockKind.PARAGRAPH, "We assessed 412 carers in the year.", ("Carers",), None),
        (BlockKind.HEADING, "Outcomes", ("Carers",), 2),
        (BlockKind.LIST_ITEM, "Fewer carers waited", ("Carers", "Outcomes"), None),
    ]
    assert [b.location.paragraph for b in document.blocks] == [1, 2, 3, 4]
    assert ("title", "Carers strategy") in document.metadata
    assert _excluded(document, ExclusionReason.FURNITURE) == ["Official"]


def test_tracked_changes(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>We will </w:t></w:r><w:ins><w:r><w:t>always </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>sometimes </w:delText></w:r></w:del><w:r><w:t>listen.</w:t></w:r></w:p>"
        "<w:p><w:moveFrom><w:r><w:t>Moved words.</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo><w:r><w:t>Moved words.</w:t></w:r></w:moveTo></w:p>"
    )
    document = _read(tmp_path, body)
    assert texts(document) == ["We will always listen.", "Moved words."]
    assert _excluded(document, ExclusionReason.DELETED) == ["sometimes", "Moved words."]


def test_deleted_and_hidden_table_rows(tmp_path: Path) -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('old a')}{cell('old b')}</w:tr>"
    document = _read(
        tmp_path, table(row(cell("Area"), cell("Result")), row(cell("Reviews"), cell("81%")), gone)
    )
    assert texts(document) == ["Area: Reviews; Result: 81%"]
    assert _excluded(document, ExclusionReason.DELETED) == ["old a\nold b"]


def test_hidden_text(tmp_path: Path) -> None:
    body = (
        paragraph("Seen.")
        + paragraph("Not seen.", run="<w:vanish/>")
        + paragraph("By style.", run='<w:rStyle w:val="Secret"/>')
        + paragraph("Shown again.", run='<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>')
    )
    document = _read(tmp_path, body, styles=_STYLES)
    assert texts(document) == ["Seen.", "Shown again."]
    assert _excluded(document, ExclusionReason.HIDDEN) == ["Not seen.", "By style."]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Anchor.</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert texts(_read(tmp_path, body)) == ["Anchor.", "In the box."]


def test_links_controls_fields_and_breaks(tmp_path: Path) -> None:
    body = (
        "<w:p><w:hyperlink><w:r><w:t>Link</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>after</w:t><w:br/>"
        "<w:t>below</w:t><w:noBreakHyphen/><w:t>end</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('Filled in.')}</w:sdtContent></w:sdt>"
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here.</w:t></w:r>"
        "</w:sdtContent></w:sdt></w:p>"
        "<w:p><w:r><w:fldChar/><w:instrText>HYPERLINK x</w:instrText></w:r>"
        "<w:fldSimple><w:r><w:t>Result</w:t></w:r></w:fldSimple>"
        "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r></w:p>"
    )
    document = _read(tmp_path, body)
    assert texts(document) == ["Link\tafter\nbelow-end", "Filled in.", "Result✓"]
    assert _excluded(document, ExclusionReason.OTHER) == ["Click here."]


def test_heading_levels_through_styles(tmp_path: Path) -> None:
    body = (
        _styled("One", "Kop1")
        + _styled("Own", "Own")
        + _styled("Deep", "Lvl")
        + paragraph("Direct", '<w:outlineLvl w:val="1"/>')
        + paragraph("Body", '<w:pStyle w:val="Kop1"/><w:outlineLvl w:val="9"/>')
        + _styled("Looped style", "Loop")
    )
    document = _read(tmp_path, body, styles=_STYLES)
    assert [(b.text, b.level) for b in document.blocks] == [
        ("One", 1), ("Own", 1), ("Deep", 3), ("Direct", 2), ("Body", None), ("Looped style", None),
    ]  # fmt: skip
    assert document.blocks[4].heading_path == ("Own", "Direct")


def test_contents_are_left_out(tmp_path: Path) -> None:
    body = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        f"<w:sdtContent>{paragraph('Contents')}{paragraph('Carers 3')}</w:sdtContent></w:sdt>"
        + _styled("Adults 4", "Toc")
        + paragraph("Body.")
    )
    document = _read(tmp_path, body, styles=_STYLES)
    assert texts(document) == ["Body."]
    assert _excluded(document, ExclusionReason.CONTENTS) == ["Contents\nCarers 3", "Adults 4"]


def test_lists_and_numbered_paragraphs(tmp_path: Path) -> None:
    long = "The committee noted " + "that progress had been made " * 6 + "."
    body = (
        _item("Bullet", 1)
        + _item("First", 2)
        + _item(long, 2)
        + _item("None", 0)
        + paragraph("• typed bullet")
    )
    body += paragraph("Depth alone", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
    document = _read(tmp_path, body, numbering=_NUMBERING)
    item, text = BlockKind.LIST_ITEM, BlockKind.PARAGRAPH
    assert [b.kind for b in document.blocks] == [item, item, text, text, item, text]
    assert document.blocks[-2].text == "typed bullet"


def test_a_bold_line_heads_what_follows_and_is_never_lost(tmp_path: Path) -> None:
    bold = "<w:b/>"
    body = (
        paragraph("Waiting times", run=bold)
        + paragraph("Median waits fell to 19 days.")
        + paragraph("Substantiated", run=bold)
        + paragraph("Not a heading", run=bold)
        + table(row(cell("a"), cell("b")))
    )
    document = _read(tmp_path, body)
    assert texts(document, BlockKind.HEADING) == ["Waiting times"]
    assert texts(document, BlockKind.PARAGRAPH) == [
        "Median waits fell to 19 days.",
        "Substantiated",
        "Not a heading",
    ]


def test_table_rows_carry_their_headers(tmp_path: Path) -> None:
    merged = row(cell("Carers", '<w:vMerge w:val="restart"/>'), cell("Assessments"), cell("412"))
    below = row(cell("", "<w:vMerge/>"), cell("Reviews"), cell("200"))
    wide = row(cell("Total", '<w:gridSpan w:val="2"/>'), cell("612"))
    document = _read(tmp_path, table(row(cell("Group"), cell("Measure"), cell("Count")), merged, below, wide))
    assert texts(document) == [
        "Group: Carers; Measure: Assessments; Count: 412",
        "Measure: Reviews; Count: 200",
        "Group: Total; Count: 612",
    ]
    assert [b.location.row for b in document.blocks] == [2, 3, 4]
    assert {b.location.table for b in document.blocks} == {1}
    assert document.blocks[1].context == "Group: Carers"


def test_form_tables_and_long_cells(tmp_path: Path) -> None:
    story = "The worker visited twice and recorded what mattered to the person. " * 5
    form = table(
        row(cell("Person reference:"), cell("A17")),
        row(cell("Was the outcome met?"), cell("Yes")),
        row(cell("What was good:"), cell(story)),
    )
    document = _read(tmp_path, form)
    assert texts(document) == ["Person reference: A17", "Was the outcome met? Yes", story.strip()]
    assert document.blocks[2].context == "What was good"
    assert document.blocks[2].kind is BlockKind.PARAGRAPH


def test_a_form_whose_first_row_could_be_a_header(tmp_path: Path) -> None:
    form = table(
        row(cell("Name of proposal"), cell("Hospital discharge pathway")),
        row(cell("Lead officer"), cell("Service manager")),
        row(
            cell("Mitigation"),
            cell("Interpreters are booked at the point of referral and again on the ward."),
        ),
    )
    assert texts(_read(tmp_path, form))[:2] == [
        "Name of proposal: Hospital discharge pathway",
        "Lead officer: Service manager",
    ]


def test_layout_table_is_read_as_text_and_nested_tables_follow(tmp_path: Path) -> None:
    inner = table(row(cell("Measure"), cell("Value")), row(cell("Visits"), cell("12")))
    body = f"<w:tbl><w:tr><w:tc>{paragraph('A boxed note.')}{inner}<w:p/></w:tc></w:tr></w:tbl>"
    document = _read(tmp_path, body)
    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.PARAGRAPH, "A boxed note."),
        (BlockKind.TABLE_ROW, "Measure: Visits; Value: 12"),
    ]
    assert [b.location.table for b in document.blocks] == [1, 2]


def test_nested_table_in_a_wide_table(tmp_path: Path) -> None:
    inner = table(row(cell("Ward"), cell("Beds")), row(cell("North"), cell("9")))
    outer = table(row(cell("Site"), cell("Detail")), row(cell("Main"), f"<w:tc>{inner}<w:p/></w:tc>"))
    assert texts(_read(tmp_path, outer)) == ["Site: Main", "Ward: North; Beds: 9"]


def test_notes_carry_part_and_headings(tmp_path: Path) -> None:
    body = _styled("Carers", "Kop1") + (
        "<w:p><w:r><w:t>Waits fell.</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
        "<w:r><w:commentReference w:id='0'/></w:r></w:p>"
    )
    notes = f"<w:footnote w:type='separator' w:id='0'>{paragraph('---')}</w:footnote>"
    notes += f"<w:footnote w:id='2'>{paragraph('Source: monthly return.')}</w:footnote>"
    comments = f"<w:comment w:id='0' w:author='Reviewer'>{paragraph('Is this still true?')}</w:comment>"
    document = _read(tmp_path, body, styles=_STYLES, footnotes=notes, comments=comments)
    foot, comment = only(document, BlockKind.NOTE)
    assert (foot.text, foot.location.part, foot.heading_path) == (
        "Source: monthly return.",
        "footnotes",
        ("Carers",),
    )
    assert (comment.location.part, comment.attributes) == ("comments", (("author", "Reviewer"),))


def test_strict_namespace(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", paragraph("Strict text."), namespace=STRICT)
    assert texts(extract_file(path)) == ["Strict text."]


def test_pictures_and_imports_are_warned_of(tmp_path: Path) -> None:
    body = paragraph("Text.") + "<w:altChunk/><w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>"
    warnings = _read(tmp_path, body).warnings
    assert len(warnings) == 2
    assert "1 pictures" in warnings[0]


def test_speaker_turns(tmp_path: Path) -> None:
    lines = (
        "Facilitator: How easy was it to get help?", "Participant 1: I rang three times.",
        "Nobody called me back.",
        "Participant 2: It was quick for me.",
    )  # fmt: skip
    document = _read(tmp_path, "".join(map(paragraph, lines)))
    turns = only(document, BlockKind.TURN)
    assert [(t.location.speaker, t.text) for t in turns] == [
        ("Facilitator", "How easy was it to get help?"),
        ("Participant 1", "I rang three times.\nNobody called me back."),
        ("Participant 2", "It was quick for me."),
    ]
    assert [t.context for t in turns] == [None, *["How easy was it to get help?"] * 2]
