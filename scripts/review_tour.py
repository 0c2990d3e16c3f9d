"""Save a moving picture of the review: ``python scripts/review_tour.py PROJECT PICTURE.svg``.

PROJECT is made with ``evidence-mapper run corpora/demo/papers --project PROJECT``; a copy of it is
reviewed. Every frame is what the program shows after the keys named under it. The picture is one file: no
script, no font or other part from elsewhere. Who asks for less movement sees the first frame alone. The same
project gives the same picture.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from textual.pilot import Pilot
from textual.worker import WorkerState

from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.review import ReviewSession

SIZE = (110, 30)
"""Columns and lines."""
CODER = "A. Officer"
STRIP = 56
"""Height of the line of words under a frame, in units of the picture."""


@dataclass(frozen=True, slots=True)
class Step:
    """One frame."""

    keys: tuple[str, ...]
    seconds: float
    words: str
    """What is said under it."""


TOUR: tuple[Step, ...] = (
    Step((), 5, "First comes what may fill a gap. ◆ is a suggestion of the model, not yet a coding."),
    Step(("a",), 4, "a: accept what is suggested. It is on disk before the next passage shows."),
    Step(("space",), 4, "space or 1-9: tick a statement, or clear it. ✓ is a person's mark."),
    Step(("enter",), 4, "enter: record your ticks; a suggestion left out counts as rejected."),
    Step(
        ("y",), 7, "y: why? The words that carry it, marked in the text, and the nearest confirmed passages."
    ),
    Step(("y", "b"), 6, "b: bulk accept lists what is suggested at 90% or more. Nothing is recorded yet."),
    Step(("down", "down", "space"), 4, "space: leave one out, to be read by itself."),
    Step(
        ("end", *["pageup"] * 9), 3, "Every line must have been on the screen before enter records anything."
    ),
    Step(("enter",), 4, "enter: recorded under your name. z takes all of it back."),
    Step(("g",), 6, "g: the matrix. Confirmed ✓ and suggested ? apart; — ! is a gap."),
    Step(
        ("down", "right"),
        4,
        "— ! nothing is confirmed here. The line below says how much is suggested that could fill it.",
    ),
    Step(("v",), 5, "v: strengths against concerns, people's voice, and how old the newest evidence is."),
    Step(("v", "u"), 5, "u: how much evidence nobody has seen yet, and when you may stop."),
    Step(
        ("escape", "enter"), 5, "enter on a gap: the passages that could fill it. No score is ever predicted."
    ),
)


def clock() -> Callable[[], str]:
    """Return a clock that goes on one second a call, so that the same keys give the same picture."""
    second = -1

    def now() -> str:
        nonlocal second
        second += 1
        return f"2026-03-02T{9 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000+00:00"

    return now


async def _settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read, written or about to be."""
    for _ in range(3):
        await pilot.pause(0.4)
        while any(w.state in (WorkerState.PENDING, WorkerState.RUNNING) for w in pilot.app.workers):
            await asyncio.sleep(0.02)
        await pilot.pause()


async def _frames(project: Project, steps: Sequence[Step]) -> list[str]:
    session = ReviewSession(project.store, project.framework, CODER, clock())
    app = EvidenceMapperApp(session, assistant=Assistant(project))
    shown: list[str] = []
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        for step in steps:
            for key in step.keys:
                await pilot.press(key)
                await _settled(pilot)
            shown.append(app.export_screenshot())
    return shown


def _lean(svg: str, number: int) -> str:
    """Return a frame with short names of its own, without what every frame would repeat."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    svg = re.sub(r' clip-path="url\(#terminal-\d+-line-\d+\)"', "", svg)
    svg = re.sub(r'<clipPath id="terminal-\d+-line-\d+">.*?</clipPath>\s*', "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<(?:text|rect) [^>]*?)\.0(?=")', r"\1", svg)
    return re.sub(r"terminal-\d+", f"t{number}", re.sub(r"\n\s+", "\n", svg)).strip()


def _timing(seconds: Sequence[float]) -> str:
    """Return the styles that show one frame after the other, for as long as each is to be read."""
    total, at, rules = sum(seconds), 0.0, []
    for number, each in enumerate(seconds):
        start, end = 100 * at / total, 100 * (at + each) / total
        before = f"0%{{visibility:hidden}}{start:.3f}%" if number else "0%"
        after = f"{end:.3f}%{{visibility:hidden}}" if number < len(seconds) - 1 else ""
        rules.append(f"@keyframes k{number}{{{before}{{visibility:visible}}{after}}}")
        rules.append(f".f{number}{{animation:k{number} {total:g}s step-end infinite}}")
        at += each
    still = "@media (prefers-reduced-motion:reduce){.f{animation:none}.f0{visibility:visible}}"
    return "\n".join([".f{visibility:hidden}", *rules, still])


def tour(frames: Sequence[str], steps: Sequence[Step]) -> str:
    """Return the moving picture.

    Parameters
    ----------
    frames
        What Textual's ``export_screenshot`` gave, one a step.
    steps
        How long each is shown, and what is said under it.
    """
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', frames[0])
    if box is None:
        raise SystemExit("the first frame has no size")
    width, height = float(box[1]), float(box[2])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height + STRIP:g}" role="img">',
        "<title>Reviewing suggestions on the full screen, step by step</title>",
        f"<style>{_timing([s.seconds for s in steps])}\n.w{{font:24px sans-serif;fill:#e8e6e1}}</style>",
        f'<rect width="{width:g}" height="{height + STRIP:g}" rx="8" fill="#14181c"/>',
    ]
    for number, (frame, step) in enumerate(zip(frames, steps, strict=True)):
        inner = _lean(frame, number).replace("<svg ", f'<svg width="{width:g}" height="{height:g}" ', 1)
        words = f'<text class="w" x="24" y="{height + 34:g}">{escape(step.words)}</text>'
        parts.append(f'<g class="f f{number}">{inner}{words}</g>')
    return "\n".join([*parts, "</svg>\n"])


def record(project: Project, steps: Sequence[Step] = TOUR) -> str:
    """Return the moving picture of a project; the keys decide, so give a copy."""
    return tour(asyncio.run(_frames(project, steps)), steps)


def main() -> None:
    """Read the arguments, copy the project, press the keys, save the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("picture", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / given.project.name
        shutil.copy(given.project, copy)
        with open_project(copy) as project:
            given.picture.write_text(record(project), encoding="utf-8")
    print(f"{given.picture}: {len(TOUR)} frames, {given.picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
