"""What is looked up from the review, read out line by line: each returns where to go on.

A place is a queue to show, a passage to open, or None for where the person was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from evidence_mapper.cli.plain import place_words as told
from evidence_mapper.cli.plain.lines import Lines, numbers_in
from evidence_mapper.domain.project import DocumentProgress, QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.document_facts import shown_date
from evidence_mapper.workflow.review import ReviewSession

if TYPE_CHECKING:
    from evidence_mapper.domain.framework import Framework
    from evidence_mapper.domain.project import CellCount, Matrix
    from evidence_mapper.workflow.project import Project

Place = QueueFilter | str | None

_HITS: Final = 10
_FLAGS: Final = 50
_MANY: Final = 20
_WHICH: Final = {"a": (None, "all passages"), "c": (True, "confirmed only"), "s": (False, "suggested only")}
_AFTER_SEARCH: Final = (
    "number opens, m more, a all, c confirmed only, s suggested only, other words search anew, "
    "nothing goes back:"
)
_SORTS: Final = ("as added", "by name", "most left first", "newest first")


def _number(answer: str, most: int) -> int | None:
    numbers = numbers_in(answer) or []
    return numbers[0] if len(numbers) == 1 and 1 <= numbers[0] <= most else None


def search(lines: Lines, session: ReviewSession, query: str) -> Place:
    """Search every passage by words and by meaning."""
    query = query or lines.ask("Search for; nothing goes back:")
    which, limit = "a", _HITS
    while query:
        confirmed, words = _WHICH[which]
        lines.say(f"Searching {words} for “{one_line(query)}”.")
        where = replace(QueueFilter(state=ReviewState.ANY), confirmed=confirmed)
        found = session.search(query, where=where, limit=limit)
        lines.say(*map(one_line, found.notices))
        lines.say(*(line for n, hit in enumerate(found.hits, 1) for line in told.hit_lines(n, hit)))
        if not found.hits:
            lines.say("Nothing was found.")
        answer = lines.ask(_AFTER_SEARCH)
        if (number := _number(answer, len(found.hits))) is not None:
            return found.hits[number - 1].passage.id
        if answer.lower() == "m":
            limit += _HITS
        elif answer.lower() in _WHICH:
            which = answer.lower()
        elif numbers_in(answer) is None:
            query, limit = answer, _HITS
        else:
            lines.say(f"There is no passage {answer} in the list.")
    return None


def documents(lines: Lines, session: ReviewSession, part: str) -> Place:
    """List the documents, open one's passages, or say what its newest version changed."""
    rows, order = session.documents(), _SORTS[0]
    if not rows:
        lines.say("No documents yet. q leaves; then: evidence-mapper add FOLDER")
        return None
    lines.say(*session.left_out())
    if not part and len(rows) > _MANY:
        part = lines.ask(f"{len(rows):,} documents. Part of the name, or nothing for all:")
    while True:
        shown = [r for r in _sorted(rows, order) if part.lower() in r.document.name.lower()]
        if not shown:
            lines.say(f"No document has “{one_line(part)}” in its name.")
            part = lines.ask("Part of the name, or nothing for all:")
            continue
        lines.say(f"{counted(len(shown), 'document')}, {order}:")
        lines.say(*(line for n, row in enumerate(shown, 1) for line in told.document_lines(n, row)))
        while True:
            answer = lines.ask("number opens its passages, v NUMBER versions, o order, nothing goes back:")
            if not answer:
                return None
            if answer.lower() == "o":
                order = _SORTS[(_SORTS.index(order) + 1) % len(_SORTS)]
                break
            if (number := _number(answer.lower().removeprefix("v"), len(shown))) is None:
                lines.say(f"Not understood: {answer}. Numbers are 1 to {len(shown)}.")
            elif answer.lower().startswith("v"):
                here = shown[number - 1].document
                lines.say(told.version_words(here.name, *session.versions(here.id)))
            else:
                return QueueFilter(state=ReviewState.ANY, document_id=shown[number - 1].document.id)


def _sorted(rows: list[DocumentProgress], order: str) -> list[DocumentProgress]:
    if order == "by name":
        return sorted(rows, key=lambda row: row.document.name.casefold())
    if order == "most left first":
        return sorted(rows, key=lambda row: row.decided - row.passages)
    return sorted(rows, key=lambda row: shown_date(row.facts), reverse=True) if "newest" in order else rows


def flags(lines: Lines, session: ReviewSession) -> Place:
    """Read what is put to a colleague's notice."""
    where = QueueFilter(state=ReviewState.ANY, flagged=True)
    count = session.count(where, QueueOrder.DOCUMENT, anew=True)
    rows = session.page(where, QueueOrder.DOCUMENT, 0, _FLAGS)
    lines.say(f"{counted(count, 'passage')} flagged.")
    for number, row in enumerate(rows, 1):
        lines.say(*told.flag_lines(number, session.card(row.passage_id)))
    if not rows:
        return None
    if count > len(rows):
        lines.say(f"The first {len(rows)} are listed; a goes through all.")
    while answer := lines.ask("number opens, a goes through all of them, nothing goes back:"):
        if answer.lower() == "a":
            return where
        if (chosen := _number(answer, len(rows))) is not None:
            return rows[chosen - 1].passage_id
        lines.say(f"Not understood: {answer}. Numbers are 1 to {len(rows)}.")
    return None


def matrix(lines: Lines, session: ReviewSession) -> Place:
    """Read how much is confirmed and suggested of each statement, and of one in detail."""
    counts, framework = session.matrix(), session.framework
    lines.say("Evidence by statement; confirmed by a person, suggested by the model.")
    lines.say(*told.statement_lines(framework, counts, session.today()))
    prompt = "number reads a statement, i I statements, nothing goes back:"
    while answer := lines.ask(prompt):
        if answer.lower() == "i":
            place = _spoken(lines, framework, counts, session.today())
        elif (number := _number(answer, len(framework.statements))) is not None:
            place = _statement(lines, framework, counts, framework.statements[number - 1].id)
        else:
            lines.say(f"Not understood: {answer}. Statements are 1 to {len(framework.statements)}.")
            continue
        if place is not None:
            return place
    return None


def _statement(lines: Lines, framework: Framework, counts: Matrix, statement: str) -> QueueFilter | None:
    """Read a statement's categories, topics and I statements; return the queue of the one chosen."""
    whole = QueueFilter(state=ReviewState.ANY, statement=statement)
    options: list[tuple[str, CellCount, QueueFilter]] = [
        ("All categories", counts.row(statement), whole),
        *(
            (f"{name}{told.required(framework, c)}", counts.cell(statement, c), replace(whole, category=c))
            for c, name in counts.categories(framework).items()
        ),
    ]
    any_state = QueueFilter(state=ReviewState.ANY)
    options += [
        (f"Topic: {t.definition}", told.of(counts.topics, t.id), replace(any_state, topic=t.id))
        for t in framework.topics_of(statement)
    ]
    options += [
        (
            f"I statement: {i.wording.text}",
            told.of(counts.i_statements, i.id),
            replace(any_state, i_statement=i.id),
        )
        for i in framework.i_statements_of(statement)
    ]
    lines.say(f"{framework.statement(statement).title.text}:")
    return _choose(lines, options)


def _spoken(lines: Lines, framework: Framework, counts: Matrix, today: str) -> QueueFilter | None:
    any_state = QueueFilter(state=ReviewState.ANY)
    lines.say("Evidence by I statement:")
    return _choose(
        lines,
        [
            (i.wording.text, told.of(counts.i_statements, i.id), replace(any_state, i_statement=i.id))
            for i in framework.i_statements
        ],
        [told.age(counts.i_newest.get(i.id), today) for i in framework.i_statements],
    )


def _choose(
    lines: Lines, options: Sequence[tuple[str, CellCount, QueueFilter]], more: Sequence[str] = ()
) -> QueueFilter | None:
    ages = more or [""] * len(options)
    for number, ((name, count, _), age) in enumerate(zip(options, ages, strict=True), 1):
        lines.say(f"{number}. {one_line(name)}: {told.count_words(count)}{age}.")
    while answer := lines.ask("number opens its passages, nothing goes back to the statements:"):
        chosen = _number(answer, len(options))
        if chosen is None:
            lines.say(f"Not understood: {answer}. Numbers are 1 to {len(options)}.")
        elif options[chosen - 1][1].confirmed or options[chosen - 1][1].suggested:
            return options[chosen - 1][2]
        else:
            lines.say("A gap: nothing confirmed and nothing suggested.")
    return None


def unseen(lines: Lines, session: ReviewSession) -> Place:
    """Read the estimate of what nobody has seen, and offer the sample to read."""
    lines.say("Adding up the probabilities of what nobody has decided on.")
    found = session.remaining()
    lines.say(*told.remaining_lines(session.framework, found))
    if found.sample is None or not found.waiting or found.problem:
        return None
    if not lines.ask_yes(f"Read the {counted(found.waiting, 'passage')} of the sample that wait?"):
        return None
    return QueueFilter(state=ReviewState.TO_REVIEW, sample=found.sample.id)


def cases(lines: Lines, project: Project) -> Place:
    """Read what each case's record shows of the I statements; open a case's passages, or those of one."""
    from evidence_mapper.workflow.case_coverage import case_matrix

    found = case_matrix(project)
    if not found:
        lines.say("No cases yet. q leaves; then: evidence-mapper case group --by-folder FOLDER")
        return None
    lines.say(*(told.case_words(n, case) for n, case in enumerate(found, 1)))
    while (number := lines.ask_number("Case, by its number; nothing goes back:", len(found))) is not None:
        case = found[number - 1]
        lines.say(*(told.shown_words(n, case, shown) for n, shown in enumerate(case.shown, 1)))
        while answer := lines.ask(
            "number opens the passages of an I statement, a all of the case, nothing goes back:"
        ):
            place = _number(answer, len(case.shown))
            if answer.lower() == "a":
                ids = tuple(p.id for p in case.file.passages)
            elif place is None:
                lines.say(f"Not understood: {answer}. Numbers are 1 to {len(case.shown)}.")
                continue
            else:
                shown = case.shown[place - 1]
                ids = tuple(item.passage.id for item in (*shown.confirmed, *shown.suggested))
            if ids:
                return QueueFilter(state=ReviewState.ANY, passages=ids)
            lines.say("Silent: no passage is confirmed or suggested here.")
    return None
