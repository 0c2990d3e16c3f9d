from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from office_files import texts

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.errors import ExtractionError, LimitExceeded
from evidence_mapper.extract.registry import extract_file

_BODY = (
    "The family thanked the team for the quick response.\n\nThey asked for a review in May – café meeting."
)


def _message(subject: str = "Review of care plan") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Duty Team <duty@council.example>"
    message["To"] = "reviews@council.example"
    message["Date"] = "Tue, 04 Mar 2025 10:30:00 +0000"
    message["Subject"] = subject
    return message


def _read(path: Path, data: bytes) -> ExtractedDocument:
    (path / "a.eml").write_bytes(data)
    return extract_file(path / "a.eml")


def test_plain_body_headers_and_attachments(tmp_path: Path) -> None:
    message = _message("Café – “review”")
    message.set_content(_BODY)
    message.add_alternative("<p>The page version.</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    document = _read(tmp_path, message.as_bytes())
    assert texts(document) == _BODY.split("\n\n")
    assert [b.location.paragraph for b in document.blocks] == [1, 2]
    assert dict(document.metadata) == {
        "title": "Café – “review”",
        "author": "Duty Team <duty@council.example>",
        "to": "reviews@council.example",
        "created": "Tue, 04 Mar 2025 10:30:00 +0000",
    }
    assert document.warnings == ("attachment 'plan.pdf' not read: save it beside the message and add it",)


@pytest.mark.parametrize(("charset", "cte"), [("utf-8", "base64"), ("iso-8859-1", "quoted-printable")])
def test_transfer_encodings(tmp_path: Path, charset: str, cte: str) -> None:
    message = _message()
    message.set_content("Déjà vu at the café.", charset=charset, cte=cte)
    assert texts(_read(tmp_path, message.as_bytes())) == ["Déjà vu at the café."]


def test_html_only_body(tmp_path: Path) -> None:
    message = _message()
    message.set_content("<h2>Visit</h2><p>All well – café.</p>", subtype="html")
    document = _read(tmp_path, message.as_bytes())
    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.HEADING, "Visit"),
        (BlockKind.PARAGRAPH, "All well – café."),
    ]


def test_forwarded_message_is_read(tmp_path: Path) -> None:
    inner = _message("Inner")
    inner.set_content("The inner message says this.")
    outer = _message("Outer")
    outer.set_content("See below.")
    outer.add_attachment(inner)
    assert texts(_read(tmp_path, outer.as_bytes())) == ["See below.", "The inner message says this."]


def test_long_header_takes_linear_time(tmp_path: Path) -> None:
    head = (
        b"From: a@b.example\r\nSubject: x\r\nDate: now\r\nTo: "
        + b"a@b.example, " * 200_000
        + b"\r\n\r\nBody text.\r\n"
    )
    started = time.perf_counter()
    assert texts(_read(tmp_path, head)) == ["Body text."]
    assert time.perf_counter() - started < 5


def test_too_many_parts_and_levels(tmp_path: Path) -> None:
    head = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    head += b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    with pytest.raises(LimitExceeded, match="parts"):
        _read(tmp_path, head + b"--b\r\n\r\nx\r\n" * 2_000)
    deep = (
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * 3_000
    )
    with pytest.raises(ExtractionError):
        _read(tmp_path, deep)


def test_message_without_body_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match="no text"):
        _read(tmp_path, b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\n")
