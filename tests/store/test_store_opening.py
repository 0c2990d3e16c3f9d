from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.builders import NOW, reading

from evidence_mapper.errors import ProjectNotFound, SchemaTooNew, StoreError
from evidence_mapper.store.database import back_up
from evidence_mapper.store.engine import create_project, open_project
from evidence_mapper.store.migrations import latest_version
from evidence_mapper.store.sql_store import SqlStore


def create(path: Path) -> SqlStore:
    return create_project(path, framework_id="f", framework_version="1", framework_text="id='f'", now=NOW)


def test_a_project_says_what_it_was_made_with(tmp_path: Path) -> None:
    path = tmp_path / "a project é.db"
    with create(path) as store:
        made = store.info
    with open_project(path) as store:
        assert store.info == made
    assert (made.framework_id, made.framework_version, made.framework_text) == ("f", "1", "id='f'")
    assert (made.created_at, made.schema_version) == (NOW, latest_version())


def test_no_project_names_path_and_command(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(ProjectNotFound, match=r"none\.db.*evidence-mapper init"):
        open_project(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\0 and then nothing", b"\0" * 4096]
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"letter\.docx.*not an evidence-mapper project"):
        open_project(path)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["letter.docx"]


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE project (key, value)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"other\.db.*not an evidence-mapper project"):
        open_project(path)
    assert path.read_bytes() == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"):
        open_project(tmp_path)


def test_creating_over_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    path.write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="already exists"):
        create(path)
    assert path.read_text("utf-8") == "mine"


def test_creating_in_no_folder_names_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"p\.db.*writable folder"):
        create(tmp_path / "none" / "p.db")


def test_a_project_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="half a character"):
        create_project(
            tmp_path / "p.db", framework_id="f", framework_version="1", framework_text="\ud800", now=NOW
        )
    assert list(tmp_path.iterdir()) == []


def test_a_project_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    create(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO migrations VALUES (999, 'later', '2030')")
        connection.commit()
    with pytest.raises(SchemaTooNew, match=rf"999.*up to {latest_version()}.*newer evidence-mapper"):
        open_project(path)


def test_a_project_without_its_facts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    create(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM project WHERE key = 'framework_id'")
        connection.commit()
    with pytest.raises(StoreError, match="framework_id"):
        open_project(path)


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    create(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match=r"p\.db.*damaged"):
        open_project(path)


def test_the_file_is_durable_and_checked(tmp_path: Path) -> None:
    with create(tmp_path / "p.db") as store, store._database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "trusted_schema": 0,
    }


def test_a_backup_holds_what_is_still_in_the_log(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with create(tmp_path / "p.db") as store:
        store.add_document(reading("a.txt", ["One"]))
        back_up(tmp_path / "p.db", copy)
    with open_project(copy) as again:
        assert again.passage_count() == 1
        assert again.verify() == []
    with pytest.raises(StoreError, match="already exists"):
        back_up(tmp_path / "p.db", copy)


NOBODY_ELSE = 77
OPEN = """
import os
import sys
from pathlib import Path
from evidence_mapper.errors import StoreError
from evidence_mapper.store.engine import create_project, open_project
folder = Path(sys.argv[1])
with open_project(folder / "p.db"):
    pass  # everything is imported before the user changes, who may not read the libraries
(folder / "p.db").chmod(0o444)
folder.chmod(0o555)
if os.geteuid() == 0:
    try:
        os.setuid(65534)
    except OSError:
        sys.exit(int(sys.argv[2]))
for call in (
    lambda: open_project(folder / "p.db"),
    lambda: create_project(
        folder / "new.db", framework_id="f", framework_version="1", framework_text="", now="x"
    ),
):
    try:
        call()
    except StoreError as error:
        print(error)
    else:
        print("opened")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not made read-only by their mode")
def test_a_read_only_folder_is_named() -> None:
    # Outside pytest's own folder, which another user may not enter: root may write anywhere, so as
    # root the child becomes somebody else.
    folder = Path(tempfile.mkdtemp())
    try:
        create(folder / "p.db").close()
        folder.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", OPEN, str(folder), str(NOBODY_ELSE)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    if done.returncode == NOBODY_ELSE:
        pytest.skip("root of a namespace without other users may write anywhere")
    assert done.returncode == 0, done.stderr
    opened, created = done.stdout.splitlines()
    assert str(folder / "p.db") in opened
    assert "must be writable" in opened
    assert str(folder / "new.db") in created
    assert "writable folder" in created
