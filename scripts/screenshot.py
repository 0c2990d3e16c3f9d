"""Save a picture of the review of a project: ``python scripts/screenshot.py PROJECT PICTURE.svg``.

Works on a copy of the project, so that keys that decide change nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import tempfile
from pathlib import Path

from textual.worker import WorkerState

from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import open_project
from evidence_mapper.workflow.review import ReviewSession


def save_screenshot(
    session: ReviewSession,
    path: Path,
    size: tuple[int, int],
    *,
    keys: tuple[str, ...] = (),
    light: bool = False,
    assistant: Assistant | None = None,
) -> None:
    """Write what the screen shows after some keys, as SVG.

    Parameters
    ----------
    session
        The review to show; keys that decide are recorded in its project.
    path
        File to write, replaced if there is one.
    size
        Columns and lines.
    keys
        Textual key names, pressed one after the other.
    light
        Whether to use the light theme.
    assistant
        Asks the classifier and reads cases; None leaves out what needs it.
    """
    asyncio.run(
        _save(EvidenceMapperApp(session, assistant=assistant), path, size, ("ctrl+l",) * light + keys)
    )


async def _save(app: EvidenceMapperApp, path: Path, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with app.run_test(size=size) as pilot:
        for key in ("", *keys):
            if key:
                await pilot.press(key)
            await pilot.pause()
            while any(w.state in (WorkerState.PENDING, WorkerState.RUNNING) for w in app.workers):
                await asyncio.sleep(0.01)
            await pilot.pause()
        picture = _without_web_fonts(app.export_screenshot())
        await asyncio.to_thread(path.write_text, picture, encoding="utf-8")


def _without_web_fonts(svg: str) -> str:
    """Return the picture with the reader's own monospace font instead of one fetched from elsewhere."""
    return re.sub(r"Fira Code", "monospace", re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL))


def main() -> None:
    """Read the arguments, copy the project, save the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--size", default="120x36", help="columns x lines")
    parser.add_argument("--keys", default="", help="Textual key names with commas, such as a,n,g")
    parser.add_argument("--coder", default="A. Officer")
    parser.add_argument("--light", action="store_true")
    given = parser.parse_args()
    columns, lines = (int(part) for part in given.size.split("x"))
    keys = tuple(key for key in given.keys.split(",") if key)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / given.project.name
        shutil.copy(given.project, copy)
        with open_project(copy) as project:
            session = ReviewSession(project.store, project.framework, given.coder, utc_now)
            save_screenshot(
                session,
                given.picture,
                (columns, lines),
                keys=keys,
                light=given.light,
                assistant=Assistant(project),
            )


if __name__ == "__main__":
    main()
