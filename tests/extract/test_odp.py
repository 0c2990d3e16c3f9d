from __future__ import annotations

from pathlib import Path

from odf_files import write_odf
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExclusionReason
from evidence_mapper.extract import sniff
from evidence_mapper.extract.registry import extract_file

_HIDDEN = (
    '<style:style style:name="off" style:family="drawing-page">'
    '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
)


def _box(text: str, x: str, y: str, kind: str = "", name: str = "") -> str:
    return (
        f'<draw:frame presentation:class="{kind}" draw:name="{name}" svg:x="{x}" svg:y="{y}" svg:width="9cm" '
        f'svg:height="2cm"><draw:text-box>{text}</draw:text-box></draw:frame>'
    )


def test_slides_in_reading_order_with_notes_comments_and_hidden_ones(tmp_path: Path) -> None:
    table = (
        '<draw:frame draw:name="T" svg:x="1cm" svg:y="15cm" svg:width="9cm" svg:height="2cm"><table:table>'
        "<table:table-row><table:table-cell><text:p>Area</text:p></table:table-cell><table:table-cell><text:p>Wait"
        "</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>North</text:p>"
        "</table:table-cell><table:table-cell><text:p>23 days</text:p></table:table-cell></table:table-row>"
        "</table:table></draw:frame>"
    )
    notes = _box("<text:p>Say it slowly.</text:p>", "1cm", "1cm", "notes")
    first = (
        _box("<text:p>right</text:p>", "12cm", "5cm", name="R")
        + _box("<text:p>left</text:p>", "1cm", "5.3cm", name="L")
        + table
        + _box("<text:p>Priorities</text:p>", "1cm", "1cm", "title", "Title")
        + _box("<text:p>7</text:p>", "20cm", "19cm", "page-number")
        + _box(
            "<text:list><text:list-item><text:p>Prevention</text:p></text:list-item></text:list>",
            "1cm",
            "10cm",
        )
        + "<office:annotation><dc:creator>Ann</dc:creator><text:p>Which year?</text:p></office:annotation>"
        + f"<presentation:notes>{notes}</presentation:notes>"
    )
    body = (
        f"<draw:page>{first}</draw:page>"
        f'<draw:page draw:style-name="off">{_box("<text:p>Backup slide</text:p>", "1cm", "1cm")}</draw:page>'
    )
    document = extract_file(write_odf(tmp_path / "a.odp", "presentation", body, styles=_HIDDEN))
    assert document.media_type == sniff.ODP
    assert texts(document) == [
        "Priorities", "left", "right", "Prevention", "Area: North; Wait: 23 days", "Say it slowly.",
        "Which year?",
    ]  # fmt: skip
    assert document.blocks[1].heading_path == ("Priorities",)
    assert document.blocks[1].location.label() == "slide 1, L"
    assert [n.location.part for n in only(document, BlockKind.NOTE)] == ["notes", "comments"]
    assert document.warnings == ("slide 2 is hidden and was left out",)
    reasons = {e.text: e.reason for e in document.exclusions}
    assert reasons == {"7": ExclusionReason.FURNITURE, "Backup slide": ExclusionReason.HIDDEN}
