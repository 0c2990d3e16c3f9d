"""Archives: listed, limited, read member by member, never unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    ExtractionError,
    FileChanged,
    LimitExceeded,
    UnsupportedFormat,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.container.inside import Inside, read_inside
from evidence_mapper.extract.container.memory import MemoryPath
from evidence_mapper.extract.container.names import safe_names
from evidence_mapper.extract.registry import DEFAULT_LIMITS, extract_file

TEXT = "Seven people in ten had a review of their care plan on time in the year to March."


def archive(path: Path, members: dict[str, bytes | str]) -> Path:
    path.write_bytes(packed(members))
    return path


def packed(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data, compression)
    return out.getvalue()


def read_all(path: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, ExtractedDocument | ExtractionError]:
    """Read everything in an archive, archives inside it too, as the workflow does."""
    found: dict[str, ExtractedDocument | ExtractionError] = {}
    waiting: list[tuple[str, tuple[int, ...], ExtractedDocument]] = [("", (), extract_file(path, limits))]
    while waiting:
        before, steps, document = waiting.pop()
        for member in document.members:
            name = before + member.name
            assert member.refusal is not None or member.sha256 is not None
            if member.sha256 is None:
                continue
            try:
                inner = read_inside(Inside(path, (*steps, member.step), name, member.sha256), limits)
            except ExtractionError as error:
                found[name] = error
                continue
            found[name] = inner
            waiting.append((f"{name}/", (*steps, member.step), inner))
    return found


def refusals(path: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, str]:
    return {m.name: m.refusal[0] for m in extract_file(path, limits).members if m.refusal}


def test_members_of_archives_in_archives_are_read(tmp_path: Path) -> None:
    inner = packed({"deep/b.txt": TEXT + " Again."})
    path = archive(tmp_path / "a.zip", {"x/a.txt": TEXT, "inner.zip": inner, "c.csv": f"Comment\n{TEXT}\n"})
    found = read_all(path)
    texts = {
        name: [b.text for b in d.blocks] for name, d in found.items() if isinstance(d, ExtractedDocument)
    }
    assert texts["x/a.txt"] == [TEXT]
    assert texts["inner.zip/deep/b.txt"] == [TEXT + " Again."]
    assert TEXT in texts["c.csv"][0]


def test_the_content_says_that_it_is_an_archive(tmp_path: Path) -> None:
    path = archive(tmp_path / "report.pdf", {"a.txt": TEXT})
    assert [m.name for m in extract_file(path).members] == ["a.txt"]
    stored = tmp_path / "b.zip"
    stored.write_bytes(packed({"a.pdf": b"%PDF-1.7 as it is"}, zipfile.ZIP_STORED))
    assert extract_file(stored).media_type == "application/zip"


@given(st.lists(st.text(max_size=40), max_size=12))
def test_names_are_safe_and_differ(names: list[str]) -> None:
    safe = safe_names(names)
    assert len(safe) == len(names) == len({name.casefold() for name in safe})
    for name in safe:
        parts = name.split("/")
        assert all(parts)
        assert not {".", ".."} & set(parts)
        assert name.isprintable()
        assert "\\" not in name


def test_names_that_point_outside_are_made_plain() -> None:
    assert safe_names(
        ["../../etc/passwd", "C:\\Users\\x\\plan.docx", "/a//b.txt", "a/\x1b[2Jb.txt", "..", "plan.docx"]
    ) == [
        "etc/passwd",
        "Users/x/plan.docx",
        "a/b.txt",
        "a/[2Jb.txt",
        "member 5",
        "plan.docx",
    ]
    assert safe_names(["a.txt", "A.TXT", "a.txt"]) == ["a.txt", "A (2).TXT", "a (3).txt"]


def test_a_locked_member_is_refused_by_name_and_the_others_are_read(tmp_path: Path) -> None:
    data = bytearray(packed({"locked.txt": TEXT, "open.txt": TEXT + " Open."}))
    for marker, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(marker)
        struct.pack_into("<H", data, place + offset, 1)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert refusals(path) == {"locked.txt": EncryptedFile.code}
    assert list(read_all(path)) == ["open.txt"]


def test_a_bomb_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"bomb.txt": b"0" * 40_000_000, "open.txt": TEXT})
    assert refusals(path) == {"bomb.txt": LimitExceeded.code}
    assert list(read_all(path)) == ["open.txt"]


def test_sizes_that_lie_are_counted(tmp_path: Path) -> None:
    data = bytearray(packed({"bomb.txt": b"0" * 40_000_000}))
    for marker, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(marker) + offset, 100)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert refusals(path)["bomb.txt"] in (LimitExceeded.code, DamagedFile.code)


def test_too_many_members_and_too_many_bytes_refuse_the_whole(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"{n}.txt": f"{n} {TEXT}" * 20 for n in range(12)})
    with pytest.raises(LimitExceeded, match="12 files inside, over the limit of 10"):
        extract_file(path, Limits(container_members=10))
    with pytest.raises(LimitExceeded, match="unpacks to more than"):
        extract_file(path, Limits(container_bytes=5_000))
    with pytest.raises(LimitExceeded, match="over the limit"):
        extract_file(path, Limits(container_bytes=100))


def test_what_cannot_be_an_archive_is_damaged_or_empty(tmp_path: Path) -> None:
    data = packed({"a.txt": TEXT})
    (tmp_path / "cut.zip").write_bytes(data[:-30])
    with pytest.raises(DamagedFile):
        extract_file(tmp_path / "cut.zip")
    (tmp_path / "none.zip").write_bytes(packed({}))
    with pytest.raises(EmptyFile, match="archive is empty"):
        extract_file(tmp_path / "none.zip")


def test_a_link_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    path = tmp_path / "a.zip"
    path.write_bytes(out.getvalue())
    assert refusals(path) == {"link.txt": UnsupportedFormat.code}


def test_a_member_that_breaks_is_refused(tmp_path: Path) -> None:
    data = bytearray(packed({"a.txt": TEXT * 20, "b.txt": TEXT}))
    data[60] ^= 0xFF
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert refusals(path) == {"a.txt": DamagedFile.code}


def test_an_archive_that_changes_meanwhile_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": TEXT})
    (member,) = extract_file(path).members
    archive(path, {"a.txt": TEXT.replace("Seven", "Eight") + " Longer."})
    assert member.sha256 is not None
    with pytest.raises(FileChanged):
        read_inside(Inside(path, (0,), "a.txt", member.sha256), Limits())
    path.unlink()
    with pytest.raises(FileChanged):
        read_inside(Inside(path, (0,), "a.txt", member.sha256), Limits())


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from office_files import write_docx  # the formats an archive holds most often

    made = tmp_path / "made"
    made.mkdir()
    docx = write_docx(made / "a.docx", f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>").read_bytes()
    path = archive(tmp_path / "a.zip", {"a.docx": docx, "a.txt": TEXT, "a.csv": f"Comment\n{TEXT}\n"})
    monkeypatch.setattr("tempfile.mkstemp", lambda *a, **k: pytest.fail("a file was written"))
    assert all(isinstance(d, ExtractedDocument) for d in read_all(path).values())


def test_a_library_that_wants_a_file_gets_a_copy_that_goes() -> None:
    path = MemoryPath.of("secret plan.docx", b"words")
    copy = Path(path.__fspath__())
    assert copy.read_bytes() == b"words"
    assert copy.suffix == ".docx"
    assert "secret" not in copy.name
    path.close()
    assert not copy.exists()
    with pytest.raises(io.UnsupportedOperation):
        path.open("w")
