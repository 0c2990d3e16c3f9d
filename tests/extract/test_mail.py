from __future__ import annotations

import html
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import texts
from ole_files import msg, ole

from evidence_mapper.domain.document import BlockKind, ExtractedDocument
from evidence_mapper.errors import ExtractionError, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.container.inside import Inside, read_inside
from evidence_mapper.extract.lzfu import unpack
from evidence_mapper.extract.mail import MailContainer
from evidence_mapper.extract.mail_text import read_lines
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
    assert [(m.name, m.size) for m in document.members] == [("plan.pdf", 8)]
    assert document.warnings == ()


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


def test_attached_message_is_a_member_with_members_of_its_own(tmp_path: Path) -> None:
    inner = _message("Inner: a/b")
    inner.set_content("The inner message says this.")
    inner.add_attachment("Notes of the visit.", filename="notes.txt")
    outer = _message("Outer")
    outer.set_content("See below.")
    outer.add_attachment(inner)
    document = _read(tmp_path, outer.as_bytes())
    assert texts(document) == ["See below."]
    (member,) = document.members
    assert member.name == "Inner: a-b.eml"
    assert member.sha256 is not None
    inside = read_inside(Inside(tmp_path / "a.eml", (0,), member.name, member.sha256), Limits())
    assert texts(inside) == ["The inner message says this."]
    assert [m.name for m in inside.members] == ["notes.txt"]
    sha256 = inside.members[0].sha256
    assert sha256 is not None
    notes = read_inside(Inside(tmp_path / "a.eml", (0, 0), "x/notes.txt", sha256), Limits())
    assert texts(notes) == ["Notes of the visit."]


def test_pictures_within_the_text_and_signatures_are_no_attachments(tmp_path: Path) -> None:
    message = _message()
    message.set_content(_BODY)
    message.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", filename="logo.png", disposition="inline"
    )
    next(part for part in message.iter_parts() if part.get_filename())["Content-ID"] = "<logo>"
    message.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="a.ics")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="photo of the letter.png")
    document = _read(tmp_path, message.as_bytes())
    assert [m.name for m in document.members] == ["photo of the letter.png"]
    assert document.warnings == (
        "1 pictures within the message were not read",
        "1 appointments or address cards were not read",
    )


def test_encrypted_message_is_refused_by_name(tmp_path: Path) -> None:
    message = _message()
    message.add_attachment(b"x" * 20, maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    document = _read(tmp_path, message.as_bytes())
    assert [(m.name, m.refusal and m.refusal[0]) for m in document.members] == [("smime.p7m", "encrypted")]


@pytest.mark.parametrize("first", ["From: a@b.example\r\nSubject: x\r\nDate: now\r\nTo: ", "To: "])
def test_endless_header_is_refused_by_name_and_at_once(tmp_path: Path, first: str) -> None:
    data = (
        first.encode()
        + b"a@b.example, " * 200_000
        + b"\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nBody text.\r\n"
    )
    started = time.perf_counter()
    if first == "To: ":
        data = b"Subject: x\r\nFrom: c@d.example\r\n" + data
    with pytest.raises(LimitExceeded, match="header is over 1 MB"):
        _read(tmp_path, data)
    assert time.perf_counter() - started < 5


def test_long_header_is_read(tmp_path: Path) -> None:
    head = b"To: " + b"a@b.example, " * 20_000 + b"\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nBody text.\r\n"
    document = _read(tmp_path, head)
    assert (document.media_type, texts(document)) == ("message/rfc822", ["Body text."])


# whose words -----------------------------------------------------------------------------------------

_THREAD = """Hi Bob

The wait for an assessment has come down to five weeks since the new team started.

Many thanks
Ann Lee
Principal Social Worker
Tel: 01234 567890

This email and any attachments are confidential and intended solely for the addressee.
If you have received it in error please delete it. Emails may be monitored.

{header}

Ann, can you tell me how long people wait for an assessment in the north area?

Bob

On 2 March 2025 at 10:00, Carl Dee <c@d.example> wrote:

> We heard twelve weeks from three families at the carers' forum.
"""
_HEADERS = {
    "outlook": "From: Bob Hay <b@c.example>\nSent: 03 March 2025 09:12\nTo: Ann Lee\nSubject: waits",
    "rule": "-----Original Message-----\nFrom: Bob Hay [mailto:b@c.example]\nSent: 3 May\nTo: A\nSubject: w",
    "stars": "*From:* Bob Hay <b@c.example>\n*Date:* 3 March 2025\n*To:* Ann Lee\n*Subject:* waits",
}


def _voices(document: ExtractedDocument) -> list[tuple[str, str | None, str | None]]:
    return [(b.text, b.location.part, b.location.speaker) for b in document.blocks]


@pytest.mark.parametrize("kind", list(_HEADERS))
@pytest.mark.parametrize("as_page", [False, True])
def test_quoted_words_are_marked_and_signatures_left_out(tmp_path: Path, kind: str, as_page: bool) -> None:
    text = _THREAD.format(header=_HEADERS[kind])
    message = _message()
    if as_page:
        paragraphs = "".join(f"<p>{html.escape(p).replace(chr(10), '<br>')}</p>" for p in text.split("\n\n"))
        message.set_content(f"<html><body>{paragraphs}</body></html>", subtype="html")
    else:
        message.set_content(text)
    document = _read(tmp_path, message.as_bytes())
    assert _voices(document) == [
        ("Hi Bob", None, None),
        ("The wait for an assessment has come down to five weeks since the new team started.", None, None),
        (
            "Ann, can you tell me how long people wait for an assessment in the north area?",
            "quoted reply",
            "Bob Hay",
        ),
        ("Bob", "quoted reply", "Bob Hay"),
        ("We heard twelve weeks from three families at the carers' forum.", "quoted reply", "Carl Dee"),
    ]
    left_out = {e.reason.value: e.text for e in document.exclusions}
    assert (
        "Principal Social Worker" in left_out["signature"]
        or "Emails may be monitored" in left_out["signature"]
    )
    assert "Carl Dee" in left_out["quoted"]


def test_words_between_the_lines_of_a_quotation_are_the_senders(tmp_path: Path) -> None:
    message = _message()
    message.set_content(
        "On 2 March 2025, Carl Dee wrote:\n> How long is the wait?\n\nFive weeks in the south.\n\n"
        "> And in the north?\n\nNine weeks, which is too long.\n"
    )
    assert _voices(_read(tmp_path, message.as_bytes())) == [
        ("How long is the wait?", "quoted reply", "Carl Dee"),
        ("Five weeks in the south.", None, None),
        ("And in the north?", "quoted reply", "Carl Dee"),
        ("Nine weeks, which is too long.", None, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The family asked that their confidential letter be kept from the neighbour, and it was.",
        "Thanks\n\nI should add that nobody has rung my mother back since March.",
        "From: what I saw, the review was late.\nTo: be fair, it was a good one.",
        "Regards the review: it was due in May.",
        "On the whole they did well, and my sister wrote:\nthey were kind.",
    ],
)
def test_words_that_only_look_like_a_mail_programs_stay(tmp_path: Path, text: str) -> None:
    message = _message()
    message.set_content(text)
    document = _read(tmp_path, message.as_bytes())
    assert " ".join(" ".join(texts(document)).split()) == " ".join(text.split())
    assert document.exclusions == ()
    assert all(part is None for _, part, _ in _voices(document))


@given(st.lists(st.text(max_size=60), max_size=30))
def test_every_line_is_kept_with_a_voice(lines: list[str]) -> None:
    read = read_lines(lines)
    assert len(read) == len(lines)
    for line, told in zip(lines, read, strict=True):
        assert told.text == line or line.endswith(told.text)


def test_stub_of_plain_text_gives_way_to_the_page(tmp_path: Path) -> None:
    message = _message()
    message.set_content("This message is in HTML.")
    page = "<p>" + "The review was late and nobody told us why. " * 6 + "</p>"
    message.add_alternative(page, subtype="html")
    assert texts(_read(tmp_path, message.as_bytes()))[0].startswith("The review was late")


# Outlook's own ---------------------------------------------------------------------------------------


def _outlook(path: Path, **more: Any) -> ExtractedDocument:
    path.write_bytes(ole(msg(**more)))
    return extract_file(path)


def test_outlook_message_with_attachments(tmp_path: Path) -> None:
    inner = msg(subject="Inner", body="The inner message says this.", embedded=True)
    document = _outlook(
        tmp_path / "a.msg",
        body=_THREAD.format(header=_HEADERS["outlook"]),
        message_id="<1@b.example>",
        attachments={"plan.txt": b"The plan was reviewed. " * 400, "inner": inner},
    )
    assert document.media_type == "application/vnd.ms-outlook"
    assert texts(document)[1].startswith("The wait for an assessment")
    assert dict(document.metadata) == {
        "title": "Review of care plan",
        "author": "Duty Team",
        "created": "Tue, 04 Mar 2025 10:30:00 +0000",
        "message_id": "<1@b.example>",
    }
    assert [m.name for m in document.members] == ["plan.txt", "Inner.eml"]
    for member, said in zip(document.members, ("The plan was reviewed.", "The inner message"), strict=True):
        assert member.sha256 is not None
        read = read_inside(Inside(tmp_path / "a.msg", (member.step,), member.name, member.sha256), Limits())
        assert texts(read)[0].startswith(said)


def test_outlook_message_that_is_a_page(tmp_path: Path) -> None:
    document = _outlook(tmp_path / "a.msg", page="<p>The café was full.</p>".encode())
    assert texts(document) == ["The café was full."]


def test_outlook_message_in_rich_text_only_gives_that_as_a_member(tmp_path: Path) -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    document = _outlook(tmp_path / "a.msg", rtf=packed)
    assert [m.name for m in document.members] == ["message text.rtf"]
    _, data = MailContainer(tmp_path / "a.msg", Limits()).read(0)
    assert data == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize("cut", [600, 1500, 2500])
def test_broken_outlook_message_is_damaged(tmp_path: Path, cut: int) -> None:
    data = ole(msg(body="The review was late. " * 400))
    (tmp_path / "a.msg").write_bytes(data[:cut])
    with pytest.raises(ExtractionError):
        extract_file(tmp_path / "a.msg")


@given(st.binary(max_size=400))
def test_unpacking_any_bytes_ends(data: bytes) -> None:
    head = (16 + len(data)).to_bytes(4, "little") + (1000).to_bytes(4, "little") + b"LZFu" + b"\0" * 4
    assert len(unpack(head + data)) <= 1000


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
