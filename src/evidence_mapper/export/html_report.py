"""The report: one page for people, that needs nothing else and can run nothing but its own few lines.

UTF-8, LF. No address of anything outside is loaded, and the page's own policy forbids it: the one style
sheet and the one script in it are named by their hashes, so that nothing in a quote could run even if it
became markup. The same facts and rows give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.domain.shown import words
from evidence_mapper.export import html_sections as sections
from evidence_mapper.export.html_evidence import filters, items
from evidence_mapper.export.html_facts import ReportFacts
from evidence_mapper.export.html_text import day, safe

_HERE: Final = Path(__file__)
_NONE_YET: Final = "Nothing is confirmed yet."
_NONE_MEETS: Final = "Nothing that is confirmed meets this."
_LONG: Final = 500
"""Passages from which the list is long."""

_LIMITS: Final = (
    "Evidence here is what a person read and confirmed. What the program suggested is waiting, not evidence.",
    "Nothing here is a score or a rating, and none is predicted. Counts do not say how good evidence is.",
    "A passage with two statements counts under each; the same words in two documents count twice.",
)
_TITLES: Final = (
    ("coverage", "Coverage by statement and evidence category"),
    ("gaps", "Gaps"),
    ("strengths", "Strengths against concerns"),
    ("ages", "How old the evidence is"),
    ("topics", "Coverage by topic"),
    ("i-statements", "I statements"),
    ("evidence", "Confirmed evidence"),
    ("documents", "Documents"),
)


def write_report(rows: Iterable[EvidenceRow], stream: BinaryIO, facts: ReportFacts) -> int:
    """Write the page and return how many rows are in it.

    Parameters
    ----------
    rows
        Confirmed rows in the order of the list, those of one passage together. After disclosure control
        none is read.
    stream
        Left open.
    facts
        The rest of the page.

    Raises
    ------
    ExportError
        A row is not a person's coding.
    """
    counted = [0]
    stream.writelines(piece.encode() for piece in _page(rows, facts, counted))
    return counted[0]


def _page(rows: Iterable[EvidenceRow], facts: ReportFacts, counted: list[int]) -> Iterator[str]:
    style, script = _own("report_page.css"), _own("report_page.js")
    listed = not facts.applied
    yield _head(facts, style, script if listed else "")
    yield _front(facts)
    made = {
        "coverage": sections.coverage,
        "gaps": sections.gaps,
        "strengths": sections.strengths,
        "ages": sections.ages,
        "topics": sections.topics,
        "i-statements": sections.i_statements,
    }
    for key, title in _TITLES:
        if key in made:
            yield _section(key, title, made[key](facts))
    if listed:
        yield from _listed(rows, facts, counted)
    yield f"</main>\n<footer>{_foot(facts)}</footer>\n"
    if listed:
        yield f"<script>{script}</script>\n"
    yield "</body>\n</html>\n"


def _listed(rows: Iterable[EvidenceRow], facts: ReportFacts, counted: list[int]) -> Iterator[str]:
    titles = dict(_TITLES)
    yield '<section id="evidence">\n'
    yield f"<h2>{titles['evidence']}</h2>\n"
    for told in (facts.narrowed, facts.not_listed):
        if told:
            yield f'<p class="note">{safe(told)}</p>\n'
    if not facts.papers:
        yield f"<p>{_NONE_MEETS if facts.narrowed else _NONE_YET}</p>\n"
    elif not facts.not_listed:
        yield "<p>Every quote is verbatim; line breaks are those of the text that was read.</p>\n"
        yield filters(facts)
        # What is out of sight in a long list is not laid out until it is scrolled to.
        long = ' class="long"' if sum(paper.passages for paper in facts.papers) > _LONG else ""
        yield f'<ol id="list" role="list"{long}>\n'
        yield from items(rows, facts, counted)
        yield "</ol>\n"
    yield "</section>\n"
    if facts.papers:
        yield _section("documents", titles["documents"], "".join(sections.papers(facts)))


def _head(facts: ReportFacts, style: str, script: str) -> str:
    policy = f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"
    if script:
        policy += f"; script-src '{_hash(script)}'"
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{safe(f"Evidence report: {facts.framework.title}")}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
"""


def _front(facts: ReportFacts) -> str:
    shown = [t for t in _TITLES if not facts.applied or t[0] not in ("evidence", "documents")]
    shown = shown if facts.papers else [t for t in shown if t[0] != "documents"]
    links = "".join(f'<li><a href="#{key}">{title}</a></li>' for key, title in shown)
    applied = f'<p class="note"><b>Numbers protected.</b> {safe(facts.applied)}</p>' if facts.applied else ""
    left_out = " Quotes, names of documents and names of people are left out." if facts.applied else ""
    limits = "".join(f"<li>{line}{left_out if i == 0 else ''}</li>" for i, line in enumerate(_LIMITS))
    notes = "".join(f"<li>{safe(line)}</li>" for line in facts.notes)
    return f"""<header>
<h1>Evidence report</h1>
<p class="lead">{safe(facts.framework.title)}</p>
<p><b>{words(facts.passages)}</b> confirmed passages from <b>{words(facts.documents)}</b> documents, as the
project stood when it last changed, {day(facts.changed_at)}.</p>
{applied}</header>
<nav aria-label="Contents"><ol>{links}</ol></nav>
<main id="main" tabindex="-1">
<section id="read-first"><h2>Read first</h2>
<ul>{limits}{notes}</ul>
{sections.people(facts)}</section>
"""


def _section(key: str, title: str, body: str) -> str:
    return f'<section id="{key}"><h2>{title}</h2>\n{body}</section>\n'


def _foot(facts: ReportFacts) -> str:
    framework = facts.framework
    doubtful = "".join(f"<li>{safe(line)}</li>" for line in facts.unverified)
    told = f"<p>Not official text word for word:</p><ul>{doubtful}</ul>" if doubtful else ""
    return (
        f"<p>Framework {safe(framework.id)}, version {safe(framework.version)}. "
        f"{safe(framework.copyright)}</p>"
        f"{told}<p>Made by evidence-mapper on the council's own machine; this page loads nothing.</p>"
    )


def _own(name: str) -> str:
    return _HERE.with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
