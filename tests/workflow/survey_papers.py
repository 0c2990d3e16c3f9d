"""Comments on care and other council business, and the survey tables that hold them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

LINE = "Nobody rang back."
"""Read alone it looks like other council business."""
CARE = [
    "Carers wait eleven weeks for an assessment and nobody rings them while they wait.",
    "The occupational therapists told us that adaptations are ordered late and delivered later.",
    "Reablement workers see people within two days of leaving hospital, and most need no care after.",
    "People said that their social worker knew them and asked what they wanted from each day.",
    "My care package stopped when the agency handed it back and we had nobody for nine days.",
    "He came home from hospital with no equipment and no visit booked.",
]
OTHER = [
    "Resurfacing of Harbour Road begins in March; buses are diverted by the ring road for six weeks.",
    "The licensing committee noted the minutes of its last meeting and agreed the forward plan.",
    "Bin collections move to Tuesdays after the bank holiday, and garden waste every other week.",
    "A planning application for eleven houses beside the quarry was deferred for a site visit.",
]


def write_surveys(folder: Path, papers: Mapping[str, Sequence[str]]) -> list[Path]:
    """Write a table of comments, one a row, for each name; return their paths in order."""
    paths = [folder / name for name in papers]
    for path, comments in zip(paths, papers.values(), strict=True):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["Response", "Your comments"], *enumerate(comments, 1)])
    return paths
