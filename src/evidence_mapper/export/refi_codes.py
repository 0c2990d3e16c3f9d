"""A framework as the codebook of an analysis tool, with GUIDs that are the same in every export.

Folders (which mark no text) are the themes, "I statements", "Evidence categories" and "Strength or
concern". Beneath a theme stand its statements, beneath a statement its topics. An I statement serves
several statements, which a tree has no form for: a set for each statement says which serve it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.exchange import CodeKind, OurCode, QdaCode, QdaSet
from evidence_mapper.domain.framework import Framework, Statement, Topic, Verification, Wording
from evidence_mapper.domain.ids import derived_guid

_NAME: Final = 90
"""Most characters of a name made from a longer text."""
_POLARITY: Final = {
    Polarity.STRENGTH: "Strength",
    Polarity.CONCERN: "Concern",
    Polarity.MIXED: "Strength and concern",
    Polarity.NEUTRAL: "Neither strength nor concern",
}


def code_guid(framework: Framework, code: OurCode) -> str:
    """Return the GUID of a code: the same in every version of the framework."""
    return str(derived_guid("refi-code", framework.id, code.kind.value, code.id))


def our_codes(framework: Framework) -> dict[str, OurCode]:
    """Return GUID to code for all that can be put on a passage, in the codebook's order."""
    codes = [OurCode(CodeKind.STATEMENT, s.id) for s in framework.statements]
    codes += [OurCode(CodeKind.TOPIC, t.id) for t in framework.topics]
    codes += [OurCode(CodeKind.I_STATEMENT, i.id) for i in framework.i_statements]
    codes += [OurCode(CodeKind.CATEGORY, c.id) for c in framework.evidence_categories]
    codes += [OurCode(CodeKind.POLARITY, p.value) for p in Polarity]
    return {code_guid(framework, code): code for code in codes}


def code_names(framework: Framework) -> dict[OurCode, str]:
    """Return the name of each code in the codebook; no two are alike, whatever their case."""
    names = {OurCode(CodeKind.STATEMENT, s.id): s.title.text for s in framework.statements}
    names |= {OurCode(CodeKind.TOPIC, t.id): _short(t.definition) for t in framework.topics}
    names |= {OurCode(CodeKind.I_STATEMENT, i.id): _cut(i.wording.text) for i in framework.i_statements}
    names |= {OurCode(CodeKind.CATEGORY, c.id): c.name.text for c in framework.evidence_categories}
    names |= {OurCode(CodeKind.POLARITY, p.value): name for p, name in _POLARITY.items()}
    taken = {theme.title.text.casefold() for theme in framework.themes}
    unique: dict[OurCode, str] = {}
    for code, name in names.items():
        unique[code] = name if name.casefold() not in taken else f"{name} [{code.id}]"
        taken.add(unique[code].casefold())
    return unique


def codebook(framework: Framework) -> tuple[QdaCode, ...]:
    """Return the framework as a tree of codes."""
    names = code_names(framework)
    themes = [
        _folder(
            framework,
            ("theme", theme.id, theme.title.text),
            [_statement(framework, s, names) for s in framework.statements if s.theme_id == theme.id],
        )
        for theme in framework.themes
    ]
    i_statements = [
        _leaf(framework, names, OurCode(CodeKind.I_STATEMENT, i.id), _worded("I statement", i.wording))
        for i in framework.i_statements
    ]
    categories = [
        _leaf(framework, names, OurCode(CodeKind.CATEGORY, c.id), _worded("Evidence category", c.name))
        for c in framework.evidence_categories
    ]
    polarity = [_leaf(framework, names, OurCode(CodeKind.POLARITY, p.value), "") for p in Polarity]
    folders = [
        *themes,
        _folder(framework, ("folder", "i-statements", "I statements"), i_statements),
        _folder(framework, ("folder", "categories", "Evidence categories"), categories),
        _folder(framework, ("folder", "polarity", "Strength or concern"), polarity),
    ]
    return tuple(folder for folder in folders if folder.children)


def code_sets(framework: Framework) -> tuple[QdaSet, ...]:
    """Return a set for each statement that I statements serve: the statement and they."""
    found = []
    for statement in framework.statements:
        served = [OurCode(CodeKind.I_STATEMENT, i.id) for i in framework.i_statements_of(statement.id)]
        if served:
            members = [OurCode(CodeKind.STATEMENT, statement.id), *served]
            guid = str(derived_guid("refi-set", framework.id, statement.id))
            name = f"{statement.title.text}: I statements"
            found.append(QdaSet(guid, name, tuple(code_guid(framework, code) for code in members)))
    return tuple(found)


def _folder(framework: Framework, named: tuple[str, str, str], children: Iterable[QdaCode]) -> QdaCode:
    kind, key, name = named
    guid = str(derived_guid("refi-code", framework.id, kind, key))
    # A codebook has no place for what is said of the whole: each theme says whose words these are.
    said = f"{framework.title}, version {framework.version}. {framework.copyright}" if kind == "theme" else ""
    return QdaCode(guid, name, codable=False, description=said.strip(), children=tuple(children))


def _statement(framework: Framework, statement: Statement, names: Mapping[OurCode, str]) -> QdaCode:
    code = OurCode(CodeKind.STATEMENT, statement.id)
    said = [_worded("Statement", statement.wording)] if statement.wording else []
    said += [f"Definition (not official text): {statement.definition}"] if statement.definition else []
    topics = [
        _leaf(framework, names, OurCode(CodeKind.TOPIC, t.id), _topic(t))
        for t in framework.topics_of(statement.id)
    ]
    return QdaCode(
        code_guid(framework, code), names[code], description="\n".join(said), children=tuple(topics)
    )


def _leaf(framework: Framework, names: Mapping[OurCode, str], code: OurCode, description: str) -> QdaCode:
    return QdaCode(code_guid(framework, code), names[code], description=description)


def _topic(topic: Topic) -> str:
    said = [f"Topic (not official text): {topic.definition}"]
    said += [f"Include: {topic.include}"] if topic.include else []
    said += [f"Exclude: {topic.exclude}"] if topic.exclude else []
    return "\n".join(said)


def _worded(kind: str, wording: Wording) -> str:
    official = wording.verification is Verification.VERBATIM
    standing = "" if official else f" (not official text word for word: {wording.verification.value})"
    return f"{kind}{standing}: {wording.text}"


def _short(definition: str) -> str:
    first = definition.partition(";")[0].strip()
    return _cut(first[:1].upper() + first[1:])


def _cut(text: str) -> str:
    """Return the text, cut at a word when it is long."""
    return text if len(text) <= _NAME else text[: _NAME - 2].rsplit(" ", 1)[0] + " …"
