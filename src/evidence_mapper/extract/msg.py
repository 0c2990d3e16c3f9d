"""Outlook's own message files, turned into plain messages in memory."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime
from typing import Any, Final

from evidence_mapper.errors import DamagedFile, LimitExceeded
from evidence_mapper.extract.clean import one_line
from evidence_mapper.extract.lzfu import unpack

_ATTACH_METHOD: Final = 0x3705
_EMBEDDED: Final = 5
_CONTENT_ID: Final = 0x3712
_HIDDEN: Final = 0x7FFE
_SHORT_NAME: Final = 0x3704
_RTF: Final = 0x1009
_SENDER_NAME: Final = 0x0C1A
_HTML: Final = 0x1013
_MESSAGE_ID: Final = 0x1035
_MOST_NESTED: Final = 5
_MOST_ATTACHED: Final = 1_000
_BROKEN: Final = (
    OSError,
    KeyError,
    ValueError,
    IndexError,
    AssertionError,
    AttributeError,
    TypeError,
    LookupError,
    RecursionError,
    OverflowError,
    struct.error,
)
"""What olefile and oxmsg raise on files that break the format's rules; neither has errors of its own."""


def as_message(name: str, data: bytes) -> Message:
    """Return the message with its body and attachments.

    Attached messages become messages; the same file gives the same bytes for them every time.

    Raises
    ------
    DamagedFile
        The file breaks the format's rules.
    LimitExceeded
        Over 1,000 attachments, or messages in messages in messages.
    """
    from oxmsg import Message as Outlook

    try:
        return _converted(name, Outlook.load(data), 0)
    except _BROKEN as error:
        raise DamagedFile(
            f"{name}: not a complete Outlook message ({type(error).__name__}). Open it in Outlook, save it "
            "again and add that."
        ) from error


def _converted(name: str, source: Any, depth: int) -> Message:  # noqa: ANN401 - oxmsg has no protocol of its own
    if depth > _MOST_NESTED:
        raise LimitExceeded(f"{name}: messages lie more than {_MOST_NESTED} deep in one another.")
    message = Message(policy=compat32)
    for header, value in _headers(source):
        message[header] = value
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/mixed"
    message.preamble = None
    parts = [*_bodies(source), *_attached(name, source, depth)]
    for part in parts:
        message.attach(part)
    marks = "".join(str(part.get("X-Mark")) for part in parts)
    message.set_boundary("==" + hashlib.sha256(marks.encode()).hexdigest()[:32])
    return message


def _headers(source: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as above
    sent = source.sent_date
    recipients = ", ".join(filter(None, (r.name or r.email_address for r in source.recipients)))
    pairs = (
        ("Return-Path", "<>"),
        ("From", source.sender or source.properties.str_prop_value(_SENDER_NAME)),
        ("To", recipients),
        ("Date", format_datetime(sent) if sent else source.message_headers.get("Date")),
        ("Subject", source.subject),
        ("Message-ID", source.properties.str_prop_value(_MESSAGE_ID)),
    )
    for header, value in pairs:
        if value and one_line(str(value)):
            yield header, one_line(str(value))


def _bodies(source: Any) -> Iterator[Message]:  # noqa: ANN401 - as above
    text = (source.body or "").encode("utf-8", "replace")
    page = source.properties.binary_prop_value(_HTML)
    named = source.properties.body_encoding if page else "utf-8"
    if not page:
        page = (source.properties.str_prop_value(_HTML) or "").encode("utf-8", "replace")
    if text.strip():
        yield _part("text/plain", text, charset="utf-8")
    if page.strip():
        yield _part("text/html", page, charset=named)
    if text.strip() or page.strip():
        return
    packed = source.properties.binary_prop_value(_RTF)
    if packed:
        yield _part("application/rtf", unpack(packed), name="message text.rtf")


def _attached(name: str, source: Any, depth: int) -> Iterator[Message]:  # noqa: ANN401 - as above
    for number, attachment in enumerate(source.attachments):
        if number >= _MOST_ATTACHED:
            raise LimitExceeded(f"{name}: more than {_MOST_ATTACHED:,} attachments. It was not read.")
        properties = attachment.properties
        title = one_line(attachment.file_name or properties.str_prop_value(_SHORT_NAME) or "")
        if properties.int_prop_value(_ATTACH_METHOD) == _EMBEDDED:
            yield _embedded(name, attachment, depth)
            continue
        kind = attachment.mime_type or "application/octet-stream"
        part = _part(kind, attachment.file_bytes or b"", name=title)
        if properties.str_prop_value(_CONTENT_ID) and _is_hidden(properties):
            part["Content-ID"] = "inline"
            del part["Content-Disposition"]
        yield part


def _is_hidden(properties: Any) -> bool:  # noqa: ANN401 - as above
    value = properties.int_prop_value(_HIDDEN)
    return bool(value)


def _embedded(name: str, attachment: Any, depth: int) -> Message:  # noqa: ANN401 - as above
    """Return an attached message; its storage hangs below the attachment's."""
    from oxmsg import Message as Outlook
    from oxmsg.properties import Properties

    class Embedded(Outlook):  # type: ignore[misc]
        """A message inside another has a shorter property header."""

        @property
        def _properties(self) -> Any:  # noqa: ANN401 - as above
            return Properties(self._storage, properties_header_offset=24)

    storage = next(s for s in attachment._storage.storages if s.name.startswith("__substg1.0_3701000D"))  # noqa: SLF001 - the library has no door to it
    wrapper = Message(policy=compat32)
    wrapper["Content-Type"] = "message/rfc822"
    wrapper["X-Mark"] = "message"
    wrapper.attach(_converted(name, Embedded(storage), depth + 1))
    return wrapper


def _part(kind: str, data: bytes, *, charset: str | None = None, name: str | None = None) -> Message:
    part = Message(policy=compat32)
    part["Content-Type"] = kind if "/" in kind else "application/octet-stream"
    if charset:
        part.set_param("charset", charset)
    if name is not None:
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name or "attachment"))
    part["X-Mark"] = hashlib.sha256(data).hexdigest()
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(data).decode("ascii"))
    return part
