"""Where evidence is missing."""

from __future__ import annotations

from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.gap import Gap, GapKind
from evidence_mapper.domain.project import CellCount, Matrix
from evidence_mapper.domain.wording import counted
from evidence_mapper.store.base import Store


def find_gaps(framework: Framework, matrix: Matrix, *, minimum: int = 1) -> list[Gap]:
    """Return gaps, the ones that matter most first.

    A statement and evidence category is a gap while fewer than ``minimum`` passages are confirmed
    there; a topic is one while nothing is confirmed. Categories the framework requires of every
    statement come first, then gaps with the least expected evidence among the suggestions, then
    framework order; topics follow the same rule after the categories.

    Parameters
    ----------
    framework
        The project's framework.
    matrix
        Counts of evidence.
    minimum
        Confirmed passages that close a category gap, at least 1.
    """
    cells = [
        _gap(
            GapKind.CATEGORY,
            statement.id,
            matrix.cell(statement.id, c.id),
            category=c.id,
            required=c.required,
        )
        for statement in framework.statements
        for c in framework.evidence_categories
        if matrix.cell(statement.id, c.id).confirmed < minimum
    ]
    topics = [
        _gap(GapKind.TOPIC, topic.statement_id, count, topic=topic.id)
        for topic in framework.topics
        if (count := matrix.topics.get(topic.id, CellCount())).confirmed < 1
    ]
    return sorted(cells, key=_importance) + sorted(topics, key=_importance)


def unseen(store: Store) -> list[str]:
    """Return lines on what the counts cannot know: text not read, passages without a suggestion.

    An empty cell says nothing about these.
    """
    lines = []
    run = store.current_run()
    waiting = store.unsuggested_count(run[0]) if run else store.passage_count()
    if waiting:
        have = "has" if waiting == 1 else "have"
        lines.append(f"{counted(waiting, 'passage')} {have} no suggestion yet: evidence-mapper suggest")
    refused = sum(r.may_hold_evidence for r in store.refusals())
    pages = sum(len(d.unread_pages) for d in store.document_progress(""))
    if refused or pages:
        parts = [counted(n, noun) for n, noun in ((refused, "file"), (pages, "page")) if n]
        are = "is" if refused + pages == 1 else "are"
        lines.append(
            f"{' and '.join(parts)} could not be read and {are} not counted: evidence-mapper documents"
        )
    return lines


def _gap(
    kind: GapKind,
    statement: str,
    count: CellCount,
    *,
    category: str | None = None,
    topic: str | None = None,
    required: bool = False,
) -> Gap:
    return Gap(
        kind=kind,
        statement=statement,
        category=category,
        topic=topic,
        confirmed=count.confirmed,
        suggested=count.suggested,
        expected=round(count.expected, 2),
        required=required,
    )


def _importance(gap: Gap) -> tuple[bool, int, float]:
    return (not gap.required, gap.confirmed, gap.expected)
