"""What a labelled file says: which column is the text, which the labels, and what each label means."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.labelled_table import Cell, Table, plain, read_table, texts_of

_TEXT: Final = ("text", "comment", "comments", "feedback", "answer", "response", "passage")
_LABEL: Final = ("statements", "statement", "labels", "label", "codes", "code", "categories", "category")
_QUESTION: Final = ("question", "heading")
_FINER: Final = ("topic", "subcategory", "subcode", "sublabel")
_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "x"})
_NO: Final = frozenset({"", "0", "0.0", "no", "n", "false"})
_NONE: Final = frozenset({"none", "none of these"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns a person named; None and empty leave it to be judged."""

    text: str | None = None
    labels: tuple[str, ...] = ()
    question: str | None = None
    finer: str | None = None


@dataclass(frozen=True)
class LabelledFile:
    """Labelled texts, none empty."""

    texts: tuple[str, ...]
    statements: tuple[tuple[str, ...], ...]
    """Ids in framework order, as many as were given to each text; empty for none of these."""
    questions: tuple[str | None, ...]
    finer: tuple[str | None, ...]
    """A finer label of a person's own beneath each statement; None where there is none."""
    several: bool
    """Whether a text can have more than one statement."""
    taken: str
    """Which columns were taken for what, in words."""
    notes: tuple[str, ...]
    """What was left out, and why, in words."""


def read_labelled(
    framework: Framework, path: Path, columns: Columns, *, ignore_unmatched: bool = False
) -> LabelledFile:
    """Read a labelled file.

    Parameters
    ----------
    framework
        Labels are its statements, by id or title, apart from case.
    path
        CSV with a header, or JSON Lines.
    columns
        Columns named by a person.
    ignore_unmatched
        Leave labels out that are no statement instead of refusing them.

    Raises
    ------
    UsageError
        The file cannot be read, a column is missing or cannot be told, or a label is no statement.
    """
    table = read_table(path)
    names = _names(framework)
    marks = [c for c in table.columns if _is_marks(table, c)]
    label_columns = columns.labels or _label_columns(table, names, marks)
    text = columns.text or _text_column(table, label_columns)
    question = columns.question or _first(table, _QUESTION)
    finer = columns.finer or _first(table, _FINER)
    wide = len(label_columns) > 1 or (plain(label_columns[0]) in names and label_columns[0] in marks)
    if wide:
        given, notes = _by_marks(table, label_columns), []
        ignored = (
            [c for c in marks if c not in label_columns and _used(table, c)] if not columns.labels else []
        )
        if ignored:
            notes.append(f"Columns of 0 and 1 that are no statement, not learned from: {', '.join(ignored)}.")
    else:
        given, notes = _by_cell(table.column(label_columns[0]), names), []
    notes += _refuse_unmatched(given, names, ignore_unmatched)
    texts, asked = texts_of(table.column(text)), _optional(table, question)
    kinds = _optional(table, finer)
    kept = [i for i, t in enumerate(texts) if t.strip() and given[i] is not None]
    notes += _left_out(texts, given)
    order = [s.id for s in framework.statements]
    found = [_ids(given[i] or (), names, order) for i in kept]
    # A text whose labels were all left out says nothing, not that it bears on none.
    sure = [j for j, i in enumerate(kept) if found[j] or not given[i]]
    return LabelledFile(
        tuple(texts[kept[j]] for j in sure),
        tuple(found[j] for j in sure),
        tuple(asked[kept[j]] for j in sure),
        tuple(kinds[kept[j]] for j in sure),
        wide or any(len(f) > 1 for f in found),
        _taken((text, question, finer), label_columns, wide),
        tuple(notes),
    )


def _names(framework: Framework) -> dict[str, str]:
    """Return statement ids by every name a label may have."""
    by_title = {plain(s.title.text): s.id for s in framework.statements}
    return by_title | {plain(s.id): s.id for s in framework.statements}


def _first(table: Table, names: Sequence[str]) -> str | None:
    return next((c for name in names for c in table.columns if plain(c) == name), None)


def _is_marks(table: Table, column: str) -> bool:
    cells = {plain(c) for c in texts_of(table.column(column))} if column else set()
    return bool(cells) and cells <= _YES | _NO


def _used(table: Table, column: str) -> bool:
    return any(plain(c) in _YES for c in texts_of(table.column(column)))


def _label_columns(table: Table, names: dict[str, str], marks: Sequence[str]) -> tuple[str, ...]:
    wide = tuple(c for c in marks if plain(c) in names)
    if len(wide) > 1:
        return wide
    for wanted in _LABEL:
        for column in table.columns:
            if plain(column) == wanted:
                return (column,)
    raise UsageError(
        f"{table.path}: no column of labels: none is named {', '.join(_LABEL)}, and no two columns of 0 "
        f"and 1 are named after statements; name yours with --labels; there are: {', '.join(table.columns)}"
    )


def _text_column(table: Table, label_columns: Sequence[str]) -> str:
    for wanted in _TEXT:
        for column in table.columns:
            if plain(column) == wanted and column not in label_columns:
                return column
    others = [c for c in table.columns if c and c not in label_columns]
    if not others:
        raise UsageError(f"{table.path}: no column of texts beside the labels; name it with --text")
    length = {c: sum(len(t) for t in texts_of(table.column(c))) for c in others}
    return max(others, key=lambda c: length[c])


def _by_marks(table: Table, columns: Sequence[str]) -> list[tuple[str, ...] | None]:
    cells = {c: [plain(t) for t in texts_of(table.column(c))] for c in columns}
    for column, values in cells.items():
        odd = next((v for v in values if v not in _YES | _NO), None)
        if odd is not None:
            raise UsageError(
                f"{table.path}: column '{column}' has '{odd}'; with several columns of labels each holds 0 "
                "or 1 (or yes and no)"
            )
    return [tuple(c for c in columns if cells[c][i] in _YES) for i in range(len(table.rows))]


def _by_cell(cells: Sequence[Cell], names: dict[str, str]) -> list[tuple[str, ...] | None]:
    return [_parts(cell, names) for cell in cells]


def _parts(cell: Cell, names: dict[str, str]) -> tuple[str, ...] | None:
    """Return the labels of a cell; empty for none of these, None where nobody gave any."""
    if not isinstance(cell, str):
        return tuple(part.strip() for part in cell if part.strip())
    if not cell.strip():
        return None
    whole = cell.strip()
    parts = [whole] if plain(whole) in names else [p.strip() for p in whole.split(";") if p.strip()]
    return tuple(p for p in parts if plain(p) not in _NONE or plain(p) in names)


def _refuse_unmatched(
    given: Sequence[tuple[str, ...] | None], names: dict[str, str], ignore: bool
) -> list[str]:
    counts = Counter(label for labels in given for label in labels or () if plain(label) not in names)
    if not counts:
        return []
    listed = "; ".join(f"'{label}' ({n} rows){_nearest(label, names)}" for label, n in counts.most_common(20))
    more = f"; and {len(counts) - 20} more" if len(counts) > 20 else ""
    if ignore:
        return [f"Labels that are no statement, left out: {listed}{more}."]
    raise UsageError(
        f"{len(counts)} labels are no statement of this framework, by id or title: {listed}{more}. Correct "
        "them, or leave them out with --ignore-unmatched. The statements: evidence-mapper framework show NAME"
    )


def _nearest(label: str, names: dict[str, str]) -> str:
    near = difflib.get_close_matches(plain(label), list(names), n=2, cutoff=0.5)
    ids = list(dict.fromkeys(names[n] for n in near))
    return f", nearest: {' or '.join(ids)}" if ids else ""


def _left_out(texts: Sequence[str], given: Sequence[tuple[str, ...] | None]) -> list[str]:
    notes = []
    empty = sum(not t.strip() for t in texts)
    blank = sum(g is None and bool(t.strip()) for t, g in zip(texts, given, strict=True))
    if empty:
        notes.append(f"{empty} rows without a text were left out.")
    if blank:
        notes.append(
            f"{blank} rows without a label were left out; where a text bears on no statement, write 'none'."
        )
    return notes


def _ids(labels: Sequence[str], names: dict[str, str], order: Sequence[str]) -> tuple[str, ...]:
    found = {names[plain(label)] for label in labels if plain(label) in names}
    return tuple(s for s in order if s in found)


def _optional(table: Table, column: str | None) -> list[str | None]:
    if column is None:
        return [None] * len(table.rows)
    return [t.strip() or None for t in texts_of(table.column(column))]


def _taken(named: tuple[str, str | None, str | None], labels: Sequence[str], wide: bool) -> str:
    text, question, finer = named
    several = f"{len(labels)} columns of 0 and 1" if wide and len(labels) > 3 else ", ".join(labels)
    parts = [f"text: {text}", f"labels: {several}"]
    parts += [f"{what}: {column}" for what, column in (("question", question), ("finer", finer)) if column]
    return ", ".join(parts)
