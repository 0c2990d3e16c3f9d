"""A draft self-assessment, read into sentences with their places and the statements its headings name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.errors import ExtractionError, FileChanged, NoSuchColumn, UsageError
from evidence_mapper.workflow.claim_record import ClaimPlace
from evidence_mapper.workflow.claim_rules import MOST_CHARACTERS

LEAST_WORDS: Final = 4
"""Words below which a piece of text is no claim but a label."""
COLUMNS: Final = ("Claim", "Claims", "Sentence", "Self-assessment", "Text", "Narrative")
"""Headers tried, in this order, when nobody says which column of a table holds the claims."""

SHORT: Final = f"under {LEAST_WORDS} words"
LONG: Final = f"over {MOST_CHARACTERS:,} characters"
NOTE: Final = "footnote or comment in the margin"
ROW: Final = "table row (--tables takes them)"
OUTSIDE: Final = "outside the column of claims"
NAMES: Final = "name of a statement"

_TABLES: Final = frozenset(
    {
        "text/csv",
        "text/tab-separated-values",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SMALL: Final = frozenset({"a", "an", "and", "for", "in", "of", "on", "the", "to", "with"})
_QUOTES: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft."""

    text: str
    """Verbatim, on one line."""
    places: tuple[ClaimPlace, ...]
    """At least one; more where the draft says it again."""
    statements: tuple[str, ...]
    """Ids of statements named by a heading above it, or in its row; empty when none is."""
    heading: str | None
    """What the classifier reads beside it."""


@dataclass
class Draft:
    """What a draft says."""

    name: str
    """File name, without its folder."""
    sha256: str
    sentences: list[Sentence] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """(reason, text) of what was not taken for a claim; headings are not listed."""


def read_draft(framework: Framework, path: Path, *, column: str | None = None, tables: bool = False) -> Draft:
    """Read a file's sentences.

    Parameters
    ----------
    framework
        Whose statements the headings may name.
    path
        A file of any format the program reads.
    column
        Of a sheet or CSV file: header or letter of the column that holds the claims; None tries
        :data:`COLUMNS`, then judges.
    tables
        Of other documents: also take each row of a table as one claim.

    Raises
    ------
    ExtractionError
        The file cannot be read, or has no such column.
    UsageError
        There is no such file, it has no sentences, or a sheet does not tell which column holds them.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}; name the draft: evidence-mapper claim import FILE.docx")
    try:
        digest = sha256_file(path)
        document = _extract(path, column)
        if sha256_file(path) != digest:
            raise FileChanged(f"{path.name} was changed while it was read; close it and run it again")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    if document.media_type in _TABLES and not _has_claims(document):
        raise UsageError(
            f"{path.name} is a table and does not tell which column holds the claims; name it by header or "
            f"letter: evidence-mapper claim import '{path.name}' --column Claim"
        )
    draft = draft_of(framework, document, path.name, digest, tables=tables)
    if not draft.sentences:
        raise UsageError(f"{path.name} has no sentence of {LEAST_WORDS} words or more; nothing was imported")
    return draft


def sentence_key(text: str) -> str:
    """Return what same sentences have in common: case, forms of quotes and spaces do not count."""
    plain = " ".join(text.translate(_QUOTES).casefold().split())
    return plain.rstrip(" .;:,") or plain


def named_statements(framework: Framework, words: str) -> tuple[str, ...]:
    """Return ids of the statements that a heading names, in framework order.

    A heading names a statement when it is its id, has all the words of its title, or is the title's
    part before the first comma: numbers, case and small words do not count.
    """
    said = _words(words)
    if not said:
        return ()
    found = []
    for statement in framework.statements:
        title = statement.title.text
        whole, first = _words(title), _words(title.partition(",")[0])
        bare = said - {"quality", "statement", "qs"}
        if whole <= said or bare == first or words.strip().casefold() == statement.id:
            found.append(statement.id)
    return tuple(found)


def _words(text: str) -> frozenset[str]:
    found = {match.casefold() for match in _WORD.findall(text.translate(_QUOTES))}
    return frozenset(word for word in found if word not in _SMALL and not word.isdecimal())


def _extract(path: Path, column: str | None) -> ExtractedDocument:
    """Return what a worker process reads; of a table, with the column that holds the claims."""
    if column is not None:
        return _read(path, (column,))
    document = _read(path, ())
    if document.media_type not in _TABLES:
        return document
    for name in COLUMNS:
        try:
            return _read(path, (name,))
        except NoSuchColumn:  # the next name is tried
            continue
    return document


def _read(path: Path, columns: Sequence[str]) -> ExtractedDocument:
    from evidence_mapper.extract.base import Limits
    from evidence_mapper.extract.pool import ExtractionPool

    limits = Limits(comments={str(path): tuple(columns)} if columns else {})
    with ExtractionPool(1, limits) as pool:
        ((_, outcome),) = pool.run([path])
    if isinstance(outcome, ExtractionError):
        raise outcome
    if not outcome.blocks:
        raise UsageError(f"{path.name} holds other files and no text of its own; unpack it and name one")
    return outcome


def _has_claims(document: ExtractedDocument) -> bool:
    return any(block.kind is BlockKind.COMMENT for block in document.blocks)


def draft_of(
    framework: Framework, document: ExtractedDocument, name: str, sha256: str, *, tables: bool = False
) -> Draft:
    """Return the sentences of a document that was read.

    Parameters
    ----------
    framework
        Whose statements the headings may name.
    document
        What was read.
    name, sha256
        Of the file.
    tables
        As :func:`read_draft` takes it.
    """
    from evidence_mapper.segment.placed import place_blocks

    draft = Draft(name, sha256)
    _, placed = place_blocks(document.blocks)
    is_sheet = document.media_type in _TABLES
    labels = _labels(framework, document.blocks) if is_sheet else {}
    found: dict[str, Sentence] = {}
    for item in placed:
        block = item.block
        if block.kind is BlockKind.HEADING:
            continue
        reason = _reason(block, is_sheet=is_sheet, tables=tables)
        if reason is not None:
            draft.left_out.append((reason, item.text))
            continue
        if is_sheet and _is_label(framework, block.text):
            draft.left_out.append((NAMES, item.text))
            continue
        named = labels.get(_row(block)) or _named(framework, block)
        for start, end in _pieces(block, item.text):
            text = item.text[start:end]
            if reason := _unfit(text):
                draft.left_out.append((reason, text))
                continue
            span = (item.start + start, item.start + end)
            place = ClaimPlace(block.location, span, block.heading_path)
            _add(found, Sentence(text, (place,), named, _heading(block)))
    draft.sentences = list(found.values())
    return draft


def _row(block: Block) -> tuple[str | None, int | None]:
    return block.location.sheet, block.location.row


def _is_label(framework: Framework, text: str) -> bool:
    """Return whether a cell holds the title or id of a statement and nothing else."""
    words = _words(text)
    return any(words == _words(s.title.text) or text.strip().casefold() == s.id for s in framework.statements)


def _labels(
    framework: Framework, blocks: Sequence[Block]
) -> dict[tuple[str | None, int | None], tuple[str, ...]]:
    """Return the statements that cells of their own name, by the sheet and row they are in."""
    return {
        _row(block): named_statements(framework, block.text)
        for block in blocks
        if block.kind is BlockKind.COMMENT and _is_label(framework, block.text)
    }


def _reason(block: Block, *, is_sheet: bool, tables: bool) -> str | None:
    """Return why a block holds no claims; None when it does."""
    if block.kind is BlockKind.NOTE:
        return NOTE
    if is_sheet:
        return None if block.kind is BlockKind.COMMENT else OUTSIDE
    if block.kind is BlockKind.TABLE_ROW and not tables:
        return ROW
    return None


def _unfit(text: str) -> str | None:
    """Return why a sentence is no claim; None when it may be one."""
    if len(text.split()) < LEAST_WORDS:
        return SHORT
    return LONG if len(text) > MOST_CHARACTERS else None


def _pieces(block: Block, text: str) -> Iterator[tuple[int, int]]:
    from evidence_mapper.segment.sentences import sentence_spans

    if block.kind is BlockKind.TABLE_ROW:
        yield 0, len(text)
    else:
        yield from sentence_spans(text)


def _named(framework: Framework, block: Block) -> tuple[str, ...]:
    """Return the statements named in the block's row, else by the nearest heading that names any."""
    beside = [value for _, value in block.attributes]
    beside += [block.context] if block.context else []
    beside += [block.location.sheet] if block.location.sheet else []
    row = [s for words in beside for s in named_statements(framework, words)]
    if row:
        return tuple(s.id for s in framework.statements if s.id in row)
    for heading in reversed(block.heading_path):
        if named := named_statements(framework, heading):
            return named
    return ()


def _heading(block: Block) -> str | None:
    parts = [*block.heading_path[-2:], *([block.context] if block.context else [])]
    return " > ".join(parts) or None


def _add(found: dict[str, Sentence], sentence: Sentence) -> None:
    key = sentence_key(sentence.text)
    known = found.get(key)
    if known is not None:
        statements = dict.fromkeys((*known.statements, *sentence.statements))
        sentence = Sentence(known.text, (*known.places, *sentence.places), tuple(statements), known.heading)
    found[key] = sentence
