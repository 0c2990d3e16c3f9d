"""Codings that another tool has on areas of a PDF's pages: onto the passages that lie there, or kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.exchange import QdaArea, QdaCoding, QdaPdf
from evidence_mapper.domain.ids import sha256_bytes
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import ExtractionError
from evidence_mapper.workflow.refi_decisions import Said
from evidence_mapper.workflow.refi_kept_areas import Box, KeptArea, KeptPdf
from evidence_mapper.workflow.refi_names import project_time

if TYPE_CHECKING:
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.refi import RefiPackage
    from evidence_mapper.workflow.refi_holding import Record
    from evidence_mapper.workflow.refi_intake import Intake

WHAT: Final = "codings on areas of pages"
_KEPT: Final = "kept, and given back by the next export"
_NOT_HERE: Final = (
    f"{_KEPT}; no document here is that PDF: add the file with `evidence-mapper add`, then import again"
)
_NO_WORDS: Final = f"{_KEPT}; no passage stands there, as with a picture"
_NOT_OURS: Final = f"{_KEPT}; their code is none of ours"
_MOST: Final = 0.5
"""Part of a passage's box that an area covers which is meant for the passage."""
_LEAST: Final = 0.1
"""Part of the smaller of both boxes below which they only touch."""


def under(area: Box, page: int, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that an area of a page is on, in document order; none where there are no words.

    That is each passage at least half of whose box is covered; else the one that the area covers most of.

    Parameters
    ----------
    area
        In points, from the bottom left.
    page
        Counted from 0.
    passages
        Of the document. Of one that runs over two pages only the part on the first has a box.
    """
    found: list[tuple[float, float, Passage]] = []
    for passage in passages:
        box = passage.location.bbox
        if box is None or passage.location.page != page + 1:
            continue
        across = min(area[2], box[2]) - max(area[0], box[0])
        up = min(area[3], box[3]) - max(area[1], box[1])
        if across <= 0 or up <= 0:
            continue
        own, drawn = _size(box), _size(area)
        if across * up >= _LEAST * min(own, drawn):
            found.append((across * up / own, across * up, passage))
    covered = [passage for part, _, passage in found if part >= _MOST]
    return covered or [passage for *_, passage in sorted(found, key=lambda each: -each[1])[:1]]


def _size(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def place_words(area: QdaArea) -> str:
    """Return where an area is, for a person; pages count from 1."""
    left, bottom, right, top = area.box
    return f"p. {area.page + 1}, {left},{bottom} to {right},{top}"


@dataclass
class Areas:
    """Takes in the areas of one import, after its texts."""

    intake: Intake
    record: Record
    by_hash: dict[str, Document] = field(init=False)

    def __post_init__(self) -> None:
        documents = self.intake.project.store.documents()
        self.by_hash = {document.file_sha256: document for document in documents}

    def take(self, pdf: QdaPdf, package: RefiPackage, limits: Limits) -> KeptPdf:
        """Record decisions where areas lie on passages, and return all areas, to be kept."""
        document = self._document(pdf, package, limits)
        passages: list[Passage] = []
        if document is not None:
            passages = list(self.intake.project.store.passages(document.id))
        said: dict[tuple[str, str], Said] = defaultdict(Said)
        kept: list[KeptArea] = []
        is_here = any(passage.location.bbox is not None for passage in passages)
        for area in pdf.areas:
            on = under(area.box, area.page, passages)
            for coding in area.codings:
                kept += self._coding(pdf, (area, coding), on, said, is_here=is_here)
        if said:
            self.record.decide(said, self.intake.provenance(pdf.name), is_new=False)
        revision = passages[0].revision_id if passages else ""
        return KeptPdf(pdf.guid, pdf.name, revision, tuple(kept))

    def _coding(
        self,
        pdf: QdaPdf,
        both: tuple[QdaArea, QdaCoding],
        on: Sequence[Passage],
        said: Mapping[tuple[str, str], Said],
        *,
        is_here: bool,
    ) -> list[KeptArea]:
        """Note what a coding says of passages, and return it as it is kept: once for each passage."""
        intake, (area, coding) = self.intake, both
        if coding.code not in intake.paths:
            item = f"{pdf.name}, {place_words(area)}"
            intake.report.losses.add(WHAT, "their code is not in the file's codebook", item=item)
            return []
        coder = intake.coder_of(coding, area)
        at = project_time(coding.at) or project_time(area.at) or intake.now
        ours = intake.settled.get(coding.code, ())
        where = [passage.id for passage in on] if ours else []
        for passage_id in where:
            here = said[passage_id, coder]
            intake.add(here, both, ours, at)
            here.areas.append([area.page, *area.box])
        if not where:
            why = _NOT_OURS if not ours else _NO_WORDS if is_here else _NOT_HERE
            item = f"{pdf.name}, {place_words(area)}: {' > '.join(intake.paths[coding.code])}"
            intake.report.losses.add(WHAT, why, item=item)
            intake.report.counts["kept areas"] += 1
        intake.report.counts["on areas"] += bool(where)
        return [
            KeptArea(area.page, area.box, coding.code, coder, at, place, area.name, area.description)
            for place in where[:1] or [""]
        ]

    def _document(self, pdf: QdaPdf, package: RefiPackage, limits: Limits) -> Document | None:
        """Return the document with the same file; else the one that has the text it comes with."""
        from evidence_mapper.extract.refi import read_file

        if pdf.path:
            try:
                data = read_file(package, pdf.path, limits, folder=self.intake.request.sources)
            except ExtractionError:  # not in the package, or too large: the text may still tell
                data = b""
            if found := self.by_hash.get(sha256_bytes(data)):
                return found
        return self.intake.taken.get(pdf.guid)
