from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_mock_engine, text
from sqlalchemy.engine.mock import MockConnection
from tests.store.builders import NOW, reading

from evidence_mapper.errors import ProjectNotFound, SchemaTooNew, SchemaTooOld, StoreError
from evidence_mapper.store import migrations
from evidence_mapper.store.database import mark
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.migrations import Migration, migrate
from evidence_mapper.store.schema import metadata

VERSION_1 = Path(__file__).parent / "schema_v1.sql"


def add_colour(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE documents ADD COLUMN colour TEXT"))
    connection.execute(text("UPDATE documents SET colour = 'blue'"))


def half_way(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE documents ADD COLUMN shape TEXT"))
    connection.execute(text("SELECT no_such_function()"))


LATEST = migrations.latest_version()
SECOND = Migration(LATEST + 1, "add-colour", add_colour)
DONE = [(step.version, step.name, NOW) for step in migrations.MIGRATIONS]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a project of version 1 with one document."""
    path = tmp_path / "p.db"
    with create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW) as store:
        store.add_document(reading("a.txt", ["One", "Two"]))
    return path


def schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {re.sub(r"\s+", " ", sql) for (sql,) in rows}


def records(path: Path) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT version, name, applied_at FROM migrations").fetchall()


def later(monkeypatch: pytest.MonkeyPatch, *steps: Migration) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, *steps))


def test_a_new_project_records_its_creation(old: Path) -> None:
    assert records(old) == DONE
    assert DONE[0] == (1, "create", NOW)
    report = migrate(old)
    assert (report.before, report.after, report.applied, report.backup) == (LATEST, LATEST, (), None)
    assert [p.name for p in old.parent.iterdir()] == ["p.db"]


def test_an_older_project_says_to_migrate(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, SECOND)
    needs = rf"version {LATEST}.*needs {LATEST + 1}.*`evidence-mapper db migrate`"
    with pytest.raises(SchemaTooOld, match=needs):
        open_project(old)


def test_a_second_step_keeps_everything_and_a_copy(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, SECOND)
    report = migrate(old, now="2030-01-01")
    assert (report.before, report.after, report.applied) == (LATEST, LATEST + 1, ("add-colour",))
    assert records(old) == [*DONE, (LATEST + 1, "add-colour", "2030-01-01")]
    with open_project(old) as store:
        assert store.info.schema_version == LATEST + 1
        assert store.passage_count() == 2
        assert store.verify() == []
    assert report.backup == old.with_name(f"p.v{LATEST}.backup.db")
    monkeypatch.undo()
    with open_project(report.backup) as store:
        assert store.passage_count() == 2


def test_a_step_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, SECOND, Migration(LATEST + 2, "half-way", half_way))
    with pytest.raises(StoreError, match="no_such_function"):
        migrate(old)
    assert [version for version, *_ in records(old)] == [*(version for version, *_ in DONE), LATEST + 1]
    assert not any("shape" in sql for sql in schema(old))
    with pytest.raises(StoreError):
        migrate(old)
    names = {p.name for p in old.parent.iterdir()}
    first, second = f"p.v{LATEST}.backup.db", f"p.v{LATEST + 1}.backup.db"
    assert {first, second} <= names
    with pytest.raises(StoreError):
        migrate(old)
    assert (old.parent / f"p.v{LATEST + 1}.backup-2.db").exists()


def test_new_projects_have_every_step_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, SECOND)
    path = tmp_path / "new.db"
    create_project(path, framework_id="f", framework_version="1", framework_text="", now=NOW).close()
    assert [name for _, name, _ in records(path)] == [*(name for _, name, _ in DONE), "add-colour"]


def test_what_cannot_be_migrated(old: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFound, match="init"):
        migrate(tmp_path / "none.db")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all", "utf-8")
    with pytest.raises(StoreError, match="not an evidence-mapper project"):
        migrate(letter)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("INSERT INTO migrations VALUES (77, 'later', '2030')")
        connection.commit()
    with pytest.raises(SchemaTooNew, match="77"):
        migrate(old)
    assert not (tmp_path / "p.v77.backup.db").exists()


def test_a_file_of_version_1_migrates_to_the_schema_of_a_new_one(tmp_path: Path) -> None:
    """``schema_v1.sql`` never changes: a change of schema.py without a step fails here."""
    path, new = tmp_path / "p.db", tmp_path / "new.db"
    path.touch()
    mark(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1.read_text("utf-8"))
    migrate(path)
    create_project(new, framework_id="f", framework_version="1", framework_text="", now=NOW).close()
    assert schema(path) == schema(new)


def test_a_step_added_below_the_newest_is_taken_too(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("DELETE FROM migrations WHERE name = 'versions'")
        for table in ("passage_keys", "passage_fates", "version_changes", "carried", "withdrawals"):
            connection.execute(f"DROP TABLE {table}")
        connection.commit()
    with pytest.raises(SchemaTooOld, match="db migrate"):
        open_project(old)
    assert migrate(old).applied == ("versions",)
    with open_project(old) as store:
        assert store.verify() == []
        assert store.twins(next(store.passages(store.documents()[0].id)).id) == []


def test_the_tables_can_be_made_in_postgresql_too() -> None:
    made: list[str] = []

    def keep(ddl: Any, *_: Any, **__: Any) -> None:
        made.append(str(ddl.compile(dialect=engine.dialect)))

    engine: MockConnection = create_mock_engine("postgresql://", keep)
    metadata.create_all(engine, checkfirst=False)
    assert sum("CREATE TABLE" in ddl for ddl in made) == len(metadata.tables)
    names = re.findall(r"(?:CONSTRAINT|INDEX) (\w+)", "".join(made))
    assert len(names) > 40
    assert max(map(len, names)) <= 63, "PostgreSQL cuts longer names off"
