"""``evidence-mapper train``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow.project import Project, open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.head_changes import Changes
    from evidence_mapper.workflow.train import StoredHead, TrainReport

_GUARD = {
    "macro_f1": "Main statement, macro F1",
    "recall": "Recall of suggestions",
    "suggestions": "Suggestions a passage of evidence",
    "none_loss": "Evidence lost to none",
}
_OWN = {
    "first_right": "First statement is one accepted",
    "recall": "Recall of suggestions",
    "suggestions": "Suggestions a passage",
    "none_loss": "Evidence lost to none",
    "none_recall": "None suggested where it was your answer",
    "log_loss": "Log loss (lower is better)",
}
_SHOWN = 40


@click.command("train")
@project_option
@coder_option
@click.option("--list", "listing", is_flag=True, help="List the heads kept, and which is in use.")
@click.option("--off", is_flag=True, help="Go back to the shipped head; those kept stay.")
@click.option("--use", type=click.IntRange(1), metavar="N", help="Use head number N again.")
@click.option("--explain", is_flag=True, help="Show which pending passages the head in use changes, and how.")
@json_option
def command(
    project_path: Path, coder: str, listing: bool, off: bool, use: int | None, explain: bool, as_json: bool
) -> None:
    """Learn from this project's decisions, on top of the shipped classifier.

    Statements accepted, added, taken away and passages answered "none" all count; "unsure" does not. The
    result is kept only if it is better on your own decisions and no worse on labelled passages that
    come with the program. Nothing already decided changes: new suggestions are made by `evidence-mapper
    suggest`, and what each coder saw stays on record.

    \b
    Example:
      evidence-mapper train
      evidence-mapper suggest
      evidence-mapper train --explain
    """
    if sum((listing, off, use is not None, explain)) > 1:
        raise click.UsageError("--list, --off, --use and --explain are separate questions: give one of them")
    with open_project(project_path) as project:
        if listing:
            _list(project, as_json)
        elif off or use is not None:
            _choose(project, use, coder, as_json)
        elif explain:
            _explain(project, as_json)
        else:
            _train(project, coder, as_json)


def _train(project: Project, coder: str, as_json: bool) -> None:
    from evidence_mapper.workflow.train import train_project

    if not as_json:
        say("Learning from this project's decisions ...")
    with bar("Learning") as progress:
        report = train_project(project, coder=coder, progress=progress)
    if as_json:
        write_json(_report_json(report))
        return
    _write_report(report)
    number = f"Head {report.head.number} " if report.kept and report.head else "The new head was "
    say(f"{number}{report.reason}. ({report.seconds:.1f} s)")
    if report.kept:
        say("Next: evidence-mapper suggest   (new probabilities for pending passages; decisions stay)")
    else:
        say("Next: evidence-mapper review   (more decisions, then train again)")


def _write_report(report: TrainReport) -> None:
    counts = report.counts
    kinds = [
        ["accepted as suggested", str(counts.accepted)],
        ["changed", str(counts.changed)],
        ["none of the statements", str(counts.none)],
        ["unsure or later (left out)", str(counts.unsure)],
    ]
    write_table(f"Learned from {counts.learned} decisions", ["Decision", "Passages"], kinds, right=(1,))
    each = [[c.statement, str(c.accepted), str(c.rejected)] for c in counts.by_statement]
    write_table("By statement", ["Statement", "Accepted", "Rejected"], each, right=(1, 2))
    if report.guard:
        passages = int(report.guard["head"]["passages"])
        _write_figures(
            f"Guard set: {passages} labelled passages that come with the program", _GUARD, report.guard
        )
    _write_figures(
        "This project's decisions, each predicted without having learned from it", _OWN, report.own
    )


def _write_figures(title: str, names: Mapping[str, str], figures: Mapping[str, Mapping[str, float]]) -> None:
    rows = [
        [words, f"{figures['shipped'][n]:.3f}", f"{figures['head'][n]:.3f}"] for n, words in names.items()
    ]
    write_table(title, ["Figure", "Shipped", "Project's head"], rows, right=(1, 2))


def _report_json(report: TrainReport) -> dict[str, Any]:
    return {
        "kept": report.kept,
        "reason": report.reason,
        "decisions": dataclasses.asdict(report.counts) | {"learned": report.counts.learned},
        "guard": {k: dict(v) for k, v in report.guard.items()},
        "own": {k: dict(v) for k, v in report.own.items()},
        "head_in_use": _head_json(report.head) if report.head else None,
        "seconds": round(report.seconds, 3),
    }


def _head_json(head: StoredHead) -> dict[str, Any]:
    return {
        "number": head.number,
        "id": head.id,
        "at": head.at,
        "coder": head.coder,
        "classifier": head.base,
        "classifier_sha256": head.base_sha256,
        "decisions": head.decisions,
        "spec": dict(head.spec),
    }


def _list(project: Project, as_json: bool) -> None:
    heads, used = project.store.heads(), project.store.head_in_use()
    chosen = used.number if used else None
    if as_json:
        write_json({"in_use": chosen, "heads": [_head_json(h) for h in heads]})
        return
    rows = [["0", "", "", "", "", "", "in use" if used is None else ""]]
    rows[0][1] = "shipped with the program"
    for head in heads:
        guard, own = head.spec["guard"], head.spec["own"]
        rows.append(
            [
                str(head.number),
                f"{head.at[:16]} by {head.coder}",
                str(head.decisions),
                _pair(guard, "macro_f1"),
                _pair(guard, "recall"),
                _pair(own, "first_right"),
                "in use" if head.number == chosen else "",
            ]
        )
    columns = ["No.", "Learned", "Decisions", "Guard macro F1", "Guard recall", "Own: first right", ""]
    write_table("Heads of this project (shipped > project's head)", columns, rows, right=(0, 2, 3, 4, 5))


def _pair(figures: Mapping[str, Mapping[str, float]], name: str) -> str:
    return f"{figures['shipped'][name]:.3f} > {figures['head'][name]:.3f}" if figures else "no guard set"


def _choose(project: Project, number: int | None, coder: str, as_json: bool) -> None:
    from evidence_mapper.workflow.train import choose_head

    head = choose_head(project, number, coder=coder)
    if as_json:
        write_json({"in_use": head.number if head else None})
        return
    say(f"From now on suggestions use {f'head {head.number}' if head else 'the shipped head'}.")
    say("Next: evidence-mapper suggest")


def _explain(project: Project, as_json: bool) -> None:
    from evidence_mapper.workflow.head_changes import head_changes

    with bar("Comparing") as progress:
        found = head_changes(project, progress=progress)
    if as_json:
        write_json(_changes_json(found))
        return
    rows = [
        [c.passage.id, _set(c.before, c.first_before), _set(c.after, c.first_after), c.passage.text[:90]]
        for c in found.changed[:_SHOWN]
    ]
    title = f"Head {found.head} changes {len(found.changed)} of {found.pending} pending passages"
    write_table(title, ["Passage", "Shipped", "With the project's head", "Text"], rows)
    if len(found.changed) > _SHOWN:
        say(f"The first {_SHOWN} are shown; --json gives all.")


def _set(suggested: tuple[str, ...], first: str) -> str:
    if not suggested:
        return f"nothing (nearest: {first})"
    return ", ".join(suggested)


def _changes_json(found: Changes) -> dict[str, Any]:
    return {
        "head": found.head,
        "decisions": found.decisions,
        "pending": found.pending,
        "changed": [
            {
                "passage_id": c.passage.id,
                "document": c.document,
                "text": c.passage.text,
                "before": list(c.before),
                "after": list(c.after),
                "first_before": c.first_before,
                "first_after": c.first_after,
            }
            for c in found.changed
        ],
    }
