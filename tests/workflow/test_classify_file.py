"""The contract for other programs."""

from __future__ import annotations

import io
import json
import os
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.workflow.classify_file import Asked, classify_lines
from evidence_mapper.workflow.classify_input import ClassifyReport, Record, open_source, read_together
from evidence_mapper.workflow.publish import open_output


def classify(framework: Framework, source: bytes) -> tuple[list[dict[str, Any]], ClassifyReport]:
    sink = io.StringIO()
    report = classify_lines(framework, io.BytesIO(source), sink)
    return [json.loads(line) for line in sink.getvalue().splitlines()], report


def test_order_and_ids_are_kept(framework: Framework) -> None:
    texts = [
        "I feel safe at home now.",
        "The car park will close.",
        "Nobody reviewed mum's plan for two years.",
    ]
    lines = [json.dumps({"id": f"p{i}", "text": t}) for i, t in enumerate(texts)]
    rows, report = classify(framework, "\n".join(lines).encode())
    assert [r["id"] for r in rows] == ["p0", "p1", "p2"]
    assert (report.written, report.bad) == (3, [])


def test_keys_of_an_output_line(framework: Framework) -> None:
    line = {
        "id": 7,
        "text": "Waits for reviews rose to 40 weeks.",
        "heading": "Performance",
        "source_type": "survey-comment",
    }
    rows, _ = classify(framework, json.dumps(line).encode())
    row = rows[0]
    assert row["id"] == 7
    assert set(row) == {
        "id", "statements", "topics", "i_statements", "evidence_category", "polarity",
        "none_probability", "none_suggested", "abstained",
    }  # fmt: skip
    assert len(row["statements"]) == 9
    assert set(row["statements"][0]) == {"id", "probability", "suggested"}
    assert row["evidence_category"]["id"] in row["evidence_category"]["distribution"]


BAD = [
    (b"{", "not JSON"),
    (b"[1]", "expected an object"),
    (b'{"text": "x"}', 'expected "id"'),
    (b'{"id": null, "text": "x"}', 'expected "id"'),
    (b'{"id": true, "text": "x"}', 'expected "id"'),
    (b'{"id": 1.5, "text": "x"}', 'expected "id"'),
    (b'{"id": 1' + b"0" * 5000 + b', "text": "x"}', "integer"),
    (b'{"id": "a\\ud83d", "text": "x"}', r'"id" has half of a surrogate pair, \ud83d, at character 2'),
    (b'{"id": "a", "text": "x \\udc00"}', r'"text" has half of a surrogate pair, \udc00, at character 3'),
    (b'{"id": "a", "text": "x", "heading": "\\ud800"}', '"heading" has half of a surrogate pair'),
    (b'{"id": "a", "text": "x", "source_type": "\\ud800"}', '"source_type" has half of a surrogate pair'),
    (b'{"id": "a", "text": "x", "document": 3}', 'expected "document": a string that is not empty, or null'),
    (b'{"id": "a", "text": "x", "document": true}', 'expected "document"'),
    (b'{"id": "a", "text": "x", "document": ["d"]}', 'expected "document"'),
    (b'{"id": "a", "text": "x", "document": " "}', 'expected "document"'),
    (b'{"id": "a", "text": "x", "document": "\\ud800"}', '"document" has half of a surrogate pair'),
    (b'{"id": "a"}', 'expected "text"'),
    (b'{"id": "a", "text": "  "}', 'expected "text"'),
    (b'{"id": "a", "text": 3}', 'expected "text"'),
    (b'{"id": "a", "text": "x", "heading": 3}', 'expected "heading"'),
    (b'{"id": "a", "text": "\xff"}', "not UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_bad_line_is_reported_by_number_and_the_rest_is_done(
    framework: Framework, line: bytes, message: str
) -> None:
    good = b'{"id": "good", "text": "The ramp was fitted in a week."}'
    rows, report = classify(framework, b"\n".join([good, line, good]))
    assert [r["id"] for r in rows] == ["good", "good"]
    ((number, said),) = report.bad
    assert number == 2
    assert message in said


def test_a_whole_surrogate_pair_is_a_character(framework: Framework) -> None:
    rows, report = classify(framework, b'{"id": "\\ud83d\\ude00", "text": "Thank you \\ud83d\\ude00"}')
    assert ([r["id"] for r in rows], report.bad) == (["😀"], [])


def test_a_source_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"none\.jsonl cannot be read: .*then run it again"),
        open_source(tmp_path / "none.jsonl"),
    ):
        pass


def test_a_source_is_counted_and_read_from_its_start(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"one\ntwo\n\nthree")
    with open_source(tmp_path / "in.jsonl") as (stream, total):
        assert (stream.read(), total) == (b"one\ntwo\n\nthree", 4)


def test_a_place_held_by_something_else_is_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.mkdir()
    with (
        pytest.raises(ExportError, match=r"out\.jsonl cannot be written: .*close it if it is open"),
        open_output(target, io.StringIO()) as sink,
    ):
        sink.write("{}")
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_: (full, str(tmp_path / "part")))
    with (
        pytest.raises(ExportError, match="No space left on device"),
        open_output(tmp_path / "out.jsonl", io.StringIO()) as sink,
    ):
        sink.write("x" * 100_000)
    assert not (tmp_path / "out.jsonl").exists()


def test_work_that_fails_leaves_the_earlier_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("earlier", encoding="utf-8")

    def work() -> None:
        with open_output(target, io.StringIO()) as sink:
            sink.write("half")
            raise UsageError("the source went away")

    with pytest.raises(UsageError, match="went away"):
        work()
    assert [(p, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [(target, "earlier")]


def test_byte_order_mark_and_blank_lines_are_passed_over(framework: Framework) -> None:
    rows, report = classify(framework, b'\xef\xbb\xbf{"id": "a", "text": "x y z"}\r\n\r\n')
    assert ([r["id"] for r in rows], report.bad) == (["a"], [])


def test_empty_input_gives_empty_output(framework: Framework) -> None:
    rows, report = classify(framework, b"")
    assert (rows, report.written) == ([], 0)


def test_a_line_is_written_before_the_file_is_read(framework: Framework) -> None:
    sink = io.StringIO()

    class Watched(io.BytesIO):
        taken = waiting = 0

        def __next__(self) -> bytes:
            line = super().__next__()
            self.taken += 1
            self.waiting = max(self.waiting, self.taken - sink.getvalue().count("\n"))
            return line

    for document, most in ((None, 256), ("one", 512)):
        sink.truncate(sink.seek(0))
        line = json.dumps({"id": 1, "text": "The ramp was fitted in a week.", "document": document})
        source = Watched(f"{line}\n".encode() * 600)
        report = classify_lines(framework, source, sink, Asked(speed="fast"))
        assert (report.written, source.waiting) == (600, most)


def test_progress_is_told_line_by_line_where_reasons_are_asked_for(framework: Framework) -> None:
    told: list[tuple[int, int]] = []
    source = b"\n".join(b'{"id": 1, "text": "The ramp was fitted in a week."}' for _ in range(3))
    for why, wanted in ((False, [(3, 3)]), (True, [(1, 3), (2, 3), (3, 3)])):
        told.clear()
        classify_lines(
            framework, io.BytesIO(source), io.StringIO(), Asked(speed="fast", why=why), total=3,
            progress=lambda done, total, _: told.append((done, total)),
        )  # fmt: skip
        assert told == wanted


@pytest.mark.parametrize(("others", "apart"), [(2, 1), (9_999, 1), (10_000, 0)])
def test_a_document_that_comes_back_is_known_after_ten_thousand_others(others: int, apart: int) -> None:
    names = ["first", *map(str, range(others)), "first"]
    records = (Record(n, n, ClassifierInput("x"), name) for n, name in enumerate(names, 1))
    report = ClassifyReport()
    assert [len(g) for g in read_together(records, report)] == [1] * len(names)
    assert report.apart == apart
    assert report.first_apart == ((others + 2, "first", 1) if apart else None)


@given(st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.integers(1, 700)), max_size=6))
def test_parts_are_those_of_a_project(runs: list[tuple[str | None, int]]) -> None:
    names = [name for name, length in runs for _ in range(length)]
    records = [Record(n, n, ClassifierInput("x"), name) for n, name in enumerate(names)]
    parts = list(read_together(records, ClassifyReport()))
    assert [r for part in parts for r in part] == records
    assert all(len({r.document for r in part}) == 1 for part in parts)
    whole = [(name, sum(1 for _ in group)) for name, group in groupby(names)]
    wanted = [
        (name, min(size, length - first))
        for name, length in whole
        for size in [256 if name is None else 512]
        for first in range(0, length, size)
    ]
    assert [(part[0].document, len(part)) for part in parts] == wanted
