"""Ours out and in again: the same decisions, from any text, and every loss named."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from tests.workflow import refi_foreign as foreign
from tests.workflow.refi_foreign import Foreign, Marked

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Polarity, Verdict
from evidence_mapper.errors import ExportError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project, open_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.refi_export import export_codebook, export_project
from evidence_mapper.workflow.refi_import import RefiRequest, import_refi
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.revisions import withdraw
from evidence_mapper.workflow.upkeep import backup

WAIT = (
    "The longest wait for a review of a care plan was nineteen months in the year to March, and people told "
    "us again and again that it was much too long \U0001f622 to wait."
)
CALLS = (
    "The carers' centre answered every call it had within one working day of last year, and nobody who rang "
    "was asked to ring again later in the day."
)
STAFF = (
    "Staff told us that supervision takes place every month without fail in every team, and that what they "
    "say in it is written down and comes back to them."
)
FULL = Decision(
    Outcome.CODED,
    (("assessing-needs", Verdict.ACCEPTED), ("equity", Verdict.REJECTED), ("governance", Verdict.ACCEPTED)),
    topics=("an-timeliness", "an-carers"),
    i_statements=("i-coordinated",),
    evidence_category="processes",
    polarity=Polarity.CONCERN,
    note="  Ask for the figures\r\n<b>&amp; \U0001f600  ",
)
PLAIN = Decision(Outcome.CODED, (("learning", Verdict.ACCEPTED),))


@dataclass
class Study:
    """A project with one paper of three passages."""

    project: Project
    paper: Path

    def passages(self) -> list[Any]:
        documents = [d for d in self.project.store.documents() if d.name.endswith("paper.txt")]
        return list(self.project.store.passages(documents[0].id))

    def decide(self, coder: str, place: int, decision: Decision) -> None:
        session = ReviewSession(self.project.store, self.project.framework, coder, utc_now)
        session.decide(self.passages()[place].id, decision)

    def write(self, *paragraphs: str) -> None:
        self.paper.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
        add_files(self.project, [self.paper], workers=1)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    (tmp_path / "papers").mkdir()
    with create_project(tmp_path / "ours" / "p.sqlite") as project:
        made = Study(project, tmp_path / "papers" / "paper.txt")
        made.write(WAIT, CALLS, STAFF)
        yield made


def said(project: Project) -> set[tuple[Any, ...]]:
    """Return all that is confirmed, without what only this project knows of it."""
    return {
        (
            row.document.name,
            row.document.source_type,
            row.passage.text,
            row.coder,
            row.decided_at,
            row.statements,
            row.topics,
            row.i_statements,
            row.evidence_category,
            row.polarity,
            row.note,
        )
        for row in project.store.evidence_rows(confirmed=True)
    }


def test_fresh_project_gets_the_same_decisions(study: Study, tmp_path: Path) -> None:
    study.decide("Ada", 0, FULL)
    study.decide("Ben Öz", 0, PLAIN)
    study.decide("Ada", 2, PLAIN)
    report = export_project(study.project, tmp_path / "o.qdpx")
    assert (report.sources, report.decisions, report.codings, report.notes, report.coders) == (1, 3, 9, 1, 2)
    root = foreign.project_xml(tmp_path / "o.qdpx")
    foreign.schema("Project").assertValid(root)
    foreign.check_references(root)
    with create_project(tmp_path / "fresh" / "p.sqlite") as fresh:
        came = import_refi(fresh, RefiRequest(tmp_path / "o.qdpx", "Importer"))
        assert came.asked is None
        assert came.losses.losses == []
        assert said(fresh) == said(study.project)
        assert fresh.store.verify() == []
        export_project(fresh, tmp_path / "again.qdpx")
        with create_project(tmp_path / "third" / "p.sqlite") as third:
            import_refi(third, RefiRequest(tmp_path / "again.qdpx", "Importer"))
            assert said(third) == said(fresh)


def test_same_project_takes_nothing_twice(study: Study, tmp_path: Path) -> None:
    study.decide("Ada", 0, FULL)
    export_project(study.project, tmp_path / "o.qdpx")
    before = study.project.store.history(limit=1)[0].sequence
    report = import_refi(study.project, RefiRequest(tmp_path / "o.qdpx", "Importer"))
    assert (report.counts["already"], report.added, len(report.matched)) == (1, [], 1)
    assert study.project.store.history(limit=1)[0].sequence == before


def test_same_state_same_bytes(study: Study, tmp_path: Path) -> None:
    study.decide("Ada", 0, FULL)
    written = [export_project(study.project, tmp_path / f"{n}.qdpx").path.read_bytes() for n in range(2)]
    assert written[0] == written[1]
    books = [export_codebook(study.project, tmp_path / f"{n}.qdc").path.read_bytes() for n in range(2)]
    assert books[0] == books[1]
    for ending, expected in ((".qdpx", written[0]), (".qdc", books[0])):
        asked = export_as_asked(study.project, tmp_path / f"asked{ending}", None, ExportRequest())
        assert asked.path.read_bytes() == expected
    copy = tmp_path / "a copy of another name.sqlite"
    backup(study.project.path, copy)
    with open_project(copy) as same:
        assert export_project(same, tmp_path / "copy.qdpx").path.read_bytes() == written[0]
    study.decide("Ada", 1, PLAIN)
    assert export_project(study.project, tmp_path / "3.qdpx").path.read_bytes() != written[0]


def test_every_loss_is_named(study: Study, tmp_path: Path) -> None:
    study.decide("Ada", 0, FULL)
    study.decide("Ada", 1, Decision(Outcome.NONE, note="about something else"))
    study.decide("Ben", 1, Decision(Outcome.UNSURE))
    study.decide("Ben", 2, PLAIN)
    ReviewSession(study.project.store, study.project.framework, "Ben", utc_now).undo()
    study.project.store.append_event(
        coder="Ada", action=EventAction.CLAIM, subject="c1", at=utc_now(), payload={"words": "a claim"}
    )
    (study.paper.parent / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    add_files(study.project, [study.paper.parent], workers=1)
    losses = export_project(study.project, tmp_path / "o.qdpx").losses
    assert {what: count for what, count, _ in losses.totals()} == {
        "original files": 1,
        "rejected statements": 1,
        "passages answered 'none'": 1,
        "passages answered 'unsure'": 1,
        "notes on such passages": 1,
        "files that could not be read": 1,
        "entries of the record (claim-recorded)": 1,
        "decisions taken back": 1,
    }


def test_suggestions_are_never_written(study: Study, tmp_path: Path) -> None:
    from evidence_mapper.workflow.suggest import suggest

    suggest(study.project)
    waiting = sum(1 for _ in study.project.store.evidence_rows(confirmed=False))
    assert waiting > 0
    report = export_project(study.project, tmp_path / "o.qdpx")
    assert (report.codings, report.losses.count("suggestions")) == (0, waiting)
    assert list(foreign.project_xml(tmp_path / "o.qdpx").iter("{*}Coding")) == []


def test_new_version_is_carried_and_what_was_left_behind_has_a_source_of_its_own(
    study: Study, tmp_path: Path
) -> None:
    study.decide("Ada", 0, FULL)
    study.decide("Ada", 1, PLAIN)
    study.write(WAIT, "Nobody answered the telephone at all, which we heard from a great many people whom we "
                "met in the four months before this paper was written for the cabinet.", STAFF)  # fmt: skip
    report = export_project(study.project, tmp_path / "o.qdpx")
    root = foreign.project_xml(tmp_path / "o.qdpx")
    foreign.schema("Project").assertValid(root)
    foreign.check_references(root)
    names = [str(source.get("name")) for source in root.iter("{*}TextSource")]
    assert not [name for name in names if "/" in name]
    assert len(names) == 2
    assert "(version read " in names[0]
    assert report.decisions == 2
    assert report.losses.count("codings of earlier versions") == 1
    assert report.losses.count("histories of codings carried over") == 1
    spoken = [str(s.get("name")) for s in root.iter("{*}PlainTextSelection")]
    assert [CALLS.startswith(spoken[0]), WAIT.startswith(spoken[1][:90])] == [True, True]
    with create_project(tmp_path / "fresh" / "p.sqlite") as fresh:
        import_refi(fresh, RefiRequest(tmp_path / "o.qdpx", "Importer"))
        counted = [r for r in fresh.store.evidence_rows(confirmed=True) if not r.withdrawn]
        assert [(r.passage.text, r.coder) for r in counted] == [(WAIT, "Ada")]
        assert (fresh.store.matrix().withdrawn, fresh.store.verify()) == (1, [])


def test_codings_beside_stay_with_the_words_they_are_on(study: Study, tmp_path: Path) -> None:
    made = Foreign("X", foreign.CODES)
    text = f"{WAIT}\n\n{CALLS}\n\n{STAFF}"
    made.text_source("s", text.encode(), made.selections(text, [Marked(CALLS, ["Weather"])], int))
    report = import_refi(study.project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I", yes_exact=True))
    assert (report.counts["beside"], len(report.matched)) == (1, 1)
    study.write(WAIT, STAFF)
    found = export_project(study.project, tmp_path / "o.qdpx")
    root = foreign.project_xml(tmp_path / "o.qdpx")
    foreign.schema("Project").assertValid(root)
    foreign.check_references(root)
    assert [CALLS.startswith(str(s.get("name"))) for s in root.iter("{*}PlainTextSelection")] == [True]
    assert found.losses.count("codings of earlier versions") == 1
    (name,) = [d.name for d in study.project.store.documents()]
    withdraw(study.project, name, "Ada")
    left = export_project(study.project, tmp_path / "o2.qdpx")
    assert left.losses.count("codings in withdrawn documents") == 1


def test_withdrawn_document_is_left_out_and_named(study: Study, tmp_path: Path) -> None:
    study.decide("Ada", 0, FULL)
    (name,) = [d.name for d in study.project.store.documents()]
    withdraw(study.project, name, "Ada", "a draft")
    report = export_project(study.project, tmp_path / "o.qdpx")
    root = foreign.project_xml(tmp_path / "o.qdpx")
    foreign.schema("Project").assertValid(root)
    assert list(root.iter("{*}TextSource")) == []
    assert report.losses.count("withdrawn documents") == 1
    assert report.losses.count("codings in withdrawn documents") == 1


def test_originals_go_along_while_they_are_what_was_read(study: Study, tmp_path: Path) -> None:
    pdf = tmp_path / "papers" / "report.pdf"
    canvas = Canvas(str(pdf))
    canvas.drawString(72, 700, "Reviews of care plans were late in every one of the last four quarters.")
    canvas.save()
    add_files(study.project, [pdf], workers=1)
    data = pdf.read_bytes()
    report = export_project(study.project, tmp_path / "o.qdpx", originals=True, identifiable=True)
    root = foreign.project_xml(tmp_path / "o.qdpx")
    foreign.schema("Project").assertValid(root)
    (source,) = root.iter("{*}PDFSource")
    with zipfile.ZipFile(tmp_path / "o.qdpx") as package:
        assert package.read(f"sources/{str(source.get('path')).removeprefix('internal://')}") == data
    assert [
        loss.item.rpartition("/")[2] for loss in report.losses.losses if loss.what == "original files"
    ] == ["paper.txt"]
    pdf.write_bytes(data + b"%changed")
    changed = export_project(study.project, tmp_path / "o2.qdpx", originals=True, identifiable=True)
    assert changed.losses.count("original files") == 2
    assert not list(foreign.project_xml(tmp_path / "o2.qdpx").iter("{*}PDFSource"))


def test_decision_while_writing_stops_the_export(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evidence_mapper.workflow import refi_export

    def while_writing(_: Project) -> str:
        study.decide("Ben", 1, PLAIN)
        return utc_now()

    study.decide("Ada", 0, FULL)
    monkeypatch.setattr(refi_export, "state_time", while_writing)
    with pytest.raises(ExportError, match="Nothing was written; run it again"):
        export_project(study.project, tmp_path / "o.qdpx")
    assert not (tmp_path / "o.qdpx").exists()


PIECES = st.sampled_from(
    ["wait", "é", "é", "😀", "👨\u200d👩", " ", "\n", "\n\n", "<&>", '"', "\t", "\xa0", "\u2028", "review"]
)
WORDS = st.lists(PIECES, min_size=1, max_size=40).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=WORDS, marked=WORDS, after=WORDS, windows=st.booleans(), mark=st.booleans())
def test_any_text_comes_in_and_goes_out_with_its_span(
    tmp_path_factory: pytest.TempPathFactory, before: str, marked: str, after: str, windows: bool, mark: bool
) -> None:
    quote = f"a{marked}b"
    text = f"{before}{quote}{after}"
    raw = text.replace("\n", "\r\n") if windows else text
    start, end = len(before), len(before) + len(quote)
    folder = tmp_path_factory.mktemp("any")
    made = Foreign("X", foreign.CODES)
    count = foreign.code_points(text, raw)
    one = made.selections(text, [Marked(text, ["Assessing needs"], name="")], count)
    one = one.replace(f'startPosition="{count(0)}"', f'startPosition="{count(start)}"')
    one = one.replace(f'endPosition="{count(len(text))}"', f'endPosition="{count(end)}"')
    made.text_source("s", (b"\xef\xbb\xbf" if mark else b"") + raw.encode(), one)
    with create_project(folder / "p.sqlite") as project:
        report = import_refi(project, RefiRequest(made.write(folder / "x.qdpx"), "I", yes_exact=True))
        assert report.counts["decisions"] == 1
        (row,) = project.store.evidence_rows(confirmed=True)
        assert row.passage.text == quote
        assert project.store.revision(row.passage.revision_id).text == text
        export_project(project, folder / "o.qdpx")
        with create_project(folder / "q.sqlite") as other:
            import_refi(other, RefiRequest(folder / "o.qdpx", "I"))
            assert said(other) == said(project)
