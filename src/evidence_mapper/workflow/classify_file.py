"""The contract for other programs: JSON Lines in, JSON Lines out, order kept.

An input line is ``{"id", "text", optional "heading", "source_type"}``. An output line is ``{"id",
"statements": [{"id", "probability", "suggested"}, ... every statement, best first], "topics": [...],
"i_statements": [...], "evidence_category": {"id", "probability", "distribution"} or null, "polarity":
likewise, "none_probability", "none_suggested", "abstained"}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.domain.coding import SuggestedChoice, SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.progress import ProgressSink, silent

_BATCH: Final = 256


@dataclass
class ClassifyReport:
    """What became of every line."""

    written: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    """(one-based line number, what was wrong)."""
    classifier: str = ""


def classify_lines(
    framework: Framework,
    source: BinaryIO,
    sink: TextIO,
    *,
    total: int | None = None,
    progress: ProgressSink = silent,
    model: Path | None = None,
    speed: str | None = None,
    encoder: str | None = None,
) -> ClassifyReport:
    """Write one output line for every good input line, in order; bad lines are reported and passed over.

    Parameters
    ----------
    framework
        Whose classifier to use.
    source
        JSON Lines in UTF-8, with or without a byte order mark.
    sink
        Takes the output lines.
    total
        Number of input lines when known, for the progress shown; None when reading a pipe.
    progress
        Told after each batch.
    model
        Folder of a learned classifier; None takes the framework's.
    speed, encoder
        As :func:`~evidence_mapper.classify.shipped.load_classifier` takes them.

    Raises
    ------
    ModelError
        The classifier is missing or changed, or this framework has no such speed or takes no other encoder.
    UsageError
        The source can no longer be read.
    """
    from evidence_mapper.classify import load_classifier

    classifier = load_classifier(framework, model, speed=speed, encoder=encoder)
    report = ClassifyReport(classifier=classifier.name)
    last = 0
    for batch in _batches(_parse(source, report)):
        suggestions = classifier.suggest([item for _, _, item in batch])
        for (_, identity, _), suggestion in zip(batch, suggestions, strict=True):
            sink.write(json.dumps({"id": identity, **to_json(suggestion)}, ensure_ascii=False) + "\n")
            report.written += 1
        last = batch[-1][0]
        progress(last, max(total or last, last), f"{report.written} passages")
    return report


_Item = tuple[int, Any, ClassifierInput]


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


def _parse(source: BinaryIO, report: ClassifyReport) -> Iterator[_Item]:
    for number, raw in enumerate(_lines(source), start=1):
        if not raw.strip():
            continue
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            data = json.loads(line)
            yield (number, *_item(data))
        except UnicodeDecodeError as error:
            report.bad.append((number, f"not UTF-8: {error.reason} at byte {error.start}"))
        except json.JSONDecodeError as error:
            report.bad.append((number, f"not JSON: {error.msg} at column {error.colno}"))
        except RecursionError:
            report.bad.append((number, "not JSON: nested too deeply"))
        except ValueError as error:
            report.bad.append((number, str(error)))


def _item(data: object) -> tuple[Any, ClassifierInput]:
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
    for key in ("id", "text", "heading", "source_type"):
        _check_whole(key, data.get(key))
    return data["id"], ClassifierInput(text, data.get("heading"), data.get("source_type"))


def _check_whole(key: str, value: object) -> None:
    """Refuse half of a surrogate pair: JSON can spell it, but it is no character and UTF-8 cannot hold it."""
    try:
        str(value).encode()
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        raise ValueError(
            f'"{key}" has half of a surrogate pair, \\u{code:04x}, at character {error.start + 1}'
        ) from error


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    batch: list[_Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def to_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as the contract writes it."""
    return {
        "statements": [_code(c) for c in suggestion.statements],
        "topics": [_code(c) for c in suggestion.topics],
        "i_statements": [_code(c) for c in suggestion.i_statements],
        "evidence_category": _choice(suggestion.evidence_category),
        "polarity": _choice(suggestion.polarity),
        "none_probability": suggestion.none_probability,
        "none_suggested": suggestion.none_suggested,
        "abstained": suggestion.abstained,
    }


def _code(code: SuggestedCode) -> dict[str, Any]:
    return {"id": code.id, "probability": code.probability, "suggested": code.suggested}


def _choice(choice: SuggestedChoice | None) -> dict[str, Any] | None:
    if choice is None:
        return None
    return {"id": choice.id, "probability": choice.probability, "distribution": dict(choice.distribution)}
