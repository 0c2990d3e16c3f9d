"""What one look at all confirmed rows keeps for the report: counts by document, and no words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from evidence_mapper.export.html_facts import Paper, Person

if TYPE_CHECKING:
    from evidence_mapper.domain.document import Document
    from evidence_mapper.domain.project import EvidenceRow


@dataclass(slots=True)
class _Said:
    """How many passages a coder confirmed, and when the first and the last."""

    passages: int = 0
    first: str = ""
    last: str = ""

    def add(self, at: str) -> None:
        self.first = min(self.first, at) if self.passages else at
        self.last = max(self.last, at)
        self.passages += 1


@dataclass(slots=True)
class Seen:
    """Counts over all confirmed rows, and over those that are to be listed."""

    passages: Counter[str] = field(default_factory=Counter)
    """Name of a document to its passages that count."""
    statements: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Statement id to how many passages count, by the name of their document."""
    listed_rows: int = 0
    """Rows to be listed, whether they count or not."""
    listed: Counter[str] = field(default_factory=Counter)
    """Document id to its passages to be listed."""
    redacted: int = 0
    """Passages to be listed whose names are replaced."""
    _documents: dict[str, Document] = field(default_factory=dict)
    _by: dict[str, _Said] = field(default_factory=lambda: defaultdict(_Said))

    @classmethod
    def of(cls, rows: Iterable[EvidenceRow], wanted: Callable[[EvidenceRow], bool]) -> Seen:
        """Count rows, those of one passage together; ``wanted`` says which are to be listed."""
        seen = cls()
        for _, same in groupby(rows, key=lambda row: row.passage.id):
            seen._add(list(same), wanted)
        return seen

    def _add(self, rows: list[EvidenceRow], wanted: Callable[[EvidenceRow], bool]) -> None:
        document = rows[0].document
        if listed := sum(map(wanted, rows)):
            self.listed_rows += listed
            self.listed[document.id] += 1
            self.redacted += rows[0].redacted
            self._documents[document.id] = document
        counting = [row for row in rows if not (row.superseded or row.withdrawn)]
        if not counting:
            return
        self.passages[document.name] += 1
        for statement in {s for row in counting for s in row.statements}:
            self.statements[statement][document.name] += 1
        for row in counting:
            self._by[row.coder or ""].add(row.decided_at or "")

    def people(self) -> list[Person]:
        """Return who confirmed, by name."""
        return [Person(name, said.passages, said.first, said.last) for name, said in sorted(self._by.items())]

    def papers(self, dates: Mapping[str, str]) -> list[Paper]:
        """Return the documents of what is to be listed, by name."""
        found = [
            Paper(
                key,
                document.name,
                document.file_sha256,
                document.source_type.value,
                dates.get(document.name, ""),
                self.listed[key],
            )
            for key, document in self._documents.items()
        ]
        return sorted(found, key=lambda paper: (paper.name, paper.id))
