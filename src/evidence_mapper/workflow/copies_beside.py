"""Other files that hold the same project: copies that upgrades keep, and backups in the same folder."""

from __future__ import annotations

from pathlib import Path

_ENDINGS = frozenset({".sqlite", ".sqlite3", ".db"})


def copies_beside(path: Path) -> list[Path]:
    """Return files in the project's folder that are copies of it, by name.

    Copies made by ``db migrate`` are known by their names; others by the project's id inside, which an
    encrypted copy does not show: those are left out unless ``db migrate`` made them.
    """
    from evidence_mapper.store.copies_of import project_id

    own = project_id(path)
    found = set(path.parent.glob(f"{path.stem}.v*.backup*{path.suffix}"))
    endings = _ENDINGS | {path.suffix}
    others = [f for f in path.parent.iterdir() if f.suffix.lower() in endings and f.is_file() and f != path]
    found |= {file for file in others if own is not None and project_id(file) == own}
    return sorted(found)


def wipe_copies(files: list[Path]) -> None:
    """Overwrite files and remove them; StoreError when one cannot be."""
    from evidence_mapper.store.wipe import wipe_file

    for file in files:
        for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            wipe_file(each)
