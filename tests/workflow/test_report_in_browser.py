"""The report in a browser: it runs nothing of a quote, filters, and anybody can use it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.workflow.report_data import HOSTILE, filled

from evidence_mapper.export.html_text import safe
from evidence_mapper.workflow.export_formats import ExportRequest
from evidence_mapper.workflow.publish import export_as_asked

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the report, plain and after disclosure control."""
    folder = tmp_path_factory.mktemp("browser")
    found = {"plain": folder / "report.html", "disclosed": folder / "disclosed.html"}
    with filled(folder / "p.sqlite") as project:
        for name, path in found.items():
            export_as_asked(project, path, None, ExportRequest(disclosure=name == "disclosed"))
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM)
        yield started
        started.close()


class Watched:
    """A page, with what it asked for and what went wrong."""

    def __init__(self, browser: Any, path: Path, width: int = 1280, **how: Any) -> None:
        self.page = browser.new_context(viewport={"width": width, "height": 900}, **how).new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.said: list[str] = []
        self.refused: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda r: self.refused.append(f"{r.url}: {r.failure}"))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.goto(path.as_uri())


def starts(page: Any, words: str) -> None:
    """Wait until the count begins with the words."""
    from playwright.sync_api import expect

    expect(page.locator("#count")).to_have_text(re.compile(f"^{words}"))


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong."""
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page).response
    assert len(response["passes"]) > 10
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in response["violations"]]


@pytest.mark.parametrize("name", ["plain", "disclosed"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing_and_nothing_is_cut(
    browser: Any, pages: dict[str, Path], name: str, scheme: str, width: int
) -> None:
    seen = Watched(browser, pages[name], width, color_scheme=scheme)
    assert violations(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 24, 26)"
    )
    assert seen.asked == [pages[name].as_uri()]
    assert seen.errors == []


def test_in_print_the_list_stays_and_the_controls_go(browser: Any, pages: dict[str, Path]) -> None:
    seen = Watched(browser, pages["plain"], 794)
    seen.page.emulate_media(media="print")
    assert violations(seen.page) == []
    assert not seen.page.is_visible("#filters")
    assert not seen.page.is_visible("nav")
    assert seen.page.locator("#list > li:visible").count() == 42


def test_no_script_of_a_quote_runs(browser: Any, pages: dict[str, Path], tmp_path: Path) -> None:
    plain = Watched(browser, pages["plain"])
    assert plain.page.title().startswith("Evidence report:")
    assert plain.page.locator("#list blockquote *").count() == 0
    # As if nothing had been escaped: the page's own policy still keeps it from running.
    source = pages["plain"].read_text(encoding="utf-8")
    for text in HOSTILE:
        assert safe(text) in source
        source = source.replace(safe(text), text.replace("</main>", "").replace("<!--", ""))
    raw = tmp_path / "raw.html"
    raw.write_text(source, encoding="utf-8")
    broken = Watched(browser, raw)
    assert broken.page.locator("blockquote script").count() == 1, "the markup is there"
    assert broken.page.title().startswith("Evidence report:"), "and has not run"
    assert any("Content Security Policy" in line for line in broken.said)
    assert broken.refused == [f"{tmp_path.as_uri()}/x: csp"], "nor fetched its picture"


def test_filters_narrow_the_list_and_say_so(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["plain"]).page
    shown = page.locator("#list > li:visible")
    count = page.locator("#count")
    assert count.get_attribute("aria-live") == "polite"
    assert count.inner_text() == "All 42 passages are shown."
    page.get_by_role("combobox", name="Statement").select_option("equity")
    assert shown.count() == 12
    assert count.inner_text() == "12 of 42 passages are shown."
    page.get_by_role("combobox", name="Statement").select_option("")
    page.get_by_role("combobox", name="Evidence category").select_option("peoples-experience")
    page.get_by_role("combobox", name="Strength or concern").select_option("strength")
    assert shown.count() == 9
    page.get_by_role("searchbox", name="With the words").fill("WAITED 8 weeks")
    starts(page, "1 of")
    page.get_by_role("button", name="Show all").click()
    starts(page, "All")
    assert shown.count() == 42
    page.get_by_role("combobox", name="Document").select_option(index=1)
    assert shown.count() == 4


def test_without_script_the_list_is_plain_and_whole(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["plain"], java_script_enabled=False).page
    assert page.locator("#list > li:visible").count() == 42
    assert not page.is_visible("#filters")


def test_the_keyboard_reaches_the_report_and_its_filters(browser: Any, pages: dict[str, Path]) -> None:
    page = Watched(browser, pages["plain"]).page
    page.keyboard.press("Tab")
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == "Skip to the report"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#f-s")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    starts(page, "12 of")


def test_motion_is_left_out_where_it_is_not_wanted(browser: Any, pages: dict[str, Path]) -> None:
    scrolls = "getComputedStyle(document.documentElement).scrollBehavior"
    calm = Watched(browser, pages["plain"], reduced_motion="reduce").page
    assert calm.evaluate(scrolls) == "auto"
    assert Watched(browser, pages["plain"], reduced_motion="no-preference").page.evaluate(scrolls) == "smooth"
