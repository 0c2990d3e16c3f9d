"""Passages, documents and rows with names in people's own stories replaced, alike throughout a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.domain.document import Document, SourceLocation
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.progress import ProgressSink, silent
from evidence_mapper.workflow.redactor_kept import CasesAtHand, PassageSet
from evidence_mapper.workflow.stories import Stories, neutral_name

if TYPE_CHECKING:
    from evidence_mapper.workflow.redaction import RedactedText
    from evidence_mapper.workflow.redaction_key import Key

_IN_A_NAME: Final = "[name]"
"""Stands in a file's name for what was found there."""
_OWN_WORDS: Final = "what people wrote of the council"
"""Under which pseudonyms in claims and notes that rest on no story are kept."""
_APART: Final = str.maketrans("_-/.+", "     ")
"""What stands between the words of a file name, so that names in it are met as words."""


class Redactor:
    """Replaces names in what is read of one project; each case's texts are looked through together.

    May be called from several threads. Nothing is loaded before the first document that tells a story. Only
    the cases used lately are at hand: a text that is asked for again later is looked through again, from what
    was known the first time, and so comes out the same. Who has which pseudonym is always kept.

    Parameters
    ----------
    store
        The open project.
    key
        Takes up who is behind each pseudonym; None forgets it with this object.
    progress
        Is told how many of the documents that tell stories were looked through.
    """

    def __init__(self, store: Store, *, key: Key | None = None, progress: ProgressSink = silent) -> None:
        self._store = store
        self._stories = Stories(store)
        self._key = key
        self._progress = progress
        self._lock = RLock()
        self._cases = CasesAtHand()
        self._before: dict[tuple[str, ...], dict[str, Any] | None] = {}
        """Revisions looked through together, to what was known of their case before; None for nothing."""
        self._names: dict[str, str] = {}
        self._looked: set[str] = set()
        self._total = 0
        self.passages = PassageSet()
        """Passages given out with names replaced."""

    def is_story(self, document: Document) -> bool:
        """Return whether names in a document are replaced."""
        return self._stories.is_story(document)

    def any_story(self) -> bool:
        """Return whether the project holds such documents."""
        return self._stories.any(self._store)

    def of_story(self, passage: Passage) -> bool:
        """Return whether a passage stands in such a document."""
        return self.is_story(self._store.document(passage.document_id))

    # documents ---------------------------------------------------------------------------------
    def document(self, document: Document) -> Document:
        """Return a document under the name it may be shown by."""
        shown = self.document_name(document)
        return document if shown == document.name else replace(document, name=shown)

    def document_name(self, document: Document) -> str:
        """Return the name a document may be shown by: the same in every export of the project."""
        if not self.is_story(document):
            return document.name
        if self._stories.has_neutral_name(document):
            return neutral_name(document)
        return self.file_name(document.name)

    def name_of(self, name: str) -> str:
        """Return the name that the document of a name may be shown by."""
        document = self._store.document_by_name(name)
        return name if document is None else self.document_name(document)

    def shown_names(self) -> dict[str, str]:
        """Return, by name, the names of those documents that are shown by another."""
        pairs = ((d.name, self.document_name(d)) for d in self._store.documents())
        return {name: shown for name, shown in pairs if name != shown}

    def file_name(self, name: str) -> str:
        """Return a file's name with a mark for everything in it that points to a person."""
        from evidence_mapper.redact import Replacement, load_finder, redacted

        with self._lock:
            if name not in self._names:
                stem = name.removesuffix(PurePosixPath(name).suffix)
                found = load_finder().find(stem.translate(_APART))
                self._names[name] = redacted(name, [Replacement(f.span, _IN_A_NAME) for f in found]).text
            return self._names[name]

    # text --------------------------------------------------------------------------------------
    def row(self, row: EvidenceRow) -> EvidenceRow:
        """Return a row as it may leave the project: quote, headings, context, note and names replaced."""
        names = {name: self.name_of(name) for name in row.also_in}
        also_in = tuple(sorted(names.values()))
        if not self.is_story(row.document):
            return row if also_in == row.also_in else replace(row, also_in=also_in)
        return replace(
            row,
            passage=self.passage(row.passage),
            document=self.document(row.document),
            note=self.words(row.document.id, row.note) if row.note else row.note,
            also_in=also_in,
            redacted=True,
        )

    def outline(self, row: EvidenceRow) -> EvidenceRow:
        """Return a row to count by: as :meth:`row` gives it, but with no words where it is of a story."""
        if not self.is_story(row.document):
            return row
        passage = row.passage
        place = replace(passage.location, speaker=None, sheet=None, part=None, shape=None)
        bare = replace(passage, text="", location=place, heading_path=(), context=None, attributes=())
        shown = self.document(row.document)
        return replace(row, passage=bare, document=shown, note=None, also_in=(), redacted=True)

    def passage(self, passage: Passage) -> Passage:
        """Return a passage of a story with its words replaced; its span stays that of the original text."""
        own = passage.document_id
        self.passages.add(passage)
        return replace(
            passage,
            text=self._text(passage).carried(passage.span),
            location=self._location(own, passage.location),
            heading_path=tuple(self.words(own, heading) for heading in passage.heading_path),
            context=self.words(own, passage.context) if passage.context else passage.context,
            attributes=tuple((name, self.words(own, value)) for name, value in passage.attributes),
        )

    def shown(self, passage: Passage) -> Passage:
        """Return a passage of any document as it may be shown."""
        return self.passage(passage) if self.of_story(passage) else passage

    def span(self, passage: Passage, part: Span) -> Span:
        """Return where part of a passage lies in its replaced words; a pseudonym is never cut.

        Parameters
        ----------
        passage
            A passage of a story, as it is in the project.
        part
            Code points of its ``text``.
        """
        given, start = self._text(passage).redacted, passage.span.start
        whole = given.to_redacted(passage.span).start
        here = given.to_redacted(Span(start + part.start, start + part.end))
        return Span(here.start - whole, here.end - whole)

    def words(self, document_id: str, text: str) -> str:
        """Return words said of a story, such as a note or a heading, with its people's names replaced."""
        with self._lock:
            self._look_through(document_id)
            return self._redacted(self._stories.case_of(document_id), text)

    def own_words(self, passage_ids: Iterable[str], text: str) -> str:
        """Return what a person wrote, such as a claim, without what points to people in stories.

        Parameters
        ----------
        passage_ids
            Passages that the words are about. Names are those of the first story among them; where there is
            none, everything that is found in the words gives way all the same.
        text
            The words.
        """
        for passage_id in passage_ids:
            if self._store.passage_key(passage_id) is not None:
                passage = self._store.passage(passage_id)
                if self.of_story(passage):
                    return self.words(passage.document_id, text)
        return self._redacted(_OWN_WORDS, text)

    def words_of_case(self, case: str, text: str) -> str:
        """Return words said of a case, such as an auditor's comment, with its people's names replaced."""
        document = self._stories.first_of(case)
        return self._redacted(case, text) if document is None else self.words(document, text)

    # -------------------------------------------------------------------------------------------
    def _redacted(self, case: str, text: str) -> str:
        from evidence_mapper.workflow.redaction import redact_texts

        with self._lock:
            found = self._cases.of(case).words.get(text)
            if found is None:
                [given] = redact_texts([text], case=case, key=self._kept())
                self._cases.add_words(case, text, found := given.text)
            return found

    def _text(self, passage: Passage) -> RedactedText:
        with self._lock:
            self._look_through(passage.document_id)
            case = self._stories.case_of(passage.document_id)
            if passage.revision_id not in self._cases.of(case).texts:  # of a version since replaced
                self._redact(case, [passage.revision_id])
            return self._cases.of(case).texts[passage.revision_id]

    def _look_through(self, document_id: str) -> None:
        """Redact the newest versions of all documents of a document's case, together."""
        case = self._stories.case_of(document_id)
        if document_id in self._cases.of(case).looked:
            return
        wanted = self._stories.same_case(document_id)
        self._redact(case, [v.revision_id for d in wanted for v in self._store.versions(d) if v.newest])
        self._cases.of(case).looked.update(wanted)
        self._looked.update(wanted)
        self._total = self._total or sum(self.is_story(d) for d in self._store.documents())
        self._progress(len(self._looked), max(self._total, len(self._looked)), "names replaced")

    def _redact(self, case: str, revisions: Sequence[str]) -> None:
        from evidence_mapper.workflow.redaction import redact_texts

        texts = [self._store.revision(revision).text for revision in revisions]
        given = redact_texts(texts, case=case, key=self._known(case, revisions))
        for revision, text in zip(revisions, given, strict=True):
            self._cases.add_text(case, revision, text)

    def _known(self, case: str, revisions: Sequence[str]) -> Key:
        """Return the key; for texts looked through before, what it knew of their case then."""
        from evidence_mapper.redact.pseudonyms import Case
        from evidence_mapper.workflow.redaction_key import Key

        together = (case, *revisions)
        if together in self._before:
            before = self._before[together]
            return Key({} if before is None else {case: Case.from_json(before)})
        key = self._kept()
        self._before[together] = key.cases[case].to_json() if case in key.cases else None
        return key

    def _kept(self) -> Key:
        if self._key is None:
            from evidence_mapper.workflow.redaction_key import Key

            self._key = Key()
        return self._key

    def _location(self, document_id: str, place: SourceLocation) -> SourceLocation:
        """Return a place without the names that a speaker, a sheet or an attachment may go by."""

        def given(text: str | None) -> str | None:
            return self.words(document_id, text) if text else text

        return replace(
            place,
            speaker=given(place.speaker),
            sheet=given(place.sheet),
            part=given(place.part),
            shape=given(place.shape),
        )
