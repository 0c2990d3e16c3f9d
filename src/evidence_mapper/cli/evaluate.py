"""``evidence-mapper evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import (
    chosen_speed,
    encoder_option,
    framework_name_of,
    json_option,
    model_option,
    speed_option,
)
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.workflow.project import DEFAULT_FRAMEWORK


@click.command("evaluate")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--project",
    "-p",
    "project_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Measure a project's suggestions on its own codings instead of FILES.",
)
@click.option(
    "--coder", default=None, help="With --project: only this person's decisions.  [default: everyone's]"
)
@click.option(
    "--suggestions",
    "which",
    type=click.Choice(["shown", "current"]),
    default="shown",
    show_default=True,
    help="With --project: the suggestions coders had in view, or the current run's.",
)
@click.option(
    "--framework",
    "framework_name",
    default=DEFAULT_FRAMEWORK,
    show_default=True,
    help="With FILES: whose classifier.",
)
@click.option(
    "--split",
    type=click.Choice(["train", "development", "test"]),
    default=None,
    help="Only this part of the labelled passages.  [default: all]",
)
@click.option("--source-type", default=None, help="Only passages of this kind of paper.  [default: all]")
@click.option("--simulate", is_flag=True, help="Also play through what learning from decisions would gain.")
@model_option
@speed_option
@encoder_option
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the bootstrap.")
@click.option(
    "--html",
    "page_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write a page with plots to this file instead of tables to the terminal.",
)
@click.option("--force", is_flag=True, help="Replace the --html file if it exists.")
@json_option
def command(
    files: tuple[Path, ...],
    project_path: Path | None,
    page_path: Path | None,
    *,
    force: bool,
    as_json: bool,
    **choice: Any,  # noqa: ANN401 - click's options, each of its own type
) -> None:
    """Measure suggestions on labelled passages, or on a project's codings.

    FILES are JSON Lines with id, text, statements (main one first), i_statements, evidence_category,
    polarity; or CSV as `framework learn` takes it. Figures on passages the classifier learned from
    flatter it: of corpora/passages use --split test; from corpora/held_back nothing was learned. With
    --project a person's codings are the truth.

    \b
    Examples:
      evidence-mapper evaluate corpora/passages/*.jsonl corpora/passages/hands/*.jsonl --split test
      evidence-mapper evaluate corpora/held_back/comments.jsonl
      evidence-mapper evaluate labelled-2024.csv --model our-model
      evidence-mapper evaluate --project wexcombe.sqlite --html how-right.html
    """
    from evidence_mapper.workflow.evaluation_html import check_page, write_page

    if bool(files) == (project_path is not None):
        raise click.UsageError(
            "name either FILES of labelled passages or a --project, not both and not neither"
        )
    if page_path is not None:
        check_page(page_path, overwrite=force)
    found = _of_files(files, choice) if project_path is None else _of_project(project_path, choice)
    if page_path is not None:
        write_page(found, page_path, overwrite=force)
        say(f"Page: {page_path}")
    if as_json:
        write_json(found)
    elif page_path is None:
        _tables(found)


def _of_files(files: tuple[Path, ...], choice: dict[str, Any]) -> dict[str, Any]:
    from evidence_mapper.workflow import frameworks
    from evidence_mapper.workflow.evaluate import EvaluateOptions, evaluate_files

    if choice["coder"] or choice["which"] != "shown":
        raise click.UsageError("--coder and --suggestions go with --project")
    options = EvaluateOptions(
        choice["split"], choice["source_type"], choice["simulate"], choice["seed"],
        speed=chosen_speed(), encoder=choice["encoder"],
        model=choice["model"],
    )  # fmt: skip
    framework = frameworks.load(framework_name_of(choice["model"], choice["framework_name"]))
    return evaluate_files(framework, list(files), options=options)


def _of_project(path: Path, choice: dict[str, Any]) -> dict[str, Any]:
    from evidence_mapper.workflow.evaluate_project import evaluate_project
    from evidence_mapper.workflow.project import open_project

    if (
        choice["split"]
        or choice["source_type"]
        or choice["simulate"]
        or choice["framework_name"] != DEFAULT_FRAMEWORK
    ):
        raise click.UsageError(
            "--split, --source-type, --simulate and --framework go with FILES, not with --project"
        )
    if chosen_speed() or choice["encoder"] or choice["model"]:
        raise click.UsageError(
            "--fast, --balanced, --encoder and --model go with FILES; a project's suggestions are "
            "made already"
        )
    with open_project(path) as project:
        return evaluate_project(project, coder=choice["coder"], which=choice["which"], seed=choice["seed"])


def _tables(found: dict[str, Any]) -> None:
    from evidence_mapper.workflow.evaluation_report import headline, remarks, sections
    from evidence_mapper.workflow.evaluation_weak import weaknesses

    click.echo(headline(found))
    for line in remarks(found):
        click.echo(f"- {line}")
    for section in sections(found):
        if section.wide:
            continue
        for table in section.tables:
            if table.rows:
                write_table(
                    table.caption, table.columns, table.rows, right=table.right, footer=section.note or None
                )
    click.echo("What is done badly, beyond chance:")
    for line in weaknesses(found):
        click.echo(f"- {line}")
