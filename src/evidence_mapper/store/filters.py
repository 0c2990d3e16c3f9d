"""Conditions that say which passages a queue filter leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, and_, exists, func, or_, select, true, union

from evidence_mapper.domain.agreement import Settlement
from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Verdict
from evidence_mapper.domain.project import QueueFilter
from evidence_mapper.store import schema
from evidence_mapper.store.flags import flagged
from evidence_mapper.store.ranking import CONFIRM_AGAIN
from evidence_mapper.store.successors import followed
from evidence_mapper.store.suggestions import I_STATEMENT, STATEMENT, TOPIC

ITEMS: Final = schema.queue_items.c

_LAST_DAY: Final = "0000-12-31"
"""What a date without a day, or without a month, is filled up with to give its last day."""

# Under a name of its own: queries of the queue already join a coder's decisions.
_anyone: Final = schema.decisions.alias("anyone")


def undecided(number: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that nobody has decided on a passage; UNSURE leaves it undecided."""
    held = _anyone.c
    return ~exists().where(held.passage_number == number, held.outcome != Outcome.UNSURE.value)


def suggested(run_number: int | None, kind: str, code: str) -> Select[Any]:
    """Return the query of passages a code is suggested for in a run."""
    s = schema.suggested_codes.c
    return select(s.passage_number).where(s.run_number == run_number, s.kind == kind, s.code == code)


def coded(kind: str, code: str, category: str | None = None) -> Select[Any]:
    """Return the query of passages any coder accepted a code for; None for any category."""
    c = schema.codings.c
    query = select(c.passage_number).where(
        c.kind == kind, c.code == code, c.verdict == Verdict.ACCEPTED.value
    )
    return query if category is None else query.where(c.evidence_category == category)


def conditions(
    where: QueueFilter,
    run_number: int | None,
    settlements: Mapping[int, Settlement] | None = None,
    *,
    of: int | None = None,
) -> list[ColumnElement[bool]]:
    """Return the filter's conditions on ``queue_items``, all but the coder's state.

    ``confirmed`` agrees with the matrix: True leaves passages with a coding in that cell by any
    coder, or settled so, False those suggested for it that nobody has decided on; both of newest
    revisions only. ``settlements`` are those that stand, by the keys of their passages.

    ``of`` is the key of the only passage that is asked about: what is suggested and coded is then not gone
    through for all of them. None asks of every passage.
    """
    found = _coding(where, run_number, of)
    if where.confirmed is True and settlements:
        so = [number for number, s in settlements.items() if _settled_so(s.decision, where)]
        number = ITEMS.passage_number
        found = [or_(and_(number.not_in(list(settlements)), *found), number.in_(so))]
    if where.confirmed is not None:
        found.append(ITEMS.live == 1)
    if where.confirmed is False:
        found.append(undecided(ITEMS.passage_number))
    found += _document(where, of)
    if where.text:
        found.append(_contains(where.text))
    if where.decided_by is not None:
        held = _anyone.c
        by_coder = and_(held.passage_number == ITEMS.passage_number, held.coder == where.decided_by)
        found.append(exists().where(by_coder))
    if where.sample is not None:
        found.append(ITEMS.passage_number.in_(_sampled(where.sample)))
    if where.passages is not None:
        p = schema.passages.c
        found.append(ITEMS.passage_number.in_(select(p.number).where(p.id.in_(where.passages))))
    if where.min_probability is not None:
        found.append(_likely_from(where.min_probability, run_number))
    if where.flagged is not None:
        found.append(_flagged(on=where.flagged))
    return found


def _coding(where: QueueFilter, run_number: int | None, of: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions on what a passage is coded with, or suggested for."""
    found = [_among([_only(query, of) for query in queries]) for queries in _codes(where, run_number)]
    if where.confirmed is True and not (where.statement or where.topic or where.i_statement):
        found.append(_has_coded())
    if where.category is not None:
        found.append(_category(where))
    return found


def _settled_so(decision: Decision, where: QueueFilter) -> bool:
    """Return whether what was settled lies in the cell that is asked for."""
    return (
        bool(decision.accepted())
        and (where.statement is None or where.statement in decision.accepted())
        and (where.topic is None or where.topic in decision.topics)
        and (where.i_statement is None or where.i_statement in decision.i_statements)
        and (where.category is None or where.category == (decision.evidence_category or ""))
    )


def _document(where: QueueFilter, of: int | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on the document a passage is of."""
    d, p = schema.documents.c, schema.passages.c
    its = None if of is None else select(p.document_number).where(p.number == of).scalar_subquery()
    if where.document_id is not None:
        one = select(d.number).where(d.id == where.document_id).scalar_subquery()
        yield ITEMS.document_number == one
    if where.source_type is not None:
        of_type = select(d.number).where(d.source_type == where.source_type)
        yield ITEMS.document_number.in_(_only(of_type, its))
    if where.dated_from or where.dated_to:
        yield ITEMS.document_number.in_(_only(_dated(where.dated_from, where.dated_to), its))


def _codes(where: QueueFilter, run_number: int | None) -> Iterator[list[Select[Any]]]:
    """Yield, for each code asked for, the queries of the passages it is suggested for or coded with."""
    codes = ((STATEMENT, where.statement), (TOPIC, where.topic), (I_STATEMENT, where.i_statement))
    for kind, code in codes:
        if code is None:
            continue
        if where.confirmed is True:
            yield [coded(kind, code, where.category)]
        elif where.confirmed is False:
            yield [suggested(run_number, kind, code)]
        else:
            yield [suggested(run_number, kind, code), coded(kind, code)]


def _among(queries: list[Select[Any]]) -> ColumnElement[bool]:
    """Return the condition that a passage is found by one of the queries."""
    return ITEMS.passage_number.in_(queries[0] if len(queries) == 1 else union(*queries))


def _only(query: Select[Any], key: Any) -> Select[Any]:  # noqa: ANN401 - a number, or a query of one
    """Return a query of keys that looks for one of them alone; None looks for all."""
    return query if key is None else query.where(query.selected_columns[0] == key)


def _has_coded(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    held = _anyone.c
    mine = and_(held.passage_number == ITEMS.passage_number, held.outcome == Outcome.CODED.value)
    return exists().where(mine, *more)


def _category(where: QueueFilter) -> ColumnElement[bool]:
    """Return: coded with the category, or coded with none and suggested with it."""
    held = _anyone.c
    by_person = _has_coded(func.coalesce(held.evidence_category, "") == where.category)
    if where.confirmed is True:
        return by_person
    by_machine = ITEMS.suggested_category == where.category
    return or_(by_person, and_(by_machine, ~_has_coded(held.evidence_category.is_not(None))))


def _contains(term: str) -> ColumnElement[bool]:
    """Return the condition that a passage contains a text in any case; %, _ and / mean themselves."""
    p = schema.passages.c
    haystack = func.coalesce(p.folded, p.text)
    return exists().where(
        p.number == ITEMS.passage_number, haystack.icontains(term.casefold(), autoescape=True)
    )


def _dated(earliest: str | None, latest: str | None) -> Select[Any]:
    """Return the query of documents whose date may lie in a range: a month is in a year it is part of."""
    facts, current = schema.document_facts.c, schema.current_revisions.c
    pair = func.json_each(facts.metadata).table_valued("value", name="pair")
    date = func.json_extract(pair.c.value, "$[1]", type_=Text)
    query = (
        select(current.document_number)
        .join_from(
            schema.current_revisions, schema.document_facts, facts.revision_number == current.revision_number
        )
        .join(pair, func.json_extract(pair.c.value, "$[0]") == "date")
    )
    if earliest:
        last_day = date.concat(func.substr(_LAST_DAY, func.length(date) + 1))
        query = query.where(last_day >= earliest)
    if latest:
        query = query.where(date <= latest + _LAST_DAY[len(latest) :])
    return query


def _sampled(subject: str) -> Select[Any]:
    """Return the query of the passages an entry drew."""
    e, p = schema.events.c, schema.passages.c
    drawn = func.json_each(e.payload, "$.passages").table_valued("value", name="drawn")
    ids = select(drawn.c.value).join_from(schema.events, drawn, true())
    ids = ids.where(e.action == EventAction.SAMPLE.value, e.subject == subject)
    # A new version takes over what was drawn of the one before.
    reached = followed(select(p.id.label("first"), p.number).where(p.id.in_(ids)))
    return select(reached.c.number)


def _likely_from(probability: float, run_number: int | None) -> ColumnElement[bool]:
    """Return the condition that the most likely statement of a passage is at least so likely."""
    s = schema.suggestions.c
    again = exists().where(
        s.run_number == run_number,
        s.passage_number == ITEMS.passage_number,
        s.top_probability >= probability,
    )
    by_key = and_(ITEMS.likely_key > CONFIRM_AGAIN, ITEMS.likely_key <= -probability)
    return or_(by_key, and_(ITEMS.likely_key == CONFIRM_AGAIN, again))


def _flagged(*, on: bool) -> ColumnElement[bool]:
    p = schema.passages.c
    among = ITEMS.passage_number.in_(select(p.number).where(p.id.in_(flagged())))
    return among if on else ~among
