from __future__ import annotations

from pathlib import Path

import pytest
from odf_files import BOLD, HIDDEN_TEXT, SPACES, write_odf
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.errors import DamagedFile, EncryptedFile
from evidence_mapper.extract import sniff
from evidence_mapper.extract.registry import extract_file


def _read(folder: Path, body: str, **parts: str) -> ExtractedDocument:
    return extract_file(write_odf(folder / "a.odt", "text", body, **parts))


def _left_out(document: ExtractedDocument, reason: ExclusionReason) -> list[str]:
    return [e.text for e in document.exclusions if e.reason is reason]


def test_headings_lists_and_paragraph_numbers(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="1">Carers</text:h><text:p>We  will:</text:p>'
        "<text:list><text:list-item><text:p>listen</text:p><text:p>and answer</text:p></text:list-item>"
        '<text:list-item><text:list><text:list-item><text:p>offer <text:s text:c="2"/>breaks</text:p>'
        "</text:list-item></text:list></text:list-item></text:list>"
        '<text:h text:outline-level="2">Breaks</text:h>'
        "<text:p>Sixty families<text:line-break/>used one.</text:p>"
    )
    document = _read(tmp_path, body)
    assert document.media_type == sniff.ODT
    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.HEADING, "Carers"),
        (BlockKind.PARAGRAPH, "We will:"),
        (BlockKind.LIST_ITEM, "listen"),
        (BlockKind.PARAGRAPH, "and answer"),
        (BlockKind.LIST_ITEM, "offer   breaks"),
        (BlockKind.HEADING, "Breaks"),
        (BlockKind.PARAGRAPH, "Sixty families\nused one."),
    ]
    assert document.blocks[-1].heading_path == ("Carers", "Breaks")
    assert [b.location.paragraph for b in document.blocks] == [1, 2, 3, 4, 5, 6, 7]


def test_tracked_insertions_are_text_and_deletions_are_not(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes>"
        '<text:changed-region text:id="c1"><text:deletion><text:p>within a year</text:p></text:deletion>'
        "</text:changed-region>"
        '<text:changed-region text:id="c2"><text:insertion/></text:changed-region></text:tracked-changes>'
        '<text:p>Reviews happen <text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>'
        'every month<text:change-end text:change-id="c2"/>.</text:p>'
    )
    document = _read(tmp_path, body)
    assert texts(document) == ["Reviews happen every month."]
    (gone,) = document.exclusions
    assert (gone.text, gone.reason, gone.location.paragraph) == ("within a year", ExclusionReason.DELETED, 1)


def test_notes_and_comments_are_blocks_of_their_own(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="1">Waits</text:h><text:p>People wait 23 days'
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>Median, 2024.</text:p></text:note-body></text:note>"
        "<office:annotation><dc:creator>Reviewer</dc:creator><dc:date>2025-01-01</dc:date>"
        "<text:p>Is this right?</text:p></office:annotation> on average.</text:p>"
    )
    document = _read(tmp_path, body)
    assert texts(document, BlockKind.PARAGRAPH) == ["People wait 23 days on average."]
    foot, comment = only(document, BlockKind.NOTE)
    assert (foot.text, foot.location.part, foot.heading_path) == ("Median, 2024.", "footnotes", ("Waits",))
    assert (comment.text, comment.location.part) == ("Is this right?", "comments")
    assert comment.attributes == (("author", "Reviewer"),)


def test_text_boxes_shapes_and_pictures(tmp_path: Path) -> None:
    body = (
        "<text:p>Before<draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box></draw:frame>"
        "</text:p>"
        "<text:p><draw:g><draw:custom-shape><text:p>On the shape</text:p></draw:custom-shape>"
        "<draw:frame><draw:image/><svg:desc>alt</svg:desc></draw:frame></draw:g></text:p>"
    )
    document = _read(tmp_path, body)
    assert texts(document) == ["Before", "In the box", "On the shape"]
    assert document.warnings == ("1 pictures were not read: text inside them is not searched",)


def test_hidden_and_repeated_text_is_kept_apart(tmp_path: Path) -> None:
    body = (
        '<text:section text:display="none"><text:p>hidden section</text:p></text:section>'
        '<text:section><text:p>Shown <text:span text:style-name="Hid">not shown</text:span></text:p>'
        "</text:section><text:table-of-content><text:index-body><text:p>Carers 3</text:p></text:index-body>"
        "</text:table-of-content>"
    )
    shared = (
        f"<office:document-styles {SPACES}><office:master-styles><style:master-page><style:header>"
        "<text:p>Wexcombe Council</text:p></style:header></style:master-page></office:master-styles>"
        "</office:document-styles>"
    )
    document = _read(tmp_path, body, styles=HIDDEN_TEXT, shared=shared)
    assert texts(document) == ["Shown"]
    assert _left_out(document, ExclusionReason.HIDDEN) == ["hidden section", "not shown"]
    assert _left_out(document, ExclusionReason.CONTENTS) == ["Carers 3"]
    assert _left_out(document, ExclusionReason.FURNITURE) == ["Wexcombe Council"]
    assert document.warnings == ("1 hidden sections were left out",)


def test_bold_line_heads_what_follows(tmp_path: Path) -> None:
    body = '<text:p text:style-name="Bold">Waiting times</text:p><text:p>People wait 23 days.</text:p>'
    document = _read(tmp_path, body, styles=BOLD)
    assert [b.kind for b in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def _cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def test_table_with_header_merged_and_nested(tmp_path: Path) -> None:
    nested = (
        f"<table:table><table:table-row>{_cell('nested')}{_cell('inside')}</table:table-row></table:table>"
    )
    merged = _cell("North", 'table:number-rows-spanned="2"')
    body = (
        "<table:table><table:table-header-rows><table:table-row>"
        f"{_cell('Area')}{_cell('Measure')}{_cell('Wait')}</table:table-row></table:table-header-rows>"
        f"<table:table-row>{merged}{_cell('Reviews')}{_cell('23 days')}"
        "</table:table-row><table:table-row><table:covered-table-cell/>"
        f"{_cell('Assessments')}<table:table-cell><text:p>14 days</text:p>{nested}</table:table-cell>"
        "</table:table-row></table:table>"
    )
    rows = only(_read(tmp_path, body), BlockKind.TABLE_ROW)
    assert [r.text for r in rows] == [
        "Area: North; Measure: Reviews; Wait: 23 days",
        "Measure: Assessments; Wait: 14 days",
        "nested; inside",
    ]
    assert rows[1].context == "Area: North"
    assert [(r.location.table, r.location.row) for r in rows] == [(1, 2), (1, 3), (2, 1)]


@pytest.mark.parametrize("many", ["1000000000", "9" * 5000])
def test_repeats_are_bounded(tmp_path: Path, many: str) -> None:
    cell = _cell("x", f'table:number-columns-repeated="{many}"')
    body = (
        f'<text:p>a<text:s text:c="{many}"/>b</text:p><table:table>'
        f'<table:table-row table:number-rows-repeated="{many}">'
        f"{cell}{_cell('y')}</table:table-row></table:table>"
    )
    document = _read(tmp_path, body)
    assert len(document.blocks) <= 201
    assert max(len(b.text) for b in document.blocks) < 1_000
    assert document.warnings == ("table cells that the file repeats very often were read only so many times",)


def test_many_repeats_together_are_bounded(tmp_path: Path) -> None:
    cell = _cell("y", 'table:number-columns-repeated="999999"')
    rows = f'<table:table-row table:number-rows-repeated="999999">{cell}{cell}</table:table-row>' * 2_000
    document = _read(tmp_path, f"<table:table>{rows}</table:table>")
    assert sum(len(b.text) for b in document.blocks) < 2_000_000


def test_metadata(tmp_path: Path) -> None:
    meta = (
        f"<office:document-meta {SPACES}><office:meta><dc:title>Strategy</dc:title>"
        "<meta:creation-date>2025-03-04T10:00:00</meta:creation-date></office:meta></office:document-meta>"
    )
    document = _read(tmp_path, "<text:p>Text.</text:p>", meta=meta)
    assert document.metadata == (("title", "Strategy"), ("created", "2025-03-04T10:00:00"))


def test_speakers_are_turns(tmp_path: Path) -> None:
    said = [
        ("Facilitator", "What helped you?"),
        ("Carer", "The Tuesday group."),
        ("Carer", "And a phone call."),
    ]
    body = "".join(f"<text:p>{who}: {what}</text:p>" for who, what in said)
    turns = only(_read(tmp_path, body), BlockKind.TURN)
    assert [t.location.speaker for t in turns] == ["Facilitator", "Carer", "Carer"]
    assert turns[1].context == "What helped you?"


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
def test_encrypted_packages_are_named(tmp_path: Path, kind: str) -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    path = write_odf(tmp_path / "a.odt", kind, "", manifest=manifest)
    with pytest.raises(EncryptedFile, match="password"):
        extract_file(path)


@pytest.mark.parametrize(
    "prologue",
    ['<!DOCTYPE d [<!ENTITY x "y">]>', '<!DOCTYPE d SYSTEM "file:///etc/passwd">'],
)
@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
def test_document_type_declarations_are_refused(tmp_path: Path, kind: str, prologue: str) -> None:
    path = write_odf(tmp_path / "a.odt", kind, "<text:p>x</text:p>", prologue=prologue)
    with pytest.raises(DamagedFile, match="document type"):
        extract_file(path)


def test_no_body_is_damage(tmp_path: Path) -> None:
    path = write_odf(tmp_path / "a.odt", "drawing", "<text:p>x</text:p>", mimetype=sniff.ODT)
    with pytest.raises(DamagedFile, match="no body"):
        extract_file(path)
