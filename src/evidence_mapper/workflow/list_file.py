"""Lists for whoever is to see to something, as CSV files that a spreadsheet opens: one writer for all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from evidence_mapper.errors import UsageError

_MARK = b"\xef\xbb\xbf"


def check_list_file(path: Path, columns: Sequence[str], *, what: str, example: str) -> None:
    """Refuse a place where a list cannot go, before any work is done.

    Parameters
    ----------
    path
        The file to make, or the list of an earlier time to replace.
    columns
        The list's header.
    what, example
        What the list is, and a name for it; for messages.

    Raises
    ------
    UsageError
        A folder, a file that is something else, or no folder to put it in.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Give the name of a file, such as {path / example}")
    if not path.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {path.parent}. Make it and run it again")
    if path.exists():
        with path.open("rb") as stream:
            first = stream.readline(200)
        if first.strip() and not first.startswith(_MARK + ",".join(columns).encode()):
            raise UsageError(f"{path} holds something else than {what}; give another name")


def write_list_file(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], *, overwrite: bool
) -> int:
    """Write a list; return the number of rows. UTF-8 with a byte order mark; no cell is run as a formula.

    Raises
    ------
    ExportError
        The file is there and is not to be replaced, or cannot be written.
    """
    from evidence_mapper.export.files import write_atomically
    from evidence_mapper.export.spreadsheet import encodable, neutral

    cells = [[neutral(encodable(cell)) for cell in row] for row in rows]

    def write(stream: BinaryIO) -> int:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(cells)
        stream.write(_MARK + text.getvalue().encode("utf-8"))
        return len(cells)

    return write_atomically(path, write, overwrite=overwrite)
