"""Other tools' projects come in with their codings, and go out again with all of them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.workflow import refi_foreign as foreign
from tests.workflow.refi_foreign import LISTENED, PAYMENTS, TEXT, WAITED, Foreign, Marked

from evidence_mapper.domain.coding import Decision, EventAction, Outcome, Polarity, Verdict
from evidence_mapper.domain.exchange import LossReport
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.refi import open_refi, read_project, read_text
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.refi_export import export_codebook, export_project
from evidence_mapper.workflow.refi_import import RefiImport, RefiRequest, import_refi
from evidence_mapper.workflow.refi_mapping import How
from evidence_mapper.workflow.review import ReviewSession

Write = Callable[[Path], Path]
NOW = "2025-02-03T10:11:12.000000Z"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        yield opened


def confirm(mapping: Path, *names: str) -> Path:
    """Write yes for codes of these names, and for all with a proposal when none is named."""
    with mapping.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["our_code"] and (not names or row["their_code"] in names):
            row["confirm"] = "yes"
    with mapping.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return mapping


def bring_in(project: Project, path: Path, *, sources: Path | None = None) -> RefiImport:
    """Import in two steps, with every proposal confirmed."""
    first = import_refi(project, RefiRequest(path, "Importer", sources=sources))
    assert first.asked is not None
    assert not project.store.documents()
    return import_refi(project, RefiRequest(path, "Importer", mapping=confirm(first.asked), sources=sources))


def rows(project: Project) -> set[tuple[str, str, tuple[str, ...], str]]:
    found = project.store.evidence_rows(confirmed=True)
    return {(r.document.name, r.passage.text, r.statements, str(r.coder)) for r in found}


def codings(path: Path) -> set[tuple[str, str, str, str]]:
    """Return (source, words, code, user) of all codings on text, as another reader of the file sees them."""
    found = set()
    with open_refi(path, Limits()) as package:
        read = read_project(package, LossReport())
        names = {code.guid: code.name for code, _ in read.every_code()}
        for source in read.sources:
            text = read_text(package, source, Limits())
            for selection, span in zip(source.selections, text.spans, strict=True):
                assert span is not None
                for coding in selection.codings:
                    user = read.users.get(coding.user or "") or read.users.get(selection.user or "", "")
                    found.add((source.name, text.text[slice(*span)], names[coding.code], user))
    return found


def test_nvivo_project_comes_in_with_coders_times_notes_and_exact_spans(
    project: Project, tmp_path: Path
) -> None:
    report = bring_in(project, foreign.nvivo(tmp_path / "nv.qdpx"))
    assert report.added == ["Focus group 1", "Paper.pdf"]
    assert rows(project) == {
        ("Focus group 1", WAITED, ("assessing-needs",), "Anna"),
        ("Focus group 1", WAITED, ("assessing-needs",), "Ben Öz"),
        ("Focus group 1", PAYMENTS, ("healthier-lives",), "Ben Öz"),
        ("Paper.pdf", "reviews are late", ("assessing-needs",), "Anna"),
    }
    ben = [r for r in project.store.evidence_rows(confirmed=True) if r.coder == "Ben Öz"]
    assert [r.note for r in ben] == ["Annotation: Asked again in May", None]
    first = next(r for r in project.store.evidence_rows(confirmed=True) if r.coder == "Anna")
    assert first.note == "Memo: Check the date & <ask>"
    assert (first.polarity, first.decided_at) == ("concern", NOW)
    assert ben[0].decided_at == "2025-02-04T08:00:00.000000Z"  # given with an offset of one hour
    assert project.store.verify() == []


def test_what_has_no_place_here_is_listed(project: Project, tmp_path: Path) -> None:
    losses = bring_in(project, foreign.nvivo(tmp_path / "nv.qdpx")).losses
    expected = {
        "cases",
        "links",
        "graphs",
        "sets",
        "codings on areas of pages",
        "codings on areas of pictures",
        "sources without plain text",
        "notes on other things",
        "codings",
    }
    assert {what for what, _, _ in losses.totals()} == expected
    assert all(losses.count(what) == 1 for what in expected)


def test_every_part_of_a_text_source_is_in_some_passage(project: Project, tmp_path: Path) -> None:
    bring_in(project, foreign.nvivo(tmp_path / "nv.qdpx"))
    document = project.store.document_by_name("Focus group 1")
    assert document is not None
    passages = list(project.store.passages(document.id))
    text = project.store.revision(passages[0].revision_id).text
    assert text == TEXT
    covered = {i for p in passages for i in range(p.span.start, p.span.end)}
    assert not [i for i, c in enumerate(text) if c.isalnum() and i not in covered]
    assert all(p.text == text[p.span.start : p.span.end] for p in passages)


@pytest.mark.parametrize(
    ("write", "counted"),
    [
        (foreign.nvivo, ""),
        (foreign.atlas, "each Windows line end as one character"),
        (foreign.maxqda, "each Windows line end as one character"),
        (foreign.qualcoder, "the byte order mark"),
        (foreign.bare_paths, "UTF-16 units"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_tools_way_of_counting_is_told_from_its_quotes(
    write: Write, counted: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "x.qdpx")
    with open_refi(path, Limits()) as package:
        source = read_project(package, LossReport()).sources[0]
        text = read_text(package, source, Limits())
    assert text.text == TEXT
    assert text.counted == counted
    assert text.unlike == 0
    marked = [text.text[slice(*span)] for span in text.spans if span]
    assert set(marked) <= {WAITED, LISTENED, PAYMENTS}
    assert len(marked) == len(source.selections)


@pytest.mark.parametrize(
    "write",
    [foreign.nvivo, foreign.atlas, foreign.maxqda, foreign.qualcoder, foreign.bare_paths],
    ids=lambda write: write.__name__,
)
def test_codings_survive_the_way_in_and_out(write: Write, project: Project, tmp_path: Path) -> None:
    """Same words, same person; the code is ours where one was settled, and their own where none was."""
    path = write(tmp_path / "theirs.qdpx")
    report = bring_in(project, path)
    ours = {"Assessing needs", "Concern", "Safeguarding", "Supporting people to live healthier lives"}
    same = {"safeguarding": "Safeguarding", "Supporting people to live healthy lives": "Supporting people to "
            "live healthier lives"}  # fmt: skip
    there = {
        (source, words, same.get(code, code), user or f"not named in {path.name}")
        for source, words, code, user in codings_readable(path)
    }
    export_project(project, tmp_path / "out.qdpx", identifiable=True)
    back = codings(tmp_path / "out.qdpx")
    assert there == back
    assert {code for _, _, code, _ in back} <= ours | {"Weather"}
    assert report.counts["beside"] == sum(code == "Weather" for _, _, code, _ in back)
    root = foreign.project_xml(tmp_path / "out.qdpx")
    foreign.schema("Project").assertValid(root)
    foreign.check_references(root)


def codings_readable(path: Path) -> set[tuple[str, str, str, str]]:
    """Return the codings on texts that are in the package."""
    found = set()
    with open_refi(path, Limits()) as package:
        read = read_project(package, LossReport())
        names = {code.guid: code.name for code, _ in read.every_code()}
        for source in read.sources:
            if source.path.startswith(("relative", "absolute")):
                continue
            text = read_text(package, source, Limits())
            for selection, span in zip(source.selections, text.spans, strict=True):
                assert span is not None
                for coding in selection.codings:
                    user = read.users.get(coding.user or "") or read.users.get(selection.user or "", "")
                    found.add((source.name, text.text[slice(*span)], names[coding.code], user))
    return found


def test_importing_again_changes_nothing(project: Project, tmp_path: Path) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    bring_in(project, path)
    before = project.store.history(limit=1)[0].sequence
    again = import_refi(project, RefiRequest(path, "Importer"))
    assert again.asked is None, "what was settled is known"
    assert (again.counts["decisions"], again.counts["already"], again.added) == (0, 4, [])
    assert project.store.history(limit=1)[0].sequence == before


def test_decisions_say_where_they_came_from(project: Project, tmp_path: Path) -> None:
    bring_in(project, foreign.atlas(tmp_path / "atlas.qdpx"))
    events = project.store.entries([EventAction.DECIDED])
    assert {(e.coder, e.payload["imported"]["by"], e.payload["imported"]["file"]) for e in events} == {
        ("Anna", "Importer", "atlas.qdpx")
    }
    assert all(e.run_id is None and e.at == NOW for e in events)
    entries = project.store.entries([EventAction.RELEASED])
    assert [e.coder for e in entries] == ["Importer"] * 3  # what was settled, and two sources
    assert "1 decision came in from atlas.qdpx (ATLAS.ti Windows)" in entries[1].words


def test_description_of_a_selection_is_a_note(project: Project, tmp_path: Path) -> None:
    bring_in(project, foreign.atlas(tmp_path / "atlas.qdpx"))
    assert {r.note for r in project.store.evidence_rows(confirmed=True)} == {"A comment", None}


def test_area_that_stands_in_the_text_as_well_is_no_loss(project: Project, tmp_path: Path) -> None:
    losses = bring_in(project, foreign.atlas(tmp_path / "atlas.qdpx")).losses
    assert losses.count("codings on areas of pages") == 0


def test_text_outside_the_package_needs_a_persons_word(project: Project, tmp_path: Path) -> None:
    path = foreign.maxqda(tmp_path / "max.qdpx")
    report = bring_in(project, path)
    assert report.added == ["Inside"]
    assert report.losses.count("sources whose text cannot be read") == 2
    folder = tmp_path / "elsewhere" / "texts"
    folder.mkdir(parents=True)
    (folder / "outside.txt").write_bytes(TEXT.replace("\n", "\r\n").encode() + b" And more.")
    again = import_refi(project, RefiRequest(path, "Importer", sources=folder.parent))
    assert again.added == ["Outside"]
    why = {loss.item: loss.why for loss in again.losses.losses if loss.what.startswith("sources whose")}
    assert set(why) == {"Absolute"}, "a path of this machine is never followed"
    assert "no passwd in" in why["Absolute"]


def test_folder_of_sources_is_never_left(project: Project, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    made = Foreign("X", foreign.CODES)
    for number, path in enumerate(("relative://../secret.txt", "relative://link.txt")):
        marked = made.selections("secret", [Marked("secret", ["Weather"])], lambda n: n, salt=str(number))
        made.text_source(f"s{number}", b"", marked, path=path)
    report = bring_in_none(project, made.write(tmp_path / "x.qdpx"), folder)
    assert report.added == []
    assert report.losses.count("sources whose text cannot be read") == 2


def bring_in_none(project: Project, path: Path, folder: Path) -> RefiImport:
    return import_refi(project, RefiRequest(path, "Importer", yes_exact=True, sources=folder))


def test_transcript_of_a_recording_is_a_document(project: Project, tmp_path: Path) -> None:
    report = bring_in(project, foreign.qualcoder(tmp_path / "qc.qdpx"))
    assert ("Talk.mp3", "Words that were spoken about safeguarding.", ("safeguarding",), "Anna") in rows(
        project
    )
    assert report.losses.count("codings on stretches of recordings") == 1


def test_decision_made_here_is_never_replaced(project: Project, tmp_path: Path) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    bring_in(project, path)
    document = project.store.document_by_name("Focus group 1")
    assert document is not None
    waited = next(p for p in project.store.passages(document.id) if p.text == WAITED)
    mine = Decision(Outcome.CODED, (("governance", Verdict.ACCEPTED),), note="I looked again")
    ReviewSession(project.store, project.framework, "Anna", utc_now).decide(waited.id, mine)
    again = import_refi(project, RefiRequest(path, "Importer"))
    assert next(d for d in project.store.decisions(waited.id) if d.coder == "Anna").decision == mine
    why = "their coder has decided on the passage here, which stands"
    assert (2, why) in {(count, said) for _, count, said in again.losses.totals()}


def test_more_codes_settled_later_renew_what_came_in(project: Project, tmp_path: Path) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    first = import_refi(project, RefiRequest(path, "Importer"))
    assert first.asked is not None
    import_refi(project, RefiRequest(path, "Importer", mapping=confirm(first.asked, "Assessing needs")))
    anna = next(r for r in project.store.evidence_rows(confirmed=True) if r.passage.text == WAITED)
    assert anna.polarity is None
    report = import_refi(project, RefiRequest(path, "Importer", mapping=confirm(first.asked)))
    assert (report.counts["renewed"], report.counts["decisions"]) == (1, 2)
    anna = next(r for r in project.store.evidence_rows(confirmed=True) if r.passage.text == WAITED)
    assert (anna.coder, anna.polarity) == ("Anna", Polarity.CONCERN)
    export_project(project, tmp_path / "o.qdpx", identifiable=True)
    assert {code for *_, code, _ in codings(tmp_path / "o.qdpx")} & {
        "Supporting people to live healthy lives"
    } == set()


def test_exact_names_go_without_a_table(project: Project, tmp_path: Path) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    report = import_refi(project, RefiRequest(path, "Importer", yes_exact=True))
    assert report.asked is None
    assert not (tmp_path / "nv-mapping.csv").exists()
    assert {r[2] for r in rows(project)} == {("assessing-needs",)}
    assert report.counts["beside"] == 2, "a name that is only like ours is not taken"


def test_proposals_say_how_they_came_about(project: Project, tmp_path: Path) -> None:
    made = Foreign("X")
    names = ["Assessing needs", "ASSESSING-NEEDS!", "Asessing need", "Weather", "strengths", "an-carers"]
    made.codes = "".join(foreign.code(name) for name in names)
    text = "words"
    made.text_source("s", text.encode(), made.selections(text, [Marked("words", names)], lambda n: n))
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "Importer"))
    found = {p.code.name: (p.how, tuple(map(str, p.ours))) for p in report.proposals}
    assert found == {
        "Assessing needs": (How.EXACT, ("statement:assessing-needs",)),
        "ASSESSING-NEEDS!": (How.NORMALISED, ("statement:assessing-needs",)),
        "Asessing need": (How.SIMILAR, ("statement:assessing-needs",)),
        "Weather": (How.NONE, ()),
        "strengths": (How.EXACT, ("polarity:strength",)),
        "an-carers": (How.EXACT, ("topic:an-carers",)),
    }


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("our_code", "assessing", "is none of our codes; perhaps statement:assessing-needs"),
        ("our_code", "", "confirmed, but our_code is empty"),
        ("confirm", "perhaps", "neither yes nor no"),
    ],
)
def test_wrong_mapping_is_named_and_nothing_imported(
    project: Project, tmp_path: Path, column: str, value: str, message: str
) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    first = import_refi(project, RefiRequest(path, "Importer"))
    assert first.asked is not None
    with confirm(first.asked).open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    lines[0][column] = value
    with first.asked.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0].keys(), delimiter=";")  # as Excel saves it elsewhere
        writer.writeheader()
        writer.writerows(lines)
    with pytest.raises(UsageError, match=message):
        import_refi(project, RefiRequest(path, "Importer", mapping=first.asked))
    assert project.store.documents() == []


def test_mapping_file_of_another_kind_is_refused(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="has no column guid, our_code, confirm"):
        import_refi(project, RefiRequest(foreign.nvivo(tmp_path / "n.qdpx"), "Importer", mapping=other))


def test_mapping_file_is_not_written_over(project: Project, tmp_path: Path) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    import_refi(project, RefiRequest(path, "Importer"))
    with pytest.raises(ExportError, match="already exists; it was left as it is"):
        import_refi(project, RefiRequest(path, "Importer"))


def test_code_name_that_is_a_formula_is_not_run(project: Project, tmp_path: Path) -> None:
    made = Foreign("X", foreign.code("=1+1"))
    made.text_source("s", b"words", made.selections("words", [Marked("words", ["=1+1"])], lambda n: n))
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "Importer"))
    assert report.asked is not None
    assert ",'=1+1," in report.asked.read_text(encoding="utf-8-sig")


def test_codebook_settles_codes_for_projects_to_come(project: Project, tmp_path: Path) -> None:
    path = foreign.taguette(tmp_path / "codes.qdc")
    first = import_refi(project, RefiRequest(path, "Importer"))
    assert first.is_codebook
    assert first.asked == tmp_path / "codes-mapping.csv"
    import_refi(project, RefiRequest(path, "Importer", mapping=confirm(first.asked)))
    made = Foreign("Taguette", foreign.code("Assessing needs"))
    made.text_source("s", b"words", made.selections("words", [Marked("words", ["Assessing needs"])], int))
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "Importer"))
    assert report.asked is None
    assert report.proposals[0].how is How.BEFORE
    assert rows(project) == {("s", "words", ("assessing-needs",), "Anna")}


def test_our_own_codebook_needs_no_table(project: Project, tmp_path: Path) -> None:
    export_codebook(project, tmp_path / "ours.qdc")
    report = import_refi(project, RefiRequest(tmp_path / "ours.qdc", "Importer"))
    assert report.asked is None
    assert {p.how for p in report.proposals} == {How.GUID}


def test_topic_brings_its_statement_and_lonely_codes_are_listed(project: Project, tmp_path: Path) -> None:
    shared = next(i for i in project.framework.i_statements if len(i.statement_ids) > 1)
    single = next(i for i in project.framework.i_statements if len(i.statement_ids) == 1)
    names = ["an-carers", shared.id, single.id, "peoples-experience", "processes", "strength", "concern"]
    made = Foreign("X", "".join(foreign.code(name) for name in names))
    text = "One two three four five."
    marked = [
        Marked("One", ["an-carers", "peoples-experience", "processes", "strength", "concern"]),
        Marked("two", [shared.id]),
        Marked("three", [single.id]),
        Marked("four", ["strength"]),
    ]
    made.text_source("s", text.encode(), made.selections(text, marked, int))
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I", yes_exact=True))
    found = {r.passage.text: r for r in project.store.evidence_rows(confirmed=True)}
    assert set(found) == {"One", "three"}
    assert (found["One"].statements, found["One"].topics) == (("assessing-needs",), ("an-carers",))
    assert (found["One"].evidence_category, found["One"].polarity) == ("peoples-experience", "mixed")
    assert found["three"].statements == single.statement_ids
    assert report.losses.count("codings") == 2
    assert report.losses.count("further evidence categories") == 1


def test_selections_that_mark_nothing_are_listed(project: Project, tmp_path: Path) -> None:
    made = Foreign("X", foreign.CODES)
    text = "Some words.   \n\nMore words."
    good = made.selections(text, [Marked("Some words.", ["Assessing needs"])], int)
    bad = ""
    for number, (start, end) in enumerate(
        [("5", "5"), ("9", "4"), ("-3", "4"), ("2", "999"), ("x", "9"), ("11", "14")]
    ):
        bad += good.replace('startPosition="0"', f'startPosition="{start}"').replace(
            'endPosition="11"', f'endPosition="{end}"'
        ).replace("guid=", f'n{number}="" guid=')  # fmt: skip
    made.text_source("s", text.encode(), good + bad)
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I", yes_exact=True))
    assert rows(project) == {("s", "Some words.", ("assessing-needs",), "Anna")}
    assert report.losses.count("codings") == 6
    assert {loss.why for loss in report.losses.losses} == {"they mark no words of the text"}


def test_same_text_here_already_takes_the_codings(project: Project, tmp_path: Path) -> None:
    """A span that is no passage here goes to the passage that holds it, or to all it runs over."""
    from evidence_mapper.workflow.ingest import add_files

    first = (
        "Nobody rang me back about my assessment, and I waited and waited for seven long months with my "
        "husband and our youngest son at home alone."
    )
    second = (
        "The team that came in the end was kind to me and to my husband, and explained it all to both of us "
        "in words that we could follow."
    )
    (tmp_path / "paper.txt").write_text(f"{first}\n\n{second}\n", encoding="utf-8")
    add_files(project, [tmp_path / "paper.txt"], workers=1)
    (document,) = project.store.documents()
    before = [p.id for p in project.store.passages(document.id)]
    assert len(before) == 2
    text = f"{first}\n\n{second}"
    made = Foreign("X", foreign.CODES)
    marked = [
        Marked("I waited and waited", ["Assessing needs"]),
        Marked("home alone.\n\nThe team", ["Concern", "Assessing needs"], "Ben Öz"),
    ]
    made.text_source("Renamed", text.encode(), made.selections(text, marked, int))
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I", yes_exact=True))
    assert (report.added, report.matched) == ([], [document.name])
    assert [p.id for p in project.store.passages(document.id)] == before
    assert rows(project) == {
        (document.name, first, ("assessing-needs",), "Anna"),
        (document.name, first, ("assessing-needs",), "Ben Öz"),
        (document.name, second, ("assessing-needs",), "Ben Öz"),
    }
    assert report.counts["on other passages"] == 2
    spans = [e.payload["imported"].get("spans") for e in project.store.entries([EventAction.DECIDED])]
    assert all(spans)


def test_other_text_under_a_name_that_is_taken_is_another_document(project: Project, tmp_path: Path) -> None:
    for number, words in enumerate(("first words", "other words")):
        made = Foreign(f"X{number}", foreign.CODES)
        marked = made.selections(words, [Marked(words, ["Assessing needs"])], int)
        made.text_source("Interview", words.encode(), marked)
        path = made.write(tmp_path / f"study{number}.qdpx")
        import_refi(project, RefiRequest(path, "I", yes_exact=True))
    assert [d.name for d in project.store.documents()] == ["Interview", "study1/Interview"]
    assert len(rows(project)) == 2


def test_names_that_point_elsewhere_are_made_safe(project: Project, tmp_path: Path) -> None:
    made = Foreign("X", foreign.CODES)
    made.text_source(
        "../../etc/cron", b"words here", made.selections("words here", [Marked("words", ["Weather"])], int)
    )
    import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I", yes_exact=True))
    assert [d.name for d in project.store.documents()] == ["etc/cron"]


def test_attributes_of_documents_come_in_and_go_out(project: Project, tmp_path: Path) -> None:
    made = Foreign("X", foreign.CODES)
    made.text_source("s", b"words here", "")
    made.before = (
        f'<Variables><Variable guid="{foreign.guid("v")}" name="Age" typeOfVariable="Integer"/>'
        f'<Variable guid="{foreign.guid("t")}" name="Source type" typeOfVariable="Text"/></Variables>'
    )
    made.sources[0] = made.sources[0].replace(
        "</TextSource>",
        f'<VariableValue><VariableRef targetGUID="{foreign.guid("v")}"/><IntegerValue>70</IntegerValue>'
        f'</VariableValue><VariableValue><VariableRef targetGUID="{foreign.guid("t")}"/>'
        "<TextValue>complaint</TextValue></VariableValue></TextSource>",
    )
    import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I"))
    assert project.store.facts()["s"]["refi:Age"] == "70"
    assert project.store.documents()[0].source_type.value == "complaint"
    export_project(project, tmp_path / "o.qdpx", identifiable=True)
    with open_refi(tmp_path / "o.qdpx", Limits()) as package:
        (source,) = read_project(package, LossReport()).sources
    assert dict(source.values) == {"Age": "70", "Source type": "complaint"}


def test_adding_a_project_as_a_file_names_the_right_command(project: Project, tmp_path: Path) -> None:
    from evidence_mapper.workflow.ingest import add_files

    report = add_files(project, [foreign.nvivo(tmp_path / "nv.qdpx")], workers=1)
    assert report.added == []
    assert "`evidence-mapper refi import`" in report.refused[0].message


def test_what_is_odd_or_missing_is_listed_and_stops_nothing(project: Project, tmp_path: Path) -> None:
    made = Foreign("X", foreign.CODES, users=["Anna"])
    text = "Some words. More words."
    marked = made.selections(text, [Marked("Some words.", ["Assessing needs"], "Ben Öz")], int)
    dangling = made.selections(text, [Marked("More words.", ["No such code"])], int, salt="d")
    unnamed = marked.replace(f'guid="{foreign.guid("selection X 0")}"', "").replace("guid=", "gone=")
    made.text_source("s", text.encode(), marked + dangling + unnamed)
    whole = f'<Coding guid="{foreign.guid("w")}"><CodeRef targetGUID="{foreign.guid("Weather")}"/></Coding>'
    made.sources[0] = (
        made.sources[0].replace("</TextSource>", f"{whole}</TextSource>").replace(' name="s"', "")
    )
    area = (
        f'<PDFSelection guid="{foreign.guid("a")}" page="0" firstX="0" firstY="0" secondX="9" secondY="9">'
        f"{whole}</PDFSelection>"
    )
    made.sources += [
        f'<PDFSource guid="{foreign.guid("p")}" name="Only.pdf" path="internal://p.pdf">{area}</PDFSource>',
        f'<VideoSource guid="{foreign.guid("v")}" name="Film" path="absolute:///film.mp4"/>',
        (
            f'<TextSource guid="{foreign.guid("r")}" name="Rich" richTextPath="internal://r.docx">{marked}'
            "</TextSource>"
        ),
        f'<TextSource guid="{foreign.guid("m")}" name="Missing" plainTextPath="internal://m.txt"/>',
        (
            f'<TextSource guid="{foreign.guid("e")}" name="Empty"><PlainTextContent> </PlainTextContent>'
            "</TextSource>"
        ),
        f'<HologramSource guid="{foreign.guid("h")}" name="Future"/>',
    ]
    report = import_refi(project, RefiRequest(made.write(tmp_path / "x.qdpx"), "I", yes_exact=True))
    unnamed_source = f"source {foreign.guid('s')[:8]}"
    assert rows(project) == {(unnamed_source, "Some words.", ("assessing-needs",), "not named in x.qdpx")}
    assert {(what, why) for what, _, why in report.losses.totals()} >= {
        ("codings on whole sources", "a coding here is on a passage"),
        ("codings", "their code is not in the file's codebook"),
        ("sources", "there are no words in them"),
    }
    named = {(loss.what, loss.item) for loss in report.losses.losses}
    assert {
        ("codings on areas of pages", "Only.pdf, p. 1, 0,0 to 9,9: Weather"),
        ("sources without plain text", "Only.pdf (PDFSource)"),
        ("sources without plain text", "Film (VideoSource)"),
        ("sources without plain text", "Rich (TextSource)"),
        ("codings in sources without plain text", "Rich: Assessing needs"),
        ("sources of an unknown kind", "Future (HologramSource)"),
        ("sources whose text cannot be read", "Missing"),
    } <= named


def test_tools_without_namespace_are_read(project: Project, tmp_path: Path) -> None:
    path = foreign.nvivo(tmp_path / "nv.qdpx")
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["project.qde"] = members["project.qde"].replace(f' xmlns="{foreign.PROJECT_NS}"'.encode(), b"")
    with zipfile.ZipFile(path, "w") as package:
        for name, data in members.items():
            package.writestr(name.replace("sources/", "Sources/"), data)
    assert len(rows_of(project, path)) == 4


def rows_of(project: Project, path: Path) -> set[tuple[str, str, tuple[str, ...], str]]:
    bring_in(project, path)
    return rows(project)


def test_second_file_adds_to_what_came_in_and_takes_nothing_away(project: Project, tmp_path: Path) -> None:
    texts = ("safeguarding", "peoples-experience", "strength"), ("learning", "processes", "concern")
    for number, names in enumerate(texts):
        made = Foreign(f"X{number}", "".join(foreign.code(name) for name in names))
        marked = [Marked("Words here.", names, note=f"note {number}")]
        made.text_source("s", b"Words here.", made.selections("Words here.", marked, int))
        path = made.write(tmp_path / f"x{number}.qdpx")
        report = import_refi(project, RefiRequest(path, "I", yes_exact=True))
    (row,) = project.store.evidence_rows(confirmed=True)
    assert (row.statements, row.polarity) == (("safeguarding", "learning"), "mixed")
    assert (row.evidence_category, row.note) == ("peoples-experience", "Memo: note 0\n\nMemo: note 1")
    assert (report.counts["renewed"], report.losses.count("further evidence categories")) == (1, 1)
    again = import_refi(project, RefiRequest(tmp_path / "x1.qdpx", "I", yes_exact=True))
    assert (again.counts["renewed"], again.counts["already"]) == (0, 1)
