"""``evidence-mapper evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evidence_mapper.cli.options import json_option
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.workflow.project import DEFAULT_FRAMEWORK


@click.command("evaluate")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--framework", "framework_name", default=DEFAULT_FRAMEWORK, show_default=True)
@click.option(
    "--split",
    type=click.Choice(["train", "development", "test"]),
    default=None,
    help="Only this part of the labelled passages.  [default: all]",
)
@json_option
def command(files: tuple[Path, ...], framework_name: str, split: str | None, as_json: bool) -> None:
    """Measure the classifier on labelled passages.

    FILES are JSON Lines with id, text, statements (main one first), i_statements, evidence_category,
    polarity. Figures on passages it was fitted on flatter it: for the shipped corpus use --split test.

    \b
    Example:
      evidence-mapper evaluate corpora/passages/*.jsonl corpora/passages/hands/*.jsonl --split test
    """
    from evidence_mapper.workflow import frameworks
    from evidence_mapper.workflow.evaluate import evaluate_files

    found = evaluate_files(frameworks.load(framework_name), list(files), split)
    if as_json:
        write_json(found)
        return
    _summary(found)
    rows = [[c["code"], str(c["support"]), *map(_figure, _values(c))] for c in found["statements"]["codes"]]
    write_table(
        "Statements", ["Statement", "Passages", "Precision", "Recall", "F1", "Average precision"], rows,
        right=(1, 2, 3, 4, 5),
    )  # fmt: skip
    bins = [
        [_band(b), str(b["count"]), _figure(b["mean_probability"]), _figure(b["share_true"])]
        for b in found["calibration"]["reliability"]
    ]
    write_table("Reliability", ["Probability", "Predictions", "Mean", "Came true"], bins, right=(1, 2, 3))
    wrong = [[c["is"], c["taken_for"], str(c["passages"])] for c in found["confusions"]]
    write_table("Most frequent confusions", ["Is", "Taken for", "Passages"], wrong, right=(2,))


def _band(row: dict[str, Any]) -> str:
    return f"{row['low']:.1f}-{row['high']:.1f}"


def _values(code: dict[str, Any]) -> list[float | None]:
    return [code["precision"], code["recall"], code["f1"], code["average_precision"]]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _summary(found: dict[str, Any]) -> None:
    main, none = found["main"], found["none"]
    rows = [
        ["Main statement first", _figure(main["accuracy"])],
        ["Main statement, macro F1", _figure(main["macro_f1"])],
        ["Main statement in the first two", _figure(main["in_first_two"])],
        ["Statements: recall of suggestions", _figure(found["statements"]["micro_recall"])],
        ["Statements: precision of suggestions", _figure(found["statements"]["micro_precision"])],
        ["Suggestions a passage of evidence", _figure(none["suggestions_per_passage"])],
        ["None: recall", _figure(none["recall"])],
        ["None: evidence lost to it", _figure(none["evidence_lost"])],
        ["I statements, macro F1", _figure(found["i_statements"]["macro_f1"])],
        ["Evidence category, accuracy", _figure(found["evidence_category"]["accuracy"])],
        ["Polarity, accuracy", _figure(found["polarity"]["accuracy"])],
        ["Expected calibration error", _figure(found["calibration"]["expected_calibration_error"])],
    ]
    title = f"{found['classifier']} on {found['passages']} passages ({found['evidence']} are evidence)"
    write_table(title, ["Figure", "Value"], rows, right=(1,))
