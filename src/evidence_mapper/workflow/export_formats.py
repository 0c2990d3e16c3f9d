"""The table of export formats: each one line, written by a module that is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.progress import ProgressSink, silent

if TYPE_CHECKING:
    from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows to export; None leaves a field open."""

    since: str | None = None
    """UTC date or time, ISO 8601: decisions made then or later."""
    statement: str | None = None
    category: str | None = None

    def chosen(self) -> tuple[str, ...]:
        """Return the names of the fields that are set."""
        return tuple(name for name in ("since", "statement", "category") if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What a person asked of an export, besides the format and the file."""

    suggested: bool = False
    """Also what nobody has decided on, marked as suggested."""
    overwrite: bool = False
    """Replace an existing file."""
    where: RowFilter = field(default_factory=RowFilter)
    stale_months: int | None = None
    """Evidence older than this many months is old; None leaves it to the format."""
    as_of: str | None = None
    """``YYYY-MM-DD``: the day ages are counted to; None takes the day the project last changed."""
    quotes: int | None = None
    """Most quotes of one topic and evidence category; None leaves it to the format."""
    disclosure: bool = False
    """Round and hide counts, and leave out quotes, names of documents and of people."""
    identifiable: bool = False
    """Leave names in people's own stories as they are; that it was done is recorded."""
    coder: str = ""
    """Who asked for names, for the record."""
    key: Path | None = None
    """File that keeps who is behind each pseudonym; None forgets it."""
    progress: ProgressSink = silent
    """Is told how far the replacing of names is."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written."""

    path: Path
    confirmed: int
    suggested: int
    notes: tuple[str, ...] = ()
    """What the person should know: what the format could not hold, what to do next."""


Writer = Callable[["Project", Path, ExportRequest], ExportReport]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One line of the table."""

    name: str
    """For ``--format``."""
    help: str
    """A few words on what it is."""
    writer: str
    """``module:function``; the function is a :data:`Writer`."""
    endings: tuple[str, ...] = ()
    """File endings, with the dot, that choose it when no format is named; empty: only by name."""
    takes: frozenset[str] = frozenset()
    """Of ``suggested`` and the fields of :class:`RowFilter`, those it heeds; others are refused."""
    counts: str = "confirmed row"
    """What the report's figure counts, in the singular; empty when it counts nothing."""
    needs_confirmed: bool = True
    """Whether the file says little while nothing is confirmed."""

    def load(self) -> Writer:
        """Return the function that writes it."""
        module, _, function = self.writer.partition(":")
        found: Writer = getattr(import_module(module), function)
        return found


_ROWS: Final = frozenset({"suggested", "since", "statement", "category"})
_TABLES: Final = "evidence_mapper.workflow.publish:write_"

_REFI: Final = "evidence_mapper.workflow.refi_export:write_"

FORMATS: Final = (
    ExportFormat("csv", "table for spreadsheets", f"{_TABLES}csv", (".csv",), _ROWS),
    ExportFormat("xlsx", "workbook", f"{_TABLES}xlsx", (".xlsx",), _ROWS),
    ExportFormat("jsonl", "JSON Lines, for programs", f"{_TABLES}jsonl", (".jsonl",), _ROWS),
    ExportFormat(
        "parquet", "typed table, needs the extra [parquet]", f"{_TABLES}parquet", (".parquet",), _ROWS
    ),
    ExportFormat(
        "self-assessment",
        "pack of claims to write and the quotes that carry them, .docx or .md",
        "evidence_mapper.workflow.self_assessment:write_self_assessment",
        (".docx", ".md"),
        frozenset({"statement", "stale_months", "as_of", "quotes"}),
        "confirmed passage",
    ),
    ExportFormat(
        "evidence-index",
        "sheets of evidence, documents, matrix and return items, .xlsx or .csv",
        "evidence_mapper.workflow.evidence_index:write_evidence_index",
        counts="confirmed passage",
    ),
    ExportFormat(
        "html",
        "report for people, one page",
        "evidence_mapper.workflow.report:write_html",
        (".html", ".htm"),
        frozenset({"disclosure", "since", "statement", "category"}),
    ),
    ExportFormat(
        "qdpx", "project for NVivo, ATLAS.ti, MAXQDA", f"{_REFI}qdpx", (".qdpx",), counts="decision"
    ),
    ExportFormat("qdc", "codebook for the same", f"{_REFI}qdc", (".qdc",), counts="", needs_confirmed=False),
    ExportFormat(
        "claims",
        "claims with the evidence for and against each, .xlsx, .csv, .md or .docx",
        "evidence_mapper.workflow.claim_export:write_claims",
        (),
        frozenset({"statement", "stale_months", "as_of"}),
        counts="",
        needs_confirmed=False,
    ),
)
"""Every format. A new one is a line here and a function :data:`Writer` in a module of its own."""


def names() -> tuple[str, ...]:
    """Return the names of all formats, in the order of the table."""
    return tuple(f.name for f in FORMATS)


def format_for(path: Path, name: str | None) -> ExportFormat:
    """Return the format that was named, or else the one the file's ending tells.

    Raises
    ------
    UsageError
        There is no such format, or the ending tells none.
    """
    if name is not None:
        found = next((f for f in FORMATS if f.name == name), None)
        if found is None:
            raise UsageError(
                f"no export format {name!r}; there are: {', '.join(names())}. Try --format {names()[0]}"
            )
        return found
    ending = path.suffix.lower()
    by_ending = next((f for f in FORMATS if ending in f.endings), None)
    if by_ending is not None:
        return by_ending
    what = f"the ending {ending} of {path} tells no format" if ending else f"{path} has no ending"
    raise UsageError(f"{what}; name one of {', '.join(names())} with --format")


def refuse_unheeded(chosen: ExportFormat, request: ExportRequest) -> None:
    """Raise UsageError where something is asked that the format would not heed."""
    asked = [*(["suggested"] if request.suggested else []), *request.where.chosen()]
    asked += [name for name in ("stale_months", "as_of", "quotes") if getattr(request, name) is not None]
    asked += ["disclosure"] if request.disclosure else []
    if request.disclosure and request.identifiable:
        raise UsageError("--disclosure leaves quotes and names out, --identifiable keeps them: choose one")
    for name in asked:
        if name not in chosen.takes:
            able = [f.name for f in FORMATS if name in f.takes]
            option, verb = name.replace("_", "-"), "do" if len(able) > 1 else "does"
            raise UsageError(
                f"--format {chosen.name} takes no --{option}; {', '.join(able)} {verb}: leave it out"
            )
