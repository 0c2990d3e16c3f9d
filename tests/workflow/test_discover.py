"""Which files are meant, and what kind of paper they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceType
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.discover import find_files
from evidence_mapper.workflow.source_type import guess_source_type


def test_folder_is_walked_in_order_without_litter(tmp_path: Path) -> None:
    for name in ("b/two.txt", "b/.hidden", "b/~$two.docx", "a.txt", "Thumbs.db", "x.sqlite", ".git/config"):
        path = tmp_path / "evidence" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found = find_files([tmp_path / "evidence"])
    assert [f.name for f in found] == ["evidence/a.txt", "evidence/b/two.txt"]


def test_file_named_twice_is_found_once(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("x")
    assert len(find_files([path, tmp_path, path])) == 1


def test_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no such file or folder: .*missing"):
        find_files([tmp_path / "missing"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x/surveys/carers.xlsx", SourceType.SURVEY_COMMENT),
        ("x/focus-groups/staff-transcript.txt", SourceType.STAFF_FEEDBACK),
        ("x/case-records/06-support-plan.html", SourceType.CASE_RECORD),
        ("x/focus-groups/notes.docx", SourceType.FOCUS_GROUP),
        ("x/case-records/0012.docx", SourceType.CASE_RECORD),
        ("x/Case audit forms.xlsx", SourceType.CASE_AUDIT),
        ("x/Carers_Strategy_2025.pdf", SourceType.STRATEGY),
        ("x/charging policy.docx", SourceType.POLICY),
        ("x/Q2 performance.pdf", SourceType.PERFORMANCE_REPORT),
        ("x/cabinet 3 March.docx", SourceType.COMMITTEE_REPORT),
        ("x/partners/nhs.eml", SourceType.PARTNER_FEEDBACK),
        ("x/0001.pdf", SourceType.UNKNOWN),
    ],
)
def test_source_type_from_the_name(name: str, expected: SourceType) -> None:
    assert guess_source_type(name, ExtractedDocument("application/pdf", "pdf/1", ())) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(BlockKind.COMMENT, SourceType.SURVEY_COMMENT), (BlockKind.TURN, SourceType.FOCUS_GROUP)],
)
def test_source_type_from_the_form(kind: BlockKind, expected: SourceType) -> None:
    document = ExtractedDocument("text/plain", "plain/1", (Block("a b c", kind),) * 3)
    assert guess_source_type("x/0001", document) is expected
