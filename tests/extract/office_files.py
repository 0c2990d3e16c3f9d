"""Office packages written part by part, for what the usual libraries cannot write."""

from __future__ import annotations

import zipfile
from pathlib import Path

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def types(main: str) -> str:
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/main.xml" ContentType="application/vnd.openxmlformats-officedocument.{main}"/>'
        "</Types>"
    )


DOCX_TYPES = types("wordprocessingml.document.main+xml")
XLSX_TYPES = types("spreadsheetml.sheet.main+xml")


def relations(*pairs: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def write_zip(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def write_docx(path: Path, body: str, *, namespace: str = W, prologue: str = "", **parts: str) -> Path:
    """Write a DOCX; each further part is its inner XML: ``footnotes``, ``comments``, ``styles`` ..."""
    roots = {"header": "hdr", "footer": "ftr"}
    space = f'xmlns:w="{namespace}" {_SPACES}'
    written: dict[str, str | bytes] = {
        "[Content_Types].xml": DOCX_TYPES,
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"{prologue}<w:document {space}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(*((kind, f"{kind}.xml") for kind in parts)),
    }
    for kind, inner in parts.items():
        root = roots.get(kind, kind)
        written[f"word/{kind}.xml"] = f"<w:{root} {space}>{inner}</w:{root}>"
    return write_zip(path, written)


def write_xlsx(
    path: Path,
    rows: str,
    *,
    workbook: str = '<sheet name="Sheet1" sheetId="1" r:id="rId1"/>',
    prologue: str = "",
    **parts: str,
) -> Path:
    """Write a workbook of one sheet from the inner XML of ``sheetData``."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    written: dict[str, str | bytes] = {
        "[Content_Types].xml": XLSX_TYPES,
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{_RELATION}"><sheets>{workbook}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "sheet1.xml"), *((kind, f"{kind}.xml") for kind in parts)
        ),
        "xl/sheet1.xml": (f'{prologue}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'),
    }
    for kind, inner in parts.items():
        written[f"xl/{kind}.xml"] = inner.replace("<sst>", f'<sst xmlns="{main}">')
    return write_zip(path, written)


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def texts(document: ExtractedDocument, kind: BlockKind | None = None) -> list[str]:
    return [b.text for b in document.blocks if kind is None or b.kind is kind]


def only(document: ExtractedDocument, kind: BlockKind) -> list[Block]:
    return [b for b in document.blocks if b.kind is kind]
