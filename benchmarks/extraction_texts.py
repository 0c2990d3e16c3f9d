"""PDF files whose text is known, made anew for every run: what errors of extraction are counted against."""

from __future__ import annotations

import html
import json
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

CORPUS = Path(__file__).parents[1] / "corpora" / "passages" / "passages_general.jsonl"
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=8)
BULLET = ParagraphStyle("bullet", parent=BODY, leftIndent=18, bulletIndent=6, spaceAfter=4)
HEADING = ParagraphStyle("heading", parent=BODY, fontName="Helvetica-Bold", fontSize=14, leading=18)


@dataclass
class Known:
    """A file and what it says."""

    name: str
    path: Path
    paragraphs: list[str]
    """Body text in reading order, without headers, footers and contents."""
    rows: list[list[str]] = field(default_factory=list)
    """Cells of a table, its header first; they follow the first half of the paragraphs."""


def passages(seed: int, count: int) -> list[str]:
    """Return invented passages of the repository's own corpus, in an order given by the seed."""
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    texts = [" ".join(json.loads(line)["text"].split()) for line in lines]
    long = [text for text in texts if 200 < len(text) < 700 and text.isascii()]
    return random.Random(seed).sample(long, count)


def make_known_set(folder: Path) -> Iterator[Known]:
    """Write the files, and yield each; the one by LibreOffice only where that is installed."""
    yield _single(folder)
    yield _columns(folder, "two columns", interleaved=False)
    yield _columns(folder, "interleaved columns", interleaved=True)
    yield _furnished(folder)
    yield _tables(folder)
    yield _bullets(folder)
    yield _hyphens(folder)
    yield _footnotes(folder)
    if shutil.which("soffice"):
        yield _libreoffice(folder)


def _build(path: Path, story: Sequence[Any], **more: Any) -> None:  # noqa: ANN401 - as reportlab
    SimpleDocTemplate(str(path), pagesize=A4).build(list(story), **more)


def _single(folder: Path) -> Known:
    path, texts = folder / "single.pdf", passages(1, 24)
    _build(path, [Paragraph(html.escape(text), BODY) for text in texts])
    return Known("single column", path, texts)


def _columns(folder: Path, name: str, *, interleaved: bool) -> Known:
    path, texts = folder / f"{name.replace(' ', '_')}.pdf", passages(2, 24)
    _draw_columns(
        path, [simpleSplit(text, "Times-Roman", 10, 220) for text in texts], interleaved=interleaved
    )
    return Known(name, path, texts)


def _draw_columns(path: Path, paragraphs: Sequence[list[str]], *, interleaved: bool) -> None:
    """Fill two columns a page; a paragraph that does not fit goes on in the next column."""
    canvas = Canvas(str(path), pagesize=A4)
    columns: list[list[tuple[float, str]]] = [[]]
    y = 780.0
    for lines in paragraphs:
        for line in lines:
            if y < 70:
                columns.append([])
                y = 780.0
            columns[-1].append((y, line))
            y -= 12
        y -= 7
    for first in range(0, len(columns), 2):
        drawn = [(x, y, line) for x, c in zip((60, 310), columns[first : first + 2]) for y, line in c]  # noqa: B905
        if interleaved:
            drawn.sort(key=lambda item: (-item[1], item[0]))
        canvas.setFont("Times-Roman", 10)
        for x, y, line in drawn:
            canvas.drawString(x, y, line)
        canvas.showPage()
    canvas.save()


def _furnished(folder: Path) -> Known:
    path, texts = folder / "furnished.pdf", passages(3, 40)
    titles = ["Where we are now", "What people tell us", "What we will do", "How we will know"]
    story: list[Any] = [
        Paragraph(f"{title} {'.' * (100 - len(title))} {2 + 2 * index}", BODY)
        for index, title in enumerate(titles)
    ]
    said = []
    for index, title in enumerate(titles):
        story.append(Paragraph(title, HEADING))
        own = texts[index * 10 : index * 10 + 10]
        story += [Paragraph(html.escape(text), BODY) for text in own]
        said += [title, *own]

    def decorate(canvas: Canvas, template: Any) -> None:  # noqa: ANN401 - reportlab
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, 812, "Adults and Health Committee, 12 March 2026")
        canvas.drawString(72, 36, "Carers strategy 2026 to 2030, draft for consultation")
        canvas.drawRightString(523, 24, f"Page {template.page}")

    _build(path, story, onFirstPage=decorate, onLaterPages=decorate)
    return Known("header, footer, contents", path, said)


def _tables(folder: Path) -> Known:
    path, texts = folder / "tables.pdf", passages(4, 26)
    rows = [["Measure", "What we did", "Result"]]
    rows += [
        [f"Measure {i + 1}", text[: text.find(" ", 90)], f"{60 + i}%"] for i, text in enumerate(texts[6:])
    ]
    cells = [[Paragraph(html.escape(cell), BODY) for cell in row] for row in rows]
    table = Table(cells, colWidths=[90, 280, 60], repeatRows=0)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    before, after = texts[:3], texts[3:6]
    story = [Paragraph(html.escape(t), BODY) for t in before]
    _build(path, [*story, table, *(Paragraph(html.escape(t), BODY) for t in after)])
    return Known("ruled tables", path, [*before, *after], rows)


def _bullets(folder: Path) -> Known:
    path, texts = folder / "bullets.pdf", passages(5, 40)
    story: list[Any] = []
    said = []
    for start in range(0, 40, 5):
        story.append(Paragraph(html.escape(texts[start]), BODY))
        said.append(texts[start])
        for index, text in enumerate(texts[start + 1 : start + 5]):
            short = text[: text.find(" ", 120)]
            story.append(
                Paragraph(html.escape(short), BULLET, bulletText="•" if start % 2 else f"{index + 1}.")
            )
            said.append(short if start % 2 else f"{index + 1}. {short}")
    _build(path, story)
    return Known("bullets and numbers", path, said)


_PARTS = (
    "assess-ment", "sup-port", "com-mun-ity", "care-ful", "per-son", "coun-cil", "ser-vice", "inde-pen-dence",
    "resi-dents", "reable-ment", "safe-guard-ing", "equip-ment", "part-ners", "hos-pital", "work-ers",
    "rev-iew", "mem-bers", "num-ber", "months", "differ-ent", "carers", "meet-ing", "nation-ally", "peo-ple",
    "after", "dis-tricts", "plan-ning", "visit-ing", "fam-ilies", "respon-sible", "infor-mation",
)  # fmt: skip
_BREAKS = {part.replace("-", ""): part.split("-") for part in _PARTS}


def _hyphens(folder: Path) -> Known:
    """Two narrow columns whose words are broken at line ends where the list above says how."""
    path, texts = folder / "hyphens.pdf", passages(6, 24)
    _draw_columns(path, [_hyphenated(text, 170) for text in texts], interleaved=False)
    return Known("hyphens, two columns", path, texts)


def _hyphenated(text: str, width: float) -> list[str]:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if stringWidth(longer, "Times-Roman", 10) <= width:
            line = longer
            continue
        head, tail = _break_word(word, line, width)
        lines.append(f"{line} {head}".strip() if head else line)
        line = tail
    return [*lines, line]


def _break_word(word: str, line: str, width: float) -> tuple[str, str]:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    plain = word.rstrip(".,;:")
    parts = _BREAKS.get(plain.lower(), [plain])
    for cut in range(len(parts) - 1, 0, -1):
        length = sum(map(len, parts[:cut]))
        if stringWidth(f"{line} {plain[:length]}-", "Times-Roman", 10) <= width:
            return f"{plain[:length]}-", plain[length:] + word[len(plain) :]
    return "", word


def _footnotes(folder: Path) -> Known:
    """Numbered notes at the foot of each page, their raised number in the text."""
    path, texts = folder / "footnotes.pdf", passages(7, 24)
    asides = [text[: text.find(" ", 60)] for text in passages(17, 12)]
    canvas = Canvas(str(path), pagesize=A4)
    said = []
    for page in range(4):
        y, notes = 780.0, []
        for index, text in enumerate(texts[page * 6 : page * 6 + 6]):
            lines = simpleSplit(text, "Times-Roman", 11, 450)
            for line in lines:
                canvas.setFont("Times-Roman", 11)
                canvas.drawString(72, y, line)
                y -= 14
            raised = ""
            if index % 2 == 0:
                raised = str(len(notes) + 1 + 3 * page)
                canvas.setFont("Times-Roman", 6)
                canvas.drawString(72 + canvas.stringWidth(lines[-1], "Times-Roman", 11), y + 18, raised)
                notes.append(f"{raised} {asides.pop()}")
            said.append(text + raised)
            y -= 8
        for index, note in enumerate(notes):
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(72, 80 - 10 * index, note)
        said += notes
        canvas.showPage()
    canvas.save()
    return Known("footnotes", path, said)


def _libreoffice(folder: Path) -> Known:
    """Headings, lists and a table by LibreOffice: written as a web page, printed by its writer."""
    texts = passages(8, 20)
    rows = [
        ["Area", "Reviews done", "Waiting"],
        *([f"Area {i}", f"{70 + i}%", str(9 * i)] for i in range(1, 9)),
    ]
    listed = [text[: text.find(" ", 110)] for text in texts[12:]]
    table = "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
        for tag, row in [("th", rows[0]), *(("td", row) for row in rows[1:])]
    )
    body = (
        "<h1>Market position statement</h1>"
        + "".join(f"<p>{html.escape(text)}</p>" for text in texts[:6])
        + f'<table border="1" cellspacing="0">{table}</table><h2>What we will buy</h2>'
        + "".join(f"<p>{html.escape(text)}</p>" for text in texts[6:12])
        + "<ul>"
        + "".join(f"<li>{html.escape(text)}</li>" for text in listed)
        + "</ul>"
    )
    source = folder / "mix.html"
    source.write_text(f'<html><meta charset="utf-8"><body>{body}</body></html>', encoding="utf-8")
    profile = (folder / "profile").as_uri()
    filters = 'pdf:writer_web_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"false"}}'
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", filters]
    subprocess.run(
        [*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=300
    )
    said = ["Market position statement", *texts[:6], "What we will buy", *texts[6:12], *listed]
    return Known("LibreOffice mix", folder / "mix.pdf", said, rows)
