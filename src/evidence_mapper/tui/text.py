"""Text for the screen: made harmless, cut to width, and probabilities in words."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from rich.cells import cell_len, set_cell_size

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.domain.wording import counted

LIKELY: Final = 0.66
"""Probability from which a suggestion is called likely."""
POSSIBLE: Final = 0.33
"""Probability from which a suggestion is called possible; below it, unlikely."""

SUGGESTED_MARK: Final = "◆"
ACCEPTED_MARK: Final = "✓"
REJECTED_MARK: Final = "✗"
UNSAVED_MARK: Final = "*"
GAP_MARK: Final = "!"
FLAG_MARK: Final = "!"

SUGGESTED_LABEL: Final = "Suggested by the model - not a coding"

STATE_MARKS: Final[dict[ReviewState, str]] = {
    ReviewState.TO_REVIEW: "·",
    ReviewState.CODED: ACCEPTED_MARK,
    ReviewState.NONE: "○",
    ReviewState.UNSURE: "?",
}
STATE_WORDS: Final[dict[ReviewState, str]] = {
    ReviewState.TO_REVIEW: "To review",
    ReviewState.CODED: "Coded",
    ReviewState.NONE: "None of these",
    ReviewState.UNSURE: "Unsure",
    ReviewState.ANY: "All passages",
}
ORDER_WORDS: Final[dict[QueueOrder, str]] = {
    QueueOrder.GAP: "gaps first",
    QueueOrder.LIKELY: "likely first",
    QueueOrder.UNCERTAIN: "least certain first",
    QueueOrder.STATEMENT: "by statement",
    QueueOrder.DOCUMENT: "document order",
    QueueOrder.NEWEST: "newest document first",
}
POLARITY_MARKS: Final[dict[Polarity, str]] = {
    Polarity.STRENGTH: "+",
    Polarity.CONCERN: "−",
    Polarity.MIXED: "±",
    Polarity.NEUTRAL: "=",
}

_SHOWN_AS: Final[dict[int, str]] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "�"),
    # Directions that could make a line read in another order than it is stored.
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C), "�"),
    # Line and paragraph separators would break a row in two.
    0x2028: "\n",
    0x2029: "\n",
    0x09: "    ",
}
_NAME: Final = 8
"""Cells that a document's name keeps beside a long label."""
_JOINING: Final = frozenset(
    {"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
)
_MARKS: Final = " ,;:-–"
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


def harmless(text: str) -> str:
    """Return the text with control characters made visible, so that no document drives the terminal."""
    return text.translate(_SHOWN_AS).encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    """Return harmless text with every run of white space made one space."""
    return " ".join(harmless(text).split())


def fit(text: str, width: int) -> str:
    """Return one line of exactly ``width`` cells, with an ellipsis where it was cut."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def fit_title(title: str, width: int) -> str:
    """Return a title of exactly ``width`` cells, cut after a whole word that means something.

    ``Safe systems, pathways and transitions`` becomes ``Safe systems…``, never ``Safe systems, pathways a…``.
    """
    if cell_len(title) <= width:
        return fit(title, width)
    words = title.split()
    while words and (cell_len(" ".join(words).rstrip(_MARKS)) >= width or words[-1].lower() in _JOINING):
        words.pop()
    kept = " ".join(words).rstrip(_MARKS)
    return fit(f"{kept}…", width) if kept.strip("0123456789 ") else fit(title, width)


def fit_end(text: str, width: int) -> str:
    """Return the end of one line in at most ``width`` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    kept = text
    while kept and cell_len(kept) > max(0, width - 1):
        kept = kept[1:]
    return "…" + kept


def fit_place(document_name: str, label: str, width: int) -> str:
    """Return a document and a place in it in at most ``width`` cells, such as ``carers-s…2025 row 13``.

    The name goes without its folders; what does not fit goes from its middle, as both of its ends tell it
    from others; from the label go sheet and column, which say less than the row, and then its end.
    """
    name = one_line(document_name.rsplit("/", 1)[-1])
    whole = f"{name} {one_line(label)}".strip()
    if cell_len(whole) <= width:
        return whole
    stem = name.rpartition(".")[0] or name
    least = min(_NAME, cell_len(stem))
    place = fit_label(one_line(label), width - least - 1)
    room = max(least, width - cell_len(place) - (1 if place else 0))
    return fit(f"{fit_middle(stem, room)} {place}".rstrip(), width).rstrip()


def fit_label(label: str, width: int) -> str:
    """Return a place in a document in ``width`` cells if that can be, without what says least of it.

    Sheet and column go first, then what comes last; the first of what is left stays, however long.
    """
    if cell_len(label) <= width:
        return label
    parts = label.split(", ")
    parts = [part for part in parts if not part.startswith(("sheet ", "col "))] or parts[-1:]
    while len(parts) > 1 and cell_len(", ".join(parts)) > width:
        parts.pop()
    return ", ".join(parts)


def fit_middle(text: str, width: int) -> str:
    """Return text in at most ``width`` cells, with an ellipsis in the middle where it was cut."""
    if cell_len(text) <= width:
        return text
    end = (width - 1) // 2
    return fit(text, width - end).rstrip(" …") + fit_end(text, end + 1)


def right(text: str, width: int) -> str:
    """Return the text set to the right in ``width`` cells."""
    return " " * max(0, width - cell_len(text)) + text


def probability_word(probability: float) -> str:
    """Return ``likely``, ``possible`` or ``unlikely``; see LIKELY and POSSIBLE."""
    if probability >= LIKELY:
        return "likely"
    return "possible" if probability >= POSSIBLE else "unlikely"


def bar(probability: float, width: int) -> str:
    """Return a bar of ``width`` cells for a probability in [0, 1]."""
    eighths = round(max(0.0, min(1.0, probability)) * width * 8)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(width)


def percent(probability: float) -> str:
    """Return such as ``87%``; never 0% or 100%, which would claim certainty."""
    return f"{max(1, min(99, round(probability * 100)))}%"


def when(at: str) -> str:
    """Return a UTC ISO 8601 time as ``25 Nov 2026 13:40``; the text itself when it is not one."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    return f"{moment.day} {moment:%b %Y %H:%M}"


def day(date: str) -> str:
    """Return ``YYYY-MM-DD`` as ``25 Nov 2026``; the text itself when it is not one."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return date
    return f"{moment.day} {moment:%b %Y}"


def source_type_words(value: str) -> str:
    """Return a source type's id as words."""
    return value.replace("-", " ")


def narrower_words(where: QueueFilter) -> list[str]:
    """Return in words what a filter asks of a passage's document, coder and sample."""
    parts = []
    if where.i_statement:
        parts.append(f"I statement {where.i_statement}")
    if where.source_type:
        parts.append(source_type_words(where.source_type))
    if where.dated_from or where.dated_to:
        parts.append(f"dated {where.dated_from or '…'} to {where.dated_to or '…'}")
    if where.decided_by:
        parts.append(f"decided by {one_line(where.decided_by)}")
    if where.sample:
        parts.append("the random sample")
    if where.passages is not None:
        parts.append(f"{counted(len(where.passages), 'chosen passage')}")
    if where.min_probability is not None:
        parts.append(f"{percent(where.min_probability)} likely or more")
    return parts
