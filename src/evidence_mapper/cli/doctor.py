"""``evidence-mapper doctor``."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import json_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.workflow.doctor import Check, State, examine, is_fit

_NEEDED_SIZE = (80, 24)


@click.command("doctor")
@click.option(
    "--project",
    "-p",
    "project_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Look at this project file too.",
)
@click.option("--privacy", is_flag=True, help="Say instead where data lies, who can read it, what leaves.")
@json_option
def command(project_path: Path | None, privacy: bool, as_json: bool) -> int:
    """Say what is here of what the program needs and can use, and how to get the rest.

    Exits with 0 unless something that is needed is broken, then with 1. Looks at this machine only.

    \b
    Examples:
      evidence-mapper doctor
      evidence-mapper doctor --project wexcombe.sqlite --json
      evidence-mapper doctor --privacy --project wexcombe.sqlite
    """
    if privacy:
        from evidence_mapper.cli.doctor_privacy import show

        show(project_path, as_json)
        return ExitCode.DONE
    checks = [*examine(project_path), *terminal_checks()]
    fit = is_fit(checks)
    if as_json:
        write_json({"fit": fit, "checks": [asdict(check) for check in checks]})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            for line in _lines(check, width):
                click.echo(harmless(line))
        missing = sum(check.state is State.MISSING for check in checks)
        broken = sum(check.state is State.BROKEN for check in checks)
        say(f"{len(checks) - missing - broken} ok, {missing} missing, {broken} broken.")
    return ExitCode.DONE if fit else ExitCode.FAILURES


def terminal_checks() -> list[Check]:
    """Return what the terminal can show; the review screen needs 80 columns by 24 lines and UTF-8."""
    columns, lines = shutil.get_terminal_size(_NEEDED_SIZE)
    size = f"{columns} columns by {lines} lines"
    small = columns < _NEEDED_SIZE[0] or lines < _NEEDED_SIZE[1]
    encoding = (sys.stdout.encoding or "unknown").lower()
    return [
        Check(
            "terminal size",
            State.MISSING if small else State.OK,
            size,
            "the review screen asks for a larger window" if small else "",
            "make the window larger, or the letters smaller" if small else "",
        ),
        _colours(),
        Check(
            "terminal text",
            State.OK if encoding.startswith("utf") else State.MISSING,
            encoding,
            "" if encoding.startswith("utf") else "some characters show as question marks",
            "" if encoding.startswith("utf") else "use Windows Terminal, or set PYTHONUTF8=1",
        ),
    ]


def _colours() -> Check:
    from rich.console import Console

    if os.environ.get("NO_COLOR"):
        return Check("terminal colours", State.OK, "switched off by NO_COLOR")
    system = Console(file=sys.__stdout__, force_terminal=True).color_system
    names = {"truecolor": "16 million", "256": "256", "standard": "16", "windows": "16"}
    if system is None:
        return Check(
            "terminal colours",
            State.MISSING,
            "none",
            "marks are shown by shape alone",
            "use Windows Terminal, or set TERM=xterm-256color",
        )
    return Check("terminal colours", State.OK, names.get(system, system))


def _lines(check: Check, width: int) -> list[str]:
    lines = [f"{check.state.value:<8} {check.name:<{width}}  {check.found}"]
    indent = " " * (9 + width + 2)
    if check.cost:
        lines.append(f"{indent}without it: {check.cost}")
    if check.remedy:
        lines.append(f"{indent}to get it: {check.remedy}")
    return lines
