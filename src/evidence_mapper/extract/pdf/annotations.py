"""Reviewers' comments and filled form fields, which PDFium keeps apart from the page's text."""

from __future__ import annotations

import ctypes

import pypdfium2.raw as raw

from evidence_mapper.domain.document import BlockKind
from evidence_mapper.extract.pdf.handles import Handle
from evidence_mapper.extract.pdf.model import Fragment, Frame, PageContent, Piece

_COMMENTS = {
    raw.FPDF_ANNOT_TEXT,
    raw.FPDF_ANNOT_FREETEXT,
    raw.FPDF_ANNOT_HIGHLIGHT,
    raw.FPDF_ANNOT_UNDERLINE,
    raw.FPDF_ANNOT_SQUIGGLY,
    raw.FPDF_ANNOT_STRIKEOUT,
    raw.FPDF_ANNOT_CARET,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_INK,
}
_MOST = 2_000
"""Annotations looked at on one page."""
_AFTER = 1 << 30
"""Place in the stream: after all text."""
_SIZE = 10.0
_TEXT_BYTES = 1 << 20


def read_annotations(page: Handle, content: PageContent) -> None:
    """Add the page's comments and field values to ``content``, in the order of the file."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            _read(annotation, index, content)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _read(annotation: Handle, index: int, content: PageContent) -> None:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind in _COMMENTS:
        text, block, label = _string(annotation, b"Contents"), BlockKind.NOTE, None
    elif kind == raw.FPDF_ANNOT_WIDGET:
        value = raw.FPDFAnnot_GetValueType(annotation, b"V")
        content.ticked |= value == raw.FPDF_OBJECT_NAME and _string(annotation, b"V") not in {"", "Off"}
        if value != raw.FPDF_OBJECT_STRING:
            return
        text, block = _string(annotation, b"V"), BlockKind.PARAGRAPH
        label = _string(annotation, b"TU") or _string(annotation, b"T") or None
    else:
        return
    if text:
        fragment = _fragment(annotation, _AFTER + index, text, content)
        content.notes.append(Piece(block, [fragment], context=label))


def _fragment(annotation: Handle, start: int, text: str, content: PageContent) -> Fragment:
    box = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, box)
    frame: Frame = content.frame
    return Fragment(
        text=text,
        box=frame.to_display((box.left, box.bottom, box.right, box.top)),
        size=_SIZE,
        bold=False,
        mcid=-1,
        artefact=False,
        start=start,
        end=start + 1,
        page=content.number,
        frame=frame,
        ends_line=True,
    )


def _string(annotation: Handle, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < length <= _TEXT_BYTES:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace").strip()
