"""The project's sources as an exchange file has them: text, codings by persons, notes, attributes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.exchange import (
    CodeKind,
    LossReport,
    OurCode,
    QdaArea,
    QdaCoding,
    QdaNote,
    QdaPdf,
    QdaSelection,
    QdaSource,
)
from evidence_mapper.domain.ids import derived_guid, sha256_bytes
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.workflow.document_facts import DATE
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.refi_beside import Beside
from evidence_mapper.workflow.refi_kept_areas import as_pdf, given_up, written
from evidence_mapper.workflow.refi_names import first_words, user_guid, xsd_time

if TYPE_CHECKING:
    from evidence_mapper.export.refi_qda import Bundle

SOURCE_TYPE: Final = "Source type"
SOURCE_TYPE_BY: Final = "Source type set by"
DOCUMENT_DATE: Final = "Document date"
DOCUMENT_PERIOD: Final = "Document year or month"
PATH: Final = "Path"
"""Name of the document here, where it has folders: some tools make a file of a source's name."""
STANDING: Final = "Standing"
SUPERSEDED: Final = "superseded"
PLACE: Final = "Place in the original: "
"""How the description of a selection begins that this program wrote."""
ATTRIBUTE: Final = "refi:"
"""How the name of a fact begins that came in as a document's attribute from another tool."""

_FULL_DATE: Final = re.compile(r"[1-9]\d{3}-\d\d-\d\d")
_RICH: Final = frozenset({".pdf", ".docx", ".rtf", ".odt"})
"""Endings of originals that the standard has a place for beside their text."""


@dataclass
class Bundles:
    """One walk over the project.

    Parameters
    ----------
    project
        An open project.
    beside
        Codings under codes that are none of ours, kept from earlier imports.
    losses
        Told what has no form in an exchange file.
    originals
        Whether to take the files the texts were read from, where they still lie.
    """

    project: Project
    beside: Beside
    losses: LossReport
    originals: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def walk(self) -> Iterator[Bundle]:
        """Yield a bundle for each document that counts, and for older versions with codings left on them."""
        facts, paths = self.project.store.facts(), self.project.store.source_paths()
        withdrawn = {r.document.id for r in self.project.store.document_progress("") if r.withdrawn}
        rows = _by_document(self.project.store.evidence_rows(confirmed=True))
        _, along = self._first_look
        ahead = next(rows, None)
        for document in self.project.store.documents():
            mine: list[EvidenceRow] = []
            if ahead is not None and ahead[0] == document.id:
                mine, ahead = ahead[1], next(rows, None)
            if document.id in withdrawn:
                self._leave_out(document, mine)
                continue
            kept = [row for row in mine if (row.passage.id, row.coder) not in along]
            yield from self._document(document, kept, facts.get(document.name, {}), paths.get(document.name))

    def users(self) -> list[str]:
        """Return the names of those whose codings are carried, in alphabetical order."""
        coders, _ = self._first_look
        return sorted(coders | self.beside.users())

    @cached_property
    def _first_look(self) -> tuple[set[str], set[tuple[str, str | None]]]:
        """Coders of what counts, and (passage, coder) of decisions that stand on a newer version as well."""
        coders: set[str] = set()
        along: set[tuple[str, str | None]] = set()
        for row in self.project.store.evidence_rows(confirmed=True):
            if not row.withdrawn:
                coders.add(str(row.coder))
            if row.carried_from is not None:
                along.add((row.carried_from, row.coder))
        return coders, along

    def _leave_out(self, document: Document, rows: Sequence[EvidenceRow]) -> None:
        why = "a person said that the document must not count"
        self.losses.add("withdrawn documents", why, item=document.name)
        for row in rows:
            item = f"{document.name}, {row.passage.id}, {row.coder}"
            self.losses.add("codings in withdrawn documents", why, item=item)
        kept = [self.beside.codings.get(v.revision_id, ()) for v in self.project.store.versions(document.id)]
        beside = sum(map(len, kept))
        pdfs = [self.beside.pdf(v.revision_id) for v in self.project.store.versions(document.id)]
        beside += sum(not area.passage for pdf in pdfs if pdf is not None for area in pdf.areas)
        self.losses.add("codings in withdrawn documents", why, item=document.name, count=beside)

    def _document(
        self, document: Document, rows: Sequence[EvidenceRow], facts: dict[str, str], path: str | None
    ) -> Iterator[Bundle]:
        store = self.project.store
        by_revision = {key: list(group) for key, group in groupby(rows, key=lambda r: r.passage.revision_id)}
        why = "their words no longer stand in the document: they are carried in a source of their own"
        versions = store.versions(document.id)
        for older in (v.revision_id for v in versions if not v.newest):
            left, beside = by_revision.get(older, []), self.beside.codings.get(older, [])
            if left or beside or self.beside.pdf(older):
                self.losses.add("codings of earlier versions", why, count=len(left) + len(beside))
                yield self._bundle(document, older, left, {STANDING: SUPERSEDED}, None)
        newest = next(v.revision_id for v in versions if v.newest)
        values = _values(document, facts)
        yield self._bundle(document, newest, by_revision.get(newest, []), values, path)

    def _bundle(
        self,
        document: Document,
        revision_id: str,
        rows: Sequence[EvidenceRow],
        values: dict[str, str],
        path: str | None,
    ) -> Bundle:
        from evidence_mapper.export.refi_qda import INTERNAL, Bundle

        revision = self.project.store.revision(revision_id)
        guid = str(derived_guid("refi-source", revision_id))
        found = [self._selection(row) for row in rows]
        selections = [selection for selection, _ in found]
        selections += self.beside.selections(revision_id, revision.text)
        superseded = STANDING in values
        areas = self._areas(document, revision_id, rows)
        original, data = ("", None)
        if not superseded:
            # Areas say nothing without the pages they are on.
            original, data = self._original(document, guid, path, wanted=self.originals or bool(areas))
        name = f"{document.name} (version read {revision.created_at[:10]})" if superseded else document.name
        if flat_name(name) != name:
            values = {**values, PATH: name}
        source = QdaSource(
            guid=guid,
            name=flat_name(name),
            path=f"{INTERNAL}{guid}.txt",
            selections=tuple(selections),
            values=tuple(values.items()),
            at=xsd_time(revision.created_at),
            original=original,
        )
        self.counts["sources"] += 1
        return Bundle(source, revision.text, tuple(n for _, n in found if n is not None), data, areas)

    def _areas(
        self, document: Document, revision_id: str, rows: Sequence[EvidenceRow]
    ) -> tuple[QdaArea, ...]:
        """Return the areas of a revision's pages that another tool coded, as they are written."""
        pdf = self.beside.pdf(revision_id)
        if pdf is None:
            return ()
        held = {
            (row.passage.id, str(row.coder)): frozenset(self._code(code) for code in codes_of(row))
            for row in rows
        }
        areas = written(pdf, revision_id, self.settled(), held)
        why = "the decision that they became was changed or taken back here"
        lost = given_up(pdf, self.settled(), held)
        self.losses.add("codings on areas of pages", why, item=document.name, count=lost)
        return areas

    def settled(self) -> dict[str, tuple[str, ...]]:
        """Return the GUIDs of our codes by the other tool's, as persons settled it."""
        return {guid: tuple(map(self._code, ours)) for guid, ours in self.beside.settled.items()}

    def pdfs(self) -> list[QdaPdf]:
        """Return the PDFs with coded areas that are no document here, noting that the files are missing."""
        found = [as_pdf(pdf, self.settled()) for pdf in self.beside.pdfs if not pdf.revision]
        for pdf in found:
            why = "only the areas coded on them are carried: the file was never added to the project"
            self.losses.add("PDF files of another tool", why, item=pdf.name)
        return found

    def _original(
        self, document: Document, guid: str, path: str | None, *, wanted: bool
    ) -> tuple[str, bytes | None]:
        from evidence_mapper.export.refi_qda import INTERNAL

        what = "original files"
        if not wanted:
            self.losses.add(what, "the text is carried; `refi export --originals` takes the files along")
            return "", None
        ending = PurePosixPath(document.name).suffix.lower()
        if ending not in _RICH:
            self.losses.add(what, "the standard has no place for a file of this kind", item=document.name)
            return "", None
        try:
            data = Path(path).read_bytes() if path else b""
        except OSError:
            data = b""
        if sha256_bytes(data) != document.file_sha256:
            self.losses.add(what, "no longer where it was read, or changed since", item=document.name)
            return "", None
        self.counts["originals"] += 1
        # The GUID of the file is another than that of its text: a name stands for one member.
        return f"{INTERNAL}{derived_guid('refi-original', guid)}{ending}", data

    def _selection(self, row: EvidenceRow) -> tuple[QdaSelection, QdaNote | None]:
        coder, passage = str(row.coder), row.passage
        user, at = user_guid(coder), xsd_time(str(row.decided_at))
        key = (passage.id, coder)
        note = None
        if row.note:
            note_guid = str(derived_guid("refi-note", *key))
            note = QdaNote(note_guid, first_words(row.note), row.note, user, at)
        codings = [
            QdaCoding(
                guid=str(derived_guid("refi-coding", str(code), *key)),
                code=self._code(code),
                user=user,
                at=at,
                notes=(note.guid,) if note is not None and place == 0 else (),
            )
            for place, code in enumerate(codes_of(row))
        ]
        label = passage.location.label()
        selection = QdaSelection(
            guid=str(derived_guid("refi-selection", *key)),
            name=first_words(passage.text),
            start=passage.span.start,
            end=passage.span.end,
            codings=tuple(codings),
            user=user,
            at=at,
            description=f"{PLACE}{label}" if label else "",
        )
        self._count(row, len(codings))
        return selection, note

    def _code(self, code: OurCode) -> str:
        from evidence_mapper.export.refi_codes import code_guid

        return code_guid(self.project.framework, code)

    def _count(self, row: EvidenceRow, codings: int) -> None:
        self.counts["decisions"] += 1
        self.counts["codings"] += codings
        self.counts["notes"] += bool(row.note)
        if row.carried_from is not None:
            why = "the coding is carried on the newest words; that it came along from a version before is not"
            self.losses.add("histories of codings carried over", why)
        if row.passage.context:
            why = "the words before an answer or a list item are in the text, but not tied to the coding"
            self.losses.add("contexts of passages", why)


def flat_name(name: str) -> str:
    """Return the name of a document without slashes."""
    return name.replace("/", " - ")


def codes_of(row: EvidenceRow) -> list[OurCode]:
    """Return all that a coder put on a passage, statements first."""
    found = [OurCode(CodeKind.STATEMENT, code) for code in row.statements]
    found += [OurCode(CodeKind.TOPIC, code) for code in dict.fromkeys(row.topics)]
    found += [OurCode(CodeKind.I_STATEMENT, code) for code in dict.fromkeys(row.i_statements)]
    found += [OurCode(CodeKind.CATEGORY, row.evidence_category)] if row.evidence_category else []
    return found + ([OurCode(CodeKind.POLARITY, row.polarity)] if row.polarity else [])


def variables(project: Project) -> list[tuple[str, str]]:
    """Return (name, type) of the attributes documents have: ours, then those that came in by import."""
    named = {
        name.removeprefix(ATTRIBUTE)
        for kept in project.store.facts().values()
        for name in kept
        if name.startswith(ATTRIBUTE)
    }
    ours = [
        (SOURCE_TYPE, "Text"),
        (SOURCE_TYPE_BY, "Text"),
        (DOCUMENT_DATE, "Date"),
        (DOCUMENT_PERIOD, "Text"),
        (PATH, "Text"),
        (STANDING, "Text"),
    ]
    return ours + [(name, "Text") for name in sorted(named - {name for name, _ in ours})]


def _values(document: Document, facts: dict[str, str]) -> dict[str, str]:
    values = {SOURCE_TYPE: document.source_type.value}
    if document.source_type_by:
        values[SOURCE_TYPE_BY] = document.source_type_by
    if found := facts.get(DATE):
        values[DOCUMENT_DATE if _is_full(found) else DOCUMENT_PERIOD] = found
    others = {n.removeprefix(ATTRIBUTE): v for n, v in facts.items() if n.startswith(ATTRIBUTE)}
    return values | {name: value for name, value in sorted(others.items()) if name not in values}


def _is_full(text: str) -> bool:
    """Return whether a date names a day that there is."""
    if not _FULL_DATE.fullmatch(text):
        return False
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def _by_document(rows: Iterator[EvidenceRow]) -> Iterator[tuple[str, list[EvidenceRow]]]:
    for key, group in groupby(rows, key=lambda row: row.passage.document_id):
        yield key, list(group)
