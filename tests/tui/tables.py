"""A project with tables whose rows are much alike, as budgets have them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.store.builders import reading
from tests.tui.fake_store import suggestion

from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.project import Project, create_project

ROWS = tuple(
    f"Row: {n}; Net cost: {n}00.0; Service: {name}"
    for n, name in enumerate(("Roads", "Parks", "Bins", "Care homes", "Libraries", "Trees"), 1)
)
OTHER_TABLE = ("Row: 9; Net cost: 900.0; Service: Coroner",)
PROSE = ("The panel looks at the budget every month.", "The budget was cut by a tenth.")
CODED = ROWS[3]
"""The row for which a statement is suggested."""


def _placed(number: int, passage: Passage) -> Passage:
    if number >= len(ROWS) + len(OTHER_TABLE):
        return dataclasses.replace(passage, heading_path=("Notes",))
    table = 1 if number < len(ROWS) else 2
    place = SourceLocation(page=3 + table, table=table, row=number + 2)
    return dataclasses.replace(passage, kind=BlockKind.TABLE_ROW, location=place)


def made_with_tables(path: Path) -> Project:
    """Return a project of one document: six rows of a table, one of another, two paragraphs."""
    project = create_project(path)
    made = project.framework
    run = project.store.start_run(
        RunSpec("model@1", "sha256:0", f"{made.id}@{made.version}"), "2026-11-24T09:00:00.000000+00:00"
    )
    read = reading("budget.pdf", [*ROWS, *OTHER_TABLE, *PROSE])
    read = dataclasses.replace(read, passages=[_placed(n, p) for n, p in enumerate(read.passages)])
    project.store.add_document(read)
    none = suggestion(made, {}, none=0.95, none_suggested=True)
    coded = suggestion(made, {"care-provision": 0.9}, category="processes")
    project.store.save_suggestions(run, [(p.id, coded if p.text == CODED else none) for p in read.passages])
    return project
