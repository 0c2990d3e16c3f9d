"""Surveys: columns of free text, one passage an answer."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.document import BlockKind, Exclusion, ExclusionReason
from evidence_mapper.domain.survey import SurveyColumns
from evidence_mapper.extract.columns import column_letter
from evidence_mapper.extract.grid import SHORT_WORDS, Grid, Row, TableReport, add_row
from evidence_mapper.extract.headings import BlockList

_FREE_TEXT_WORDS: Final = 5
_DISTINCT_SHARE: Final = 0.5
_NO_ANSWER: Final = re.compile(
    r"(?:n\s*[/.]?\s*a\.?|none|nil|nothing|no comments?|not applicable|no (?:answer|response)(?: given)?|"
    r"did not answer|not answered|\(?blank\)?|[-–—.?*]+)\.?$",
    re.IGNORECASE,
)
_LABEL_HEADER: Final = re.compile(
    r"(?:(?:audit|survey|assessment)?\s*(?:questions?|prompts?)|standards?|criteri\w+|indicators?|measures?|areas?|"
    r"sections?|domains?|statements?|quality statements?|headings?|topics?)\W*$",
    re.IGNORECASE,
)
_FREE_HEADER: Final = re.compile(
    r"comment|feedback|please|tell us|describe|explain|improve|suggest|why\b|"
    r"what (?:went|could|would|do|is|was)|other|anything|verbatim|narrative|free.?text",
    re.IGNORECASE,
)
_ID_HEADER: Final = re.compile(
    r"\b(?:id|ids|ref|reference|number|no|date|postcode|e-?mail)\W*$", re.IGNORECASE
)
_QUESTION: Final = re.compile(r"\bquestions?\W*$", re.IGNORECASE)
_FIGURE_HEADER: Final = re.compile(
    r"\b(?:targets?|actuals?|budget(?:ed)?|variance|forecast|outturn|baseline|spend|expenditure|income|rag|"
    r"savings?|benchmark|england|ytd|year to date|cost|numerator|denominator|direction of travel|trend|"
    r"previous|current|"
    r"q[1-4] ?(?:20)?\d\d(?:[/-]\d\d)?|(?:19|20)\d\d(?:[/-]\d\d)?|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[ -]?\d\d(?:\d\d)?)\b",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(
    r"[-+(~<>]*[£$€]?\s?[\d,.]+\s?(?:%|k|m|bn)?\)?$|(?:red|amber|green|blue|r|a|g|n/?a|tbc|up|down|same|improving|"
    r"declining|stable|no change|[-–↑↓→↔▲▼])$",
    re.IGNORECASE,
)
_FIGURE_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Columns:
    """What a sheet's columns are for."""

    count: int
    labels: frozenset[int]
    """Columns that say what a row is about: the question, the standard."""
    free: frozenset[int]
    keeps_rows: bool
    """Whether a row says something without free text, as a rating beside an audit question does."""


def survey_columns(titles: Mapping[int, str], body: Sequence[Row]) -> Columns:
    """Return what each column is for, judged from its header and its cells."""
    columns = sorted({column for row in body for column in row})
    cells = {c: [row[c] for row in body if c in row] for c in columns}
    text = {c for c in columns if _is_free_text(cells[c], titles.get(c, ""))}
    asked = {c for c in text if sum(cell.endswith("?") for cell in cells[c]) / len(cells[c]) >= 0.5}
    named = {c for c in text if _LABEL_HEADER.match(titles.get(c, ""))}
    labels = {c for c in asked | named if c < max(text)}
    first = min(text - labels, default=0)
    varied = {c for c in columns if len(set(cells[c])) / len(cells[c]) >= _DISTINCT_SHARE}
    labels |= {c for c in varied if c < first and _LABEL_HEADER.match(titles.get(c, ""))}
    labels |= {c for c in columns if c not in text and _QUESTION.search(titles.get(c, ""))}
    return Columns(len(columns), frozenset(labels), frozenset(text - labels), bool(labels & varied))


def is_figures(titles: Mapping[int, str], body: Sequence[Row]) -> bool:
    """Return whether a table is of figures, a budget or measures of performance, and so no survey.

    Two or more of its columns are named as such tables name theirs (target, actual, variance, a year)
    and hold figures or ratings.
    """
    named = [column for column, title in titles.items() if _FIGURE_HEADER.search(title) and "?" not in title]
    cells = [[row[c].strip() for row in body if c in row] for c in named]
    shares = [sum(bool(_FIGURE.match(cell)) for cell in column) / len(column) for column in cells if column]
    return sum(share >= _FIGURE_SHARE for share in shares) >= 2


@dataclass(slots=True)
class Survey:
    """Adds a survey's answers to a block list."""

    out: BlockList
    grid: Grid
    titles: Mapping[int, str]
    columns: Columns
    report: TableReport
    chosen: bool = False
    """Whether a person named the columns: then no other cell is an answer."""

    def add(self, body: Iterable[tuple[int, Row]]) -> None:
        """Add one COMMENT an answer; cells that say nothing are recorded as left out."""
        for number, row in body:
            said = [c for c in sorted(row) if self._is_said(c, row[c])]
            for column in sorted(row.keys() & self.columns.free - set(said)):
                place = self.grid.locate(number, column)
                self.report.exclusions.append(Exclusion(row[column], ExclusionReason.OTHER, place))
            if not said and self.columns.keeps_rows:
                add_row(self.out, self.grid, number, row, self.titles)
            elif not said:
                self.report.unanswered += 1
            for column in said:
                self._add_cell(number, row, column)
            if self.chosen:
                self._leave_out(number, row)

    def found(self, body: Sequence[tuple[int, Row]]) -> SurveyColumns:
        """Return what the columns were taken for."""
        used = sorted({column for _, row in body for column in row})
        free, labels = self.columns.free, self.columns.labels
        return SurveyColumns(
            sheet=self.grid.sheet,
            comments=tuple((column_letter(c), self.titles.get(c, "")) for c in sorted(free)),
            others=tuple(self._title(c) for c in used if c not in free and c not in labels),
            chosen=self.chosen,
        )

    def _leave_out(self, number: int, row: Row) -> None:
        """Record texts outside the chosen columns that are too long to be kept beside an answer."""
        for column in sorted(row.keys() - self.columns.free):
            if len(row[column].split()) > SHORT_WORDS:
                place = self.grid.locate(number, column)
                self.report.exclusions.append(Exclusion(row[column], ExclusionReason.OTHER, place))

    def _title(self, column: int) -> str:
        return self.titles.get(column) or f"column {column_letter(column)}"

    def _is_said(self, column: int, text: str) -> bool:
        # A long answer in a column of short ones ("Other, please say") is still somebody's words.
        if column in self.columns.free:
            return not is_no_answer(text)
        return not self.chosen and column not in self.columns.labels and len(text.split()) > SHORT_WORDS

    def _add_cell(self, number: int, row: Row, column: int) -> None:
        label = "; ".join(row[c] for c in sorted(self.columns.labels) if c in row)
        context = " - ".join(filter(None, (label, self.titles.get(column, ""))))
        self.out.add(
            row[column],
            BlockKind.COMMENT,
            self.grid.locate(number, column),
            context=context or None,
            attributes=self._attributes(row),
        )

    def _attributes(self, row: Row) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self._title(c), " ".join(row[c].split()))
            for c in sorted(row)
            if c not in self.columns.free
            and c not in self.columns.labels
            and len(row[c].split()) <= SHORT_WORDS
        )


def is_no_answer(text: str) -> bool:
    """Return whether a cell says only that nothing was said: "n/a", "none", "-"."""
    return bool(_NO_ANSWER.match(text.strip()))


def _is_free_text(cells: Sequence[str], title: str) -> bool:
    said = [cell for cell in cells if not is_no_answer(cell)]
    if not said or _ID_HEADER.search(title):
        return False
    median = statistics.median(len(cell.split()) for cell in said)
    enough = 2 if _FREE_HEADER.search(title) else _FREE_TEXT_WORDS
    # Numbers set aside, references made by a system ("Ward 3 - Q1") are all alike.
    patterns = {re.sub(r"\d+", "#", cell) for cell in said}
    return median >= enough and len(patterns) / len(said) >= _DISTINCT_SHARE
