"""Pictures as pages: a file's frames in grey, the right way up, with their resolution."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from evidence_mapper.errors import DamagedFile, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.reading import read_file

if TYPE_CHECKING:
    from PIL.Image import Image

_MAX_PIXELS: Final = 120_000_000
"""A0 at 300 dpi has 140 million."""
_A4_INCHES: Final = 11.69
_STATED: Final = range(70, 1201)
"""Resolutions that are believed; 72 and 96 only where the page then has the size of paper."""
_SCREEN: Final = 100
_LARGEST_PAGE: Final = 17.0
"""Inches: a picture that would be longer at a screen's resolution is a photograph of a page."""


@dataclass(frozen=True)
class Frame:
    """One page of a picture file."""

    picture: Image
    """Grey, upright."""
    dpi: float
    """Pixels an inch: as stated, or as if the picture were an A4 page."""

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points of 1/72 inch."""
        return self.picture.width * 72 / self.dpi, self.picture.height * 72 / self.dpi


def frames(path: Path, limits: Limits) -> Iterator[Frame]:
    """Yield the pages of a PNG, JPEG or TIFF file, at most ``limits.pages``.

    Raises
    ------
    DamagedFile
        The file is broken.
    LimitExceeded
        A picture has over 120 million pixels, or the file too many bytes.
    """
    from PIL import Image

    data = io.BytesIO(read_file(path, limits))
    try:
        with Image.open(data, formats=("PNG", "JPEG", "TIFF")) as file:
            count = int(getattr(file, "n_frames", 1)) if file.format == "TIFF" else 1
            for index in range(min(count, limits.pages)):
                if count > 1:
                    file.seek(index)
                yield _frame(path, file)
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error) as error:
        raise DamagedFile(
            f"{path.name}: a picture that cannot be read ({error}). Open it in a picture viewer, save a new "
            "copy and add that."
        ) from error


def frame_count(path: Path, limits: Limits) -> int:
    """Return how many pages the file says it has; 1 for a file that cannot be read."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(read_file(path, limits)), formats=("PNG", "JPEG", "TIFF")) as file:
            return int(getattr(file, "n_frames", 1)) if file.format == "TIFF" else 1
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return 1


def _frame(path: Path, file: Any) -> Frame:  # noqa: ANN401 - Pillow's open file
    from PIL import ImageOps

    width, height = file.size
    if width * height > _MAX_PIXELS:
        raise _too_large(path)
    dpi = _dpi(file.info.get("dpi"), max(width, height))
    upright = ImageOps.exif_transpose(file)
    if upright.mode in {"RGBA", "LA", "PA", "P"}:  # what is transparent is paper
        from PIL import Image

        seen = upright.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        upright = Image.alpha_composite(paper, seen)
    if upright.mode.startswith(("I;16", "I", "F")) and upright.mode != "1":
        upright = _eight_bits(upright)
    return Frame(upright.convert("L"), dpi)


def _eight_bits(picture: Image) -> Image:
    """Return a picture of 16 or more bits a pixel in 8, its darkest pixel black and its lightest white."""
    from PIL import Image

    values = np.asarray(picture.convert("F"))
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / (high - low) if high > low else 1.0)
    return Image.fromarray(scaled.clip(0, 255).astype(np.uint8))


def _dpi(stated: Any, longest: int) -> float:  # noqa: ANN401 - whatever the file says
    """Return the stated resolution, or the one at which the picture is an A4 page."""
    guess = max(72.0, longest / _A4_INCHES)
    try:
        dpi = float(stated[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return guess
    if not math.isfinite(dpi) or round(dpi) not in _STATED:
        return guess
    return guess if dpi < _SCREEN and longest / dpi > _LARGEST_PAGE else dpi


def _too_large(path: Path) -> LimitExceeded:
    return LimitExceeded(
        f"{path.name}: a picture of over {_MAX_PIXELS // 1_000_000} million pixels. Save it smaller, at "
        "300 dots an inch, and add that."
    )
