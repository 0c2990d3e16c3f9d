"""Counts that are the same whatever tool gave the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np

_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def plain(text: str) -> str:
    """Return text with one space for any white space, and what tools write differently written one way."""
    text = unicodedata.normalize("NFKC", text.translate(_DIGITS)).replace("’", "'").replace("‘", "'")
    text = text.replace("“", '"').replace("”", '"').replace("–", "-").replace("\ufffe", "-")
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Return letters and digits only: spaces, hyphens and bullets are judged differently by every tool."""
    return re.sub(r"[\W_]+", "", plain(text))


def error_rate(truth: str, found: str) -> float:
    """Return edit distance over the length of the truth, both made plain."""
    truth, found = plain(truth), plain(found)
    codes = np.frombuffer(found.encode("utf-32-le"), dtype=np.uint32)
    places = np.arange(len(codes) + 1)
    row = places.copy()
    for index, char in enumerate(truth, 1):
        new = np.empty_like(row)
        new[0] = index
        new[1:] = np.minimum(row[:-1] + (codes != ord(char)), row[1:] + 1)
        row = np.minimum.accumulate(new - places) + places
    return float(row[-1]) / max(1, len(truth))


def unbroken(paragraphs: Iterable[str], pieces: Iterable[str]) -> tuple[int, int]:
    """Return how many paragraphs stand whole in one of the pieces, and how many there are."""
    joined = "\n".join(squeezed(piece) for piece in pieces)
    wanted = [squeezed(text) for text in paragraphs]
    return sum(text in joined for text in wanted), len(wanted)
