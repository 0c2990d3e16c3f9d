"""What is written holds to the standard's schemas, and is the same for the same state."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.workflow.refi_foreign import check_references, guid, schema

from evidence_mapper import frameworks
from evidence_mapper.domain.exchange import QdaCoding, QdaNote, QdaSelection, QdaSource, QdaUser
from evidence_mapper.domain.framework import Framework
from evidence_mapper.export.refi_codes import code_names, code_sets, codebook, our_codes
from evidence_mapper.export.refi_qda import Bundle, Heading, write_codebook, write_project
from evidence_mapper.export.refi_xml import legal

FRAMEWORKS = ["cqc-local-authority", "cqc-integrated-care-systems", "cqc-provider", "cqc-provider-kloe",
              "making-it-real"]  # fmt: skip
AT = "2025-01-02T03:04:05.000000Z"
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def test_every_framework_is_a_valid_codebook_with_unique_names() -> None:
    seen: set[str] = set()
    for name in FRAMEWORKS:
        framework = frameworks.load(name)
        stream = io.BytesIO()
        count = write_codebook(stream, codebook(framework), code_sets(framework), origin="x")
        root = etree.fromstring(stream.getvalue())
        schema("Codebook").assertValid(root)
        check_references(root)
        names = [str(code.get("name")).casefold() for code in root.iter("{*}Code")]
        assert count == len(names) == len(set(names))
        assert set(our_codes(framework)) <= {str(code.get("guid")) for code in root.iter("{*}Code")}
        own = set(our_codes(framework))
        assert len(own) == len(code_names(framework))
        assert not own & seen, "two frameworks share a GUID"
        seen |= own


def test_wording_that_is_not_official_says_so() -> None:
    framework = frameworks.load("cqc-local-authority")
    stream = io.BytesIO()
    write_codebook(stream, codebook(framework), (), origin="x")
    root = etree.fromstring(stream.getvalue())
    said = [element.text or "" for element in root.iter("{*}Description")]
    assert any(text.startswith("Topic (not official text): ") for text in said)
    assert sum("copyright Care Quality Commission" in text for text in said) == len(framework.themes)


def package(framework: Framework, text: str, note: str, name: str) -> bytes:
    """Return a project with one source, all of whose text is coded."""
    user, code = guid("user"), next(iter(our_codes(framework)))
    coding = QdaCoding(guid("coding"), code, user, AT, (guid("note"),))
    selection = QdaSelection(guid("selection"), name, 0, len(text), (coding,), user, AT, "Place", ())
    source = QdaSource(
        guid("source"), name, f"internal://{guid('source')}.txt", None, (selection,), (("Kind", note),), AT
    )
    heading = Heading(
        name=name,
        origin="x",
        created=AT,
        modified=AT,
        users=[QdaUser(user, name)],
        codes=codebook(framework),
        sets=code_sets(framework),
        variables=[("Kind", "Text")],
    )
    stream = io.BytesIO()
    bundle = Bundle(source, text, (QdaNote(guid("note"), name, note, user, AT),))
    assert write_project(stream, heading, [bundle]) == 1
    return stream.getvalue()


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, note=TEXTS, name=TEXTS)
def test_any_text_note_and_name_gives_a_valid_package(
    framework: Framework, text: str, note: str, name: str
) -> None:
    data = package(framework, text, note, name)
    assert data == package(framework, text, note, name)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        root = etree.fromstring(opened.read("project.qde"))
        assert opened.read(f"sources/{guid('source')}.txt").decode("utf-8") == text
    schema("Project").assertValid(root)
    check_references(root)
    found = root.find(".//{*}Note/{*}PlainTextContent")
    assert found is not None
    assert found.text == legal(note)
    selection = root.find(".//{*}PlainTextSelection")
    assert selection is not None
    assert text[int(selection.get("startPosition", "")) : int(selection.get("endPosition", ""))] == text
    assert selection.get("name") == legal(name)


def test_project_without_anything_is_valid(framework: Framework) -> None:
    heading = Heading("x", "x", AT, AT, [], codebook(framework), (), [])
    stream = io.BytesIO()
    assert write_project(stream, heading, []) == 0
    with zipfile.ZipFile(stream) as opened:
        schema("Project").assertValid(etree.fromstring(opened.read("project.qde")))
