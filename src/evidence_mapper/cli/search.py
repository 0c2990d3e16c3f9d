"""``evidence-mapper search``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import json_option, project_option, redacted_option
from evidence_mapper.cli.output import harmless, write_json
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.workflow.search import Hit


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@project_option
@click.option("--statement", metavar="ID", default=None, help="Suggested for, or coded with, this statement.")
@click.option("--topic", metavar="ID", default=None, help="Suggested for, or coded with, this topic.")
@click.option("--category", metavar="ID", default=None, help="Of this evidence category.")
@click.option("--source-type", metavar="TYPE", default=None, help="In this kind of paper: survey-comment, ….")
@click.option("--document", metavar="NAME", default=None, help="In this document.")
@click.option("--confirmed", "which", flag_value="confirmed", help="Only what a person confirmed.")
@click.option("--suggested", "which", flag_value="suggested", help="Only suggestions nobody has decided on.")
@click.option("--all", "which", flag_value="all", default="all", help="Every passage.  [default]")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Most to show.")
@click.option("--words", "words_only", is_flag=True, help="By words alone, not by meaning.")
@redacted_option
@json_option
def command(
    query: tuple[str, ...],
    project_path: Path,
    which: str,
    limit: int,
    words_only: bool,
    redacted: bool,
    as_json: bool,
    **only: str | None,
) -> None:
    """Find passages by words and by meaning.

    Passages that hold the words, in any form, and passages that say something alike come first.
    "in double quotes" must stand as written; -word leaves out passages with it. Put the whole query in
    single quotes then (in the Windows command prompt, write \\" for each inner quote).

    \b
    Examples:
      evidence-mapper search "waits for carers' assessments"
      evidence-mapper search '"direct payment" -payroll' --source-type survey-comment
      evidence-mapper search "waits at night" --redacted
      evidence-mapper search "unsafe discharge" --statement safe-systems --confirmed
    """
    from evidence_mapper.workflow.search import Searcher, searcher
    from evidence_mapper.workflow.search_filter import search_filter
    from evidence_mapper.workflow.search_query import parse

    asked = " ".join(query)
    with open_project(project_path) as project:
        where = search_filter(project, which, **only)
        words = Searcher(project.store, project.framework, meaning=False)
        found = (words if words_only else searcher(project)).find(asked, where=where, limit=limit)
        if redacted:
            from evidence_mapper.workflow.redacted_view import RedactedView, shown_hits

            found = shown_hits(RedactedView(project), found)
    if as_json:
        hits = [_json(hit) for hit in found.hits]
        write_json({"query": asked, "notices": list(found.notices), "hits": hits})
        return
    for place, hit in enumerate(found.hits, start=1):
        click.echo(_shown(place, hit))
    for notice in found.notices:
        say(notice)
    if found.hits:
        say(f"Next: evidence-mapper show {found.hits[0].passage.id}, or evidence-mapper review --start ID")
    elif parse(asked).meaning:
        say("Nothing was found. Try other words, or leave out a filter.")


def _shown(place: int, hit: Hit) -> str:
    from evidence_mapper.workflow.search_snippet import snippet

    passage = hit.passage
    codes = f": {', '.join(hit.statements)}" if hit.statements else ""
    lines = [
        f"{place}. {passage.id}  {_STATES[hit.state.value]}{codes}",
        f"   {hit.document.name}, {passage.location.label()} ({hit.document.source_type.value})",
    ]
    if passage.heading_path:
        lines.append("   under: " + " > ".join(passage.heading_path))
    if passage.context:
        lines.append(f"   asked: {passage.context}")
    head = "\n".join(harmless(line) for line in lines)
    # Underlined as well: bold is lost on some screens. Without a terminal there are no marks at all.
    pieces = [
        click.style(harmless(text), bold=True, underline=True) if match else harmless(text)
        for text, match in snippet(passage.text, hit.matched).pieces()
    ]
    return f"{head}\n   {''.join(pieces)}\n"


_STATES = {
    "confirmed": "confirmed",
    "suggested": "suggested, not confirmed",
    "set-aside": "set aside by a person",
    "open": "nothing suggested",
}


def _json(hit: Hit) -> dict[str, Any]:
    passage, score = hit.passage, hit.score
    return {
        "passage_id": passage.id,
        "text": passage.text,
        "matched": [[span.start, span.end] for span in hit.matched],
        "state": hit.state.value,
        "statements": list(hit.statements),
        "document": hit.document.name,
        "document_id": hit.document.id,
        "source_type": hit.document.source_type.value,
        "file_sha256": hit.document.file_sha256,
        "revision": passage.revision_id,
        "span": [passage.span.start, passage.span.end],
        "location": {"label": passage.location.label(), **passage.location.to_json()},
        "heading_path": list(passage.heading_path),
        "context": passage.context,
        "score": {
            "fused": round(score.fused, 6),
            "words": None if score.words is None else round(score.words, 4),
            "words_rank": score.words_rank,
            "meaning": None if score.meaning is None else round(score.meaning, 4),
            "meaning_rank": score.meaning_rank,
        },
    }
