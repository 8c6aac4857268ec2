"""Requests to Telegram at a small part of what they cost through httpx.

python-telegram-bot's own request goes through httpx, httpcore, anyio and h11, all of them Python:
1.7 ms of a processor for a message, 3 to 4 where many are under way. aiohttp reads replies in C and
finds a free connection at once: 0.2 ms.
"""

from collections.abc import Iterable
from typing import Any
from urllib.request import getproxies

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

Json = dict[str, Any]

SAME: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (TimeoutError, httpx.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ClientOSError, httpx.ReadError),
    (aiohttp.ClientError, httpx.RemoteProtocolError),
)
"""Errors in the words of httpx; of those that fit the first. They say whether a message may have
arrived, and the limiter goes by that."""

UNREAD = ("entities", "reply_markup", "reply_to_message")
"""What comes back of a message that was sent, and costs most of its reading: nobody asks for it."""


class DirectRequest(HTTPXRequest):
    """What the bot's calls go through, with the library's own defaults and errors.

    Files go the library's own way, and so does all where the environment names a proxy.
    """

    def __init__(self, connections: int, timeout: httpx.Timeout) -> None:
        super().__init__(
            connection_pool_size=connections,
            read_timeout=timeout.read,
            write_timeout=timeout.write,
            connect_timeout=timeout.connect,
            pool_timeout=timeout.pool,
        )
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def initialize(self) -> None:
        await super().initialize()
        if self._session is None and not _is_proxied(getproxies()):
            connector = aiohttp.TCPConnector(
                limit=self._connections, ssl=httpx.create_ssl_context()
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        await super().shutdown()
        if self._session:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,
        **timeouts: Any,
    ) -> tuple[int, bytes]:
        """The status and the body of the reply. Raises TimedOut, or NetworkError, from an error of
        httpx."""
        if self._session is None or request_data is None or request_data.contains_files:
            return await super().do_request(url, method, request_data, *args, **timeouts)
        try:
            async with self._session.request(
                method,
                url,
                data=request_data.json_payload,
                headers={"Content-Type": "application/json"},
                timeout=self._waits(**timeouts),
                allow_redirects=False,
            ) as reply:
                return reply.status, await reply.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            cause = same(error)
            if isinstance(cause, httpx.TimeoutException):
                raise TimedOut from cause
            raise NetworkError(str(cause)) from cause

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """The reply as JSON, without what is UNREAD of a message. Raises TelegramError."""
        reply = HTTPXRequest.parse_json_payload(payload)
        if isinstance(result := reply.get("result"), dict):
            for name in UNREAD:
                result.pop(name, None)
        return reply

    def _waits(self, **given: Any) -> aiohttp.ClientTimeout:
        """The timeouts of a call, seconds; aiohttp has none of its own for what is being sent."""
        read, connect, pool = (
            getattr(self._timeout, name) if chosen is BaseRequest.DEFAULT_NONE else chosen
            for name in ("read", "connect", "pool")
            for chosen in [given.get(f"{name}_timeout", BaseRequest.DEFAULT_NONE)]
        )
        return aiohttp.ClientTimeout(total=None, connect=pool, sock_connect=connect, sock_read=read)


def same(error: Exception) -> httpx.TransportError:
    """An error of aiohttp as httpx says it.

    With its text only where the system gave it: others may have the address in it, with the token.
    """
    kind = next(ours for theirs, ours in SAME if isinstance(error, theirs))
    name, text = type(error).__name__, str(error)
    return kind(f"{name}: {text}" if isinstance(error, OSError) and text else name)


def _is_proxied(schemes: Iterable[str]) -> bool:
    """Whether the environment names a proxy for calls of these schemes."""
    return not {"http", "https", "all"}.isdisjoint(schemes)
