"""A picture of one page with a place on it outlined, drawn in a process of its own.

Run as ``python -m evidence_mapper.extract.page_picture``: reads one request from standard input and writes
a PNG, or a message after the word ``error``, to standard output. A file that makes the renderer crash or
hang ends that process only.
"""

from __future__ import annotations

import ctypes
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.errors import DamagedFile, ExtractionError, LimitExceeded
from evidence_mapper.extract.base import Limits

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]

_SECONDS: Final = 60.0
_DPI: Final = 150
_MAX_PIXELS: Final = 24_000_000
_OUTLINE: Final = (200, 30, 30)
_MARGIN: Final = 4
"""Pixels between the words and the line round them."""
_PNG: Final = b"\x89PNG"
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/tiff"})


def draw_page(path: Path, media_type: str, page: int, box: Box | None) -> bytes:
    """Return a PNG of a page.

    Parameters
    ----------
    path
        A PDF, PNG, JPEG or TIFF file.
    media_type
        Which of them.
    page
        One-based.
    box
        Left, bottom, right, top in points, as a location has it; None outlines nothing.

    Raises
    ------
    DamagedFile
        The page cannot be drawn.
    LimitExceeded
        It takes over a minute.
    """
    request = {"path": str(path), "media_type": media_type, "page": page, "box": box}
    command = [sys.executable, "-P", "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(
            f"{path.name}: page {page} takes over {_SECONDS:g} seconds to draw; open it in its own viewer"
        ) from error
    if done.stdout.startswith(_PNG):
        return done.stdout
    said = done.stdout.decode("utf-8", "replace").removeprefix("error ").strip()
    why = said or "the renderer crashed"
    raise DamagedFile(f"{path.name}: page {page} cannot be drawn: {why}; open the file in its own viewer")


def main() -> None:
    """Answer one request."""
    from evidence_mapper.extract.worker import _cap_memory

    limits = Limits()
    _cap_memory(limits.memory_bytes)
    request = json.loads(sys.stdin.buffer.read())
    out = sys.stdout.buffer
    try:
        picture = _draw(request, limits)
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        out.write(stream.getvalue())
    except ExtractionError as error:
        out.write(f"error {error}".encode("utf-8", "replace"))
    except Exception as error:  # noqa: BLE001 - whatever a hostile file does to the renderer, the parent is told
        out.write(f"error {type(error).__name__}".encode())


def _draw(request: Mapping[str, Any], limits: Limits) -> Image:
    path, page, box = Path(request["path"]), int(request["page"]), request["box"]
    if request["media_type"] in _PICTURES:
        return _draw_picture(path, page, box, limits)
    return _draw_pdf(path, page, box, limits)


def _draw_pdf(path: Path, number: int, box: Box | None, limits: Limits) -> Image:
    from evidence_mapper.extract.pdf.reader import open_document

    with open_document(path, limits) as (document, _):
        if not 1 <= number <= len(document):
            raise DamagedFile(f"the file has {len(document)} pages")
        page = document[number - 1]
        inches = max(1e-6, page.get_width() * page.get_height() / 72**2)
        dpi = min(float(_DPI), (_MAX_PIXELS / inches) ** 0.5)
        picture: Image = page.render(scale=dpi / 72).to_pil().convert("RGB")
        if box is not None:
            left, bottom, right, top = box
            corners = [_to_pixel(page, picture, x, y) for x in (left, right) for y in (bottom, top)]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            _outline(picture, (min(xs), min(ys), max(xs), max(ys)))
        return picture


def _to_pixel(page: Any, picture: Image, x: float, y: float) -> tuple[int, int]:  # noqa: ANN401 - PDFium's page
    """Return where a point of the page, in PDF points, is shown; crop and rotation are PDFium's to know."""
    import pypdfium2.raw as raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, picture.width, picture.height, 0, x, y, across, down)
    return across.value, down.value


def _draw_picture(path: Path, number: int, box: Box | None, limits: Limits) -> Image:
    from evidence_mapper.extract.picture_file import frames

    frame = next((f for i, f in enumerate(frames(path, limits), 1) if i == number), None)
    if frame is None:
        raise DamagedFile("the file has fewer pages")
    picture = frame.picture.convert("RGB")
    if box is not None:
        scale = frame.dpi / 72
        left, bottom, right, top = (edge * scale for edge in box)
        _outline(
            picture, (round(left), picture.height - round(top), round(right), picture.height - round(bottom))
        )
    return picture


def _outline(picture: Image, box: tuple[int, int, int, int]) -> None:
    from PIL import ImageDraw

    left, top, right, bottom = box
    thick = max(2, picture.width // 500)
    edge = (left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
    ImageDraw.Draw(picture).rectangle(edge, outline=_OUTLINE, width=thick)


if __name__ == "__main__":
    main()
