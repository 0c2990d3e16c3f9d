"""What is read out of lists: search, documents, flags, the matrix, what is unseen, cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from evidence_mapper.domain.dates import age_words
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import CellCount, DocumentProgress, Matrix, PassageCard
from evidence_mapper.domain.remaining import Remaining, RemainingRow
from evidence_mapper.domain.search import HitState
from evidence_mapper.domain.version import DocumentVersion, VersionChange
from evidence_mapper.domain.wording import counted
from evidence_mapper.tui.text import one_line, source_type_words, when
from evidence_mapper.workflow.document_facts import shown_date

if TYPE_CHECKING:
    from evidence_mapper.workflow.case_coverage import CaseCoverage, CaseItem, Shown
    from evidence_mapper.workflow.search import Hit

_STATES: Final = {
    HitState.CONFIRMED: "confirmed",
    HitState.SUGGESTED: "suggested, not confirmed",
    HitState.SET_ASIDE: "set aside",
    HitState.OPEN: "nothing suggested",
}
_PAGES: Final = 20


def hit_lines(number: int, hit: Hit) -> Iterator[str]:
    """Yield where a passage that was found stands, how, and the piece of it that fits."""
    from evidence_mapper.workflow.search_snippet import snippet

    codes = f": {', '.join(hit.statements)}" if hit.statements else ""
    place = f"{one_line(hit.document.name)}, {one_line(hit.passage.location.label())}"
    yield f"{number}. {place}; {_STATES[hit.state]}{one_line(codes)}."
    yield one_line("".join(text for text, _ in snippet(hit.passage.text, hit.matched).pieces()))


def document_lines(number: int, row: DocumentProgress) -> Iterator[str]:
    """Yield a document with this coder's counts, and what was not read of it."""
    told = [source_type_words(row.document.source_type), shown_date(row.facts) or "undated"]
    told.append(f"{counted(row.passages, 'passage')}, {row.decided:,} decided by you")
    yield f"{number}. {one_line(row.document.name)}: {'; '.join(told)}."
    if row.unread_pages:
        pages = ", ".join(map(str, row.unread_pages[:_PAGES]))
        more = " and more" if len(row.unread_pages) > _PAGES else ""
        yield f"{counted(len(row.unread_pages), 'page')} of it without text, not searched: {pages}{more}."
    yield from (f"Note: {one_line(warning)}" for warning in row.warnings)


def version_words(name: str, versions: Sequence[DocumentVersion], change: VersionChange | None) -> str:
    """Return how many versions a document has, and what the newest changed."""
    words = f"{one_line(name)}: {counted(len(versions), 'version')}"
    if change is None:
        return f"{words}; nothing was replaced."
    fates = ", ".join(f"{count:,} {fate.value}" for fate, count in change.counts if count)
    return (
        f"{words}; the newest, of {when(change.at)}: {fates}, {change.new:,} new; "
        f"{change.carried:,} decisions went along, {change.to_confirm:,} to confirm again."
    )


def flag_lines(number: int, card: PassageCard) -> Iterator[str]:
    """Yield a flag with its passage, and how far it was answered."""
    flag, place = card.flag, f"{one_line(card.document.name)}, {one_line(card.passage.location.label())}"
    if flag is not None:
        to = f" for {one_line(flag.to)}" if flag.to else ""
        because = f": {one_line(flag.reason)}" if flag.reason else ""
        yield f"{number}. Flagged{to} by {one_line(flag.coder)}, {when(flag.at)}{because}."
    yield f"From {place}:"
    yield one_line(card.passage.text)
    held = [*([card.mine] if card.mine else []), *card.others]
    since = [h for h in held if flag is not None and h.at >= flag.at]
    yield from (f"Decided since by {one_line(h.coder)}, {when(h.at)}." for h in since)


def count_words(count: CellCount) -> str:
    """Return a count in words: confirmed with its sides, then suggested with how much is likely to hold."""
    words = f"{count.confirmed:,} confirmed"
    if count.confirmed:
        words += f", {count.strengths:,} as a strength and {count.concerns:,} as a concern"
    words += f"; {count.suggested:,} suggested"
    if count.suggested:
        words += f", about {count.expected:.0f} expected to hold"
    return words


def of(counts: Mapping[str, CellCount], name: str) -> CellCount:
    """Return a count; that of nothing when there is none of the name."""
    return counts.get(name, CellCount())


def age(newest: str | None, today: str) -> str:
    """Return how old the newest evidence is, to be put behind a count; empty when no date is known."""
    return f"; newest {newest}, {age_words(newest, today)} old" if newest else ""


def required(framework: Framework, category: str) -> str:
    """Return what says that every statement must have evidence of a category; empty for others."""
    must = {c.id for c in framework.evidence_categories if c.required}
    return ", required" if category in must else ""


def statement_lines(framework: Framework, counts: Matrix, today: str) -> Iterator[str]:
    """Yield a line a statement, and one with the categories of it in which nothing is confirmed."""
    names = {c.id: one_line(c.name.text) for c in framework.evidence_categories}
    for number, statement in enumerate(framework.statements, 1):
        row, newest = counts.row(statement.id), counts.newest_of(statement.id)
        yield f"{number}. {one_line(statement.title.text)}: {count_words(row)}{age(newest, today)}."
        bare = [name for c, name in names.items() if not counts.cell(statement.id, c).confirmed]
        if bare and len(bare) < len(names):
            yield f"Nothing confirmed in: {'; '.join(bare)}."
        elif bare:
            yield "Nothing confirmed in any category."


def remaining_lines(framework: Framework, found: Remaining) -> Iterator[str]:
    """Yield the estimate a statement, then what it rests on."""
    titles = {s.id: f"{n}. {one_line(s.title.text)}" for n, s in enumerate(framework.statements, 1)}
    yield f"{counted(found.undecided, 'passage')} undecided."
    for row in found.rows:
        yield f"{titles[row.statement]}: {'; '.join(_row(row))}."
    yield "Expected is the sum of the probabilities, 9 in 10 between the ends, if these are right."
    if found.without_suggestion:
        yield f"{counted(found.without_suggestion, 'passage')} without suggestion are not in it."
    if found.sample is None:
        yield "For a bound that does not rest on the model: evidence-mapper remaining --sample 150"
    elif found.problem:
        yield f"The sample no longer stands: {found.problem}. Draw another: evidence-mapper remaining"
    else:
        yield (
            f"At most and at least rest on a random sample of {len(found.sample.passages):,} of "
            f"{found.sample.frame:,}, at {found.confidence:.0%} confidence a statement."
        )
        if found.waiting:
            yield f"{counted(found.waiting, 'passage')} of the sample not decided yet."


def _row(row: RemainingRow) -> Iterator[str]:
    yield f"{row.confirmed:,} confirmed"
    if row.expected is not None:
        low, high = row.expected.low, row.expected.high
        yield f"{row.expected.mean:,.0f} expected unseen, {low:,} to {high:,}"
    if row.bound is not None:
        yield f"at most {row.bound.unseen:,} unseen"
        if row.bound.recall is not None:
            yield f"at least {int(row.bound.recall * 100)}% found"
        yield "you may stop" if row.may_stop else "go on"


def case_words(number: int, case: CaseCoverage) -> str:
    """Return a case with how far it was read, and of how many I statements it shows something."""
    said = sum(not shown.is_silent for shown in case.shown)
    return (
        f"{number}. {one_line(case.file.case.id)}: {counted(len(case.file.documents), 'document')}; "
        f"{case.decided} of {counted(case.passages, 'passage')} decided on; something on {said} of "
        f"{counted(len(case.shown), 'I statement')}."
    )


def shown_words(number: int, case: CaseCoverage, shown: Shown) -> str:
    """Return what a case's record shows of an I statement; confirmed and suggested apart."""
    head = f"{number}. {one_line(shown.i_statement.wording.text)}"
    if shown.is_silent:
        said = "silent" if case.is_read else "nothing so far; not every passage is read"
        return f"{head}: {said}."
    return f"{head}: confirmed {_sides(shown.confirmed)}; suggested {_sides(shown.suggested)}."


def _sides(items: Sequence[CaseItem]) -> str:
    if not items:
        return "none"
    sides = Counter(item.side.value for item in items)
    own = sum(item.voices.is_own for item in items)
    return f"{', '.join(f'{count} {side}' for side, count in sides.items())}, own voice in {own}"
