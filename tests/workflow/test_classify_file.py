"""The contract for other programs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.classify_file import ClassifyReport, classify_lines


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


def test_byte_order_mark_and_blank_lines_are_passed_over(framework: Framework) -> None:
    rows, report = classify(framework, b'\xef\xbb\xbf{"id": "a", "text": "x y z"}\r\n\r\n')
    assert ([r["id"] for r in rows], report.bad) == (["a"], [])


def test_empty_input_gives_empty_output(framework: Framework) -> None:
    rows, report = classify(framework, b"")
    assert (rows, report.written) == ([], 0)
