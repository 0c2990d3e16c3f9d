"""What ``evidence-mapper refi framework`` does and says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.workflow.refi_framework import (
    FrameworkFile,
    Planned,
    Role,
    plan,
    read_codebook,
    write_framework,
)

_SHOWN = 40


def make_framework(
    codebook: Path,
    output: Path,
    mapping: Path | None,
    *,
    named: Mapping[str, str | None],
    flags: tuple[bool, bool, bool],
) -> int:
    """Make the table of codes, or the framework file of one that is filled in; return the exit status.

    ``flags`` are --yes, --force and --json.
    """
    from evidence_mapper.workflow.refi_framework_plan import read_plan, write_plan

    yes, force, as_json = flags
    if output.suffix.lower() != ".toml":
        raise click.UsageError(f"{output}: end the name of the framework file in .toml")
    if yes and mapping is not None:
        raise click.UsageError("--yes takes the proposal, --mapping a table: choose one")
    project = read_codebook(codebook)
    planned = plan(project)
    table = mapping or codebook.with_name(f"{codebook.stem}-codes.csv")
    if not yes and (mapping is None or not mapping.exists()):
        write_plan(planned, table)
        _ask(planned, table, codebook, output, as_json=as_json)
        return ExitCode.DONE
    if mapping is not None:
        planned = read_plan(planned, mapping)
    own = re.sub("[^a-z0-9]+", "-", output.stem.lower()).strip("-") or "framework"
    said = {
        "id": named["own_id"] or own,
        "title": named["title"] or output.stem,
        "version": named["version"] or "1",
    }
    _tell(write_framework(project, planned, output, named=said, overwrite=force), as_json=as_json)
    return ExitCode.DONE


def _ask(planned: list[Planned], table: Path, codebook: Path, output: Path, *, as_json: bool) -> None:
    if as_json:
        codes = [{"guid": p.code.guid, "code": p.code.name, "becomes": p.role.value} for p in planned]
        write_json({"written": None, "mapping_file": str(table), "codes": codes})
        return
    rows = [["  " * len(p.above) + p.code.name, p.role.value] for p in planned[:_SHOWN]]
    write_table("What each code becomes", ["Code", "Becomes"], rows)
    if len(planned) > _SHOWN:
        say(f"The first {_SHOWN} of {len(planned)} codes are shown; the file has all.")
    say(f"Nothing is written yet. Write yes in the column confirm of {table}, then:")
    say(f"  evidence-mapper refi framework {codebook} {output} --mapping {table}")


def _tell(report: FrameworkFile, *, as_json: bool) -> None:
    counts = {role.value: report.counts[role] for role in Role if role is not Role.NOTHING}
    if as_json:
        write_json({"written": str(report.path), "counts": counts, "left_out": list(report.left_out)})
        return
    say(
        f"Wrote {report.path}: "
        + ", ".join(f"{count} {_many(name, count)}" for name, count in counts.items())
    )
    if report.undescribed:
        one = report.undescribed == 1
        say(
            f"{report.undescribed} statement{' has' if one else 's have'} no description: give "
            f"{'it' if one else 'them'} a definition and phrasings, from which suggestions are made "
            "(docs/frameworks.md)."
        )
    for name in report.left_out:
        say(f"  left out: {harmless(name)}")
    say(f"Next: evidence-mapper framework check {report.path}")
    say(f"  then: evidence-mapper init --project NAME.sqlite --framework {report.path}")


def _many(name: str, count: int) -> str:
    if count == 1:
        return name
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
