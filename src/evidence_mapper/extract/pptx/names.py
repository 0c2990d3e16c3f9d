"""Short names for PresentationML and DrawingML, the same in the transitional and the strict namespaces."""

from __future__ import annotations

from typing import Final

from evidence_mapper.extract.vocabulary import Element, Vocabulary

__all__ = ["PPT", "Element", "relation"]

_OPEN: Final = "http://schemas.openxmlformats.org"
_STRICT: Final = "http://purl.oclc.org/ooxml"
_MICROSOFT: Final = "http://schemas.microsoft.com/office"

PPT: Final = Vocabulary(
    {
        f"{_OPEN}/presentationml/2006/main": "p",
        f"{_STRICT}/presentationml/main": "p",
        f"{_OPEN}/drawingml/2006/main": "a",
        f"{_STRICT}/drawingml/main": "a",
        f"{_OPEN}/drawingml/2006/chart": "c",
        f"{_STRICT}/drawingml/chart": "c",
        f"{_OPEN}/drawingml/2006/diagram": "dgm",
        f"{_STRICT}/drawingml/diagram": "dgm",
        f"{_OPEN}/markup-compatibility/2006": "mc",
        f"{_OPEN}/officeDocument/2006/math": "m",
        f"{_STRICT}/officeDocument/math": "m",
        f"{_MICROSOFT}/drawing/2010/main": "a14",
        f"{_MICROSOFT}/powerpoint/2018/8/main": "p188",
    }
)


def relation(element: Element | None, local: str = "id") -> str | None:
    """Return a relationship id, ``r:id`` unless another name is given; None when there is none."""
    if element is None:
        return None
    end = f"/relationships}}{local}"
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(end)), None)
