"""Where a passage begins and ends, changed by a person: cut in two, or joined with its neighbour."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.store.base import Store


class Recutting:
    """Changes spans; the text of the revision never changes, and every passage stays a span of it.

    Parameters
    ----------
    store
        The open project.
    coder
        Who changes it.
    now
        Returns the time as UTC ISO 8601.
    """

    def __init__(self, store: Store, coder: str, now: Callable[[], str]) -> None:
        self._store = store
        self._coder = coder
        self._now = now

    def cuts(self, passage_id: str) -> list[int]:
        """Return where a passage may be cut: the ends of its sentences but the last, in its own text."""
        from evidence_mapper.segment.sentences import sentence_spans

        text = self._store.passage(passage_id).text
        ends = [end for _, end in sentence_spans(text)]
        return [end for end in ends if text[end:].strip() and text[:end].strip()]

    def split(self, passage_id: str, at: int) -> Event:
        """Cut a passage in two at a place in its text.

        Raises
        ------
        UsageError
            Nothing but white space would be left on one side.
        StoreError
            The passage is no longer there to be cut, or the project could not be written.
        """
        whole = self._store.passage(passage_id)
        parts = [_span(whole, 0, at), _span(whole, at, len(whole.text))]
        pieces: list[Passage] = []
        for span in parts:
            if span is None:
                raise UsageError("nothing would be left on one side of the cut; nothing was changed")
            text = whole.text[span.start - whole.span.start : span.end - whole.span.start]
            pieces.append(self._named(replace(whole, span=span, text=text)))
        return self._record([whole], pieces, "cut a passage in two")

    def widen(self, passage_id: str, *, up: bool) -> Event:
        """Join a passage with the one above or below it.

        Raises
        ------
        UsageError
            There is no neighbour, or joining them would put two people's words, or two headings', together.
        StoreError
            The passage is no longer there to be joined, or the project could not be written.
        """
        here = self._store.passage(passage_id)
        above, below = self._store.neighbours(passage_id, 1, 1)
        found = above if up else below
        if not found:
            raise UsageError(f"nothing stands {'above' if up else 'below'} this passage")
        pair = [found[0], here] if up else [here, found[0]]
        _refuse_strangers(*pair)
        span = Span(pair[0].span.start, pair[1].span.end)
        text = span.of(self._store.revision(here.revision_id).text)
        place = _joined(pair[0].location, pair[1].location)
        joined = self._named(replace(pair[0], span=span, text=text, location=place))
        words = f"joined a passage with the one {'above' if up else 'below'}"
        return self._record(pair, [joined], words)

    def undo(self, event: Event) -> Event:
        """Put back the passages that a recut took out, with the decisions that hold on them.

        Raises
        ------
        UsageError
            The event is no recut.
        StoreError
            What it put there has been cut again since, or the project could not be written.
        """
        if event.action is not EventAction.RECUT:
            raise UsageError("only where a passage begins and ends is put back this way")
        new = [self._store.passage(str(i)) for i in event.payload["put"]]
        old = [self._store.passage(str(i)) for i in event.payload["taken"]]
        return self._record(new, old, "put a passage back as it was cut before")

    def _record(self, taken: list[Passage], put: list[Passage], words: str) -> Event:
        ids = [passage.id for passage in taken]
        return self._store.recut(coder=self._coder, at=self._now(), taken=ids, put=put, words=words)

    def _named(self, passage: Passage) -> Passage:
        """Return a piece with the id that follows from file, place and words, as readings have them."""
        digest = self._store.revision(passage.revision_id).file_sha256
        address = {k: v for k, v in passage.location.to_json().items() if k not in {"bbox", "confidence"}}
        place, repeat = json.dumps(address, sort_keys=True), 0
        while True:
            more = (str(repeat),) if repeat else ()
            name = derived_id("psg", digest, place, passage.text, *more)
            try:
                there = self._store.passage(name)
            except StoreError:  # nothing has that name yet
                return replace(passage, id=name)
            if there.span == passage.span and there.revision_id == passage.revision_id:
                return replace(passage, id=name)
            repeat += 1


def _span(whole: Passage, start: int, end: int) -> Span | None:
    """Return part of a passage as a span of the revision, without white space at its ends; None: nothing."""
    part = whole.text[start:end]
    lead = len(part) - len(part.lstrip())
    if not part.strip():
        return None
    first = whole.span.start + start + lead
    return Span(first, first + len(part.strip()))


def _refuse_strangers(one: Passage, other: Passage) -> None:
    loose = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
    if not (one.kind in loose and other.kind in loose) and not _of_one_table(one, other):
        raise UsageError(
            "only paragraphs, items of a list and rows of one table in a document are joined: a row of a "
            "sheet or a survey, and a comment, stand alone"
        )
    if one.heading_path != other.heading_path or one.context != other.context:
        raise UsageError("another heading or question stands between them: they are not joined")
    if one.attributes != other.attributes:
        raise UsageError("they are not of the same person or record: they are not joined")


def _of_one_table(one: Passage, other: Passage) -> bool:
    """Return whether two passages are rows of the same table: a name may stand above its figures."""
    rows = one.kind is BlockKind.TABLE_ROW and other.kind is BlockKind.TABLE_ROW
    return rows and one.location.table is not None and one.location.table_key == other.location.table_key


def _joined(first: SourceLocation, last: SourceLocation) -> SourceLocation:
    end = last.page_end or last.page
    boxes = (first.bbox, last.bbox)
    box = None
    if boxes[0] and boxes[1] and first.page == last.page and not first.page_end:
        (a, b, c, d), (e, f, g, h) = boxes[0], boxes[1]
        box = (min(a, e), min(b, f), max(c, g), max(d, h))
    return replace(first, page_end=end if end != first.page else None, bbox=box)
