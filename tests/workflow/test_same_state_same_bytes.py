"""The same state gives the same bytes, in every format: on another day, elsewhere, in another process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.store.builders import coded
from tests.workflow.pack_samples import CALLS, STAFF, WAIT, confirm, passage_of, write

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.document import SourceType
from evidence_mapper.workflow import cases
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.export_formats import FORMATS
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.return_items import link
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.scores import set_score
from evidence_mapper.workflow.suggest import suggest

NOTE = (
    "12/03/2025 Mrs Threlkeld waited nine weeks for her assessment, and her daughter Pauline said that "
    "nobody had told her why it took so long. Harpreet Kaur, her social worker, will visit 27 Tennyson Road."
)
FALL = (
    "Pauline Threlkeld rang on 01632 960123: her mother, Mrs Threlkeld, fell again on the stairs, and the "
    "rail that Mr Kaur had asked for in January has still not been put up by anybody."
)
FILES = (
    ("t.csv", None), ("all-t.csv", None), ("t.jsonl", None), ("t.xlsx", None), ("all-t.xlsx", None),
    ("t.parquet", None), ("p.docx", None), ("p.md", None), ("i.xlsx", "evidence-index"),
    ("i.csv", "evidence-index"), ("r.html", None), ("c.qdc", None), ("cl.xlsx", "claims"),
    ("cl.csv", "claims"), ("cl.md", "claims"), ("cl.docx", "claims"),
)  # fmt: skip
WITH_NAMES = (("n.qdpx", None), ("n.xlsx", None), ("n.docx", None), ("n.html", None))
HERE = {"PYTHONHASHSEED": "1", "TZ": "Europe/London", "LC_ALL": "C.UTF-8"}
THERE = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "C"}


def made(folder: Path) -> Path:
    """Make a project with stories, claims, scores, links and suggestions, decided on by two people."""
    write(folder / "cases" / "AB-1" / "note-threlkeld.txt", "CASE NOTE", NOTE)
    write(folder / "cases" / "AB-1" / "second.txt", "CASE NOTE", FALL)
    write(folder / "papers" / "reviews-2024-03-31.txt", WAIT, STAFF)
    canvas = Canvas(str(folder / "papers" / "carers.pdf"), invariant=1)
    for number, line in enumerate((CALLS[:80], CALLS[80:])):
        canvas.drawString(60, 700 - 14 * number, line)
    canvas.save()
    path = folder / "p.sqlite"
    with create_project(path) as project:
        add_files(project, [folder / "cases", folder / "papers"], workers=1)
        cases.group(project, cases.by_folder(project, "cases"), coder="Ann")
        suggest(project)
        session = ReviewSession(project.store, project.framework, "Bo", utc_now)
        for words in (NOTE, FALL):
            passage = passage_of(project, words[:60])
            session.decide(passage.id, coded("assessing-needs", note="Ask Pauline Threlkeld."))
        confirm(project, WAIT, topics=["an-timeliness", "an-carers"], polarity=Polarity.CONCERN)
        confirm(project, WAIT, statements=("learning", "equity"), coder="Bo")
        found = confirm(project, CALLS[:60], topics=["an-timeliness"], polarity=Polarity.STRENGTH)
        add_claim(project, "Carers get an answer soon.", coder="Ann", passages=(found.id,))
        set_score(project, "safeguarding", 2, coder="Ann")
        link(project, "LR09", coder="Ann", passage=found.id)
        assert any(d.source_type is SourceType.CASE_RECORD for d in project.store.documents())
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give two folders with every format of one state, written by two processes far apart."""
    folder = tmp_path_factory.mktemp("same")
    path = made(folder)
    told = []
    for name, environment, days in (("here", HERE, 0.0), ("there", THERE, 400.3)):
        out = folder / name
        out.mkdir()
        shutil.copy(path, out / f"{name}.sqlite")
        told.append(run(out, out / f"{name}.sqlite", environment, days))
    for key in ("now", "hash", "zone", "folder"):
        assert told[0][key] != told[1][key], f"the processes did not differ in {key}"
    return folder / "here", folder / "there"


def run(out: Path, project: Path, environment: dict[str, str], days: float) -> dict[str, Any]:
    # With names last: it is an entry in the record, after which the state is another.
    files = [(name, chosen, False) for name, chosen in FILES]
    files += [(name, chosen, True) for name, chosen in WITH_NAMES]
    asked = {"project": str(project), "folder": str(out), "files": files, "days": days}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.workflow.export_elsewhere", json.dumps(asked)],
        capture_output=True,
        text=True,
        check=False,
        cwd=out,
        timeout=300,
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join((str(root), str(root / "src")))},
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("name", [name for name, _ in FILES])
def test_another_process_day_zone_and_folder_give_the_same_bytes(
    written: tuple[Path, Path], name: str
) -> None:
    here, there = ((folder / name).read_bytes() for folder in written)
    assert here == there
    assert len(here) > 200
    assert b"Threlkeld" not in here


@pytest.mark.parametrize("name", [name for name, _ in WITH_NAMES])
def test_with_names_only_the_time_of_the_record_itself_differs(written: tuple[Path, Path], name: str) -> None:
    """The first file with names is of the same state; each leaves an entry behind that later ones tell."""
    here, there = ((folder / name).read_bytes() for folder in written)
    assert (here == there) is (name == WITH_NAMES[0][0])


def test_every_format_of_the_table_is_looked_at() -> None:
    tried = {chosen for _, chosen in (*FILES, *WITH_NAMES)} | {
        f.name for f in FORMATS for name, chosen in (*FILES, *WITH_NAMES) if Path(name).suffix in f.endings
    }
    assert {f.name for f in FORMATS} <= tried
