"""``evidence-mapper run``: the main job in one go."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli import tables
from evidence_mapper.cli.add import add_and_report, suggest_and_report
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import project_option, workers_option
from evidence_mapper.workflow.gaps import find_gaps, unseen
from evidence_mapper.workflow.project import DEFAULT_FRAMEWORK, Project, create_project, open_project


@click.command("run")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@project_option
@click.option("--framework", "framework_name", default=DEFAULT_FRAMEWORK, show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Evidence list to write.  [default: evidence.xlsx beside the project file]",
)
@click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help="Gaps of each kind to show."
)
@workers_option
def command(
    folders: tuple[Path, ...],
    project_path: Path,
    framework_name: str,
    output: Path | None,
    top: int,
    workers: int,
) -> int:
    """Do the lot on a folder: init, add, suggest, matrix, gaps, export.

    Makes the project file when there is none; run again, it takes in what is new and writes the
    evidence list afresh. The list holds suggestions too, on a sheet of their own, until a person has
    confirmed them.

    \b
    Example:
      evidence-mapper run Documents/evidence --project wexcombe.sqlite
    """
    from evidence_mapper.workflow.publish import export_evidence

    with _open_or_create(project_path, framework_name) as project:
        code, _ = add_and_report(project, folders, workers, as_json=False)
        suggest_and_report(project)
        matrix = project.store.matrix()
        tables.write_matrix(project.framework, matrix)
        tables.write_gaps(project.framework, find_gaps(project.framework, matrix), top)
        for line in unseen(project.store):
            say(line)
        target = output or project_path.with_name("evidence.xlsx")
        report = export_evidence(project, target, suggested=True, overwrite=True)
    say(f"Project: {project_path}")
    say(f"Evidence list: {report.path} ({report.confirmed} confirmed, {report.suggested} suggested)")
    say(f"Next: evidence-mapper review --project {project_path}")
    return code


def _open_or_create(path: Path, framework_name: str) -> Project:
    if path.exists():
        return open_project(path)
    return create_project(path, framework_name)
