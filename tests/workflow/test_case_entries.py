"""Dated headings: the day, the hour, the hand, and nothing that is not stated."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.passage import Span
from evidence_mapper.workflow.case_dates import read_heading, stated_date
from evidence_mapper.workflow.case_entries import author_of, body, entries, entries_of

DAYS = st.dates(date(1990, 1, 1), date(2059, 12, 31))
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
MANNERS = (
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d:%d.%m.%Y}",
    lambda d: f"{d:%d-%m-%Y}",
    lambda d: d.isoformat(),
    lambda d: f"{d.day} {d:%B} {d.year}",
    lambda d: f"{d.day} {d:%b} {d.year}",
    lambda d: f"{d.day}{_ORDINALS.get(d.day, 'th')} {d:%B} {d.year}",
    lambda d: f"{d:%a} {d.day}/{d.month}/{d.year}",
    lambda d: f"{d:%A}, {d.day} {d:%B} {d.year}",
)


@pytest.mark.parametrize("manner", MANNERS)
@given(day=DAYS)
def test_a_day_is_read_in_every_manner(manner: object, day: date) -> None:
    assert callable(manner)
    line = f"{manner(day)} Home visit"
    found = read_heading(line)
    assert found is not None
    assert (found.date, found.title, found.end) == (day.isoformat(), "Home visit", len(line))


@given(day=st.dates(date(2000, 1, 1), date(2059, 12, 31)), hour=st.times())
def test_a_year_of_two_figures_and_an_hour_are_read(day: date, hour: time) -> None:
    found = read_heading(f"{day.day}/{day.month}/{day:%y} {hour:%H:%M} T/c from daughter")
    assert found is not None
    assert (found.date, found.time) == (day.isoformat(), f"{hour:%H:%M}")
    assert found.title == "T/c from daughter"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("14/01/2025 J. Lowther, SW: Contact", ("2025-01-14", "Contact", "J. Lowther", "SW")),
        ("24 June 2024 - Contact - S. Oyelaran, SW", ("2024-06-24", "Contact", "S. Oyelaran", "SW")),
        ("2024-09-02 | S. Oyelaran, duty | Contact", ("2024-09-02", "Contact", "S. Oyelaran", "duty")),
        ("Tue 11/6/24 Contact (R. Amankwah, transitions SW)",
         ("2024-06-11", "Contact", "R. Amankwah", "transitions SW")),
        ("13/06/2025 OT visit (R. Szymanski)", ("2025-06-13", "OT visit", "R. Szymanski", None)),
        ("H/V 18/03/25 (J. Lowther, SW)", ("2025-03-18", "H/V", "J. Lowther", "SW")),
        ("T/c 3.4.2025", ("2025-04-03", "T/c", None, None)),
        ("19/05/2025", ("2025-05-19", "", None, None)),
        ("12/03/2025 Siân O’Neill, duty worker: H/V", ("2025-03-12", "H/V", "Siân O’Neill", "duty worker")),
        ("Follow up, 28 August 2025", ("2025-08-28", "Follow up", None, None)),
        ("How it is going - 4 August 2025", ("2025-08-04", "How it is going", None, None)),
        ("12/03/2025 JL: T/c", ("2025-03-12", "T/c", "JL", None)),
        ("12/03/2025 OT: T/c", ("2025-03-12", "OT: T/c", None, None)),
        ("12/03/2025 T/c to daughter (JL)", ("2025-03-12", "T/c to daughter", "JL", None)),
        ("12/03/2025 Home visit by S. Khan, OT", ("2025-03-12", "Home visit", "S. Khan", "OT")),
        ("12.3.25 @ 2pm T/c from GP", ("2025-03-12", "T/c from GP", None, None)),
        ("[12/03/2025] Note", ("2025-03-12", "Note", None, None)),
        ("16/06/2025 Move to Holm Lodge", ("2025-06-16", "Move to Holm Lodge", None, None)),
    ],
)  # fmt: skip
def test_headings_of_common_manners(line: str, expected: tuple[str, str, str | None, str | None]) -> None:
    found = read_heading(line)
    assert found is not None
    assert (found.date, found.title, found.author, found.author_role) == expected


@pytest.mark.parametrize(
    "line",
    [
        "12/03 seen at home",
        "March 2025",
        "2025 was hard for her",
        "31/02/2025 Contact",
        "13/13/2025 Contact",
        "Seen on 12/03/2025 at home.",
        "Date of birth: 12/03/1941",
        "Review due 12/03/2026",
        "Review due: 12/03/2026",
        "Next review, 12 March 2026",
        "Age: 17, eighteen on 2 October 2025",
        "Closed: 27 June 2025",
        "She came home, weak and cross, on 2 October 2025 and slept.",
        "1/2/2025/7 reference",
        "192.168.10.11 address",
        "",
    ],
)
def test_nothing_is_guessed(line: str) -> None:
    assert read_heading(line) is None


def test_text_on_the_line_of_its_date_is_not_heading() -> None:
    line = "12/03/2025 14:30 J. Lowther, SW: T/c from daughter, who is worried. She will ring again."
    found = read_heading(line)
    assert found is not None
    assert line[: found.end] == "12/03/2025 14:30 J. Lowther, SW: "
    assert (found.author, found.time, found.title) == ("J. Lowther", "14:30", "")


def test_several_days_of_one_entry() -> None:
    found = read_heading("13/03, 20/03, 03/04/2025")
    assert found is not None
    assert (found.date, found.until) == ("2025-03-13", "2025-04-03")
    over = read_heading("28/12 and 04/01/2025")
    assert over is not None
    assert over.date == "2024-12-28"
    for line in ("25 to 27 April 2025 Crisis team", "25-27 April 2025 Crisis team"):
        crisis = read_heading(line)
        assert crisis is not None
        assert (crisis.date, crisis.until, crisis.title) == ("2025-04-25", "2025-04-27", "Crisis team")
    seen = read_heading("Dates seen: 8 May and 15 May 2025")
    assert seen is not None
    assert (seen.date, seen.until, seen.labelled) == ("2025-05-08", "2025-05-15", True)


def test_a_cell_states_its_date() -> None:
    assert stated_date(" 3 March 2025 ") == "2025-03-03"
    assert stated_date("soon") is None


LINES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=40),
        st.builds(lambda d, m: f"{MANNERS[m](d)} J. Lowther, SW: Visit", DAYS, st.integers(0, 9)),
        DAYS.map(lambda d: f"Date: {d:%d/%m/%Y}"),
    ),
    max_size=12,
)


@given(LINES)
def test_entries_stand_in_the_text_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = entries(text)
    assert [e.span.start for e in found] == sorted({e.span.start for e in found})
    assert sum(e.of_document for e in found) <= 1
    for place, entry in enumerate(found):
        said = entry.span.of(text)
        assert said.strip()
        assert "\n" not in said
        assert read_heading(said) is not None
        inside = body(text, found, place)
        if inside is not None:
            assert entry.span.end <= inside.start < inside.end <= len(text)


@given(LINES, st.data())
def test_a_span_lies_in_the_nearest_entry_above_and_those_within(
    lines: list[str], data: st.DataObject
) -> None:
    text = "\n".join(lines)
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = entries(text)
    above = [e for e in found if e.span.start <= span.start]
    within = [e for e in found if span.start < e.span.start < span.end]
    assert list(entries_of(found, span)) == above[-1:] + within


def test_the_label_of_a_paper_dates_all_of_it() -> None:
    text = "Review: A. Person\n\nDate: 17 March 2025\n\nWorker: A. Bose, reviewing officer\n\nWeight up."
    (entry,) = entries(text)
    assert (entry.date, entry.title, entry.of_document) == (
        "2025-03-17",
        "Review: A. Person",
        True,
    )
    assert (entry.author, entry.author_role) == ("A. Bose", "reviewing officer")
    assert entries_of((entry,), Span(text.index("Weight"), len(text))) == (entry,)
    assert author_of(text) == ("A. Bose", "reviewing officer")


def test_what_stands_above_the_first_date_has_none() -> None:
    text = "CASE NOTES\n\nBackground: lives alone.\n\n12/03/2025 Contact\n\nRang."
    found = entries(text)
    assert entries_of(found, Span(0, 20)) == ()
    assert body(text, found, 0) == Span(text.index("Rang"), len(text))
