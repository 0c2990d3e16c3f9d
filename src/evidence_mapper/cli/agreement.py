"""``evidence-mapper agreement``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence_mapper.cli.agreement_settling import list_, settle, unsettle
from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.workflow.project import open_project


@click.group("agreement")
def command() -> None:
    """Have passages coded blind by several people, see how far they agree, and settle where they do not.

    \b
    Examples:
      evidence-mapper agreement draw --size 60 --seed 7 --stratify statement
      evidence-mapper review --blind --coder "B. Officer"
      evidence-mapper agreement report
      evidence-mapper agreement settle
    """


@command.command("draw")
@click.option("--size", type=click.IntRange(1), required=True, metavar="N", help="How many passages.")
@click.option("--seed", type=int, default=None, help="Draws the same passages again.")
@click.option(
    "--stratify",
    type=click.Choice(["statement"]),
    default=None,
    help="Statements take turns, so that rare ones are in the sample.",
)
@click.option("--decided", is_flag=True, help="Only passages that somebody has decided on.")
@project_option
@coder_option
@json_option
def draw(
    size: int,
    seed: int | None,
    stratify: str | None,
    decided: bool,
    project_path: Path,
    coder: str,
    as_json: bool,
) -> None:
    """Draw passages for blind coding.

    Without --stratify most passages drawn will be no evidence at all, as in the project.

    \b
    Examples:
      evidence-mapper agreement draw --size 60 --seed 7
      evidence-mapper agreement draw --size 60 --stratify statement
      evidence-mapper agreement draw --size 40 --decided
    """
    from evidence_mapper.cli.agreement_tables import sample_json
    from evidence_mapper.workflow import agreement_sample
    from evidence_mapper.workflow.clock import utc_now

    with open_project(project_path) as project:
        drawn = agreement_sample.draw(
            project.store,
            project.framework,
            size,
            coder=coder,
            now=utc_now,
            seed=seed,
            by_statement=stratify is not None,
            decided=decided,
        )
    if as_json:
        write_json(sample_json(drawn))
        return
    say(
        f"Drew {len(drawn.passages):,} of {drawn.frame:,} passages (sample {drawn.id}, seed {drawn.seed}). "
        'Each person codes them: evidence-mapper review --blind --coder "A. Officer"'
    )


@command.command("samples")
@project_option
@json_option
def samples(project_path: Path, as_json: bool) -> None:
    """List the samples drawn for blind coding, oldest first.

    \b
    Example:
      evidence-mapper agreement samples
    """
    from evidence_mapper.cli.agreement_tables import sample_json
    from evidence_mapper.workflow import agreement_sample

    with open_project(project_path) as project:
        drawn = agreement_sample.samples(project.store)
    if as_json:
        write_json([sample_json(sample) for sample in drawn])
        return
    rows = [
        [
            s.id,
            s.at[:10],
            s.coder,
            str(len(s.passages)),
            f"{s.frame:,}",
            s.drawn_from,
            "yes" if s.by_statement else "",
            str(s.seed),
        ]
        for s in drawn
    ]
    heads = ["Sample", "Drawn", "By", "Passages", "Of", "From", "By statement", "Seed"]
    write_table("Samples for blind coding", heads, rows, right=(3, 4, 7))


@command.command("report")
@click.option("--sample", "sample_id", default=None, metavar="ID", help="[default: the one drawn last]")
@click.option("--detail", is_flag=True, help="Percent agreement and Cohen's kappa too, for every code.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), default=None, metavar="FILE",
    help="Write the report to FILE.html or FILE.xlsx instead.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the --output file if it exists.")
@project_option
@json_option
def report(
    sample_id: str | None,
    detail: bool,
    seed: int,
    output: Path | None,
    force: bool,
    project_path: Path,
    as_json: bool,
) -> None:
    """Show how far coders agree on a sample.

    People with each other, and with the suggestions on the same passages. Figures come
    twice: on the passages that at least one of two coders coded, and on all. Uncoded text is easy to agree
    on and makes the second look better than the coding is.

    \b
    Examples:
      evidence-mapper agreement report
      evidence-mapper agreement report --detail
      evidence-mapper agreement report --output agreement.html
      evidence-mapper agreement report --output agreement.xlsx
      evidence-mapper agreement report --sample smp-0123456789abcdef --json
    """
    from evidence_mapper.cli.agreement_tables import report_json, write_report
    from evidence_mapper.workflow import agreement
    from evidence_mapper.workflow.agreement_file import report_notes, write_agreement
    from evidence_mapper.workflow.agreement_sample import find_sample

    if force and output is None:
        raise click.UsageError("--force goes with --output FILE")
    with open_project(project_path) as project:
        sample = find_sample(project.store, sample_id)
        found = agreement.report(project.store, project.framework, sample, seed=seed)
        if output is not None:
            write_agreement(project.framework, found, output, detail=detail, overwrite=force)
        if as_json:
            write_json(report_json(found))
            return
        if output is None:
            write_report(project.framework, found, detail=detail)
    if output is not None:
        say(f"Wrote {output}: figures and coders' names, no words of documents.")
    for note in report_notes(found):
        say(note)


for _part in (list_, settle, unsettle):
    command.add_command(_part)
