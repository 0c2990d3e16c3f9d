"""Fixed dates and repacking, so that a rebuild gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pikepdf

WRITTEN: Final = datetime(2025, 10, 24, 9, 0, 0, tzinfo=UTC)
"""Created and modified date of every generated file that states one."""
AUTHOR: Final = "Brackenmouth Borough Council (invented)"
_ZIP_DATE: Final = (2025, 10, 24, 9, 0, 0)


def repack_zip(data: bytes, path: Path) -> None:
    """Write an Office package with every member dated alike, in its own order."""
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))


def save_pdf(pdf: pikepdf.Pdf, path: Path, title: str) -> None:
    """Set title, author and dates of a PDF, and save it with an identifier made from its content."""
    stamp = WRITTEN.strftime("D:%Y%m%d%H%M%SZ")
    info = pdf.docinfo
    for key in list(info.keys()):
        del info[key]
    info["/Title"] = title
    info["/Author"] = AUTHOR
    info["/CreationDate"] = stamp
    info["/ModDate"] = stamp
    pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
