"""Files redacted and put back."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_mapper.domain.passage import Span
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.redact_files import redact_files, reverse_files
from evidence_mapper.workflow.redaction import redact_texts
from evidence_mapper.workflow.redaction_key import Key, read_key, write_key

NOTE = "Visited Mrs Threlkeld.\r\nHer son Colin was there. Ring 01632 960123.\r\n"


def redact(source: Path, tmp_path: Path, **options: object) -> Path:
    redact_files(source, tmp_path / "out", tmp_path / "key.json", **options)  # type: ignore[arg-type]
    return tmp_path / "out"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_comes_back_to_the_byte(tmp_path: Path, encoding: str) -> None:
    data = (NOTE + "Seen: Siân Prydderch, £40.\n").encode(encoding)
    (tmp_path / "threlkeld.txt").write_bytes(data)
    out = redact(tmp_path / "threlkeld.txt", tmp_path)
    written = (out / "record-001.txt").read_bytes()
    assert b"Threlkeld" not in written
    assert "Threlkeld" not in written.decode("utf-16" if encoding == "utf-16" else "latin-1")
    report = reverse_files(out, tmp_path / "back", tmp_path / "key.json")
    assert (tmp_path / "back" / "threlkeld.txt").read_bytes() == data
    assert not report.refused


def test_no_name_is_left_in_the_file_names_unless_asked(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "threlkeld.txt").write_text(NOTE, encoding="utf-8")
    out = redact(folder, tmp_path)
    assert [p.name for p in out.iterdir()] == ["record-001.txt"]
    redact_files(folder, tmp_path / "out2", tmp_path / "key2.json", keep_names=True)
    assert [p.name for p in (tmp_path / "out2").iterdir()] == ["threlkeld.txt"]


def test_one_case_has_one_set_of_pseudonyms(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "a.txt").write_text("Edith Threlkeld rang.", encoding="utf-8")
    (folder / "b.txt").write_text("Mr Bibby visited Mrs Threlkeld.", encoding="utf-8")
    out = redact(folder, tmp_path, cases="one")
    assert (out / "record-002.txt").read_text(encoding="utf-8") == "Person 2 visited Person 1."
    apart = tmp_path / "apart"
    redact_files(folder, apart, tmp_path / "key2.json", cases="file")
    assert (apart / "record-002.txt").read_text(encoding="utf-8").startswith("Person 1 visited")


def test_json_lines_keep_keys_and_numbers(tmp_path: Path) -> None:
    rows = [{"id": 7, "text": "Mrs Threlkeld rang.", "more": [{"by": "Mr Bibby"}, None, True]}]
    source = tmp_path / "notes.jsonl"
    source.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    out = redact(source, tmp_path)
    row = json.loads((out / "record-001.jsonl").read_text(encoding="utf-8"))
    assert row["id"] == 7
    assert row["text"] == "Person 1 rang."
    assert row["more"] == [{"by": "Person 2"}, None, True]
    reverse_files(out, tmp_path / "back", tmp_path / "key.json")
    assert [json.loads(line) for line in (tmp_path / "back/notes.jsonl").read_text().splitlines()] == rows


def test_a_word_document_is_written_as_text(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Assessment of Mrs Threlkeld")
    document.add_paragraph("Mrs Threlkeld lives at 27 Tennyson Road.")
    document.save(str(tmp_path / "a.docx"))
    out = redact(tmp_path / "a.docx", tmp_path)
    text = (out / "record-001.txt").read_text(encoding="utf-8")
    assert text == "Assessment of Person 1\n\nPerson 1 lives at [address].\n"
    reverse_files(out, tmp_path / "back", tmp_path / "key.json")
    assert "27 Tennyson Road" in (tmp_path / "back" / "a.docx.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_the_key_and_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NOTE, encoding="utf-8")
    out = redact(tmp_path / "a.txt", tmp_path)
    for path in (tmp_path / "key.json", out / "record-001.txt"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_inside_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NOTE, encoding="utf-8")
    with pytest.raises(UsageError, match="would lie inside"):
        redact_files(tmp_path / "a.txt", tmp_path / "out", tmp_path / "out" / "deep" / "key.json")
    assert not (tmp_path / "out").exists()


def test_an_output_with_files_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").touch()
    (tmp_path / "a.txt").write_text(NOTE, encoding="utf-8")
    with pytest.raises(UsageError, match="not an empty folder"):
        redact(tmp_path / "a.txt", tmp_path)


def test_a_changed_file_is_not_put_back(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NOTE, encoding="utf-8")
    out = redact(tmp_path / "a.txt", tmp_path)
    path = out / "record-001.txt"
    path.write_text(path.read_text(encoding="utf-8") + "more", encoding="utf-8")
    report = reverse_files(out, tmp_path / "back", tmp_path / "key.json")
    assert [name for name, _ in report.refused] == ["record-001.txt"]
    assert "changed after redaction" in report.refused[0][1]


@pytest.mark.parametrize("content", ["", "[]", '{"format": 9}', '{"format": 1, "cases": 3, "files": []}'])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "key.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="key"):
        read_key(tmp_path / "key.json")


def test_bad_json_lines_are_named_and_the_rest_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "bad.jsonl").write_text("{", encoding="utf-8")
    (folder / "good.txt").write_text(NOTE, encoding="utf-8")
    report = redact_files(folder, tmp_path / "out", tmp_path / "key.json")
    assert [name for name, _ in report.refused] == ["bad.jsonl"]
    assert [source for source, _, _ in report.files] == ["good.txt"]


def test_a_key_is_carried_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Edith Threlkeld rang.", encoding="utf-8")
    redact_files(tmp_path / "a.txt", tmp_path / "one", tmp_path / "key.json", cases="one")
    (tmp_path / "b.txt").write_text("Mr Bibby and Mrs Threlkeld came.", encoding="utf-8")
    redact_files(tmp_path / "b.txt", tmp_path / "two", tmp_path / "key.json", cases="one")
    assert (tmp_path / "two" / "record-002.txt").read_text(encoding="utf-8") == "Person 2 and Person 1 came."


def test_the_door_carries_a_quote_over() -> None:
    text = "Mrs Threlkeld told Colin that she was glad. Colin wept."
    (result,) = redact_texts([text], case=None, key=None)
    start = text.index("told")
    quote = Span(start, text.index(" Colin wept"))
    assert result.carried(quote).startswith("told ")
    assert "Colin" not in result.carried(quote)
    assert result.carried(quote).endswith("that she was glad.")
    assert result.redacted.restored(result.words) == text


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["Mrs Kaur ", "rang. ", "é🏠 ", "07700 900123 ", "Colin\n", "\t"]), max_size=12)
)
def test_any_text_is_restored_from_key_and_redaction(parts: list[str]) -> None:
    text = "".join(parts)
    (result,) = redact_texts([text], case="c", key=Key())
    assert result.redacted.restored(result.words) == text
    assert "Kaur" not in result.text


def test_a_key_goes_to_the_file_and_back(tmp_path: Path) -> None:
    key = Key()
    redact_texts(["Mrs Kaur rang her son Colin at 4 Ash Road."], case="14", key=key)
    write_key(key, tmp_path / "key.json")
    assert read_key(tmp_path / "key.json").to_json() == key.to_json()


def test_two_files_of_one_content_both_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("Mrs Threlkeld rang.", encoding="utf-8")
    out = redact(folder, tmp_path)
    report = reverse_files(out, tmp_path / "back", tmp_path / "key.json")
    assert sorted(p.name for p in (tmp_path / "back").iterdir()) == ["a.txt", "b.txt"]
    assert not report.refused


def test_a_key_cannot_write_outside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Mrs Threlkeld rang.", encoding="utf-8")
    out = redact(tmp_path / "a.txt", tmp_path)
    key = tmp_path / "key.json"
    key.write_text(key.read_text().replace('"source": "a.txt"', '"source": "../stray.txt"'))
    report = reverse_files(out, tmp_path / "back", key)
    assert "leads out of" in report.refused[0][1]
    assert not (tmp_path / "stray.txt").exists()


def test_json_lines_with_a_line_more_are_not_put_back(tmp_path: Path) -> None:
    source = tmp_path / "notes.jsonl"
    source.write_text(json.dumps({"text": "Mrs Threlkeld rang."}) + "\n", encoding="utf-8")
    out = redact(source, tmp_path)
    with (out / "record-001.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"text": "more"}\n')
    report = reverse_files(out, tmp_path / "back", tmp_path / "key.json")
    assert "changed after redaction" in report.refused[0][1]
