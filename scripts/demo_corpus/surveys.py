"""Survey returns: an Excel workbook and a CSV file as Excel saves it in the United Kingdom."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import xlsxwriter

from demo_corpus.fixed import AUTHOR, WRITTEN
from demo_corpus.markup import read_lines

RESPONDENTS: Final = 112
_SEED: Final = 20250918
_AREAS: Final = ("Brackenmouth", "Quillmere", "Dunnersby", "Larkhithe", "Fennerby")
_AGES: Final = ("18-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
_HOURS: Final = ("0-9", "10-19", "20-49", "50-99", "100+")
_CARES_FOR: Final = ("Parent", "Husband, wife or partner", "Son or daughter", "Brother or sister", "Friend")
_HEADERS: Final = (
    "Respondent ID", "Date received", "Area", "Age band", "Cares for", "Hours of care a week",
    "Q5 Satisfied with support (1-5)", "Q6 Easy to find information (1-5)",
    "Q7 Felt involved in decisions (1-5)", "Q8 Have time for myself (1-5)",
    "Q11 What has helped you most in your caring role?",
    "Q12 What could the council do better?",
)  # fmt: skip
_NOTES: Final = (
    "Carers' survey 2025",
    "Paper survey sent to 640 carers known to the council or the Carers Hub, 1 to 30 September 2025.",
    "112 came back (17.5%). Comments are typed as written.",
    "1 = strongly disagree, 5 = strongly agree. Blank = not answered.",
)
_SERVICES: Final = (
    "Home care",
    "Direct payment",
    "Care home",
    "Supported living",
    "Reablement",
    "Day service",
)
_OVERALL: Final = ("Very good", "Good", "Fair", "Poor", "Very poor")


def write_carers_survey(path: Path) -> None:
    """Write 112 carers' answers, ratings and two free-text questions, with a sheet of notes."""
    rng = random.Random(_SEED)
    helped = _scatter(rng, read_lines("surveys/carers-helped.txt"))
    better = _scatter(rng, read_lines("surveys/carers-better.txt"))
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties(
            {"title": _NOTES[0], "author": AUTHOR, "created": WRITTEN.replace(tzinfo=None)}
        )
        bold = workbook.add_format({"bold": True, "text_wrap": True, "bg_color": "#DCE6EE"})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet("Responses")
        sheet.write_row(0, 0, _HEADERS, bold)
        sheet.set_column(0, 9, 14)
        sheet.set_column(10, 11, 60)
        sheet.freeze_panes(1, 1)
        for row in range(RESPONDENTS):
            sheet.write_row(row + 1, 0, _respondent(rng, row + 1))
            for column, answers in ((10, helped), (11, better)):
                if row in answers:
                    sheet.write_string(row + 1, column, answers[row], wrapped)
        workbook.add_worksheet("About this survey").write_column(0, 0, _NOTES)


def write_comment_survey(path: Path) -> None:
    """Write the survey of people who use services: Windows-1252, CRLF, as "CSV (comma delimited)"."""
    rng = random.Random(_SEED + 1)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["Ref", "Received", "Service", "Ward", "Overall, how good is your care?",
                     "Tell us about your experience of care and support"])  # fmt: skip
    for number, comment in enumerate(read_lines("surveys/care-and-support-comments.txt"), 1):
        overall = rng.choices(_OVERALL, weights=(30, 30, 20, 12, 8))[0]
        received = _day(rng).strftime("%d/%m/%Y")
        row = [f"S{number:03}", received, rng.choice(_SERVICES), rng.choice(_AREAS), overall, comment]
        writer.writerow(row)
    path.write_bytes(buffer.getvalue().replace("'", "\u2019").encode("cp1252"))


def _scatter(rng: random.Random, comments: list[str]) -> dict[int, str]:
    rows = sorted(rng.sample(range(RESPONDENTS), len(comments)))
    return dict(zip(rows, comments, strict=True))


def _respondent(rng: random.Random, number: int) -> list[str | int]:
    ratings: list[str | int] = [
        "" if rng.random() < 0.06 else rng.choices(range(1, 6), weights=(12, 22, 26, 26, 14))[0]
        for _ in range(4)
    ]
    return [
        f"C{number:03}", _day(rng).isoformat(), rng.choice(_AREAS), rng.choice(_AGES),
        rng.choice(_CARES_FOR), rng.choice(_HOURS), *ratings,
    ]  # fmt: skip


def _day(rng: random.Random) -> date:
    return date(2025, 9, 1) + timedelta(days=rng.randrange(30))
