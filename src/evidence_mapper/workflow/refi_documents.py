"""Sources of another tool's project as documents: those that are here with the same text, else new ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.exchange import QdaSource
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.store.records import IngestedDocument
from evidence_mapper.workflow.document_facts import CONTAINER, DATE
from evidence_mapper.workflow.ingested import build
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.refi_bundles import (
    ATTRIBUTE,
    DOCUMENT_DATE,
    DOCUMENT_PERIOD,
    PATH,
    SOURCE_TYPE,
    SOURCE_TYPE_BY,
    STANDING,
    flat_name,
)
from evidence_mapper.workflow.refi_cut import as_extracted, cut_around

if TYPE_CHECKING:
    from evidence_mapper.extract.refi import SourceText

_OURS = frozenset({SOURCE_TYPE, SOURCE_TYPE_BY, DOCUMENT_DATE, DOCUMENT_PERIOD, PATH, STANDING})


class Documents:
    """Finds or makes the document of a source.

    Parameters
    ----------
    project
        An open project.
    package
        The file that is imported.
    """

    def __init__(self, project: Project, package: Path) -> None:
        self._project = project
        self._package = package
        self._by_text: dict[str, list[Document]] = defaultdict(list)
        self._names: set[str] = set()
        for document in project.store.documents():
            newest = next(v.revision_id for v in project.store.versions(document.id) if v.newest)
            self._by_text[project.store.revision(newest).text_sha256].append(document)
            self._names.add(document.name)

    def take(
        self, source: QdaSource, text: SourceText, spans: Sequence[tuple[int, int]]
    ) -> tuple[Document, bool]:
        """Return the document of a source, and whether it is new.

        Of several documents with the same text the one of the same name is taken, and none twice.
        """
        same = self._by_text.get(sha256_text(text.text), [])
        if same:
            chosen = next((d for d in same if d.name == _wanted(source)), same[0])
            same.remove(chosen)
            return chosen, False
        ingested = self._ingested(source, text, spans)
        self._project.store.add_document(ingested)
        document = self._project.store.document_by_name(ingested.document.name)
        assert document is not None
        return document, True

    def _ingested(
        self, source: QdaSource, text: SourceText, spans: Sequence[tuple[int, int]]
    ) -> IngestedDocument:
        name, values = self._name(_wanted(source)), dict(source.values)
        more = [(CONTAINER, self._package.name)]
        more += [(DATE, values[key]) for key in (DOCUMENT_DATE, DOCUMENT_PERIOD) if values.get(key)][:1]
        more += [(f"{ATTRIBUTE}{key}", value) for key, value in values.items() if key not in _OURS]
        built = build(
            name,
            text.file_sha256,
            as_extracted(text.text, ()),
            cut_around(text.text, spans),
            None,
            place=f"{self._package.resolve()}/{source.name}",
            more=more,
        )
        document = built.document
        if values.get(SOURCE_TYPE) in set(SourceType):
            kind, by = SourceType(values[SOURCE_TYPE]), values.get(SOURCE_TYPE_BY)
            document = replace(document, source_type=kind, source_type_by=by)
        # A fact that came with the source takes the place of one that was guessed.
        return replace(
            built,
            document=document,
            metadata=tuple(dict(built.metadata).items()),
            warnings=text.remarks,
        )

    def _name(self, wanted: str) -> str:
        from evidence_mapper.extract.container.names import safe_names

        (name,) = safe_names([wanted])
        tries = [name, f"{self._package.stem}/{name}"]
        tries += [f"{self._package.stem} ({n})/{name}" for n in range(2, 10_000)]
        chosen = next(each for each in tries if each not in self._names)
        self._names.add(chosen)
        return chosen


def _wanted(source: QdaSource) -> str:
    """Return the name a document should have: that which it had here, unless it was renamed since."""
    path = dict(source.values).get(PATH, "")
    return path if flat_name(path) == source.name else source.name
