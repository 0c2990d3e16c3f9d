"""Options that several commands share."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evidence_mapper.workflow.project import DEFAULT_PROJECT

Command = Callable[..., Any]


def project_option(function: Command) -> Command:
    """Add ``--project``."""
    return click.option(
        "--project",
        "-p",
        "project_path",
        type=click.Path(dir_okay=False, path_type=Path),
        default=DEFAULT_PROJECT,
        envvar="EVIDENCE_MAPPER_PROJECT",
        show_default=True,
        show_envvar=True,
        help="Project file.",
    )(function)


def json_option(function: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout, for another program.")(
        function
    )


def coder_option(function: Command) -> Command:
    """Add ``--coder``."""
    return click.option(
        "--coder",
        default=default_coder,
        envvar="EVIDENCE_MAPPER_CODER",
        show_envvar=True,
        help="Name decisions are recorded under.  [default: your login name]",
    )(function)


def workers_option(function: Command) -> Command:
    """Add ``--workers``."""
    return click.option(
        "--workers",
        type=click.IntRange(1, 32),
        default=2,
        show_default=True,
        help="Processes that read files.",
    )(function)


def default_coder() -> str:
    """Return the login name, or ``reviewer`` where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # ImportError: Windows without USERNAME before Python 3.13
        return "reviewer"
