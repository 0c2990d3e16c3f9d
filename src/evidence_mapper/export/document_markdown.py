"""A document as Markdown (CommonMark with tables); text from documents can never become mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from evidence_mapper.export.document import (
    Bullets,
    DocumentInfo,
    Element,
    Grid,
    Heading,
    Paragraph,
    Run,
    Style,
    printable,
)

# Characters that mean something anywhere in a line; "&" for entities, ":" and "@" would only make links
# in dialects, where the address is the same.
_MARKS: Final = re.compile(r"(?<=[ \t])(_+)(?=\s|$)|([\\`*_\[\]<>|~&$#!])")
"""A line of underscores to write on is no mark: nothing touches it."""
_LIST: Final = re.compile(r"^(\s*)([-+=]|\d{1,9}[.)])", re.MULTILINE)
_BEFORE: Final = {
    Style.BODY: "",
    Style.OFFICIAL: "> ",
    Style.CONTEXT: "",
    Style.QUOTE: "> ",
    Style.SOURCE: "",
    Style.CLAIM: "",
    Style.NOTICE: "",
}


def write_markdown(elements: Iterable[Element], info: DocumentInfo, stream: BinaryIO) -> None:
    """Write a document; see :class:`~evidence_mapper.export.document.DocumentWriter`.

    ``info`` is not written: the first heading is the title.
    """
    del info
    for number, element in enumerate(elements):
        block = "\n".join(_block(element))
        stream.write((("\n" if number else "") + block + "\n").encode("utf-8"))


def _block(element: Element) -> Iterator[str]:
    if isinstance(element, Heading):
        # Level 0 and 1 are told apart by depth: the title has one mark, themes two.
        yield f"{'#' * (element.level + 1)} {_line(element.text)}"
    elif isinstance(element, Bullets):
        yield from (f"- {_line(item)}" for item in element.items)
    elif isinstance(element, Grid):
        yield from _grid(element)
    else:
        before = _BEFORE[element.style]
        lines = _runs(element).split("\n")
        # Two spaces at the end keep a line break inside a paragraph.
        yield from (f"{before}{line}{'  ' if n < len(lines) else ''}" for n, line in enumerate(lines, 1))


def _grid(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(_line(name) or ' ' for name in grid.header)} |"
    yield f"|{'|'.join(' --- ' for _ in grid.header)}|"
    for row in grid.rows:
        yield f"| {' | '.join(_cell(cell) or ' ' for cell in row)} |"


def _cell(paragraphs: tuple[Paragraph, ...]) -> str:
    return "<br><br>".join(_runs(p).replace("\n", "<br>") for p in paragraphs)


def _runs(paragraph: Paragraph) -> str:
    return _lines("".join(_run(run) for run in paragraph.runs))


def _run(run: Run) -> str:
    shown = _marks_escaped(run.text)
    core = shown.strip()
    if not run.bold or not core:
        return shown
    # Marks of emphasis must touch the words they are for, and end in the line they began in.
    start = shown.index(core)
    bold = "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in core.split("\n"))
    return shown[:start] + bold + shown[start + len(core) :]


def _line(words: str) -> str:
    return escaped(" ".join(printable(words).split()))


def escaped(words: str) -> str:
    """Return text in which nothing is mark-up; a reader shows the words as they were.

    White space at both ends of a line is dropped and blank lines are left out, as every reader does.
    """
    return _lines(_marks_escaped(words))


def _marks_escaped(words: str) -> str:
    return _MARKS.sub(lambda mark: mark[1] or "\\" + mark[2], printable(words))


def _lines(marked: str) -> str:
    lines = (line.strip() for line in marked.split("\n"))
    return _LIST.sub(_list_escaped, "\n".join(line for line in lines if line))


def _list_escaped(match: re.Match[str]) -> str:
    space, mark = match[1], match[2]
    return f"{space}{mark[:-1]}\\{mark[-1]}"
