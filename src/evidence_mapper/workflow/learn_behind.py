"""Learn from the project's decisions in a process of its own, while its people go on reviewing.

Started by :class:`~evidence_mapper.workflow.learner.Learner` as ``python -m`` this module; prints one line
of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.workflow.locking import take_key
from evidence_mapper.workflow.project import Project, open_project


def learn_behind(project: Project, coder: str) -> dict[str, Any]:
    """Learn a head, and where it is kept suggest with it; the queue changes once, when all of it is done.

    Returns
    -------
    dict
        ``kept``, ``reason``, ``decisions`` learned from, ``suggested`` passages.

    Raises
    ------
    UsageError
        There are too few decisions to learn from.
    ModelError, StoreError
        As of :func:`~evidence_mapper.workflow.train.train_project`.
    """
    from evidence_mapper.workflow.suggest import suggest
    from evidence_mapper.workflow.train import train_project

    report = train_project(project, coder=coder)
    suggested = suggest(project, behind=True).suggested if report.kept else 0
    return {
        "kept": report.kept,
        "reason": report.reason,
        "decisions": report.counts.learned,
        "suggested": suggested,
    }


def main(arguments: list[str]) -> int:
    """Run for a project file and a coder's name; whatever is said goes out as one line of JSON.

    The key of an encrypted project comes as the first line of what is read, an empty one for a plain one.
    """
    path, coder = arguments
    take_key(Path(path), sys.stdin.readline())
    if hasattr(os, "nice"):
        os.nice(10)  # the screen comes first
    try:
        with open_project(Path(path)) as project:
            said = learn_behind(project, coder)
    except EvidenceMapperError as error:
        said = {"error": str(error)}
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
