"""``evidence-mapper show PASSAGE --page FILE.png``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from evidence_mapper.cli import main
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project, open_project

TEXT = "Carers told the panel that the wait for an assessment has fallen from eleven weeks to five, " * 3


def paper(path: Path, *, rotate: int = 0, crop: bool = False) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    if crop:
        canvas.setCropBox((40, 300, 560, 800))
    canvas.setPageRotation(rotate)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(72, 600, TEXT[:100])
    canvas.drawString(72, 590, TEXT[100:200])
    canvas.save()
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "p.sqlite"


def add(project: Path, path: Path) -> Passage:
    with create_project(project) as opened:
        add_files(opened, [path], workers=1)
        (document,) = opened.store.documents()
        return next(iter(opened.store.passages(document.id)))


def show(project: Path, passage: str, target: Path) -> Result:
    return CliRunner().invoke(main, ["show", passage, "--project", str(project), "--page", str(target)])


def red(picture: Path) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of the outline."""
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    ys, xs = np.nonzero((pixels[:, :, 0] > 150) & (pixels[:, :, 1] < 80))
    return int(np.min(xs)), int(np.min(ys)), int(np.max(xs)), int(np.max(ys))


def ink(picture: Path) -> tuple[int, int, int, int]:
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    ys, xs = np.nonzero(pixels.max(axis=2) < 90)
    return int(np.min(xs)), int(np.min(ys)), int(np.max(xs)), int(np.max(ys))


@pytest.mark.parametrize(("rotate", "crop"), [(0, False), (90, False), (180, False), (270, False), (0, True)])
def test_the_outline_goes_round_the_words(tmp_path: Path, project: Path, rotate: int, crop: bool) -> None:
    passage = add(project, paper(tmp_path / "paper.pdf", rotate=rotate, crop=crop))
    target = tmp_path / "page.png"
    result = show(project, passage.id, target)
    assert result.exit_code == 0, result.stderr
    assert "Drew page 1" in result.stderr
    outline, words = red(target), ink(target)
    assert outline[0] <= words[0]
    assert outline[1] <= words[1]
    assert outline[2] >= words[2]
    assert outline[3] >= words[3]
    assert all(abs(a - b) < 25 for a, b in zip(outline, words, strict=True))


def test_a_moved_file_is_named(tmp_path: Path, project: Path) -> None:
    path = paper(tmp_path / "paper.pdf")
    passage = add(project, path)
    path.rename(tmp_path / "elsewhere.pdf")
    result = show(project, passage.id, tmp_path / "page.png")
    assert result.exit_code == 2
    assert f"no longer at {path}" in result.stderr
    assert not (tmp_path / "page.png").exists()


def test_a_changed_file_is_not_drawn(tmp_path: Path, project: Path) -> None:
    path = paper(tmp_path / "paper.pdf")
    passage = add(project, path)
    paper(path, rotate=180)
    result = show(project, passage.id, tmp_path / "page.png")
    assert result.exit_code == 2
    assert "it was changed since" in result.stderr
    assert not (tmp_path / "page.png").exists()


def test_a_document_without_pages_says_where_the_passage_stands(tmp_path: Path, project: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = show(project, add(project, path).id, tmp_path / "page.png")
    assert result.exit_code == 2
    assert "text/plain" in result.stderr
    assert "stands at: line 1" in result.stderr


def test_the_file_to_write_must_be_a_png_in_a_folder_that_is_there(tmp_path: Path, project: Path) -> None:
    passage = add(project, paper(tmp_path / "paper.pdf"))
    assert "does not end in .png" in show(project, passage.id, tmp_path / "page.jpg").stderr
    assert "cannot be written" in show(project, passage.id, tmp_path / "none" / "page.png").stderr


def test_a_new_version_does_not_stand_for_the_old_one(tmp_path: Path, project: Path) -> None:
    """A passage of the old reading is not outlined on the new file, whatever lies at its place."""
    path = paper(tmp_path / "paper.pdf")
    old = add(project, path)
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 300, "Quite another paper lies here now, with other words on its only page.")
    canvas.save()
    with open_project(project) as opened:
        add_files(opened, [path], workers=1)
    result = show(project, old.id, tmp_path / "page.png")
    assert result.exit_code == 2
    assert "it was changed since" in result.stderr
