"""Parquet: a typed table for analysis, by Apache Arrow.

The columns are those of :mod:`~evidence_mapper.export.columns` in that order, each with the type of
:data:`TYPES`; an empty cell is null, of a list an empty list. Text is verbatim, without the apostrophe
that CSV puts before formulas. The version of the columns, the framework and the project are in the file's
own metadata. The same rows give the same bytes with the same version of Arrow, whose name and version the
library writes into the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.export.base import Cell, ExportContext
from evidence_mapper.export.columns import NAMES, SCHEMA_VERSION, cells, titles
from evidence_mapper.export.spreadsheet import encodable

if TYPE_CHECKING:
    import pyarrow as pa

GROUP: Final = 10_000
"""Rows kept in memory and written together, a row group of the file."""

_LISTS: Final = (
    "statement_ids",
    "statement_titles",
    "topic_ids",
    "i_statement_ids",
    "heading_path",
    "also_in",
)
_NUMBERS: Final = {
    "page": "int32",
    "page_end": "int32",
    "row": "int64",
    "paragraph": "int32",
    "span_start": "int64",
    "span_end": "int64",
    "probability": "double",
    "schema_version": "int32",
}
_YES: Final = ("superseded", "withdrawn", "redacted")
_TIME: Final = "decided_at"

TYPES: Final = {
    name: "list<string>"
    if name in _LISTS
    else "bool"
    if name in _YES
    else "timestamp[us, tz=UTC]"
    if name == _TIME
    else _NUMBERS.get(name, "string")
    for name in NAMES
}
"""Column to the name Arrow gives its type."""


class ParquetExporter:
    """See the module."""

    name = "parquet"
    suffix = ".parquet"

    def write(self, rows: Iterable[EvidenceRow], stream: BinaryIO, context: ExportContext) -> int:
        """Write rows; see :class:`~evidence_mapper.export.base.Exporter`.

        Raises
        ------
        UsageError
            The extra ``[parquet]`` is not installed.
        """
        arrow, parquet = _library()
        schema = _schema(arrow, context)
        count, left = 0, iter(rows)
        with parquet.ParquetWriter(stream, schema, compression="zstd", version="2.6") as writer:
            while group := [_record(row, context) for row in islice(left, GROUP)]:
                arrays = [
                    arrow.array([r[i] for r in group], type=field.type) for i, field in enumerate(schema)
                ]
                writer.write_batch(arrow.RecordBatch.from_arrays(arrays, schema=schema))
                count += len(group)
        return count


def _library() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise UsageError(
            "Parquet needs Apache Arrow, which is not installed: python -m pip install "
            '"evidence-mapper[parquet]". csv, xlsx and jsonl need nothing more'
        ) from None
    return pa, parquet


def _schema(arrow: Any, context: ExportContext) -> pa.Schema:  # noqa: ANN401 - a module
    kinds = {
        "string": arrow.string(),
        "list<string>": arrow.list_(arrow.field("element", arrow.string())),
        "bool": arrow.bool_(),
        "int32": arrow.int32(),
        "int64": arrow.int64(),
        "double": arrow.float64(),
        "timestamp[us, tz=UTC]": arrow.timestamp("us", tz="UTC"),
    }
    told = {
        "evidence_mapper.schema_version": str(SCHEMA_VERSION),
        "evidence_mapper.framework": f"{context.framework_id}@{context.framework_version}",
        "evidence_mapper.copyright": context.copyright,
        "evidence_mapper.project": context.project_id,
        "evidence_mapper.changed_at": context.exported_at,
    }
    return arrow.schema([arrow.field(n, kinds[t]) for n, t in TYPES.items()], metadata=told)


def _record(row: EvidenceRow, context: ExportContext) -> list[object]:
    lists: dict[str, Sequence[str]] = {
        "statement_ids": row.statements,
        "statement_titles": titles(row, context),
        "topic_ids": row.topics,
        "i_statement_ids": row.i_statements,
        "heading_path": row.passage.heading_path,
        "also_in": row.also_in,
    }
    return list(_values(row, zip(NAMES, cells(row, context), strict=True), lists))


def _values(
    row: EvidenceRow, named: Iterable[tuple[str, Cell]], lists: dict[str, Sequence[str]]
) -> Iterator[object]:
    for name, cell in named:
        if name in lists:
            yield [encodable(text) for text in lists[name]]
        elif name in _YES:
            yield cell == "yes"
        elif name == _TIME:
            yield None if cell is None else _time(str(cell), row)
        else:
            yield encodable(cell) if isinstance(cell, str) else cell


def _time(text: str, row: EvidenceRow) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ExportError(
            f"passage {row.passage.id} of {row.document.name}: decided at {text!r}, which is no time. "
            "Nothing was exported; check the project with: evidence-mapper db verify"
        ) from None


EXPORTER = ParquetExporter()
