"""The text of a source, and where the other tool's selections are in it.

The standard counts Unicode code points of the text file. Tools differ all the same: some count a byte
order mark, some count the two characters of a Windows line end as one, some count UTF-16 units, so that an
emoji is two. Most tools give each selection the beginning of its words as its name. Where the standard
reading does not fit those names and another one fits more of them, that one is used, and it is said.
"""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path, PurePosixPath
from typing import Final

from evidence_mapper.domain.exchange import QdaSelection, QdaSource
from evidence_mapper.domain.ids import sha256_bytes
from evidence_mapper.errors import ExtractionError, LimitExceeded, UnsupportedFormat
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.refi.package import RefiPackage

_LINE_END: Final = re.compile("\r\n|\r|\n")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BOM: Final = "\ufeff"
_JUDGED: Final = 500
"""Most selections whose names are looked at to judge how offsets count."""
_BEGINNING: Final = 40
"""Characters of a name that must be those of the text."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source's text as it is kept here."""

    text: str
    """Verbatim but for line ends, each one newline, a byte order mark, which is dropped, and control
    characters, each one U+FFFD."""
    file_sha256: str
    """Of the text file; of the text in UTF-8 where it was in the XML."""
    spans: tuple[tuple[int, int] | None, ...]
    """Of each selection, half-open, in ``text``; None where it marks nothing."""
    counted: str
    """How the other tool counts; empty when it is as the standard says."""
    unlike: int
    """Selections whose name is not the beginning of what they mark, where most names are."""
    remarks: tuple[str, ...]
    """What was changed in the text."""


def read_text(
    package: RefiPackage, source: QdaSource, limits: Limits, *, folder: Path | None = None
) -> SourceText:
    """Read a source's text and place its selections.

    Parameters
    ----------
    package
        The open file.
    source
        One of its sources.
    limits
        Caps on a text file outside the package.
    folder
        Where text files outside the package may be; None reads none.

    Raises
    ------
    ExtractionError
        The text is not there, or cannot be read.
    """
    if source.inline is not None:
        raw, data = source.inline, source.inline.encode("utf-8", "surrogatepass")
        remarks: tuple[str, ...] = ()
    else:
        data = _bytes(package, source, limits, folder)
        decoded = decode(data)
        raw, remarks = decoded.text, decoded.warnings
        if decoded.encoding != "utf-8":
            remarks = (*remarks, f"the text is {decoded.encoding}, not UTF-8 as the standard asks")
        if data.startswith(codecs.BOM_UTF8):
            raw = _BOM + raw
    text, changed = _plain(raw)
    counted, spans = _placed(raw, text, source.selections)
    found = [_likeness(text, span, s.name) for span, s in zip(spans, source.selections, strict=True)]
    fitting = sum(1 for likeness in found if likeness)
    unlike = found.count(0) if fitting > found.count(0) else 0
    return SourceText(text, sha256_bytes(data), spans, counted, unlike, (*remarks, *changed))


def read_file(package: RefiPackage, path: str, limits: Limits, *, folder: Path | None = None) -> bytes:
    """Return a file that a project names, such as a PDF: from the package, or from the folder given.

    Raises
    ------
    ExtractionError
        It is not there, too large, or cannot be read.
    """
    return _bytes(package, QdaSource("", PurePosixPath(path).name, path), limits, folder)


def _bytes(package: RefiPackage, source: QdaSource, limits: Limits, folder: Path | None) -> bytes:
    scheme, mark, rest = source.path.partition("://")
    if not mark:
        scheme, rest = "internal", source.path
    if scheme.lower() == "internal":
        data = package.member(rest)
        if data is None:
            raise UnsupportedFormat(f"{source.name}: its text {source.path} is not in the package")
        return data
    if folder is None:
        raise UnsupportedFormat(
            f"{source.name}: its text lies outside the package ({source.path}); name the folder it is in "
            "with --sources"
        )
    path = _outside(folder, rest)
    if path is None:
        raise UnsupportedFormat(f"{source.name}: no {PurePosixPath(rest).name} in {folder}")
    if path.stat().st_size > limits.file_bytes:
        raise LimitExceeded(f"{source.name}: over {limits.file_bytes / 2**20:.0f} MB; it was not read")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExtractionError(f"{source.name}: {path} cannot be read: {error.strerror or error}") from error


def _outside(folder: Path, named: str) -> Path | None:
    """Return a file below the folder: by the path that is named, else by its name; never outside it."""
    parts = [p for p in re.split(r"[/\\]", named) if p and p not in (".", "..") and not p.endswith(":")]
    root = folder.resolve()
    for tail in (parts, parts[-1:]):
        path = root.joinpath(*tail).resolve()
        if tail and path.is_file() and path.is_relative_to(root):
            return path
    return None


def _plain(raw: str) -> tuple[str, list[str]]:
    text = _LINE_END.sub("\n", raw.removeprefix(_BOM))
    text, controls = _CONTROL.subn("\ufffd", text)
    changed = [f"{controls} control characters became U+FFFD"] if controls else []
    if "\r" in raw:
        changed.append("line ends became one newline each")
    return text, changed


def _placed(
    raw: str, text: str, selections: Sequence[QdaSelection]
) -> tuple[str, tuple[tuple[int, int] | None, ...]]:
    has_bom, has_pairs = raw.startswith(_BOM), any(c > "\uffff" for c in text)
    no, either = (False,), (False, True)
    ways = list(
        product(
            either if has_bom else no,
            either if "\r\n" in raw else no,
            either if has_pairs else no,
        )
    )
    # The standard's way comes first, and stays where no other fits better.
    ways.sort(key=lambda way: (sum(way), not way[0]))
    best, best_fits = _spans(raw, text, selections, ways[0]), (-1, 0)
    chosen = ways[0]
    for way in ways if len(ways) > 1 else ():
        spans = _spans(raw, text, selections, way)
        judged = list(zip(spans, selections, strict=True))[:_JUDGED]
        # White space at an end does not count against a name, but decides between ways that fit alike.
        exact = sum(span is not None and text[slice(*span)] == s.name for span, s in judged)
        fits = (sum(_likeness(text, span, s.name) or 0 for span, s in judged), exact)
        if fits > best_fits:
            best, best_fits, chosen = spans, fits, way
    return _words(chosen), best


def _words(way: tuple[bool, bool, bool]) -> str:
    said = ("the byte order mark", "each Windows line end as one character", "UTF-16 units")
    return " and ".join(words for words, is_so in zip(said, way, strict=True) if is_so)


def _spans(
    raw: str, text: str, selections: Sequence[QdaSelection], way: tuple[bool, bool, bool]
) -> tuple[tuple[int, int] | None, ...]:
    """Return the spans when offsets count the byte order mark, line ends as one, UTF-16 units, or not."""
    with_bom, ends_as_one, units = way
    starts: array[int] | None = None
    if with_bom or units or ("\r\n" in raw and not ends_as_one):
        widths = [len(c.encode("utf-16-le")) // 2 if units else 1 for c in text]
        if not ends_as_one and "\r\n" in raw:
            body = raw.removeprefix(_BOM)
            ends = (m.end() - m.start() for m in _LINE_END.finditer(body))
            widths = [next(ends) if c == "\n" else w for c, w in zip(text, widths, strict=True)]
        starts = array("q", accumulate(widths, initial=1 if with_bom else 0))
    length = len(text)

    def place(offset: int) -> int:
        return offset if starts is None else bisect_left(starts, offset)

    found: list[tuple[int, int] | None] = []
    for selection in selections:
        start, end = place(selection.start), place(selection.end)
        is_words = selection.start >= 0 and start < end <= length and not text[start:end].isspace()
        found.append((start, end) if is_words else None)
    return tuple(found)


def _likeness(text: str, span: tuple[int, int] | None, name: str) -> int | None:
    """Return 2 where a name is what is marked, 1 where it is its beginning, 0 where not, None: no name."""
    said = _one_line(name.rstrip("….").rstrip())
    if not said:
        return None
    if span is None:
        return 0
    marked = text[span[0] : min(span[1], span[0] + 4 * len(name) + 8)]
    if _one_line(name) == _one_line(marked):
        return 2
    words = _one_line(marked)
    most = min(len(said), len(words), _BEGINNING)
    return int(bool(most) and said[:most] == words[:most])


def _one_line(text: str) -> str:
    return " ".join(text.split())
