"""A passage with somebody's own words is shown under an I statement from a lower probability."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.store.builders import NOW, suggestion
from tests.workflow.case_projects import NIGHT, WISH, made
from tests.workflow.pack_samples import passage_of

from evidence_mapper.domain.coding import RunSpec, SuggestedCode
from evidence_mapper.workflow.case_coverage import OWN_VOICE, CaseCoverage, case_coverage
from evidence_mapper.workflow.case_file import CaseReader
from evidence_mapper.workflow.cases import by_folder, find_case, group
from evidence_mapper.workflow.project import Project


def suggested(project: Project, probability: float) -> None:
    """Suggest one I statement with a probability, below its threshold, on two passages."""
    code = SuggestedCode(project.framework.i_statements[0].id, probability, False)
    given = replace(suggestion(none=0.9), i_statements=(code,))
    run = project.store.start_run(RunSpec("a@1", "sha256:0", "f@1"), NOW)
    ids = [passage_of(project, words).id for words in (WISH, NIGHT)]
    project.store.save_suggestions(run, [(passage, given) for passage in ids])


def coverage(project: Project, case: str) -> CaseCoverage:
    return case_coverage(project, CaseReader(project).read(find_case(project, case)))


def test_own_words_have_a_lower_bar_and_it_is_said(tmp_path: Path) -> None:
    with made(tmp_path) as project:
        group(project, by_folder(project, "records"), coder="Ann")
        suggested(project, OWN_VOICE)
        [item] = coverage(project, "AB-1").shown[0].suggested
        assert item.lower_bar
        assert item.voices.is_own
        assert not coverage(project, "AB-3").shown[0].suggested  # a worker's words alone


def test_below_it_nothing_is_shown(tmp_path: Path) -> None:
    with made(tmp_path) as project:
        group(project, by_folder(project, "records"), coder="Ann")
        suggested(project, OWN_VOICE - 0.01)
        assert not coverage(project, "AB-1").shown[0].suggested
