"""``evidence-mapper init``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import framework_name_of, model_option, project_option
from evidence_mapper.cli.passphrase import new_passphrase, new_passphrase_option
from evidence_mapper.errors import StoreError
from evidence_mapper.workflow.project import DEFAULT_FRAMEWORK, create_project


@click.command("init")
@project_option
@click.option(
    "--framework",
    "framework_name",
    default=DEFAULT_FRAMEWORK,
    show_default=True,
    help="Id of a shipped framework (see `evidence-mapper framework list`) or path of your own file.",
)
@model_option
@click.option("--encrypt", is_flag=True, help="Encrypt it under a passphrase (extra [encrypt]).")
@new_passphrase_option
def command(
    project_path: Path, framework_name: str, model: Path | None, encrypt: bool, passphrase_file: Path | None
) -> None:
    """Make a project file.

    It keeps the documents' text, suggestions, decisions and a copy of the framework in one SQLite
    file, which never leaves this machine by itself.

    \b
    Examples:
      evidence-mapper init --project wexcombe.sqlite --framework cqc-local-authority
      evidence-mapper init --project survey.sqlite --model our-model
      evidence-mapper init --project cases.sqlite --encrypt
    """
    if passphrase_file is not None and not encrypt:
        raise click.UsageError("--new-passphrase-file goes with --encrypt")
    if encrypt and project_path.exists():
        raise StoreError(f"{project_path}: already exists; encrypt it with `evidence-mapper db encrypt`")
    passphrase = new_passphrase(passphrase_file) if encrypt else None
    name = framework_name_of(model, framework_name)
    with create_project(project_path, name, model, passphrase=passphrase) as project:
        framework = project.framework
        say(f"Made {project_path} for {framework.title}, version {framework.version}.")
        if model is not None:
            say(f"Suggestions will come from the classifier in {model}.")
        say("Next: evidence-mapper add FOLDER")
