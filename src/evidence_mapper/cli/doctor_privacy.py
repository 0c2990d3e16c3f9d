"""``evidence-mapper doctor --privacy``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.workflow.privacy import CHECKED, LEAVES, Place, places


def show(project: Path | None, as_json: bool) -> None:
    """Say where data lies, who can read it, and what leaves the machine."""
    found = places(project)
    if as_json:
        write_json(
            {"places": [asdict(p) for p in found], "leaves_the_machine": LEAVES, "checked_by": CHECKED}
        )
        return
    for place in found:
        for line in _lines(place):
            click.echo(harmless(line))
    click.echo("")
    click.echo(f"What leaves this machine: {LEAVES}.")
    click.echo(CHECKED)
    click.echo("Whether the disk itself is encrypted (BitLocker, FileVault, LUKS) your IT service can say.")
    if project is None:
        click.echo("Name a project to see its files: evidence-mapper doctor --privacy --project FILE")


def _lines(place: Place) -> list[str]:
    lines = [f"{place.what}: {place.path}" if place.path else f"{place.what}: {place.holds}"]
    if not place.path:
        return lines
    facts = [f"{place.files:,} file{'s' if place.files != 1 else ''}, {_size(place.size)}"]
    if place.encrypted is not None:
        facts.append("encrypted" if place.encrypted else "not encrypted by this program")
    if place.readable_by:
        facts.append(f"readable by {place.readable_by}")
    lines += [f"    {'; '.join(facts)}", f"    holds: {place.holds}"]
    if place.advice:
        lines.append(f"    to do: {place.advice}")
    return lines


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:,.0f} KiB" if size < 1024**2 else f"{size / 1024**2:,.1f} MiB"
