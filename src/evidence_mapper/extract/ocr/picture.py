"""Grey pictures of pages: specks out, set straight, as bytes for tesseract."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
"""Shape (height, width): 0 black, 255 white."""

_MAX_ANGLE: Final = 5.0
_COARSE, _FINE = 0.5, 0.1
_LEAST_ANGLE: Final = 0.15
"""Degrees below which a page is left as it is."""
_PROFILE_HEIGHT: Final = 1_000
"""Pixels: a page is measured at about this height."""
_POINTS: Final = 150_000
_DARK: Final = 60
"""How much darker than its surroundings a speck is."""


def skew_of(grey: Grey) -> float:
    """Return how far lines of text slope, in degrees, anticlockwise positive, within 5 of level.

    The angle is the one along which the dark pixels fall into the sharpest rows; 0 without enough of
    them to tell.
    """
    ys, xs = _dark_points(grey)
    if len(xs) < 500:
        return 0.0
    coarse = np.arange(-_MAX_ANGLE, _MAX_ANGLE + _COARSE / 2, _COARSE)
    best = max(coarse, key=lambda angle: _sharpness(ys, xs, float(angle)))
    fine = np.arange(best - _COARSE, best + _COARSE + _FINE / 2, _FINE)
    angle = float(max(fine, key=lambda angle: _sharpness(ys, xs, float(angle))))
    gain = _sharpness(ys, xs, angle) / max(1.0, _sharpness(ys, xs, 0.0))
    return angle if abs(angle) >= _LEAST_ANGLE and gain > 1.05 else 0.0


def _dark_points(grey: Grey) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    step = max(1, grey.shape[0] // _PROFILE_HEIGHT)
    height, width = (side // step * step for side in grey.shape)
    blocks = grey[:height, :width].reshape(height // step, step, width // step, step)
    small = blocks.mean(axis=(1, 3))  # averaging also takes the noise out
    level = (float(np.percentile(small, 1)) + float(np.median(small))) / 2
    ys, xs = np.nonzero(small < level)
    every = max(1, len(xs) // _POINTS)
    return ys[::every], xs[::every]


def _sharpness(ys: npt.NDArray[Any], xs: npt.NDArray[Any], angle: float) -> float:
    rows = np.rint(ys + xs * np.tan(np.radians(angle))).astype(np.int64)
    counts = np.bincount(rows - rows.min()).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())


def turned(grey: Grey, degrees: float) -> Grey:
    """Return the picture turned clockwise about its centre, larger so that nothing is cut, corners white."""
    from PIL import Image

    picture = Image.fromarray(grey)
    return np.asarray(picture.rotate(-degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255))


def despeckled(grey: Grey) -> Grey:
    """Return the picture with single dark or light pixels set to what surrounds them."""
    from PIL import Image, ImageFilter

    smooth = np.asarray(Image.fromarray(grey).filter(ImageFilter.MedianFilter(3)))
    apart = (np.maximum(grey, smooth) - np.minimum(grey, smooth)) > _DARK
    clean: Grey = np.where(apart, smooth, grey).astype(np.uint8)
    return clean


def whitened(grey: Grey) -> Grey:
    """Return the picture with its paper made white, noise and all.

    Tesseract takes the grain of the paper for letters where there is little else on a page.
    """
    counts = np.bincount(grey.ravel()[:: max(1, grey.size // 1_000_000)], minlength=256)
    paper = _median(counts)
    away = np.bincount(np.abs(np.arange(256) - paper), weights=counts, minlength=256)
    white = max(64.0, paper - 2 * 1.48 * _median(away))
    bright: Grey = np.minimum(255, np.arange(256) * (255 / white)).astype(np.uint8)[grey]
    return bright


def _median(counts: npt.NDArray[Any]) -> int:
    """Return the median of the values 0, 1, 2 and so on, of which there are so many."""
    return int(np.searchsorted(np.cumsum(counts), counts.sum() / 2))


def as_pgm(grey: Grey) -> bytes:
    """Return the picture as a portable greymap, which costs nothing to write."""
    height, width = grey.shape
    return b"P5 %d %d 255\n" % (width, height) + np.ascontiguousarray(grey).tobytes()
