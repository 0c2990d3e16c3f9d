"""The screens over a review with names replaced: what they show, record and refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.store.builders import reading
from tests.tui.driver import WIDE
from tests.tui.real_review import RealDriver
from tests.tui.samples import CODER, clock

from evidence_mapper.domain.document import SourceType
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.redacted_session import MARK, RedactedSession

TEXTS = (
    "Mrs Threlkeld waited nine weeks for her assessment. Nobody had told her why it took so long.",
    "Her daughter Pauline rang on 01632 960123 about the stairs, and Mrs Threlkeld wants to stay at home.",
)


async def test_screens_show_no_names_record_as_written_and_refuse_cuts(tmp_path: Path) -> None:
    with create_project(tmp_path / "p.sqlite") as project:
        read = reading("threlkeld.txt", TEXTS)
        read = replace(read, document=replace(read.document, source_type=SourceType.CASE_RECORD))
        project.store.add_document(read)
        session = RedactedSession(project.store, project.framework, CODER, clock())
        app = EvidenceMapperApp(session, start=read.passages[0].id)
        async with app.run_test(size=WIDE) as pilot:
            on = RealDriver(app, pilot, project)
            await on.until("waited nine weeks")
            seen = on.text()
            assert MARK in seen
            await on.press("v")
            refused = on.status
            await on.press("n")
            await on.settle()
            seen += on.text()
            await on.press("h")
            seen += on.text()
        assert not [name for name in ("Threlkeld", "threlkeld", "Pauline", "960123") if name in seen]
        assert "while names are replaced" in refused
        assert list(on.decided()) == [TEXTS[0]]
        assert on.sound()
