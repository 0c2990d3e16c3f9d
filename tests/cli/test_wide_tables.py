"""Tables with more figures than fit side by side lose none of them, nor the names beside them."""

from __future__ import annotations

import pytest

from evidence_mapper.cli.output import write_table

NAMES = [f"Evidence of kind {n}" for n in range(9)]


def test_figures_that_do_not_fit_go_on_below(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[f"Statement number {r}", *(f"{r}{c} + 1234" for c in range(9))] for r in range(3)]
    write_table("Evidence", ["Statement", *NAMES], rows, right=tuple(range(1, 10)), footer="Key")
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert all(f"{r}{c} + 1234" in shown for r in range(3) for c in range(9))
    assert shown.count("Evidence, continued") == 1
    assert shown.count("Statement number 2") == 2
    assert max(map(len, shown.splitlines())) <= 110


def test_a_table_that_fits_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    write_table("Evidence", ["Statement", "All"], [["Equity", "3"]], right=(1,))
    assert "continued" not in capsys.readouterr().out
