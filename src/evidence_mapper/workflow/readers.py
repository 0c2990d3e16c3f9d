"""Which documents an older reader read, and where their files are to be read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evidence_mapper.domain.wording import counted
from evidence_mapper.workflow.document_facts import INSIDE
from evidence_mapper.workflow.naming import SOURCE_PATH
from evidence_mapper.workflow.project import Project


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be read again."""

    paths: tuple[Path, ...]
    """Files, or the archives and messages they lie in, each once."""
    missing: tuple[str, ...]
    """Names of documents whose file is not where it was."""


def read_by_older(project: Project) -> dict[str, str]:
    """Return, by document name, the reader that read it, for those that today's reader may read otherwise."""
    return {
        name: reader for name, media_type, reader in project.store.readers() if _is_older(media_type, reader)
    }


def to_read_again(project: Project) -> Again:
    """Return where the files of documents lie that an older reader read."""
    older = read_by_older(project)
    tops: dict[str, str] = {}
    for name, kept in project.store.facts().items():
        if name in older and (place := kept.get(SOURCE_PATH)):
            inside = f"/{kept.get(INSIDE, '')}"
            is_inside = len(inside) > 1 and place.endswith(inside)
            tops[name] = place[: -len(inside)] if is_inside else place
    there = {name: Path(top) for name, top in tops.items() if Path(top).is_file()}
    return Again(tuple(dict.fromkeys(there.values())), tuple(sorted(older.keys() - there.keys())))


def older_line(count: int) -> str:
    """Return one line on documents that an older reader read, with the command that reads them again."""
    were = "was" if count == 1 else "were"
    return (
        f"{counted(count, 'document')} {were} read by an older version of this program; to read them again, "
        "with all decisions kept: evidence-mapper add --reread"
    )


def places(facts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return, by name, where the documents and the containers of documents came from."""
    places = {}
    for name, kept in facts.items():
        place, inside = kept.get(SOURCE_PATH), f"/{kept.get(INSIDE, '')}"
        if place and len(inside) > 1 and name.endswith(inside) and place.endswith(inside):
            places[name[: -len(inside)]] = place[: -len(inside)]
        elif place:
            places[name] = place
    return places


def _is_older(media_type: str, reader: str) -> bool:
    """Return whether a part of what read a document has a newer version today."""
    from evidence_mapper.extract.registry import reader_today

    for part in reader.split("+"):
        name, _, version = part.rpartition("/")
        now = reader_today(media_type, name)
        if now is not None and version.isdigit() and int(version) < now:
            return True
    return False
