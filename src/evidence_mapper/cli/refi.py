"""``evidence-mapper refi``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import coder_option, default_coder, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.cli.progress import bar
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.domain.exchange import LossReport
    from evidence_mapper.workflow.refi_export import RefiExport
    from evidence_mapper.workflow.refi_import import RefiImport

_SHOWN: Final = 30


def _loss_option(function: Any) -> Any:  # noqa: ANN401 - click's
    return click.option(
        "--loss-report",
        "loss_file",
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        help="List each thing that could not be carried in this CSV file. Each run replaces it.",
    )(function)


@click.group("refi")
def command() -> None:
    """Exchange codings with NVivo, ATLAS.ti, MAXQDA, QualCoder and others (REFI-QDA).

    \b
    Examples:
      evidence-mapper refi export study.qdpx
      evidence-mapper refi export codebook.qdc
      evidence-mapper refi import from-nvivo.qdpx
      evidence-mapper refi framework codebook.qdc our-framework.toml
    """


@command.command("export")
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@project_option
@click.option("--originals", is_flag=True, help="Also take the PDF and Word files that the texts are from.")
@click.option(
    "--identifiable",
    is_flag=True,
    help="Also texts that tell people's own stories, with their names; the history says so.",
)
@coder_option
@_loss_option
@click.option("--force", is_flag=True, help="Replace OUTPUT if it exists.")
@json_option
def export(
    output: Path,
    project_path: Path,
    originals: bool,
    identifiable: bool,
    coder: str,
    loss_file: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write persons' codings with their texts (.qdpx), or the codes alone (.qdc).

    OUTPUT's ending says which. Suggestions are never written: only what a person confirmed is a coding.
    What the standard has no form for is counted, and listed one by one with --loss-report.

    \b
    Examples:
      evidence-mapper refi export study.qdpx --loss-report losses.csv
      evidence-mapper refi export study.qdpx --originals
      evidence-mapper refi export codebook.qdc
    """
    from evidence_mapper.workflow.refi_export import export_codebook, export_project
    from evidence_mapper.workflow.refi_losses import check_loss_file
    from evidence_mapper.workflow.released import record_names

    if output.suffix.lower() not in (".qdpx", ".qdc"):
        raise click.UsageError(f"{output}: end the name in .qdpx for a project or .qdc for a codebook")
    if loss_file is not None:
        check_loss_file(loss_file)
    with open_project(project_path) as project:
        if output.suffix.lower() == ".qdc":
            report = export_codebook(project, output, overwrite=force)
        else:
            report = export_project(
                project,
                output,
                originals=originals,
                overwrite=force,
                identifiable=identifiable,
                losses_by_name=loss_file is not None,
            )
            if identifiable:
                record_names(project, output, coder, report.decisions)
    _tell_export(report, loss_file, as_json=as_json)


def _tell_export(report: RefiExport, loss_file: Path | None, *, as_json: bool) -> None:
    from evidence_mapper.domain.wording import counted

    counts = ("sources", "decisions", "codings", "notes", "coders", "codes")
    figures: dict[str, int] = {name: getattr(report, name) for name in counts}
    if as_json:
        _write_losses(report.losses, loss_file)
        write_json({"path": str(report.path), **figures, "losses": _losses_json(report.losses)})
        return
    said = ", ".join(counted(count, name.removesuffix("s")) for name, count in figures.items() if count)
    # Said first: the file is there even where the list of losses cannot be written.
    say(f"Wrote {report.path}: {said or 'no sources yet'}.")
    _write_losses(report.losses, loss_file)
    _tell_losses(report.losses, loss_file)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@click.option(
    "--coder",
    default=default_coder,
    envvar="EVIDENCE_MAPPER_CODER",
    show_envvar=True,
    help="Your name: who brings it in. The codings are those of whoever made them.  "
    "[default: your login name]",
)
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Mapping file: made if it is not there, else taken.  [default: FILE-mapping.csv, made only]",
)
@click.option("--yes-exact", is_flag=True, help="Take codes of exactly the same name without asking.")
@click.option(
    "--sources",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    metavar="FOLDER",
    help="Where texts are that lie outside FILE. Without it none outside is read.",
)
@_loss_option
@json_option
def import_(file: Path, project_path: Path, loss_file: Path | None, as_json: bool, **asked: Any) -> int:  # noqa: ANN401 - click's
    """Bring in another tool's project (.qdpx) or codebook (.qdc).

    The first call makes a table of their codes with ours beside them. Write yes in its column "confirm"
    where the two are the same, correct "our_code" where they are not, and call again with --mapping. Our
    own codes, back from another tool, need no table. Codings become decisions of those who made them;
    a decision made here is never replaced. Codings under codes that are none of ours are kept beside and
    come out again with the next export.

    \b
    Examples:
      evidence-mapper refi import from-nvivo.qdpx
      evidence-mapper refi import from-nvivo.qdpx --mapping from-nvivo-mapping.csv
      evidence-mapper refi import from-nvivo.qdpx --yes-exact --loss-report losses.csv
    """
    from evidence_mapper.workflow.refi_import import RefiRequest, import_refi
    from evidence_mapper.workflow.refi_losses import check_loss_file

    if loss_file is not None:
        check_loss_file(loss_file)
    request = RefiRequest(file, asked["coder"], asked["mapping"], asked["yes_exact"], asked["sources"])
    with open_project(project_path) as project, bar("Importing") as progress:
        report = import_refi(project, request, progress=progress)
    if report.asked is None:
        _write_losses(report.losses, loss_file)
    if as_json:
        write_json(_import_json(report))
    elif report.asked is not None:
        _ask(report, file)
    else:
        _tell(report, loss_file)
    return ExitCode.DONE


@command.command("framework")
@click.argument("codebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Table of what each code becomes: made if it is not there, else taken.  "
    "[default: CODEBOOK-codes.csv, made only]",
)
@click.option("--yes", is_flag=True, help="Take the proposal as it stands, without a table.")
@click.option("--id", "own_id", default=None, help="Id of the framework.  [default: of OUTPUT's name]")
@click.option("--title", default=None, help="Title of the framework.  [default: OUTPUT's name]")
@click.option("--version", default="1", show_default=True, help="Version of the framework.")
@click.option("--force", is_flag=True, help="Replace OUTPUT if it exists.")
@json_option
def framework(
    codebook: Path,
    output: Path,
    mapping: Path | None,
    yes: bool,
    force: bool,
    as_json: bool,
    **named: str | None,
) -> int:
    """Make a framework file of another tool's codebook (.qdc, or the codes of a .qdpx).

    The first call makes a table of the codes: a folder becomes a theme, a code a statement with its
    description as definition, the codes beneath it topics. Correct the column "becomes" (theme, statement,
    topic, evidence category, i statement, nothing), write yes in "confirm", and call again with --mapping.

    \b
    Examples:
      evidence-mapper refi framework codebook.qdc our-framework.toml
      evidence-mapper refi framework codebook.qdc our-framework.toml --mapping codebook-codes.csv
      evidence-mapper refi framework codebook.qdc our-framework.toml --yes --title "Our charter"
    """
    from evidence_mapper.cli.refi_framework import make_framework

    return make_framework(codebook, output, mapping, named=named, flags=(yes, force, as_json))


def _ask(report: RefiImport, file: Path) -> None:
    from evidence_mapper.workflow.refi_mapping_file import how_words

    rows = [
        [p.code.name, str(p.codings), "; ".join(map(str, p.ours)) or "-", how_words(p)]
        for p in report.proposals[:_SHOWN]
    ]
    write_table(
        f"Codes of {harmless(report.tool)}", ["Their code", "Codings", "Ours", "How"], rows, right=(1,)
    )
    if len(report.proposals) > _SHOWN:
        say(f"The first {_SHOWN} of {len(report.proposals)} codes are shown; the file has all.")
    say(f"Nothing is imported yet. Write yes in the column confirm of {report.asked}, then:")
    say(f"  evidence-mapper refi import {file} --mapping {report.asked}")


def _tell(report: RefiImport, loss_file: Path | None) -> None:
    from evidence_mapper.domain.wording import counted

    counts = report.counts
    if report.is_codebook:
        taken = sum(bool(p.ours) for p in report.proposals)
        say(
            f"A codebook of {harmless(report.tool)}: {len(report.proposals)} codes, {taken} of them with one "
            "of ours proposed or settled. It holds no codings; what is settled is kept for later imports."
        )
        return
    new, here = counted(len(report.added), "new document"), len(report.matched)
    say(f"From {harmless(report.tool)}: {new}, {here} that were here with the same text.")
    say(
        f"{counted(counts['decisions'], 'decision')} of {counted(len(report.coders), 'coder')} came in "
        f"({counted(counts['codings'], 'coding')}); {counts['already']:,} were here already."
    )
    if counts["on other passages"]:
        spans = counted(counts["on other passages"], "coded span")
        say(f"{spans} that are no passage here: their codings went to the passages that hold them.")
    if counts["beside"]:
        say(f"{counted(counts['beside'], 'coding')} kept beside, under codes that are none of ours.")
    if counts["on areas"]:
        areas = counted(counts["on areas"], "coding")
        say(f"{areas} on areas of pages went to the passages that lie there.")
    if counts["kept areas"]:
        areas = counted(counts["kept areas"], "coding")
        say(f"{areas} on areas of pages kept, to be given back by the next export: see the list below.")
    for remark in report.remarks:
        say(harmless(remark))
    _tell_losses(report.losses, loss_file)
    say("Next: evidence-mapper suggest   (for the passages nobody coded)")


def _tell_losses(losses: LossReport, file: Path | None) -> None:
    """Write the counts of what was lost to stdout: they are part of the result."""
    lines = losses.lines()
    if not lines:
        click.echo("Nothing was left out.")
        return
    click.echo("Not carried:")
    for line in lines:
        click.echo(f"  {harmless(line)}")
    if file is not None:
        say(f"Each one: {file}")
    else:
        say("Each one by name: add --loss-report losses.csv")


def _write_losses(losses: LossReport, file: Path | None) -> None:
    from evidence_mapper.workflow.refi_losses import write_losses

    if file is not None:
        write_losses(losses, file)


def _losses_json(losses: LossReport) -> list[dict[str, Any]]:
    return [{"what": what, "count": count, "why": why} for what, count, why in losses.totals()]


def _import_json(report: RefiImport) -> dict[str, Any]:
    return {
        "tool": report.tool,
        "imported": report.asked is None,
        "mapping_file": str(report.asked) if report.asked else None,
        "documents_added": report.added,
        "documents_matched": report.matched,
        "counts": dict(report.counts),
        "coders": sorted(report.coders),
        "codes": [
            {
                "guid": p.code.guid,
                "name": p.code.name,
                "codings": p.codings,
                "ours": [str(code) for code in p.ours],
                "how": p.how.value,
            }
            for p in report.proposals
        ],
        "remarks": report.remarks,
        "losses": _losses_json(report.losses),
    }
