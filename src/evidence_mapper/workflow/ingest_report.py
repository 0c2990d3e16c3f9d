"""What became of every file of one call."""

from __future__ import annotations

from dataclasses import dataclass, field

from evidence_mapper.domain.project import Refusal
from evidence_mapper.domain.survey import SurveyColumns
from evidence_mapper.domain.version import VersionChange
from evidence_mapper.store.records import Kept


@dataclass
class IngestReport:
    """What became of every file."""

    added: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    """Known names whose content has changed."""
    reread: list[str] = field(default_factory=list)
    """Known names whose content is as it was, read anew with another result."""
    reread_same: list[str] = field(default_factory=list)
    """Known names whose content is as it was, read anew with the same result."""
    reread_beside: list[str] = field(default_factory=list)
    """Of ``reread``, those now a version beside the reading before, on which something rests."""
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    """(name, name of the document with the same content)."""
    refused: list[Refusal] = field(default_factory=list)
    partly_read: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    """(name, pages that hold no text)."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """(name, reason), as in :class:`~evidence_mapper.workflow.discover.Found`."""
    versions: list[tuple[str, VersionChange]] = field(default_factory=list)
    """(name, what the new version did to the one before), of those in ``revised``
    and ``reread_beside``."""
    earlier: list[tuple[str, str]] = field(default_factory=list)
    """(name, document) of files that are an earlier version of a document: not read again."""
    namesakes: list[tuple[str, str]] = field(default_factory=list)
    """(name of a new document, older document of the same file name elsewhere)."""
    containers: list[tuple[str, int]] = field(default_factory=list)
    """(name of an archive or message, how many files lie in it)."""
    passages: int = 0
    pages: int = 0
    surveys: list[tuple[str, tuple[SurveyColumns, ...]]] = field(default_factory=list)
    """(name, which columns of its tables were taken for answers)."""
    older: list[str] = field(default_factory=list)
    """Of ``unchanged``, those that an older version of the program read."""

    def note(self, name: str, kept: Kept, *, reread: bool) -> None:
        """Take down how a reading was kept; ``reread``: its file was in the project already."""
        if reread:
            (self.reread_same if kept is Kept.SAME else self.reread).append(name)
            if kept is Kept.VERSION:
                self.reread_beside.append(name)
        else:
            (self.added if kept is Kept.NEW else self.revised).append(name)
