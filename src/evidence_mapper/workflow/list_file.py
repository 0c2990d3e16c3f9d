"""Lists for whoever is to see to something, as CSV files for a spreadsheet: one writer and one reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.errors import UsageError

_MARK = b"\xef\xbb\xbf"
_YES: Final = frozenset({"yes", "y", "x", "1", "true"})
_NO: Final = frozenset({"", "no", "n", "0", "false"})


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A list that a person filled in, as messages speak of it."""

    what: str
    """Such as ``mapping file``."""
    columns: tuple[str, ...]
    """Those it cannot do without."""
    maker: str
    """What makes one when run without ``--mapping``."""
    undone: str
    """What did not happen when it cannot be used, such as ``nothing was imported``."""

    def rows(self, path: Path) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield where each row stands and its cells by column, verbatim; a cell that is not there is empty.

        Raises
        ------
        UsageError
            The file cannot be read, or lacks a column.
        """
        from evidence_mapper.export.spreadsheet import verbatim
        from evidence_mapper.extract.encoding import decode

        try:
            text = decode(path.read_bytes()).text
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror or error}; {self.undone}") from error
        first = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
        missing = [name for name in self.columns if name not in (reader.fieldnames or ())]
        if missing:
            raise UsageError(
                f"{path} is no {self.what}: it has no column {', '.join(missing)}. "
                f"{self.undone.capitalize()}; run {self.maker} without --mapping to have one made"
            )
        for line in reader:
            row = {name: verbatim(c) if isinstance(c, str) else "" for name, c in line.items() if name}
            yield f"{path} line {reader.line_num}", row

    def confirmed(self, cell: str, where: str) -> bool:
        """Return whether a cell says yes; an empty one says no.

        Raises
        ------
        UsageError
            It says neither.
        """
        said = cell.strip().casefold()
        if said not in _YES | _NO:
            raise UsageError(f"{where}: confirm says '{cell}', neither yes nor no; {self.undone}")
        return said in _YES


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
