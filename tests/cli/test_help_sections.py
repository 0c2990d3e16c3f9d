"""The help page names every command once, under a heading."""

from __future__ import annotations

from collections import Counter

from click.testing import CliRunner

from evidence_mapper import cli


def test_every_command_stands_under_one_heading() -> None:
    listed = Counter(name for names in cli._SECTIONS.values() for name in names)
    assert listed == Counter(list(cli._COMMANDS))
    shown = CliRunner().invoke(cli.main, ["--help"]).output
    at = [shown.index(f"\n{heading}:") for heading in cli._SECTIONS]
    assert at == sorted(at)
    assert all(f"\n  {name}" in shown for name in cli._COMMANDS)
