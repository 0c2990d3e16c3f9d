"""The sources of another tool's project into documents, its codings into decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.exchange import (
    OurCode,
    QdaArea,
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSource,
)
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import ExtractionError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.progress import ProgressSink
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.refi_areas import Areas
from evidence_mapper.workflow.refi_beside import Beside, KeptCoding, beside_payload, kept_beside
from evidence_mapper.workflow.refi_bundles import PLACE, STANDING, SUPERSEDED
from evidence_mapper.workflow.refi_decisions import Said
from evidence_mapper.workflow.refi_documents import Documents
from evidence_mapper.workflow.refi_holding import Record, holding
from evidence_mapper.workflow.refi_kept_areas import KeptArea, KeptPdf, areas_payload
from evidence_mapper.workflow.refi_names import first_words, project_time
from evidence_mapper.workflow.revisions import withdraw

if TYPE_CHECKING:
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.refi import RefiPackage, SourceText
    from evidence_mapper.workflow.refi_import import RefiImport, RefiRequest

_NONE_OF_OURS: Final = "kept beside and given back by the next export: their code is none of ours"


@dataclass
class Intake:
    """One import under way."""

    project: Project
    request: RefiRequest
    report: RefiImport
    found: QdaProject
    settled: Mapping[str, tuple[OurCode, ...]]
    """Our codes by the other tool's GUID; none for a code that is left out."""
    package_sha256: str
    now: str = field(default_factory=utc_now)
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """GUID of each code to its name and the names above it."""
    kept: Beside = field(default_factory=Beside)
    """What earlier imports left beside."""
    taken: dict[str, Document] = field(default_factory=dict)
    """Documents that sources of this import are, by the source's GUID."""

    def run(self, package: RefiPackage, limits: Limits, progress: ProgressSink) -> None:
        """Take in every source, one after the other; each is complete before the next begins."""
        from evidence_mapper.extract.refi import read_text

        self.kept = kept_beside(self.project.store)
        self.paths = {code.guid: (*above, code.name) for code, above in self.found.every_code()}
        documents = Documents(self.project, self.request.path)
        record = Record(self.project, self.report)
        for number, source in enumerate(self.found.sources, start=1):
            try:
                text = read_text(package, source, limits, folder=self.request.sources)
            except ExtractionError as error:
                self._unread(source, error)
                continue
            self._source(source, text, documents, record)
            progress(number, len(self.found.sources), source.name)
        areas = Areas(self, record)
        for pdf in self.found.pdfs:
            self._keep_areas(areas.take(pdf, package, limits))

    def _unread(self, source: QdaSource, error: ExtractionError) -> None:
        self.report.losses.add("sources whose text cannot be read", str(error), item=source.name)
        for selection in source.selections:
            item = f"{source.name}: {selection.name}"
            why = "the text they are on cannot be read"
            self.report.losses.add("codings", why, item=item, count=len(selection.codings))

    def _source(self, source: QdaSource, text: SourceText, documents: Documents, record: Record) -> None:
        if not text.text.strip():
            self.report.losses.add("sources", "there are no words in them", item=source.name)
            return
        self._remark(source, text)
        placed = self._placed(source, text)
        document, is_new = documents.take(source, text, [span for _, span in placed])
        self.taken[source.guid] = document
        (self.report.added if is_new else self.report.matched).append(document.name)
        said, beside = self._sort(source, placed)
        passages = list(self.project.store.passages(document.id))
        by_passage = self._on_passages(source, said, passages)
        done = record.decide(by_passage, self.provenance(source.name), is_new=is_new)
        if done or beside:
            self._note(document, passages[0].revision_id if passages else "", done, beside)
        if is_new and dict(source.values).get(STANDING) == SUPERSEDED:
            why = "it was replaced by a newer version in the project it came from"
            withdraw(self.project, document.name, self.request.coder, why)
            self.report.remarks.append(f"{document.name}: withdrawn, since {why}")

    def _remark(self, source: QdaSource, text: SourceText) -> None:
        said = [f"{source.name}: {remark}" for remark in text.remarks]
        if text.counted:
            said.append(f"{source.name}: its program counts {text.counted}; its quotes fit so")
        if text.unlike:
            said.append(
                f"{source.name}: {text.unlike} selections do not begin with the words in their name; they "
                "are taken as they are marked: look at them"
            )
        self.report.remarks += said

    def _placed(self, source: QdaSource, text: SourceText) -> list[tuple[QdaSelection, tuple[int, int]]]:
        placed = []
        for selection, span in zip(source.selections, text.spans, strict=True):
            if span is not None:
                placed.append((selection, span))
                continue
            item = f"{source.name}: {selection.start} to {selection.end}"
            why = "they mark no words of the text"
            self.report.losses.add("codings", why, item=item, count=len(selection.codings))
        return placed

    def _sort(
        self, source: QdaSource, placed: Sequence[tuple[QdaSelection, tuple[int, int]]]
    ) -> tuple[dict[tuple[tuple[int, int], str], Said], list[KeptCoding]]:
        """Return what each coder said of each span, and the codings under codes that are none of ours."""
        said: dict[tuple[tuple[int, int], str], Said] = defaultdict(Said)
        beside: list[KeptCoding] = []
        for selection, span in placed:
            for coding in selection.codings:
                coder = self.coder_of(coding, selection)
                at = project_time(coding.at) or project_time(selection.at) or self.now
                ours = self.settled.get(coding.code, ())
                if coding.code not in self.paths:
                    why = "their code is not in the file's codebook"
                    self.report.losses.add("codings", why, item=f"{source.name}: {selection.name}")
                elif not ours:
                    beside.append(KeptCoding(coding.code, *span, coder, at))
                    item = f"{source.name}: {' > '.join(self.paths[coding.code])}"
                    self.report.losses.add("codings", _NONE_OF_OURS, item=item)
                else:
                    self.add(said[span, coder], (selection, coding), ours, at)
                    said[span, coder].spans.add(span)
        self.report.counts["beside"] += len(beside)
        return said, beside

    def add(
        self, said: Said, both: tuple[QdaSelection | QdaArea, QdaCoding], ours: Sequence[OurCode], at: str
    ) -> None:
        """Add one coding, with the notes that hang on it, to what its coder said of a passage."""
        selection, coding = both
        said.codes += [code for code in ours if code not in said.codes]
        said.codings += 1
        said.at = max(said.at, at)
        said.selections += [g for g in (selection.guid,) if g and g not in said.selections]
        notes = [self._note_text(guid) for guid in (*selection.notes, *coding.notes)]
        if selection.description and not selection.description.startswith(PLACE):
            notes.append(selection.description)
        said.notes += [note for note in notes if note and note not in said.notes]

    def _note_text(self, guid: str) -> str:
        note = self.found.notes.get(guid)
        if note is None:
            return ""
        title = first_words(note.name)
        if not note.text.strip():
            return note.name
        return note.text if first_words(note.text).startswith(title) else f"{note.name}: {note.text}"

    def coder_of(self, coding: QdaCoding, selection: QdaSelection | QdaArea) -> str:
        """Return the name of whoever made a coding."""
        for guid in (coding.user, selection.user):
            if guid and self.found.users.get(guid):
                return self.found.users[guid]
        return f"not named in {self.request.path.name}"

    def _on_passages(
        self,
        source: QdaSource,
        said: Mapping[tuple[tuple[int, int], str], Said],
        passages: Sequence[Passage],
    ) -> dict[tuple[str, str], Said]:
        """Return what each coder said of each passage: that of the span, or those that hold it."""
        found: dict[tuple[str, str], Said] = {}
        place = holding(passages)
        for (span, coder), each in said.items():
            on = place(span)
            if not on:
                item = f"{source.name}: {span[0]} to {span[1]}"
                why = "no passage of the document holds their words, such as those of a heading"
                self.report.losses.add("codings", why, item=item, count=each.codings)
            if len(on) != 1 or (on[0].span.start, on[0].span.end) != span:
                self.report.counts["on other passages"] += bool(on)
            for passage in on:
                there = found.setdefault((passage.id, coder), Said())
                there.codes += [code for code in each.codes if code not in there.codes]
                there.notes += [note for note in each.notes if note not in there.notes]
                there.at = max(there.at, each.at)
                there.codings += each.codings
                there.spans.add(span)
                there.selections += each.selections
        return found

    def provenance(self, source: str) -> dict[str, Any]:
        """Return where a decision on a source came from."""
        return {
            "file": self.request.path.name,
            "file_sha256": self.package_sha256,
            "tool": self.report.tool,
            "source": source,
            "by": self.request.coder,
            "at": self.now,
        }

    def _note(
        self, document: Document, revision_id: str, done: Sequence[str], beside: Sequence[KeptCoding]
    ) -> None:
        """Record that codings came in from another tool, with those that are kept beside."""
        kept = set(self.kept.codings.get(revision_id, ()))
        fresh = [coding for coding in beside if coding not in kept]
        if not done and not fresh:
            return
        names = sorted({*done, *(coding.coder for coding in fresh)})
        words = f"{counted(len(done), 'decision')} came in from {self.request.path.name} ({self.report.tool})"
        if fresh:
            words += f"; {counted(len(fresh), 'coding')} kept beside, under codes that are none of ours"
        payload: dict[str, Any] = {
            "words": words,
            "file": self.request.path.name,
            "file_sha256": self.package_sha256,
            "tool": self.report.tool,
            "coders": names,
            "decisions": len(done),
        }
        if beside:
            payload |= beside_payload(revision_id, self.package_sha256, self.paths, beside)
        self.project.store.append_event(
            coder=self.request.coder,
            action=EventAction.RELEASED,
            subject=document.id,
            at=utc_now(),
            payload=payload,
        )

    def _keep_areas(self, pdf: KeptPdf) -> None:
        """Record the areas of a PDF, unless the record says the same of them already."""
        if not pdf.areas or any(self._says(kept, pdf) for kept in self.kept.pdfs):
            return
        payload = areas_payload(pdf, self.package_sha256, self.paths)
        subject = self.request.path.name
        if pdf.revision:
            subject = self.project.store.revision(pdf.revision).document_id
        many = counted(len(pdf.areas), "coding")
        words = f"{many} on areas of pages came in from {self.request.path.name} ({self.report.tool})"
        self.project.store.append_event(
            coder=self.request.coder,
            action=EventAction.RELEASED,
            subject=subject,
            at=utc_now(),
            payload={"words": words, "file": self.request.path.name, "tool": self.report.tool, **payload},
        )

    def _says(self, kept: KeptPdf, pdf: KeptPdf) -> bool:
        """Return whether all of a PDF's areas are kept already, under these codes or ours for them."""
        is_same = kept.revision == pdf.revision and (kept.guid == pdf.guid or pdf.revision != "")
        ours = self.kept.settled | dict(self.settled)

        def said(areas: Sequence[KeptArea]) -> set[tuple[object, ...]]:
            return {
                (a.page, a.box, code, a.coder, a.passage)
                for a in areas
                for code in ours.get(a.code) or (a.code,)
            }

        return is_same and said(pdf.areas) <= said(kept.areas)
