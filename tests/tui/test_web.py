"""The review in a browser: who is let in, what is served, and that decisions arrive."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType, WSServerHandshakeError
from click.testing import CliRunner
from tests.tui.fake_store import FakeStore
from tests.tui.samples import CODER, session, small_store

from evidence_mapper.cli import main
from evidence_mapper.domain.coding import EventAction
from evidence_mapper.errors import UsageError
from evidence_mapper.tui import web
from evidence_mapper.tui.web.server import Served, serve

WAIT = 30.0
PASSAGE = "Any member of staff who suspects that an adult"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FIRST, SECOND = "psg-1-1", "psg-2-0"


class Serving:
    """A review being served, with what it told the terminal."""

    def __init__(self, store: FakeStore, task: asyncio.Task[None], told: list[str]) -> None:
        self.store, self.task, self.told = store, task, told
        self.address = next(line.strip() for line in told if "token=" in line)
        self.base = self.address.split("?")[0]
        self.origin = self.base.rstrip("/")
        self.socket = f"{self.base}ws?width=100&height=30"


@asynccontextmanager
async def served(store: FakeStore | None = None, port: int = 0) -> AsyncIterator[Serving]:
    """Serve a review; it is stopped at the end, as by Ctrl-C, unless it has ended itself."""
    store = store or small_store()
    told: list[str] = []
    task = asyncio.create_task(serve(Served(session(store)), port, told.append))
    await until(lambda: task.done() or any("Ctrl-C" in line for line in told))
    if task.done():
        await task
    try:
        yield Serving(store, task, told)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        await asyncio.sleep(0.02)


def browser() -> ClientSession:
    """Return a client that keeps cookies, as a browser of its own."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def read_until(window: ClientWebSocketResponse, words: str) -> str:
    """Return what is drawn, without colours and places, up to when the words are there."""
    drawn = ""
    async with asyncio.timeout(WAIT):
        async for message in window:
            if message.type is WSMsgType.BINARY:
                drawn += message.data.decode()
                plain = re.sub(r"\x1b\[[0-9;?<]*[A-Za-z]", "", drawn)
                if words in plain:
                    return plain
    raise AssertionError(f"closed before {words!r} was drawn")


def decided(store: FakeStore) -> list[str]:
    return [e.subject for e in store.events if e.action is EventAction.DECIDED]


async def test_the_token_lets_one_browser_in_and_no_second() -> None:
    async with served() as on, browser() as mine, browser() as other:
        async with mine.get(on.address) as answer:
            assert answer.status == 200
            assert str(answer.url) == on.base, "the token leaves the address bar"
            assert "textual-terminal" in await answer.text()
        async with mine.get(on.address) as again:
            assert again.status == 200, "the same browser may use the printed address again"
            assert str(again.url) == on.base
        async with other.get(on.address) as refused:
            assert refused.status == 403
            assert "works once" in await refused.text()


@pytest.mark.parametrize("path", ["", "?token=wrong", "?token=", "static/textual.js", "ws", "elsewhere"])
async def test_nothing_is_served_without_the_token(path: str) -> None:
    async with served() as on, browser() as mine:
        answer = await mine.get(f"{on.base}{path}", headers={"Origin": on.origin})
        assert answer.status == 403
        assert "textual" not in await answer.text()


async def test_a_look_at_the_head_does_not_use_the_token_up() -> None:
    async with served() as on, browser() as mine:
        async with mine.head(on.address) as answer:
            assert answer.status == 403
        async with mine.get(on.address) as answer:
            assert answer.status == 200


async def test_another_name_or_a_page_of_another_address_is_refused() -> None:
    async with served() as on, browser() as mine:
        port = urlsplit(on.base).port
        async with mine.get(on.address, headers={"Host": f"evil.example:{port}"}) as answer:
            assert answer.status == 403
        async with mine.get(on.address, headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403
        async with mine.get(on.address) as answer:
            assert answer.status == 200, "none of these used the token up"
        for origin in ("https://evil.example", "null", f"http://127.0.0.1:{port}9", None):
            with pytest.raises(WSServerHandshakeError) as refused:
                await mine.ws_connect(on.socket, origin=origin)
            assert refused.value.status == 403


async def test_cookie_and_headers_keep_other_pages_out() -> None:
    async with served() as on, browser() as mine:
        async with mine.get(on.address, allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        async with mine.get(on.base) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert f"connect-src ws://127.0.0.1:{urlsplit(on.base).port};" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["Cache-Control"] == "no-store"


async def test_the_page_names_nothing_outside_this_machine() -> None:
    async with served() as on, browser() as mine:
        async with mine.get(on.address) as answer:
            page = await answer.text()
        names = re.findall(r"/static/([\w.]+)", page)
        assert len(names) == 5
        assert re.findall(r"\w+://[^\"'\s]+", page) == [f"ws://127.0.0.1:{urlsplit(on.base).port}/ws"]
        for name in names:
            async with mine.get(f"{on.base}static/{name}") as answer:
                assert answer.status == 200
                if name.endswith("css"):
                    style = await answer.text()
                    assert "@import" not in style
                    assert all(url.startswith('"/static/') for url in re.findall(r"url\(([^)]*)\)", style))
        async with mine.get(f"{on.base}static/..%2Fserver.py") as answer:
            assert answer.status == 404


async def test_only_this_machine_is_listened_to() -> None:
    async with served() as on:
        port = urlsplit(on.base).port
        assert port is not None
        assert urlsplit(on.base).hostname == "127.0.0.1"
        with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.2", port))  # also this machine: refused all the same


async def test_the_terminal_says_what_it_serves_and_to_whom() -> None:
    async with served() as on:
        told = " ".join(on.told)
        assert CODER in told
        assert "on this machine only (127.0.0.1)" in told
        assert "works once" in told


async def test_a_passage_is_drawn_a_key_decides_and_q_ends_it() -> None:
    async with served() as on, browser() as mine:
        await (await mine.get(on.address)).release()
        window = await mine.ws_connect(on.socket, origin=on.origin)
        await read_until(window, PASSAGE)
        await window.send_json(["stdin", "a"])
        await until(lambda: decided(on.store) == [FIRST])
        assert on.store.events[0].coder == CODER
        await read_until(window, "z to undo")
        await window.send_json(["stdin", "q"])
        await until(on.task.done)
        assert "was left in the browser" in on.told[-1]


async def test_a_reloaded_page_goes_on_where_it_was_with_its_marks() -> None:
    async with served() as on, browser() as mine:
        await (await mine.get(on.address)).release()
        window = await mine.ws_connect(on.socket, origin=on.origin)
        await read_until(window, PASSAGE)
        await window.send_json(["stdin", "8"])
        await read_until(window, "enter records: Governance")
        await window.close()
        again = await mine.ws_connect(on.socket, origin=on.origin)
        assert PASSAGE in await read_until(again, "enter records: Governance")
        assert decided(on.store) == []


async def test_a_second_window_takes_over() -> None:
    async with served() as on, browser() as mine:
        await (await mine.get(on.address)).release()
        first = await mine.ws_connect(on.socket, origin=on.origin)
        await read_until(first, PASSAGE)
        second = await mine.ws_connect(on.socket, origin=on.origin)
        await read_until(second, PASSAGE)
        async with asyncio.timeout(WAIT):
            while (await first.receive()).type is WSMsgType.BINARY:
                pass
        assert first.closed
        await second.send_json(["stdin", "n"])
        await until(lambda: decided(on.store) == [FIRST])


@pytest.mark.parametrize(
    "sent",
    ["", "[", "[]", "{}", "7", '"stdin"', '["stdin"]', '["stdin", 7]', '["resize", {}]', '["resize", 3]',
     '["resize", {"width": -5, "height": 1e99}]', '["open", "x"]', '["ping"]', '["stdin", "\\ud800"]'],
)  # fmt: skip
async def test_messages_that_make_no_sense_do_nothing(sent: str) -> None:
    async with served() as on, browser() as mine:
        await (await mine.get(on.address)).release()
        window = await mine.ws_connect(on.socket, origin=on.origin)
        await read_until(window, PASSAGE)
        await window.send_str(sent)
        await window.send_json(["resize", {"width": 100, "height": 30}])
        await window.send_json(["stdin", "a"])
        await until(lambda: decided(on.store) == [FIRST])


async def test_stopping_waits_for_the_decision_being_written() -> None:
    import threading

    store = small_store()
    store.gate = threading.Event()
    async with served(store) as on, browser() as mine:
        await (await mine.get(on.address)).release()
        window = await mine.ws_connect(on.socket, origin=on.origin)
        await read_until(window, PASSAGE)
        await window.send_json(["stdin", "a"])
        await read_until(window, "Recording: ")
        on.task.cancel()
        await asyncio.sleep(0.2)
        store.gate.set()
        await asyncio.gather(on.task, return_exceptions=True)
        await until(lambda: decided(store) == [FIRST])


async def test_a_port_in_use_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} on 127.0.0.1 cannot be had.*leave --port out"):
            async with served(port=port):
                pass


async def test_a_port_asked_for_is_the_one_served() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with served(port=port) as on:
        assert urlsplit(on.base).port == port


def test_a_missing_extra_is_said_before_the_project_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "find_spec", lambda name: None if name == "textual_serve" else name)
    result = CliRunner().invoke(main, ["review", "--web", "-p", "nowhere.sqlite"])
    assert result.exit_code == 2
    assert "pip install 'evidence-mapper[web]'" in result.stderr
    assert "textual_serve" in result.stderr
    assert "review --plain" in result.stderr


# in a browser ----------------------------------------------------------------------------------
@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "survey.csv").write_text(
        'Comments\n"I waited eight months for someone to come and assess my mother at home."\n'
        '"Read https://example.org/page: the reablement team were wonderful."\n',
        encoding="utf-8",
    )
    path = tmp_path / "p.sqlite"
    for arguments in (["init"], ["add", str(tmp_path / "survey.csv"), "--workers", "1"]):
        assert CliRunner().invoke(main, [*arguments, "-p", str(path)]).exit_code == 0
    return path


@pytest.fixture
def process(project: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    code = "from evidence_mapper.cli import main; main()"
    command = [sys.executable, "-c", code, "review", "--web", "-p", str(project), "--coder", CODER]
    with subprocess.Popen(command, text=True, stderr=subprocess.PIPE) as started:
        assert started.stderr is not None
        address = next((line.strip() for line in started.stderr if "token=" in line), "")
        try:
            yield started, address
        finally:
            started.kill()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium")
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_in_chromium(process: tuple[subprocess.Popen[str], str], project: Path, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    running, address = process
    asked: list[str] = []
    drawn = bytearray()
    errors: list[str] = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM)
        page = chromium.new_context(viewport={"width": 1100, "height": 700}).new_page()
        page.context.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))

        def opened(window: Any) -> None:
            asked.append(window.url)
            window.on("framereceived", lambda frame: drawn.extend(frame if isinstance(frame, bytes) else b""))

        page.on("websocket", opened)
        page.goto(address)
        _see(page, drawn, b"reablement team were")
        assert page.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
        assert page.evaluate("window.open('https://example.org/')") is None, "addresses are text only"
        drawn.clear()
        page.keyboard.press("a")
        _see(page, drawn, b"z to undo")
        picture = page.screenshot(path=tmp_path / "review.png")
        assert len(picture) > 20_000, "the screen is drawn, not blank"
        assert len(page.context.pages) == 1
        stranger = chromium.new_context().new_page()
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 403
        running.send_signal(signal.SIGINT)
        page.wait_for_selector("body.-closed", timeout=WAIT * 1000)
        assert page.inner_text("#ended").startswith("This window is no longer connected.")
        assert not page.is_visible("#terminal")
        chromium.close()
    assert running.wait(WAIT) == 130
    assert errors == []
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
    events = json.loads(CliRunner().invoke(main, ["history", "-p", str(project), "--json"]).stdout)
    assert [(e["action"], e["coder"]) for e in events] == [("decided", CODER)]


def _see(page: Any, drawn: bytearray, words: bytes) -> None:
    """Wait until words are drawn; passages without escapes inside stand as such in what is sent."""
    end = time.monotonic() + WAIT
    while words not in drawn:
        assert time.monotonic() < end, f"{words!r} was not drawn"
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
