"""stderr and exit codes: the only place that knows either."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

import click
from click.core import ParameterSource

from evidence_mapper.errors import EvidenceMapperError, ModelError, StoreError

_LAST_COMMAND: Final = re.compile(r": evidence-mapper (?!doctor|framework)[^`]*$")
"""A line that ends in a command to type, of one that knows ``--project``."""


class ExitCode(IntEnum):
    """What the process says to its caller."""

    DONE = 0
    FAILURES = 1
    """Done, with files or lines that failed; they are listed on stderr."""
    USAGE = 2
    STORE = 3
    MODEL = 4
    INTERRUPTED = 130


def code_of(error: EvidenceMapperError) -> ExitCode:
    """Return the exit code of an error."""
    if isinstance(error, StoreError):
        return ExitCode.STORE
    if isinstance(error, ModelError):
        return ExitCode.MODEL
    return ExitCode.USAGE


def say(message: str) -> None:
    """Write a line to stderr; a next command is completed with the project that was named in this call."""
    click.echo(completed(message), err=True)


def completed(message: str) -> str:
    """Return a line, so that the command it ends in reaches the same project file when it is typed."""
    context, command = click.get_current_context(silent=True), _LAST_COMMAND.search(message)
    if context is None or command is None or "--project" in message:
        return message
    if context.get_parameter_source("project_path") is not ParameterSource.COMMANDLINE:
        return message
    path = str(context.params["project_path"])
    option = f'--project "{path}"' if " " in path else f"--project {path}"
    one_command = not any(mark in command.group() for mark in (", or ", "; ", "   ("))
    return f"{message} {option}" if one_command else f"{message} (with {option})"


class ReportingGroup(click.Group):
    """Turns the package's errors into one line on stderr and an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401 - click's own signature
    ) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command line as click does, but with our exit codes."""
        _utf8()
        try:
            result = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except EvidenceMapperError as error:
            say(f"evidence-mapper: {error}")
            result = code_of(error)
        except click.Abort:
            say(
                "evidence-mapper: interrupted; what was finished is kept, run the same command again to go on"
            )
            result = ExitCode.INTERRUPTED
        except click.ClickException as error:
            error.show()
            result = ExitCode.USAGE if isinstance(error, click.UsageError) else error.exit_code
        if standalone_mode:
            sys.exit(result if isinstance(result, int) else ExitCode.DONE)
        return result


def _utf8() -> None:
    """Let a console of another code page show what it can; give files and other programs UTF-8, whole.

    UTF-8 lacks only lone surrogates, as of file names that are not text: backslashreplace writes one as
    ``\\udc80``, which in JSON is that very character.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream is sys.stdout and not stream.isatty():
            reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            reconfigure(errors="replace")
