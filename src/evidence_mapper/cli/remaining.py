"""``evidence-mapper remaining``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.workflow.project import Project, open_project

if TYPE_CHECKING:
    from evidence_mapper.domain.remaining import DrawnSample, Remaining, RemainingRow


@click.command("remaining")
@project_option
@coder_option
@click.option(
    "--sample",
    "size",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help="Draw N undecided passages at random, to be read for the estimate.",
)
@click.option("--seed", type=int, default=None, help="With --sample: draws the same passages again.")
@click.option(
    "--confidence", type=click.FloatRange(0.5, 0.999), default=0.9, show_default=True, help="Of the bound."
)
@click.option(
    "--recall",
    type=click.FloatRange(0.5, 1.0),
    default=0.95,
    show_default=True,
    help="Share of a statement's evidence that is to be found before you stop.",
)
@json_option
def command(
    project_path: Path,
    coder: str,
    size: int | None,
    seed: int | None,
    confidence: float,
    recall: float,
    as_json: bool,
) -> None:
    """Estimate how much evidence nobody has seen yet, and say when you may stop.

    Two answers from two sources. "Expected" adds up the probabilities of the undecided passages: right as
    far as these are. "At most" holds whatever the model does, but needs a random sample: have one drawn,
    read it (evidence-mapper review --sample), and ask again.

    \b
    Examples:
      evidence-mapper remaining
      evidence-mapper remaining --sample 150
      evidence-mapper remaining --confidence 0.95
    """
    from evidence_mapper.workflow.clock import utc_now
    from evidence_mapper.workflow.remaining import remaining
    from evidence_mapper.workflow.samples import draw_sample

    if seed is not None and size is None:
        raise click.UsageError("--seed goes with --sample: evidence-mapper remaining --sample 150 --seed 7")
    with open_project(project_path) as project:
        if size is not None:
            _say_drawn(draw_sample(project.store, size, coder=coder, now=utc_now, seed=seed))
        found = remaining(project.store, project.framework, confidence=confidence, recall=recall)
        if as_json:
            write_json(_json(found))
            return
        _write(project, found)
        for line in _advice(project, found):
            say(line)


def _say_drawn(sample: DrawnSample) -> None:
    say(
        f"Drew {len(sample.passages)} of {sample.frame:,} undecided passages at random "
        f"(seed {sample.seed}). Read them: evidence-mapper review --sample"
    )


def _write(project: Project, found: Remaining) -> None:
    rows = [
        [project.framework.statement(r.statement).title.text, str(r.confirmed), *_cells(r)]
        for r in found.rows
    ]
    write_table(
        f"Evidence not seen yet: {found.undecided:,} passages are undecided",
        ["Statement", "Confirmed", "Expected unseen", "At most unseen", "Recall at least", "May stop"],
        rows,
        right=(1, 2, 3, 4),
        footer="Expected: sum of the probabilities, with the range of 9 in 10, if these are right. "
        f"At most, recall: from the random sample, at {found.confidence:.0%} confidence a statement.",
    )


def _cells(row: RemainingRow) -> list[str]:
    expected = "-" if row.expected is None else _range(row)
    if row.bound is None:
        return [expected, "-", "-", "-"]
    recall = "-" if row.bound.recall is None else f"{int(row.bound.recall * 100)}%"
    return [expected, f"{row.bound.unseen:,}", recall, "yes" if row.may_stop else "no"]


def _range(row: RemainingRow) -> str:
    assert row.expected is not None
    return f"{row.expected.mean:,.0f} ({row.expected.low:,} to {row.expected.high:,})"


def _advice(project: Project, found: Remaining) -> list[str]:
    """Return what holds, and what to do next."""
    lines = []
    if found.without_suggestion:
        lines.append(
            f"{found.without_suggestion:,} undecided passages have no suggestion and are not in 'expected': "
            "evidence-mapper suggest"
        )
    if found.sample is None:
        if found.undecided:
            lines.append(
                "For a bound that does not rest on the model: evidence-mapper remaining --sample 150"
            )
        return lines
    if found.problem:
        lines.append(f"The sample no longer stands: {found.problem}. Draw another: --sample N")
        return lines
    if found.waiting:
        lines.append(
            f"{found.waiting} passages of the sample are not decided yet and count as evidence until they "
            "are: evidence-mapper review --sample"
        )
    stopping = [project.framework.statement(r.statement).title.text for r in found.rows if r.may_stop]
    lines += [
        f"You may stop for {title}: at least {found.recall:.0%} of its evidence is found, with "
        f"{found.confidence:.0%} confidence."
        for title in stopping
    ]
    if not stopping and not found.waiting:
        lines.append("No statement may stop yet: go on reading, then draw a new sample.")
        lines += _sizes(project, found)
    return lines


def _sizes(project: Project, found: Remaining) -> list[str]:
    """Return how large a sample could settle the statement that is nearest to it."""
    from evidence_mapper.workflow.remaining import sample_to_stop

    sizes = [(sample_to_stop(row, found), row.statement) for row in found.rows if row.confirmed]
    known = sorted((size, statement) for size, statement in sizes if size is not None)
    if not known:
        return []
    size, statement = known[0]
    title = project.framework.statement(statement).title.text
    return [f"{size:,} drawn at random with nothing for {title} among them would let you stop for it."]


def _json(found: Remaining) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(found)
