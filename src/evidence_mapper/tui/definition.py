"""What a statement means: official wording with its standing, then our own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from evidence_mapper.domain.framework import Framework, Statement, Verification, Wording
from evidence_mapper.domain.project import Example
from evidence_mapper.tui.text import harmless, one_line, when
from evidence_mapper.tui.text_pane import Block

Part = str | Content | tuple[str, str]

EXAMPLE: Final = 280
"""Characters shown of a confirmed example."""

_STANDING = {
    Verification.VERBATIM: "",
    Verification.OWN: "",
    Verification.UNVERIFIED: "unverified wording",
    Verification.CONFLICTING: "sources differ",
}


def standing(wording: Wording) -> str:
    """Return what must be said beside a wording that is not official word for word; else empty."""
    return _STANDING[wording.verification]


def definition(
    framework: Framework,
    statement: Statement,
    *,
    whole: bool = False,
    examples: Sequence[Example] | None = None,
) -> Content:
    """Return the panel for one statement.

    Parameters
    ----------
    whole
        Adds variants, sources and law, and shows examples uncut.
    examples
        Passages confirmed for the statement; None leaves the part out, as before they are read.
    """
    shown = definition_blocks(framework, statement, whole=whole, examples=examples)
    return Content("\n").join(block.content for block in shown if block.content.plain)


def definition_blocks(
    framework: Framework,
    statement: Statement,
    *,
    whole: bool = False,
    examples: Sequence[Example] | None = None,
) -> list[Block]:
    """Return the panel in three parts, of which only the second changes: wording, examples, boundaries.

    Parameters
    ----------
    whole, examples
        See :func:`definition`.
    """
    shown = [] if examples is None else _examples(examples, whole=whole)
    parts = (_meaning(framework, statement, whole=whole), shown, _limits(framework, statement, whole=whole))
    return [Block(Content.assemble(*part).rstrip("\n")) for part in parts]


def examples_words(examples: Sequence[Example]) -> Content:
    """Return confirmed passages as the panel shows them."""
    return Content.assemble(*_examples(examples, whole=False)).rstrip("\n")


def _meaning(framework: Framework, statement: Statement, *, whole: bool) -> list[Part]:
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
    return parts


def _limits(framework: Framework, statement: Statement, *, whole: bool) -> list[Part]:
    parts = _topics(framework, statement)
    if statement.boundaries:
        parts += [("\nWhat belongs where\n", "bold")]
        parts += [f"- {one_line(rule)}\n" for rule in statement.boundaries]
    if whole:
        parts += _law(statement)
    return parts


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


def _examples(examples: Sequence[Example], *, whole: bool) -> list[Part]:
    if not examples:
        return [("\nConfirmed here  ", "bold"), ("no confirmed example yet\n", "$em-dim")]
    parts: list[Part] = [("\nConfirmed here, newest first\n", "bold")]
    for example in examples:
        text = example.passage.text
        parts += [f"“{harmless(text) if whole else cut(text, EXAMPLE)}”\n"]
        place = f"{one_line(example.document.name)}, {one_line(example.passage.location.label())}"
        parts += [(f"  {place} · {one_line(example.coder)}, {when(example.decided_at)}\n", "$em-dim")]
    return parts


def cut(text: str, most: int) -> str:
    """Return a passage in one line, with an ellipsis where it was cut."""
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


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
