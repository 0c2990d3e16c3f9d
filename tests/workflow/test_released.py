"""What leaves the project, and what a review shows, with names in people's own stories replaced."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.builders import coded
from tests.workflow.pack_samples import passage_of, write

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.passage import Span
from evidence_mapper.domain.project import QueueFilter, QueueOrder, ReviewState
from evidence_mapper.errors import UsageError
from evidence_mapper.redact import DIRECT, load_finder
from evidence_mapper.workflow import cases
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.export_formats import ExportRequest, RowFilter
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_as_asked, export_evidence
from evidence_mapper.workflow.redacted_session import MARK, RedactedSession
from evidence_mapper.workflow.redacted_why import redacted_why
from evidence_mapper.workflow.redaction_key import read_key
from evidence_mapper.workflow.redactor import Redactor
from evidence_mapper.workflow.refi_export import export_project
from evidence_mapper.workflow.review import ReviewSession

WAIT = "12/03/2025 Mrs Threlkeld waited nine weeks for her assessment and said that nobody had told her why."
FALL = "Pauline Threlkeld rang on 01632 960123: her mother, Mrs Threlkeld, fell again on the stairs."
POLICY = "Director Jane Smith sees to it that everybody who asks is seen by a social worker within 28 days."
NAMES = ("Threlkeld", "threlkeld", "Edith", "Pauline", "960123", "Tennyson")
NOTE = "Ring Pauline Threlkeld about this."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give a project of one case of two records and a policy, all of it confirmed, with a note."""
    papers = tmp_path / "cases"
    head = "CASE RECORD\n\nPerson: Edith Threlkeld\n\nAddress: 27 Tennyson Road, Marbridge"
    write(papers / "AB-1" / "case-record-threlkeld.txt", head, WAIT)
    write(papers / "AB-1" / "case-note-2.txt", "CASE NOTE", FALL)
    write(tmp_path / "policy.txt", "Assessment policy", POLICY)
    with create_project(tmp_path / "p.sqlite") as opened:
        add_files(opened, [papers, tmp_path / "policy.txt"], workers=1)
        session = ReviewSession(opened.store, opened.framework, "Ann", utc_now)
        for words, note in ((WAIT, NOTE), (FALL, NOTE), (POLICY, None)):
            session.decide(passage_of(opened, words).id, coded("assessing-needs", note=note))
        yield opened


def group(project: Project) -> None:
    cases.group(project, cases.by_folder(project, "cases"), coder="Ann")


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def words_of(path: Path) -> str:
    """Return all the words of a file in any format that is text, a workbook or a Word file."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return "\n".join(str(v) for s in book for row in s.iter_rows(values_only=True) for v in row if v)
    if path.suffix == ".docx":
        import docx

        document = docx.Document(str(path))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    return path.read_text(encoding="utf-8")


FILES = (
    ("e.csv", None),
    ("e.jsonl", None),
    ("e.xlsx", None),
    ("p.docx", "self-assessment"),
    ("p.md", "self-assessment"),
    ("i.xlsx", "evidence-index"),
    ("r.html", None),
    ("c.md", "claims"),
)


@pytest.mark.parametrize(("name", "kind"), FILES)
def test_no_name_of_a_story_is_in_any_export_and_the_file_says_so(
    project: Project, tmp_path: Path, name: str, kind: str | None
) -> None:
    claimed(project)
    report = export_as_asked(project, tmp_path / name, kind, ExportRequest())
    words = words_of(report.path)
    assert not [each for each in NAMES if each in words]
    assert "waited nine weeks" in words
    if kind != "claims":
        assert "Jane Smith" in words
    told = "are replaced (" + ("1 passage)" if kind == "claims" else "2 passages)")
    assert any(told in note for note in report.notes)
    assert told in words or name in ("e.csv", "e.jsonl")
    again = export_as_asked(project, tmp_path / f"again-{name}", kind, ExportRequest())
    assert again.path.read_bytes() == report.path.read_bytes()


def claimed(project: Project) -> None:
    from evidence_mapper.workflow.claims import add_claim

    add_claim(project, "People wait too long.", coder="Ann", passages=(passage_of(project, WAIT).id,))


def test_rows_say_that_they_are_redacted_and_keep_span_and_hash(project: Project, tmp_path: Path) -> None:
    rows = lines(export_evidence(project, tmp_path / "e.jsonl").path)
    named = lines(
        export_as_asked(project, tmp_path / "n.jsonl", None, ExportRequest(identifiable=True, coder="B")).path
    )
    assert [row["redacted"] for row in rows] == [True, True, False]
    assert not any(row["redacted"] for row in named)
    for row, other in zip(rows, named, strict=True):
        assert [row[k] for k in ("span", "file_sha256", "passage_id", "revision_id")] == [
            other[k] for k in ("span", "file_sha256", "passage_id", "revision_id")
        ]
        span, revision = other["span"], project.store.revision(str(other["revision_id"]))
        assert isinstance(span, dict)
        assert revision.text[span["start"] : span["end"]] == other["quote"]
    assert str(rows[0]["document"]).startswith("case-record doc-")
    assert NOTE not in str(rows) or rows[2]["note"] == NOTE
    table = list(
        csv.DictReader((export_evidence(project, tmp_path / "e.csv").path).open(encoding="utf-8-sig"))
    )
    assert [row["redacted"] for row in table] == ["yes", "yes", ""]


def test_one_case_has_one_set_of_pseudonyms(project: Project, tmp_path: Path) -> None:
    group(project)
    quotes = [str(row["quote"]) for row in lines(export_evidence(project, tmp_path / "e.jsonl").path)]
    [fall] = [q for q in quotes if "fell again" in q]
    [wait] = [q for q in quotes if "nine weeks" in q]
    in_one, in_other = re.search(r"(Person \d+) waited", wait), re.search(r"mother, (Person \d+), fell", fall)
    assert in_one
    assert in_other
    assert in_one[1] == in_other[1]


def test_a_document_a_person_put_into_a_case_is_a_story_whatever_its_kind(
    project: Project, tmp_path: Path
) -> None:
    [policy] = [d.name for d in project.store.documents() if d.name.endswith("policy.txt")]
    cases.add_document(project, "AB-1", policy, coder="Ann")
    rows = lines(export_evidence(project, tmp_path / "e.jsonl").path)
    assert "Jane Smith" not in str(rows)
    assert all(row["redacted"] for row in rows)


def test_names_leave_only_when_asked_and_the_history_says_who_asked(project: Project, tmp_path: Path) -> None:
    before = len(project.store.entries([EventAction.RELEASED]))
    export_evidence(project, tmp_path / "e.csv")
    assert len(project.store.entries([EventAction.RELEASED])) == before
    request = ExportRequest(identifiable=True, coder="Bo")
    report = export_as_asked(project, tmp_path / "with.csv", None, request)
    assert "Threlkeld" in report.path.read_text(encoding="utf-8")
    event = project.store.entries([EventAction.RELEASED])[-1]
    assert (event.coder, event.words) == ("Bo", "exported with.csv with names")
    assert event.payload["format"] == "csv"
    assert event.payload["rows"] == 3
    assert str(tmp_path) not in json.dumps(dict(event.payload))


def test_the_command_records_names_and_run_leaves_them_out(project: Project, tmp_path: Path) -> None:
    path = str(project.path)
    target = tmp_path / "with.csv"
    arguments = ["export", str(target), "--project", path, "--identifiable", "--coder", "Bo"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "Threlkeld" in target.read_text(encoding="utf-8")
    assert "exported with.csv with names" in CliRunner().invoke(main, ["history", "-p", path]).output
    both = CliRunner().invoke(
        main, ["export", str(tmp_path / "r.html"), "-p", path, "--identifiable", "--disclosure"]
    )
    assert both.exit_code != 0
    assert "choose one" in both.output


def test_whole_texts_are_refused_unless_names_are_asked_for(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"2 documents of the project.*--identifiable"):
        export_as_asked(project, tmp_path / "s.qdpx", None, ExportRequest())
    with pytest.raises(UsageError, match="--identifiable"):
        export_project(project, tmp_path / "s.qdpx")
    assert not (tmp_path / "s.qdpx").exists()
    export_as_asked(project, tmp_path / "s.qdpx", None, ExportRequest(identifiable=True, coder="Bo"))
    assert project.store.entries([EventAction.RELEASED])[-1].words == "exported s.qdpx with names"
    arguments = ["refi", "export", str(tmp_path / "t.qdpx"), "-p", str(project.path)]
    assert "--identifiable" in CliRunner().invoke(main, arguments).output
    done = CliRunner().invoke(main, [*arguments, "--identifiable", "--coder", "Cy"])
    assert done.exit_code == 0, done.output
    assert project.store.entries([EventAction.RELEASED])[-1].coder == "Cy"


def test_a_key_keeps_who_is_who_and_is_carried_on(project: Project, tmp_path: Path) -> None:
    group(project)
    out = tmp_path / "out"
    out.mkdir()
    key = tmp_path / "keys.json"
    request = ExportRequest(key=key)
    first = export_as_asked(project, out / "a.jsonl", None, request).path.read_bytes()
    forms = {p.label: p.forms for p in read_key(key).cases["AB-1"].people}
    assert "Edith Threlkeld" in forms["Person 1"]
    assert export_as_asked(project, out / "b.jsonl", None, request).path.read_bytes() == first
    with pytest.raises(UsageError, match="beside"):
        export_as_asked(project, out / "c.jsonl", None, ExportRequest(key=out / "k.json"))
    with pytest.raises(UsageError, match="nothing for --key"):
        export_as_asked(project, out / "c.jsonl", None, ExportRequest(key=key, identifiable=True))


def test_nothing_is_loaded_for_a_project_without_stories(tmp_path: Path) -> None:
    write(tmp_path / "policy.txt", "Assessment policy", POLICY)
    with create_project(tmp_path / "p.sqlite") as made:
        add_files(made, [tmp_path / "policy.txt"], workers=1)
        session = ReviewSession(made.store, made.framework, "Ann", utc_now)
        session.decide(passage_of(made, POLICY).id, coded("assessing-needs"))
    code = (
        "import sys; from pathlib import Path; from evidence_mapper.workflow.project import open_project\n"
        "from evidence_mapper.workflow.publish import export_evidence\n"
        "with open_project(Path(sys.argv[1])) as p:\n"
        "    assert export_evidence(p, Path(sys.argv[2])).confirmed == 1\n"
        "from evidence_mapper.redact import load_finder\n"
        "assert load_finder.cache_info().currsize == 0 and 'spacy' not in sys.modules\n"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "p.sqlite"), str(tmp_path / "e.xlsx")]
    subprocess.run(arguments, check=True, timeout=120)


_SENTENCES = st.sampled_from(
    [
        "Mrs {n} waited for a review of her plan for many months and was not told why it took so long. ",
        "Her son {n} rang on 01632 960123 and asked when somebody would come to see about the stairs. ",
        "Visited {n} at 27 Tennyson Road with a colleague; she wants to stay at home with some help. ",
        "Social worker: {n} (NHS number 999 000 0018), who has known the family for some years now. ",
    ]
)
_SURNAMES = st.sampled_from(["Threlkeld", "Okonkwo-Bell", "Szymanski", "Prydderch", "Bhardwaj"])


@settings(max_examples=12, deadline=None)
@given(parts=st.lists(st.tuples(_SENTENCES, _SURNAMES), min_size=1, max_size=5), spread=st.booleans())
def test_a_redacted_row_holds_no_direct_identifier_found_in_its_source(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str]], spread: bool
) -> None:
    folder = tmp_path_factory.mktemp("row")
    text = [sentence.format(n=name) for sentence, name in parts]
    write(folder / "case-record.txt", "CASE RECORD", *(text if spread else ["".join(text)]))
    with create_project(folder / "p.sqlite") as made:
        add_files(made, [folder / "case-record.txt"], workers=1)
        document = made.store.documents()[0]
        assert document.source_type is SourceType.CASE_RECORD
        redactor = Redactor(made.store)
        for passage in made.store.passages(document.id):
            source = made.store.revision(passage.revision_id).text
            shown = redactor.passage(passage)
            found = [f.span.of(source) for f in load_finder().find(source) if f.kind in DIRECT]
            assert found
            assert not [words for words in found if words in shown.text]
            assert shown.span == passage.span
            for part in (
                Span(0, len(passage.text)),
                Span(0, 3),
                Span(len(passage.text) - 3, len(passage.text)),
            ):
                here = redactor.span(passage, part)
                assert 0 <= here.start < here.end <= len(shown.text)


# review ------------------------------------------------------------------------------------------


def test_review_shows_no_names_and_records_on_the_words_as_written(project: Project) -> None:
    session = RedactedSession(project.store, project.framework, "Ann", utc_now)
    passage = passage_of(project, WAIT)
    card = session.card(passage.id)
    assert card.document.name.endswith(f" · {MARK}")
    assert not [name for name in NAMES if name in repr(card)]
    assert card.passage.span == passage.span
    assert card.mine is not None
    session.decide(passage.id, card.mine.decision, shown=card)
    kept = next(d for d in project.store.decisions(passage.id) if d.coder == "Ann")
    assert kept.decision.note == NOTE
    assert project.store.passage(passage.id).text == passage.text
    assert session.card(passage_of(project, POLICY).id).passage.text == POLICY


READS: tuple[Callable[[RedactedSession, str], object], ...] = (
    lambda s, _: s.page(QueueFilter(ReviewState.ANY), QueueOrder.DOCUMENT, 0, 50),
    lambda s, p: s.passage(p),
    lambda s, p: s.twins(p),
    lambda s, p: s.examples("assessing-needs", p),
    lambda s, _: s.documents(),
    lambda s, _: s.history(),
    lambda s, _: s.search('"Threlkeld"').hits,
)


@pytest.mark.parametrize("read", READS)
def test_nothing_that_is_read_names_anybody(
    project: Project, read: Callable[[RedactedSession, str], object]
) -> None:
    session = RedactedSession(project.store, project.framework, "Bo", utc_now)
    said = repr(read(session, passage_of(project, FALL).id))
    # File names of other kinds of paper stay, and the folder a story lay in is gone with its name.
    assert not [name for name in NAMES if name in said]


def test_places_in_a_passage_are_those_of_the_words_shown(project: Project) -> None:
    session = RedactedSession(project.store, project.framework, "Bo", utc_now)
    passage = passage_of(project, FALL)
    start = passage.text.index("fell again")
    shown = session.card(passage.id).passage.text
    assert session.redactor.span(passage, Span(start, start + 10)).of(shown) == "fell again"
    [hit] = session.search('"fell again"').hits
    assert [span.of(hit.passage.text) for span in hit.matched] == ["fell again"]


def test_why_is_told_in_the_words_shown(project: Project) -> None:
    from evidence_mapper.classify.explain import Explanation, Highlight
    from evidence_mapper.workflow.why import Neighbour, Why

    passage, other = passage_of(project, FALL), passage_of(project, WAIT)
    start = passage.text.index("fell")
    found = Why(
        Explanation("assessing-needs", 0.9, (Highlight(Span(start, start + 4), 1.0),)),
        (Neighbour(other, project.store.document(other.document_id).name, 0.8),),
    )
    session = RedactedSession(project.store, project.framework, "Bo", utc_now)
    told = redacted_why(found, passage, session.redactor)
    [highlight] = told.explanation.highlights
    assert highlight.span.of(session.card(passage.id).passage.text) == "fell"
    assert not [name for name in NAMES if name in repr(told)]


def test_shares_of_words_are_told_without_those_that_are_names(project: Project) -> None:
    from evidence_mapper.classify.explain import Explanation
    from evidence_mapper.classify.word_shares import WordShare
    from evidence_mapper.workflow.why import Why

    def share(term: str, *written: str) -> WordShare:
        starts = [passage.text.index(words) for words in written]
        spans = (Span(start, start + len(words)) for start, words in zip(starts, written, strict=True))
        return WordShare(term, 0.5, tuple(spans))

    passage = passage_of(project, FALL)
    words = (
        share("fell again", "fell again"),
        share("threlkeld", "Threlkeld"),
        share("threlkeld fell", "Threlkeld, fell"),
        share("edith"),
    )
    session = RedactedSession(project.store, project.framework, "Bo", utc_now)
    told = redacted_why(Why(Explanation("equity", 0.9, ()), (), words=words), passage, session.redactor)
    assert [w.term for w in told.words] == ["fell again"]
    [span] = told.words[0].spans
    assert span.of(session.card(passage.id).passage.text) == "fell again"


def test_spans_are_not_cut_in_words_nobody_sees(project: Project) -> None:
    spans = RedactedSession(project.store, project.framework, "Bo", utc_now).spans
    passage = passage_of(project, WAIT)
    for call in (
        lambda: spans.cuts(passage.id),
        lambda: spans.split(passage.id, 5),
        lambda: spans.widen(passage.id, up=True),
    ):
        with pytest.raises(UsageError, match="without --redacted"):
            call()


def test_show_and_the_plain_review_say_that_names_are_replaced(project: Project) -> None:
    passage = passage_of(project, WAIT)
    path = str(project.path)
    shown = CliRunner().invoke(main, ["show", passage.id, "--redacted", "-p", path])
    assert shown.exit_code == 0, shown.output
    assert MARK in shown.output
    assert not [name for name in NAMES if name in shown.output]
    page = CliRunner().invoke(main, ["show", passage.id, "--redacted", "--page", "x.png", "-p", path])
    assert "leave out --page" in page.output
    arguments = ["review", "--plain", "--redacted", "--start", passage.id, "--coder", "Bo", "-p", path]
    plain = CliRunner().invoke(main, arguments, input="q\n")
    assert "nine weeks" in plain.output
    assert MARK in plain.output
    assert not [name for name in NAMES if name in plain.output]


def test_only_the_rows_asked_for_are_counted(project: Project, tmp_path: Path) -> None:
    request = ExportRequest(where=RowFilter(statement="learning"))
    report = export_as_asked(project, tmp_path / "e.csv", None, request)
    assert report.notes == ()


def test_files_of_surveys_keep_their_names_but_for_people_in_them(tmp_path: Path) -> None:
    comments = "Comments\n" + "".join(f'"Number {n} is about waiting for care at home."\n' for n in range(4))
    for name in ("carers-survey-2025.csv", "survey_Edith_Threlkeld.csv"):
        (tmp_path / name).write_text(comments + f'"{name} says that nobody rang back for a year."\n', "utf-8")
    with create_project(tmp_path / "p.sqlite") as made:
        add_files(
            made, [tmp_path / "carers-survey-2025.csv", tmp_path / "survey_Edith_Threlkeld.csv"], workers=1
        )
        assert {d.source_type for d in made.store.documents()} == {SourceType.SURVEY_COMMENT}
        redactor = Redactor(made.store)
        names = [redactor.document_name(d).rpartition("/")[2] for d in made.store.documents()]
    assert names == ["carers-survey-2025.csv", "survey_[name].csv"]
