"""Small case records in real files, for tests of cases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import docx
from tests.workflow.pack_samples import add, passage_of

from evidence_mapper.domain.coding import (
    Decision,
    Outcome,
    Polarity,
    RunSpec,
    SuggestedChoice,
    SuggestedCode,
    Suggestion,
    Verdict,
)
from evidence_mapper.workflow.cases import by_folder, group
from evidence_mapper.workflow.clock import utc_now
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.review import ReviewSession

WISH = (
    "“I want to get up when I get up, not when a rota says.” Washes at the sink. Meets the criteria in three."
)
PLAN = "Two calls a day, late morning and tea. Pendant alarm fitted and a second rail on the yard steps."
LETTER = "You have stopped my money for the second time and I want to know who did this and why."
NIGHT = "Seen on the ward. Discharged home on Monday with a plan that nobody had told the agency about."
CASES = ("AB-1", "AB-2", "AB-3")


def notes(case: str, day: str, *, consent: str = "yes", complaint: str = "none", **more: str) -> str:
    """Return case notes with a head and two entries, a contact on a day and one of a week later."""
    head = [
        "CASE NOTES",
        "",
        f"Person: Anna {case}",
        f"Age: {more.get('age', '84')}",
        f"Record: {case}",
        f"Team: {more.get('team', 'North')}",
        f"Services: {more.get('services', 'home care, alarm')}",
        f"Agrees to the record being used for case tracking: {consent}",
        f"Open complaint: {complaint}",
        "",
        f"{day} J. Lowther, SW: Contact",
        "",
        more.get(
            "words", "T/c from the neighbour, who is worried that she has lost weight since the winter."
        ),
    ]
    return "\n".join(head) + "\n"


def write_papers(folder: Path) -> Path:
    """Write three cases: notes in text, an assessment in Word, a plan in HTML, a letter without a date."""
    for case, day, more in (
        ("AB-1", "14/01/2025", {}),
        ("AB-2", "3 March 2025", {"complaint": "yes", "team": "South", "services": "direct payment"}),
        ("AB-3", "2024-06-11", {"consent": "not asked", "age": "19", "team": "Transitions", "words": NIGHT}),
    ):
        (folder / case).mkdir(parents=True)
        (folder / case / "01-notes.txt").write_text(notes(case, day, **more), encoding="utf-8")
    document = docx.Document()
    document.add_heading("Care Act assessment of needs: Anna AB-1", 1)
    table = document.add_table(rows=0, cols=2)
    for name, value in (("Record", "AB-1"), ("Date", "16 January 2025"), ("Worker", "J. Lowther, SW")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    document.add_paragraph(WISH)
    document.save(str(folder / "AB-1" / "02-assessment.docx"))
    page = (
        "<html><head><title>Care and support plan: Anna AB-1</title></head><body>"
        "<h1>Care and support plan: Anna AB-1</h1><table><tr><th>Date</th><td>3 February 2025</td></tr>"
        f"<tr><th>Worker</th><td>J. Lowther, SW</td></tr></table><p>{PLAN}</p></body></html>"
    )
    (folder / "AB-1" / "03-plan.html").write_text(page, encoding="utf-8")
    letter = f"Letter on the record of Anna AB-2\n\nFrom: Anna AB-2\n\n{LETTER}\n"
    (folder / "AB-2" / "02-letter.txt").write_text(letter, encoding="utf-8")
    return folder


def made(tmp_path: Path) -> Project:
    """Return a project with the three cases' papers, not grouped and without suggestions."""
    project = create_project(tmp_path / "p.sqlite")
    add(project, write_papers(tmp_path / "records"))
    return project


def grouped(tmp_path: Path) -> Path:
    """Make the project with its papers grouped by folder, closed; return its file, to be copied."""
    with made(tmp_path) as project:
        group(project, by_folder(project, "records"), coder="ann")
        return project.path


def suggest(project: Project, said: Mapping[str, tuple[str, str]]) -> None:
    """Suggest for passages by their words an I statement and a polarity; for all others none."""
    spec = RunSpec("model@1", "sha256:0", f"{project.framework.id}@{project.framework.version}")
    run = project.store.start_run(spec, utc_now())
    pairs = []
    for document in project.store.documents():
        for passage in project.store.passages(document.id):
            code, polarity = next((v for words, v in said.items() if words in passage.text), ("", "neutral"))
            pairs.append((passage.id, _suggestion(project, code, polarity)))
    project.store.save_suggestions(run, pairs)


def _suggestion(project: Project, code: str, polarity: str) -> Suggestion:
    spoken = [
        SuggestedCode(i.id, 0.9 if i.id == code else 0.01, i.id == code)
        for i in project.framework.i_statements
    ]
    return Suggestion(
        statements=tuple(
            SuggestedCode(s.id, 0.6, suggested=bool(code) and n == 0)
            for n, s in enumerate(project.framework.statements)
        ),
        topics=(),
        i_statements=tuple(sorted(spoken, key=lambda c: -c.probability)),
        evidence_category=None,
        polarity=SuggestedChoice(polarity, 0.9, ((polarity, 0.9), ("mixed", 0.1))),
        none_probability=0.1,
        abstained=not code,
    )


def confirm_i(
    project: Project, words: str, i_statement: str, polarity: Polarity | None, coder: str = "ann"
) -> str:
    """Confirm the passage that holds the words for an I statement, and return its id."""
    found = passage_of(project, words)
    first = project.framework.statements[0].id
    decision = Decision(
        Outcome.CODED, ((first, Verdict.ACCEPTED),), i_statements=(i_statement,), polarity=polarity
    )
    ReviewSession(project.store, project.framework, coder, utc_now).decide(found.id, decision)
    return found.id
