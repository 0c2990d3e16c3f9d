"""The claims as a person works through them: evidence is kept at hand, and never out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflow.claim_projects import REPORT, made
from tests.workflow.pack_samples import CALLS, WAIT, confirm, passage_of

from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.workflow.claim_check import FindingKind
from evidence_mapper.workflow.claim_desk import ClaimDesk
from evidence_mapper.workflow.claim_evidence import Standing
from evidence_mapper.workflow.claims import add_claim
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.revisions import withdraw


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path) as opened:
        confirm(opened, CALLS)
        add_claim(opened, "Calls are answered within a day.", coder="ann")
        yield opened


def test_a_claim_shows_what_changed_since_it_was_opened(project: Project) -> None:
    desk = ClaimDesk(project, "ann")
    assert desk.card(1, limit=0).evidence == ()
    desk.link(1, passage_of(project, CALLS).id, against=False)
    assert [e.standing for e in desk.card(1, limit=0).evidence] == [Standing.COUNTS]
    # Decided elsewhere, withdrawn elsewhere: both are seen.
    confirm(project, CALLS, coder="ben", polarity=Polarity.CONCERN)
    (linked,) = desk.card(1, limit=0).evidence
    assert len(linked.rows) == 2
    withdraw(project, REPORT, "ben")
    assert [e.standing for e in desk.card(1, limit=0).evidence] == [Standing.WITHDRAWN]
    assert FindingKind.LOST in desk.lines()[0].kinds


def test_evidence_is_read_again_only_when_it_changed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, reads = ClaimDesk(project, "ann"), [0]
    whole = project.store.evidence_rows

    def counted(*, confirmed: bool) -> Iterator[EvidenceRow]:
        reads[0] += 1
        return iter(whole(confirmed=confirmed))

    monkeypatch.setattr(project.store, "evidence_rows", counted)
    desk.lines()
    desk.card(1, limit=0)
    desk.edit(1, "Calls are answered within two days.")
    desk.card(1, limit=0)
    assert reads == [1]
    confirm(project, WAIT)
    desk.card(1, limit=0)
    assert reads == [2]
