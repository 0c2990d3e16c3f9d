"""Reviewers' comments and form fields in PDFs."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pdf_samples import P, extract, prose, tagged_pdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from evidence_mapper.domain.document import BlockKind


def test_a_reviewers_comment_is_a_note_with_its_place(tmp_path: Path) -> None:
    path = tagged_pdf(tmp_path / "paper.pdf", [[P(prose(1))]])
    commented = tmp_path / "commented.pdf"
    with pikepdf.open(path) as pdf:
        comment = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([500, 600, 520, 620]))
        comment.Contents = String("Is this still so after the merger?")
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(comment)])
        pdf.save(commented)
    text, note = extract(commented).blocks
    assert text.text == prose(1)
    assert (note.kind, note.text) == (BlockKind.NOTE, "Is this still so after the merger?")
    assert (note.location.page, note.location.bbox) == (1, (500.0, 600.0, 520.0, 620.0))


def test_what_was_typed_into_a_form_is_read_with_its_label(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, "Carer feedback form")
    canvas.acroForm.textfield(
        name="views", tooltip="What works well?", value="Staff call me back the same day.", x=72, y=600
    )
    canvas.acroForm.checkbox(name="agree", tooltip="Agree", checked=True, x=72, y=500)
    canvas.save()
    document = extract(path)
    answer = document.blocks[-1]
    assert answer.text == "Staff call me back the same day."
    assert answer.context == "What works well?"
    (warning,) = document.warnings
    assert warning.startswith("page 1: ticks and choices in form fields are not read")
