"""A picture of the page a passage stands on, with the passage outlined."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from evidence_mapper.domain.document import Document
from evidence_mapper.domain.ids import sha256_file
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.project import Project

_DRAWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff"})


def write_page_picture(project: Project, passage_id: str, target: Path) -> Passage:
    """Write a PNG of the page that a passage starts on, and return the passage.

    Parameters
    ----------
    project
        An open project.
    passage_id
        The passage; its document must be a PDF or a picture, and still lie where it was added from.
    target
        File to write, ending in ``.png``; a file there is replaced.

    Raises
    ------
    UsageError
        The document has no pages to draw, was moved or changed since, or the target cannot be written.
    ExtractionError
        The page cannot be drawn.
    StoreError
        There is no such passage.
    """
    from evidence_mapper.extract.page_picture import draw_page

    if target.suffix.lower() != ".png":
        raise UsageError(f"{target} does not end in .png; name a PNG file with --page")
    passage = project.store.passage(passage_id)
    document = project.store.document(passage.document_id)
    page = passage.location.page
    if document.media_type not in _DRAWN or page is None:
        raise UsageError(
            f"{document.name} has no pages that can be drawn ({document.media_type}); only PDF files and "
            f"pictures have. The passage stands at: {passage.location.label() or 'no known place'}"
        )
    path = original_file(project, document, project.store.revision(passage.revision_id).file_sha256)
    picture = draw_page(path, document.media_type, page, passage.location.bbox)
    try:
        target.write_bytes(picture)
    except OSError as error:
        raise UsageError(
            f"{target} cannot be written: {error.strerror or error}; name another file"
        ) from error
    return passage


def original_file(project: Project, document: Document, file_sha256: str) -> Path:
    """Return where a document's file lies.

    Raises
    ------
    UsageError
        Its place is not known, nothing is there any more, or its content is not what was read.
    """
    place = project.store.source_paths().get(document.name)
    if place is None:
        raise UsageError(f"the project does not know where {document.name} was added from; add it again")
    path = Path(place)
    if not path.is_file():
        raise UsageError(_gone(document, path))
    try:
        digest = sha256_file(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be opened: {error.strerror or error}") from error
    if digest != file_sha256:
        raise UsageError(
            f"{path} is not the file that was read: it was changed since (hash {digest[:19]}…, read was "
            f"{file_sha256[:19]}…). Put the old file back, or add the new one: evidence-mapper add '{path}'"
        )
    return path


def _gone(document: Document, path: Path) -> str:
    container = next((parent for parent in path.parents if parent.is_file()), None)
    if container is not None:
        return (
            f"{document.name} lies inside {container}; unpack that, and add the file itself to see its pages"
        )
    return (
        f"{document.name} is no longer at {path}: put it back there, or add it from where it is now: "
        "evidence-mapper add FOLDER"
    )
