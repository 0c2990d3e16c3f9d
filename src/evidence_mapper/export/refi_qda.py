"""REFI-QDA 1.5: a codebook (``.qdc``) and a project (``.qdpx``) from plain descriptions.

Elements stand in the order that the schemas ask for, and a wrapper that would be empty is left out.
Text files are UTF-8 without a byte order mark, written as the text stands. The same descriptions
give the same bytes: nothing takes the time of day.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, Final, cast

from evidence_mapper.domain.exchange import (
    QdaArea,
    QdaCode,
    QdaCoding,
    QdaNote,
    QdaPdf,
    QdaSelection,
    QdaSet,
    QdaSource,
    QdaUser,
)
from evidence_mapper.domain.ids import derived_guid
from evidence_mapper.export.refi_xml import XmlWriter

PROJECT_NS: Final = "urn:QDA-XML:project:1.0"
CODEBOOK_NS: Final = "urn:QDA-XML:codebook:1.0"
INTERNAL: Final = "internal://"

_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""Of every member: the earliest a ZIP can hold."""
_IN_MEMORY: Final = 16 * 1024 * 1024
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Heading:
    """What a project says before its sources."""

    name: str
    origin: str
    created: str
    modified: str
    """Both as ``xsd:dateTime``."""
    users: Sequence[QdaUser]
    codes: Sequence[QdaCode]
    sets: Sequence[QdaSet]
    variables: Sequence[tuple[str, str]]
    """(name, type of the standard: ``Text``, ``Date``), in the order they are declared."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One source with what belongs to it in the package."""

    source: QdaSource
    text: str
    notes: tuple[QdaNote, ...] = ()
    """Those its codings refer to."""
    original: bytes | None = None
    """The file the text was read from, to lie at ``source.original``; None leaves it out."""
    areas: tuple[QdaArea, ...] = ()
    """Of its pages, where it is a PDF: codings that another tool put there."""


def write_codebook(stream: BinaryIO, codes: Sequence[QdaCode], sets: Sequence[QdaSet], *, origin: str) -> int:
    """Write a ``.qdc`` file and return how many codes it has, folders among them."""
    xml = XmlWriter(stream)
    xml.start("CodeBook", {"xmlns": CODEBOOK_NS, "origin": origin})
    count = _codes(xml, codes)
    _sets(xml, sets, member="guid")
    xml.end()
    return count


def write_project(
    stream: BinaryIO, heading: Heading, bundles: Iterable[Bundle], pdfs: Sequence[QdaPdf] = ()
) -> int:
    """Write a ``.qdpx`` file and return how many codings it has.

    Bundles are taken one at a time, and nothing of one stays in memory: notes, which stand behind all
    sources, wait in a file of their own. ``pdfs`` are those whose file and text are not at hand, so that
    only the areas coded on them are written.
    """
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package,
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool,
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as notes,
    ):
        both = cast("BinaryIO", spool), cast("BinaryIO", notes)
        count = _write_xml(both, heading, (bundles, pdfs), package)
        size = spool.tell()
        spool.seek(0)
        info = _member("project.qde")
        info.file_size = size
        with package.open(info, "w") as target:
            _copy(cast("IO[bytes]", spool), target)
    return count


def variable_guid(name: str) -> str:
    """Return the GUID of a variable."""
    return str(derived_guid("refi-variable", name))


def _write_xml(
    streams: tuple[BinaryIO, BinaryIO],
    heading: Heading,
    sources: tuple[Iterable[Bundle], Sequence[QdaPdf]],
    package: zipfile.ZipFile,
) -> int:
    """Write the project to the first stream; notes pass through the second."""
    xml, notes = XmlWriter(streams[0]), _Notes(streams[1])
    attributes = {"xmlns": PROJECT_NS, "name": heading.name, "origin": heading.origin}
    times = {"creationDateTime": heading.created, "modifiedDateTime": heading.modified}
    xml.start("Project", {**attributes, **times})
    if heading.users:
        xml.start("Users")
        for user in heading.users:
            xml.empty("User", {"guid": user.guid, "name": user.name})
        xml.end()
    xml.start("CodeBook")
    _codes(xml, heading.codes)
    xml.end()
    _variables(xml, heading.variables)
    count = _sources(xml, sources, dict(heading.variables), package, notes)
    notes.copy_to(xml)
    _sets(xml, heading.sets, member="targetGUID")
    xml.end()
    return count


def _codes(xml: XmlWriter, codes: Sequence[QdaCode]) -> int:
    xml.start("Codes")
    count = sum(_code(xml, code) for code in codes)
    xml.end()
    return count


def _code(xml: XmlWriter, code: QdaCode) -> int:
    codable = "true" if code.codable else "false"
    xml.start("Code", {"guid": code.guid, "name": code.name, "isCodable": codable})
    if code.description:
        xml.element("Description", code.description)
    count = 1 + sum(_code(xml, child) for child in code.children)
    xml.end()
    return count


def _sets(xml: XmlWriter, sets: Sequence[QdaSet], *, member: str) -> None:
    if not sets:
        return
    xml.start("Sets")
    for each in sets:
        xml.start("Set", {"guid": each.guid, "name": each.name})
        for guid in each.members:
            xml.empty("MemberCode", {member: guid})
        xml.end()
    xml.end()


def _variables(xml: XmlWriter, variables: Sequence[tuple[str, str]]) -> None:
    if not variables:
        return
    xml.start("Variables")
    for name, kind in variables:
        xml.empty("Variable", {"guid": variable_guid(name), "name": name, "typeOfVariable": kind})
    xml.end()


def _sources(
    xml: XmlWriter,
    sources: tuple[Iterable[Bundle], Sequence[QdaPdf]],
    types: dict[str, str],
    package: zipfile.ZipFile,
    notes: _Notes,
) -> int:
    count, is_open = 0, False
    for bundle in sources[0]:
        if not is_open:
            xml.start("Sources")
            is_open = True
        _source(xml, bundle, types)
        _add(package, bundle.source.path, bundle.text.encode("utf-8", "replace"))
        if bundle.original is not None:
            _add(package, bundle.source.original, bundle.original)
        notes.add(bundle.notes)
        count += sum(len(selection.codings) for selection in bundle.source.selections)
        count += sum(len(area.codings) for area in bundle.areas)
    for pdf in sources[1]:
        if not is_open:
            xml.start("Sources")
            is_open = True
        xml.start("PDFSource", {"guid": pdf.guid, "name": pdf.name, "creationDateTime": pdf.at})
        count += _areas(xml, pdf.areas)
        xml.end()
    if is_open:
        xml.end()
    return count


def _source(xml: XmlWriter, bundle: Bundle, types: dict[str, str]) -> None:
    """Write a text source; a PDF that is in the package, or has areas, as one with its text within."""
    source = bundle.source
    named: dict[str, str | None] = {
        "guid": source.guid,
        "name": source.name,
        "plainTextPath": source.path,
        "creationDateTime": source.at,
    }
    is_pdf = source.original.endswith(".pdf") or bool(bundle.areas)
    if is_pdf:
        file = {"name": source.name, "path": source.original or None, "creationDateTime": source.at}
        xml.start("PDFSource", {"guid": str(derived_guid("refi-pdf", source.guid)), **file})
        _areas(xml, bundle.areas)
        xml.start("Representation", named)
    else:
        xml.start("TextSource", {**named, "richTextPath": source.original or None})
    for selection in source.selections:
        _selection(xml, selection)
    if is_pdf:
        xml.end()
    for name, value in source.values:
        xml.start("VariableValue")
        xml.empty("VariableRef", {"targetGUID": variable_guid(name)})
        xml.element(f"{types[name]}Value", value)
        xml.end()
    xml.end()


def _areas(xml: XmlWriter, areas: Sequence[QdaArea]) -> int:
    """Write areas of pages and return how many codings they have."""
    for area in areas:
        corners = zip(("firstX", "firstY", "secondX", "secondY"), map(str, area.box), strict=True)
        said = {"guid": area.guid, "name": area.name or None, "page": str(area.page), **dict(corners)}
        xml.start("PDFSelection", {**said, "creatingUser": area.user, "creationDateTime": area.at})
        if area.description:
            xml.element("Description", area.description)
        for coding in area.codings:
            _coding(xml, coding)
        xml.end()
    return sum(len(area.codings) for area in areas)


def _selection(xml: XmlWriter, selection: QdaSelection) -> None:
    attributes = {
        "guid": selection.guid,
        "name": selection.name,
        "startPosition": str(selection.start),
        "endPosition": str(selection.end),
        "creatingUser": selection.user,
        "creationDateTime": selection.at,
    }
    xml.start("PlainTextSelection", attributes)
    if selection.description:
        xml.element("Description", selection.description)
    for coding in selection.codings:
        _coding(xml, coding)
    for note in selection.notes:
        xml.empty("NoteRef", {"targetGUID": note})
    xml.end()


def _coding(xml: XmlWriter, coding: QdaCoding) -> None:
    said = {"guid": coding.guid, "creatingUser": coding.user, "creationDateTime": coding.at}
    xml.start("Coding", said)
    xml.empty("CodeRef", {"targetGUID": coding.code})
    for note in coding.notes:
        xml.empty("NoteRef", {"targetGUID": note})
    xml.end()


class _Notes:
    """The notes of all sources, written as they come and taken over when the sources are done."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._xml = XmlWriter(stream, part=True)

    def add(self, notes: Sequence[QdaNote]) -> None:
        """Write notes."""
        for note in notes:
            said = {"guid": note.guid, "name": note.name}
            self._xml.start("Note", {**said, "creatingUser": note.user, "creationDateTime": note.at})
            self._xml.element("PlainTextContent", note.text)
            self._xml.end()

    def copy_to(self, xml: XmlWriter) -> None:
        """Put all notes where the other writer is; nothing where there are none."""
        if not self._stream.tell():
            return
        self._stream.seek(0)
        xml.start("Notes")
        while piece := self._stream.read(_PIECE):
            xml.written(piece)
        xml.end()


def _add(package: zipfile.ZipFile, path: str, data: bytes) -> None:
    package.writestr(_member(f"sources/{path.removeprefix(INTERNAL)}"), data)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.create_system = 3  # the same on Windows
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while piece := source.read(_PIECE):
        target.write(piece)
