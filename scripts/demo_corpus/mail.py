"""Partners' e-mails as a mail program saves them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from demo_corpus.markup import read


def write_eml(name: str, path: Path, *, with_html: bool = False, answering: str = "") -> None:
    """Write one e-mail.

    Parameters
    ----------
    name
        The content file: ``key: value`` header lines, a blank line, the body.
    path
        Where to write.
    with_html
        Add the same words as HTML, as most mail programs do.
    answering
        The message answered, quoted under the body; empty for none.
    """
    head, _, body = read(name).partition("\n\n")
    message = EmailMessage(policy=SMTP)
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        message[key.title()] = value
    message["Message-ID"] = f"<{path.stem}@demo.example>"
    if answering:
        quoted = "\n".join(f"> {line}" for line in answering.splitlines())
        body += f"\nOn 12 September 2025 at 10:30, Contracts and Quality wrote:\n\n{quoted}\n"
    message.set_content(body, cte="quoted-printable")
    if with_html:
        paragraphs = "".join(f"<p>{escape(p)}</p>" for p in body.strip().split("\n\n"))
        message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
        message.set_boundary(f"=={path.stem}==")
    path.write_bytes(message.as_bytes())
