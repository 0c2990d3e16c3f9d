"""Serves the review's page and its terminal to one browser on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from evidence_mapper.errors import UsageError
from evidence_mapper.tui.app import EvidenceMapperApp
from evidence_mapper.tui.text import one_line
from evidence_mapper.tui.web.driver import BrowserDriver
from evidence_mapper.tui.web.gate import HOST, Gate
from evidence_mapper.workflow.assistant import Assistant
from evidence_mapper.workflow.review import ReviewSession

_OURS: Final = {"page.css": "text/css", "page.js": "text/javascript"}
_THEIRS: Final = {
    "xterm.css": ("static/css/xterm.css", "text/css"),
    "textual.js": ("static/js/textual.js", "text/javascript"),
    "RobotoMono.ttf": ("static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
}
"""Files of textual-serve: the terminal and its font, so that the browser fetches nothing elsewhere."""
_WAITING: Final = 2000
"""Pieces of output a window may lag behind before it is cut off; a reload draws everything anew."""
_MOST: Final = 1 << 16
"""Characters of one message from the browser."""
_CELLS: Final = (10, 1000)
"""Least and most columns or rows."""
_HEARTBEAT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: one coder's work, from a passage on."""

    session: ReviewSession
    start: str | None = None
    assistant: Assistant | None = None


class ReviewServer:
    """One review, one browser, one window at a time; a later window takes over from an earlier one."""

    def __init__(self, served: Served, gate: Gate) -> None:
        self.gate = gate
        self.done = asyncio.Event()
        self.failed = False
        self._served = served
        self._app: EvidenceMapperApp | None = None
        self._running: asyncio.Task[None] | None = None
        self._window: web.WebSocketResponse | None = None
        self._files = _static_files()

    def application(self) -> web.Application:
        """Return the routes, every one of them guarded."""
        made = web.Application(middlewares=[self._guard])
        made.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name}", self._static),
                web.get("/ws", self._terminal),
            ]
        )
        return made

    async def stop(self) -> None:
        """End the application, once a decision that is being written is on disk, and close the window."""
        if self._running is not None and not self._running.done():
            driver = self._driver()
            if driver is not None:
                driver.ask_to_exit()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._running), 10)
        if self._window is not None:
            await self._window.close(code=WSCloseCode.GOING_AWAY)

    # who comes in ------------------------------------------------------------------------------
    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse foreign names, foreign pages and whoever has neither token nor cookie."""
        try:
            response = await self._let_in(request, handler)
        except web.HTTPException as refused:
            refused.headers.update(self._headers())
            raise
        if not response.prepared:
            response.headers.update(self._headers())
        return response

    async def _let_in(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not self.gate.is_ours(request.headers.get("Host")):
            raise web.HTTPForbidden(text=f"Open this review as {self.gate.origin}/ only.\n")
        origin = request.headers.get("Origin")
        if origin != self.gate.origin and (origin is not None or request.path == "/ws"):
            raise web.HTTPForbidden(text="A page of another address may not read this review.\n")
        if self.gate.knows(request.cookies):
            return await handler(request)
        asks = request.path == "/" and request.method == "GET"  # a HEAD must not use the token up
        token = request.query.get("token") if asks else None
        secret = self.gate.redeem(token) if token else None
        if secret is None:
            raise web.HTTPForbidden(
                text="Open the address that evidence-mapper printed, with its token. It works once, in one "
                "browser; for another, stop the review with Ctrl-C and start it again.\n"
            )
        return self._welcome(secret)

    def _welcome(self, secret: str) -> web.Response:
        """Take the token out of the address bar and leave a cookie that no script can read."""
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self.gate.cookie, secret, path="/", httponly=True, samesite="Strict")
        return response

    def _headers(self) -> dict[str, str]:
        own = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        rest = f"img-src data:; connect-src ws://{self.gate.authority}; base-uri 'none'; form-action 'none'; "
        return {
            "Content-Security-Policy": own + rest + "frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cache-Control": "no-store",
        }

    # what is served ----------------------------------------------------------------------------
    async def _page(self, request: web.Request) -> web.StreamResponse:
        if request.query_string:  # the terminal's script would read it; a used token leaves the address bar
            return web.Response(status=303, headers={"Location": "/"})
        page = _own_file("page.html").replace("{authority}", self.gate.authority)
        return web.Response(text=page, content_type="text/html")

    async def _static(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound(text="There is no such file.\n")
        body, kind = found
        return web.Response(body=body, content_type=kind)

    async def _terminal(self, request: web.Request) -> web.WebSocketResponse:
        """Draw in a window until it, or the application, closes."""
        window = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_MOST)
        await window.prepare(request)
        before, self._window = self._window, window
        if before is not None:
            await before.close(code=WSCloseCode.GOING_AWAY)
        size = _cells(request.query.get("width")), _cells(request.query.get("height"))
        output: asyncio.Queue[str] = asyncio.Queue(_WAITING)

        def send(data: str) -> None:
            try:
                output.put_nowait(data)
            except asyncio.QueueFull:
                driver.detach(send)
                sender.cancel()

        started = await self._started(size)
        if started is None:
            await window.close(code=WSCloseCode.GOING_AWAY)
            return window
        driver = started
        driver.attach(send, *size)
        sender = asyncio.create_task(_send_all(window, output))
        sender.add_done_callback(lambda _: asyncio.ensure_future(window.close()))
        try:
            async for message in window:
                if message.type is WSMsgType.TEXT:
                    await _take(driver, window, message.data)
        finally:
            driver.detach(send)
            sender.cancel()
        return window

    async def _started(self, size: tuple[int, int]) -> BrowserDriver | None:
        """Return the application's driver, starting it for the first window; None when it has ended."""
        if self._running is None:
            served = self._served
            self._app = app = EvidenceMapperApp(
                served.session, start=served.start, assistant=served.assistant
            )
            app.driver_class = BrowserDriver
            self._running = asyncio.create_task(self._run(app, size))
        while self._driver() is None and not self._running.done():
            await asyncio.sleep(0.01)
        return None if self._running.done() else self._driver()

    async def _run(self, app: EvidenceMapperApp, size: tuple[int, int]) -> None:
        try:
            await app.run_async(size=size)
            self.failed = bool(app.return_code)
        finally:
            self.done.set()

    def _driver(self) -> BrowserDriver | None:
        driver = self._app._driver if self._app is not None else None  # noqa: SLF001  # no public way to it
        return driver if isinstance(driver, BrowserDriver) else None


async def serve(served: Served, port: int, tell: Callable[[str], None]) -> None:
    """Serve until the review is left in the browser, or this task is cancelled.

    Raises
    ------
    UsageError
        The port cannot be had, or textual-serve lacks a file.
    """
    listener = _listen(port)
    gate = Gate(listener.getsockname()[1])
    server = ReviewServer(served, gate)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        _announce(served, gate, tell)
        await server.done.wait()
        how = "stopped at a fault of the program" if server.failed else "was left in the browser"
        tell(f"The review {how}. Everything recorded is in the project.")
    finally:
        await server.stop()
        await runner.cleanup()


def _announce(served: Served, gate: Gate, tell: Callable[[str], None]) -> None:
    coder = one_line(served.session.coder)
    tell(f"Serving the review of {coder} on this machine only (127.0.0.1). Open in a browser here:")
    tell("")
    tell(f"  {gate.address}")
    tell("")
    tell("The address works once: whoever opens it first can read every passage and decides as")
    tell(f"{coder}. Do not pass it on. Ctrl-C here, or q in the browser, ends it.")


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on this machine's own address alone."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let another program take the port over
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"port {port} on {HOST} cannot be had: {error.strerror or error}; leave --port out for a free one"
        ) from error
    return made


async def _send_all(window: web.WebSocketResponse, output: asyncio.Queue[str]) -> None:
    """Send what the application draws, joining what has piled up."""
    while True:
        parts = [await output.get()]
        while not output.empty():
            parts.append(output.get_nowait())
        try:
            await window.send_bytes("".join(parts).encode("utf-8", "replace"))
        except ConnectionError:
            return


async def _take(driver: BrowserDriver, window: web.WebSocketResponse, text: str) -> None:
    """Act on one message of the page's terminal; anything else than it sends is dropped."""
    try:
        kind, *rest = json.loads(text)
    except (ValueError, TypeError):
        return
    what: Any = rest[0] if rest else None
    if kind == "stdin" and isinstance(what, str):
        driver.receive(what)
    elif kind == "resize" and isinstance(what, dict):
        driver.resize(_cells(what.get("width")), _cells(what.get("height")))
    elif kind == "ping" and isinstance(what, str):
        await window.send_json(["pong", what])
    elif kind in ("focus", "blur"):
        driver.focus(has_focus=kind == "focus")


def _cells(given: object) -> int:
    """Return a number of columns or rows within bounds, whatever was sent."""
    least, most = _CELLS
    try:
        return max(least, min(most, int(str(given))))
    except ValueError:
        return 80


def _own_file(name: str) -> str:
    return files("evidence_mapper.tui.web").joinpath(name).read_text(encoding="utf-8")


def _static_files() -> dict[str, tuple[bytes, str]]:
    """Return name to (content, media type) of everything the page loads."""
    found = {name: (_own_file(name).encode(), kind) for name, kind in _OURS.items()}
    for name, (path, kind) in _THEIRS.items():
        there = files("textual_serve").joinpath(path)
        if not there.is_file():
            raise UsageError(
                f"textual-serve has no {path}; install the version this program was made with: "
                "pip install 'evidence-mapper[web]'"
            )
        found[name] = (there.read_bytes(), kind)
    return found
