"""Old formats by way of LibreOffice: a script stands in for it, so that this runs everywhere."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from office_files import paragraph, texts, write_docx
from ole_files import ole

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import (
    DamagedFile,
    EncryptedFile,
    ExtractionError,
    LimitExceeded,
    UnsupportedFormat,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.convert import VARIABLE, find_soffice
from evidence_mapper.extract.pool import ExtractionPool
from evidence_mapper.extract.registry import DEFAULT_LIMITS, extract_file

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a #! line")
RTF = rb"{\rtf1\ansi Every social worker has supervision at least once a month.}"
SAID = "Every social worker has supervision at least once a month."


def doc(flags: int = 0) -> bytes:
    return ole(
        {"WordDocument": b"\xec\xa5\xc1\0" + b"\0" * 7 + bytes([flags]) + b"\0" * 500, "1Table": b"\0" * 64}
    )


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a program that does what the test puts into its ``act.py``: by default, copy a .docx."""
    folder = tmp_path / "office"
    folder.mkdir()
    write_docx(folder / "made.docx", paragraph(SAID))
    (folder / "act.py").write_text(
        "import shutil, sys, pathlib\n"
        "here, out = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "(here / 'asked').write_text('\\n'.join(sys.argv[1:]))\n"
        "(here / 'input').write_bytes(pathlib.Path(sys.argv[-1]).read_bytes())\n"
        "profile = next(a for a in sys.argv if a.startswith('-env:')).split('file://')[1]\n"
        "shutil.copy(pathlib.Path(profile) / 'user' / 'registrymodifications.xcu', here / 'settings')\n"
        "out.mkdir(exist_ok=True)\n"
        "shutil.copy(here / 'made.docx', out / 'in.docx')\n"
    )
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {folder}/act.py "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv(VARIABLE, str(program))
    return folder


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def left_behind() -> list[str]:
    return [p.name for p in Path(tempfile.gettempdir()).iterdir()]


def read_in_pool(path: Path, limits: Limits = DEFAULT_LIMITS) -> ExtractedDocument | ExtractionError:
    with ExtractionPool(1, limits) as pool:
        ((_, result),) = pool.run([path])
    return result


@POSIX
@pytest.mark.parametrize(
    ("name", "data", "kind"), [("a.rtf", RTF, "application/rtf"), ("a.doc", doc(), "application/msword")]
)
def test_converted_file_is_read_and_nothing_is_left(
    tmp_path: Path, fake: Path, name: str, data: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(data)
    document = read_in_pool(tmp_path / name)
    assert isinstance(document, ExtractedDocument), document
    assert texts(document) == [SAID]
    assert document.media_type == kind
    assert document.extractor.startswith(f"libreoffice-{name[2:]}/1+docx/")
    assert document.blocks[0].location.paragraph == 1
    assert "places are those in the converted docx document" in document.warnings[-1]
    assert (fake / "input").read_bytes() == data
    assert left_behind() == []


@POSIX
def test_libreoffice_is_told_to_run_nothing_and_fetch_nothing(tmp_path: Path, fake: Path) -> None:
    (tmp_path / "a plan for Mrs X.rtf").write_bytes(RTF)
    read_in_pool(tmp_path / "a plan for Mrs X.rtf")
    asked = (fake / "asked").read_text().splitlines()
    assert {"--headless", "--norestore", "--nolockcheck"} <= set(asked)
    assert "Mrs X" not in " ".join(asked)
    settings = (fake / "settings").read_text()
    for name, value in (
        ("MacroSecurityLevel", "3"),
        ("DisableMacrosExecution", "true"),
        ("DisableActiveContent", "true"),
        ("ooInetProxyType", "2"),
    ):
        assert f'oor:name="{name}" oor:op="fuse"><value>{value}</value>' in settings


@POSIX
def test_conversion_that_hangs_ends_with_all_it_started(tmp_path: Path, fake: Path) -> None:
    (fake / "act.py").write_text(
        "import os, pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path(__file__).with_name('pid').write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    (tmp_path / "a.rtf").write_bytes(RTF)
    started = time.monotonic()
    error = read_in_pool(tmp_path / "a.rtf", Limits(seconds=4.0))
    assert isinstance(error, LimitExceeded)
    assert "within 4 seconds" in str(error)
    assert time.monotonic() - started < 20
    assert not _runs(int((fake / "pid").read_text()))
    assert left_behind() == []


def _runs(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.1)
    return True


@POSIX
def test_conversion_that_fails_is_damaged(tmp_path: Path, fake: Path) -> None:
    (fake / "act.py").write_text("raise SystemExit(1)\n")
    (tmp_path / "a.rtf").write_bytes(RTF)
    with pytest.raises(DamagedFile, match="LibreOffice could not open it"):
        extract_file(tmp_path / "a.rtf")


@pytest.mark.parametrize(
    ("name", "data"), [("a.rtf", RTF), ("a.doc", doc()), ("a.wpd", b"\xffWPC" + b"\0" * 100)]
)
def test_without_libreoffice_the_reason_and_the_way_out_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    (tmp_path / name).write_bytes(data)
    with pytest.raises(
        UnsupportedFormat, match=r"LibreOffice reads it and is not installed.*save it as \.docx"
    ):
        extract_file(tmp_path / name)


@pytest.mark.parametrize(
    "data", [doc(flags=1), ole({"PowerPoint Document": b"x" * 80, "EncryptedSummary": b"x" * 80})]
)
def test_locked_file_is_refused_before_it_is_converted(tmp_path: Path, fake: Path, data: bytes) -> None:
    (tmp_path / "a.doc").write_bytes(data)
    with pytest.raises(EncryptedFile, match="protected by a password"):
        extract_file(tmp_path / "a.doc")
    assert not (fake / "asked").exists()


def test_a_program_that_is_not_there_is_not_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    assert find_soffice() is None


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    body = RTF[:-1] + rb"\par {\b A heading}\par Managers check one record in ten each quarter.}"
    (tmp_path / "a.rtf").write_bytes(body)
    command = [
        str(shutil.which("soffice")),
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
    ]
    command += ["--convert-to", "doc", "--outdir", str(tmp_path), str(tmp_path / "a.rtf")]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    with ExtractionPool(1) as pool:
        results = dict(pool.run([tmp_path / "a.rtf", tmp_path / "a.doc"]))
    for result in results.values():
        assert isinstance(result, ExtractedDocument), result
        assert texts(result)[0] == SAID
        assert "Managers check one record in ten each quarter." in texts(result)
    assert left_behind() == []
