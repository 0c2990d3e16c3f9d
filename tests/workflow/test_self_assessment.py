"""The self-assessment pack: what people confirmed, claimed and scored, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
from tests.workflow.pack_samples import CALLS, CARERS, STAFF, WAIT, WAITS, add, confirm, passage_of, write

from evidence_mapper.domain.coding import Polarity, SuggestedCode, Suggestion
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.export.self_assessment import StatementPart
from evidence_mapper.export.self_assessment_layout import PLACEHOLDER
from evidence_mapper.workflow.claims import add_claim, withdraw_claim
from evidence_mapper.workflow.export_formats import ExportRequest, RowFilter
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.publish import export_as_asked
from evidence_mapper.workflow.revisions import withdraw
from evidence_mapper.workflow.scores import set_score
from evidence_mapper.workflow.self_assessment import collect


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project" / "p.sqlite") as opened:
        add(
            opened,
            write(tmp_path / "papers" / "carers-2019-05-01.txt", CALLS),
            write(tmp_path / "papers" / "reviews.txt", WAIT, STAFF),
        )
        yield opened


def part(project: Project, statement: str = "assessing-needs", **asked: int | date) -> StatementPart:
    pack = collect(project, **asked)  # type: ignore[arg-type]
    return next(s for theme in pack.themes for s in theme.statements if s.id == statement)


def markdown(project: Project, path: Path, request: ExportRequest | None = None) -> str:
    export_as_asked(project, path, "self-assessment", request or ExportRequest(overwrite=True))
    return path.read_text(encoding="utf-8")


def test_quotes_stand_under_their_topic_and_side_with_people_first(project: Project) -> None:
    confirm(project, STAFF, topics=[WAITS], polarity=Polarity.STRENGTH)
    confirm(project, CALLS, topics=[WAITS, CARERS], category="peoples-experience", polarity=Polarity.STRENGTH)
    found = part(project)
    waits, carers = found.strengths
    assert "Waiting" in waits.topic or "waiting" in waits.topic
    assert [c.name for c in waits.categories] == ["People’s experience", "Processes"]
    assert [q.text for c in waits.categories for q in c.quotes] == [CALLS, STAFF]
    # Quoted once; the second topic points to it.
    assert carers.categories[0].quotes == ()
    assert [(q.text, topic) for q, topic in carers.categories[0].again] == [(CALLS, waits.topic)]
    assert found.concerns == ()
    assert (found.confirmed, found.strengths_confirmed, found.concerns_confirmed) == (2, 2, 0)
    assert len(found.empty_topics) == len(project.framework.topics_of("assessing-needs")) - 2


def test_a_strength_and_a_concern_on_one_topic_stand_side_by_side(project: Project, tmp_path: Path) -> None:
    confirm(project, CALLS, topics=[WAITS], polarity=Polarity.STRENGTH)
    confirm(project, WAIT, topics=[WAITS], polarity=Polarity.CONCERN)
    (both,) = part(project).contradictions
    assert ([q.text for q in both.strengths], [q.text for q in both.concerns]) == ([CALLS], [WAIT])
    export_as_asked(project, tmp_path / "p.docx", "self-assessment", ExportRequest())
    tables = docx.Document(str(tmp_path / "p.docx")).tables
    (table,) = [t for t in tables if t.rows[0].cells[0].text == "Strengths" and len(t.columns) == 2]
    left, right = table.rows[1].cells
    assert left.paragraphs[0].text == CALLS
    assert right.paragraphs[0].text == WAIT


def test_one_mixed_passage_is_no_contradiction_but_two_people_may_differ(project: Project) -> None:
    confirm(project, WAIT, topics=[WAITS], polarity=Polarity.MIXED)
    found = part(project)
    assert found.contradictions == ()
    assert len(found.strengths) == len(found.concerns) == 1
    confirm(project, WAIT, topics=[WAITS], polarity=Polarity.CONCERN, coder="Bo")
    found = part(project)
    assert found.confirmed == 1
    (quote,) = found.concerns[0].categories[0].quotes
    assert quote.marks == ("concern", "mixed")
    assert [c.partition(",")[0] for c in quote.coders] == ["Ann", "Bo"]


def test_evidence_without_mark_topic_or_category_is_not_lost(project: Project, tmp_path: Path) -> None:
    confirm(project, WAIT, category=None)
    found = part(project)
    assert [t.topic for t in found.unmarked] == ["no topic chosen"]
    assert found.counts[-1].name == "No evidence category set"
    assert WAIT in markdown(project, tmp_path / "p.md").replace("\\", "")


def test_old_evidence_is_listed_and_undated_apart(project: Project) -> None:
    confirm(project, CALLS)
    confirm(project, WAIT)
    found = part(project, as_of=date(2024, 5, 1), stale_months=59)
    assert [(d.document, d.date, d.age_months) for d in found.old] == [
        ("papers/carers-2019-05-01.txt", "2019-05-01", 60)
    ]
    assert [d.document for d in found.undated] == ["papers/reviews.txt"]
    assert part(project, as_of=date(2024, 5, 1), stale_months=60).old == ()


def test_suggestions_appear_as_a_number_only(project: Project, tmp_path: Path) -> None:
    confirm(project, CALLS)
    waiting = passage_of(project, WAIT)
    codes = tuple(
        SuggestedCode(s.id, 0.9 if s.id == "assessing-needs" else 0.01, s.id == "assessing-needs")
        for s in project.framework.statements
    )
    from evidence_mapper.domain.coding import RunSpec

    info = project.store.info
    run = project.store.start_run(
        RunSpec("t@1", "sha256:" + "0" * 64, f"{info.framework_id}@{info.framework_version}"), info.created_at
    )
    project.store.save_suggestions(
        run, [(waiting.id, Suggestion(codes, (), (), None, None, none_probability=0.1, abstained=False))]
    )
    made = markdown(project, tmp_path / "p.md")
    assert "suggestions for this statement that nobody has decided on (1)" in made.replace("\\", "")
    assert CALLS in made.replace("\\", "")
    assert WAIT not in made.replace("\\", "")
    assert waiting.id not in made


def test_claims_people_wrote_take_the_place_of_the_line_for_one(project: Project, tmp_path: Path) -> None:
    quoted = confirm(project, CALLS, topics=[CARERS], polarity=Polarity.STRENGTH)
    against = confirm(project, WAIT, topics=[WAITS], polarity=Polarity.CONCERN)
    first = add_claim(
        project,
        "Carers reach us within a day.",
        coder="Ann",
        statements=["assessing-needs"],
        passages=[quoted.id],
        against=[against.id],
    )
    add_claim(project, "We review on time.", coder="Bo", statements=["assessing-needs"])
    found = part(project)
    assert [c.text for c in found.strengths[0].claims] == ["Carers reach us within a day."]
    assert [c.text for c in found.unplaced] == ["We review on time."]
    assert found.concerns[0].categories[0].quotes[0].against == (first.number,)
    made = markdown(project, tmp_path / "p.md")
    assert made.count(PLACEHOLDER) == 1  # under the concern
    withdraw_claim(project, first.number, coder="Ann")
    again = markdown(project, tmp_path / "p.md")
    assert again.count(PLACEHOLDER) == 2
    assert "within a day." not in again


def test_the_overall_figure_stands_only_with_all_nine_scores(project: Project, tmp_path: Path) -> None:
    assert "No score has been entered" in markdown(project, tmp_path / "p.md")
    statements = [s.id for s in project.framework.statements]
    for statement in statements[:-1]:
        set_score(project, statement, 3, coder="Ann", note="the board")
    made = markdown(project, tmp_path / "p.md")
    assert "1 of 9 scores are missing" in made
    assert "72.22" not in made
    set_score(project, statements[-1], 2, coder="Bo")
    made = markdown(project, tmp_path / "p.md").replace("\\", "")
    assert "26 of 36 = 72.22%, read as 72%: Good" in made
    assert "not a prediction" in made
    assert "UNVERIFIED: not to be shown as official text." in made
    assert "3: Evidence shows a good standard." in made
    assert "Note: the board" in made


def test_versions_replaced_and_documents_withdrawn_are_left_out_and_counted(
    project: Project, tmp_path: Path
) -> None:
    confirm(project, WAIT)
    confirm(project, CALLS)
    add(project, write(tmp_path / "papers" / "reviews.txt", STAFF))
    withdraw(project, "papers/carers-2019-05-01.txt", "Ann")
    pack = collect(project)
    assert part(project).confirmed == 0
    assert [line.partition(" ")[0] for line in pack.left_out] == ["1", "1"]
    assert pack.documents == ()
    made = markdown(project, tmp_path / "p.md").replace("\\", "")
    assert "1 confirmed passages of versions since replaced" in made
    assert "1 confirmed passages of documents that were withdrawn" in made
    assert WAIT not in made
    assert CALLS not in made


def test_an_empty_project_gives_a_pack_that_says_so(tmp_path: Path) -> None:
    with create_project(tmp_path / "e.sqlite") as opened:
        made = markdown(opened, tmp_path / "e.md")
        assert "Nothing is confirmed yet, so nothing is quoted." in made
        assert made.count("Nothing confirmed.") == 18
        export_as_asked(opened, tmp_path / "e.docx", "self-assessment", ExportRequest())
    titles = [
        p.text
        for p in docx.Document(str(tmp_path / "e.docx")).paragraphs
        if p.style is not None and p.style.name == "Heading 2"
    ]
    assert len(titles) == 9


def test_a_framework_without_a_rule_has_no_place_for_scores(tmp_path: Path) -> None:
    with create_project(tmp_path / "p.sqlite", "cqc-provider") as project:
        made = markdown(project, tmp_path / "p.md")
    assert "Score a person entered" not in made
    assert "No score entered." not in made


def test_one_statement_alone(project: Project, tmp_path: Path) -> None:
    confirm(project, CALLS, statements=["equity"])
    confirm(project, WAIT)
    request = ExportRequest(overwrite=True, where=RowFilter(statement="equity"))
    made = markdown(project, tmp_path / "p.md", request).replace("\\", "")
    assert CALLS in made
    assert WAIT not in made
    assert "Safeguarding" not in made
    assert "No overall figure" not in made
    with pytest.raises(UsageError, match="no statement 'nowhere'"):
        markdown(project, tmp_path / "p.md", ExportRequest(where=RowFilter(statement="nowhere")))


def test_the_same_state_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    confirm(project, CALLS, topics=[CARERS], polarity=Polarity.STRENGTH)
    for ending in (".docx", ".md"):
        for name in ("a", "b"):
            export_as_asked(project, tmp_path / (name + ending), "self-assessment", ExportRequest())
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_wordings_that_are_not_official_are_marked(project: Project, tmp_path: Path) -> None:
    made = markdown(project, tmp_path / "p.md")
    assert "SOURCES DIFFER" in made
    assert "As read in: " in made
    assert project.framework.copyright in made.replace("\\", "")
    assert "## Parts of the framework that are not official text" in made


def test_refusals_leave_no_file(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a \.docx or \.md file"):
        export_as_asked(project, tmp_path / "p.pdf", "self-assessment", ExportRequest())
    with pytest.raises(UsageError, match="--as-of"):
        export_as_asked(project, tmp_path / "p.md", "self-assessment", ExportRequest(as_of="yesterday"))
    with pytest.raises(UsageError, match="takes no --suggested"):
        export_as_asked(project, tmp_path / "p.md", "self-assessment", ExportRequest(suggested=True))
    write(tmp_path / "p.md", "mine")
    with pytest.raises(ExportError, match="already exists"):
        export_as_asked(project, tmp_path / "p.md", "self-assessment", ExportRequest())
    assert (tmp_path / "p.md").read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / "p.pdf").exists()


def test_a_pack_is_plain_data(project: Project) -> None:
    confirm(project, CALLS)
    assert dataclasses.asdict(collect(project))["themes"][0]["statements"][0]["confirmed"] == 1
