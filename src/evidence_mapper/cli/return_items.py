"""``evidence-mapper return-items``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence_mapper.cli.diagnostics import say
from evidence_mapper.cli.options import coder_option, json_option, project_option
from evidence_mapper.cli.output import harmless, write_json, write_table
from evidence_mapper.domain.wording import counted
from evidence_mapper.workflow.project import open_project

if TYPE_CHECKING:
    from evidence_mapper.domain.document import Document
    from evidence_mapper.domain.return_item import ReturnLink
    from evidence_mapper.workflow.return_items import ItemEvidence, ReturnBoard


@click.group("return-items")
def command() -> None:
    """Say which documents to send for each item of the regulator's information return.

    An unofficial list comes with the program; bring in the one you were sent.

    \b
    Examples:
      evidence-mapper return-items import return.xlsx
      evidence-mapper return-items list
      evidence-mapper return-items link IR12 --document policies/carers-strategy.pdf
      evidence-mapper export index.xlsx --format evidence-index
    """


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id-column", metavar="NAME", default=None, help="Column of the items' numbers.")
@click.option("--item-column", metavar="NAME", default=None, help="Column that says what is asked for.")
@click.option("--statements-column", metavar="NAME", default=None, help="Column of the statements served.")
@project_option
@coder_option
@json_option
def import_(file: Path, project_path: Path, coder: str, as_json: bool, **named: str | None) -> None:
    """Bring in your list of items from FILE, a workbook (.xlsx) or a CSV file in UTF-8.

    Columns are found by their usual names: id, item, statements. Statements are named by id, number or
    title, with semicolons between them, or "all". The list takes the place of the one there was; what
    was linked stays with the id it was linked to.

    \b
    Example:
      evidence-mapper return-items import return.xlsx --item-column "Information requested"
    """
    from evidence_mapper.workflow.item_list import ItemColumns
    from evidence_mapper.workflow.return_items import import_items, return_board

    columns = ItemColumns(named["id_column"], named["item_column"], named["statements_column"])
    with open_project(project_path) as project:
        listed = import_items(project, file, coder=coder, columns=columns)
        board = return_board(project)
    if as_json:
        write_json(_json(board))
        return
    without = sum(not item.statements for item in listed.items)
    say(f"{counted(len(listed.items), 'item')}. {harmless(listed.note)}")
    if without:
        say(f"Without a statement, and so without candidates: {without}.")
    if board.elsewhere:
        say(f"Kept, though this list does not have their ids: {counted(len(board.elsewhere), 'link')}.")
    say("Next: evidence-mapper return-items list")


@command.command("list")
@click.option("--item", default=None, help="Only this item, with sections and passages.")
@project_option
@json_option
def list_(item: str | None, project_path: Path, as_json: bool) -> None:
    """Show the items: what people linked, and candidates with confirmed evidence that nobody linked.

    \b
    Examples:
      evidence-mapper return-items list
      evidence-mapper return-items list --item LR09
    """
    from evidence_mapper.workflow.return_items import find_item, return_board

    with open_project(project_path) as project:
        board = return_board(project)
        only = find_item(project, item).id if item else None
    if as_json:
        write_json(_json(board, only))
        return
    if only is not None:
        _write_one(next(i for i in board.items if i.item.id == only))
    else:
        _write_all(board)
    say(board.list.note)


@command.command("link")
@click.argument("item")
@click.option("--document", default=None, help="Send this document whole.")
@click.option("--passage", default=None, help="Point to this passage of its document.")
@click.option("--note", default=None, help="Why, in your words.")
@project_option
@coder_option
@json_option
def link(
    item: str, project_path: Path, coder: str, note: str | None, as_json: bool, **target: str | None
) -> None:
    """Put a document, or one passage to direct the regulator to, under ITEM.

    \b
    Examples:
      evidence-mapper return-items link LR09 --document safeguarding-annual-report.pdf
      evidence-mapper return-items link LR10 --passage psg-0123456789abcdef
    """
    from evidence_mapper.workflow.return_items import link as put

    with open_project(project_path) as project:
        made = put(
            project, item, coder=coder, document=target["document"], passage=target["passage"], note=note
        )
        name = project.store.document(made.document_id).name
    _told(made, name, "linked to", as_json=as_json)


@command.command("unlink")
@click.argument("item")
@click.option("--document", default=None, help="The document linked whole.")
@click.option("--passage", default=None, help="The passage linked.")
@project_option
@coder_option
@json_option
def unlink(item: str, project_path: Path, coder: str, as_json: bool, **target: str | None) -> None:
    """Take off what was put under ITEM; the record keeps that it was there.

    \b
    Example:
      evidence-mapper return-items unlink LR09 --document safeguarding-annual-report.pdf
    """
    from evidence_mapper.workflow.return_items import unlink as take_off

    with open_project(project_path) as project:
        gone = take_off(project, item, coder=coder, document=target["document"], passage=target["passage"])
        name = project.store.document(gone.document_id).name
    _told(gone, name, "taken off", as_json=as_json)


def _told(made: ReturnLink, name: str, what: str, *, as_json: bool) -> None:
    if as_json:
        write_json(_link_json(made))
        return
    part = f"{made.passage_id} of " if made.passage_id else ""
    say(f"{part}{harmless(name)} {what} return item {harmless(made.item)}.")


def _write_all(board: ReturnBoard) -> None:
    rows = []
    for each in board.items:
        linked = "; ".join(d.document.name for d in each.linked)
        problems = sum(bool(d.problems) for d in each.linked)
        if problems:
            linked += f" ({problems} to look at: --item {each.item.id})"
        count = len(each.candidates)
        rows.append([each.item.id, each.item.text, linked, str(count) if count else ""])
    mark = " (UNOFFICIAL)" if board.list.unofficial else ""
    write_table(
        f"{board.list.title}{mark}",
        ["Item", "What is asked for", "Linked by people", "Candidates"],
        rows,
        right=(3,),
        footer="Candidates: documents with confirmed evidence on its statements, which nobody has linked.",
    )
    if board.elsewhere:
        ids = ", ".join(dict.fromkeys(k.item for k in board.elsewhere))
        links = counted(len(board.elsewhere), "link")
        say(f"Under ids the list lacks, or to erased documents: {links}, {harmless(ids)}")


def _write_one(each: ItemEvidence) -> None:
    rows = []
    for linked in each.linked:
        how = "whole document" if linked.whole else "sections"
        people = ", ".join(dict.fromkeys(k.coder for k in linked.links))
        told = "; ".join([f"linked by {people}: {how}", *linked.problems])
        rows.append(
            [
                linked.document.name,
                told,
                "; ".join(dict.fromkeys(linked.sections)),
                _kind(linked.document),
                linked.date,
            ]
        )
    rows += [
        [
            c.document.name,
            "candidate, not linked",
            "; ".join(dict.fromkeys(c.sections)),
            _kind(c.document),
            c.date,
        ]
        for c in each.candidates
    ]
    write_table(
        f"{each.item.id}: {each.item.text}", ["Document", "Standing", "Sections", "Kind", "Date"],
        rows,
        footer=None if rows else "Nothing is linked, and there is no candidate.",
    )  # fmt: skip


def _kind(document: Document) -> str:
    return document.source_type.value.replace("-", " ")


def _json(board: ReturnBoard, only: str | None = None) -> dict[str, Any]:
    return {
        "title": board.list.title,
        "unofficial": board.list.unofficial,
        "note": board.list.note,
        "items": [_item_json(i) for i in board.items if only in (None, i.item.id)],
        "elsewhere": [_link_json(k) for k in board.elsewhere],
    }


def _item_json(each: ItemEvidence) -> dict[str, Any]:
    return {
        "id": each.item.id,
        "text": each.item.text,
        "statements": list(each.item.statements),
        "standing": each.item.verification.value,
        "sources": [{"title": s.title, "url": s.url} for s in each.item.sources],
        "linked": [
            {
                "document": d.document.name,
                "whole": d.whole,
                "sections": list(d.sections),
                "passages": list(d.passages),
                "problems": list(d.problems),
                "links": [_link_json(k) for k in d.links],
            }
            for d in each.linked
        ],
        "candidates": [
            {"document": c.document.name, "sections": list(c.sections), "passages": list(c.passages)}
            for c in each.candidates
        ],
    }


def _link_json(made: ReturnLink) -> dict[str, Any]:
    return {
        "item": made.item,
        "document": made.document_id,
        "passage": made.passage_id,
        "coder": made.coder,
        "at": made.at,
        "note": made.note,
    }
