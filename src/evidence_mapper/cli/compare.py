"""``evidence-mapper compare``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, redacted_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.workflow.evidence_age import STALE_MONTHS

if TYPE_CHECKING:
    from evidence_mapper.workflow.compare import Change, Comparison, PassageChange

_EXCERPT: Final = 100
_NUMBERS: Final = ("Before", "After", "Gained", "Lost", "Old", "Newly old")


@click.command("compare")
@click.argument(
    "projects", type=click.Path(dir_okay=False, path_type=Path), metavar="A [B]", nargs=-1, required=True
)
@click.option(
    "--at",
    "days",
    type=click.DateTime(["%Y-%m-%d"]),
    multiple=True,
    metavar="DATE",
    help="With one project: at the end of this day (UTC). Give it twice, or once to compare with now.",
)
@click.option(
    "--stale-months",
    type=click.IntRange(1),
    default=STALE_MONTHS,
    show_default=True,
    help="Evidence is old when its document is older than N months.",
)
@click.option(
    "--list", "top", type=click.IntRange(0), default=20, show_default=True, help="Passages of a kind to list."
)
@click.option("--topics", is_flag=True, help="Also by topic.")
@redacted_option
@json_option
def command(
    projects: tuple[Path, ...],
    days: tuple[datetime, ...],
    stale_months: int,
    top: int,
    topics: bool,
    redacted: bool,
    as_json: bool,
) -> None:
    """Show what confirmed evidence was gained, lost and went stale.

    Between two projects A and B, or between two days of one project, replayed from its record: the
    decisions that held then, on the versions that were the newest then. Passages of two projects are the
    same when their document has the same name and they say the same words. Neither project is changed.

    \b
    Examples:
      evidence-mapper compare spring.sqlite autumn.sqlite
      evidence-mapper compare project.sqlite --at 2026-01-01 --at 2026-06-01
      evidence-mapper compare project.sqlite --at 2026-01-01 --stale-months 12
    """
    from evidence_mapper.workflow.compare import compare

    if len(projects) > 2:
        raise click.UsageError(f"{len(projects)} projects were named; two can be compared.")
    found = compare(projects, [day.date() for day in days], stale_months=stale_months)
    if redacted:
        from evidence_mapper.workflow.project import open_project
        from evidence_mapper.workflow.redacted_view import RedactedView, shown_comparison

        with ExitStack() as opened:
            views = [RedactedView(opened.enter_context(open_project(path))) for path in projects]
            found = shown_comparison(views, found)
    if as_json:
        write_json(_json(found))
        return
    _tables(found, topics=topics)
    for line in _lines(found, top):
        click.echo(harmless(line))
    if found.erased:
        say(f"{found.erased} decisions cannot be shown: the words they were made on were erased since.")


def _tables(found: Comparison, *, topics: bool) -> None:
    framework = found.framework
    names = {c.id: c.name.text for c in framework.evidence_categories} | {"": "No category"}
    rows: list[list[str]] = []
    for s in framework.statements:
        change = found.change("row", s.id)
        if change.is_nothing:
            continue
        rows.append([f"{s.number}. {s.title.text}", *_numbers(change)])
        for category, name in names.items():
            cell = found.change("cell", s.id, category)
            if not cell.is_nothing:
                rows.append([f"   {name}", *_numbers(cell)])
    title = f"Confirmed passages: {found.earlier} against {found.later}"
    right = tuple(range(1, 7))
    footer = f"Old: the document is older than {found.stale_months} months; undated documents are never old."
    if not rows:
        click.echo(harmless(title))
        say("Nothing was confirmed at either time.")
        return
    write_table(title, ["Statement", *_NUMBERS], rows, right=right, footer=footer)
    if topics:
        shown = [
            [f"{t.id}: {t.definition}", *_numbers(change)]
            for t in framework.topics
            if not (change := found.change("topic", t.id)).is_nothing
        ]
        write_table("By topic", ["Topic", *_NUMBERS], shown, right=right)


def _lines(found: Comparison, top: int) -> Iterator[str]:
    kinds = ("lost", "recoded", "gained")
    listed = {kind: [c for c in found.passages if c.kind == kind] for kind in kinds}
    for kind, changes in {**listed, "newly old": list(found.stale)}.items():
        yield from _passages(kind, changes, top)
    yield ""
    yield f"Documents changed: {len(found.documents)}"
    for document in found.documents:
        yield f"  {document.kind:<10}{document.at[:10]:<11}{document.name}"


def _passages(kind: str, changes: Sequence[PassageChange], top: int) -> Iterator[str]:
    yield ""
    yield f"Passages {kind}: {len(changes)}"
    for change in changes[:top]:
        words = " ".join(change.text.split())
        words = words if len(words) <= _EXCERPT else words[: _EXCERPT - 1] + "…"
        codes = ", ".join(change.after or change.before)
        if kind == "recoded":
            codes = f"{', '.join(change.before)} -> {codes}"
        yield f"  {change.document}, {change.location}  {change.passage_id}"
        yield f"    {words}"
        yield f"    {codes}: {change.why}"
    if len(changes) > top:
        yield f"  ... and {len(changes) - top} more: --list {len(changes)}, or --json"


def _numbers(change: Change) -> list[str]:
    return [
        str(change.before),
        str(change.after),
        f"+{change.gained}" if change.gained else "",
        f"-{change.lost}" if change.lost else "",
        str(change.stale or ""),
        str(change.went_stale or ""),
    ]


def _json(found: Comparison) -> dict[str, Any]:
    def counts(kind: str) -> dict[tuple[str, str], dict[str, int]]:
        return {(code, extra): asdict(c) for (k, code, extra), c in found.changes.items() if k == kind}

    cells = counts("cell")
    return {
        "earlier": found.earlier,
        "later": found.later,
        "framework": f"{found.framework.id}@{found.framework.version}",
        "stale_months": found.stale_months,
        "statements": {
            s.id: {
                "all": asdict(found.change("row", s.id)),
                "categories": {c: n for (code, c), n in sorted(cells.items()) if code == s.id},
            }
            for s in found.framework.statements
        },
        "topics": {code: n for (code, _), n in sorted(counts("topic").items())},
        "passages": [asdict(c) for c in found.passages],
        "went_stale": [asdict(c) for c in found.stale],
        "documents": [asdict(d) for d in found.documents],
        "erased": found.erased,
    }
