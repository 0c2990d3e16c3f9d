"""A classifier that can carry a project's head on top."""

from __future__ import annotations

from copy import copy
from typing import Self

from evidence_mapper.classify.base import Encoder
from evidence_mapper.classify.project_head import ProjectHead, name_of, sha256_of
from evidence_mapper.classify.word_shares import WordPart


class Headed:
    """What classifiers share that take a project's head."""

    name: str
    sha256: str
    encoder: Encoder
    statements: tuple[str, ...]
    """Ids of the statements, in column order."""
    _project: ProjectHead | None

    @property
    def word_part(self) -> WordPart | None:
        """The linear part that reads words alone; None where there is none."""
        return None

    def with_head(self, head: ProjectHead) -> Self:
        """Return this classifier with a project's head on top.

        Raises
        ------
        SpecMismatch
            The head was learned on another classifier.
        """
        head.check(self.name, self.sha256, self.statements, self.encoder.width)
        headed = copy(self)
        headed.name, headed.sha256 = name_of(self.name, head.number), sha256_of(self.sha256, head.id)
        headed._take(head)  # noqa: SLF001 - its own
        return headed

    def _take(self, head: ProjectHead) -> None:
        self._project = head
