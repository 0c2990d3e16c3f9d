"""A draft's sentences become claims: with their place, once each, and none lost when the draft changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workflow.claim_projects import made
from tests.workflow.pack_samples import CALLS, confirm

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceLocation
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.segment.placed import place_blocks
from evidence_mapper.workflow import claim_import
from evidence_mapper.workflow.claim_draft import Draft, draft_of, named_statements, sentence_key
from evidence_mapper.workflow.claim_import import Changed, ImportReport, import_claims
from evidence_mapper.workflow.claims import all_claims, edit_claim, find_claim, link_claim, withdraw_claim
from evidence_mapper.workflow.project import Project

FIRST = "Carers wait less than four weeks for an assessment."
SECOND = "We review every plan within a year."
THIRD = "Nobody leaves hospital without a plan."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made(tmp_path) as project:
        yield project


def paragraphs(*texts: str, heading: str = "Assessing needs") -> ExtractedDocument:
    blocks = (
        Block(text, BlockKind.PARAGRAPH, SourceLocation(paragraph=n), (heading,))
        for n, text in enumerate(texts, start=1)
    )
    return ExtractedDocument("text/plain", "test/1", tuple(blocks))


def bring_in(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    *texts: str,
    name: str = "draft.docx",
    changed: Changed = Changed.LIST,
) -> ImportReport:
    def read(framework: Framework, path: Path, **_: object) -> Draft:
        return draft_of(framework, paragraphs(*texts), path.name, "sha256:" + "0" * 64)

    monkeypatch.setattr(claim_import, "read_draft", read)
    return import_claims(project, Path(name), coder="ann", changed=changed)


def test_the_same_draft_again_adds_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bring_in(project, monkeypatch, f"{FIRST} {SECOND}", THIRD, f"{FIRST} Short one.")
    assert [c.text for c in first.added] == [FIRST, SECOND, THIRD]
    assert [r for r, _ in first.draft.left_out] == ["under 4 words"]
    claim = first.added[0]
    assert claim.statements == ("assessing-needs",)
    assert claim.origin is not None
    assert [p.location.paragraph for p in claim.origin.places] == [1, 3], "said twice, one claim"
    again = bring_in(project, monkeypatch, f"{FIRST} {SECOND}", THIRD)
    assert (again.added, again.changed, again.gone) == ([], [], [])
    assert [c.number for c in again.known] == [1, 2, 3]
    assert len(all_claims(project)) == 3


def test_an_edited_claim_is_known_by_what_the_draft_says(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project, monkeypatch, FIRST, SECOND)
    edit_claim(project, 1, coder="ben", text="Most carers are assessed within a month.")
    withdraw_claim(project, 2, coder="ben")
    again = bring_in(project, monkeypatch, FIRST.upper().replace(".", " "), SECOND)
    assert [c.number for c in again.known] == [1, 2]
    assert again.added == []
    assert not find_claim(project, 2).is_open, "it stays withdrawn"


def test_a_changed_sentence_is_listed_and_taken_only_when_asked(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project, monkeypatch, FIRST, SECOND, THIRD)
    calls = confirm(project, CALLS).id
    link_claim(project, 1, coder="ann", passages=[calls])
    newer = FIRST.replace("four", "six")
    listed = bring_in(project, monkeypatch, newer, SECOND, name="draft v2.docx")
    assert [(p.claim.number, p.sentence.text) for p in listed.changed] == [(1, newer)]
    assert [c.number for c in listed.gone] == [3], "another name, but a third of the sentences are the same"
    assert listed.added == []
    assert find_claim(project, 1).text == FIRST, "nothing was done"
    assert find_claim(project, 3).is_open, "a dropped sentence stays a claim"
    bring_in(project, monkeypatch, newer, SECOND, name="draft v2.docx", changed=Changed.TAKE)
    taken = find_claim(project, 1)
    assert (taken.text, taken.passages, taken.former) == (newer, (calls,), (FIRST,))
    old = bring_in(project, monkeypatch, FIRST, SECOND)
    assert [c.number for c in old.known] == [1, 2], "the old draft's words are known too"
    both = bring_in(project, monkeypatch, FIRST, newer, SECOND, changed=Changed.NEW)
    assert [c.text for c in both.added] == [FIRST], "when both are said they are two claims"
    assert len({c.id for c in all_claims(project)}) == len(all_claims(project)) == 4


def test_another_draft_s_claims_are_not_called_gone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project, monkeypatch, FIRST, SECOND, THIRD)
    other = bring_in(project, monkeypatch, "Something else is said in this paper.", name="other.docx")
    assert (len(other.added), other.gone, other.changed) == (1, [], [])


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("1. Assessing needs", ("assessing-needs",)),
        ("QUALITY STATEMENT 7: Safeguarding", ("safeguarding",)),
        ("Governance", ("governance",)),
        ("Safe systems, pathways and transitions", ("safe-systems",)),
        ("equity", ("equity",)),
        ("Assessing needs and safeguarding", ("assessing-needs", "safeguarding")),
        ("Leadership", ()),
        ("Outcomes", ()),
        ("", ()),
        ("7", ()),
    ],
)
def test_headings_name_statements(framework: Framework, heading: str, found: tuple[str, ...]) -> None:
    assert named_statements(framework, heading) == found


_KINDS = st.sampled_from([k for k in BlockKind if k is not BlockKind.HEADING])
_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=120)
_BLOCKS = st.lists(
    st.builds(
        Block,
        text=_TEXT | st.just('=HYPERLINK("x") is said. And [bold] more of it here!  \x1b[2J yes it is.'),
        kind=_KINDS,
        location=st.just(SourceLocation(paragraph=1)),
        heading_path=st.lists(_TEXT, max_size=2).map(tuple),
        context=st.none() | _TEXT,
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(_BLOCKS, st.booleans())
def test_every_sentence_is_verbatim_at_its_place_and_there_once(
    framework: Framework, blocks: list[Block], tables: bool
) -> None:
    document = ExtractedDocument("text/plain", "test/1", tuple(blocks))
    text, _ = place_blocks(document.blocks)
    draft = draft_of(framework, document, "d", "sha256:0", tables=tables)
    keys = [sentence_key(s.text) for s in draft.sentences]
    assert len(set(keys)) == len(keys)
    for sentence in draft.sentences:
        start, end = sentence.places[0].span
        assert text[start:end] == sentence.text
        for place in sentence.places:
            assert sentence_key(text[place.span[0] : place.span[1]]) == sentence_key(sentence.text)
    said = sum(len(s.places) for s in draft.sentences)
    assert said + len(draft.left_out) >= sum(bool(b.text.strip()) for b in blocks), "nothing is passed over"


def test_a_draft_without_sentences_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        import_claims(project, tmp_path / "none.docx", coder="ann")
    assert all_claims(project) == []


def test_a_cell_that_only_names_a_statement_is_no_claim_but_says_what_the_row_is_under(
    framework: Framework,
) -> None:
    said = ((2, "A", FIRST), (2, "B", "Equity in experience and outcomes"), (3, "A", SECOND))
    blocks = tuple(
        Block(text, BlockKind.COMMENT, SourceLocation(sheet="Claims", row=row, column=column))
        for row, column, text in said
    )
    table = ExtractedDocument("text/csv", "test/1", blocks)
    draft = draft_of(framework, table, "claims.csv", "sha256:" + "0" * 64)
    assert [(s.text, s.statements) for s in draft.sentences] == [(FIRST, ("equity",)), (SECOND, ())]
    assert draft.left_out == [("name of a statement", "Equity in experience and outcomes")]
