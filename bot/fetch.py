"""Fetching from the web: public hosts only, text only, within limits of size and time."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import NamedTuple, Self
from weakref import WeakValueDictionary

import httpx

from bot.guard import GuardedTransport, PrivateAddress, Resolve, UnknownHost
from bot.headers import media_type, validator
from retrieval.fields import one_line

AGENT = f"Doslovno/{version('doslovno')}"
REDIRECTS = 5
DEADLINE = 30.0
"""Seconds that each request of a fetch may take, its body included."""
LONGEST_ADDRESS = 2_000
"""Characters of an address."""
TIMEOUT = httpx.Timeout(10, pool=DEADLINE)
MEBIBYTE = 1024 * 1024


class Wanted(NamedTuple):
    """What a fetch takes: at most so many bytes, unpacked, of these media types."""

    limit: int
    kinds: re.Pattern[str]
    accept: str


_XML = r"(?:application|text)/(?:[\w.-]+\+)?xml"
PAGE = Wanted(
    10 * MEBIBYTE,
    re.compile(rf"text/(?:html|plain|markdown)|{_XML}"),
    "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1",
)
FEED = Wanted(
    5 * MEBIBYTE,
    re.compile(rf"text/\w+|{_XML}|application/(?:rss|atom|octet-stream|x-rss)"),
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1",
)
ROBOTS = Wanted(MEBIBYTE // 2, re.compile(r"text/[\w.-]+|application/octet-stream"), "text/plain")


class Trouble(StrEnum):
    """Why something was not fetched, or was of no use."""

    ADDRESS = "not a web address"
    PRIVATE = "private address"
    REDIRECTS = "too many redirects"
    TOO_LARGE = "too large"
    NOT_TEXT = "not text"
    ROBOTS = "robots.txt"
    NO_HOST = "unknown host"
    CONNECTION = "no connection"
    TIMEOUT = "timeout"
    SERVER = "server error"
    BUSY = "too many requests"
    DENIED = "access denied"
    MISSING = "not found"
    GONE = "gone"
    NOT_A_FEED = "not a feed"


class FetchError(Exception):
    """Nothing came of a fetch; `detail` says what was seen, in English, for the log."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble


class Refused(FetchError):
    """It is not to be had from this address, today or tomorrow: mend the address."""


class Missing(FetchError):
    """The server says that it has no such thing, or not for the bot (4xx)."""


class Unreachable(FetchError):
    """Try again later: no host, no connection, too slow, or the server's own trouble (5xx, 429)."""

    def __init__(self, trouble: Trouble, detail: str, retry_after: str | None = None) -> None:
        super().__init__(trouble, detail)
        self.retry_after = retry_after
        """The header of that name: seconds, or a date (RFC 9110, 10.2.3)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: 200 with content, or 304 without."""

    status: int
    url: str
    """Where it came from in the end."""
    content: bytes
    kind: str
    """The media type, in lower case, without parameters; empty where none was given."""
    charset: str | None
    etag: str | None
    modified: str | None


Permit = Callable[[str], Awaitable[float]]
"""Whether an address may be fetched: raises FetchError, or returns the seconds to keep between
requests to its host."""


class Fetcher:
    """Fetches from public hosts, and from those in `allowed` («host» or «host:port»).

    One request a host at a time, no proxy, no cookies; `deadline` is in seconds a request.
    """

    def __init__(
        self,
        allowed: Collection[str] = (),
        *,
        deadline: float = DEADLINE,
        resolve: Resolve | None = None,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._deadline = deadline
        self._pause = pause
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._last: dict[str, float] = {}
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(allowed, resolve),
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=TIMEOUT,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def get(
        self,
        url: str,
        wanted: Wanted = PAGE,
        *,
        etag: str | None = None,
        modified: str | None = None,
        permit: Permit | None = None,
    ) -> Fetched:
        """Fetch an address, if it has changed since `etag` and `modified`.

        `permit` is asked about every address on the way. Raises Refused, Missing or Unreachable.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        headers["Accept"] = wanted.accept
        address = checked(url)
        for _ in range(REDIRECTS + 1):
            between = await permit(str(address)) if permit else 0.0
            async with self._turn(address.host, between):
                found = await self._get_one(address, wanted, headers)
            if isinstance(found, Fetched):
                return found
            address = found
        raise Refused(Trouble.REDIRECTS, f"more than {REDIRECTS} redirects")

    @asynccontextmanager
    async def _turn(self, host: str, between: float) -> AsyncIterator[None]:
        """Wait for the requests to a host that came before, and so many seconds after the last."""
        clock = asyncio.get_running_loop().time
        async with self._turns.setdefault(host, asyncio.Lock()):
            wait = self._last.get(host, -between) + between - clock()
            if between and wait > 0:
                await self._pause(wait)
            try:
                yield
            finally:
                if between:
                    self._last[host] = clock()

    async def _get_one(
        self, address: httpx.URL, wanted: Wanted, headers: dict[str, str]
    ) -> Fetched | httpx.URL:
        """What stands at one address, or where it sends on to."""
        try:
            async with (
                asyncio.timeout(self._deadline),
                self._client.stream("GET", address, headers=headers) as response,
            ):
                if response.has_redirect_location:
                    return checked(str(address.join(response.headers["location"])))
                return await _taken(response, wanted)
        except TimeoutError as error:
            detail = f"not done within {self._deadline:g} s"
            raise Unreachable(Trouble.TIMEOUT, detail) from error
        except httpx.TransportError as error:
            raise _failure(error) from error
        except (httpx.InvalidURL, ValueError) as error:  # the latter from urllib, for odd brackets
            raise Refused(Trouble.ADDRESS, f"redirected to no address: {error}") from error


def checked(url: str) -> httpx.URL:
    """A web address, without what stands behind «#».

    Raises Refused for another scheme, for a user name or password in it, for no host.
    """
    try:
        address = httpx.URL(url.strip()).copy_with(fragment=None)
    except httpx.InvalidURL as error:
        raise Refused(Trouble.ADDRESS, one_line(str(error))) from error
    port_exists = address.port is None or 0 < address.port < 65536
    if len(url) > LONGEST_ADDRESS or address.scheme not in {"http", "https"} or not port_exists:
        raise Refused(Trouble.ADDRESS, "expected http:// or https://, and no more than fits a line")
    if address.userinfo or not address.host:
        raise Refused(Trouble.ADDRESS, "a name or password in it, or no host")
    return address


def _failure(error: httpx.TransportError) -> FetchError:
    detail = one_line(str(error) or type(error).__name__)
    if isinstance(error, PrivateAddress):
        return Refused(Trouble.PRIVATE, detail)
    if isinstance(error, httpx.UnsupportedProtocol):
        return Refused(Trouble.ADDRESS, detail)
    if isinstance(error, UnknownHost):
        return Unreachable(Trouble.NO_HOST, detail)
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(Trouble.TIMEOUT, detail)
    return Unreachable(Trouble.CONNECTION, detail)


async def _taken(response: httpx.Response, wanted: Wanted) -> Fetched:
    """The body of a reply that is neither a refusal nor too much."""
    _check_status(response)
    kind, charset = media_type(response.headers.get("content-type", ""))
    unchanged = response.status_code == httpx.codes.NOT_MODIFIED
    if kind and not unchanged and not wanted.kinds.fullmatch(kind):
        raise Refused(Trouble.NOT_TEXT, f"it is {one_line(kind)}")
    return Fetched(
        status=response.status_code,
        url=str(response.url),
        content=b"" if unchanged else await _body(response, wanted.limit),
        kind=kind,
        charset=charset,
        etag=validator(response.headers.get("etag", "")),
        modified=validator(response.headers.get("last-modified", "")),
    )


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in {httpx.codes.OK, httpx.codes.NON_AUTHORITATIVE_INFORMATION, 304}:
        return
    detail = f"HTTP {status}"
    if status >= 500 or status in {408, 425, 429}:
        trouble = Trouble.BUSY if status in {429, 503} else Trouble.SERVER
        raise Unreachable(trouble, detail, response.headers.get("retry-after"))
    known = {401: Trouble.DENIED, 402: Trouble.DENIED, 403: Trouble.DENIED, 410: Trouble.GONE}
    raise Missing(known.get(status, Trouble.MISSING), detail)


async def _body(response: httpx.Response, limit: int) -> bytes:
    """The bytes of a reply, unpacked: no more are unpacked than are wanted."""
    unpack = _unpacker(response)
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += unpack.decompress(chunk, limit + 1) if unpack else chunk
            if len(body) > limit:
                raise Refused(Trouble.TOO_LARGE, f"over {limit / MEBIBYTE:g} MiB")
    except zlib.error as error:
        raise Unreachable(Trouble.CONNECTION, f"damaged on the way: {error}") from error
    return bytes(body)


def _unpacker(response: httpx.Response) -> "zlib._Decompress | None":
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return None
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise Refused(Trouble.NOT_TEXT, f"packed as {one_line(encoding)}, which was not asked for")
    return zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: a gzip or a zlib header
