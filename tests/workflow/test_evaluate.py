"""Figures on labelled passages and on a project's codings, through the command and the workflow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from evidence_mapper.classify.corpus import LabelledPassage
from evidence_mapper.cli import main
from evidence_mapper.domain.coding import (
    Decision,
    Outcome,
    SuggestedChoice,
    SuggestedCode,
    Suggestion,
    Verdict,
)
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.evaluate import EvaluateOptions, evaluate_files
from evidence_mapper.workflow.evaluate_project import evaluate_project
from evidence_mapper.workflow.evaluation_figures import Cases, measure
from evidence_mapper.workflow.evaluation_html import page, write_page
from evidence_mapper.workflow.evaluation_report import sections
from evidence_mapper.workflow.evaluation_weak import weaknesses
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession
from evidence_mapper.workflow.suggest import suggest

TEXTS = [
    ("w1-1", "Autistic adults wait nineteen months for an assessment.", ["assessing-needs"]),
    ("w1-2", "Safeguarding concerns are looked at within a day.", ["safeguarding"]),
    ("w2-1", "Lessons from complaints are shared with every team and practice changes.", ["learning"]),
    ("w2-2", "The council sets aside four million pounds for resurfacing roads.", []),
    ("w3-1", "Unpaid carers are offered an assessment and a break of their own.", ["assessing-needs"]),
]  # fmt: skip


def passage(i: int, *, main: str | None, text: str = "Plain words.", kind: str = "policy") -> LabelledPassage:
    return LabelledPassage(
        f"w{i % 6}-{i}", text, (main,) if main else (), (), (), "processes", "neutral", kind
    )


def suggested(framework: Framework, first: str, probability: float, *, taken: bool = True) -> Suggestion:
    """Return a suggestion with one statement ahead of all others."""
    rest = [s.id for s in framework.statements if s.id != first]
    codes = (SuggestedCode(first, probability, taken), *(SuggestedCode(s, 0.01) for s in rest))
    choice = SuggestedChoice("processes", 1.0, (("processes", 1.0),))
    return Suggestion(codes, (), (), choice, None, 0.0 if taken else 0.9, False, not taken)


def worked(framework: Framework) -> dict[str, Any]:
    """Return figures of 60 passages: 40 right, 12 taken for safeguarding, 8 evidence of nothing."""
    rows = [passage(i, main="equity", text="Older people came.") for i in range(40)]
    rows += [passage(i, main="learning", text="Autistic people came.", kind="email") for i in range(40, 52)]
    rows += [passage(i, main=None) for i in range(52, 60)]
    made = [suggested(framework, "equity", 0.9) for _ in range(40)]
    made += [suggested(framework, "safeguarding", 0.6) for _ in range(12)]
    made += [suggested(framework, "equity", 0.2, taken=False) for _ in range(8)]
    found = measure(framework, Cases(rows, made, [r.hand for r in rows]), level=0.9, draws=200)
    source = {"kind": "files", "files": ["a.jsonl"], "source_type": None}
    return {
        **found, "classifier": "worked@1", "source": source, "split": None, "guarantee": None, "drift": None,
        "notes": ["Invented <passages> & figures."],
    }  # fmt: skip


def test_figures_of_a_worked_example(framework: Framework) -> None:
    found = worked(framework)
    assert (found["passages"], found["evidence"]) == (60, 52)
    assert found["main"]["accuracy"] == pytest.approx(40 / 52)
    assert found["none"]["recall"] == 1.0
    assert found["none"]["evidence_lost"] == 0.0
    by_code = {c["code"]: c for c in found["statements"]["codes"]}
    assert (by_code["equity"]["precision"], by_code["equity"]["recall"]) == (1.0, 1.0)
    assert (by_code["safeguarding"]["precision"], by_code["learning"]["recall"]) == (0.0, 0.0)
    low, high = found["intervals"]["main.accuracy"]["passage"]
    assert low < 40 / 52 < high
    matrix = found["confusion_matrix"]
    place = {n: i for i, n in enumerate(matrix["names"])}
    assert matrix["counts"][place["learning"]][place["safeguarding"]] == 12
    assert matrix["counts"][place["none"]][place["none"]] == 8
    assert sum(map(sum, matrix["counts"])) == 60
    assert found["confusions"] == [{"is": "learning", "taken_for": "safeguarding", "passages": 12}]
    assert [(p["share"], round(p["error"], 3)) for p in found["coverage"]] == [
        (pytest.approx(40 / 52), 0.0), (1.0, round(12 / 52, 3))
    ]  # fmt: skip


def test_a_broken_promise_is_named_and_a_kept_one_is_not(framework: Framework) -> None:
    found = worked(framework)
    standing = {e["name"]: e["standing"] for e in found["promise"]["statements"]}
    assert (standing["equity"], standing["learning"]) == ("kept", "not kept")
    assert standing["governance"] == "too few to say"
    kinds = {e["name"]: e["standing"] for e in found["promise"]["source_types"]}
    assert kinds == {"policy": "kept", "email": "not kept"}
    said = "\n".join(weaknesses(found))
    assert "Statement learning: 0.00 of the evidence is suggested" in said
    assert "Statement equity: 1.00" not in said
    assert "Autistic people, where a passage names them: 0.00 of the evidence suggested" in said
    assert "Older people, where" not in said


def test_the_same_seed_gives_the_same_figures(framework: Framework) -> None:
    assert json.dumps(worked(framework)) == json.dumps(worked(framework))


def test_figures_are_plain_data_and_every_section_has_rows_as_wide_as_its_head(framework: Framework) -> None:
    found = json.loads(json.dumps(worked(framework)))
    shown = sections(found)
    assert {"summary", "statements", "promise", "coverage", "matrix", "groups", "writers"} <= {
        s.key for s in shown
    }
    for section in shown:
        for table in section.tables:
            assert all(len(row) == len(table.columns) for row in table.rows), table.caption


class _Outline(HTMLParser):
    """Collects what a page refers to and how its headings and tables are made."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.targets += [v for k, v in attrs if k in ("href", "src", "srcset", "action") and v]
        self.ids += [values["id"] or ""] if "id" in values else []


def test_the_page_stands_alone_and_can_be_read_without_seeing(framework: Framework) -> None:
    text = page(worked(framework))
    outline = _Outline()
    outline.feed(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.tags)
    assert outline.targets
    assert all(t.startswith("#") and t[1:] in outline.ids for t in outline.targets)
    assert "url(" not in text
    assert "@import" not in text
    assert (outline.tags.count("h1"), outline.tags.count("main")) == (1, 1)
    assert outline.tags.count("table") == outline.tags.count("caption") == text.count("<thead>")
    assert 'scope="col"' in text
    assert 'scope="row"' in text
    charts = re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)
    assert len(charts) >= 5
    for chart in charts:
        root = etree.fromstring(chart.encode())  # well formed, and named for those who do not see it
        assert root.get("role") == "img"
        assert len(root.get("aria-label") or "") > 40
    assert "Invented &lt;passages&gt; &amp; figures." in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_a_page_is_not_replaced_unasked(framework: Framework, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_page(worked(framework), target, overwrite=False)
    before = target.read_bytes()
    with pytest.raises(ExportError, match="--force"):
        write_page(worked(framework), target, overwrite=False)
    assert target.read_bytes() == before
    with pytest.raises(ExportError, match="no folder"):
        write_page(worked(framework), tmp_path / "nowhere" / "page.html", overwrite=False)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    lines = [
        json.dumps({"id": i, "text": t, "statements": s, "source_type": "policy" if s else "email"})
        for i, t, s in TEXTS
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_the_command_measures_a_file_as_tables_json_and_page(labelled: Path, tmp_path: Path) -> None:
    shown = run(labelled)
    assert shown.exit_code == 0, shown.output
    assert "5 passages (4 are evidence)" in shown.output
    assert "What is done badly" in shown.output
    target = tmp_path / "page.html"
    both = run(labelled, "--json", "--html", target)
    assert both.exit_code == 0, both.output
    found = json.loads(both.stdout)
    assert found["evidence"] == 4
    assert found["by_source_type"]["policy"]["passages"] == 4
    assert "How right suggestions are" in target.read_text(encoding="utf-8")
    again = run(labelled, "--html", target)
    assert again.exit_code == 2
    assert "already exists" in again.output


def test_a_passage_of_a_file_is_read_under_its_heading(tmp_path: Path) -> None:
    row = {"text": "Latest: 74%; Target: 85%; RAG: Amber", "source_type": "performance-report"}
    care = "Adult social care > Care Act assessments completed within 28 days"
    lines = [
        {**row, "id": "a-1", "heading": care, "statements": ["assessing-needs"]},
        {**row, "id": "a-2", "heading": "Highways > Potholes repaired within 28 days", "statements": []},
    ]
    path = tmp_path / "headed.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    shown = run(path, "--json")
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert found["main"]["accuracy"] == 1.0
    assert found["none"]["recall"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "not both and not neither"),
        (("--project", "x.sqlite", "FILE"), "not both and not neither"),
        (("FILE", "--coder", "Ann"), "go with --project"),
        (("--project", "x.sqlite", "--split", "test"), "go with FILES"),
        (("FILE", "--source-type", "poem"), "source types there: email, policy"),
        (("FILE", "--simulate"), "too few"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_on(
    arguments: tuple[str, ...], said: str, labelled: Path
) -> None:
    found = run(*(labelled if a == "FILE" else a for a in arguments))
    assert found.exit_code == 2
    assert said in found.output


def test_labels_of_another_framework_and_broken_lines_are_refused(
    framework: Framework, tmp_path: Path
) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(json.dumps({"id": "a-1", "text": "Words.", "statements": ["no-such"]}), encoding="utf-8")
    with pytest.raises(UsageError, match=r"a-1: .*no 'no-such'.*--framework"):
        evaluate_files(framework, [path])
    path.write_text('{"id": "a-1"}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"odd.jsonl:1"):
        evaluate_files(framework, [path], options=EvaluateOptions())


PAPER = """# Assessments

Everyone who asks for help is assessed within six weeks, and carers are assessed in their own right.

# Safeguarding

Concerns about abuse are looked at within a day, and the person is asked what they want to happen.

# Roads

The council sets aside four million pounds for resurfacing roads and repairing potholes this year.
"""


@pytest.fixture
def project(tmp_path: Path) -> Any:
    (tmp_path / "paper.md").write_text(PAPER, encoding="utf-8")
    with create_project(tmp_path / "p.sqlite") as opened:
        add_files(opened, [tmp_path / "paper.md"], workers=1)
        suggest(opened)
        yield opened


def passages_of(project: Project) -> list[str]:
    return [p.id for d in project.store.documents() for p in project.store.passages(d.id)]


def accept(*statements: str) -> Decision:
    return Decision(Outcome.CODED, tuple((s, Verdict.ACCEPTED) for s in statements))


@pytest.fixture
def coder(project: Project) -> Callable[[str], ReviewSession]:
    return lambda name: ReviewSession(project.store, project.framework, name, utc_now)


def test_a_projects_codings_are_the_truth(project: Project, coder: Callable[[str], ReviewSession]) -> None:
    first, second, third = passages_of(project)
    coder("Ann").decide(first, accept("governance"))
    coder("Ann").decide(second, accept("safeguarding"))
    found = evaluate_project(project)
    assert found["source"]["undecided"] == 1
    assert (found["passages"], found["evidence"]) == (2, 2)
    assert found["main"]["accuracy"] is None
    truth = {c["code"]: c["support"] for c in found["statements"]["codes"]}
    assert (truth["governance"], truth["safeguarding"], truth["learning"]) == (1, 1, 0)
    coder("Ann").decide(third, Decision(Outcome.NONE))
    assert evaluate_project(project)["passages"] == 3
    assert "people tend to agree" in " ".join(found["notes"])


def test_unsure_is_left_out_and_coders_who_differ_are_counted(
    project: Project, coder: Callable[[str], ReviewSession]
) -> None:
    first, second, third = passages_of(project)
    coder("Ann").decide(first, accept("assessing-needs"))
    coder("Ben").decide(first, accept("assessing-needs", "learning"))
    coder("Cat").decide(first, accept("assessing-needs", "governance"))
    coder("Ann").decide(second, Decision(Outcome.UNSURE))
    coder("Ben").decide(third, Decision(Outcome.NONE))
    found = evaluate_project(project)
    source = found["source"]
    assert (source["unsure"], source["coders_differ"], source["undecided"]) == (1, 1, 0)
    support = {c["code"]: c["support"] for c in found["statements"]["codes"]}
    assert (support["assessing-needs"], support["learning"]) == (1, 0)  # fewer than half took learning
    mine = evaluate_project(project, coder="Ben")
    assert {c["code"]: c["support"] for c in mine["statements"]["codes"]}["learning"] == 1
    with pytest.raises(UsageError, match=r"Dee has no decision.*Ann, Ben, Cat"):
        evaluate_project(project, coder="Dee")


def test_a_project_without_decisions_says_what_to_do(project: Project) -> None:
    with pytest.raises(UsageError, match="evidence-mapper review"):
        evaluate_project(project)


def test_the_command_measures_a_project(project: Project, coder: Callable[[str], ReviewSession]) -> None:
    first, second, _ = passages_of(project)
    coder("Ann").decide(first, accept("assessing-needs"))
    coder("Ann").decide(second, accept("safeguarding"))
    shown = run("--project", project.path)
    assert shown.exit_code == 0, shown.output
    assert "Left out: 1 passages without a decision" in shown.output
    current = run("--project", project.path, "--suggestions", "current", "--json")
    assert json.loads(current.stdout)["source"]["suggestions"] == "current"
