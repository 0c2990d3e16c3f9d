"""The demo corpus is whole, opens with independent libraries and is what its datasheet says."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from demo_papers import CORPUS, DEMO, readable_papers, sheet_rows, survey_rows, text_of

ROOT = CORPUS.parents[1]
STRATEGY = DEMO / "policies/adult-social-care-strategy.pdf"
SAFEGUARDING = DEMO / "policies/safeguarding-adults-policy.pdf"


def listed_hashes() -> dict[str, str]:
    lines = (CORPUS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_file_is_listed_with_its_hash() -> None:
    files = {p.relative_to(CORPUS).as_posix(): p for p in CORPUS.rglob("*") if p.is_file()}
    for name in ("README.md", "SHA256SUMS"):
        del files[name]
    assert {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in files.items()} == listed_hashes()


def test_size_and_number_of_papers() -> None:
    assert sum(p.stat().st_size for p in CORPUS.rglob("*") if p.is_file()) < 5 * 1024 * 1024
    assert len(readable_papers()) == 26
    assert len(list((DEMO / "problem-files").iterdir())) == 5


def test_two_rebuilds_give_the_same_bytes(tmp_path: Path) -> None:
    sums = []
    for name in ("first", "second"):
        out = tmp_path / name
        command = [sys.executable, str(ROOT / "scripts/make_demo_corpus.py"), "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        sums.append((out / "SHA256SUMS").read_text(encoding="ascii"))
    assert sums[0] == sums[1]
    assert [line.split("  ")[1] for line in sums[0].splitlines()] == list(listed_hashes())


def walk(element: Any) -> list[Any]:
    if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
        return []
    return [element, *(found for kid in element.K for found in walk(kid))]


def test_strategy_is_tagged_throughout() -> None:
    with pikepdf.open(STRATEGY) as pdf:
        assert 5 <= len(pdf.pages) <= 7
        assert bool(pdf.Root.MarkInfo.Marked)
        elements = walk(pdf.Root.StructTreeRoot.K)
        roles = {str(element.S) for element in elements}
        wanted = {"H1", "H2", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "TOC", "TOCI"}
        assert {f"/{role}" for role in wanted} <= roles
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        owners = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
        for page in pdf.pages:
            marks, artefacts = marked_content(page)
            assert marks == list(range(len(owners[int(page.StructParents)])))
            assert artefacts >= (2 if page.index else 0)


def marked_content(page: pikepdf.Page) -> tuple[list[int], int]:
    """The page's marked-content identifiers in order, and the number of pagination artefacts."""
    marks, artefacts = [], 0
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC" and str(operands[0]) == "/Artifact":
            artefacts += str(operands[1].get("/Type")) == "/Pagination"
        elif str(operator) == "BDC":
            marks.append(int(operands[1].MCID))
    return marks, artefacts


def test_contents_page_gives_the_page_of_each_heading() -> None:
    pdf = pypdfium2.PdfDocument(STRATEGY)
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    entries = re.findall(r"^(\d+\.\d? ?.+?) ?\.{3,}\s*(\d+)", pages[1], re.MULTILINE)
    assert len(entries) == 16
    for heading, number in entries:
        assert heading.strip() in pages[int(number) - 1]


def test_safeguarding_policy_is_untagged_in_two_columns() -> None:
    with pikepdf.open(SAFEGUARDING) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert 4 <= len(pdf.pages) <= 5
    page = pypdfium2.PdfDocument(SAFEGUARDING)[1]
    text = page.get_textpage()
    lefts = [round(text.get_rect(i)[0]) for i in range(text.count_rects())]
    middle = page.get_width() / 2
    assert sum(left < 60 for left in lefts) > 15
    assert sum(middle < left < middle + 20 for left in lefts) > 15


def test_charging_policy_has_headings_lists_table_footnote_and_tracked_changes() -> None:
    path = DEMO / "policies/assessment-eligibility-charging-policy.docx"
    document = docx.Document(str(path))
    styles = {p.style.name for p in document.paragraphs if p.style is not None}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "List Number"} <= styles
    assert len(document.tables) == 2
    with zipfile.ZipFile(path) as archive:
        assert "Section 117 aftercare" in archive.read("word/footnotes.xml").decode()
        body = archive.read("word/document.xml").decode()
    assert "<w:delText" in body
    assert body.count("<w:ins ") == 2


def test_surveys_hold_over_150_distinct_comments() -> None:
    rows = sheet_rows("surveys/carers-survey-2025.xlsx", "Responses")
    assert len(rows) == 113
    carers = [str(v) for row in rows[1:] for v in row[10:12] if v]
    others = [row[5] for row in survey_rows()[1:]]
    assert len(carers) >= 110
    assert len(others) >= 60
    assert len({c.casefold() for c in carers + others}) == len(carers) + len(others) >= 150


def test_csv_is_saved_as_excel_saves_it_in_the_united_kingdom() -> None:
    data = (DEMO / "surveys/care-and-support-survey-2025.csv").read_bytes()
    assert b"\xa3" in data
    assert b"\x92" in data
    assert data.count(b"\r\n") == data.count(b"\n")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_audit_workbook_has_a_form_for_each_audit_in_the_summary() -> None:
    workbook = openpyxl.load_workbook(DEMO / "audits/case-audits-quarter-2.xlsx")
    references = [str(row[0]) for row in workbook["Summary"].iter_rows(min_row=2, values_only=True)]
    assert len(references) >= 8
    assert workbook.sheetnames == ["Summary", *references]
    for reference in references:
        comments = [row[3] for row in workbook[reference].iter_rows(min_row=7, values_only=True)]
        assert len(comments) == 9
        assert all(comments)


def test_twelve_case_records_of_300_to_700_words() -> None:
    records = [name for name in readable_papers() if name.startswith("case-records/")]
    assert len(records) == 12
    assert {Path(name).suffix for name in records} == {".docx", ".txt", ".html"}
    for name in records:
        assert 300 <= len(text_of(name).split()) <= 700, name


def test_focus_groups_name_their_speakers() -> None:
    document = docx.Document(str(DEMO / "focus-groups/carers-focus-group.docx"))
    speakers = {p.text.split(":")[0] for p in document.paragraphs if re.match(r"\w+( \d)?: ", p.text)}
    assert speakers == {"Facilitator", *(f"Participant {n}" for n in range(1, 8))}
    transcript = (DEMO / "focus-groups/staff-focus-group-transcript.txt").read_text(encoding="utf-8")
    assert len(re.findall(r"^(?:Chair|[A-Z][\w ]+): ", transcript, re.MULTILINE)) > 25


@pytest.mark.parametrize(
    "name", ["transfer-hub-ward-matron", "home-care-provider", "carers-hub-chief-officer"]
)
def test_partner_e_mails_parse_without_defects(name: str) -> None:
    data = (DEMO / f"partners/{name}.eml").read_bytes()
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert message["From"]
    assert message["Subject"]
    assert not message.defects
    assert len(text_of(f"partners/{name}.eml").split()) > 150


def test_committee_paper_buries_two_paragraphs_on_adult_social_care() -> None:
    document = docx.Document(str(DEMO / "committee/place-and-people-committee-report.docx"))
    about = [p.text for p in document.paragraphs if "adult social care" in p.text.lower()]
    assert len(about) == 2
    assert len(document.paragraphs) > 30


def test_scanned_paper_has_pictures_and_no_text() -> None:
    pdf = pypdfium2.PdfDocument(DEMO / "problem-files/scanned-carers-forum-minutes.pdf")
    assert len(pdf) == 2
    for page in pdf:
        assert page.get_textpage().count_chars() == 0
        assert len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) == 1


def test_broken_and_locked_papers_do_not_open() -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(DEMO / "problem-files/broken-copy-of-performance-report.pdf")
    locked = DEMO / "problem-files/locked-safeguarding-policy.pdf"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(locked)
    with pikepdf.open(locked, password="larkhithe") as pdf:
        assert len(pdf.pages) == len(pypdfium2.PdfDocument(SAFEGUARDING))


def test_empty_and_legacy_files() -> None:
    assert (DEMO / "problem-files/empty-day-services-survey.csv").stat().st_size == 0
    data = (DEMO / "problem-files/supervision-policy-2009.doc").read_bytes()
    assert data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
