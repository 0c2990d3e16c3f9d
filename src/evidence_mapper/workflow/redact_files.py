"""Files and folders redacted, and put back with the key."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.errors import ExtractionError, UsageError
from evidence_mapper.redact.mapping import restore
from evidence_mapper.workflow.export_reverse import restored_export
from evidence_mapper.workflow.progress import ProgressSink
from evidence_mapper.workflow.redaction import RedactedText, redact_texts
from evidence_mapper.workflow.redaction_key import KeptFile, KeptText, Key, check_apart, read_key, write_key

Cases = Literal["file", "folder", "one"]
TEXT: Final = frozenset({".txt", ".md", ".csv", ".tsv", ".text", ".log"})
"""Endings of files redacted as they stand; JSON Lines string by string, all else as text read out."""
_OWNER_ONLY: Final = 0o700
_NO_PROJECT: Final = (
    "it is an export of a project, whose history must say that names were put back; name it with --project"
)


@dataclass(frozen=True, slots=True)
class RedactReport:
    """What was done."""

    files: tuple[tuple[str, str, int], ...]
    """(name before, name after, identifiers replaced) of each file written."""
    refused: tuple[tuple[str, str], ...]
    """(name, reason) of each file not read."""


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    name: str
    form: str
    encoding: str
    texts: tuple[str, ...]
    lines: tuple[Any, ...] = ()
    """Values of a JSON Lines file, with its strings still in place."""


def redact_files(
    source: Path,
    output: Path,
    key_path: Path,
    *,
    cases: Cases = "file",
    keep_names: bool = False,
    progress: ProgressSink | None = None,
) -> RedactReport:
    """Redact a file or a folder into another folder.

    Parameters
    ----------
    source
        A file, or a folder with all below it.
    output
        A folder to make, or an empty one. Files in it get neutral names, since names of files name people.
    key_path
        Where to keep who is who; an existing key is carried on.
    cases
        ``file``: each file is a case of its own; ``folder``: files of one folder belong to one person;
        ``one``: all do.
    keep_names
        Keep the files' names.
    progress
        Is told how far it is.

    Raises
    ------
    UsageError
        The output folder holds files, or the key would lie in it.
    ModelError
        The name model is missing or not what was built.
    """
    check_apart(key_path, output)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UsageError(f"{output} exists and is not an empty folder; name another with --output")
    if output.resolve() == source.resolve() or source.resolve() in output.resolve().parents:
        raise UsageError(
            f"{output} lies inside {source}, which is to be redacted; name a place apart with --output"
        )
    key = read_key(key_path) if key_path.exists() else Key()
    read, refused = _read_all(source, progress)
    written: list[tuple[str, str, int]] = []
    output.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    groups = _groups(read, cases)
    done = 0
    for case, members in groups.items():
        texts = [t for m in members for t in m.texts]
        results = iter(redact_texts(texts, case=case, key=key))
        for member in members:
            done += 1
            own = [next(results) for _ in member.texts]
            name = member.name if keep_names else f"record-{len(key.files) + 1:03}"
            written.append(_write(member, own, output, name, key))
            if progress:
                progress(done, len(read), written[-1][1])
    write_key(key, key_path)
    return RedactReport(tuple(written), tuple(refused))


def reverse_files(
    source: Path, output: Path, key_path: Path, *, allow: Callable[[KeptFile, Path], str] | None = None
) -> RedactReport:
    """Put the words back into files that redaction wrote, or an export with a key, unchanged since.

    Parameters
    ----------
    source
        A file, or a folder with all below it.
    output
        A folder to make, or an empty one: what is in ``source`` stays as it is.
    key_path
        The key they were redacted or exported with.
    allow
        Told before each export of a project is written, with the place it goes to; returns why it must not
        be, or nothing. None puts names back into no export.

    Raises
    ------
    UsageError
        The key is not one, or the output folder holds files.
    """
    key = read_key(key_path)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UsageError(f"{output} exists and is not an empty folder; name another with --output")
    done, refused = [], []
    for path in _paths(source):
        name = path.name if source.is_file() else path.relative_to(source).as_posix()
        try:
            kept, data = _put_back(path.read_bytes(), name, key)
            target = _inside(output, kept)
            if kept.project and (why := allow(kept, target) if allow else _NO_PROJECT):
                raise ValueError(why)
        except (ValueError, OSError) as error:
            refused.append((name, str(error)))
            continue
        target.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        _write_bytes(target, data)
        done.append((name, target.relative_to(output).as_posix(), sum(len(t.words) for t in kept.texts)))
    return RedactReport(tuple(done), tuple(refused))


def _put_back(data: bytes, name: str, key: Key) -> tuple[KeptFile, bytes]:
    """Return which file of the key this is, and its bytes as they were; a name may stand for several."""
    candidates = [f for f in key.files if name in {f.written, PurePosixPath(f.written).name}]
    if not candidates:
        raise ValueError("the key does not know a file of this name")
    for kept in candidates:
        with contextlib.suppress(ValueError):
            return kept, _restored(data, kept)
    raise ValueError("it was changed after redaction, so that the places in the key no longer fit")


def _inside(output: Path, kept: KeptFile) -> Path:
    """Return where a file goes, refusing a name that leads out of the folder."""
    name = PurePosixPath(kept.source if kept.form != "read" else f"{kept.source}.txt")
    if name.is_absolute() or ".." in name.parts:
        raise ValueError(f"the key gives it the name {name}, which leads out of {output}")
    return output / name


def _restored(data: bytes, kept: KeptFile) -> bytes:
    if kept.project:
        return restored_export(data, kept)
    text = data.decode(kept.encoding)
    if kept.form != "jsonl":
        return _words_back(text, kept.texts[0]).encode(kept.encoding)
    rows = [json.loads(line) for line in text.splitlines() if line]
    texts = [_words_back(s, k) for s, k in zip(_strings(rows), kept.texts, strict=True)]
    words = iter(texts)
    return _json_lines([_mapped(row, lambda _: next(words)) for row in rows])


def _words_back(text: str, kept: KeptText) -> str:
    if sha256_text(text) != kept.sha256:
        raise ValueError("it was changed after redaction")
    return restore(text, kept.words)


def _read_all(source: Path, progress: ProgressSink | None) -> tuple[list[_Source], list[tuple[str, str]]]:
    read, refused = [], []
    paths = list(_paths(source))
    for n, path in enumerate(paths):
        name = path.name if source.is_file() else path.relative_to(source).as_posix()
        try:
            read.append(_read(path, name))
        except (ExtractionError, OSError, ValueError) as error:
            refused.append((name, str(error)))
        if progress:
            progress(n + 1, len(paths), "reading")
    return read, refused


def _paths(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    yield from (p for p in sorted(source.rglob("*")) if p.is_file() and not p.name.startswith("."))


def _read(path: Path, name: str) -> _Source:
    ending = path.suffix.lower()
    if ending == ".jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return _Source(path, name, "jsonl", "utf-8", tuple(_strings(rows)), tuple(rows))
    if ending in TEXT:
        text, encoding = _decoded(path.read_bytes())
        return _Source(path, name, "text", encoding, (text,))
    from evidence_mapper.extract.registry import extract_file

    blocks = extract_file(path).blocks
    return _Source(path, name, "read", "utf-8", ("\n\n".join(b.text for b in blocks) + "\n",))


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text and the encoding that gives the same bytes again."""
    wide = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    for encoding in (wide, "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == data:
            return text, encoding
    return data.decode("latin-1"), "latin-1"


def _groups(read: list[_Source], cases: Cases) -> dict[str, list[_Source]]:
    groups: dict[str, list[_Source]] = {}
    for item in read:
        folder = PurePosixPath(item.name).parent.as_posix()
        name = {"file": item.name, "folder": folder, "one": "all"}[cases]
        groups.setdefault(name, []).append(item)
    return groups


def _write(
    source: _Source, results: list[RedactedText], output: Path, name: str, key: Key
) -> tuple[str, str, int]:
    ending = {"jsonl": ".jsonl", "read": ".txt"}.get(source.form, source.path.suffix.lower())
    target = output / (name if name.endswith(ending) else f"{name}{ending}")
    target.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    if source.form == "jsonl":
        texts = iter(results)
        data = _json_lines([_mapped(row, lambda _: next(texts).text) for row in source.lines])
    else:
        data = results[0].text.encode(source.encoding)
    _write_bytes(target, data)
    kept = tuple(
        KeptText(sha256_text(r.text), tuple(zip(r.redacted.replaced, r.words, strict=True))) for r in results
    )
    written = target.relative_to(output).as_posix()
    key.files.append(KeptFile(source.name, written, source.form, source.encoding, kept))
    return source.name, written, sum(len(r.found) for r in results)


def _write_bytes(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)


def _json_lines(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the strings of a JSON value in the order in which :func:`_mapped` meets them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))


def _mapped(value: Any, change: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with every string in it changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(v, change) for v in value]
    if isinstance(value, dict):
        return {k: _mapped(v, change) for k, v in value.items()}
    return value
