"""Triggers that keep the record of events append-only, whoever writes to the file."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

GUARDS: Final[dict[str, dict[str, str]]] = {
    "sqlite": {
        "events_no_update": (
            "CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only: no UPDATE'); END"
        ),
        "events_no_delete": (
            "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only: no DELETE'); END"
        ),
        # Also stops INSERT OR REPLACE, which removes rows without firing a DELETE trigger.
        "events_in_sequence": (
            "CREATE TRIGGER events_in_sequence BEFORE INSERT ON events "
            "WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM events) "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only: sequence must follow the last'); END"
        ),
    }
}
"""Dialect name to trigger name to its definition."""


def create_guards(connection: Connection) -> None:
    """Create the triggers of the connection's dialect."""
    for statement in GUARDS[connection.dialect.name].values():
        connection.exec_driver_sql(statement)


def missing_guards(connection: Connection) -> list[str]:
    """Return names of triggers that are absent or not as created."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    present = {row.name: row.sql for row in rows}
    return [name for name, sql in GUARDS["sqlite"].items() if present.get(name) != sql]
