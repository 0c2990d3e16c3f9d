"""``evidence-mapper revisions``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from evidence_mapper.cli.options import json_option, project_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.domain.version import Fate, PassageFate
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.revisions import Revisions

_COLOURS: Final = {"-": "red", "+": "green"}


@click.command("revisions")
@click.argument("name")
@project_option
@click.option("--diff", "with_words", is_flag=True, help="Show each changed passage word by word.")
@json_option
def command(name: str, project_path: Path, with_words: bool, as_json: bool) -> None:
    """Show the versions of a document, what the newest changed, and what a person must look at.

    Decisions on words that stand unchanged in the new version are carried over to it under the name of
    whoever made them. Changed passages must be confirmed again; both texts are shown.

    \b
    Examples:
      evidence-mapper revisions policies/policy.pdf
      evidence-mapper revisions policies/policy.pdf --diff
    """
    from evidence_mapper.workflow.revisions import revisions

    with open_project(project_path) as project:
        found = revisions(project, name)
    if as_json:
        write_json(_json(found))
        return
    _versions(found)
    for line in _lines(found, with_words=with_words):
        click.echo(line)


def _versions(found: Revisions) -> None:
    rows = [
        [
            str(number),
            version.read_at[:19],
            version.file_sha256,
            version.reader,
            str(version.passages),
            str(version.decisions),
            "newest" if version.newest else "",
        ]
        for number, version in enumerate(found.versions, 1)
    ]
    write_table(
        f"Versions of {found.document.name}",
        ["No.", "Read (UTC)", "File", "Read by", "Passages", "Decisions", ""],
        rows,
        right=(0, 4, 5),
    )


def _lines(found: Revisions, *, with_words: bool) -> Iterator[str]:
    change = found.change
    if change is None:
        yield "One version only: nothing was replaced."
        return
    counts = ", ".join(f"{change.count(fate)} {fate.value}" for fate in Fate)
    yield f"Newest against the one before: {counts}, {change.new} new. Decisions carried: {change.carried}."
    waiting = [f for f in found.changed if not f.settled]
    yield from _section(
        "Changed: confirm again", [f for f in waiting if f.new is not None], with_words=with_words
    )
    yield from _section("No longer says this", found.vanished, with_words=False)
    answered = [f for f in found.changed if f.settled]
    yield from _section("Changed, and answered since", answered, with_words=with_words)
    if with_words:
        changed = [f for f in found.undecided if f.fate is Fate.CHANGED]
        yield from _section("Changed, never decided on", changed, with_words=True)
    if waiting:
        yield ""
        yield "They are first in the queue. Next: evidence-mapper review"


def _section(title: str, fates: Sequence[PassageFate], *, with_words: bool) -> Iterator[str]:
    if fates:
        yield ""
        yield f"{title} ({len(fates)})"
    for fate in fates:
        yield from _passage(fate, with_words=with_words)


def _passage(fate: PassageFate, *, with_words: bool) -> Iterator[str]:
    said = "; ".join(
        f"{d.coder}, {d.at[:10]}: {', '.join(d.decision.accepted()) or d.decision.outcome.value}"
        for d in fate.decisions
    )
    yield harmless(f"  {(fate.new or fate.old).id}  {said}" if said else f"  {(fate.new or fate.old).id}")
    if fate.new is None:
        yield harmless(f"    was: {fate.old.text}")
    elif with_words:
        yield "    " + _words(fate.old.text, fate.new.text)
    else:
        yield harmless(f"    was: {fate.old.text}")
        yield harmless(f"    now: {fate.new.text}")
    yield f"    evidence-mapper show {(fate.new or fate.old).id}"


def _words(old: str, new: str) -> str:
    """Return both texts in one, with [-words taken out-] and {+words put in+}."""
    from evidence_mapper.workflow.revisions import SAME, word_changes

    brackets = {"-": ("[-", "-]"), "+": ("{+", "+}")}
    pieces = []
    for mark, text in word_changes(old, new):
        shown = harmless(text)
        if mark != SAME:
            before, after = brackets[mark]
            shown = click.style(f"{before}{shown}{after}", fg=_COLOURS[mark])
        pieces.append(shown)
    return "".join(pieces)


def _json(found: Revisions) -> dict[str, Any]:
    change = found.change
    return {
        "document": found.document.name,
        "id": found.document.id,
        "versions": [
            {
                "revision": v.revision_id,
                "file_sha256": v.file_sha256,
                "read_at": v.read_at,
                "read_by": v.reader,
                "passages": v.passages,
                "decisions": v.decisions,
                "newest": v.newest,
            }
            for v in found.versions
        ],
        "change": None
        if change is None
        else {
            "before": change.before,
            "after": change.after,
            "at": change.at,
            **{fate.value: change.count(fate) for fate in Fate},
            "new": change.new,
            "carried": change.carried,
            "to_confirm": change.to_confirm,
            "gone": change.gone,
        },
        "changed": [_fate_json(f) for f in found.changed],
        "vanished": [_fate_json(f) for f in found.vanished],
        "undecided": [_fate_json(f) for f in found.undecided],
    }


def _fate_json(fate: PassageFate) -> dict[str, Any]:
    return {
        "fate": fate.fate.value,
        "old": {"passage_id": fate.old.id, "text": fate.old.text},
        "new": {"passage_id": fate.new.id, "text": fate.new.text} if fate.new else None,
        "similarity": round(fate.similarity, 4),
        "decisions": [{"coder": d.coder, "at": d.at, **d.decision.to_json()} for d in fate.decisions],
        "answered_since": fate.settled,
    }
