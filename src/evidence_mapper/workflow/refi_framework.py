"""A codebook of another tool into a framework file: a person says what each code becomes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from evidence_mapper.domain.exchange import LossReport, QdaCode, QdaProject
from evidence_mapper.errors import ExportError, UsageError

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OURS: Final = re.compile(
    r"^(?:Statement|I statement|Evidence category|Topic|Definition)(?: \(not official text[^)]*\))?: "
)
"""How lines of a description begin that this program wrote."""
_ID: Final = 48
"""Most characters of an id made of a name."""


_GENERAL: Final = "General"


class Role(StrEnum):
    """What a code becomes."""

    THEME = "theme"
    STATEMENT = "statement"
    TOPIC = "topic"
    CATEGORY = "evidence category"
    I_STATEMENT = "i statement"
    NOTHING = "nothing"


_FOLDERS: Final = {
    "evidence categories": Role.CATEGORY,
    "i statements": Role.I_STATEMENT,
    "strength or concern": Role.NOTHING,
    "codes from other tools": Role.NOTHING,
}
"""Folders that this program's own codebooks have, to what is beneath them."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One code, and what it becomes."""

    code: QdaCode
    above: tuple[QdaCode, ...]
    """The codes above it, outermost first."""
    role: Role


@dataclass(frozen=True, slots=True)
class FrameworkFile:
    """What was written."""

    path: Path
    counts: Counter[Role]
    undescribed: int
    """Statements that have no description: little to suggest from."""
    left_out: tuple[str, ...]
    """Names of codes that became nothing, with the reason where it was not a person's word."""


def read_codebook(path: Path) -> QdaProject:
    """Return the codes of a ``.qdc`` or ``.qdpx`` file.

    Raises
    ------
    ExtractionError
        The file cannot be read; the subclass says why.
    UsageError
        There is no code in it.
    """
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.refi import open_refi, read_project

    with open_refi(path, Limits()) as package:
        found = read_project(package, LossReport())
    if not found.codes:
        raise UsageError(f"{path} has no codes, so nothing can become of it")
    return found


def plan(project: QdaProject) -> list[Planned]:
    """Return what each code may become, in the file's order.

    A folder becomes a theme, a code at the top or in a folder a statement, what is beneath it topics. Of a
    codebook that this program wrote, I statements and evidence categories become what they were.
    """
    found: list[Planned] = []

    def walk(code: QdaCode, above: tuple[Planned, ...]) -> None:
        planned = Planned(code, tuple(p.code for p in above), _role(code, above))
        found.append(planned)
        for child in code.children:
            walk(child, (*above, planned))

    for code in project.codes:
        walk(code, ())
    return found


def _role(code: QdaCode, above: Sequence[Planned]) -> Role:
    roots = [_FOLDERS[p.code.name.casefold()] for p in above[:1] if p.code.name.casefold() in _FOLDERS]
    if roots:
        return roots[0]
    if not code.codable:
        is_theme = not above and code.children and code.name.casefold() not in _FOLDERS
        return Role.THEME if is_theme else Role.NOTHING
    is_below = any(p.role is Role.STATEMENT for p in above)
    return Role.TOPIC if is_below else Role.STATEMENT


def write_framework(
    project: QdaProject,
    planned: Sequence[Planned],
    path: Path,
    *,
    named: Mapping[str, str],
    overwrite: bool = False,
) -> FrameworkFile:
    """Write a framework file of the codes as they were planned.

    Parameters
    ----------
    project
        What was read; its sets say which I statements serve which statement.
    planned
        What each code becomes.
    path
        The file to make, ending in ``.toml``.
    named
        ``id``, ``title`` and ``version`` of the framework.
    overwrite
        Replace a file that is there.

    Raises
    ------
    UsageError
        No code becomes a statement, or a name is not one a framework may have.
    ExportError
        The file exists, or cannot be written.
    """
    from evidence_mapper.export.files import write_atomically
    from evidence_mapper.frameworks import check_text

    if not any(p.role is Role.STATEMENT for p in planned):
        raise UsageError("no code becomes a statement, and a framework needs one; nothing was written")
    draft = _Draft(project, planned)
    text = draft.text(named)
    if faults := check_text(text, str(path)):
        raise UsageError(f"{faults[0]}; nothing was written: correct --id, --title or --version")

    def write(stream: BinaryIO) -> int:
        return stream.write(text.encode())

    try:
        write_atomically(path, write, overwrite=overwrite)
    except ExportError as error:
        raise ExportError(str(error).replace("evidence.xlsx", "framework.toml")) from error
    return FrameworkFile(path, draft.counts, draft.undescribed, tuple(draft.left_out))


class _Draft:
    """Puts a framework file together, table by table."""

    def __init__(self, project: QdaProject, planned: Sequence[Planned]) -> None:
        self._sets = [set(each.members) for each in project.sets]
        self._planned = planned
        self._by_guid = {p.code.guid: p for p in planned}
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()
        self.counts: Counter[Role] = Counter()
        self.undescribed = 0
        self.left_out: list[str] = []
        for each in planned:
            if each.role is not Role.NOTHING:
                self._ids[each.code.guid] = self._new_id(each.code.name)
        statements = [p for p in planned if p.role is Role.STATEMENT]
        above = [self._nearest(p, Role.THEME) for p in statements]
        self._themes = {p.code.guid for p in above if p is not None}
        self._general = self._new_id(_GENERAL) if self._themes and None in above else None
        """Id of the theme for statements that stand under none."""

    def text(self, named: Mapping[str, str]) -> str:
        lines = [f"{key} = {_quoted(named[key])}" for key in ("id", "title", "version")]
        if self._general is not None:
            lines += ["", "[[theme]]", f"id = {_quoted(self._general)}", f"title = {_quoted(_GENERAL)}"]
        for role in (Role.THEME, Role.STATEMENT, Role.TOPIC, Role.I_STATEMENT, Role.CATEGORY):
            for each in self._planned:
                if each.role is role:
                    lines += self._table(each)
        self.left_out += [p.code.name for p in self._planned if p.role is Role.NOTHING and p.code.codable]
        return "\n".join(lines) + "\n"

    def _table(self, planned: Planned) -> list[str]:
        values = {
            Role.THEME: self._theme,
            Role.STATEMENT: self._statement,
            Role.TOPIC: self._topic,
            Role.I_STATEMENT: self._i_statement,
            Role.CATEGORY: self._category,
        }[planned.role](planned)
        if values is None:
            return []
        self.counts[planned.role] += 1
        name = planned.role.value.replace(" ", "_")
        own = {"id": _quoted(self._ids[planned.code.guid]), **values}
        return ["", f"[[{name}]]", *(f"{key} = {value}" for key, value in own.items())]

    def _theme(self, planned: Planned) -> dict[str, str] | None:
        if planned.code.guid not in self._themes:
            self.left_out.append(f"{planned.code.name} (a theme without a statement)")
            return None
        return {"title": _quoted(planned.code.name)}

    def _statement(self, planned: Planned) -> dict[str, str]:
        values = {"title": _quoted(planned.code.name)}
        if theme := self._theme_of(planned):
            values = {"theme": _quoted(theme), **values}
        said = planned.code.description.splitlines()
        # Of a codebook that this program wrote: the wording stands in a line of its own.
        wording = [_plain(line) for line in said if line.startswith("Statement") and _OURS.match(line)]
        if wording:
            values["we"] = _quoted(wording[0])
            said = [line for line in said if not (line.startswith("Statement") and _OURS.match(line))]
        if definition := _plain("\n".join(said)):
            values["definition"] = _quoted(definition)
        self.undescribed += not (wording or definition)
        return values

    def _topic(self, planned: Planned) -> dict[str, str] | None:
        statement = self._nearest(planned, Role.STATEMENT)
        if statement is None:
            self.left_out.append(f"{planned.code.name} (a topic that stands under no statement)")
            return None
        name, described = planned.code.name, planned.code.description
        values = {"statement": _quoted(self._ids[statement.code.guid])}
        if not _OURS.match(described):
            # The name stays in front, where an import of the same study looks for it.
            said = _plain(described)
            return {**values, "definition": _quoted(f"{name}; {said}" if said and said != name else name)}
        first, *more = described.splitlines()
        values["definition"] = _quoted(_plain(first))
        kept = {
            key.casefold(): said for key, _, said in (line.partition(": ") for line in more) if said.strip()
        }
        return values | {key: _quoted(kept[key]) for key in ("include", "exclude") if key in kept}

    def _i_statement(self, planned: Planned) -> dict[str, str] | None:
        mine = [members for members in self._sets if planned.code.guid in members]
        served = [
            self._ids[p.code.guid]
            for p in self._planned
            if p.role is Role.STATEMENT and any(p.code.guid in members for members in mine)
        ]
        if not served:
            self.left_out.append(f"{planned.code.name} (an I statement that no set puts to a statement)")
            return None
        wording = _plain(planned.code.description) or planned.code.name
        return {"wording": _quoted(wording), "statements": f"[{', '.join(map(_quoted, served))}]"}

    def _category(self, planned: Planned) -> dict[str, str]:
        return {"name": _quoted(planned.code.name)}

    def _nearest(self, planned: Planned, role: Role) -> Planned | None:
        """Return the nearest code above that becomes something; None where none does."""
        above = [self._by_guid[code.guid] for code in reversed(planned.above) if code.guid in self._by_guid]
        return next((p for p in above if p.role is role), None)

    def _theme_of(self, planned: Planned) -> str | None:
        """Return the id of a statement's theme; None where the framework has no themes."""
        theme = self._nearest(planned, Role.THEME)
        return self._ids[theme.code.guid] if theme is not None else self._general

    def _new_id(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        base = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_ID].strip("-") or "code"
        chosen, number = base, 2
        while chosen in self._taken:
            chosen, number = f"{base}-{number}", number + 1
        self._taken.add(chosen)
        return chosen


def _plain(description: str) -> str:
    """Return a description as one line, without what this program puts before its own."""
    lines = [_OURS.sub("", line).strip() for line in description.splitlines()]
    return " ".join(line for line in lines if line)


def _quoted(text: str) -> str:
    """Return a text as TOML has it."""
    # A JSON string is a basic string of TOML, which escapes the same and forbids control characters.
    return json.dumps(_CONTROL.sub("\ufffd", text), ensure_ascii=False)
