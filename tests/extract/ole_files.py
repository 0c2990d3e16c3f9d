"""Compound files and Outlook messages, written from scratch: no library with a fitting licence does."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Union

Tree = Mapping[str, Union[bytes, "Tree"]]
"""Name to a stream's bytes or a storage's content."""

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096


def ole(tree: Tree) -> bytes:
    """Return a version 3 compound file."""
    entries: list[dict[str, object]] = [_entry("Root Entry", 5)]
    _add(entries, 0, tree)
    mini = b""
    big: list[tuple[dict[str, object], bytes]] = []
    minifat: list[int] = []
    for entry in entries:
        data = entry.get("data")
        if not isinstance(data, bytes):
            continue
        entry["size"] = len(data)
        if len(data) >= _CUTOFF:
            big.append((entry, data))
        elif data:
            count = -(-len(data) // _MINI)
            entry["start"] = len(minifat)
            minifat += [*range(len(minifat) + 1, len(minifat) + count), _END]
            mini += data.ljust(count * _MINI, b"\0")
    fat: list[int] = []
    body = b""

    def put(data: bytes) -> int:
        nonlocal body
        count = -(-len(data) // _SECTOR)
        if not count:
            return _END
        first = len(fat)
        fat.extend([*range(first + 1, first + count), _END])
        body += data.ljust(count * _SECTOR, b"\0")
        return first

    for entry, data in big:
        entry["start"] = put(data)
    entries[0]["start"], entries[0]["size"] = put(mini), len(mini)
    table = b"".join(struct.pack("<I", n) for n in minifat)
    mini_start = put(table.ljust(-(-len(table) // _SECTOR) * _SECTOR, b"\xff") if table else b"")
    directory = put(b"".join(_packed(e) for e in entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0"))
    sectors = 1
    while (len(fat) + sectors) * 4 > sectors * _SECTOR:
        sectors += 1
    places = [len(fat) + n for n in range(sectors)]
    fat += [_FAT] * sectors
    body += b"".join(struct.pack("<I", n) for n in fat).ljust(sectors * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, sectors, directory, 0, _CUTOFF,
        mini_start, -(-len(table) // _SECTOR), _END, 0,
    )  # fmt: skip
    return header + b"".join(struct.pack("<I", n) for n in (places + [_FREE] * 109)[:109]) + body


def _entry(name: str, kind: int, data: bytes | None = None) -> dict[str, object]:
    return {
        "name": name,
        "kind": kind,
        "data": data,
        "child": _FREE,
        "right": _FREE,
        "start": _END,
        "size": 0,
    }


def _add(entries: list[dict[str, object]], parent: int, tree: Tree) -> None:
    last = None
    # Siblings hang to the right of one another: a tree, if a lopsided one.
    for name, content in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        number = len(entries)
        is_stream = isinstance(content, bytes)
        entries.append(_entry(name, 2 if is_stream else 1, content if isinstance(content, bytes) else None))
        if last is None:
            entries[parent]["child"] = number
        else:
            entries[last]["right"] = number
        last = number
        if not isinstance(content, bytes):
            _add(entries, number, content)


def _packed(entry: dict[str, object]) -> bytes:
    name = str(entry["name"]).encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ",
        name, len(name) + 2, entry["kind"], 1, _FREE, entry["right"], entry["child"], 0, entry["start"],
        entry["size"],
    )  # fmt: skip


def msg(
    *,
    subject: str = "Review of care plan",
    sender: str = "Duty Team",
    sent: datetime = datetime(2025, 3, 4, 10, 30, tzinfo=UTC),
    body: str | None = None,
    page: bytes | None = None,
    rtf: bytes | None = None,
    message_id: str | None = None,
    attachments: Mapping[str, bytes | Tree] | None = None,
    embedded: bool = False,
) -> Tree:
    """Return the storages of an Outlook message; give them to :func:`ole`."""
    texts = {0x0037: subject, 0x0C1A: sender, 0x1000: body, 0x1035: message_id, 0x001A: "IPM.Note"}
    blobs = {0x1013: page, 0x1009: rtf}
    moment = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000)
    fixed = struct.pack("<HHIQ", 0x0040, 0x0039, 6, moment) + struct.pack("<HHIII", 3, 0x3FDE, 6, 65001, 0)
    count = len(attachments or {})
    head = struct.pack("<8xIIII", 0, count, 0, count) + (b"" if embedded else b"\0" * 8)
    tree = _properties(head, texts, blobs, fixed)
    for number, (name, content) in enumerate((attachments or {}).items()):
        tree[f"__attach_version1.0_#{number:08X}"] = _attachment(name, content)
    return tree


def _attachment(name: str, content: bytes | Tree) -> Tree:
    method = 1 if isinstance(content, bytes) else 5
    fixed = struct.pack("<HHIII", 3, 0x3705, 6, method, 0)
    tree = _properties(
        b"\0" * 8, {0x3707: name}, {0x3701: content if isinstance(content, bytes) else None}, fixed
    )
    if not isinstance(content, bytes):
        tree["__substg1.0_3701000D"] = content
    return tree


def _properties(
    head: bytes, texts: Mapping[int, str | None], blobs: Mapping[int, bytes | None], fixed: bytes
) -> dict[str, bytes | Tree]:
    tree: dict[str, bytes | Tree] = {}
    listed = fixed
    for pid, text in texts.items():
        if text is not None:
            data = text.encode("utf-16-le")
            tree[f"__substg1.0_{pid:04X}001F"] = data
            listed += struct.pack("<HHIII", 0x001F, pid, 6, len(data) + 2, 0)
    for pid, blob in blobs.items():
        if blob is not None:
            tree[f"__substg1.0_{pid:04X}0102"] = blob
            listed += struct.pack("<HHIII", 0x0102, pid, 6, len(blob), 0)
    tree["__properties_version1.0"] = head + listed
    return tree
