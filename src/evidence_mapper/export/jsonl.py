"""JSON Lines: one object a line, for other programs.

UTF-8 without a byte order mark, LF after every object, no header line. The keys are those of
:mod:`~evidence_mapper.export.columns` in that order, with these differences: ids, titles and
headings are lists; ``location`` is an object of the label and every field of the source location,
null where it is not set, in place of page, sheet, row, column and paragraph; ``span`` is an object of
``start`` and ``end``; ``schema_version`` comes last. Text is verbatim, without the apostrophe that CSV
puts before formulas; a lone surrogate in a file name is written as its JSON escape.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, BinaryIO

from evidence_mapper.domain.document import SourceLocation
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.export.base import ExportContext
from evidence_mapper.export.columns import SCHEMA_VERSION, check, probability, titles


class JsonLinesExporter:
    """See the module."""

    name = "jsonl"
    suffix = ".jsonl"

    def write(self, rows: Iterable[EvidenceRow], stream: BinaryIO, context: ExportContext) -> int:
        """Write rows; see :class:`~evidence_mapper.export.base.Exporter`."""
        count = 0
        for row in rows:
            check(row)
            line = json.dumps(_plain(row, context), ensure_ascii=False, allow_nan=False) + "\n"
            # A Python backslash escape of a surrogate is a JSON escape too.
            stream.write(line.encode("utf-8", "backslashreplace"))
            count += 1
        return count


def _plain(row: EvidenceRow, context: ExportContext) -> dict[str, Any]:
    passage, document = row.passage, row.document
    return {
        "status": row.status,
        "statement_ids": row.statements,
        "statement_titles": titles(row, context),
        "topic_ids": row.topics,
        "i_statement_ids": row.i_statements,
        "evidence_category": row.evidence_category,
        "polarity": row.polarity,
        "quote": passage.text,
        "quote_context": passage.context,
        "heading_path": passage.heading_path,
        "document": document.name,
        "location": _location(passage.location),
        "span": {"start": passage.span.start, "end": passage.span.end},
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "revision_id": passage.revision_id,
        "file_sha256": document.file_sha256,
        "source_type": document.source_type.value,
        "probability": probability(row),
        "coder": row.coder,
        "decided_at": row.decided_at,
        "note": row.note,
        "run_id": row.run_id,
        "framework": row.framework,
        "superseded": row.superseded,
        "withdrawn": row.withdrawn,
        "carried_from": row.carried_from,
        "also_in": row.also_in,
        "redacted": row.redacted,
        "schema_version": SCHEMA_VERSION,
    }


def _location(location: SourceLocation) -> dict[str, Any]:
    return {"label": location.label(), **asdict(location)}


EXPORTER = JsonLinesExporter()
