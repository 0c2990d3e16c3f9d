"""What an evidence index counts: one look at all confirmed evidence that keeps no words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.confirmed import ConfirmedPassage, Counts, each_confirmed
from evidence_mapper.workflow.project import Project

ALL: Final = "*"
"""Stands for every category of a statement."""
NONE: Final = ""
"""Stands for evidence without a category."""
PLACES: Final = 25
"""Places and passages of one document that a candidate names."""


@dataclass(slots=True)
class Places:
    """The first places and passages of a document, in reading order."""

    labels: dict[str, None] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    over: int = 0
    """Passages that are not named any more."""

    def add(self, found: ConfirmedPassage) -> None:
        """Note a passage, or count it where enough are noted."""
        if len(self.ids) >= PLACES:
            self.over += 1
            return
        self.ids.append(found.passage.id)
        if label := found.passage.location.label():
            self.labels.setdefault(label)

    def listed(self, values: Iterable[str]) -> str:
        """Return values with semicolons between them, and how many passages are not among them."""
        more = f"; and those of {self.over} more passages, see the sheet Evidence" if self.over else ""
        return "; ".join(values) + more


@dataclass
class Tally:
    """Counts over all confirmed evidence, by statement, category and document."""

    passages: int = 0
    cells: dict[tuple[str, str], Counts] = field(default_factory=lambda: defaultdict(Counts))
    """By statement and category; :data:`ALL` and :data:`NONE` among the categories."""
    by_document: dict[str, Counter[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(Counter))
    """Document id to how many passages were confirmed for just these statements."""
    redacted: int = 0
    """Passages of people's own stories, where their names are replaced."""

    @classmethod
    def of(cls, project: Project) -> Tally:
        """Return the counts of a project."""
        tally, framework = cls(), project.framework
        for found in each_confirmed(project):
            tally.add(found, framework)
        return tally

    def add(self, found: ConfirmedPassage, framework: Framework) -> None:
        """Count a passage."""
        statements = found.statements(framework)
        self.passages += 1
        self.by_document[found.document.id][statements] += 1
        self.redacted += any(row.redacted for row in found.rows)
        for statement in statements:
            here = found.of_statement(statement)
            assert here is not None
            for category in (ALL, *(here.categories(framework) or (NONE,))):
                self.cells[statement, category].add(here)

    def without_category(self) -> bool:
        """Return whether there is evidence without a category."""
        return any(category == NONE for _, category in self.cells)

    def in_document(self, document_id: str) -> int:
        """Return how many passages of a document are confirmed."""
        return sum(self.by_document.get(document_id, Counter()).values())

    def by_statement(self, document_id: str) -> Counter[str]:
        """Return how many passages of a document are confirmed for each statement."""
        counts: Counter[str] = Counter()
        for statements, count in self.by_document.get(document_id, Counter()).items():
            counts.update(dict.fromkeys(statements, count))
        return counts

    def on(self, wanted: Sequence[str]) -> dict[str, int]:
        """Return, by document id, how many passages are confirmed for any of some statements; none with 0."""
        among = set(wanted)
        counts = {
            document: sum(count for statements, count in each.items() if among.intersection(statements))
            for document, each in self.by_document.items()
        }
        return {document: count for document, count in counts.items() if count}
