"""The key of a redaction: who is behind each pseudonym, kept in a file of its own."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.errors import UsageError
from evidence_mapper.redact.pseudonyms import Case

_FORMAT: Final = 1
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class KeptText:
    """One redacted text, and what stood where its pseudonyms stand."""

    sha256: str
    """Of the redacted text: words go back only where it is unchanged."""
    words: tuple[tuple[Span, str], ...]
    """Spans of the redacted text, in order, each with the words that stood there."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One redacted file."""

    source: str
    """Name it had, below the folder that was redacted."""
    written: str
    """Name below the output folder."""
    form: str
    """``text``, ``jsonl``, or ``read`` for the text of another format; ``export`` or ``packed export``
    for what a project exported."""
    encoding: str
    texts: tuple[KeptText, ...]
    """One, or for JSON Lines every string that was redacted, in order; of a packed export each member."""
    project: str = ""
    """Id of the project that exported it; empty for a file that was redacted."""


@dataclass
class Key:
    """Pseudonyms by case, and the words that each redacted file held."""

    cases: dict[str, Case] = field(default_factory=dict)
    files: list[KeptFile] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "format": _FORMAT,
            "warning": (
                "This file names the people behind the pseudonyms. Keep it apart from what was redacted."
            ),
            "cases": {name: case.to_json() for name, case in self.cases.items()},
            "files": [_file_json(f) for f in self.files],
        }


def read_key(path: Path) -> Key:
    """Read a key file.

    Raises
    ------
    UsageError
        There is none, or it is not one.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != _FORMAT:
            raise UsageError(f"{path} is a key of format {data['format']}; this program reads {_FORMAT}")
        cases = {str(n): Case.from_json(c) for n, c in data["cases"].items()}
        return Key(cases, [_file(f) for f in data["files"]])
    except OSError as error:
        raise UsageError(
            f"the key {path} cannot be read: {error.strerror}; name the file given with --key"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is not a key written by `evidence-mapper redact`: {error!r}") from error


def check_apart(key: Path, output: Path) -> None:
    """Refuse a key inside the folder of redacted files, where it would undo them.

    Raises
    ------
    UsageError
        It lies inside.
    """
    if output.resolve() in [key.resolve(), *key.resolve().parents]:
        raise UsageError(
            f"the key {key} would lie inside {output}, with the files it "
            f"undoes; name a place apart with --key"
        )


def write_key(key: Key, path: Path) -> None:
    """Write a key file, whole, readable by its owner alone.

    Raises
    ------
    UsageError
        It cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        part = Path(name)
        try:
            part.chmod(_OWNER_ONLY)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                json.dump(key.to_json(), stream, ensure_ascii=True, indent=1)
                stream.write("\n")
            part.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
    except OSError as error:
        raise UsageError(
            f"the key {path} cannot be written: {error.strerror}; name a writable folder"
        ) from error


def _file_json(file: KeptFile) -> dict[str, Any]:
    texts = [
        {"sha256": t.sha256, "words": [[s.start, s.end, words] for s, words in t.words]} for t in file.texts
    ]
    return {
        "source": file.source, "written": file.written, "form": file.form, "encoding": file.encoding,
        "texts": texts, **({"project": file.project} if file.project else {}),
    }  # fmt: skip


def _file(data: dict[str, Any]) -> KeptFile:
    texts = tuple(
        KeptText(str(t["sha256"]), tuple((Span(int(a), int(b)), str(w)) for a, b, w in t["words"]))
        for t in data["texts"]
    )
    source, written, form, encoding = (str(data[name]) for name in ("source", "written", "form", "encoding"))
    return KeptFile(source, written, form, encoding, texts, str(data.get("project", "")))
