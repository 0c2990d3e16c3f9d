"""``evidence-mapper framework``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import json_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.workflow import frameworks


@click.group("framework")
def command() -> None:
    """List, show and check frameworks.

    \b
    Examples:
      evidence-mapper framework list
      evidence-mapper framework show cqc-local-authority
      evidence-mapper framework check our-framework.toml
    """


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the frameworks shipped.

    \b
    Example:
      evidence-mapper framework list
    """
    entries = frameworks.entries()
    if as_json:
        write_json([frameworks.entry_json(e) for e in entries])
        return
    rows = [
        [e.id, e.title if not e.fault else f"cannot be read: {e.fault}", e.version, str(e.statements)]
        for e in entries
    ]
    write_table("Frameworks", ["Id", "Title", "Version", "Statements"], rows, right=(3,))


@command.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a framework: wordings, topics, and how far each wording was verified.

    NAME is a shipped id or the path of a file.

    \b
    Example:
      evidence-mapper framework show making-it-real
    """
    framework = frameworks.load(name)
    if as_json:
        write_json(frameworks.framework_json(framework))
        return
    for line in frameworks.describe(framework):
        click.echo(harmless(line))


@command.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> int:
    """Check a framework file and list every fault with its line.

    \b
    Example:
      evidence-mapper framework check our-framework.toml
    """
    faults = frameworks.check(file)
    for fault in faults:
        say(str(fault))
    if faults:
        say(f"{len(faults)} faults. The shipped files show every key: evidence-mapper framework show NAME")
        return ExitCode.USAGE
    framework = frameworks.load(str(file))
    say(f"{file} is a framework: {framework.title}, {len(framework.statements)} statements.")
    say(f"Next: evidence-mapper init --framework {file}")
    return ExitCode.DONE
