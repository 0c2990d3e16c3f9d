"""Codings from another tool under codes that are none of ours: kept in the record, given back on export.

They are no evidence here: nothing counts them and no list shows them. They are kept so that a project
that goes through this program comes out with every coding it came in with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.exchange import OurCode, QdaCode, QdaCoding, QdaSelection
from evidence_mapper.domain.ids import derived_guid
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.refi_kept_areas import KeptPdf, kept_areas
from evidence_mapper.workflow.refi_mapping import settled_before
from evidence_mapper.workflow.refi_names import first_words, user_guid, xsd_time

KEPT: Final = "refi_beside"
"""Key of the part of an entry's payload."""
_FOLDER: Final = "Codes from other tools"


@dataclass(frozen=True, slots=True)
class KeptCoding:
    """One coding under a code that is none of ours."""

    code: str
    """GUID."""
    start: int
    end: int
    """Of the revision's text."""
    coder: str
    at: str


@dataclass
class Beside:
    """Everything kept from imports so far."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """GUID of a code to its name and the names above it, outermost first."""
    codings: dict[str, list[KeptCoding]] = field(default_factory=lambda: defaultdict(list))
    """By revision."""
    pdfs: list[KeptPdf] = field(default_factory=list)
    """Those with codings on areas of their pages."""
    settled: dict[str, tuple[OurCode, ...]] = field(default_factory=dict)
    """Our codes by the other tool's GUID, as persons settled it."""

    def users(self) -> set[str]:
        """Return the names of those who made them."""
        on_pages = {area.coder for pdf in self.pdfs for area in pdf.areas}
        return on_pages | {coding.coder for kept in self.codings.values() for coding in kept}

    def pdf(self, revision_id: str) -> KeptPdf | None:
        """Return what is kept of the areas of one revision; None when there is nothing."""
        return next((pdf for pdf in self.pdfs if pdf.revision == revision_id), None)

    def codes(self) -> tuple[QdaCode, ...]:
        """Return the folder with their codes; empty when there are none."""
        if not self.names:
            return ()
        guid = str(derived_guid("refi-code", "other-tools"))
        tree = _tree(self.names)
        return (QdaCode(guid, _FOLDER, codable=False, children=tree),)

    def selections(self, revision_id: str, text: str) -> list[QdaSelection]:
        """Return the selections on one revision's text, in order."""
        by_span: dict[tuple[int, int, str], list[KeptCoding]] = defaultdict(list)
        for coding in self.codings.get(revision_id, ()):
            by_span[coding.start, coding.end, coding.coder].append(coding)
        found = []
        for (start, end, coder), kept in sorted(by_span.items()):
            key = (revision_id, str(start), str(end), coder)
            codings = tuple(
                QdaCoding(
                    guid=str(derived_guid("refi-coding", each.code, *key)),
                    code=each.code,
                    user=user_guid(coder),
                    at=xsd_time(each.at),
                )
                for each in sorted(kept, key=lambda k: k.code)
            )
            found.append(
                QdaSelection(
                    guid=str(derived_guid("refi-selection", *key)),
                    name=first_words(text[start:end]),
                    start=start,
                    end=end,
                    codings=codings,
                    user=user_guid(coder),
                    at=codings[0].at,
                )
            )
        return found


def kept_beside(store: Store) -> Beside:
    """Return what earlier imports left beside the framework's codes.

    A code that was settled to be one of ours since is left out: importing the file again brings its
    codings in as decisions.
    """
    settled = settled_before(store)
    found, latest = Beside(settled=settled), dict[tuple[str, str], Mapping[str, Any]]()
    events = store.entries([EventAction.RELEASED])
    found.pdfs, found.names = kept_areas(event.payload for event in events)
    for event in events:
        kept = event.payload.get(KEPT)
        if kept:
            latest[str(kept["revision"]), str(kept["file"])] = kept
    for (revision, _), kept in latest.items():
        found.names |= {str(guid): tuple(map(str, path)) for guid, path in kept["codes"].items()}
        there = set(found.codings[revision])
        for code, start, end, coder, at in kept["codings"]:
            coding = KeptCoding(str(code), int(start), int(end), str(coder), str(at))
            if coding not in there and not settled.get(coding.code):
                found.codings[revision].append(coding)
                there.add(coding)
    used = {coding.code for kept_here in found.codings.values() for coding in kept_here}
    used |= {area.code for pdf in found.pdfs for area in pdf.areas if not settled.get(area.code)}
    found.names = {guid: path for guid, path in found.names.items() if guid in used}
    return found


def beside_payload(
    revision_id: str, file: str, names: Mapping[str, tuple[str, ...]], codings: Iterable[KeptCoding]
) -> dict[str, Any]:
    """Return the part of an entry's payload that :func:`kept_beside` reads."""
    rows = sorted({(c.code, c.start, c.end, c.coder, c.at) for c in codings})
    used = {row[0] for row in rows}
    return {
        KEPT: {
            "revision": revision_id,
            "file": file,
            "codes": {guid: list(path) for guid, path in sorted(names.items()) if guid in used},
            "codings": [list(row) for row in rows],
        }
    }


def _tree(names: Mapping[str, tuple[str, ...]]) -> tuple[QdaCode, ...]:
    """Return the codes under their parents, or under folders named as these where they are not among them."""
    by_path = {path: guid for guid, path in sorted(names.items(), reverse=True)}
    below: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for path in by_path:
        for depth in range(len(path)):
            below[path[:depth]].add(path[: depth + 1])
    spare = defaultdict(list)
    for guid, path in sorted(names.items()):
        if by_path[path] != guid:
            spare[path[:-1]].append(QdaCode(guid, path[-1]))

    def build(above: tuple[str, ...]) -> tuple[QdaCode, ...]:
        own = [
            QdaCode(
                by_path.get(path) or str(derived_guid("refi-code", "other-tools", *path)),
                path[-1],
                codable=path in by_path,
                children=build(path),
            )
            for path in sorted(below.get(above, ()))
        ]
        return (*own, *spare.get(above, ()))

    return build(())
