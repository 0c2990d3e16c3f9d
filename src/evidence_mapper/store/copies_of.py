"""Which project a file holds, looked at without changing it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from evidence_mapper.errors import StoreError
from evidence_mapper.store import cipher
from evidence_mapper.store.database import is_project, translated


def project_id(path: Path) -> str | None:
    """Return the id of the project in a file; None when it holds none, or is another one's secret.

    An encrypted file is opened only when its key is known already: nobody is asked.
    """
    if cipher.is_encrypted(path) and not cipher.is_known(path):
        return None
    try:
        if not is_project(path):
            return None
        with translated(path), closing(cipher.connect(path)) as connection:
            row = connection.execute("SELECT value FROM project WHERE key = 'id'").fetchone()
    except StoreError:
        return None
    return None if row is None else str(row[0])
