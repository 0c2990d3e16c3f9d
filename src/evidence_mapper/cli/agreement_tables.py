"""The agreement report on a screen, and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from evidence_mapper.cli.output import write_table

if TYPE_CHECKING:
    from evidence_mapper.domain.agreement import BlindSample
    from evidence_mapper.domain.framework import Framework
    from evidence_mapper.workflow.agreement import AgreementReport


def write_report(framework: Framework, found: AgreementReport, *, detail: bool) -> None:
    """Write who answered, agreement side by side, the main disagreements, and on request every figure."""
    from evidence_mapper.workflow.agreement_tables import report_tables

    for table in report_tables(framework, found, detail=detail):
        write_table(table.title, table.columns, table.rows, right=table.right, footer=table.footer)


def report_json(found: AgreementReport) -> dict[str, Any]:
    """Return every figure as plain data."""
    return {**asdict(found), "sample": sample_json(found.sample)}


def sample_json(sample: BlindSample) -> dict[str, Any]:
    """Return a sample as plain data."""
    return asdict(sample)
