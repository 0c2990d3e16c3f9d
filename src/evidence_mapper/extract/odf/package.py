"""Parts of an OpenDocument package."""

from __future__ import annotations

from typing import Final

from evidence_mapper.errors import EncryptedFile
from evidence_mapper.extract.archive import Archive
from evidence_mapper.extract.clean import one_line
from evidence_mapper.extract.odf.names import ODF, Element

MANIFEST: Final = "META-INF/manifest.xml"
_PROPERTIES: Final = {
    "dc:title": "title",
    "meta:initial-creator": "author",
    "meta:creation-date": "created",
    "dc:date": "modified",
}


def refuse_encrypted(archive: Archive) -> None:
    """Raise EncryptedFile when the package's content needs a password."""
    locked = "encrypted-package" in archive
    if not locked and MANIFEST in archive:
        # Read as bytes: the manifests of old programs declare a document type, which is refused as XML.
        locked = b"encryption-data" in archive.read(MANIFEST).replace(b"\0", b"")
    if locked:
        raise EncryptedFile(
            f"{archive.name}: protected by a password. Open it in LibreOffice, save it without the password "
            "and add it again."
        )


def body(archive: Archive, content: Element, kind: str) -> Element:
    """Return the element that holds a document's text, slides or sheets.

    Parameters
    ----------
    archive
        The package, for the message.
    content
        Root of ``content.xml``.
    kind
        ``office:text``, ``office:presentation``.
    """
    found = ODF.child(content, "office:body", kind)
    if found is None:
        raise archive.damaged("the document has no body")
    return found


def optional_xml(archive: Archive, part: str) -> Element | None:
    """Return a part's root element; None when the package has no such part."""
    return archive.xml(part) if part in archive else None


def metadata(archive: Archive) -> tuple[tuple[str, str], ...]:
    """Return title, author and dates, where stated."""
    root = optional_xml(archive, "meta.xml")
    found = []
    for element in ODF.all(ODF.child(root, "office:meta"), *_PROPERTIES):
        key, value = _PROPERTIES.get(ODF.name(element)), one_line(element.text or "")
        if key and value:
            found.append((key, value))
    return tuple(found)
