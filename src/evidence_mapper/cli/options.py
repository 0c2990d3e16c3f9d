"""Options that several commands share."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from evidence_mapper.workflow.project import DEFAULT_PROJECT

Command = Callable[..., Any]
_SPEED = "evidence_mapper.speed"
_REPLACES = "evidence_mapper.replaces"
_DISCLOSURE = "evidence_mapper.disclosure"
_USE_MODEL = "evidence_mapper.use_model"


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


def redacted_option(function: Command) -> Command:
    """Add ``--redacted``."""
    return click.option(
        "--redacted", is_flag=True, help="With names replaced, where it tells a person's own story."
    )(function)


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


def speed_option(function: Command) -> Command:
    """Add ``--fast`` and ``--balanced``, read with :func:`chosen_speed`."""

    def keep(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.meta[_SPEED] = value

    balanced = click.option(
        "--balanced",
        "speed",
        flag_value="balanced",
        expose_value=False,
        callback=keep,
        help="As often right about the main statement as reading all, on the labelled passages, in less than "
        "half of the time: the encoder reads where a first reading by words leaves much open.",
    )
    fast = click.option(
        "--fast",
        "speed",
        flag_value="fast",
        expose_value=False,
        callback=keep,
        help="Four to nine times as quick, a little less right: the encoder reads only what is least sure. "
        "A later run without it suggests anew.",
    )
    return fast(balanced(function))


def chosen_speed() -> str | None:
    """Return ``fast``, ``balanced`` or, when neither was given in this call, None."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_SPEED) if context else None


def encoder_option(function: Command) -> Command:
    """Add ``--encoder``."""
    return click.option(
        "--encoder",
        metavar="FOLDER|NAME",
        default=None,
        help="Another sentence-transformers model, for a framework classified by its definitions: a folder, "
        "or a name in the local cache; nothing is downloaded. A folder without ONNX file needs the extra "
        "[torch].",
    )(function)


def model_option(function: Command) -> Command:
    """Add ``--model``."""
    return click.option(
        "--model",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        default=None,
        help="A classifier of your own, made by `evidence-mapper framework learn`, with its framework.",
    )(function)


def use_model_option(function: Command) -> Command:
    """Add ``--model`` as a project's choice from now on, read with :func:`chosen_model`."""

    def keep(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        context.meta[_USE_MODEL] = value

    return click.option(
        "--model",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        default=None,
        expose_value=False,
        callback=keep,
        help="Use a classifier of your own, made by `evidence-mapper framework learn`, from now on; "
        "`shipped` goes back to the program's.  [default: the one used before]",
    )(function)


def chosen_model() -> tuple[bool, Path | None]:
    """Return whether ``--model`` was given in this call, and the folder; None is the shipped classifier."""
    context = click.get_current_context(silent=True)
    model: Path | None = context.meta.get(_USE_MODEL) if context else None
    return model is not None, None if model is None or str(model) == "shipped" else model


def framework_name_of(model: Path | None, name: str) -> str:
    """Return the framework to use: that of a model's folder, or the name where none is named.

    A name given on the command line beside a model stays: the classifier then says if it does not fit.
    """
    from evidence_mapper.workflow import frameworks

    source = click.get_current_context().get_parameter_source("framework_name")
    if model is None or source is ParameterSource.COMMANDLINE:
        return name
    return frameworks.file_of_model(model)


def failures_option(function: Command) -> Command:
    """Add ``--failures``."""
    return click.option(
        "--failures",
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        help="List what was not read in this CSV file: file, kind, reason, what to do. Each run replaces it.",
    )(function)


def reread_option(function: Command) -> Command:
    """Add ``--reread``."""
    return click.option(
        "--reread",
        is_flag=True,
        help="Read files again that are in the project, and take over what a newer reader reads otherwise; "
        "decisions on words that stand go along. Without a path: all that an older version of this program "
        "read.",
    )(function)


def replaces_option(function: Command) -> Command:
    """Add ``--replaces``, read with :func:`replaced_document`."""

    def keep(context: click.Context, _: click.Parameter, value: str | None) -> None:
        context.meta[_REPLACES] = value

    return click.option(
        "--replaces",
        metavar="DOCUMENT",
        default=None,
        expose_value=False,
        callback=keep,
        help="The one file named is a new version of this document, whatever it is called.",
    )(function)


def replaced_document() -> str | None:
    """Return what was given for ``--replaces`` in this call; None when nothing was."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_REPLACES) if context else None


def disclosure_option(function: Command) -> Command:
    """Add ``--disclosure``, read with :func:`disclosure_asked`."""

    def keep(context: click.Context, _: click.Parameter, value: bool) -> None:
        context.meta[_DISCLOSURE] = value

    return click.option(
        "--disclosure",
        is_flag=True,
        expose_value=False,
        callback=keep,
        help="For counts that leave the council: hide 1 to 9, round the rest to the nearest 5.",
    )(function)


def disclosure_asked() -> bool:
    """Return whether ``--disclosure`` was given in this call."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_DISCLOSURE))


def default_coder() -> str:
    """Return the login name, or ``reviewer`` where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # ImportError: Windows without USERNAME before Python 3.13
        return "reviewer"
