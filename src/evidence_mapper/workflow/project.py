"""Make and open projects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import StoreError, UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.store.records import ModelChoice
from evidence_mapper.workflow.clock import utc_now

DEFAULT_PROJECT: Final = "evidence-mapper.sqlite"
DEFAULT_FRAMEWORK: Final = "cqc-local-authority"


@dataclass
class Project:
    """An open project: use it as a context manager, or call :meth:`close`."""

    path: Path
    store: Store
    framework: Framework

    def close(self) -> None:
        """Release the file."""
        self.store.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def create_project(
    path: Path,
    framework_name: str = DEFAULT_FRAMEWORK,
    model: Path | None = None,
    *,
    passphrase: str | None = None,
) -> Project:
    """Make a project file that keeps a copy of its framework.

    Parameters
    ----------
    path
        The file; its folder is made when missing.
    framework_name
        Id of a shipped framework, or path of a framework file.
    model
        Folder of a classifier learned for the framework; None takes the one shipped with the program.
    passphrase
        Encrypts the file; None leaves it plain.

    Raises
    ------
    FrameworkError, UsageError
        The framework cannot be read, or is not known.
    ModelError
        There is no classifier in ``model``, or it was learned for another framework.
    StoreError
        The file exists, or cannot be written.
    """
    from evidence_mapper import frameworks
    from evidence_mapper.store import engine

    text = frameworks.read_text(framework_name)
    framework = frameworks.load_text(text, framework_name)
    choice = None if model is None else model_choice(framework, model)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder {path.parent} for {path.name} cannot be made: {error.strerror or error}; "
            "name another place with --project"
        ) from error
    store = engine.create_project(
        path,
        framework_id=framework.id,
        framework_version=framework.version,
        framework_text=text,
        now=utc_now(),
        passphrase=passphrase,
    )
    if choice is not None:
        store.use_model(choice)
    return Project(path, store, framework)


def model_choice(framework: Framework, folder: Path) -> ModelChoice:
    """Return a learned classifier as a project keeps it.

    Raises
    ------
    ModelError
        There is no classifier in the folder, it was changed, or it was learned for another framework.
    """
    from evidence_mapper.classify import load_classifier

    return ModelChoice(str(folder.resolve()), load_classifier(framework, folder.resolve()).sha256)


def check_framework(project: Project, framework_name: str) -> None:
    """Refuse to go on with a project under another framework than its own.

    Parameters
    ----------
    project
        An open project.
    framework_name
        Id of a shipped framework, or path of a framework file.

    Raises
    ------
    UsageError
        The project was made with another framework, or another version of it; or the name is not known.
    FrameworkError
        The framework cannot be read.
    """
    from evidence_mapper import frameworks

    asked, kept = frameworks.load(framework_name), project.framework
    if (asked.id, asked.version) != (kept.id, kept.version):
        raise UsageError(
            f"{project.path} was made with the framework {kept.id}@{kept.version}, "
            f"not {asked.id}@{asked.version}; "
            "leave --framework out to go on with it, or name a new file with --project"
        )


def open_project(path: Path) -> Project:
    """Open a project with the framework as it was when the project was made.

    Raises
    ------
    StoreError
        There is no project at the path, or it cannot be opened.
    """
    from evidence_mapper import frameworks
    from evidence_mapper.store import engine

    store = engine.open_project(path)
    framework = frameworks.load_text(store.info.framework_text, f"framework kept in {path}")
    return Project(path, store, framework)
