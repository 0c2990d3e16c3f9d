"""The project's own facts: who it is, and which run is current."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, delete, insert, select

from evidence_mapper.domain.coding import RunSpec
from evidence_mapper.domain.ids import derived_id
from evidence_mapper.errors import StoreError
from evidence_mapper.store.database import MEMO
from evidence_mapper.store.migrations import schema_version
from evidence_mapper.store.records import ModelChoice, ProjectInfo
from evidence_mapper.store.schema import project, runs

T = TypeVar("T")

_CURRENT_RUN = "current_run"
_SETTING = "setting:"
_MODEL = ("model_folder", "model_sha256")


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """The current run with its key."""

    number: int
    id: str
    spec: RunSpec


def write_info(connection: Connection, info: ProjectInfo) -> None:
    """Write the facts of a new project."""
    values = {
        "id": info.id,
        "created_at": info.created_at,
        "framework_id": info.framework_id,
        "framework_version": info.framework_version,
        "framework_text": info.framework_text,
    }
    connection.execute(insert(project), [{"key": key, "value": value} for key, value in values.items()])


def read_info(connection: Connection) -> ProjectInfo:
    """Return the project's facts.

    Raises
    ------
    StoreError
        A fact is missing.
    """
    found = {row.key: row.value for row in connection.execute(select(project))}
    try:
        return ProjectInfo(
            id=found["id"],
            created_at=found["created_at"],
            framework_id=found["framework_id"],
            framework_version=found["framework_version"],
            framework_text=found["framework_text"],
            schema_version=schema_version(connection),
        )
    except KeyError as error:
        raise StoreError(
            f"the project says nothing of its {error.args[0]}: it was not made whole; restore a backup"
        ) from error


def write_model(connection: Connection, model: ModelChoice | None) -> None:
    """Keep which learned classifier the project uses, in place of any kept before."""
    connection.execute(delete(project).where(project.c.key.in_(_MODEL)))
    if model is not None:
        values = zip(_MODEL, (model.folder, model.sha256), strict=True)
        connection.execute(insert(project), [{"key": key, "value": value} for key, value in values])


def read_model(connection: Connection) -> ModelChoice | None:
    """Return the learned classifier the project uses; None when it uses none."""
    found = {r.key: r.value for r in connection.execute(select(project).where(project.c.key.in_(_MODEL)))}
    return ModelChoice(*(found[key] for key in _MODEL)) if found else None


def start_run(connection: Connection, spec: RunSpec, at: str) -> tuple[CurrentRun, bool]:
    """Make the run of a spec the current one, creating it if need be.

    Returns
    -------
    tuple
        The run, and whether another or none was current before.
    """
    before = current_run(connection)
    run = prepare_run(connection, spec, at)
    if before is not None and before.id == run.id:
        return before, False
    connection.execute(delete(project).where(project.c.key == _CURRENT_RUN))
    connection.execute(insert(project), {"key": _CURRENT_RUN, "value": run.id})
    return run, True


def prepare_run(connection: Connection, spec: RunSpec, at: str) -> CurrentRun:
    """Return the run of a spec, made if need be; which run is current stays as it is."""
    run_id = derived_id("run", spec.artefact, spec.artefact_sha256, spec.framework)
    number = connection.execute(select(runs.c.number).where(runs.c.id == run_id)).scalar()
    if number is None:
        values = {
            "id": run_id,
            "artefact": spec.artefact,
            "artefact_sha256": spec.artefact_sha256,
            "framework": spec.framework,
            "started_at": at,
        }
        number = connection.execute(insert(runs).returning(runs.c.number), values).scalar_one()
    return CurrentRun(int(number), run_id, spec)


def read_setting(connection: Connection, name: str) -> str | None:
    """Return a setting of the project; None when it was never set."""
    value = connection.execute(select(project.c.value).where(project.c.key == _SETTING + name)).scalar()
    return None if value is None else str(value)


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Keep a setting of the project, in place of the value it had."""
    connection.execute(delete(project).where(project.c.key == _SETTING + name))
    connection.execute(insert(project), {"key": _SETTING + name, "value": value})


def current_run(connection: Connection) -> CurrentRun | None:
    """Return the current run; None before the first; asked once where reads share a transaction."""
    return once(connection, "run", lambda: _current_run(connection))


def once(connection: Connection, what: str, read: Callable[[], T]) -> T:
    """Return what ``read`` reads; in a transaction that several reads share it is read once."""
    known = connection.get_execution_options().get(MEMO)
    if known is None:
        return read()
    if what not in known:
        known[what] = read()
    found: T = known[what]
    return found


def _current_run(connection: Connection) -> CurrentRun | None:
    current = select(project.c.value).where(project.c.key == _CURRENT_RUN).scalar_subquery()
    row = connection.execute(select(runs).where(runs.c.id == current)).one_or_none()
    return None if row is None else CurrentRun(row.number, row.id, _spec(row))


def run_number(connection: Connection, run_id: str) -> int:
    """Return a run's key.

    Raises
    ------
    StoreError
        No such run.
    """
    number = connection.execute(select(runs.c.number).where(runs.c.id == run_id)).scalar()
    if number is None:
        known = ", ".join(connection.execute(select(runs.c.id).order_by(runs.c.number)).scalars()) or "none"
        raise StoreError(f"no suggestion run {run_id}; runs of this project: {known}; start one first")
    return int(number)


def _spec(row: Row[Any]) -> RunSpec:
    return RunSpec(
        artefact=row.artefact,
        artefact_sha256=row.artefact_sha256,
        framework=row.framework,
    )
