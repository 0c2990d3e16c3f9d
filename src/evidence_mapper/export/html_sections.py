"""The parts of the report's page that count: coverage, strengths, ages, I statements, gaps, who confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.framework import Statement
from evidence_mapper.domain.gap import GapKind
from evidence_mapper.domain.shown import HIDDEN, Shown, ShownCount, ShownGap, words
from evidence_mapper.domain.wording import counted
from evidence_mapper.export.html_charts import Said, dots, opposed, spread
from evidence_mapper.export.html_facts import ReportFacts
from evidence_mapper.export.html_text import Block, Cell, day, safe, table

_BANDS: Final = ((0, "○", "b0", "none"), (2, "◔", "b1", "1 or 2"), (9, "◑", "b2", "3 to 9"))
_MANY: Final = ("●", "b3", "10 or more")
_UNKNOWN: Final = ("◔", "b1", "1 to 9")
"""Of a hidden count: its band must not tell it apart from another hidden one."""

_WAITING: Final = "waiting: suggested by the program, not yet read by a person, and not evidence until then"


def coverage(facts: ReportFacts) -> str:
    """Return the heat map of statements by evidence category."""
    names = facts.categories
    required = {c.id for c in facts.framework.evidence_categories if c.required}
    columns = ["Statement"]
    columns += [
        safe(name) + (' <span class="soft">(required)</span>' if c in required else "")
        for c, name in names.items()
    ]
    rows = [
        [
            Cell(_named(s)),
            *(_heat(facts.matrix.cell(s.id, c)) for c in names),
            _heat(facts.matrix.row(s.id), "sum"),
        ]
        for s in facts.framework.statements
    ]
    return f"<p>{_key(facts)}</p>\n" + table(
        "Confirmed passages by statement and evidence category", [*columns, "All"], [Block(rows)], css="heat"
    )


def topics(facts: ReportFacts) -> str:
    """Return the heat map by topic, under the statement each belongs to."""
    blocks = []
    for s in facts.framework.statements:
        counts = [
            (t.definition, facts.matrix.topics.get(t.id, ShownCount()))
            for t in facts.framework.topics_of(s.id)
        ]
        if counts:
            blocks.append(Block([_topic(name, count) for name, count in counts], _named(s)))
    if not blocks:
        return "<p>This framework has no topics.</p>\n"
    columns = ["Topic", "Confirmed", "Strengths", "Concerns"]
    return table("Confirmed passages by topic", columns, blocks, css="heat")


def strengths(facts: ReportFacts) -> str:
    """Return strengths against concerns: a chart and its table."""
    counts = [(s, facts.matrix.row(s.id)) for s in facts.framework.statements]
    said = Said(
        "c-strengths",
        "Strengths against concerns by statement",
        f"Strengths: {spread([(_plain(s), c.strengths) for s, c in counts])}. "
        f"Concerns: {spread([(_plain(s), c.concerns) for s, c in counts])}. "
        "All figures are in the table that follows.",
    )
    chart = opposed(said, [(_plain(s), c.concerns, c.strengths) for s, c in counts])
    rows = [[Cell(_named(s)), *map(_n, (c.concerns, c.strengths, c.confirmed))] for s, c in counts]
    lead = (
        "<p>A passage that a person marked as mixed counts as a strength and as a concern; one marked "
        "neutral, or not marked, as neither. More strengths than concerns is no rating.</p>\n"
    )
    columns = ["Statement", "Concerns", "Strengths", "All confirmed"]
    return lead + chart + table("Strengths and concerns by statement", columns, [Block(rows)])


def ages(facts: ReportFacts) -> str:
    """Return how old the evidence is: a chart and its table."""
    found, statements = facts.ages, facts.framework.statements
    lines = [(s, found.rows.get(s.id, [0] * len(found.columns))) for s in statements]
    said = Said(
        "c-ages",
        "Confirmed passages by the year of their document",
        f"One line a statement, one column for each of: {', '.join(found.columns)}. "
        "The larger the dot, the more passages. All figures are in the table that follows.",
    )
    chart = dots(said, found.columns, [(_plain(s), counts) for s, counts in lines])
    ends = bool(found.oldest)
    columns = ["Statement", *map(safe, found.columns), *(["Oldest", "Newest"] if ends else [])]
    rows = []
    for s, counts in lines:
        pair = [found.oldest.get(s.id, ""), found.newest.get(s.id, "")] if ends else []
        rows.append([Cell(_named(s)), *map(_n, counts), *(Cell(day(at) if at else "–") for at in pair)])
    lead = (
        "<p>By the date found in the document, its properties or its name; undated documents stand apart. "
        "The date of a document is not the date of what it tells of.</p>\n"
    )
    return lead + chart + table("Confirmed passages by year of the document", columns, [Block(rows)])


def i_statements(facts: ReportFacts) -> str:
    """Return what people should be able to say, with the evidence on it."""
    framework = facts.framework
    if not framework.i_statements:
        return "<p>This framework has no I statements.</p>\n"
    titles = {s.id: _plain(s) for s in framework.statements}
    rows = [
        [
            Cell(safe(i.wording.text)),
            Cell(safe("; ".join(titles.get(s, s) for s in i.statement_ids))),
            _heat(facts.matrix.i_statements.get(i.id, ShownCount())),
        ]
        for i in framework.i_statements
    ]
    return table(
        "Confirmed passages by I statement", ["I statement", "Serves", "Confirmed"], [Block(rows)], css="heat"
    )


def gaps(facts: ReportFacts) -> str:
    """Return where evidence is missing, people's experience first."""
    cells = [g for g in facts.gaps if g.gap.kind is GapKind.CATEGORY]
    missing = [g for g in facts.gaps if g.gap.kind is GapKind.TOPIC]
    titles = {s.id: _named(s) for s in facts.framework.statements}
    definitions = {t.id: safe(t.definition) for t in facts.framework.topics}
    first = ["Evidence category", "Statement"]
    names = {c: safe(name) for c, name in facts.categories.items()}
    shown = [
        [
            Cell(names.get(g.gap.category or "", "") + (" (required)" if g.gap.required else "")),
            Cell(titles[g.gap.statement]),
            *_gap(g),
        ]
        for g in cells
    ]
    lead = (
        f"<p>Where nothing is confirmed: {counted(len(cells), 'cell')} of statement and evidence category, "
        f"and {counted(len(missing), 'topic')}. "
        "What a framework requires of every statement comes first. A gap says that nobody has confirmed "
        "evidence in these documents, not that there is none. Waiting: suggested and not yet read; likely: "
        "how many of those a reader would probably confirm.</p>\n"
    )
    parts = [lead]
    if shown:
        parts.append(
            table("Statements without evidence of a category", [*first, *_GAP_COLUMNS], [Block(shown)])
        )
    if missing:
        rows = [
            [Cell(definitions[g.gap.topic or ""]), Cell(titles[g.gap.statement]), *_gap(g)] for g in missing
        ]
        parts.append(table("Topics without evidence", ["Topic", "Statement", *_GAP_COLUMNS], [Block(rows)]))
    return "".join(parts)


def people(facts: ReportFacts) -> str:
    """Return who confirmed what, and when."""
    rows = [[Cell(safe(p.name)), _n(p.passages), Cell(day(p.first)), Cell(day(p.last))] for p in facts.people]
    columns = ["Confirmed by", "Passages", "First", "Last"]
    return table("Who confirmed the evidence", columns, [Block(rows)]) if rows else ""


def papers(facts: ReportFacts) -> Iterator[str]:
    """Yield the documents that evidence comes from, with what proves that a file is the one that was read."""
    rows = [
        [
            Cell(f'<span id="d-{safe(p.id)}">{safe(p.name)}</span>'),
            Cell(day(p.date) if p.date else "undated"),
            Cell(safe(p.source_type.replace("-", " "))),
            _n(p.passages),
            Cell(f"<code>{safe(p.file_sha256.removeprefix('sha256:'))}</code>"),
        ]
        for p in facts.papers
    ]
    columns = ["Document", "Dated", "Kind", "Passages", "SHA-256 of the file"]
    yield table("Documents that confirmed evidence comes from", columns, [Block(rows)], css="papers")


_GAP_COLUMNS: Final = ("Standing", "Waiting", "Likely")


def _gap(found: ShownGap) -> list[Cell]:
    expected = "–" if found.expected is None else f"{found.expected:.1f}"
    return [Cell(safe(found.gap.standing.value)), _n(found.suggested), Cell(expected, "n")]


def _topic(name: str, count: ShownCount) -> list[Cell]:
    return [Cell(safe(name)), _heat(count), _n(count.strengths), _n(count.concerns)]


def _heat(count: ShownCount, css: str = "") -> Cell:
    mark, band, _ = _band(count.confirmed)
    waiting = "" if count.suggested == 0 else f' <span class="soft">+{words(count.suggested)} waiting</span>'
    html = f'<span aria-hidden="true">{mark}</span> <b>{words(count.confirmed)}</b>{waiting}'
    return Cell(html, f"{band} {css}".strip())


def _band(count: Shown) -> tuple[str, str, str]:
    if count is None:
        return _UNKNOWN
    return next(((mark, css, name) for top, mark, css, name in _BANDS if count <= top), _MANY)


def _key(facts: ReportFacts) -> str:
    bands = [(mark, name) for _, mark, _, name in _BANDS] + [(_MANY[0], _MANY[2])]
    if facts.applied:
        bands = [bands[0], (_UNKNOWN[0], f"{_UNKNOWN[2]}, hidden as {HIDDEN}"), bands[-1]]
    marks = ", ".join(f"{mark} {name}" for mark, name in bands)
    return f"Each cell: passages a person confirmed ({marks}); then +{_WAITING}."


def _n(count: Shown) -> Cell:
    return Cell(words(count), "n")


def _plain(statement: Statement) -> str:
    return f"{statement.number}. {statement.title.text}"


def _named(statement: Statement) -> str:
    return safe(_plain(statement))
