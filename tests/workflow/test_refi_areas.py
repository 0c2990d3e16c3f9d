"""Codings that another tool put on areas of a PDF: onto the passages there, or kept and given back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from tests.workflow import refi_foreign as foreign
from tests.workflow.refi_foreign import CODES, Foreign, guid
from tests.workflow.test_refi_import import confirm

from evidence_mapper.domain.document import BlockKind, SourceLocation
from evidence_mapper.domain.passage import Passage, Span
from evidence_mapper.extract.refi.package import local_name
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.refi_areas import under
from evidence_mapper.workflow.refi_export import export_project
from evidence_mapper.workflow.refi_import import RefiImport, RefiRequest, import_refi
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.revisions import withdraw

FIRST = (
    "People wait nine weeks for an assessment of their needs, and nobody tells them why it is",
    "so long. In the north of the area they wait two weeks less than in the south, where three",
    "posts of social workers have been empty since the spring of last year.",
)
SECOND = (
    "Carers said that the new service answers within two days and that its staff listen to them",
    "well. Most of those who were asked knew whom to ring at night, and eight in ten had been",
    "offered a break in the last twelve months.",
)
THIRD = (
    "On page two the council thanks the team for its work during the whole winter, and says that",
    "the board will look at the figures of the first quarter before it decides on the posts.",
)
AREA = "codings on areas of pages"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Write a PDF of two paragraphs at known places and a second page."""
    path = tmp_path / "papers" / "Paper.pdf"
    path.parent.mkdir()
    canvas = Canvas(str(path), invariant=1)
    for top, lines in ((700, FIRST), (400, SECOND), (0, ()), (700, THIRD)):
        if not lines:
            canvas.showPage()
        canvas.setFont("Helvetica", 10)
        for number, line in enumerate(lines):
            canvas.drawString(72, top - 12 * number, line)
    canvas.save()
    return path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        yield opened


Area = tuple[int, tuple[str, str, str, str], Sequence[str]]
ON_FIRST: Area = (0, ("60", "670", "560", "715"), ["Assessing needs", "Concern"])
ON_NOTHING: Area = (1, ("300", "40", "400", "90"), ["Assessing needs"])
WEATHER: Area = (0, ("60", "370", "560", "415"), ["Weather"])


def package(path: Path, areas: Sequence[Area], pdf: Path | None, *, more: str = "") -> Path:
    """Write a project of another tool that codes areas of a PDF, with the PDF or without it."""
    made = Foreign("NVivo Windows 14", CODES)
    xml = ""
    for number, (page, (x1, y1, x2, y2), codes) in enumerate(areas):
        codings = "".join(
            f'<Coding guid="{guid(f"coding {number} {code}")}" creatingUser="{guid("Anna")}" '
            f'creationDateTime="2025-02-03T10:11:12Z"><CodeRef targetGUID="{guid(code)}"/></Coding>'
            for code in codes
        )
        xml += (
            f'<PDFSelection guid="{guid(f"area {number}")}" name="Area {number}" page="{page}" '
            f'firstX="{x1}" firstY="{y2}" secondX="{x2}" secondY="{y1}"><Description>Marked</Description>'
            f"{codings}</PDFSelection>"
        )
    made.sources.append(
        f'<PDFSource guid="{guid("pdf")}" name="Paper.pdf" path="internal://p.pdf">{xml}{more}</PDFSource>'
    )
    if pdf is not None:
        made.members["sources/p.pdf"] = pdf.read_bytes()
    return made.write(path)


def bring_in(project: Project, path: Path) -> RefiImport:
    first = import_refi(project, RefiRequest(path, "Importer"))
    if first.asked is None:
        return first
    return import_refi(project, RefiRequest(path, "Importer", mapping=confirm(first.asked)))


def rows(project: Project) -> list[tuple[str, tuple[str, ...], str | None, str | None, str | None]]:
    found = project.store.evidence_rows(confirmed=True)
    return [(r.passage.text, r.statements, r.polarity, r.coder, r.note) for r in found]


def areas_of(path: Path) -> list[tuple[str, list[str], list[str]]]:
    """Return (page, corners, names of the codes) of each area in a file."""
    root = foreign.project_xml(path)
    foreign.schema("Project").assertValid(root)
    foreign.check_references(root)
    names = {code.get("guid"): code.get("name") for code in root.iter("{*}Code")}
    found = []
    for area in root.iter("{*}PDFSelection"):
        corners = [str(area.get(key)) for key in ("firstX", "firstY", "secondX", "secondY")]
        codes = sorted(str(names[ref.get("targetGUID")]) for ref in area.iter("{*}CodeRef"))
        found.append((str(area.get("page")), corners, codes))
    return found


def test_area_on_a_passage_becomes_a_decision_of_its_coder(
    project: Project, paper: Path, tmp_path: Path
) -> None:
    add_files(project, [paper], workers=1)
    path = package(tmp_path / "nv.qdpx", [ON_FIRST, ON_NOTHING, WEATHER], paper)
    report = bring_in(project, path)
    assert rows(project) == [(" ".join(FIRST), ("assessing-needs",), "concern", "Anna", "Marked")]
    assert (report.counts["on areas"], report.counts["kept areas"]) == (2, 2)
    listed = [(loss.item, loss.why) for loss in report.losses.losses if loss.what == AREA]
    assert [item for item, _ in listed] == [
        "Paper.pdf, p. 2, 300,40 to 400,90: Care Act duties > Assessing needs",
        "Paper.pdf, p. 1, 60,370 to 560,415: Weather",
    ]
    assert ["no passage stands there" in why for _, why in listed] == [True, False]
    assert project.store.verify() == []
    (decided,) = [e for e in project.store.history() if e.action == "decided"]
    assert decided.payload["imported"]["areas"] == [[0, 60, 670, 560, 715]] * 2


def test_areas_go_out_again_with_the_pdf_and_the_same_file_changes_nothing(
    project: Project, paper: Path, tmp_path: Path
) -> None:
    add_files(project, [paper], workers=1)
    path = package(tmp_path / "nv.qdpx", [ON_FIRST, ON_NOTHING, WEATHER], paper)
    bring_in(project, path)
    events = len(project.store.history())
    again = bring_in(project, path)
    assert (again.counts["decisions"], len(project.store.history())) == (0, events)
    out = tmp_path / "out.qdpx"
    written = export_project(project, out)
    assert written.losses.count(AREA) == 0
    assert areas_of(out) == [
        ("0", ["60", "370", "560", "415"], ["Weather"]),
        ("0", ["60", "670", "560", "715"], ["Assessing needs", "Concern"]),
        ("1", ["300", "40", "400", "90"], ["Assessing needs"]),
    ]
    root = foreign.project_xml(out)
    (source,) = root.iter("{*}PDFSource")
    assert [local_name(child) for child in source][:4] == ["PDFSelection"] * 3 + ["Representation"]
    assert str(source.get("path")).endswith(".pdf")
    again_out = tmp_path / "again.qdpx"
    export_project(project, again_out)
    assert out.read_bytes() == again_out.read_bytes()
    # Our own file in again, as another tool would give it back: nothing new.
    back = bring_in(project, out)
    assert (back.counts["decisions"], back.added, len(project.store.history())) == (0, [], events)


def test_areas_of_a_pdf_that_is_not_here_are_kept_until_it_is(
    project: Project, paper: Path, tmp_path: Path
) -> None:
    path = package(tmp_path / "nv.qdpx", [ON_FIRST, WEATHER], paper)
    report = bring_in(project, path)
    assert rows(project) == []
    whys = [loss.why for loss in report.losses.losses if loss.what == AREA]
    assert len(whys) == 3
    assert sum("evidence-mapper add" in why for why in whys) == 2
    out = tmp_path / "out.qdpx"
    said = export_project(project, out).losses.totals()
    assert any(what == "PDF files of another tool" for what, _, _ in said)
    expected = [
        ("0", ["60", "370", "560", "415"], ["Weather"]),
        ("0", ["60", "670", "560", "715"], ["Assessing needs", "Concern"]),
    ]
    assert areas_of(out) == expected
    add_files(project, [paper], workers=1)
    later = bring_in(project, path)
    assert later.counts["on areas"] == 2
    assert [words for words, *_ in rows(project)] == [" ".join(FIRST)]
    export_project(project, out, overwrite=True)
    assert areas_of(out) == expected


def test_area_of_a_decision_taken_back_is_not_given_back(
    project: Project, paper: Path, tmp_path: Path
) -> None:
    add_files(project, [paper], workers=1)
    bring_in(project, package(tmp_path / "nv.qdpx", [ON_FIRST], paper))
    ReviewSession(project.store, project.framework, "Anna", utc_now).undo()
    assert rows(project) == []
    losses = export_project(project, tmp_path / "out.qdpx").losses
    assert areas_of(tmp_path / "out.qdpx") == []
    assert losses.count(AREA) == 2


def test_withdrawn_document_takes_its_areas_along(project: Project, paper: Path, tmp_path: Path) -> None:
    add_files(project, [paper], workers=1)
    bring_in(project, package(tmp_path / "nv.qdpx", [WEATHER], paper))
    withdraw(project, "papers/Paper.pdf", "Ann", "a draft")
    losses = export_project(project, tmp_path / "out.qdpx").losses
    assert not areas_of(tmp_path / "out.qdpx")
    assert losses.count("codings in withdrawn documents") == 1


def test_areas_without_page_or_corners_are_listed(project: Project, paper: Path, tmp_path: Path) -> None:
    bad: Area = (0, ("", "670", "560", "715"), ["Weather"])
    wild: Area = (0, ("99999999999", "690", "560", "1e400"), ["Weather"])
    report = bring_in(project, package(tmp_path / "nv.qdpx", [bad, wild], paper))
    whys = [loss.why for loss in report.losses.losses if loss.what == AREA]
    assert whys == ["no page or no area is given"] * 2


def boxed(number: int, box: tuple[float, float, float, float] | None, page: int = 1) -> Passage:
    return Passage(
        id=f"psg-{number:016x}",
        revision_id="rev",
        document_id="doc",
        ordinal=number,
        span=Span(number, number + 1),
        text="x",
        kind=BlockKind.PARAGRAPH,
        location=SourceLocation(page=page, bbox=box),
        heading_path=(),
        context=None,
    )


def test_area_goes_to_all_it_covers_else_to_the_one_it_is_in() -> None:
    above, below = boxed(1, (72, 500, 500, 600)), boxed(2, (72, 300, 500, 490))
    other = [boxed(3, (72, 500, 500, 600), page=2), boxed(4, None)]
    passages = [above, below, *other]
    assert under((70, 290, 510, 610), 0, passages) == [above, below]
    assert under((100, 510, 200, 525), 0, passages) == [above]
    assert under((70, 495, 510, 610), 0, passages) == [above]
    assert under((72, 600, 500, 700), 0, passages) == []
    assert under((72, 598, 500, 700), 0, passages) == []


@given(st.tuples(*[st.integers(-2000, 2000)] * 4), st.integers(0, 2))
def test_only_passages_of_the_page_that_overlap_are_taken(
    corners: tuple[int, int, int, int], page: int
) -> None:
    x1, y1, x2, y2 = corners
    area = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    passages = [boxed(n, (72, 60 * n, 500, 60 * n + 50), page=1 + n % 2) for n in range(10)]
    for passage in under(area, page, passages):
        box = passage.location.bbox
        assert box is not None
        assert passage.location.page == page + 1
        assert area[0] < box[2]
        assert box[0] < area[2]
        assert area[1] < box[3]
        assert box[1] < area[3]
