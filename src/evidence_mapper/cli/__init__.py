"""The command line: one file a command, imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from evidence_mapper import __version__
from evidence_mapper.cli.diagnostics import ReportingGroup

_COMMANDS: Final = {
    "init": "Make a project file.",
    "add": "Read files and folders into the project, and suggest statements.",
    "suggest": "Suggest statements for passages that have no suggestion yet.",
    "run": "Do the lot on a folder: init, add, suggest, matrix, gaps, export.",
    "review": "Confirm, change or reject suggestions in the terminal.",
    "train": "Learn from this project's decisions, on top of the shipped classifier.",
    "matrix": "Show evidence by statement and evidence category.",
    "compare": "Show what evidence was gained, lost and went stale since a day or another project.",
    "gaps": "List where evidence is missing, people's experience first.",
    "remaining": "Estimate how much evidence nobody has seen yet, and when to stop.",
    "agreement": "Code blind by several people, see how far they agree, settle where not.",
    "case": "Group documents into case records; journey, I statements and candidates for tracking.",
    "audit": "Read case audits, set them against the records, and list what a moderator should look at.",
    "export": "Write confirmed evidence to a table or another file.",
    "score": "Keep the scores you give the statements yourselves; none is ever proposed.",
    "claim": "Keep what the council says of itself, with evidence for and against each sentence.",
    "return-items": "Say what to send for each item of the regulator's information return.",
    "refi": "Exchange codings with NVivo, ATLAS.ti, MAXQDA and others (REFI-QDA).",
    "documents": "List documents, files refused, and text left out.",
    "revisions": "Show the versions of a document and what the newest changed.",
    "search": "Find passages by words and by meaning.",
    "show": "Show one passage with its source, suggestion and decisions.",
    "history": "Show who decided what, and when.",
    "framework": "List, show and check frameworks.",
    "classify": "Suggest statements for a JSON Lines file, outside any project.",
    "evaluate": "Measure the classifier on labelled passages.",
    "redact": "Replace names and other personal identifiers by pseudonyms, outside any project.",
    "forget": "Erase every trace of a document from the project.",
    "doctor": "Say what is here of what the program needs, and how to get the rest.",
    "db": "Check, back up, upgrade and encrypt the project file.",
}

_SECTIONS: Final = {
    "Start and read": ("init", "add", "suggest", "run", "documents", "revisions"),
    "Review": ("review", "train", "remaining", "agreement", "search", "show", "history"),
    "See what there is and what is missing": ("matrix", "gaps", "compare"),
    "Hand over": ("export", "claim", "score", "return-items", "refi"),
    "Cases, audits and privacy": ("case", "audit", "redact", "forget"),
    "Frameworks and the classifier": ("framework", "classify", "evaluate"),
    "Care of the program and its files": ("doctor", "db"),
}
"""Headings of the help page; a test holds that every command stands under one."""


class _LazyGroup(ReportingGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click passes it
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"evidence_mapper.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that is not there, say which is like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, 3, 0.6)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {' or '.join(near)}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click passes it
        """Write the list from the table, so that help imports no command."""
        for heading, names in _SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, _COMMANDS[name]) for name in names if name in _COMMANDS])


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 done, with files or lines that failed; 2 wrong usage or configuration; "
    "3 the project file; 4 the classifier; 130 interrupted.",
)
@click.version_option(__version__, prog_name="evidence-mapper")
def main() -> None:
    """Find, confirm and export a council's evidence for the CQC's assessment of adult social care.

    Everything runs on this machine; no text leaves it. What the program proposes are suggestions:
    only a person's decision makes evidence, and no score or rating is ever predicted.

    \b
    Example, on your own folder:
      evidence-mapper init
      evidence-mapper add Documents/evidence
      evidence-mapper review
      evidence-mapper gaps
      evidence-mapper export evidence.xlsx
    """
    from evidence_mapper.cli.passphrase import ask_at_the_terminal

    ask_at_the_terminal()
