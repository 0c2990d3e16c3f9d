"""Word vectors read from another encoder's ONNX file, so that two encoders share one table.

The fine-tuned encoder keeps the word table of all-MiniLM-L6-v2 as it was: half of its weights. Its own
file holds the layers; the rows are looked up in the general encoder's file, mapped, not loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


class WordTable:
    """Rows stored as int8 with one float32 scale a row.

    Parameters
    ----------
    path
        The file that holds the table; its hash is checked with the artefact.
    place
        ``rows``, ``width``, and ``offset`` and ``scale_offset`` in bytes from the file's start.
    """

    def __init__(self, path: Path, place: Mapping[str, Any]) -> None:
        rows, width = int(place["rows"]), int(place["width"])
        self.rows, self.width = rows, width
        self._rows = np.memmap(path, np.int8, "r", int(place["offset"]), (rows, width))
        self._scale = np.array(np.memmap(path, "<f4", "r", int(place["scale_offset"]), (rows,)))

    def look_up(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return word vectors, of the shape of ``ids`` with a last axis of ``width``."""
        found: npt.NDArray[np.float32] = self._rows[ids] * self._scale[ids][..., None]
        return found
