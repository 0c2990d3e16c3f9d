"""What other programs give to classify: JSON Lines, checked line by line, and documents among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.in_place import CHUNK

_BATCH: Final = 256
"""Records without a document that are read together."""
_REMEMBERED: Final = 10_000
"""Documents that are known again when they come back: more would have memory grow with the file."""


@dataclass
class ClassifyReport:
    """What became of every line."""

    written: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    """(one-based line number, what was wrong)."""
    classifier: str = ""
    apart: int = 0
    """How often a document came back after other records, and so was read as another document."""
    first_apart: tuple[int, str, int] | None = None
    """(line number, document, line where it was last met) of the first of these; None when there is none."""


@dataclass(frozen=True, slots=True)
class Record:
    """One good line."""

    number: int
    """One-based line number."""
    id: str | int
    item: ClassifierInput
    document: str | None
    """Records with the same one, side by side, are passages of one document; None is read alone."""


@contextmanager
def open_source(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Yield a file to classify, and how many lines it has.

    Raises
    ------
    UsageError
        The file cannot be read.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with stream:
        total = sum(1 for _ in _lines(stream))
        stream.seek(0)
        yield stream, total


def read_records(source: BinaryIO, report: ClassifyReport) -> Iterator[Record]:
    """Yield every good line; the others are put into the report.

    Raises
    ------
    UsageError
        The source can no longer be read.
    """
    for number, raw in enumerate(_lines(source), start=1):
        if not raw.strip():
            continue
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            yield _record(number, json.loads(line))
        except UnicodeDecodeError as error:
            report.bad.append((number, f"not UTF-8: {error.reason} at byte {error.start}"))
        except json.JSONDecodeError as error:
            report.bad.append((number, f"not JSON: {error.msg} at column {error.colno}"))
        except RecursionError:
            report.bad.append((number, "not JSON: nested too deeply"))
        except ValueError as error:
            report.bad.append((number, str(error)))


def read_together(records: Iterable[Record], report: ClassifyReport) -> Iterator[list[Record]]:
    """Yield records that are read together: a part of one document, or some that have none.

    A document that comes back after other records is another document, and is put into the report.
    """
    group: list[Record] = []
    ended: dict[str, int] = {}
    last: Record | None = None
    for record in records:
        if last is not None and record.document != last.document:
            if group:
                yield group
                group = []
            _end(last, ended)
            _notice(record, ended, report)
        group.append(record)
        last = record
        if len(group) == (_BATCH if record.document is None else CHUNK):
            yield group
            group = []
    if group:
        yield group


def _end(last: Record, ended: dict[str, int]) -> None:
    if last.document is None:
        return
    ended.pop(last.document, None)
    ended[last.document] = last.number
    if len(ended) > _REMEMBERED:
        del ended[next(iter(ended))]


def _notice(record: Record, ended: dict[str, int], report: ClassifyReport) -> None:
    if record.document is None or record.document not in ended:
        return
    report.apart += 1
    report.first_apart = report.first_apart or (record.number, record.document, ended[record.document])


def _lines(source: BinaryIO) -> Iterator[bytes]:
    try:
        yield from source
    except OSError as error:
        raise _unreadable(getattr(source, "name", "the input"), error) from error


def _unreadable(name: object, error: OSError) -> UsageError:
    return UsageError(
        f"{name} cannot be read: {error.strerror or error}; close it if it is open in another program, "
        "then run it again"
    )


def _record(number: int, data: object) -> Record:
    if not isinstance(data, dict):
        raise ValueError(f'expected an object with "id" and "text", found {type(data).__name__}')
    if not isinstance(data.get("id"), (str, int)) or isinstance(data["id"], bool):
        raise ValueError('expected "id": a string or a whole number')
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('expected "text": a string that is not empty')
    for key in ("heading", "source_type"):
        if data.get(key) is not None and not isinstance(data[key], str):
            raise ValueError(f'expected "{key}": a string or null')
    document = data.get("document")
    if document is not None and not (isinstance(document, str) and document.strip()):
        raise ValueError('expected "document": a string that is not empty, or null')
    for key in ("id", "text", "heading", "source_type", "document"):
        _check_whole(key, data.get(key))
    item = ClassifierInput(text, data.get("heading"), data.get("source_type"))
    return Record(number, data["id"], item, document)


def _check_whole(key: str, value: object) -> None:
    """Refuse half of a surrogate pair: JSON can spell it, but it is no character and UTF-8 cannot hold it."""
    try:
        str(value).encode()
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise ValueError(
            f'"{key}" has half of a surrogate pair, \\u{code:04x}, at character {error.start + 1}'
        ) from error
