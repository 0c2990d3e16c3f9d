"""Cases as lines of 80 columns and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.cli.output import harmless
from evidence_mapper.domain.case import FACTS, Entry, Fact

if TYPE_CHECKING:
    from evidence_mapper.workflow.case_coverage import CaseCoverage, CaseItem, Shown
    from evidence_mapper.workflow.case_file import CaseDocument, CaseFile
    from evidence_mapper.workflow.case_journey import Journey, Step

WIDTH: Final = 80
KEY: Final = (
    "CAPITALS confirmed by a person: F for, A against, B both, N side not set\n"
    "small    suggested by the model, waiting for a person: f, a, b, n\n"
    "-        silent: every passage read, nothing found    . nothing found so far"
)


def wrapped(text: str, indent: str, *, first: str | None = None) -> list[str]:
    """Return text in lines of 80 columns; ``first`` indents the first line otherwise."""
    return textwrap.wrap(
        harmless(" ".join(text.split())),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def cut(text: str, width: int) -> str:
    """Return one line of exactly so many characters, with an ellipsis where it was cut."""
    line = harmless(" ".join(text.split()))
    return line.ljust(width) if len(line) <= width else line[: width - 1] + "…"


def plural(count: int, word: str) -> str:
    """Return ``1 passage`` or ``3 passages``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def short_name(name: str) -> str:
    """Return the last part of a document's name."""
    return harmless(name.rpartition("/")[2])


def case_title(case_id: str, word: str = "Case") -> str:
    """Return ``Case BK-1``, or ``Case 12`` for one that is shown by its number."""
    return f"{word} {case_id.removeprefix('case ')}"


# facts -------------------------------------------------------------------------------------------


def facts_lines(file: CaseFile) -> Iterator[str]:
    """Yield what is known of a case, each with where it is known from."""
    yield case_title(file.case.id)
    for name in FACTS:
        fact = file.facts[name]
        yield from wrapped(f"{fact.text or 'not stated'}{_source(fact)}", " " * 12, first=f"  {name:<10}")


def _source(fact: Fact) -> str:
    if fact.said_by:
        return f"  (said by {fact.said_by})"
    if fact.differs:
        return "  (the papers contradict each other: say with `case set`)"
    return f"  (read in {short_name(fact.document)})" if fact.document else ""


def case_json(file: CaseFile, *, short: bool = False) -> dict[str, Any]:
    """Return a case as plain data; ``short`` leaves out documents."""
    facts = {
        name: {
            "values": list(fact.values),
            "said_by": fact.said_by,
            "read_in": fact.document,
            "quote": fact.quote,
            "contradictory": fact.differs,
        }
        for name, fact in file.facts.items()
    }
    data = {
        "case": file.case.id,
        "last_entry": file.last_date,
        "passages": len(file.passages),
        "facts": facts,
    }
    return data if short else {**data, "documents": [_document_json(d) for d in file.documents]}


def _document_json(each: CaseDocument) -> dict[str, Any]:
    return {
        "id": each.document.id,
        "name": each.document.name,
        "file_sha256": each.document.file_sha256,
        "role": each.role.value,
        "role_set_by": each.role_by,
        "role_guessed_from": each.role_words or None,
        "withdrawn": each.withdrawn,
        "entries": [_entry_json(e) for e in each.entries],
        "passages": [{"id": p.id, "dates": list(each.dates_of(p))} for p in each.passages],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "date": entry.date,
        "until": entry.until,
        "time": entry.time,
        "title": entry.title,
        "author": entry.author,
        "author_role": entry.author_role,
        "start": entry.span.start,
        "end": entry.span.end,
    }


# journey -----------------------------------------------------------------------------------------


def journey_lines(found: Journey, *, every: bool, quotes: bool) -> Iterator[str]:
    """Yield a journey: steps with the days since the one before, waits, what is undated."""
    steps = found.steps if every else found.staged
    yield f"Journey of {case_title(found.case_id, 'case')}, stages as read from the words of the record"
    yield ""
    yield f"{'Date':<11}{'Days':>5}  {'Stage':<22}{'Author':<20}Document"
    yield "-" * WIDTH
    for step in steps:
        yield from _step_lines(step, quotes=quotes)
    if not steps:
        yield "No dated entry tells a stage."
    other = len(found.steps) - len(found.staged)
    if other and not every:
        yield f"and {other} other dated {'entry' if other == 1 else 'entries'} that tell no stage; see --all"
    yield from _after_lines(found)


def _step_lines(step: Step, *, quotes: bool) -> Iterator[str]:
    stages = [s.value for s in step.stages] or ["(no stage told)"]
    wait = "" if step.wait is None else f"{step.wait}"
    who = ", ".join(part for part in (step.author, step.author_role) if part)
    rest = f"{cut(stages[0], 21)} {cut(who, 19)} {cut(short_name(step.document), 20)}"
    yield f"{step.date:<11}{wait:>5}  {rest}".rstrip()
    for stage in stages[1:]:
        yield f"{'':<18}{stage}"
    if quotes:
        told = dict.fromkeys(step.quotes or ((step.title,) if step.title else ()))
        for words in told:
            yield from wrapped(f"“{words}”", " " * 18)


def _after_lines(found: Journey) -> Iterator[str]:
    yield ""
    yield "Waits, from the first step of one stage to the first of the next"
    for wait in found.waits:
        said = f"{wait.start.value} to {wait.end.value}"
        yield f"  {said:<38}{plural(wait.days, 'day'):>9}   {wait.start_date} to {wait.end_date}"
    if not found.waits:
        yield "  none can be told"
    if found.missing:
        yield from wrapped(", ".join(s.value for s in found.missing), "  ", first="Not told by the record: ")
    if found.undated:
        yield "Without a stated date, so not in the journey"
        for each in found.undated:
            count = plural(each.passages, "passage")
            yield f"  {cut(short_name(each.document), 44)} {each.role.value:<20} {count}"


def journey_json(found: Journey) -> dict[str, Any]:
    """Return a journey as plain data."""
    return {
        "case": found.case_id,
        "read_from_words": True,
        "steps": [
            {
                "date": s.date,
                "until": s.until,
                "wait_days": s.wait,
                "stages": [g.value for g in s.stages],
                "quotes": list(s.quotes),
                "title": s.title,
                "author": s.author,
                "author_role": s.author_role,
                "document": s.document,
                "start": s.span.start,
                "end": s.span.end,
            }
            for s in found.steps
        ],
        "waits": [
            {
                "from": w.start.value,
                "to": w.end.value,
                "start": w.start_date,
                "end": w.end_date,
                "days": w.days,
            }
            for w in found.waits
        ],
        "not_told": [s.value for s in found.missing],
        "undated": [
            {"document": u.document, "role": u.role.value, "passages": u.passages} for u in found.undated
        ],
    }


# coverage ----------------------------------------------------------------------------------------


def coverage_lines(found: CaseCoverage, *, voice: str | None = None) -> Iterator[str]:
    """Yield what a case shows of each I statement, confirmed first, suggested apart, silence said."""
    read = f"{found.decided} of {found.passages} passages decided on by a person"
    yield f"{case_title(found.file.case.id)}: {read}"
    for number, shown in enumerate(found.shown, 1):
        yield ""
        yield from wrapped(shown.i_statement.wording.text, "   ", first=f"{number}. ")
        yield from _shown_lines(found, shown, voice)


def _shown_lines(found: CaseCoverage, shown: Shown, voice: str | None) -> Iterator[str]:
    if shown.is_silent:
        if found.is_read:
            yield "   SILENT: every passage was read, and none bears on this."
        else:
            left = plural(found.passages - found.decided, "passage")
            yield f"   SILENT SO FAR: nothing confirmed or suggested; unread: {left}."
        return
    for items, title in (
        (shown.confirmed, "CONFIRMED by a person"),
        (shown.suggested, "SUGGESTED by the model, not a coding"),
    ):
        kept = [item for item in items if voice is None or _voice_group(item) == voice]
        if items:
            yield f"   {title}: {_counts(items)}"
        for item in kept:
            yield from _item_lines(item)


def _voice_group(item: CaseItem) -> str:
    return "own" if item.voices.is_own else "worker"


def _counts(items: Sequence[CaseItem]) -> str:
    sides = Counter(item.side.value for item in items)
    told = [f"{count} {side}" for side, count in sides.items()]
    own = sum(item.voices.is_own for item in items)
    return f"{', '.join(told)}; own voice in {own} of {len(items)}"


def _item_lines(item: CaseItem) -> Iterator[str]:
    place = item.passage.location.label()
    where = short_name(item.document.name) + (f", {place}" if place else "")
    by = f" [{', '.join(item.coders)}]" if item.coders else ""
    days = " to ".join(dict.fromkeys((item.dates[0], item.dates[-1]))) if item.dates else "no date stated"
    below = ["own words, below the model's bar"] if item.lower_bar else []
    said = "; ".join([*_voices_words(item), *below])
    yield from wrapped(f"{item.side.value}: {where}; {days}; {said}{by}", "       ", first="     ")
    lines = [line for line in f"“{item.passage.text}”".split("\n") if line.strip()]
    for line in lines:
        yield from wrapped(line, "       ")


def _voices_words(item: CaseItem) -> Iterator[str]:
    speakers = ", ".join(dict.fromkeys(q.speaker for q in item.voices.quotations if q.speaker))
    for kind in item.voices.kinds:
        if kind.value == "own document" and item.voices.writer:
            yield f"{kind.value} of {item.voices.writer}"
        elif kind.value == "quoted speech" and speakers:
            yield f"{kind.value} ({speakers})"
        else:
            yield kind.value


def coverage_json(found: CaseCoverage) -> dict[str, Any]:
    """Return a case's coverage as plain data; confirmed and suggested in lists of their own."""
    return {
        "case": found.file.case.id,
        "passages": found.passages,
        "decided": found.decided,
        "i_statements": [
            {
                "id": s.i_statement.id,
                "text": s.i_statement.wording.text,
                "silent": s.is_silent,
                "confirmed": [_item_json(i) for i in s.confirmed],
                "suggested": [_item_json(i) for i in s.suggested],
            }
            for s in found.shown
        ],
    }


def _item_json(item: CaseItem) -> dict[str, Any]:
    return {
        "passage": item.passage.id,
        "document": item.document.name,
        "file_sha256": item.document.file_sha256,
        "location": item.passage.location.to_json(),
        "start": item.passage.span.start,
        "end": item.passage.span.end,
        "text": item.passage.text,
        "dates": list(item.dates),
        "side": item.side.value,
        "coders": list(item.coders),
        "voices": [kind.value for kind in item.voices.kinds],
        "writer": item.voices.writer,
        "below_threshold": item.lower_bar,
        "quotations": [
            {"start": q.span.start, "end": q.span.end, "speaker": q.speaker} for q in item.voices.quotations
        ],
    }


# matrix ------------------------------------------------------------------------------------------


def matrix_lines(cases: Sequence[CaseCoverage]) -> Iterator[str]:
    """Yield every case by I statement, two cases a line, so that 50 fit on one screen."""
    statements = [shown.i_statement for shown in cases[0].shown]
    width = WIDTH // 2 - 1
    name = max(7, width - 3 * len(statements) - 8)
    head = "Case".ljust(name) + "".join(f"{n:<3}" for n in range(1, len(statements) + 1)) + "  Read"
    half = (len(cases) + 1) // 2 if len(cases) > 1 else 1
    yield (head.ljust(width) + ("  " + head if len(cases) > 1 else "")).rstrip()
    for left, right in zip(cases[:half], [*cases[half:], None], strict=False):
        line = _case_line(left, name).ljust(width)
        yield (line + ("  " + _case_line(right, name) if right else "")).rstrip()
    yield ""
    for number, each in enumerate(statements, 1):
        yield cut(f"{number} {each.wording.text}", WIDTH).rstrip()
    yield from KEY.split("\n")


def _case_line(case: CaseCoverage, name: int) -> str:
    cells = "".join(f"{mark(case, shown):<3}" for shown in case.shown)
    return f"{cut(case.file.case.id, name - 1)} {cells}{f'{case.decided}/{case.passages}':>7}"


def mark(case: CaseCoverage, shown: Shown) -> str:
    """Return what a case shows of one I statement in at most two characters; see KEY."""
    from evidence_mapper.workflow.case_coverage import marks

    return "".join(marks(case, shown))
