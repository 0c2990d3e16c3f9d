"""Writes one case's folder: running notes, and papers of their own in text, Word and HTML."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import docx

from case_corpus.read import Case, Entry
from demo_corpus.fixed import AUTHOR, WRITTEN, repack_zip

_RUNNING: Final = frozenset({"contact", "note", "move", "discharge", "safeguarding"})
_TITLES: Final = {
    "contact": "Contact",
    "note": "Case note",
    "move": "Move",
    "discharge": "Hospital discharge",
    "safeguarding": "Safeguarding",
    "assessment": "Care Act assessment of needs",
    "carer": "Carer's assessment",
    "finance": "Financial assessment",
    "plan": "Care and support plan",
    "review": "Review of care and support",
    "letter": "Letter",
}
_FORMATS: Final = {
    "assessment": (".docx", ".html", ".docx", ".txt"),
    "carer": (".docx", ".txt"),
    "finance": (".html",),
    "plan": (".html", ".docx"),
    "review": (".txt", ".docx", ".html"),
    "letter": (".txt",),
}
_CONSENT: Final = {
    "yes": "Agrees to the record being used for case tracking and learning: yes, asked and noted",
    "no": "Agrees to the record being used for case tracking and learning: no",
    "unknown": "Agrees to the record being used for case tracking and learning: not asked",
}
_COMPLAINT: Final = {"none": "Open complaint: none", "open": "Open complaint: yes, not yet answered"}


def write_case(case: Case, folder: Path, number: int) -> None:
    """Write a case's papers; ``number`` chooses the manner of the notes and the formats."""
    folder.mkdir(parents=True, exist_ok=True)
    running = [entry for entry in case.entries if entry.kind in _RUNNING]
    _write_text(folder / "01-case-notes.txt", _notes(case, running, number))
    own = [entry for entry in case.entries if entry.kind not in _RUNNING]
    for place, entry in enumerate(own, start=2):
        choices = _FORMATS[entry.kind]
        suffix = choices[number % len(choices)]
        path = folder / f"{place:02}-{entry.kind.replace('carer', 'carers-assessment')}{suffix}"
        _write_paper(path, case, entry, number)


def _notes(case: Case, entries: Sequence[Entry], number: int) -> str:
    head = [
        "CASE NOTES",
        "",
        f"Person: {case.name}",
        f"Age: {case.age}",
        f"Record: {case.id}",
        f"Team: {case.team}",
        f"Services: {', '.join(case.services)}",
        _CONSENT[case.consent],
        _COMPLAINT[case.complaint],
    ]
    body: list[str] = []
    for entry in entries:
        body += ["", _heading(entry, number), "", entry.words]
    return "\n".join([*head, *body])


def _heading(entry: Entry, number: int) -> str:
    """Return a dated heading, each team in its own manner."""
    day, title = entry.day, _TITLES[entry.kind]
    manners = (
        f"{day:%d/%m/%Y} {entry.worker}: {title}",
        f"{_long(day)} - {title} - {entry.worker}",
        f"{day.isoformat()} | {entry.worker} | {title}",
        f"{day:%a} {day.day}/{day.month}/{day:%y} {title} ({entry.worker})",
    )
    return manners[number % len(manners)]


def _write_paper(path: Path, case: Case, entry: Entry, number: int) -> None:
    title = f"{_TITLES[entry.kind]}: {case.name}"
    facts = [("Record", case.id), ("Date", _long(entry.day)), ("Team", case.team)]
    if entry.kind != "letter":
        facts.insert(2, ("Worker", entry.worker))
    paragraphs = _paragraphs(entry.words, 2 + number % 2)
    if path.suffix == ".txt":
        head = title if entry.kind != "letter" else f"Letter on the record of {case.name}"
        sender = [f"From: {entry.worker}"] if entry.kind == "letter" else []
        lines = [head, "", *(f"{name}: {value}" for name, value in facts), *sender]
        for paragraph in paragraphs:
            lines += ["", paragraph]
        _write_text(path, "\n".join(lines))
    elif path.suffix == ".html":
        _write_html(path, title, facts, paragraphs)
    else:
        _write_docx(path, title, facts, paragraphs)


def _write_docx(path: Path, title: str, facts: Sequence[tuple[str, str]], paragraphs: Sequence[str]) -> None:
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, AUTHOR, AUTHOR
    properties.created = properties.modified = WRITTEN
    document.add_heading(title, 1)
    table = document.add_table(rows=0, cols=2)
    for name, value in facts:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    for paragraph in paragraphs:
        document.add_paragraph(_curly(paragraph))
    packed = io.BytesIO()
    document.save(packed)
    repack_zip(packed.getvalue(), path)


def _write_html(path: Path, title: str, facts: Sequence[tuple[str, str]], paragraphs: Sequence[str]) -> None:
    rows = "".join(f"<tr><th>{html.escape(n)}</th><td>{html.escape(v)}</td></tr>\n" for n, v in facts)
    body = "".join(f"<p>{html.escape(_curly(p), quote=False)}</p>\n" for p in paragraphs)
    page = (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"</head><body>\n<h1>{html.escape(title)}</h1>\n<table>\n{rows}</table>\n{body}</body></html>\n"
    )
    path.write_bytes(page.encode("utf-8"))


def _write_text(path: Path, text: str) -> None:
    path.write_bytes((text + "\n").replace("\n", "\r\n").encode("utf-8"))


def _paragraphs(words: str, sentences: int) -> list[str]:
    """Return the words in paragraphs of a few sentences each; a quotation is never cut."""
    found: list[str] = []
    count = 0
    for piece in words.split(". "):
        if found and (count < sentences or found[-1].count('"') % 2):
            found[-1] += f". {piece}"
        else:
            if found:
                found[-1] += "."
            found.append(piece)
            count = 0
        count += 1
    return found


def _curly(words: str) -> str:
    """Return words with typographic quotation marks."""
    opening, out = True, []
    for char in words:
        if char == '"':
            out.append("“" if opening else "”")
            opening = not opening
        else:
            out.append("’" if char == "'" else char)
    return "".join(out)


def _long(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
