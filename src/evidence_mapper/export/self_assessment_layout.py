"""A self-assessment pack as a flow of headings, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from evidence_mapper.domain.wording import counted
from evidence_mapper.export.document import (
    Bullets,
    Cell,
    DocumentInfo,
    Element,
    Grid,
    Heading,
    Paragraph,
    Run,
    Style,
    cell,
    text,
)
from evidence_mapper.export.self_assessment import (
    CategoryQuotes,
    ClaimLine,
    DatedDocument,
    Pack,
    Quote,
    ShownWording,
    StatementPart,
    TopicQuotes,
)

TITLE: Final = "Self-assessment evidence pack"
PLACEHOLDER: Final = "Claim (yours to write): " + "_" * 40
_WORKING: Final = (
    "A working paper. Every quote was confirmed by a person and is word for word, with its source. Claims "
    "are yours to write: the program drafts none. Scores, where there are any, were entered by people: the "
    "program proposes none. Topics are the program’s own words, not the regulator’s."
)
_CUT: Final = (
    "at most {most} for each topic and evidence category: those of the newest documents, and each "
    "that a claim is linked to. How many more there are is said; the evidence index lists every one: "
    "evidence-mapper export index.xlsx --format evidence-index"
)
_STANDINGS: Final = {
    "verbatim": "As read in",
    "unverified": "UNVERIFIED: not to be shown as official text. Put together from",
    "conflicting": "SOURCES DIFFER. This form is from",
    "own": "Own words, not official text",
}


def info(pack: Pack) -> DocumentInfo:
    """Return what the file says of itself."""
    return DocumentInfo(TITLE, pack.framework, pack.changed_at)


def layout(pack: Pack) -> Iterator[Element]:
    """Yield the pack's elements, in order."""
    yield Heading(0, TITLE)
    yield text(_WORKING, Style.NOTICE)
    yield _about(pack)
    yield Heading(1, "Overview")
    yield _overview(pack)
    yield from _overall(pack)
    if pack.loose_claims:
        yield Heading(2, "Claims under no statement")
        yield from (_claim(c) for c in pack.loose_claims)
    for theme in pack.themes:
        yield Heading(1, theme.title, new_page=True)
        for statement in theme.statements:
            yield from _statement(pack, statement)
    yield from _annexes(pack)


def _about(pack: Pack) -> Grid:
    rows = [
        ("Framework", pack.framework),
        ("Copyright", pack.copyright),
        ("Project", pack.project_id),
        ("Project last changed (UTC)", pack.changed_at[:19].replace("T", " ")),
        ("Ages of evidence are counted to", pack.as_of),
        ("Listed as old", f"evidence older than {pack.stale_months} months"),
        *(("Left out", line) for line in pack.left_out),
        *([("Quoted", _CUT.format(most=counted(pack.quotes, "passage")))] if pack.is_cut else []),
        *([("Names", pack.privacy)] if pack.privacy else []),
    ]
    return Grid(
        "About this pack",
        ("About this pack", "What it is"),
        tuple((cell(a), cell(b)) for a, b in rows),
        (3, 7),
    )


def _overview(pack: Pack) -> Grid:
    rows = []
    for part in _statements(pack):
        name = (Paragraph((Run(f"{part.number}. {part.title}", anchor=part.id),)),)
        score = "none entered" if part.score is None else str(part.score.value)
        rows.append(
            (
                name,
                cell(part.confirmed),
                cell(part.strengths_confirmed),
                cell(part.concerns_confirmed),
                cell(len(part.contradictions)),
                cell(len(part.empty_topics)),
                cell(score),
            )
        )
    header = (
        "Statement", "Confirmed passages", "Strengths", "Concerns", "Topics with both",
        "Topics without evidence", "Score a person entered",
    )  # fmt: skip
    # Where no score can be entered the last column would only say so.
    end = None if pack.scored else -1
    widths = (4.6, 2.1, 2.1, 2, 1.8, 2, 1.9)
    shown = tuple(row[:end] for row in rows)
    return Grid("Confirmed evidence by statement", header[:end], shown, widths[:end])


def _overall(pack: Pack) -> Iterator[Element]:
    if pack.overall is None:
        return
    yield text(pack.overall.line, Style.NOTICE)


def _statement(pack: Pack, part: StatementPart) -> Iterator[Element]:
    yield Heading(2, f"{part.number}. {part.title}", part.id)
    yield from _framework(part)
    if pack.scored:
        yield Heading(3, "Score")
        yield _score(part)
    yield Heading(3, "Evidence by category")
    yield _counts(part)
    if part.suggested:
        yield text(
            "Not in this pack: suggestions for this statement that nobody has decided on "
            f"({part.suggested:,}). They are the program’s, and not evidence until a person confirms them.",
            Style.SOURCE,
        )
    if part.unplaced:
        yield Heading(3, "Claims that no confirmed quote below carries")
        yield from (_claim(c) for c in part.unplaced)
    yield from _side("Strengths", part.strengths, claims=True)
    yield from _side("Concerns", part.concerns, claims=True)
    if part.unmarked:
        yield from _side("Marked neither a strength nor a concern", part.unmarked, claims=False)
    yield from _contradictions(part)
    yield Heading(3, "Topics without confirmed evidence")
    yield Bullets(part.empty_topics) if part.empty_topics else text("None.")
    yield from _ages(pack, part)


def _framework(part: StatementPart) -> Iterator[Element]:
    yield Heading(3, "What the framework says")
    if part.we is not None:
        yield from _wording(part.we)
    for number, wording in enumerate(part.i_statements):
        if number == 0:
            yield text("What people should be able to say:", bold=True)
        yield from _wording(wording)
    if part.i_note:
        yield text(part.i_note, Style.SOURCE)


def _wording(wording: ShownWording) -> Iterator[Element]:
    yield text(wording.text, Style.OFFICIAL)
    standing = _STANDINGS[wording.standing]
    sources = "; ".join(wording.sources)
    if wording.standing == "unverified" and not sources:
        sources = "general knowledge"
    mark = Run(f"{standing}: {sources}." if sources else f"{standing}.", bold=wording.standing != "verbatim")
    yield Paragraph((mark,), Style.SOURCE)
    if wording.standing == "conflicting":
        yield from (text(f"Another form: {variant}", Style.SOURCE) for variant in wording.variants)


def _score(part: StatementPart) -> Paragraph:
    score = part.score
    if score is None:
        return text("No score entered.")
    note = f" Note: {score.note}" if score.note else ""
    return Paragraph(
        (
            Run(f"{score.value}: {score.words}. ", bold=True),
            Run(f"Entered by {score.coder} on {score.at[:10]}.{note}"),
        )
    )


def _counts(part: StatementPart) -> Grid:
    rows = tuple(
        (
            cell(c.name + (" (required)" if c.required else "")),
            cell(c.confirmed),
            cell(c.strengths),
            cell(c.concerns),
            cell(c.newest or ("no date" if c.confirmed else "nothing confirmed")),
        )
        for c in part.counts
    )
    header = ("Evidence category", "Confirmed", "Strengths", "Concerns", "Newest document")
    return Grid(f"Evidence by category: {part.title}", header, rows, (5, 2, 2, 2, 3))


def _side(title: str, topics: Sequence[TopicQuotes], *, claims: bool) -> Iterator[Element]:
    yield Heading(3, title)
    if not topics:
        yield text("Nothing confirmed.")
    for topic in topics:
        yield Heading(4, _sentence(topic.topic))
        if claims:
            yield from (_claim(c) for c in topic.claims)
            if not topic.claims:
                yield text(PLACEHOLDER, Style.CLAIM)
        for category in topic.categories:
            yield from _category(category)


def _category(category: CategoryQuotes) -> Iterator[Element]:
    yield Heading(5, category.name)
    for quote in category.quotes:
        yield from _quote(quote)
    for quote, topic in category.again:
        where = f"quoted in full under ‘{_sentence(topic)}’ above"
        yield text(f"Also {quote.passage_id}, {_place(quote)}: {where}.", Style.SOURCE)
    if category.more:
        yield text(
            f"And {counted(category.more, 'more confirmed passage')}, in the evidence index.", Style.SOURCE
        )


def _quote(quote: Quote) -> Iterator[Paragraph]:
    if quote.context:
        yield text(f"Before it in the document, not part of the quote: {quote.context}", Style.CONTEXT)
    yield text(quote.text, Style.QUOTE)
    yield text(_source(quote), Style.SOURCE)


def _source(quote: Quote) -> str:
    """Return where a quote is from and who confirmed it, as one line."""
    date = f"{quote.date} (from the {quote.date_source})" if quote.date else "no date found"
    if quote.date and not quote.date_source:
        date = quote.date
    parts = [_place(quote), quote.source_type, date, quote.passage_id]
    if len(quote.marks) > 1:
        parts.append(f"people differ: {', '.join(quote.marks)}")
    elif quote.marks == ("mixed",):
        parts.append("mixed: a strength and a concern in one")
    parts.append(f"confirmed by {'; '.join(quote.coders)}")
    parts += [f"speaks against claim {number}" for number in quote.against]
    parts += [f"note by {note}" for note in quote.notes]
    return " · ".join(parts)


def _place(quote: Quote) -> str:
    return f"{quote.document}, {quote.place}" if quote.place else quote.document


def _claim(claim: ClaimLine) -> Paragraph:
    return Paragraph(
        (
            Run(f"Claim {claim.number}: ", bold=True),
            Run(claim.text),
            Run(f"  ({claim.coder}, {claim.at[:10]})"),
        ),
        Style.CLAIM,
    )


def _contradictions(part: StatementPart) -> Iterator[Element]:
    if not part.contradictions:
        return
    yield Heading(3, "Both a strength and a concern on the same topic")
    for found in part.contradictions:
        yield Heading(4, _sentence(found.topic))
        pairs = zip_longest(found.strengths, found.concerns)
        rows = tuple((_quoted(strength), _quoted(concern)) for strength, concern in pairs)
        yield Grid(f"Both sides: {found.topic}", ("Strengths", "Concerns"), rows)
        if found.more_strengths or found.more_concerns:
            strengths = counted(found.more_strengths, "more strength")
            concerns = counted(found.more_concerns, "more concern")
            yield text(f"And {strengths} and {concerns}, in the evidence index.", Style.SOURCE)


def _quoted(quote: Quote | None) -> Cell:
    if quote is None:
        return cell("")
    parts = [_place(quote), quote.date or "no date found", quote.passage_id]
    if len(quote.marks) > 1:
        parts.append(f"people differ: {', '.join(quote.marks)}")
    return (text(quote.text), text(" · ".join(parts), Style.SOURCE))


def _ages(pack: Pack, part: StatementPart) -> Iterator[Element]:
    if part.old:
        yield Heading(3, f"Evidence older than {pack.stale_months} months on {pack.as_of}")
        yield _dated_grid(part, part.old, "Old evidence")
        yield from _more_documents(part.more_old)
    if part.undated:
        yield Heading(3, "Evidence without a date")
        yield _dated_grid(part, part.undated, "Evidence without a date")
        yield from _more_documents(part.more_undated)


def _more_documents(count: int) -> Iterator[Paragraph]:
    if count:
        yield text(f"And {counted(count, 'more document')}, in the evidence index.", Style.SOURCE)


def _dated_grid(part: StatementPart, documents: Sequence[DatedDocument], title: str) -> Grid:
    rows = tuple(
        (
            cell(d.document),
            cell(d.date or "none found"),
            cell("" if d.age_months is None else f"{d.age_months} months"),
            cell(d.passages),
        )
        for d in documents
    )
    return Grid(f"{title}: {part.title}", ("Document", "Date", "Age", "Passages"), rows, (8, 2.5, 2.5, 2))


def _annexes(pack: Pack) -> Iterator[Element]:
    yield Heading(1, "Documents quoted", new_page=True)
    if pack.documents:
        rows = tuple(
            (
                cell(d.name),
                cell(d.source_type),
                cell(d.date or "none found"),
                cell("" if d.pages is None else d.pages),
                cell(d.passages),
                cell(d.file_sha256.removeprefix("sha256:")),
            )
            for d in pack.documents
        )
        header = ("Document", "Kind", "Date", "Pages", "Confirmed passages", "SHA-256 of the file")
        yield Grid("Documents quoted", header, rows, (4.2, 2.6, 2.1, 1.4, 2.2, 4.5))
        yield from _more_documents(pack.more_documents)
    else:
        yield text("Nothing is confirmed yet, so nothing is quoted.")
    if pack.overall is not None and pack.overall.rule:
        yield Heading(1, "How the overall figure is computed")
        for wording in pack.overall.rule:
            yield from _wording(wording)
    if pack.unverified:
        yield Heading(1, "Parts of the framework that are not official text")
        yield text("Check each against the official page before it is shown as official text.")
        yield Bullets(pack.unverified)


def _statements(pack: Pack) -> Iterator[StatementPart]:
    for theme in pack.themes:
        yield from theme.statements


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
