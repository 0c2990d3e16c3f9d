"""Tagged papers with running headers and footers, written by Word's format and printed by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from extraction_texts import passages


def make_artefact_set(folder: Path) -> list[Path]:
    """Return tagged PDF files whose headers and footers are marked as such; none without LibreOffice."""
    if not shutil.which("soffice"):
        return []
    makers: dict[str, Callable[[Any], None]] = {"plain": _plain, "odd_even": _odd_even, "tables": _tables}
    sources = []
    for seed, (name, furnish) in enumerate(makers.items(), 30):
        document = docx.Document()
        furnish(document)
        _fill(document, seed, tables=name == "tables")
        document.save(str(folder / f"{name}.docx"))
        sources.append(str(folder / f"{name}.docx"))
    filters = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", filters, "--outdir", str(folder), *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [Path(source).with_suffix(".pdf") for source in sources]


def _fill(document: Any, seed: int, *, tables: bool) -> None:  # noqa: ANN401 - python-docx's document
    texts = passages(seed, 90)
    for part in range(6):
        document.add_heading(f"{part + 1}. Part {part + 1} of the report", 1)
        for text in texts[part * 15 : part * 15 + 15]:
            document.add_paragraph(text)
        if tables:
            _table(document, part)


def _table(document: Any, part: int) -> None:  # noqa: ANN401 - python-docx's document
    """Add a table over more than a page, its head repeated on every page."""
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    for index in range(45):
        cells = table.add_row().cells
        row = (
            ("Measure", "Target", "Result")
            if index == 0
            else (f"Measure {part}.{index}", "90%", f"{index + 40}%")
        )
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other door
    properties.append(OxmlElement("w:tblHeader"))


def _number(paragraph: Any) -> None:  # noqa: ANN401 - python-docx's paragraph
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no other door


def _plain(document: Any) -> None:  # noqa: ANN401 - python-docx's document
    section = document.sections[0]
    section.header.paragraphs[0].text = "Adult Social Care and Health Committee"
    _number(section.footer.paragraphs[0])


def _odd_even(document: Any) -> None:  # noqa: ANN401 - python-docx's document
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.header.paragraphs[0].text = "Market position statement 2026"
    section.even_page_header.paragraphs[0].text = "Wexcombe County Council"
    for footer in (section.footer, section.even_page_footer):
        footer.paragraphs[0].text = "Page "
        _number(footer.paragraphs[0])


def _tables(document: Any) -> None:  # noqa: ANN401 - python-docx's document
    section = document.sections[0]
    section.header.paragraphs[0].text = "Quarter 2 performance report, appendix A"
    section.footer.paragraphs[0].text = "Official - sensitive, Wexcombe County Council, "
    _number(section.footer.paragraphs[0])
