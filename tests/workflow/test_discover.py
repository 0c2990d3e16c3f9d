"""Which files are meant, and what kind of paper they are."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceType
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.discover import Found, find_files
from evidence_mapper.workflow.naming import apart
from evidence_mapper.workflow.source_type import guess_source_type


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(found: Found) -> list[str]:
    return [file.name for file in found.files]


def test_folder_is_walked_in_order_and_litter_is_counted(tmp_path: Path) -> None:
    for name in ("b/two.txt", "b/.hidden", "b/~$two.docx", "a.txt", "Thumbs.db", "x.sqlite", ".git/config"):
        write(tmp_path / "evidence" / name)
    found = find_files([tmp_path / "evidence"])
    assert names(found) == ["evidence/a.txt", "evidence/b/two.txt"]
    assert found.passed_over == [
        ("evidence/.git", "hidden"),
        ("evidence/Thumbs.db", "system file"),
        ("evidence/b/.hidden", "hidden"),
        ("evidence/b/~$two.docx", "lock file"),
        ("evidence/x.sqlite", "project file"),
    ]
    assert found.folders == ["evidence", "evidence/b"]


def test_file_named_twice_is_found_once(tmp_path: Path) -> None:
    path = write(tmp_path / "one.txt")
    assert len(find_files([path, tmp_path, path]).files) == 1


def test_file_named_itself_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    path = write(tmp_path / "e" / ".notes.txt")
    for paths in ([path, path.parent], [path.parent, path]):
        found = find_files(paths)
        assert (names(found), found.passed_over) == (["e/.notes.txt"], [])


def test_names_that_clash_get_folders_until_they_differ(tmp_path: Path) -> None:
    roots = [tmp_path / "2024" / "team" / "Q1", tmp_path / "2025" / "team" / "Q1"]
    for root in roots:
        write(root / "report.txt")
    write(roots[0] / "only.txt")
    assert names(find_files(roots)) == [
        "2024/team/Q1/report.txt",
        "2025/team/Q1/report.txt",
        "Q1/only.txt",
    ]


def test_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "e" / "a.txt")
    locked = write(tmp_path / "e" / "locked" / "b.txt").parent
    listed = os.scandir

    def scandir(path: Any) -> Any:
        if not isinstance(path, int) and Path(path) == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find_files([tmp_path / "e"])
    assert names(found) == ["e/a.txt"]
    assert found.unreadable == [("e/locked", "Permission denied")]
    assert found.folders == ["e"]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
def test_links_that_lead_round_end_and_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "e" / "sub" / "a.txt").parent
    (folder / "round").symlink_to(tmp_path / "e", target_is_directory=True)
    (folder / "self").symlink_to(folder / "self")
    found = find_files([tmp_path / "e"])
    assert found.passed_over == [("e/sub/round", "linked folder")]
    assert names(found) == ["e/sub/a.txt", "e/sub/self"]  # the second is refused when it is opened


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_pipe_is_passed_over_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    found = find_files([tmp_path])
    assert (found.files, [reason for _, reason in found.passed_over]) == ([], ["special file"])


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(lambda p: Path("/", *p))


@given(st.dictionaries(PATHS, st.integers(1, 5), min_size=1), st.sets(st.sampled_from(["a", "a/b", "b/a/b"])))
def test_no_two_paths_have_one_name_and_none_is_taken(depths: dict[Path, int], taken: set[str]) -> None:
    given_names = apart(depths, taken.__contains__)
    assert given_names.keys() == depths.keys()
    assert len(set(given_names.values())) == len(depths)
    assert not taken & set(given_names.values())


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
