"""The pool: hostile documents end one worker, never the run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_samples import P, prose, tagged_pdf, texts

from evidence_mapper.domain.document import (
    Block,
    BlockKind,
    Exclusion,
    ExclusionReason,
    ExtractedDocument,
    Member,
    SourceLocation,
)
from evidence_mapper.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    ExtractionError,
    LimitExceeded,
    NoTextLayer,
    UnsupportedFormat,
    UsageError,
)
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.codec import error_from_json, error_to_json, from_json, to_json
from evidence_mapper.extract.container.inside import Inside
from evidence_mapper.extract.pool import ExtractionPool
from evidence_mapper.extract.work_folder import WorkFolder

HOSTILE = "hostile_readers:misbehave"
PATIENT = Limits(seconds=20.0)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers import the readers of this folder."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def run(
    names: list[str], *, workers: int = 1, limits: Limits = PATIENT
) -> list[tuple[str, ExtractedDocument | ExtractionError]]:
    with ExtractionPool(workers, limits, extract=HOSTILE) as pool:
        return [(path.name, result) for path, result in pool.run(Path(name) for name in names)]


def error_between_good_ones(name: str, limits: Limits = PATIENT) -> ExtractionError:
    """Read a good file, the bad one and another good one; return what came of the bad one."""
    results = run(["good-1", name, "good-2"], limits=limits)
    assert [found for found, _ in results] == ["good-1", name, "good-2"]
    assert isinstance(results[0][1], ExtractedDocument)
    assert isinstance(results[2][1], ExtractedDocument)
    assert texts(results[0][1]) != texts(results[2][1]), "the worker must have been replaced"
    error = results[1][1]
    assert isinstance(error, ExtractionError)
    return error


def test_files_come_back_in_the_order_given(tmp_path: Path) -> None:
    paths = [tagged_pdf(tmp_path / f"{n}.pdf", [[P(prose(n))] * (20 - n)]) for n in range(6)]
    with ExtractionPool(2) as pool:
        results = list(pool.run(paths))
    assert [path for path, _ in results] == paths
    documents = [result for _, result in results if isinstance(result, ExtractedDocument)]
    assert [texts(document)[0] for document in documents] == [prose(n) for n in range(6)]


def test_a_real_locked_file_is_the_same_error_as_without_a_pool(tmp_path: Path) -> None:
    import pikepdf

    path = tagged_pdf(tmp_path / "open.pdf", [[P(prose(1))]])
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(path) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="owner"))
    with ExtractionPool(1) as pool:
        ((_, error),) = pool.run([locked])
    assert isinstance(error, EncryptedFile)
    assert "save a copy without" in str(error)


def test_a_hang_ends_at_the_deadline() -> None:
    started = time.monotonic()
    error = error_between_good_ones("hang", Limits(seconds=1.0))
    assert isinstance(error, LimitExceeded)
    assert "hang: not read within 1 seconds" in str(error)
    assert time.monotonic() - started < 15


@POSIX
def test_what_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "child"
    with ExtractionPool(1, Limits(seconds=2.0), extract=HOSTILE) as pool:
        ((_, error),) = pool.run([path])
    assert isinstance(error, LimitExceeded)
    child = int(path.with_suffix(".pid").read_text())
    for _ in range(50):
        if not _runs(child):
            return
        time.sleep(0.1)
    pytest.fail("the child is still running")


def _runs(pid: int) -> bool:
    """Return whether a process is there and not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


@POSIX
def test_an_abort_costs_one_document() -> None:
    error = error_between_good_ones("abort")
    assert isinstance(error, LimitExceeded)
    assert "abort: parser crashed (signal 6)" in str(error)


@POSIX
def test_a_worker_ended_from_outside_costs_one_retry(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("good-1", "once", "good-2", "killed", "good-3")]
    results = dict(run(names))
    assert isinstance(results["once"], ExtractedDocument)
    error = results["killed"]
    assert isinstance(error, LimitExceeded)
    assert "signal 9" in str(error)
    assert (tmp_path / "once.tries").read_text() == "x"
    assert (tmp_path / "killed.tries").read_text() == "xx"
    assert all(isinstance(results[f"good-{n}"], ExtractedDocument) for n in (1, 2, 3))


def test_what_a_worker_leaves_on_disk_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ExtractionPool(1, PATIENT, extract=HOSTILE) as pool:
        results = [result for _, result in pool.run([Path("leave"), Path("good")])]
        assert isinstance(results[0], LimitExceeded)
        held = [p.name for p in tmp_path.iterdir()]
        assert len(held) == 1, "the folder of the one worker that still runs"
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_what_a_killed_run_left_on_disk_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = (
        "import os, signal, sys, tempfile\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "from evidence_mapper.extract.work_folder import WorkFolder\n"
        "(WorkFolder().path / 'words').write_text('of the document')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert [(p / "words").exists() for p in tmp_path.iterdir()] == [True]
    in_use = WorkFolder()
    ExtractionPool(1).close()
    assert list(tmp_path.iterdir()) == [in_use.path]
    in_use.remove()
    assert list(tmp_path.iterdir()) == []


def test_members_of_an_archive_are_read_by_workers(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(3):
            made.writestr(f"{number}.txt", prose(number))
    with ExtractionPool(1) as pool:
        ((_, listed),) = pool.run([path])
        assert isinstance(listed, ExtractedDocument)
        inside = [Inside(path, (m.step,), m.name, str(m.sha256)) for m in listed.members]
        results = list(pool.run(inside))
    assert [source for source, _ in results] == inside
    assert [texts(r)[0] for _, r in results if isinstance(r, ExtractedDocument)] == [
        prose(n) for n in range(3)
    ]


def test_a_silent_exit_costs_one_document() -> None:
    error = error_between_good_ones("exit")
    assert isinstance(error, LimitExceeded)
    assert "parser crashed (exit code 3)" in str(error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the address space limit")
def test_eating_memory_ends_at_the_cap() -> None:
    error = error_between_good_ones("eat", Limits(seconds=20.0, memory_bytes=1024**3))
    assert isinstance(error, LimitExceeded)
    assert "eat needs more than 1,024 MB of memory" in str(error)


def test_an_unexpected_exception_names_its_class_and_tells_no_content() -> None:
    error = error_between_good_ones("raise")
    assert isinstance(error, DamagedFile)
    assert "ZeroDivisionError" in str(error)
    assert "secret" not in str(error)


def test_endless_recursion_costs_one_document() -> None:
    error = error_between_good_ones("recurse")
    assert isinstance(error, DamagedFile | LimitExceeded)


def test_a_result_over_the_cap_is_refused() -> None:
    error = error_between_good_ones("huge", Limits(seconds=20.0, result_bytes=1_000_000))
    assert isinstance(error, LimitExceeded)
    assert "holds too much text" in str(error)


def test_errors_keep_their_class() -> None:
    error = error_between_good_ones("scan")
    assert type(error) is NoTextLayer
    assert str(error) == "scan: a picture"


def test_what_a_library_prints_does_not_disturb() -> None:
    results = run(["print-1", "print-2"])
    assert all(isinstance(result, ExtractedDocument) for _, result in results)


def test_a_worker_reads_fifty_documents() -> None:
    results = run([f"good-{n}" for n in range(120)])
    ids = [texts(result)[0] for _, result in results if isinstance(result, ExtractedDocument)]
    assert [ids.count(pid) for pid in dict.fromkeys(ids)] == [50, 50, 20]


def test_paths_are_drawn_as_results_are_taken() -> None:
    drawn: list[int] = []

    def paths() -> Iterator[Path]:
        for number in range(100):
            drawn.append(number)
            yield Path(f"good-{number}")

    with ExtractionPool(2, extract=HOSTILE) as pool:
        results = pool.run(paths())
        next(results)
        assert len(drawn) <= 5
        next(results)
        assert len(drawn) <= 6


def test_leaving_early_ends_what_is_under_way() -> None:
    started = time.monotonic()
    with ExtractionPool(2, Limits(seconds=60.0), extract=HOSTILE) as pool:
        for _ in pool.run(Path(name) for name in ["good", "hang-1", "hang-2", "hang-3"]):
            break
    assert time.monotonic() - started < 10


def test_an_interrupt_ends_the_workers() -> None:
    class Interrupted(KeyboardInterrupt):
        pass

    def paths() -> Iterator[Path]:
        yield Path("good")
        yield Path("hang")
        raise Interrupted

    started = time.monotonic()
    with (
        pytest.raises(Interrupted),
        ExtractionPool(1, Limits(seconds=60.0), extract=HOSTILE) as pool,
    ):
        list(pool.run(paths()))
    assert time.monotonic() - started < 10


def test_a_reader_that_cannot_be_imported_is_reported_for_each_document() -> None:
    with ExtractionPool(1, extract="no_such_module:read") as pool:
        results = [result for _, result in pool.run([Path("one"), Path("two")])]
    assert [str(result)[:42] for result in results] == [
        "one: the process that reads files does not",
        "two: the process that reads files does not",
    ]


def test_an_interpreter_that_may_not_start_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with ExtractionPool(1) as pool:
        ((_, error),) = pool.run([Path("one")])
    assert isinstance(error, ExtractionError)
    assert "ask your IT service" in str(error)


def test_a_pool_needs_a_worker() -> None:
    with pytest.raises(UsageError, match="at least 1 worker"):
        ExtractionPool(0)


def test_a_closed_pool_refuses() -> None:
    pool = ExtractionPool(1, extract=HOSTILE)
    pool.close()
    pool.close()
    with pytest.raises(UsageError, match="closed"):
        list(pool.run([Path("good")]))


@POSIX
def test_the_memory_cap_leaves_room_for_pdfium_and_lxml(tmp_path: Path) -> None:
    paper = tagged_pdf(tmp_path / "paper.pdf", [[P(prose(n))] for n in range(40)])
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><h1>Title</h1><p>{prose(1)}</p></body></html>")
    with ExtractionPool(1, Limits(memory_bytes=1024**3)) as pool:
        for _, result in pool.run([paper, page]):
            assert isinstance(result, ExtractedDocument), result


NUMBERS = st.none() | st.integers(1, 10_000)
TEXTS = st.text(min_size=1, max_size=30)
LOCATIONS = st.builds(
    SourceLocation,
    page=NUMBERS,
    page_end=NUMBERS,
    bbox=st.none() | st.tuples(*[st.floats(-1e4, 1e4)] * 4),
    paragraph=NUMBERS,
    line=NUMBERS,
    sheet=st.none() | TEXTS,
    row=NUMBERS,
    column=st.none() | TEXTS,
    table=NUMBERS,
    part=st.none() | TEXTS,
    speaker=st.none() | TEXTS,
)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)
BLOCKS = st.builds(
    Block,
    text=TEXTS,
    kind=st.sampled_from(BlockKind),
    location=LOCATIONS,
    heading_path=st.lists(TEXTS, max_size=3).map(tuple),
    level=st.none() | st.integers(1, 9),
    context=st.none() | TEXTS,
    attributes=PAIRS,
)
MEMBERS = st.builds(
    Member,
    name=TEXTS,
    step=st.integers(0, 99),
    size=st.integers(0, 10**9),
    sha256=st.none() | TEXTS,
    refusal=st.none() | st.tuples(TEXTS, TEXTS),
)
DOCUMENTS = st.builds(
    ExtractedDocument,
    media_type=TEXTS,
    extractor=TEXTS,
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
    exclusions=st.lists(
        st.builds(Exclusion, TEXTS, st.sampled_from(ExclusionReason), LOCATIONS), max_size=3
    ).map(tuple),
    pages=NUMBERS,
    unread_pages=st.lists(st.integers(1, 99), max_size=3).map(tuple),
    warnings=st.lists(TEXTS, max_size=3).map(tuple),
    metadata=PAIRS,
    members=st.lists(MEMBERS, max_size=2).map(tuple),
)


@given(DOCUMENTS)
def test_a_document_survives_the_pipe(document: ExtractedDocument) -> None:
    import json

    assert from_json(json.loads(json.dumps(to_json(document)))) == document


@pytest.mark.parametrize(
    "kind",
    [ExtractionError, UnsupportedFormat, EncryptedFile, DamagedFile, EmptyFile, NoTextLayer, LimitExceeded],
)
def test_an_error_survives_the_pipe(kind: type[ExtractionError]) -> None:
    error = error_from_json(error_to_json(kind("what, to what, what next")))
    assert type(error) is kind
    assert str(error) == "what, to what, what next"
