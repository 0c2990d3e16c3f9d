"""OpenDocument packages and presentations written part by part."""

from __future__ import annotations

from pathlib import Path

from office_files import write_zip

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "office": f"{_OASIS}office:1.0",
        "text": f"{_OASIS}text:1.0",
        "table": f"{_OASIS}table:1.0",
        "draw": f"{_OASIS}drawing:1.0",
        "presentation": f"{_OASIS}presentation:1.0",
        "style": f"{_OASIS}style:1.0",
        "fo": f"{_OASIS}xsl-fo-compatible:1.0",
        "svg": f"{_OASIS}svg-compatible:1.0",
        "meta": f"{_OASIS}meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)
HIDDEN_TEXT = (
    '<style:style style:name="Hid" style:family="text">'
    '<style:text-properties text:display="none"/></style:style>'
)
BOLD = (
    '<style:style style:name="Bold" style:family="paragraph">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)


def write_odf(
    path: Path, kind: str, body: str, *, styles: str = "", prologue: str = "", **parts: str | bytes
) -> Path:
    """Write a package of ``text``, ``spreadsheet`` or ``presentation`` from the inner XML of its body."""
    content = (
        f"{prologue}<office:document-content {SPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    written: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
    }
    names = {"shared": "styles.xml", "meta": "meta.xml", "manifest": "META-INF/manifest.xml"}
    for name, inner in parts.items():
        written[names.get(name, name)] = inner
    return write_zip(path, written)


def sheet(*rows: str, name: str = "Sheet1", columns: str = "", style: str = "") -> str:
    return (
        f'<table:table table:name="{name}" table:style-name="{style}">{columns}{"".join(rows)}</table:table>'
    )


def sheet_row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def text_cell(text: str, attributes: str = "", inner: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}>{inner}<text:p>{text}</text:p>'
        "</table:table-cell>"
    )
