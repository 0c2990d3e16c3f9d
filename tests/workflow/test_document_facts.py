"""When a document is from, who wrote it and what kind of paper it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.document import Block, BlockKind, ExtractedDocument, SourceType
from evidence_mapper.frameworks import load
from evidence_mapper.workflow.document_date import document_dates
from evidence_mapper.workflow.document_facts import author_team
from evidence_mapper.workflow.source_type import guess, guess_source_type, implied_category

TODAY = date(2026, 1, 31)
PDF = "application/pdf"


def paper(
    *texts: str, kind: BlockKind = BlockKind.PARAGRAPH, media: str = PDF, **facts: str
) -> ExtractedDocument:
    blocks = tuple(Block(text, kind) for text in texts)
    return ExtractedDocument(media, "test/1", blocks, metadata=tuple(facts.items()))


def shown(name: str, document: ExtractedDocument) -> tuple[str, str] | None:
    found = document_dates(name, document, today=TODAY)
    return (found[0].value, found[0].source) if found else None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Date: 12 March 2025", "2025-03-12"),
        ("Report to Cabinet 14 May 2024", "2024-05-14"),
        ("Version 3, April 2025", "2025-04"),
        ("To: Cabinet – 4 March 2025", "2025-03-04"),
        ("Minutes of the Board held on Tuesday 3rd June 2025", "2025-06-03"),
        ("Published: 28 February 2023", "2023-02-28"),
        ("Last updated 2024-11-05", "2024-11-05"),
        ("Dated 01/09/2024", "2024-09-01"),
        ("Date of issue: 1.9.24", "2024-09-01"),
        ("Approved by the Practice Quality Board, 19 June 2025. Next review: June 2027.", "2025-06-19"),
        ("Approved 8 July 2025; review date 8 July 2026", "2025-07-08"),
        ("March 3, 2025", "2025-03-03"),
        ("21st of Sept 2025", "2025-09-21"),
    ],
)
def test_date_in_the_text(line: str, value: str) -> None:
    assert shown("e/0001.pdf", paper("Adult social care", line)) == (value, "text")


@pytest.mark.parametrize(
    "line",
    [
        "Review date: 12 March 2025",
        "Next review due March 2025",
        "This policy is to be reviewed by 1 April 2025",
        "Date of birth: 4 July 1951",
        "Deadline 12 March 2025",
        "Valid until 31 March 2025",
        "It meets the statutory guidance that was issued by the government in January 2018 for all councils.",
        "Date: 31 February 2025",
        "Date: 12 March 2031",
        "Call 12.03.20.25 or see section 3.4.2025.",
    ],
)
def test_date_that_is_another(line: str) -> None:
    assert shown("e/0001.pdf", paper("Adult social care", line)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("e/2025-03-12 minutes.pdf", "2025-03-12"),
        ("e/20250312_minutes.pdf", "2025-03-12"),
        ("e/minutes 12-03-2025.pdf", "2025-03-12"),
        ("e/Minutes_14_May_2024.pdf", "2024-05-14"),
        ("e/cabinet-march-2025.pdf", "2025-03"),
        ("e/survey_2025.xlsx", "2025"),
        ("2024/Q1/report.pdf", None),
        ("e/budget 2025-26.pdf", None),
        ("e/ref 20259999.pdf", None),
    ],
)
def test_date_in_the_name(name: str, value: str | None) -> None:
    assert shown(name, paper("Adult social care")) == (None if value is None else (value, "file name"))


def test_order_of_sources_and_all_are_kept() -> None:
    document = paper("Date: 12 March 2025", created="2024-01-05T09:00:00Z", modified="2025-02-01T09:00:00Z")
    found = [(d.value, d.source) for d in document_dates("e/2024-06-01.pdf", document, today=TODAY)]
    assert found == [
        ("2025-03-12", "text"),
        ("2024-06-01", "file name"),
        ("2025-02-01", "properties"),
        ("2024-01-05", "properties"),
    ]
    assert "12 March 2025" in document_dates("x.pdf", document, today=TODAY)[0].why


def test_message_is_from_when_it_was_sent() -> None:
    sent = paper("Date: 1 May 2020", media="message/rfc822", created="Tue, 04 Mar 2025 23:30:00 +0000")
    assert shown("e/a.eml", sent) == ("2025-03-04", "message")
    typed = paper("Hello", media="message/rfc822", created="16 September 2025 18:51")
    assert shown("e/a.eml", typed) == ("2025-09-16", "message")
    assert shown("e/a.eml", paper("Hello", media="message/rfc822", created="yesterday")) is None


def test_record_is_from_its_latest_entry_and_a_policy_from_its_latest_version() -> None:
    record = paper("02/06/2025 Contact by telephone.", "18/07/2025 Visit at home.", "04/07/2025 Duty call.")
    assert shown("e/0012.txt", record) == ("2025-07-18", "text")
    rows = ("Version: 1.0; Date: 4 May 2021; Author: A", "Version: 2.1; Date: 8 July 2025; Author: B")
    assert shown("e/policy.docx", paper(*rows, kind=BlockKind.TABLE_ROW)) == ("2025-07-08", "text")


def test_answers_of_a_survey_give_no_date() -> None:
    assert shown("e/a.csv", paper("12 March 2025", kind=BlockKind.COMMENT)) is None


@given(st.lists(st.text(max_size=200), max_size=5), st.text(max_size=80))
def test_any_text_gives_dates_that_are_dates(texts: list[str], name: str) -> None:
    document = paper(*(t or "x" for t in texts), created=name)
    for found in document_dates(name, document, today=TODAY):
        assert found.value <= TODAY.isoformat()
        assert len(found.value) in (4, 7, 10)
        date.fromisoformat(
            found.value + "-01-01"[: 10 - len(found.value)] if len(found.value) < 10 else found.value
        )


@pytest.mark.parametrize(
    ("line", "team"),
    [
        ("Report of the Corporate Director of Place", "the Corporate Director of Place"),
        ("Author: Adult Social Care Commissioning", "Adult Social Care Commissioning"),
        ("Policy owner: Safeguarding Adults Team; Version 3", "Safeguarding Adults Team"),
        ("Prepared by Performance and Insight Service", "Performance and Insight Service"),
        ("Author: Jane Smith", None),
        ("Team work made the difference to my mother, who is a person.", None),
    ],
)
def test_author_team(line: str, team: str | None) -> None:
    assert author_team(paper("A title", line)) == team


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ("To: Cabinet, 30 January 2025", "Recommendation(s): Cabinet is asked to agree"),
            SourceType.COMMITTEE_REPORT,
        ),
        (("This policy sets out how we charge for care.", "Document owner: Finance"), SourceType.POLICY),
        (
            ("Quarterly performance report", "Key performance indicators, RAG rating"),
            SourceType.PERFORMANCE_REPORT,
        ),
        (("I wish to make a formal complaint about the wait.", "Stage one complaint"), SourceType.COMPLAINT),
        (("Case note", "Date of birth: 4 July 1951", "NHS number: 1"), SourceType.CASE_RECORD),
        (("Lorem ipsum dolor sit amet.",), SourceType.UNKNOWN),
    ],
)
def test_source_type_from_the_first_page_alone(texts: tuple[str, ...], expected: SourceType) -> None:
    assert guess_source_type("x/0001.pdf", paper(*texts)) is expected


def test_two_signs_make_a_guess_surer_than_one() -> None:
    policy = paper("This policy sets out how we charge.")
    named, nameless = guess("x/charging policy.pdf", policy), guess("x/0001.pdf", policy)
    assert named.source_type is nameless.source_type is SourceType.POLICY
    assert 0 < nameless.probability < named.probability <= 1
    assert guess("x/0001.pdf", paper("Lorem ipsum")).probability < 0.5


def test_implied_categories_are_the_frameworks() -> None:
    known = {c.id for c in load("cqc-local-authority").evidence_categories}
    implied = {kind: implied_category(kind) for kind in SourceType}
    assert {c for c in implied.values() if c} == known
    assert implied[SourceType.CASE_RECORD] is None
    assert implied[SourceType.EMAIL] is None
