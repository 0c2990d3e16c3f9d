"""The XML of a project or codebook to plain descriptions, and a note of all that has none.

Elements go by their local names, since some writers leave the namespace out; GUIDs are compared without
braces and in lower case. What is missing or wrong is left out with a note and never stops the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from evidence_mapper.domain.exchange import (
    LossReport,
    QdaArea,
    QdaCode,
    QdaCoding,
    QdaNote,
    QdaPdf,
    QdaProject,
    QdaSelection,
    QdaSet,
    QdaSource,
)
from evidence_mapper.extract.encoding import decode
from evidence_mapper.extract.refi.package import RefiPackage, local_name
from evidence_mapper.extract.vocabulary import Element

_UNNAMED: Final = "without a name"
_NOT_TEXT: Final = "only codings on text are taken; add the file itself with `evidence-mapper add`"
_NO_FORM: Final = "a project here has no such thing"
_ON_PAGES: Final = "codings on areas of pages"
_NO_TEXT: Final = {
    "PictureSelection": "codings on areas of pictures",
    "AudioSelection": "codings on stretches of recordings",
    "VideoSelection": "codings on stretches of recordings",
}


def read_project(package: RefiPackage, losses: LossReport) -> QdaProject:
    """Read all but the texts that are files of their own.

    Parameters
    ----------
    package
        An open file.
    losses
        Told what has no place in a project here.

    Raises
    ------
    ExtractionError
        The file cannot be read; the subclass says why.
    """
    reader = _Reader(losses)
    for section, element in package.parts():
        reader.take(section, element)
    reader.finish(package)
    return QdaProject(
        name=reader.name,
        origin=reader.origin,
        users=reader.users,
        codes=tuple(reader.codes),
        sources=tuple(reader.sources),
        notes=reader.notes,
        sets=tuple(reader.sets),
        pdfs=tuple(reader.pdfs),
    )


@dataclass
class _Reader:
    losses: LossReport
    name: str = ""
    origin: str = ""
    users: dict[str, str] = field(default_factory=dict)
    codes: list[QdaCode] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    sources: list[QdaSource] = field(default_factory=list)
    pdfs: list[QdaPdf] = field(default_factory=list)
    notes: dict[str, QdaNote] = field(default_factory=dict)
    referred: set[str] = field(default_factory=set)
    """Notes that hang on codings or selections."""
    sets: list[QdaSet] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """(origin, target, name)."""
    note_paths: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Of codes, by GUID."""

    def take(self, section: str, element: Element) -> None:
        """Take one thing of a section."""
        local = local_name(element)
        if section == "":
            self.name, self.origin = element.get("name") or "", element.get("origin") or ""
        elif section == "Users":
            guid = _guid(element.get("guid"))
            self.users[guid] = (element.get("name") or element.get("id") or f"user {guid[:8]}").strip()
        elif section == "Codes":
            self.codes.append(self._code(element))
        elif section == "Variables":
            self.variables[_guid(element.get("guid"))] = element.get("name") or _UNNAMED
        elif section == "Sources":
            self._source(local, element)
        elif section == "Notes":
            note = _note(element)
            self.notes[note.guid] = note
            if not note.text and (path := element.get("plainTextPath")):
                self.note_paths[note.guid] = path
        elif section == "Sets":
            members = [_guid(e.get("targetGUID") or e.get("guid")) for e in _children(element, "MemberCode")]
            self.sets.append(
                QdaSet(_guid(element.get("guid")), element.get("name") or _UNNAMED, tuple(members))
            )
        elif section == "Links":
            ends = (_guid(element.get("originGUID")), _guid(element.get("targetGUID")))
            self.links.append((*ends, element.get("name") or _UNNAMED))
        else:
            what = {"Cases": "cases", "Graphs": "graphs"}[section]
            self.losses.add(what, _NO_FORM, item=element.get("name") or _UNNAMED)

    def finish(self, package: RefiPackage) -> None:
        """Fetch notes that are files of their own, and note what can be told only at the end."""
        self._follow_links()
        for guid, note in self.notes.items():
            if guid not in self.referred:
                why = "only notes on codings are taken"
                self.losses.add("notes on other things", why, item=note.name or guid)
            elif guid in self.note_paths:
                data = package.member(self.note_paths[guid].removeprefix("internal://"))
                if data is None:
                    self.losses.add("notes on codings", "their text is not in the package", item=note.name)
                else:
                    self.notes[guid] = replace(note, text=decode(data).text)

    def _follow_links(self) -> None:
        """Hang notes on the selections they are linked to, as NVivo does with annotations."""
        coded = {each.guid for source in self.sources for each in source.selections if each.guid}
        hung: dict[str, list[str]] = defaultdict(list)
        for origin, target, name in self.links:
            if origin in self.notes and target in coded:
                hung[target].append(origin)
                self.referred.add(origin)
            else:
                self.losses.add("links", _NO_FORM, item=name)
        for place, source in enumerate(self.sources if hung else ()):
            selections = [replace(s, notes=(*s.notes, *hung.get(s.guid, ()))) for s in source.selections]
            self.sources[place] = replace(source, selections=tuple(selections))

    def _code(self, element: Element) -> QdaCode:
        return QdaCode(
            guid=_guid(element.get("guid")),
            name=(element.get("name") or _UNNAMED).strip(),
            codable=(element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
            description=_text(element, "Description"),
            children=tuple(self._code(child) for child in _children(element, "Code")),
        )

    def _source(self, local: str, element: Element) -> None:
        name = (element.get("name") or "").strip() or f"source {_guid(element.get('guid'))[:8]}"
        holders = {
            "TextSource": [element],
            "PDFSource": list(_children(element, "Representation")),
            "PictureSource": list(_children(element, "TextDescription")),
            "AudioSource": list(_children(element, "Transcript")),
            "VideoSource": list(_children(element, "Transcript")),
        }.get(local)
        if holders is None:
            self.losses.add("sources of an unknown kind", _NOT_TEXT, item=f"{name} ({local})")
            return
        values = self._values(element)
        texts = [holder for holder in holders if self._has_text(holder)]
        for number, holder in enumerate(texts):
            titled = name if len(texts) == 1 else f"{name}, transcript {number + 1}"
            self.sources.append(self._text_source(titled, element, holder, values))
        if not texts:
            self.losses.add("sources without plain text", _NOT_TEXT, item=f"{name} ({local})")
            self._lost_with(name, element)
        in_text = {s.guid for s in self.sources[-1].selections} if texts else set()
        self._areas(name, element, in_text)
        if local == "PDFSource":
            self._pdf(name, element, in_text)
        for coding in _children(element, "Coding"):
            self._lost_coding("codings on whole sources", "a coding here is on a passage", name, coding)

    def _has_text(self, holder: Element) -> bool:
        return (
            bool(holder.get("plainTextPath")) or next(_children(holder, "PlainTextContent"), None) is not None
        )

    def _text_source(
        self, name: str, element: Element, holder: Element, values: tuple[tuple[str, str], ...]
    ) -> QdaSource:
        content = next(_children(holder, "PlainTextContent"), None)
        selections = [self._selection(each) for each in _children(holder, "PlainTextSelection")]
        points = {_guid(p.get("guid")): _int(p.get("position")) for p in _children(holder, "SyncPoint")}
        for each in _children(holder, "TranscriptSelection"):
            ends = [points.get(_guid(each.get(key))) for key in ("fromSyncPoint", "toSyncPoint")]
            selections.append(self._selection(each, (ends[0], ends[1])))
        return QdaSource(
            guid=_guid(element.get("guid")) or _guid(holder.get("guid")),
            name=name,
            path="" if content is not None else (holder.get("plainTextPath") or ""),
            inline=None if content is None else (content.text or ""),
            selections=tuple(s for s in selections if self._codes_anything(name, s)),
            values=values,
            at=element.get("creationDateTime"),
        )

    def _selection(self, element: Element, ends: tuple[int | None, int | None] | None = None) -> QdaSelection:
        start, end = ends or (_int(element.get("startPosition")), _int(element.get("endPosition")))
        notes = tuple(_guid(ref.get("targetGUID")) for ref in _children(element, "NoteRef"))
        codings = tuple(_coding(each) for each in _children(element, "Coding"))
        self.referred.update(notes, *(coding.notes for coding in codings))
        return QdaSelection(
            guid=_guid(element.get("guid")),
            name=element.get("name") or "",
            start=-1 if start is None else start,
            end=-1 if end is None else end,
            codings=codings,
            user=_guid(element.get("creatingUser")) or None,
            at=element.get("creationDateTime"),
            description=_text(element, "Description"),
            notes=notes,
        )

    def _codes_anything(self, source: str, selection: QdaSelection) -> bool:
        if selection.codings:
            return True
        why = "a note on words is taken only where the words are coded"
        if selection.notes or selection.description:
            self.losses.add("notes on words without a code", why, item=f"{source}: {selection.name}")
        return False

    def _areas(self, source: str, element: Element, in_text: set[str]) -> None:
        """Note codings on what is no text, but for those that stand in the text as well."""
        for local, what in _NO_TEXT.items():
            for area in _children(element, local):
                if _guid(area.get("guid")) not in in_text:
                    for coding in _children(area, "Coding"):
                        self._lost_coding(what, _NOT_TEXT, source, coding)

    def _pdf(self, name: str, element: Element, in_text: set[str]) -> None:
        """Take the areas of a PDF that are coded, but for those that stand in the text as well."""
        areas = []
        for each in _children(element, "PDFSelection"):
            if _guid(each.get("guid")) in in_text:
                continue
            area = self._area(each)
            if area is None:
                for coding in _children(each, "Coding"):
                    self._lost_coding(_ON_PAGES, "no page or no area is given", name, coding)
            elif area.codings:
                areas.append(area)
        if areas:
            path, at = element.get("path") or "", element.get("creationDateTime")
            self.pdfs.append(QdaPdf(_guid(element.get("guid")), name, path, tuple(areas), at))

    def _area(self, element: Element) -> QdaArea | None:
        """Return an area of a page; None where its page or its corners are not given."""
        page = _int(element.get("page"))
        corners = [_whole(element.get(key)) for key in ("firstX", "firstY", "secondX", "secondY")]
        given = [corner for corner in corners if corner is not None]
        if page is None or len(given) < len(corners):
            return None
        across, up = sorted((given[0], given[2])), sorted((given[1], given[3]))
        notes = tuple(_guid(ref.get("targetGUID")) for ref in _children(element, "NoteRef"))
        codings = tuple(_coding(each) for each in _children(element, "Coding"))
        self.referred.update(notes, *(coding.notes for coding in codings))
        return QdaArea(
            guid=_guid(element.get("guid")),
            name=element.get("name") or "",
            page=page,
            box=(across[0], up[0], across[1], up[1]),
            codings=codings,
            user=_guid(element.get("creatingUser")) or None,
            at=element.get("creationDateTime"),
            description=_text(element, "Description"),
            notes=notes,
        )

    def _lost_with(self, source: str, element: Element) -> None:
        for selection in (e for e in element.iter() if local_name(e) == "PlainTextSelection"):
            for coding in _children(selection, "Coding"):
                self._lost_coding("codings in sources without plain text", _NOT_TEXT, source, coding)

    def _lost_coding(self, what: str, why: str, source: str, coding: Element) -> None:
        if not self.names:
            self.names = {c.guid: c.name for c, _ in QdaProject("", "", {}, tuple(self.codes)).every_code()}
        self.losses.add(what, why, item=f"{source}: {self.names.get(_coding(coding).code, 'unknown code')}")

    def _values(self, element: Element) -> tuple[tuple[str, str], ...]:
        found = []
        for value in _children(element, "VariableValue"):
            ref = next(_children(value, "VariableRef"), None)
            name = self.variables.get(_guid(ref.get("targetGUID")) if ref is not None else "")
            text = next((e.text for e in value if local_name(e).endswith("Value") and e.text), None)
            if name and text:
                found.append((name, text.strip()))
        return tuple(found)


def _coding(element: Element) -> QdaCoding:
    ref = next(_children(element, "CodeRef"), None)
    return QdaCoding(
        guid=_guid(element.get("guid")),
        code=_guid(ref.get("targetGUID")) if ref is not None else "",
        user=_guid(element.get("creatingUser")) or None,
        at=element.get("creationDateTime"),
        notes=tuple(_guid(each.get("targetGUID")) for each in _children(element, "NoteRef")),
    )


def _note(element: Element) -> QdaNote:
    content = next(_children(element, "PlainTextContent"), None)
    return QdaNote(
        guid=_guid(element.get("guid")),
        name=(element.get("name") or "").strip(),
        text=(content.text or "") if content is not None else "",
        user=_guid(element.get("creatingUser")) or None,
        at=element.get("creationDateTime"),
    )


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) in names)


def _text(element: Element, name: str) -> str:
    child = next(_children(element, name), None)
    return (child.text or "").strip() if child is not None else ""


def _guid(text: str | None) -> str:
    return (text or "").strip().strip("{}").lower()


def _whole(text: str | None) -> int | None:
    """Return a number that may be below nought, or have a decimal point where a tool writes one."""
    try:
        found = round(float((text or "").strip()))
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 10**7 else None


def _int(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None
