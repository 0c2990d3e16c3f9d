"""What the newest version of a document did to the one before, and what people decided on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, case, distinct, exists, func, select

from evidence_mapper.domain.coding import Outcome
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import EarlierDecision
from evidence_mapper.domain.version import DocumentVersion, Fate, PassageFate, VersionChange
from evidence_mapper.store import events, recut, schema
from evidence_mapper.store.codec import loads
from evidence_mapper.store.copies import SOURCE_PATH
from evidence_mapper.store.queries import chunks, passage_select
from evidence_mapper.store.rows import decision_of, passage_of

_p, _e, _held, _r, _d = (
    schema.passages,
    schema.events,
    schema.decisions,
    schema.revisions,
    schema.documents,
)
_fates, _changes, _along, _cur = (
    schema.passage_fates,
    schema.version_changes,
    schema.carried,
    schema.current_revisions,
)
_ORDER: Final = {Fate.CHANGED: 0, Fate.VANISHED: 1, Fate.MOVED: 2, Fate.UNCHANGED: 3}


def every(connection: Connection, document_id: str) -> list[DocumentVersion]:
    """Return the versions of a document, in the order they were first read."""
    query = (
        select(
            _r.c.id,
            _r.c.file_sha256,
            _r.c.created_at,
            _r.c.extractor,
            func.count(distinct(case((_p.c.ordinal >= 0, _p.c.number)))).label("passages"),
            func.count(_held.c.sequence).label("decisions"),
            func.max(_cur.c.revision_number).label("newest"),
        )
        .join_from(_r, _d, _d.c.number == _r.c.document_number)
        .outerjoin(_cur, _cur.c.revision_number == _r.c.number)
        .outerjoin(_p, _p.c.revision_number == _r.c.number)
        .outerjoin(_held, _held.c.passage_number == _p.c.number)
        .where(_d.c.id == document_id)
        .group_by(_r.c.number)
        .order_by(_r.c.number)
    )
    return [
        DocumentVersion(
            revision_id=row.id,
            file_sha256=row.file_sha256,
            read_at=row.created_at,
            passages=row.passages,
            decisions=row.decisions,
            newest=row.newest is not None,
            reader=row.extractor,
        )
        for row in connection.execute(query)
    ]


def change(connection: Connection, document_id: str) -> VersionChange | None:
    """Return what the newest version did to the one before; None when there was none before."""
    found = _change(connection, document_id)
    if found is None:
        return None
    rows = connection.execute(_fate_rows(found.number)).all()
    before = [row for row in rows if row.old_revision == found.from_revision]
    counts = Counter(Fate(row.fate) for row in before)
    new = select(func.count()).where(
        _p.c.revision_number == found.to_revision,
        _p.c.ordinal >= 0,
        ~exists().where(
            _fates.c.change_number == found.number,
            _fates.c.new_number == _p.c.number,
        ),
    )
    decided = [row for row in rows if row.decided]
    return VersionChange(
        document_id=document_id,
        before=found.before,
        after=found.after,
        at=found.at,
        counts=tuple((fate, counts[fate]) for fate in Fate),
        new=int(connection.execute(new).scalar_one()),
        carried=_carried(connection, found.to_revision),
        to_confirm=sum(row.fate == Fate.CHANGED.value and not row.settled for row in decided),
        gone=sum(row.fate == Fate.VANISHED.value for row in decided),
    )


def fates(
    connection: Connection, document_id: str, *, decided: bool, kinds: Sequence[Fate]
) -> list[PassageFate]:
    """Return what became of passages at the newest change: those that need a person first.

    Parameters
    ----------
    decided
        Only passages with a decision that holds.
    kinds
        Which fates.
    """
    found = _change(connection, document_id)
    if found is None:
        return []
    wanted = {fate.value for fate in kinds}
    rows = [
        row
        for row in connection.execute(_fate_rows(found.number))
        if row.fate in wanted and (row.decided or not decided)
    ]
    rows.sort(key=lambda row: (not row.decided, _ORDER[Fate(row.fate)], row.old_ordinal))
    texts = _passages(connection, [n for row in rows for n in (row.old_number, row.new_number) if n])
    return [
        PassageFate(
            fate=Fate(row.fate),
            old=texts[row.old_number],
            new=texts.get(row.new_number),
            similarity=row.similarity,
            decisions=tuple(events.decisions(connection, texts[row.old_number].id)),
            settled=bool(row.settled),
        )
        for row in rows
    ]


def earlier(connection: Connection, passage_id: str) -> list[EarlierDecision]:
    """Return the decisions on what a passage said before its words were changed, latest first."""
    new = _p.alias("new")
    query: Select[Any] = (
        select(_fates.c.old_number, _fates.c.similarity, _e.c.coder, _e.c.at, _e.c.payload, _e.c.sequence)
        .join_from(_fates, new, new.c.number == _fates.c.new_number)
        .join(_held, _held.c.passage_number == _fates.c.old_number)
        .join(_e, _e.c.sequence == _held.c.sequence)
        .where(new.c.id == passage_id, _fates.c.fate == Fate.CHANGED.value)
        .order_by(_e.c.sequence.desc())
    )
    rows = {(row.coder, row.old_number): row for row in connection.execute(query)}
    texts = _passages(connection, [row.old_number for row in rows.values()])
    changed = [EarlierDecision(texts[r.old_number], decision_of(r), r.similarity) for r in rows.values()]
    return changed + recut.earlier(connection, passage_id)


def earlier_places(connection: Connection) -> dict[tuple[str, str], str]:
    """Return, by (file hash, path) of revisions that are not the newest, the name of their document."""
    facts, newest = schema.document_facts.c, exists().where(_cur.c.revision_number == _r.c.number)
    query = (
        select(_r.c.file_sha256, facts.metadata, _d.c.name)
        .join_from(_r, _d, _d.c.number == _r.c.document_number)
        .join(schema.document_facts, facts.revision_number == _r.c.number)
        .where(~newest)
        .order_by(_r.c.number)
    )
    rows = connection.execute(query).all()
    return {(row.file_sha256, str(dict(loads(row.metadata)).get(SOURCE_PATH))): row.name for row in rows}


def _change(connection: Connection, document_id: str) -> Row[Any] | None:
    before, after = _r.alias("before"), _r.alias("after")
    query = (
        select(_changes, before.c.id.label("before"), after.c.id.label("after"))
        .join_from(_changes, _d, _d.c.number == _changes.c.document_number)
        .join(
            _cur,
            and_(
                _cur.c.document_number == _changes.c.document_number,
                _cur.c.revision_number == _changes.c.to_revision,
            ),
        )
        .join(before, before.c.number == _changes.c.from_revision)
        .join(after, after.c.number == _changes.c.to_revision)
        .where(_d.c.id == document_id)
        .order_by(_changes.c.number.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def _fate_rows(change_number: int) -> Select[Any]:
    held = _held.alias("answered")
    answered = exists().where(
        held.c.passage_number == _fates.c.new_number, held.c.outcome != Outcome.UNSURE.value
    )
    decided = exists().where(_held.c.passage_number == _fates.c.old_number)
    return (
        select(
            _fates,
            _p.c.revision_number.label("old_revision"),
            _p.c.ordinal.label("old_ordinal"),
            decided.label("decided"),
            answered.label("settled"),
        )
        .join_from(_fates, _p, _p.c.number == _fates.c.old_number)
        .where(_fates.c.change_number == change_number)
        .order_by(_p.c.revision_number, _p.c.ordinal)
    )


def _carried(connection: Connection, revision_number: int) -> int:
    query = (
        select(func.count())
        .select_from(_along)
        .join(_held, _held.c.sequence == _along.c.sequence)
        .join(_p, _p.c.number == _along.c.passage_number)
        .where(_p.c.revision_number == revision_number)
    )
    return int(connection.execute(query).scalar_one())


def _passages(connection: Connection, numbers: Sequence[int]) -> dict[int, Passage]:
    found = {}
    for piece in chunks(sorted(set(numbers))):
        for row in connection.execute(passage_select().where(_p.c.number.in_(piece))):
            found[row.number] = passage_of(row)
    return found
