from __future__ import annotations

from pathlib import Path

import pytest
from office_files import only, texts

from evidence_mapper.domain.document import BlockKind, ExclusionReason, ExtractedDocument
from evidence_mapper.errors import EmptyFile
from evidence_mapper.extract.registry import extract_file


def _read(path: Path, page: str | bytes) -> ExtractedDocument:
    (path / "a.html").write_bytes(page if isinstance(page, bytes) else page.encode())
    return extract_file(path / "a.html")


def test_structure(tmp_path: Path) -> None:
    page = """<!doctype html><html><head><title>Case &amp; record</title><style>p{}</style></head><body>
    <nav>Home | About</nav><h1>Visit</h1><p>Seen at <b>home</b>&nbsp;&ndash; caf&eacute;.<br>Second line.</p>
    <h2>Needs</h2><ul><li>Help with <a href="#">meals</a></li><li><p>Company</p></li></ul>
    <div>Loose text<div>inner</div>tail</div><script>var x = "no";</script>
    <p hidden>Not shown</p><p style="display: none">Nor this</p><footer>Contact us</footer></body></html>"""
    document = _read(tmp_path, page)
    assert [(b.kind, b.text, b.heading_path) for b in document.blocks] == [
        (BlockKind.HEADING, "Visit", ()),
        (BlockKind.PARAGRAPH, "Seen at home – café.\nSecond line.", ("Visit",)),
        (BlockKind.HEADING, "Needs", ("Visit",)),
        (BlockKind.LIST_ITEM, "Help with meals", ("Visit", "Needs")),
        (BlockKind.LIST_ITEM, "Company", ("Visit", "Needs")),
        (BlockKind.PARAGRAPH, "Loose text", ("Visit", "Needs")),
        (BlockKind.PARAGRAPH, "inner", ("Visit", "Needs")),
        (BlockKind.PARAGRAPH, "tail", ("Visit", "Needs")),
    ]
    assert [b.location.paragraph for b in document.blocks] == list(range(1, 9))
    assert document.metadata == (("title", "Case & record"),)
    left_out = {(e.text, e.reason) for e in document.exclusions}
    assert left_out == {
        ("Home | About", ExclusionReason.FURNITURE),
        ("Contact us", ExclusionReason.FURNITURE),
        ("Not shown", ExclusionReason.HIDDEN),
        ("Nor this", ExclusionReason.HIDDEN),
    }


def test_tables(tmp_path: Path) -> None:
    page = """<table><tr><td><table><tr><th>Area</th><th>Result</th></tr><tr><td>North</td><td>4</td></tr>
    </table></td></tr></table><table><tr><td>Only a layout cell with words.</td></tr></table>"""
    document = _read(tmp_path, f"<html>{page}</html>")
    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.TABLE_ROW, "Area: North; Result: 4"),
        (BlockKind.PARAGRAPH, "Only a layout cell with words."),
    ]
    assert only(document, BlockKind.TABLE_ROW)[0].location.row == 2


@pytest.mark.parametrize(
    "page",
    [
        '<meta charset="windows-1252"><p>café – here'.encode("cp1252"),
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>café – here'.encode(
            "cp1252"
        ),
        "\ufeff<p>café – here".encode(),
        "<p>café – here".encode("utf-16"),
        "<?xml version='1.0' encoding='utf-8'?><html><p>café – here</p></html>".encode(),
        "<p>caf&#233; &#8211; he\u00adre&#x202e;".encode(),
        '<meta charset="nonsense"><p>café – here'.encode(),
    ],
)
def test_encodings_and_entities(tmp_path: Path, page: bytes) -> None:
    assert texts(_read(tmp_path, b"<html>" * (not page.startswith((b"\xff", b"\xef", b"<?"))) + page)) == [
        "café – here"
    ]


def test_deep_nesting_is_refused_or_read_but_never_hangs(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="Excessive depth"):
        _read(tmp_path, "<!doctype html>" + "<div>" * 100_000 + "Words")


def test_text_under_deep_nesting_is_kept_where_the_parser_gives_it(tmp_path: Path) -> None:
    deep = _read(tmp_path, "<!doctype html><p>Before.</p>" + "<div>" * 300 + "<p>Inside.</p>")
    assert texts(deep) == ["Before."]
    assert "was not read" in deep.warnings[0]
    page = "<!doctype html><p>Before.</p>" + "<div>" * 120 + "<p>Inside.</p>" + "</div>" * 120
    assert texts(_read(tmp_path, page)) == ["Before.", "Inside."]


def test_page_without_text_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        _read(tmp_path, "<!doctype html><html><body><script>1</script></body></html>")


def test_broken_markup_is_read(tmp_path: Path) -> None:
    assert texts(_read(tmp_path, "<!doctype html><p>One <b>two<p>Three</i>")) == ["One two", "Three"]


def test_key_and_value_tables(tmp_path: Path) -> None:
    marked = "<tr><th>Carer</th><td>T. P.</td></tr><tr><th>Cares for</th><td>Her father</td></tr>"
    plain = (
        "<tr><td>Record</td><td>BK-1</td></tr><tr><td>Seen by</td><td>Duty worker</td></tr>"
        "<tr><td>Date</td><td>3 July 2025</td></tr>"
    )
    document = _read(tmp_path, f"<html><table>{marked}</table><table>{plain}</table></html>")
    assert texts(document) == [
        "Carer: T. P.", "Cares for: Her father", "Record: BK-1", "Seen by: Duty worker", "Date: 3 July 2025",
    ]  # fmt: skip


def test_tables_in_a_page_are_rows_and_never_survey_answers(tmp_path: Path) -> None:
    page = "<tr><th>What</th><th>Who</th></tr>" + "".join(
        f"<tr><td>{what}</td><td>Ify with Rosa, her assistant</td></tr>"
        for what in ("Planning the week on the fridge chart", "Kitchen skills at the community cafe")
    )
    rows = only(_read(tmp_path, f"<html><table>{page}</table></html>"), BlockKind.TABLE_ROW)
    assert rows[0].text == "What: Planning the week on the fridge chart; Who: Ify with Rosa, her assistant"
