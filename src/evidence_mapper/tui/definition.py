"""What a statement means: official wording with its standing, then our own words."""

from __future__ import annotations

from textual.content import Content

from evidence_mapper.domain.framework import Framework, Statement, Verification, Wording
from evidence_mapper.tui.text import one_line

Part = str | Content | tuple[str, str]

_STANDING = {
    Verification.VERBATIM: "",
    Verification.OWN: "",
    Verification.UNVERIFIED: "unverified wording",
    Verification.CONFLICTING: "sources differ",
}


def standing(wording: Wording) -> str:
    """Return what must be said beside a wording that is not official word for word; else empty."""
    return _STANDING[wording.verification]


def definition(framework: Framework, statement: Statement, *, whole: bool = False) -> Content:
    """Return the panel for one statement; ``whole`` adds variants, sources, boundaries and law."""
    parts: list[Part] = []
    if statement.wording is not None:
        parts += _wording("", statement.wording, whole=whole)
    else:
        parts += ["No official wording in this framework.\n"]
    for i_statement in framework.i_statements_of(statement.id):
        parts += _wording("", i_statement.wording, whole=whole)
    if statement.i_statements_note:
        parts += [(f"{one_line(statement.i_statements_note)}\n", "$em-dim")]
    if statement.definition:
        parts += [("\nOur definition  ", "bold"), f"{one_line(statement.definition)}\n"]
    parts += _topics(framework, statement)
    if statement.boundaries:
        parts += [("\nWhat belongs where\n", "bold")]
        parts += [f"- {one_line(rule)}\n" for rule in statement.boundaries]
    if whole:
        parts += _law(statement)
    return Content.assemble(*parts)


def _wording(label: str, wording: Wording, *, whole: bool) -> list[Part]:
    parts: list[Part] = [f"{label}“{one_line(wording.text)}”"]
    if mark := standing(wording):
        parts += [(f" [{mark}]", "bold $em-bad")]
    parts += ["\n"]
    if whole:
        for variant in wording.variants:
            parts += [(f"  also found: {one_line(variant.text)}\n", "$em-dim")]
        for source in wording.sources:
            parts += [(f"  source: {one_line(source.title)}\n", "$em-dim")]
    return parts


def _topics(framework: Framework, statement: Statement) -> list[Part]:
    topics = framework.topics_of(statement.id)
    if not topics:
        return []
    parts: list[Part] = [("\nTopics\n", "bold")]
    for topic in topics:
        parts += [(f"{topic.id}  ", "$em-dim"), f"{one_line(topic.definition)}\n"]
        if topic.include:
            parts += [("  belongs: ", "$em-dim"), f"{one_line(topic.include)}\n"]
        if topic.exclude:
            parts += [("  does not: ", "$em-dim"), f"{one_line(topic.exclude)}\n"]
    return parts


def _law(statement: Statement) -> list[Part]:
    if not statement.legal_references:
        return []
    doubt = statement.legal_references_verification
    mark = "" if doubt in (None, Verification.VERBATIM) else f" [{doubt}]"
    return [("\nLaw", "bold"), (mark, "bold $em-bad"), f"\n{'; '.join(statement.legal_references)}\n"]
