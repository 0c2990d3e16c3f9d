"""E-mail messages, saved as .eml or by Outlook as .msg: their text, and what is attached."""

from __future__ import annotations

import email
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import ExtractedDocument, Member
from evidence_mapper.domain.ids import sha256_bytes
from evidence_mapper.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    ExtractionError,
    LimitExceeded,
    UnsupportedFormat,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import one_line
from evidence_mapper.extract.container.names import safe_names
from evidence_mapper.extract.mail_body import Body, read_body
from evidence_mapper.extract.reading import read_file
from evidence_mapper.extract.sniff import EML, MSG

_MAX_PARTS: Final = 1_000
_MAX_DEPTH: Final = 20
_MAX_HEADER: Final = 2_000
_OLE: Final = b"\xd0\xcf\x11\xe0"
_HEADERS: Final = (
    ("Subject", "title"),
    ("From", "author"),
    ("To", "to"),
    ("Date", "created"),
    ("Message-ID", "message_id"),
)
_SILENT: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_CARDS: Final = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "application/ics"})
_LOCKED: Final = frozenset(
    {"application/pgp-encrypted", "application/x-microsoft-rpmsg-message", "application/pkcs7-mime"}
    | {"application/x-pkcs7-mime"}
)
_EML_POLICY: Final = compat32.clone(linesep="\r\n", max_line_length=None)


class MailExtractor:
    """Reader of one message: its plain text, or else its HTML; its attachments are its members."""

    name = "eml/3"
    media_type = EML

    def extract(self, path: Path, limits: Limits) -> ExtractedDocument:
        """Read one file; see :class:`evidence_mapper.extract.base.Extractor`."""
        message = load_message(path, limits)
        parts = _sorted(path.name, message)
        body: Body = read_body(
            [(_bytes(p), p.get_content_charset()) for p in parts.texts],
            [(_bytes(p), p.get_content_charset()) for p in parts.pages],
        )
        return ExtractedDocument(
            media_type=self.media_type,
            extractor=self.name,
            blocks=tuple(body.blocks),
            exclusions=tuple(body.exclusions),
            warnings=(*parts.warnings(), *body.warnings),
            metadata=tuple(_metadata(message)),
            members=tuple(_members(parts)),
        )


class MsgExtractor(MailExtractor):
    """Reader of one message that Outlook saved."""

    name = "msg/2"
    media_type = MSG


class MailContainer:
    """A message whose attachments are read one by one."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._attached = _sorted(path.name, load_message(path, limits)).attached
        self._names = safe_names(attachment_name(part) for part in self._attached)

    def read(self, step: int) -> tuple[str, bytes]:
        """Return the name and the bytes of an attachment."""
        return self._names[step], attachment_bytes(self._attached[step])

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class _Parts:
    texts: list[Message] = field(default_factory=list)
    pages: list[Message] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)
    pictures: int = 0
    cards: int = 0

    def warnings(self) -> Iterator[str]:
        if self.pictures:
            yield f"{self.pictures} pictures within the message were not read"
        if self.cards:
            yield f"{self.cards} appointments or address cards were not read"


def load_message(path: Path, limits: Limits) -> Message:
    """Return a message of either format.

    Raises
    ------
    DamagedFile
        Not a message, or nested too deeply.
    LimitExceeded
        Larger than ``limits.file_bytes``.
    """
    data = read_file(path, limits)
    if data.startswith(_OLE):
        from evidence_mapper.extract.msg import as_message

        return as_message(path.name, data)
    # The default policy is compat32: the newer one takes quadratic time on long headers.
    try:
        return email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"))
    except (RecursionError, ValueError) as error:
        raise DamagedFile(f"{path.name}: the message is nested too deeply. Save its parts singly.") from error


def attachment_name(part: Message) -> str:
    """Return the name of an attachment, made up from its type when it has none."""
    name = _decoded(part.get_filename() or "")
    if name:
        return name
    inner = _inner(part)
    if inner is not None:
        subject = _decoded(str(inner.get("Subject") or "")[:_MAX_HEADER])
        return (subject.replace("/", "-") or "message") + ".eml"
    return "attachment" + (mimetypes.guess_extension(part.get_content_type()) or "")


def attachment_bytes(part: Message) -> bytes:
    """Return an attachment's bytes; an attached message is written out as .eml.

    Raises
    ------
    EmptyFile
        It has none.
    DamagedFile
        An attached message breaks the rules of its format.
    """
    inner = _inner(part)
    if inner is None:
        data = _bytes(part)
    else:
        try:
            data = inner.as_bytes(policy=_EML_POLICY)
        except (RecursionError, ValueError, LookupError, TypeError) as error:
            raise DamagedFile(f"{attachment_name(part)}: the attached message is damaged.") from error
    if not data:
        raise EmptyFile(f"{attachment_name(part)}: the attachment is empty (0 bytes).")
    return data


def _sorted(name: str, message: Message) -> _Parts:
    parts = _Parts()
    for part in _leaves(name, message):
        kind = part.get_content_type()
        disposition = part.get_content_disposition() or ""
        if kind in _SILENT:
            continue
        if kind in _CARDS:
            parts.cards += 1
        elif _is_within(part) and disposition != "attachment":
            parts.pictures += 1
        elif part.get_filename() or disposition == "attachment" or part.get_content_maintype() != "text":
            parts.attached.append(part)
        elif kind == "text/html":
            parts.pages.append(part)
        else:
            parts.texts.append(part)
    return parts


def _is_within(part: Message) -> bool:
    """Return whether a part is a picture that the message's page shows."""
    return part.get_content_maintype() == "image" and part.get("Content-ID") is not None


def _leaves(name: str, message: Message) -> Iterator[Message]:
    stack, seen = [(message, 0)], 0
    while stack:
        part, depth = stack.pop()
        seen += 1
        if seen > _MAX_PARTS or depth > _MAX_DEPTH:
            raise LimitExceeded(
                f"{name}: more than {_MAX_PARTS} parts or {_MAX_DEPTH} levels. It was not read."
            )
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list) and _inner(part) is None:
            inner = [p for p in payload if isinstance(p, Message)]
            stack.extend((p, depth + 1) for p in reversed(inner))
        else:
            yield part


def _inner(part: Message) -> Message | None:
    """Return the message that a part is; None for any other part."""
    payload = part.get_payload()
    if part.get_content_type() != "message/rfc822" or not isinstance(payload, list) or not payload:
        return None
    return payload[0] if isinstance(payload[0], Message) else None


def _members(parts: _Parts) -> Iterator[Member]:
    names = safe_names(attachment_name(part) for part in parts.attached)
    for step, (name, part) in enumerate(zip(names, parts.attached, strict=True)):
        try:
            _refuse_locked(name, part)
            data = attachment_bytes(part)
        except ExtractionError as error:
            yield Member(name, step, 0, None, (error.code, str(error)))
        else:
            yield Member(name, step, len(data), sha256_bytes(data))


def _refuse_locked(name: str, part: Message) -> None:
    kind = part.get_content_type()
    if kind not in _LOCKED:
        return
    if str(part.get_param("smime-type") or "").lower() == "signed-data":
        raise UnsupportedFormat(
            f"{name}: a signed message in a form not read here. Save it from Outlook as text."
        )
    raise EncryptedFile(
        f"{name}: the message is encrypted. Open it in Outlook, save it unprotected and add that."
    )


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _metadata(message: Message) -> Iterator[tuple[str, str]]:
    for header, label in _HEADERS:
        stated = message.get(header) or (message.get("Sent") if header == "Date" else None)
        value = one_line(_decoded(str(stated or "")[:_MAX_HEADER]))
        if value:
            yield label, value


def _decoded(value: str) -> str:
    try:
        return one_line(str(make_header(decode_header(value))))
    except (HeaderParseError, LookupError, ValueError):
        return one_line(value)
