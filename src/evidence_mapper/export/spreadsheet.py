"""Text that a spreadsheet neither runs nor refuses."""

from __future__ import annotations

import re
from typing import Final

# Control characters, all but tab and the line breaks, and halves of surrogate pairs.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

# What a spreadsheet may skip before it looks for a formula: white space, control characters, marks
# that have no width. The apostrophe is among them so that the prefix can always be told from an
# apostrophe of the text itself.
_SKIPPED: Final = "'\\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Full-width forms are read as their ASCII counterparts by spreadsheets set to East Asian languages.
_RUN: Final = re.compile(f"[{_SKIPPED}]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")


def encodable(text: str) -> str:
    """Return the text with every control character and every lone surrogate as U+FFFD, one for one.

    Extracted text has neither, so that quotes stay as they are; a note that was pasted may have control
    characters, and the name of a file whose bytes are not UTF-8 a surrogate, which UTF-8 cannot hold.
    """
    return _UNFIT.sub("\ufffd", text)


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs when it opens a CSV file; :func:`verbatim` undoes it.

    One apostrophe is put before text that begins with ``=``, ``+``, ``-``, ``@`` or a full-width form
    of these, also after white space, invisible characters or apostrophes, and before text that begins
    with a tab or a line break. All other text is returned as it is.
    """
    return "'" + text if _RUN.match(text) else text


def verbatim(cell: str) -> str:
    """Return the text that :func:`neutral` made the cell of."""
    return cell[1:] if cell.startswith("'") and _RUN.match(cell, 1) else cell
