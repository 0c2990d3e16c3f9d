"""``evidence-mapper redact``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import ExitCode, say
from evidence_mapper.cli.options import coder_option, json_option
from evidence_mapper.cli.output import write_json, write_table
from evidence_mapper.cli.progress import bar

if TYPE_CHECKING:
    from evidence_mapper.workflow.evaluate_redaction import RedactionFigures, Share
    from evidence_mapper.workflow.redact_files import Cases, RedactReport

_GROUPS = {
    "background": "People's names by background",
    "form": "People's names by form",
    "listed": "People's names by whether the word lists hold them",
    "genre": "Direct identifiers by kind of note",
    "hand": "Direct identifiers by who wrote the note",
}


@click.command("redact")
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), default=None,
    help="Folder to write to: new, or empty.",
)  # fmt: skip
@click.option(
    "--key", "key_path", type=click.Path(dir_okay=False, path_type=Path), default=None,
    help="File that says who is who. It must lie outside the output folder; one that exists is carried on.",
)  # fmt: skip
@click.option(
    "--cases", type=click.Choice(["file", "folder", "one"]), default="file", show_default=True,
    help="Which files are about one person, with the same pseudonyms: each file alone, those of one folder, "
    "or all.",
)  # fmt: skip
@click.option("--keep-names", is_flag=True, help="Keep the files' names, which may name people.")
@click.option(
    "--reverse", is_flag=True, help="Put the words back, with the key, into files not changed since."
)
@click.option(
    "--evaluate", "labelled", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
    help="Measure on labelled notes: JSON Lines of id, text and spans (start, end, type).",
)  # fmt: skip
@click.option(
    "--project", "-p", "project_path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="With --reverse: the project that exported the files. Its history says that names were put back.",
)  # fmt: skip
@coder_option
@json_option
def command(
    source: Path | None,
    output: Path | None,
    key_path: Path | None,
    cases: Cases,
    keep_names: bool,
    reverse: bool,
    labelled: Path | None,
    project_path: Path | None,
    coder: str,
    as_json: bool,
) -> int:
    """Replace names and other personal identifiers by pseudonyms, in a file or a folder.

    The same person has the same pseudonym throughout a case. Text, CSV and JSON Lines files keep their
    form; of others (DOCX, PDF, e-mail) the text alone is written. It misses some identifiers: read what
    you pass on. docs/redaction.md says what is missed, with figures.

    \b
    Examples:
      evidence-mapper redact "Case 14" --cases one --output redacted --key keys/case-14.json
      evidence-mapper redact redacted --reverse --output restored --key keys/case-14.json
      evidence-mapper redact evidence.xlsx --reverse -o with-names --key keys/names.json -p project.sqlite
      evidence-mapper redact --evaluate corpora/notes/test.jsonl
    """
    if labelled is not None:
        if source or output or key_path or reverse:
            raise click.UsageError(
                "--evaluate measures on its own file: leave out SOURCE, --output, --key, --reverse"
            )
        _evaluate(labelled, as_json)
        return ExitCode.DONE
    if source is None or output is None or key_path is None:
        raise click.UsageError("name a file or folder, --output FOLDER and --key FILE; or --evaluate FILE")
    from evidence_mapper.workflow.redact_files import redact_files

    if project_path is not None and not reverse:
        raise click.UsageError("--project is for --reverse, which puts names back into what it exported")
    if reverse:
        report = _reverse(source, output, key_path, project_path, coder)
    else:
        with bar("Redacting") as progress:
            report = redact_files(
                source, output, key_path, cases=cases, keep_names=keep_names, progress=progress
            )
    _tell(report, output, key_path, reverse, as_json)
    return ExitCode.FAILURES if report.refused else ExitCode.DONE


def _reverse(source: Path, output: Path, key: Path, project_path: Path | None, coder: str) -> RedactReport:
    from evidence_mapper.workflow.redact_files import reverse_files

    if project_path is None:
        return reverse_files(source, output, key)
    from evidence_mapper.workflow.export_reverse import record_reverse
    from evidence_mapper.workflow.project import open_project

    with open_project(project_path) as project:
        return reverse_files(
            source, output, key, allow=lambda kept, target: record_reverse(project, kept, target, coder)
        )


def _tell(report: RedactReport, output: Path, key_path: Path, reverse: bool, as_json: bool) -> None:
    if as_json:
        files = [{"source": s, "written": w, "identifiers": n} for s, w, n in report.files]
        write_json({"files": files, "refused": [{"file": f, "reason": r} for f, r in report.refused]})
    else:
        rows = [[source, written, str(n)] for source, written, n in report.files]
        write_table(
            "Restored" if reverse else "Redacted", ["File", "Written as", "Identifiers"], rows, right=(2,)
        )
    for name, reason in report.refused:
        say(f"{name}: {reason}")
    if reverse:
        say(f"Wrote {len(report.files)} files to {output}. They name people again.")
        return
    from evidence_mapper.workflow.redaction import NOT_ALL

    say(f"Wrote {len(report.files)} files to {output}; {NOT_ALL}.")
    say(f"Keep {key_path} apart from them: it says who is who.")


def _evaluate(path: Path, as_json: bool) -> None:
    from evidence_mapper.workflow.evaluate_redaction import evaluate_redaction, read_labelled_notes

    figures = evaluate_redaction(read_labelled_notes(path))
    if as_json:
        write_json(_json(figures))
        return
    overall = {
        "Direct identifiers covered whole": figures.direct_recall,
        "  with the same bounds and kind": figures.direct_strict,
        "Places and great ages covered whole": figures.indirect_recall,
        "Finds that are identifiers": figures.precision,
        "  finds with the same bounds and kind": figures.precision_strict,
        "Letters replaced that were marked": figures.characters,
    }
    rows = [[name, *_cells(share)] for name, share in overall.items()]
    write_table(f"{figures.notes} notes", ["Figure", "Share", "95 %", "Of"], rows, right=(1, 3))
    rows = [[k, *_cells(r), _percent(s), *_cells(p)] for k, (r, s, p) in figures.by_kind.items()]
    columns = ["Kind", "Covered", "95 %", "Of", "Strict", "Right", "95 %", "Found"]
    write_table("By kind", columns, rows, right=(1, 3, 4, 5, 7))
    for name, title in _GROUPS.items():
        rows = [[group, *_cells(share)] for group, share in figures.groups[name].items()]
        write_table(title, ["", "Covered", "95 %", "Of"], rows, right=(1, 3))


def _percent(share: Share) -> str:
    return "" if share.value is None else f"{share.value:.3f}"


def _cells(share: Share) -> list[str]:
    between = f"{share.interval.low:.3f}-{share.interval.high:.3f}" if share.interval else ""
    return [_percent(share), between, str(share.total)]


def _json(figures: RedactionFigures) -> dict[str, Any]:
    return {
        "notes": figures.notes,
        "direct": {"covered": _plain(figures.direct_recall), "strict": _plain(figures.direct_strict)},
        "indirect": {"covered": _plain(figures.indirect_recall)},
        "finds": {"right": _plain(figures.precision), "strict": _plain(figures.precision_strict)},
        "characters": _plain(figures.characters),
        "by_kind": {
            k: {"covered": _plain(r), "strict": _plain(s), "finds_right": _plain(p)}
            for k, (r, s, p) in figures.by_kind.items()
        },
        "groups": {n: {g: _plain(s) for g, s in shares.items()} for n, shares in figures.groups.items()},
    }


def _plain(share: Share) -> dict[str, Any]:
    between = [round(share.interval.low, 4), round(share.interval.high, 4)] if share.interval else None
    value = None if share.value is None else round(share.value, 4)
    return {"share": value, "interval": between, "hits": share.hits, "of": share.total}
