"""``evidence-mapper framework``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import json_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow import frameworks


@click.group("framework")
def command() -> None:
    """List, show and check frameworks, and learn to suggest for them.

    \b
    Examples:
      evidence-mapper framework list
      evidence-mapper framework show cqc-local-authority
      evidence-mapper framework check our-framework.toml
      evidence-mapper framework learn our-framework.toml labelled.csv --output our-model
    """


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the frameworks shipped.

    \b
    Example:
      evidence-mapper framework list
    """
    entries = frameworks.entries()
    if as_json:
        write_json([frameworks.entry_json(e) for e in entries])
        return
    rows = [
        [e.id, e.title if not e.fault else f"cannot be read: {e.fault}", e.version, str(e.statements)]
        for e in entries
    ]
    write_table("Frameworks", ["Id", "Title", "Version", "Statements"], rows, right=(3,))


@command.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a framework: wordings, topics, and how far each wording was verified.

    NAME is a shipped id or the path of a file.

    \b
    Example:
      evidence-mapper framework show making-it-real
    """
    framework = frameworks.load(name)
    if as_json:
        write_json(frameworks.framework_json(framework))
        return
    for line in frameworks.describe(framework):
        click.echo(harmless(line))


@command.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> int:
    """Check a framework file and list every fault with its line.

    \b
    Example:
      evidence-mapper framework check our-framework.toml
    """
    faults = frameworks.check(file)
    for fault in faults:
        say(str(fault))
    if faults:
        say(f"{len(faults)} faults. The shipped files show every key: evidence-mapper framework show NAME")
        return ExitCode.USAGE
    framework = frameworks.load(str(file))
    say(f"{file} is a framework: {framework.title}, {len(framework.statements)} statements.")
    say(f"Next: evidence-mapper init --framework {file}")
    return ExitCode.DONE


@command.command("learn")
@click.argument("name", metavar="FRAMEWORK")
@click.argument("labelled", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output", "-o", "folder", type=click.Path(path_type=Path), required=True, metavar="FOLDER",
    help="Where to write the classifier.",
)  # fmt: skip
@click.option(
    "--text", default=None, metavar="COLUMN", help="Column of texts.  [default: judged by its name]"
)
@click.option(
    "--labels",
    multiple=True,
    metavar="COLUMN",
    help="Column of labels, several in a cell with semicolons between; or, given more than once, columns of "
    "0 and 1, one a label.  [default: judged by name]",
)
@click.option(
    "--question", default=None, metavar="COLUMN",
    help="Column that says which question a text answers.  [default: one named question or heading]",
)  # fmt: skip
@click.option(
    "--finer", default=None, metavar="COLUMN",
    help="Column of finer labels beneath each label, of your own; learned beside.  "
    "[default: one named topic or subcategory]",
)  # fmt: skip
@click.option("--ignore-unmatched", is_flag=True, help="Leave labels out that are no statement.")
@click.option(
    "--recall",
    type=click.FloatRange(0.5, 0.99),
    default=0.9,
    show_default=True,
    help="Share of each statement's evidence to suggest; less suggests fewer statements a text.",
)
@click.option("--force", is_flag=True, help="Replace the classifier in FOLDER.")
@json_option
def learn(name: str, labelled: Path, folder: Path, *, as_json: bool, **choice: Any) -> None:  # noqa: ANN401 - click's
    """Learn to suggest a framework's statements from texts a person labelled.

    FRAMEWORK is a shipped id or the path of a file. LABELLED is a CSV file (or JSON Lines) with a text in
    each row and its labels: statement ids or titles; "none" where a text bears on no statement.
    Nothing leaves this machine, and the folder keeps no text: only weights, and words that occur in two
    texts or more.

    \b
    Examples:
      evidence-mapper framework learn our-framework.toml labelled.csv --output our-model
      evidence-mapper framework learn making-it-real survey.csv -o model --text Answer --labels Theme
    """
    from evidence_mapper.workflow.labelled_file import Columns
    from evidence_mapper.workflow.learn_framework import LearnOptions, learn_framework
    from evidence_mapper.workflow.learn_report import report_json, report_lines

    columns = Columns(choice["text"], tuple(choice["labels"]), choice["question"], choice["finer"])
    options = LearnOptions(columns, choice["ignore_unmatched"], choice["recall"], choice["force"])
    with bar("Learning") as progress:
        report = learn_framework(name, labelled, folder, options, progress=progress)
    if as_json:
        write_json(report_json(report))
        return
    for line in report_lines(report):
        click.echo(harmless(line))
    say(f"Next: evidence-mapper classify comments.jsonl --model {folder}")
    say(f"  or: evidence-mapper init --project NAME.sqlite --model {folder}")
