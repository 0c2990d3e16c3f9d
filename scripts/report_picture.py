"""Save a picture of the report of the demo papers: ``python scripts/report_picture.py PROJECT PICTURE.png``.

PROJECT is made with ``evidence-mapper run corpora/demo/papers --project PROJECT``. A copy of it is given the
answers that ``corpora/demo/expected.json`` holds for the papers; the project itself is not changed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Polarity, Verdict
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.project import Project, open_project
from evidence_mapper.workflow.publish import export_evidence

EXPECTED = Path(__file__).resolve().parents[1] / "corpora" / "demo" / "expected.json"
CODERS = ("A. Officer", "B. Quality lead")


def answer(project: Project, labels: list[dict[str, Any]]) -> int:
    """Record the expected answers as decisions, and return how many there were."""
    at = 0
    for number, (passage, label) in enumerate(_found(project, labels)):
        at = number + 1
        project.store.append_event(
            coder=CODERS[number % 4 == 3],
            action=EventAction.DECIDED,
            subject=passage.id,
            at=f"2026-03-{2 + number // 40:02}T{9 + number % 40 // 10:02}:{number % 10 * 6:02}:00.000000Z",
            payload=_decision(label).to_json(),
        )
    return at


def picture(page: Path, target: Path, *, width: int, height: int) -> None:
    """Write what a browser shows of a page."""
    from playwright.sync_api import sync_playwright

    chromium = next(c for n in ("chromium", "chromium-browser", "google-chrome") if (c := shutil.which(n)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium)
        view = browser.new_page(viewport={"width": width, "height": height})
        view.goto(page.resolve().as_uri())
        view.screenshot(path=target)
        browser.close()
    # A page has few colours: a palette makes a third of the size.
    Image.open(target).convert("RGB").quantize(48).save(target, optimize=True)


def _found(project: Project, labels: list[dict[str, Any]]) -> Iterator[tuple[Passage, dict[str, Any]]]:
    for document in project.store.documents():
        passages = list(project.store.passages(document.id))
        for label in labels:
            if document.name.endswith(label["file"]) and label["statements"]:
                quote = " ".join(label["quote"].split())
                yield from ((p, label) for p in passages if quote in " ".join(p.text.split()))


def _decision(label: dict[str, Any]) -> Decision:
    return Decision(
        Outcome.CODED,
        tuple((statement, Verdict.ACCEPTED) for statement in label["statements"]),
        evidence_category=label["evidence_category"],
        polarity=Polarity(label["polarity"]),
    )


def main() -> None:
    """Read the arguments, copy the project, answer, export, save the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--size", default="1100x1250", help="pixels")
    parser.add_argument("--page", type=Path, help="also keep the page here")
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    labels = json.loads(EXPECTED.read_text(encoding="utf-8"))["labels"]
    with tempfile.TemporaryDirectory() as folder:
        copy, page = Path(folder) / given.project.name, given.page or Path(folder) / "report.html"
        shutil.copy(given.project, copy)
        with open_project(copy) as project:
            count = answer(project, labels)
            export_evidence(project, page, format_name="html", overwrite=True)
        picture(page, given.picture, width=width, height=height)
    print(f"{given.picture}: {count} answers, {given.picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
