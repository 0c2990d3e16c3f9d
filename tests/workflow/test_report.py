"""The report: what stands on the page, that nothing of a document becomes markup, and what is left out."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.builders import coded
from tests.workflow.report_data import HOSTILE, NEEDS, PEOPLE, add, decide, filled, new_project, texts

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import ExportError, UsageError
from evidence_mapper.export.html_text import clean, day, safe
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.publish import export_as_asked, export_evidence


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with filled(tmp_path_factory.mktemp("report") / "p.sqlite") as made:
        yield made


@pytest.fixture(scope="module")
def source(project: Project) -> str:
    path = project.path.with_suffix(".html")
    export_evidence(project, path)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(source: str) -> Any:
    return parsed(source)


@pytest.fixture(scope="module")
def disclosed(project: Project) -> str:
    path = project.path.with_name("disclosed.html")
    report = export_as_asked(project, path, None, ExportRequest(disclosure=True))
    assert report.confirmed == 0
    assert "Disclosure control was applied" in report.notes[0]
    return path.read_text(encoding="utf-8")


def parsed(source: str) -> Any:
    """Return a page as a parser reads it."""
    return lxml.html.document_fromstring(source)


# structure ------------------------------------------------------------------------------------
def test_nothing_is_loaded_and_only_the_page_s_own_script_may_run(source: str, page: Any) -> None:
    assert page.xpath("//link | //img | //iframe | //object | //base | //*[@style] | //*[@src]") == []
    links = page.xpath("//a/@href")
    assert links
    assert all(link.startswith("#") for link in links)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (own,) = re.findall(rf"<{tag}>(.*?)</{tag}>", source, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_headings_tables_and_controls_are_named(page: Any) -> None:
    assert page.get("lang") == "en-GB"
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    for table in page.iter("table"):
        assert table.xpath("./caption")[0].text_content()
        assert all(th.get("scope") for th in table.iter("th"))
        assert all(row[0].tag == "th" for row in table.iter("tr"))
    for control in page.xpath("//select | //input"):
        assert page.xpath(f"//label[@for='{control.get('id')}']")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(link[1:] in ids for link in page.xpath("//a/@href"))


def test_each_chart_is_described_and_has_its_table(page: Any) -> None:
    charts = page.xpath("//*[local-name()='svg']")
    assert len(charts) == 2
    for chart in charts:
        named = chart.get("aria-labelledby").split()
        assert [page.xpath(f"//*[@id='{key}']")[0].tag for key in named] == ["title", "desc"]
        assert chart.xpath("ancestor::section//table")


# contents -------------------------------------------------------------------------------------
def test_every_quote_stands_verbatim_once_with_its_source(project: Project, page: Any) -> None:
    items = page.xpath("//ol[@id='list']/li")
    quotes = [item.xpath("./blockquote")[0].text_content() for item in items]
    assert sorted(quotes) == sorted(clean(text) for text in texts(project.store))
    first = items[0].text_content()
    assert "surveys/carers <b>2025</b>.csv, p. 1" in first
    assert "dated Mar 2025" in first
    assert items[0].get("id") in first
    assert "Assessing needs · People’s experience · strength" in first
    assert "confirmed by ann, 5 Jan 2026" in first
    assert "confirmed by <u>bob</u>, 5 Jan 2026" in first
    assert "In answer to: What went well?" in first


def test_the_heat_map_has_numbers_and_marks(page: Any) -> None:
    rows = {r[0].text_content(): r for r in page.xpath("//section[@id='coverage']//tbody/tr")}
    cells = [" ".join(c.text_content().split()) for c in rows["1. Assessing needs"]]
    assert cells[1:] == ["● 26", "◑ 4", "○ 0", "○ 0", "● 30"]
    marks = rows["1. Assessing needs"].xpath("./td/span[@aria-hidden='true']")
    assert len(marks) == 5


def test_gaps_begin_with_people_s_experience(page: Any) -> None:
    first = page.xpath("//section[@id='gaps']//table[1]/tbody/tr/th")
    assert [th.text_content() for th in first[:8]] == ["People’s experience (required)"] * 8


def test_ages_keep_the_undated_apart(page: Any) -> None:
    (table,) = page.xpath("//section[@id='ages']//table")
    head = [th.text_content() for th in table.xpath("./thead/tr/th")]
    row = [c.text_content() for c in table.xpath("./tbody/tr")[0]]
    told = dict(zip(head, row, strict=True))
    assert (told["2025"], told["undated"]) == ("26", "4")
    assert (told["Oldest"], told["Newest"]) == ("Mar 2025", "Mar 2025")
    equity = dict(zip(head, [c.text_content() for c in table.xpath("./tbody/tr")[2]], strict=True))
    assert equity[head[1]] == "12"
    assert head[1].startswith("to ")


def test_who_confirmed_is_said(page: Any) -> None:
    rows = page.xpath("//section[@id='read-first']//tbody/tr")
    assert [(r[0].text_content(), r[1].text_content()) for r in rows] == [
        ("<u>bob</u>", "1"),
        ("ann", "30"),
        ("bob", "12"),
    ]


def test_what_no_longer_counts_is_marked_and_not_counted(tmp_path: Path) -> None:
    with new_project(tmp_path / "p.sqlite") as project:
        (passage,) = add(project.store, "draft.txt", ["We answer within a week."])
        at = "2026-01-05T09:00:00.000000Z"
        decide(project.store, "ann", at, {passage.id: coded(NEEDS, category=PEOPLE)})
        project.store.append_event(
            coder="ann", action=EventAction.WITHDRAWN, subject=passage.document_id, at=at, payload={}
        )
        export_evidence(project, tmp_path / "r.html")
    said = parsed((tmp_path / "r.html").read_text(encoding="utf-8")).text_content()
    assert "0 confirmed passages from 0 documents" in said
    assert "1 confirmed passages are of documents withdrawn and are not counted." in said
    assert "Not counted: the document was withdrawn." in said


def test_an_empty_project_makes_a_page(tmp_path: Path) -> None:
    with new_project(tmp_path / "p.sqlite") as project:
        assert export_evidence(project, tmp_path / "r.html").confirmed == 0
    assert "Nothing is confirmed yet." in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_same_state_gives_the_same_bytes(project: Project, source: str, tmp_path: Path) -> None:
    export_evidence(project, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == source


def test_a_file_that_is_there_is_left(project: Project, source: str) -> None:
    with pytest.raises(ExportError, match="already exists; it was left as it is"):
        export_evidence(project, project.path.with_suffix(".html"))


# hostile text ---------------------------------------------------------------------------------
class Seen(HTMLParser):
    """Collects what a parser makes of a piece of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", []  # type: tuple[str, list[str]]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_text_comes_back_as_text_and_nothing_else(text: str) -> None:
    seen = Seen()
    seen.feed(f"<p>{safe(text)}</p>")
    seen.close()
    assert seen.tags == ["p"]
    assert seen.text == clean(text)
    assert parsed(f'<p title="{safe(text)}"></p>').xpath("//p/@title") == [clean(text)]


@settings(deadline=None)
@given(st.text(st.characters()))
def test_cleaned_text_holds_nothing_that_hides_or_turns(text: str) -> None:
    found = clean(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", found)
    assert clean(found) == found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_quotes_are_escaped(source: str, text: str) -> None:
    assert safe(text) in source
    assert text not in source


def test_direction_marks_and_controls_are_named(page: Any) -> None:
    said = page.xpath("//ol[@id='list']")[0].text_content()
    assert "[U+202E]txet desrever[U+202C] and [U+0007]a bell[U+0000], [U+2066]an isolate" in said


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2025-03-12T09:00:00Z", '<time datetime="2025-03-12">12 Mar 2025</time>'),
        ("2025-03", '<time datetime="2025-03">Mar 2025</time>'),
        ("2025", '<time datetime="2025">2025</time>'),
        ("2025-13", "2025-13"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_dates_are_for_people_and_programs(at: str, shown: str) -> None:
    assert day(at) == shown


# disclosure -----------------------------------------------------------------------------------
def test_a_disclosure_safe_report_has_no_quote_no_name_and_no_small_count(
    disclosed: str, project: Project
) -> None:
    page = parsed(disclosed)
    said = page.text_content()
    assert "Numbers protected." in said
    for text in (*texts(project.store), "bob", "Who confirmed", "carers <b>", "equality.txt"):
        assert text not in said
    assert page.xpath("//script | //form | //section[@id='evidence' or @id='documents']") == []
    for table in page.iter("table"):
        for cell in table.xpath(".//td[@class]"):
            for number in re.findall(r"(?<![\w-])\d+", cell.text_content()):
                assert int(number) % 5 == 0, cell.text_content()
                assert int(number) == 0 or int(number) >= 10


def test_a_disclosure_safe_report_shows_rounded_counts(disclosed: str) -> None:
    page = parsed(disclosed)
    row = page.xpath("//section[@id='coverage']//tbody/tr")[0]
    assert [" ".join(c.text_content().split()) for c in row][1:3] == ["● 25", "◔ [c]"]
    strengths = page.xpath("//section[@id='strengths']//tbody/tr")[0]
    assert strengths[2].text_content() == "[c]"


def test_formats_of_rows_refuse_disclosure(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--format csv takes no --disclosure; html do"):
        export_as_asked(project, tmp_path / "a.csv", None, ExportRequest(disclosure=True))


def test_the_command_writes_the_report(project: Project, tmp_path: Path) -> None:
    run = CliRunner().invoke
    path = tmp_path / "report.html"
    plain = run(main, ["export", str(path), "-p", str(project.path)])
    assert plain.exit_code == 0
    assert "43 confirmed rows" in plain.stderr
    safe_one = run(
        main, ["export", str(path), "-p", str(project.path), "--disclosure", "--force", "--format", "html"]
    )
    assert safe_one.exit_code == 0
    assert "Disclosure control was applied" in safe_one.stderr
    assert "Nothing is confirmed yet" not in safe_one.stderr
    assert "confirmed row" not in safe_one.stderr, "a count in full beside the protected ones"
    assert "Numbers protected." in path.read_text(encoding="utf-8")
