"""Line by line: what the project has learned from its decisions, and switching it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_mapper.cli.plain.lines import Lines, numbers_in
from evidence_mapper.cli.plain.words import learned_line, titles
from evidence_mapper.domain.wording import counted
from evidence_mapper.errors import EvidenceMapperError
from evidence_mapper.tui.text import one_line
from evidence_mapper.workflow.learner import AFTER

if TYPE_CHECKING:
    from evidence_mapper.domain.framework import Framework
    from evidence_mapper.workflow.learner import Learner, Standing


def learning(lines: Lines, framework: Framework, learner: Learner) -> str | None:
    """Say how learning stands and answer; return a passage to open, or None."""
    changed: list[str] = []
    lines.say(*standing_lines(learner.standing(), typed=lines.typed))
    ask = "l learn now, c what changed, o on or off, s shipped classifier, nothing goes back:"
    while answer := lines.ask(f"number opens a passage, {ask}" if changed else ask).lower():
        numbers = numbers_in(answer) or []
        try:
            if len(numbers) == 1 and 1 <= numbers[0] <= len(changed):
                return changed[numbers[0] - 1]
            if answer == "c":
                changed = _changes(lines, framework, learner)
            elif answer in ("l", "o", "s"):
                {"l": _learn, "o": _switch, "s": _shipped}[answer](lines, learner)
            else:
                lines.say(f"Not understood: {answer}.")
        except EvidenceMapperError as error:
            lines.say(f"Could not do that: {error}")
    return None


def _learn(lines: Lines, learner: Learner) -> None:
    lines.say("Learning from every decision; this takes from seconds to minutes.")
    found = learner.learn()
    lines.say(one_line(found.reason))
    if found.kept:
        lines.say(f"Learned from {counted(found.decisions, 'decision')}: probabilities are new from here on.")


def _switch(lines: Lines, learner: Learner) -> None:
    standing = learner.switch(on=not learner.standing().on)
    lines.say("Saved: " + ("learning is on." if standing.on else "learning is off for this project."))


def _shipped(lines: Lines, learner: Learner) -> None:
    lines.say("Suggesting with the shipped classifier again.")
    learner.back_to_shipped()
    lines.say("Saved: suggestions are the shipped classifier's again; learning is off.")


def _changes(lines: Lines, framework: Framework, learner: Learner) -> list[str]:
    """Read which suggestions are other than the shipped classifier's; return the passages' ids."""
    if not learner.standing().learned_from:
        lines.say("Nothing learned here is in use, so there is nothing to compare.")
        return []
    lines.say("Comparing with the shipped classifier on every pending passage.")
    found = learner.changes()
    of = counted(found.pending, "pending passage")
    lines.say(f"{counted(len(found.changed), 'suggestion')} changed of {of}.")
    for number, change in enumerate(found.changed, 1):
        before, after = (titles(framework, codes) or "nothing" for codes in (change.before, change.after))
        lines.say(f"{number}. Before: {before}.", f"Now: {after}.", one_line(change.passage.text))
    return [change.passage.id for change in found.changed]


def standing_lines(standing: Standing, *, typed: bool = True) -> list[str]:
    """Return how learning stands, a fact a line."""
    first, second = learned_line(standing.learned_from), "Off: nothing is learned while reviewing."
    if standing.on:
        by_itself = f"after every {AFTER} new decisions it is learned in the background"
        second = f"On: {by_itself if typed else 'answers from a file start no learning'}; l learns now."
    if standing.too_large:
        second = (
            f"{counted(standing.passages, 'passage')} are too many to learn from here: evidence-mapper train"
        )
    last = [f"Last time: {one_line(standing.last)}."] if standing.last else []
    return [first, second, f"{counted(standing.new, 'decision')} since it last learned.", *last]
