"""What the tool should find: planted gaps, refusals and hand labels, written as ``expected.json``."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

from demo_corpus.markup import CONTENT

PLANTED_GAPS: Final = (
    {"kind": "statement-category", "statement": "equity", "category": "peoples-experience"},
    {"kind": "statement-category", "statement": "safeguarding", "category": "partners"},
    {"kind": "statement-category", "statement": "learning", "category": "partners"},
    {"kind": "topic", "statement": "assessing-needs", "topic": "an-advocacy"},
    {"kind": "topic", "statement": "safe-systems", "topic": "ss-contingency"},
    {"kind": "topic", "statement": "care-provision", "topic": "cp-sustainability"},
    {"kind": "topic", "statement": "governance", "topic": "gv-information"},
)
REFUSALS: Final = {
    "problem-files/scanned-carers-forum-minutes.pdf": "needs-ocr",
    "problem-files/broken-copy-of-performance-report.pdf": "damaged",
    "problem-files/locked-safeguarding-policy.pdf": "encrypted",
    "problem-files/empty-day-services-survey.csv": "empty",
    "problem-files/supervision-policy-2009.doc": "unsupported",
}


def write_expected(path: Path) -> None:
    """Write the file."""
    expected = {
        "framework": "cqc-local-authority",
        "planted_gaps": PLANTED_GAPS,
        "refusals": REFUSALS,
        "labels": _labels(),
    }
    path.write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _labels() -> list[dict[str, Any]]:
    with (CONTENT / "labels.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        {
            "file": row["file"],
            "quote": row["quote"],
            "statements": row["statements"].split(",") if row["statements"] else [],
            "evidence_category": row["evidence_category"] or None,
            "polarity": row["polarity"] or None,
        }
        for row in rows
    ]
