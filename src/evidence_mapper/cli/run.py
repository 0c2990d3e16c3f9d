"""``evidence-mapper run``: the main job in one go."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli import tables
from evidence_mapper.cli.add import add_and_report, suggest_and_report
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import (
    chosen_model,
    chosen_speed,
    failures_option,
    project_option,
    speed_option,
    use_model_option,
    workers_option,
)
from evidence_mapper.cli.progress import late_bar
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.workflow.base_classifier import use_model
from evidence_mapper.workflow.frameworks import file_of_model
from evidence_mapper.workflow.gaps import find_gaps, unseen
from evidence_mapper.workflow.project import (
    DEFAULT_FRAMEWORK,
    Project,
    check_framework,
    create_project,
    open_project,
)


@click.command("run")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@project_option
@click.option(
    "--framework",
    "framework_name",
    default=None,
    help="For a new project; one that exists keeps the framework it was made with.  [default: that of "
    f"--model, else {DEFAULT_FRAMEWORK}]",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Evidence list to write.  [default: PROJECT-evidence.xlsx beside the project file, which each run "
    "replaces]",
)
@click.option("--force", is_flag=True, help="Replace --output if it exists.")
@click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help="Gaps of each kind to show."
)
@workers_option
@failures_option
@use_model_option
@speed_option
def command(
    folders: tuple[Path, ...],
    project_path: Path,
    framework_name: str | None,
    output: Path | None,
    force: bool,
    top: int,
    workers: int,
    failures: Path | None,
) -> int:
    """Do the lot on a folder: init, add, suggest, matrix, gaps, export.

    Makes the project file when there is none; run again, it takes in what is new and writes the
    evidence list afresh, over the one named after the project but over no other file unless --force is
    given. The list holds suggestions too, on a sheet of their own, until a person has
    confirmed them.

    \b
    Examples:
      evidence-mapper run Documents/evidence --project wexcombe.sqlite
      evidence-mapper run Documents/evidence --model our-model
    """
    from evidence_mapper.workflow.publish import check_target, export_evidence

    target = output or project_path.with_name(f"{project_path.stem}-evidence.xlsx")
    replace = force or output is None
    check_target(target, overwrite=replace, suggested=True)
    with _open_or_create(project_path, framework_name) as project:
        code, _ = add_and_report(project, folders, workers, as_json=False, failures=failures)
        suggest_and_report(project, chosen_speed())
        matrix = project.store.matrix()
        tables.write_matrix(project.framework, matrix)
        tables.write_gaps(project.framework, find_gaps(project.framework, matrix), top)
        for line in (*unseen(project.store), *tables.superseded_lines(matrix)):
            say(line)
        with late_bar("Replacing names") as progress:
            report = export_evidence(project, target, suggested=True, overwrite=replace, progress=progress)
    say(f"Project: {project_path}")
    say(f"Evidence list: {report.path} ({report.confirmed} confirmed, {report.suggested} suggested)")
    for note in report.notes:
        say(note)
    say(f"Next: evidence-mapper review --project {project_path}")
    return code


def _open_or_create(path: Path, framework_name: str | None) -> Project:
    given, model = chosen_model()
    if not path.exists():
        name = framework_name or (DEFAULT_FRAMEWORK if model is None else file_of_model(model))
        return create_project(path, name, model)
    project = open_project(path)
    try:
        if framework_name is not None:
            check_framework(project, framework_name)
        if given:
            use_model(project, model)
    except EvidenceMapperError:
        project.close()
        raise
    return project
