"""Makes a made-up project many times as large, by copying its rows: a million passages in minutes.

Each copy has documents, revisions, passages and suggestions of its own, with other words and other ids: the
project is as sound as the first (``db verify``); what was decided is not copied.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.version import words_key

_NUMBERED = {
    "documents": ("number",),
    "revisions": ("number", "document_number"),
    "current_revisions": ("document_number", "revision_number"),
    "document_facts": ("revision_number",),
    "passages": ("number", "revision_number", "document_number"),
    "suggestions": ("passage_number",),
    "suggested_codes": ("passage_number",),
    "queue_items": ("passage_number", "document_number"),
    "passage_keys": ("passage_number",),
}
"""Columns that name a row, by table; each table comes after those it refers to."""

_WRITTEN_ANEW = {
    "id": "copied_id(id, :copy)",
    "name": "name || ' copy ' || :copy",
    "text": "copied_text(text, :copy)",
    "text_sha256": "sha256(copied_text(text, :copy))",
    "key": "(SELECT words_key(p.text, p.context) FROM passages p "
    "WHERE p.number = passage_keys.passage_number + :step)",
}


def multiply(path: Path, times: int, *, search: bool = True) -> None:
    """Make a project ``times`` as large.

    Parameters
    ----------
    path
        A project of :func:`review_project.build` that nobody has open.
    times
        1 to 999.
    search
        Whether the index of words is made for the copies too, which takes as long as all the rest.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("copied_id", 2, _copied_id, deterministic=True)
        connection.create_function("copied_text", 2, _copied_text, deterministic=True)
        connection.create_function("sha256", 1, sha256_text, deterministic=True)
        connection.create_function("words_key", 2, words_key, deterministic=True)
        # Nothing is at stake: what fails is made again from the start.
        fast = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "locking_mode=EXCLUSIVE")
        for pragma in fast:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        steps = {
            "document": connection.execute("SELECT max(number) FROM documents").fetchone()[0],
            "revision": connection.execute("SELECT max(number) FROM revisions").fetchone()[0],
            "passage": connection.execute("SELECT max(number) FROM passages").fetchone()[0],
        }
        for copy in range(1, times):
            for table in _NUMBERED:
                _copy(connection, table, copy, steps)
        if search:
            connection.execute("INSERT INTO passage_words(passage_words) VALUES ('rebuild')")
        connection.execute("COMMIT")


def _copy(connection: sqlite3.Connection, table: str, copy: int, steps: dict[str, int]) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    step = {name: _kind(table, name) for name in _NUMBERED[table]}
    written = [
        f"{name} + {copy * steps[step[name]]}" if name in step else _WRITTEN_ANEW.get(name, name)
        for name in columns
    ]
    first = _NUMBERED[table][0]
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(written)} FROM {table} "
        f"WHERE {first} <= {steps[step[first]]} ORDER BY rowid",
        {"copy": copy, "step": copy * steps["passage"]},
    )


def _kind(table: str, column: str) -> str:
    return table.removesuffix("s") if column == "number" else column.removesuffix("_number")


def _copied_id(name: str, copy: int) -> str:
    return f"{name}-{copy:03}"


def _copied_text(text: str, copy: int) -> str:
    """Return the text with the copy's number in each passage's first word: as long, and in other words."""
    return text.replace("Passage ", f"Pas{copy:03}e ")
