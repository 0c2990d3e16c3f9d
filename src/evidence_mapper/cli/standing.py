"""Strengths against concerns, people's voice and the newest evidence, as a table and as JSON."""

from __future__ import annotations

from evidence_mapper.cli.output import write_table
from evidence_mapper.domain.dates import age_words
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import CellCount, Matrix


def write_standing(framework: Framework, matrix: Matrix, today: str, *, spoken: bool) -> None:
    """Write one line a statement, or with ``spoken`` one an I statement; ``today`` is ``YYYY-MM-DD``."""
    columns = ["Confirmed", "Strengths", "Concerns"] + ([] if spoken else ["Voice"]) + ["Newest"]
    if spoken:
        rows = [_spoken_row(matrix, i.id, i.wording.text, today) for i in framework.i_statements]
    else:
        voices = [c.id for c in framework.evidence_categories if c.required]
        rows = []
        for s in framework.statements:
            voice = sum(matrix.cell(s.id, c).confirmed for c in voices)
            figures = _figures(matrix.row(s.id))
            newest = _newest(matrix.newest_of(s.id), today)
            rows.append([f"{s.number}. {s.title.text}", *figures, str(voice) if voice else "! 0", newest])
    write_table(
        "What is confirmed: for and against" + ("" if spoken else ", people's voice") + ", age",
        ["I statement" if spoken else "Statement", *columns],
        rows,
        right=tuple(range(1, len(columns) + 1)),
        footer="Mixed passages count as strength and as concern. "
        + ("" if spoken else "Voice: of people's experience, ! = none. ")
        + "Newest: date of the newest document with confirmed evidence.",
    )


def _spoken_row(matrix: Matrix, code: str, words: str, today: str) -> list[str]:
    count = matrix.i_statements.get(code, CellCount())
    return [words, *_figures(count), _newest(matrix.i_newest.get(code), today)]


def _figures(count: CellCount) -> list[str]:
    return [str(count.confirmed), f"+{count.strengths}", f"-{count.concerns}"]


def _newest(date: str | None, today: str) -> str:
    return f"{date} ({age_words(date, today)})" if date else "-"
