"""The list of what an exchange file could not carry, as a file for whoever is to see to it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from evidence_mapper.domain.exchange import LOSS_COLUMNS, LossReport
from evidence_mapper.workflow.list_file import check_list_file, write_list_file

SAY_MORE: Final = "Each one by name: evidence-mapper refi export OUTPUT --loss-report losses.csv"


def check_loss_file(path: Path) -> None:
    """Refuse a place where the list cannot go, before any work is done.

    Raises
    ------
    UsageError
        A folder, a file that is something else, or no folder to put it in.
    """
    check_list_file(path, LOSS_COLUMNS, what="a loss report", example="losses.csv")


def write_losses(report: LossReport, path: Path) -> int:
    """Write the list as CSV, replacing an earlier one; return the number of rows.

    One row a thing that was named, else one row a kind.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    named = [(x.what, str(x.count), x.why, x.item) for x in report.losses if x.item]
    counted = LossReport([x for x in report.losses if not x.item])
    rows = [(what, str(count), why, "") for what, count, why in counted.totals()] + named
    return write_list_file(path, LOSS_COLUMNS, rows, overwrite=True)
