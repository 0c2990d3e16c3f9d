"""Codings on areas of pages from another tool, kept in the record and given back on export.

An area that lies on a passage, under a code that is one of ours, is a decision on that passage as well:
it goes out again while the decision holds. Every other area is no evidence here, and only kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evidence_mapper.domain.exchange import QdaArea, QdaCoding, QdaPdf
from evidence_mapper.domain.ids import derived_guid
from evidence_mapper.workflow.refi_names import user_guid, xsd_time

AREAS: Final = "refi_areas"
"""Key of the part of an entry's payload."""
Box = tuple[int, int, int, int]
"""Left, bottom, right, top in points, from the bottom left of the page."""
CodesOf = Mapping[tuple[str, str], frozenset[str]]
"""GUIDs of the codes that each (passage, coder)'s decision has."""


@dataclass(frozen=True, slots=True)
class KeptArea:
    """One code on one area."""

    page: int
    """Counted from 0, as the standard does."""
    box: Box
    code: str
    """GUID."""
    coder: str
    at: str
    passage: str = ""
    """Id of the passage that was decided on; empty when the area is only kept."""
    name: str = ""
    description: str = ""

    def row(self) -> list[Any]:
        """Return plain data; :meth:`of_row` gives the same area back."""
        return [
            self.page,
            *self.box,
            self.code,
            self.coder,
            self.at,
            self.passage,
            self.name,
            self.description,
        ]

    @classmethod
    def of_row(cls, row: list[Any]) -> KeptArea:
        """Rebuild an area."""
        page, left, bottom, right, top, *words = row
        return cls(int(page), (int(left), int(bottom), int(right), int(top)), *map(str, words))


@dataclass(frozen=True, slots=True)
class KeptPdf:
    """A PDF of another tool's project, with all that is kept of its areas."""

    guid: str
    """Of the source, as the other tool has it."""
    name: str
    revision: str
    """The reading of the document here that it is; empty when no document is."""
    areas: tuple[KeptArea, ...]


def areas_payload(pdf: KeptPdf, file: str, names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the part of an entry's payload that :func:`kept_areas` reads.

    Parameters
    ----------
    pdf
        What to keep.
    file
        Hash of the package it came in.
    names
        GUID of each code to its name and the names above it.
    """
    used = {area.code for area in pdf.areas}
    return {
        AREAS: {
            "file": file,
            "source": pdf.guid,
            "name": pdf.name,
            "revision": pdf.revision,
            "codes": {guid: list(path) for guid, path in sorted(names.items()) if guid in used},
            "areas": sorted(area.row() for area in pdf.areas),
        }
    }


def kept_areas(payloads: Iterable[Mapping[str, Any]]) -> tuple[list[KeptPdf], dict[str, tuple[str, ...]]]:
    """Return what the record keeps, a PDF once, and the names of the codes it is under.

    Of two imports of the same file the later one counts; of two files of one study both do.

    Parameters
    ----------
    payloads
        Of the record's entries, oldest first.
    """
    latest: dict[tuple[str, str], Mapping[str, Any]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for payload in payloads:
        if kept := payload.get(AREAS):
            latest.pop((str(kept["file"]), str(kept["source"])), None)
            latest[str(kept["file"]), str(kept["source"])] = kept
            names |= {str(guid): tuple(map(str, path)) for guid, path in kept["codes"].items()}
    # The same PDF in a later file: found by what it is here, or else by its GUID there.
    by_pdf: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for kept in latest.values():
        by_pdf[str(kept["revision"] or kept["source"])].append(kept)
    found = []
    for members in by_pdf.values():
        areas: dict[tuple[Any, ...], KeptArea] = {}
        for kept in members:
            for area in map(KeptArea.of_row, kept["areas"]):
                areas[area.page, area.box, area.code, area.coder] = area
        last = members[-1]
        found.append(
            KeptPdf(str(last["source"]), str(last["name"]), str(last["revision"]), tuple(areas.values()))
        )
    return found, names


def written(
    pdf: KeptPdf, key: str, ours: Mapping[str, tuple[str, ...]], codes_of: CodesOf
) -> tuple[QdaArea, ...]:
    """Return a PDF's areas as they are written, by page and place.

    Parameters
    ----------
    pdf
        What is kept.
    key
        Stands for the PDF in GUIDs.
    ours
        GUIDs of our codes by that of theirs, for codes a person settled; any other stays as it is.
    codes_of
        What decisions hold: of an area that became one, only codes that the decision has are written.
    """
    by_place: dict[tuple[int, Box, str], list[KeptArea]] = defaultdict(list)
    for area in pdf.areas:
        by_place[area.page, area.box, area.coder].append(area)
    found = []
    for (page, box, coder), kept in sorted(by_place.items()):
        named = (key, str(page), *map(str, box), coder)
        codings: dict[str, QdaCoding] = {}
        for area in sorted(kept, key=lambda a: a.code):
            for code in _codes(area, ours, codes_of):
                guid = str(derived_guid("refi-coding", code, *named))
                codings.setdefault(code, QdaCoding(guid, code, user_guid(coder), xsd_time(area.at)))
        if codings:
            found.append(
                QdaArea(
                    guid=str(derived_guid("refi-area", *named)),
                    name=kept[0].name,
                    page=page,
                    box=box,
                    codings=tuple(codings.values()),
                    user=user_guid(coder),
                    at=xsd_time(kept[0].at),
                    description=kept[0].description,
                )
            )
    return tuple(found)


def given_up(pdf: KeptPdf, ours: Mapping[str, tuple[str, ...]], codes_of: CodesOf) -> int:
    """Return how many codings are not written, since the decision they became does not hold any more."""
    return sum(not _codes(area, ours, codes_of) for area in pdf.areas)


def as_pdf(pdf: KeptPdf, ours: Mapping[str, tuple[str, ...]]) -> QdaPdf:
    """Return a PDF that is no document here, as it is written: without the file."""
    return QdaPdf(pdf.guid, pdf.name, "", written(pdf, pdf.guid, ours, {}))


def _codes(area: KeptArea, ours: Mapping[str, tuple[str, ...]], codes_of: CodesOf) -> tuple[str, ...]:
    codes = ours.get(area.code) or (area.code,)
    if not area.passage:
        return codes
    held = codes_of.get((area.passage, area.coder), frozenset())
    return tuple(code for code in codes if code in held)
