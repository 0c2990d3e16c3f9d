"""The list of confirmed evidence on the report's page: each quote once, with its source and its codings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.export.columns import check
from evidence_mapper.export.html_facts import ReportFacts
from evidence_mapper.export.html_text import day, safe

_POLARITIES: Final = ("strength", "concern", "mixed", "neutral")
_ANY: Final = '<option value="">all</option>'
_NONE: Final = "-"
"""Stands for "not set" in what the filters look at."""


def filters(facts: ReportFacts) -> str:
    """Return the form that narrows the list; it is shown by the script that makes it work."""
    statements = [(s.id, f"{s.number}. {s.title.text}") for s in facts.framework.statements]
    categories = [(c or _NONE, name) for c, name in facts.categories.items()]
    polarities = [(p, p) for p in _POLARITIES] + [(_NONE, "not said")]
    papers = [(p.id, p.name) for p in facts.papers]
    return f"""<form id="filters" hidden>
<fieldset><legend>Show only</legend>
{_choice("f-s", "Statement", statements)}
{_choice("f-c", "Evidence category", categories)}
{_choice("f-p", "Strength or concern", polarities)}
{_choice("f-d", "Document", papers)}
<div><label for="f-t">With the words</label><input id="f-t" type="search" autocomplete="off"></div>
<div><button type="reset">Show all</button></div>
</fieldset>
</form>
<p id="count" role="status" aria-live="polite"></p>
"""


def items(rows: Iterable[EvidenceRow], facts: ReportFacts, counted: list[int]) -> Iterator[str]:
    """Yield a list item for each passage; rows of one passage follow each other.

    Parameters
    ----------
    rows
        Confirmed rows.
    facts
        For titles and dates.
    counted
        One number, raised by each row.

    Raises
    ------
    ExportError
        A row is not a person's coding.
    """
    titles = {s.id: s.title.text for s in facts.framework.statements}
    titles |= {t.id: t.definition for t in facts.framework.topics}
    titles |= {i.id: i.wording.text for i in facts.framework.i_statements}
    titles |= facts.categories
    dates = {p.id: p.date for p in facts.papers}
    for _, group in groupby(rows, key=lambda row: row.passage.id):
        same = list(group)
        for row in same:
            check(row)
        counted[0] += len(same)
        yield _item(same, titles, dates.get(same[0].document.id, ""))


def _choice(key: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{safe(value)}">{safe(name)}</option>' for value, name in options)
    return f'<div><label for="{key}">{label}</label><select id="{key}">{_ANY}{listed}</select></div>'


def _item(rows: Sequence[EvidenceRow], titles: Mapping[str, str], date: str) -> str:
    row = rows[0]
    passage = row.passage
    statements = dict.fromkeys(s for r in rows for s in r.statements)
    kinds = dict.fromkeys(r.evidence_category or _NONE for r in rows)
    said = dict.fromkeys(r.polarity or _NONE for r in rows)
    asked = f'<p class="ask" dir="auto">In answer to: {safe(passage.context)}</p>' if passage.context else ""
    return (
        f'<li id="{safe(passage.id)}" data-s="{safe(" ".join(statements))}" data-c="{safe(" ".join(kinds))}" '
        f'data-p="{" ".join(said)}" data-d="{safe(row.document.id)}">{asked}'
        f'<blockquote dir="auto">{safe(passage.text)}</blockquote>'
        f'<p class="src">{_source(row, date)}</p>{_standing(row)}'
        f'<ul class="cod">{"".join(_coding(r, titles) for r in rows)}</ul></li>\n'
    )


def _source(row: EvidenceRow, date: str) -> str:
    passage = row.passage
    place = passage.location.label()
    pieces = [
        f'<a href="#d-{safe(row.document.id)}"><bdi>{safe(row.document.name)}</bdi></a>',
        *([safe(place)] if place else []),
        f"characters {passage.span.start:,} to {passage.span.end:,}",
        f"dated {day(date)}" if date else "undated",
        f"<code>{safe(passage.id)}</code>",
    ]
    if row.also_in:
        pieces.append(f"the same words also in {safe('; '.join(row.also_in))}")
    return ", ".join(pieces)


def _standing(row: EvidenceRow) -> str:
    if row.withdrawn:
        return '<p class="not"><b>Not counted:</b> the document was withdrawn.</p>'
    if row.superseded:
        return (
            '<p class="not"><b>Not counted:</b> a newer version replaced the document, and these words '
            "were not found in it unchanged.</p>"
        )
    return ""


def _coding(row: EvidenceRow, titles: Mapping[str, str]) -> str:
    def named(codes: Iterable[str]) -> str:
        return safe("; ".join(titles.get(code, code) for code in codes))

    pieces = [f"<b>{named(row.statements)}</b>"]
    if row.evidence_category:
        pieces.append(named([row.evidence_category]))
    if row.polarity:
        pieces.append(row.polarity)
    if row.topics:
        pieces.append(f"topics: {named(row.topics)}")
    if row.i_statements:
        pieces.append(f"I statements: {named(row.i_statements)}")
    if row.note:
        pieces.append(f"note: <bdi>{safe(row.note)}</bdi>")
    came = " on an earlier version with the same words" if row.carried_from else ""
    by = f"confirmed by <bdi>{safe(row.coder or '')}</bdi>, {day(row.decided_at or '')}{came}"
    return f"<li>{' · '.join([*pieces, by])}</li>"
