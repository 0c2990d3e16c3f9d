"""The faults planted in the cases corpus that the documentation says are found are found."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence_mapper.domain.audit import FindingKind
from evidence_mapper.workflow.audit_check import AuditCheck, check_audits
from evidence_mapper.workflow.audit_figures import audit_figures
from evidence_mapper.workflow.audit_mapping import load_mapping
from evidence_mapper.workflow.audit_record import import_audits
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.suggest import suggest

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "cases"
KINDS = {
    "good-without-record": FindingKind.GOOD_WITHOUT_RECORD,
    "poor-with-evidence": FindingKind.POOR_WITH_EVIDENCE,
    "contradiction": FindingKind.CONTRADICTION,
}
MISSED = {("poor-with-evidence", "BK-40116", 4)}
"""Explained in docs/audits.md."""


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(CORPUS / "papers", folder / "papers")
    with create_project(folder / "p.sqlite") as opened:
        add_files(opened, [folder / "papers"])
        suggest(opened)
        mapping = load_mapping("generic", opened.framework)
        for path in sorted((CORPUS / "audits").iterdir()):
            import_audits(opened, path, mapping, coder="ann")
        yield opened


@pytest.fixture(scope="module")
def check(project: Project) -> AuditCheck:
    return check_audits(project)


def test_every_planted_fault_is_found_but_those_explained(
    check: AuditCheck, expected: dict[str, Any]
) -> None:
    found = {(f.kind, f.case, f.question) for f in check.findings}
    missed = {
        (fault["kind"], fault["case"], fault["question"])
        for fault in expected["faults"]
        if fault["kind"] in KINDS
        and (KINDS[fault["kind"]], fault["case"], f"q{fault['question']}") not in found
    }
    assert missed == MISSED


def test_every_copied_comment_is_found_and_no_other(check: AuditCheck, expected: dict[str, Any]) -> None:
    groups = {frozenset(f.cases) for f in check.findings if f.kind is FindingKind.COPIED}
    assert groups == {frozenset(group["cases"]) for group in expected["copied"]}


def test_there_are_no_more_findings_than_the_documentation_says(check: AuditCheck) -> None:
    counted = Counter(f.kind for f in check.findings)
    assert check.forms == 58
    assert not check.without_record
    assert counted[FindingKind.GOOD_WITHOUT_RECORD] <= 28
    assert counted[FindingKind.POOR_WITH_EVIDENCE] <= 12
    assert counted[FindingKind.CONTRADICTION] <= 21


def test_quotes_are_verbatim(project: Project, check: AuditCheck) -> None:
    for finding in check.findings:
        for quote in finding.quotes:
            if quote.passage_id is not None and quote.span is not None:
                passage = project.store.passage(quote.passage_id)
                text = project.store.revision(passage.revision_id).text
                assert text[slice(*quote.span)] == quote.text


def test_the_planted_drift_is_shown_and_no_other(project: Project, expected: dict[str, Any]) -> None:
    (drifting,) = [f["auditor"] for f in expected["faults"] if f["kind"] == "drift-upward"]
    moved = [t for t in audit_figures(project).trends if t.moves]
    assert [(t.auditor, (t.slope or 0) > 0) for t in moved] == [(drifting, True)]
