"""Cases: which documents make up one person's record, and what people say of it. Kept in the record."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from evidence_mapper.domain.case import COMPLAINT, CONSENT, CaseRecord, Member, Role, Said
from evidence_mapper.domain.coding import Event, EventAction
from evidence_mapper.errors import UsageError
from evidence_mapper.store.base import Store
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.documents import find_document
from evidence_mapper.workflow.project import Project

_LONGEST: Final = 80
_ADD, _REMOVE, _ROLE, _SAID = "add", "remove", "role", "said"


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a grouping did, or would do."""

    added: Mapping[str, tuple[Member, ...]]
    """Case to what is new in it; cases that gained nothing are left out."""
    already: int
    """Members that were in their case before."""
    elsewhere: tuple[tuple[str, str, str], ...]
    """(document name, case it is in, case it would have gone to): left where they are."""
    unmatched: int
    """Documents that the rule says nothing of."""


# reading -----------------------------------------------------------------------------------------


def list_cases(project: Project) -> list[CaseRecord]:
    """Return the cases that have documents, by id."""
    held = _held(project.store.entries([EventAction.CASE]))
    there = {d.id for d in project.store.documents()}
    found = []
    for case in held.values():
        members = tuple(m for m in case.members if m.document_id in there)
        if members:
            found.append(replace(case, members=members))
    return sorted(found, key=lambda case: case.id)


def find_case(project: Project, name: str) -> CaseRecord:
    """Return the case with this id, in any case of letters.

    Raises
    ------
    UsageError
        There is none; names the nearest.
    """
    known = list_cases(project)
    for case in known:
        if case.id.casefold() == name.strip().casefold():
            return case
    if not known:
        raise UsageError(
            f"no case '{name}': no documents are grouped into cases yet. Group them: "
            "evidence-mapper case group --by-folder FOLDER"
        )
    near = difflib.get_close_matches(name, [c.id for c in known], n=3, cutoff=0.4)
    meant = f"; did you mean {', '.join(near)}?" if near else "."
    raise UsageError(f"no case '{name}' in the project{meant} List them: evidence-mapper case list")


def case_of(project: Project, document_id: str) -> str | None:
    """Return the id of the case that a whole document is in; None when it is in none."""
    for case in list_cases(project):
        if Member(document_id) in case.members:
            return case.id
    return None


def grouped_documents(store: Store) -> dict[str, str | None]:
    """Return, by id, the documents that are in cases: the case, or None for a table that names several."""
    found: dict[str, str | None] = {}
    for case in _held(store.entries([EventAction.CASE])).values():
        for member in case.members:
            found[member.document_id] = case.id if member.column is None else None
    return found


# grouping ----------------------------------------------------------------------------------------


def by_folder(project: Project, folder: str) -> dict[str, list[Member]]:
    """Return cases named by the folders inside a folder.

    Raises
    ------
    UsageError
        No document lies in a folder inside it; names folders that there are.
    """
    inside = folder.strip().replace("\\", "/").strip("/")
    prefix = f"{inside}/" if inside not in ("", ".") else ""
    found: dict[str, list[Member]] = {}
    for document in project.store.documents():
        head, slash, _ = document.name.removeprefix(prefix).partition("/")
        if document.name.startswith(prefix) and slash:
            found.setdefault(head, []).append(Member(document.id))
    if not found:
        folders = sorted({d.name.rpartition("/")[0] for d in project.store.documents()} - {""})
        there = ", ".join(dict.fromkeys(f.split("/")[0] for f in folders)) or "none"
        raise UsageError(f"no documents in folders inside '{folder}'; folders in the project: {there}")
    return found


def by_pattern(project: Project, pattern: str) -> dict[str, list[Member]]:
    """Return cases named by what a regular expression's group ``case`` finds in documents' names.

    Raises
    ------
    UsageError
        The pattern is not one, has no group ``case``, or fits no name.
    """
    example = r"evidence-mapper case group --pattern '(?P<case>BK-\d+)'"
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"'{pattern}' is no regular expression: {error}. Such as: {example}") from error
    if "case" not in compiled.groupindex:
        raise UsageError(f"the pattern '{pattern}' does not say which part is the case. Such as: {example}")
    found: dict[str, list[Member]] = {}
    for document in project.store.documents():
        match = compiled.search(document.name)
        if match and match["case"]:
            found.setdefault(match["case"], []).append(Member(document.id))
    if not found:
        raise UsageError(f"no document's name fits '{pattern}'. See the names: evidence-mapper documents")
    return found


def by_column(project: Project, column: str, document: str | None = None) -> dict[str, list[Member]]:
    """Return cases named by a column of tables: each row's comments belong to the case it names.

    Parameters
    ----------
    column
        Header, in any case of letters.
    document
        Name or id of one document; None looks in all.

    Raises
    ------
    UsageError
        No passage has such a column; names the columns there are.
    """
    wanted = [find_document(project, document)] if document else project.store.documents()
    found: dict[str, list[Member]] = {}
    headers: set[str] = set()
    for each in wanted:
        for passage in project.store.passages(each.id):
            for header, value in passage.attributes:
                headers.add(header)
                if header.casefold() == column.strip().casefold() and value.strip():
                    member = Member(each.id, header, value)
                    rows = found.setdefault(value.strip(), [])
                    if member not in rows:
                        rows.append(member)
    if not found:
        there = ", ".join(sorted(headers)) or "none: no table with answers is in the project"
        raise UsageError(f"no table has a column '{column}'; columns: {there}")
    return found


def group(
    project: Project, wanted: Mapping[str, Sequence[Member]], *, coder: str, trial: bool = False
) -> Grouped:
    """Record that documents make up cases; what is in a case already stays where it is.

    Parameters
    ----------
    wanted
        From :func:`by_folder`, :func:`by_pattern` or :func:`by_column`.
    trial
        Record nothing.

    Raises
    ------
    UsageError
        A case's id is too long or has control characters; nothing was recorded.
    """
    held = {case.id: case for case in list_cases(project)}
    home = {member: case.id for case in held.values() for member in case.members}
    names = {d.id: d.name for d in project.store.documents()}
    added: dict[str, tuple[Member, ...]] = {}
    already, elsewhere = 0, []
    for case_id, members in wanted.items():
        _check_id(case_id)
        already += sum(home.get(m) == case_id for m in members)
        elsewhere += [
            (names[m.document_id], home[m], case_id) for m in members if home.get(m, case_id) != case_id
        ]
        fresh = tuple(m for m in members if m not in home)
        if fresh:
            added[case_id] = fresh
    if not trial:
        for case_id, fresh in added.items():
            _add(project, case_id, fresh, coder)
    touched = {m.document_id for members in wanted.values() for m in members}
    return Grouped(added, already, tuple(elsewhere), len(names.keys() - touched))


def add_document(project: Project, case_id: str, document: str, *, coder: str) -> CaseRecord:
    """Put a document into a case by hand; the case is made when there is none of that id.

    Raises
    ------
    UsageError
        There is no such document, it is in a case already, or the id cannot be one.
    """
    found = find_document(project, document)
    known = next((c.id for c in list_cases(project) if c.id.casefold() == case_id.strip().casefold()), None)
    name = known or case_id.strip()
    _check_id(name)
    there = case_of(project, found.id)
    if there is not None:
        raise UsageError(
            f"{found.name} is in case {there} already; take it out first: evidence-mapper case remove "
            f'{there} "{found.name}"'
        )
    _add(project, name, (Member(found.id),), coder)
    return find_case(project, name)


def remove_document(project: Project, case_id: str, document: str, *, coder: str) -> None:
    """Take a document out of a case; the record keeps that it was in it.

    Raises
    ------
    UsageError
        There is no such case or document, or it is not in the case.
    """
    case, found = find_case(project, case_id), find_document(project, document)
    gone = [m for m in case.members if m.document_id == found.id]
    if not gone:
        raise UsageError(f"{found.name} is not in case {case.id}. See: evidence-mapper case show {case.id}")
    words = f"took a document out of case {case.id}"
    _record(project, case.id, coder, {"words": words, "change": _REMOVE, "members": _plain(gone)})


# what people say ---------------------------------------------------------------------------------


def set_role(project: Project, case_id: str, document: str, role: Role, *, coder: str) -> None:
    """Record what a document is in its case, in place of the guess.

    Raises
    ------
    UsageError
        There is no such case or document, or it is not in the case.
    """
    case, found = find_case(project, case_id), find_document(project, document)
    if found.id not in case.documents:
        raise UsageError(f"{found.name} is not in case {case.id}. See: evidence-mapper case show {case.id}")
    words = f"said that a document of case {case.id} is: {role.value.replace('-', ' ')}"
    payload = {"words": words, "change": _ROLE, "roles": [{"document": found.id, "role": role.value}]}
    _record(project, case.id, coder, payload)


def say(project: Project, case_id: str, said: Mapping[str, Sequence[str]], *, coder: str) -> CaseRecord:
    """Record what a person says of a case, in place of what is read in its documents.

    Parameters
    ----------
    said
        ``consent`` (one of CONSENT), ``complaint`` (one of COMPLAINT), ``services``, ``team`` or ``age`` to
        values; no values take the person's word back.

    Raises
    ------
    UsageError
        There is no such case, nothing is said, or a value cannot be.
    """
    case = find_case(project, case_id)
    if not said:
        raise UsageError(
            "nothing to set: name at least one of --consent, --complaint, --services, --team, --age"
        )
    for name, allowed in (("consent", CONSENT), ("complaint", COMPLAINT)):
        wrong = [value for value in said.get(name, ()) if value not in allowed]
        if wrong:
            raise UsageError(f"{name} is one of {', '.join(allowed)}, not '{wrong[0]}'")
    kept = {name: [v.strip() for v in values if v.strip()] for name, values in said.items()}
    told = "; ".join(f"{name}: {', '.join(values) or 'taken back'}" for name, values in kept.items())
    payload = {"words": f"said of case {case.id}: {told}", "change": _SAID, "said": kept}
    _record(project, case.id, coder, payload)
    return find_case(project, case.id)


# the record --------------------------------------------------------------------------------------


def _held(events: Iterable[Event]) -> dict[str, CaseRecord]:
    held: dict[str, CaseRecord] = {}
    for event in events:
        if "change" in event.payload:  # an entry that was erased says nothing any more
            case = held.get(event.subject, CaseRecord(event.subject))
            held[event.subject] = _changed(case, event)
    return held


def _changed(case: CaseRecord, event: Event) -> CaseRecord:
    data, change = event.payload, event.payload["change"]
    if change in (_ADD, _REMOVE):
        named = tuple(_members(data["members"]))
        kept = tuple(m for m in case.members if m not in named)
        return replace(case, members=(*kept, *named) if change == _ADD else kept)
    if change == _ROLE:
        roles = {r["document"]: (Role(r["role"]), event.coder) for r in data["roles"]}
        return replace(case, roles={**case.roles, **roles})
    said = dict(case.said)
    for name, values in data["said"].items():
        said.pop(name, None)
        if values:
            said[name] = Said(tuple(values), event.coder, event.at)
    return replace(case, said=said)


def _members(rows: Iterable[Mapping[str, Any]]) -> Iterator[Member]:
    for row in rows:
        yield Member(row["document"], row.get("column"), row.get("value"))


def _plain(members: Iterable[Member]) -> list[dict[str, str]]:
    rows = ({"document": m.document_id, "column": m.column, "value": m.value} for m in members)
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def _add(project: Project, case_id: str, members: Sequence[Member], coder: str) -> None:
    count = len(dict.fromkeys(m.document_id for m in members))
    words = f"put {count} document{'s' if count != 1 else ''} into case {case_id}"
    _record(project, case_id, coder, {"words": words, "change": _ADD, "members": _plain(members)})


def _record(project: Project, case_id: str, coder: str, payload: Mapping[str, Any]) -> Event:
    return project.store.append_event(
        coder=coder, action=EventAction.CASE, subject=case_id, at=utc_now(), payload=payload
    )


def _check_id(case_id: str) -> None:
    if not case_id.strip() or len(case_id) > _LONGEST or not case_id.isprintable():
        raise UsageError(f"{case_id[:_LONGEST]!r} cannot name a case: 1 to {_LONGEST} characters of one line")
