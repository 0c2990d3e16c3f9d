"""The list of what an exchange file could not carry, as a file for whoever is to see to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.exchange import LOSS_COLUMNS, LossReport
from evidence_mapper.errors import UsageError

SAY_MORE: Final = "Each one by name: evidence-mapper refi export OUTPUT --loss-report losses.csv"


def check_loss_file(path: Path) -> None:
    """Refuse a place where the list cannot go, before any work is done.

    Raises
    ------
    UsageError
        A folder, a file that is something else, or no folder to put it in.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Give the name of a file, such as {path / 'losses.csv'}")
    if not path.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {path.parent}. Make it and run it again")
    if path.exists():
        with path.open("rb") as stream:
            first = stream.readline(200)
        if first.strip() and not first.startswith(b"\xef\xbb\xbf" + ",".join(LOSS_COLUMNS).encode()):
            raise UsageError(f"{path} holds something else than a loss report; give another name")


def write_losses(report: LossReport, path: Path) -> int:
    """Write the list as CSV, replacing an earlier one; return the number of rows.

    One row a thing that was named, else one row a kind. UTF-8 with a byte order mark; no cell is run as a
    formula.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    from evidence_mapper.export.files import write_atomically
    from evidence_mapper.export.spreadsheet import encodable, neutral

    named = [(x.what, str(x.count), x.why, x.item) for x in report.losses if x.item]
    counted = LossReport([x for x in report.losses if not x.item])
    rows = [(what, str(count), why, "") for what, count, why in counted.totals()] + named

    def write(stream: BinaryIO) -> int:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(LOSS_COLUMNS)
        writer.writerows([neutral(encodable(cell)) for cell in row] for row in rows)
        stream.write(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))
        return len(rows)

    return write_atomically(path, write, overwrite=True)
