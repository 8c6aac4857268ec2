"""The sandbox as a running server.

`async with Sandbox(...) as sandbox` for tests; `serve` for the command line.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from tornado.httpserver import HTTPServer
from tornado.web import Application

from bot.sandbox.handlers import BotApi, BotFile, Desk, Page, PageFile
from bot.sandbox.live import Live
from bot.sandbox.state import State

PAGE = Path(__file__).with_name("page")
MAX_BODY = 60 * 2**20
"""Bytes of a request: room for the largest document and what goes with it."""
PING_SECONDS = 20
GOING_AWAY = 1001
"""The websocket close code of a server that stops."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def make_app(state: State, hosts: Iterable[str] = LOOPBACK) -> Application:
    """The routes. `hosts` are the names by which requests may call the server; none: any."""
    static = {"path": str(PAGE), "default_filename": "index.html"}
    return Application(
        [
            (r"/bot([^/]+)/([^/]*)", BotApi),
            (r"/file/bot([^/]+)/(.+)", BotFile),
            (r"/sandbox/live", Live),
            (r"/sandbox/files/(\w+)", PageFile),
            (r"/sandbox/(\w+)", Desk),
            (r"/(.*)", Page, static),
        ],
        state=state,
        pages=set(),
        hosts=frozenset(hosts),
        log_function=_log_nothing,
        websocket_ping_interval=PING_SECONDS,
    )


def _log_nothing(_handler: object) -> None:
    """Paths carry the token, and the journal says all there is to say."""


class Sandbox:
    """A sandbox that listens from `start` to `stop`; `state` is what it remembers."""

    def __init__(
        self, state: State | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.state = state or State()
        self._host, self._port = host, port
        self._app: Application | None = None
        self._server: HTTPServer | None = None

    async def start(self) -> None:
        """Listen; port 0 takes a free one. Raises OSError where the address can't be had."""
        listener = _listen(self._host, self._port)
        address, self._port, *_ = listener.getsockname()
        if ip_address(address).is_unspecified:
            self._host = "localhost"
        hosts = LOOPBACK | {self._host} if ip_address(address).is_loopback else ()
        self._app = make_app(self.state, hosts)
        self._server = HTTPServer(self._app, max_buffer_size=MAX_BODY)
        self._server.add_socket(listener)

    async def stop(self) -> None:
        """Stop listening and hang up on everyone."""
        self.state.close()
        if self._app and self._server:
            self._server.stop()
            for page in tuple(self._app.settings["pages"]):
                page.close(GOING_AWAY)
            await self._server.close_all_connections()

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return self._port

    @property
    def url(self) -> str:
        """Where the page is, once started; also what TELEGRAM_API_URL should be."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; tornado's own function leaves one open where binding fails."""
    family, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.create_server((host, port), family=family)
    listener.setblocking(False)
    return listener


async def serve(
    host: str,
    port: int,
    *,
    state: State | None = None,
    started: Callable[[Sandbox], None] = lambda _sandbox: None,
    stop: asyncio.Event | None = None,
) -> None:
    """Run a sandbox until `stop` is set or the task is cancelled, then close it cleanly.

    `started` is called once it listens. Raises OSError where the address can't be had.
    """
    async with Sandbox(state, host=host, port=port) as sandbox:
        started(sandbox)
        await (stop or asyncio.Event()).wait()
