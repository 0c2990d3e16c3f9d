"""The agreement report as a page or a workbook. It holds figures and coders' names, no words of documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.agreement import AgreementReport
from evidence_mapper.workflow.agreement_tables import code_name, report_tables, statement_title

ENDINGS: Final = (".html", ".xlsx")
FIRST: Final = (
    (
        "Figures on the passages that at least one of two coders coded say how alike people code. Figures on "
        "all passages look better than the coding is: text that bears on nothing is easy to agree on."
    ),
    "The model's suggestions are set beside people's codings as a second coder; they are nobody's coding.",
)
_FIGURES: Final = (
    "first", "second", "with_model", "passages_taken", "kind", "code", "name", "passages", "first_gave",
    "second_gave", "same_share", "same_low", "same_high", "kappa", "kappa_low", "kappa_high", "alpha",
    "alpha_low", "alpha_high", "few",
)  # fmt: skip
_Cell = str | int | float | None


def report_notes(found: AgreementReport) -> list[str]:
    """Return what is to be known of the figures, a sentence each."""
    answered = ", ".join(f"{name} {count}" for name, count in found.answered.items())
    notes = [f"Sample {found.sample.id}: {len(found.sample.passages)} passages; answered: {answered}."]
    if found.unsure:
        unsure = ", ".join(f"{name} {count}" for name, count in sorted(found.unsure.items()))
        notes.append(f"Left out, as the coder was unsure: {unsure}.")
    return [*notes, *found.notes]


def write_agreement(
    framework: Framework, found: AgreementReport, path: Path, *, detail: bool, overwrite: bool
) -> None:
    """Write the report as HTML or XLSX, by the ending.

    Parameters
    ----------
    framework
        Whose codes are named.
    found
        The figures.
    path
        The file.
    detail
        Every figure in the tables of a page; a workbook has them all.
    overwrite
        Replace a file that exists.

    Raises
    ------
    UsageError
        The ending is another.
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export.files import write_atomically

    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"--output writes {' or '.join(ENDINGS)}, not {path.name}; name one of these")

    def write(stream: BinaryIO) -> int:
        if ending == ".html":
            _page(framework, found, stream, detail=detail)
        else:
            _workbook(framework, found, stream)
        return len(found.pairs)

    write_atomically(path, write, overwrite=overwrite)


def _page(framework: Framework, found: AgreementReport, stream: BinaryIO, *, detail: bool) -> None:
    from evidence_mapper.export.html_tables import PageTable, write_page

    tables = [
        PageTable(t.title, t.columns, t.rows, t.right, t.footer)
        for t in report_tables(framework, found, detail=detail)
    ]
    notes = [*FIRST, *report_notes(found)]
    write_page(stream, title="Agreement between coders", lead=framework.title, notes=notes, tables=tables)


def _workbook(framework: Framework, found: AgreementReport, stream: BinaryIO) -> None:
    from evidence_mapper.export.base import Table
    from evidence_mapper.export.workbook import write_workbook

    given = [
        (name, statement_title(framework, code) if code else "Any statement", count, found.answered[name])
        for name, codes in found.given.items()
        for code, count in codes.items()
    ]
    differences = [
        (pair.first, pair.second, statement_title(framework, mine), statement_title(framework, other), count)
        for pair in found.pairs
        for mine, other, count in pair.confusion
    ]
    people = [(p.code, p.passages, p.alpha) for p in found.people]
    about = [(note,) for note in (*FIRST, *report_notes(found))]
    about.append(
        (f"Intervals at 95 %: shares exact, coefficients by {found.draws} draws, seed {found.seed}.",)
    )
    write_workbook(
        (
            ("About", Table(("read first",), about)),
            ("Figures", Table(_FIGURES, list(_figures(framework, found)))),
            ("Given", Table(("coder", "statement", "passages", "answered"), given)),
            ("Differences", Table(("first", "second", "first_said", "second_said", "passages"), differences)),
            ("All people", Table(("statement", "passages", "alpha"), people)),
        ),
        stream,
        title="Agreement between coders",
    )


def _figures(framework: Framework, found: AgreementReport) -> Iterator[Sequence[_Cell]]:
    for pair in found.pairs:
        for row in pair.rows:
            for taken, f in (("coded by at least one", row.coded), ("all", row.every)):
                spans = [
                    (f.percent, f.percent_interval),
                    (f.kappa, f.kappa_interval),
                    (f.alpha, f.alpha_interval),
                ]
                shares = [
                    x for value, between in spans
                    for x in (value, between.low if between else None, between.high if between else None)
                ]  # fmt: skip
                yield (
                    pair.first, pair.second, "yes" if pair.with_model else "no", taken, row.kind, row.code,
                    code_name(framework, row.kind, row.code), f.passages, row.first, row.second, *shares,
                    "yes" if row.few else "no",
                )  # fmt: skip
