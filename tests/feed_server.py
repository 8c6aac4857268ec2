"""A web server on this machine that serves feeds, pages and traps, and notes what was asked."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

RSS_KIND = "application/rss+xml"
ATOM_KIND = "application/atom+xml"


class Request(NamedTuple):
    path: str
    headers: dict[str, str]


class Response(NamedTuple):
    """`endless`: the body is said over and over; `slow`: nothing more comes after it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    endless: bool = False
    slow: bool = False


Page = Response | Callable[[Request], Response]


def redirect(to: str, status: int = 302) -> Response:
    return Response(b"", status, {"Location": to})


def html(text: str, **headers: str) -> Response:
    return Response(text.encode(), 200, {"Content-Type": "text/html; charset=utf-8"} | headers)


def xml(text: str | bytes, kind: str = RSS_KIND, **headers: str) -> Response:
    body = text.encode() if isinstance(text, str) else text
    return Response(body, 200, {"Content-Type": kind} | headers)


def gzip_bomb(mebibytes: int) -> Response:
    """A few kilobytes that unpack to so much."""
    body = gzip.compress(bytes(mebibytes * 1024 * 1024))
    return Response(body, 200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"})


def conditional(response: Response, etag: str) -> Callable[[Request], Response]:
    """304 to who has it already."""

    def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == etag:
            return Response(b"", 304, {"ETag": etag})
        return response._replace(headers={**response.headers, "ETag": etag})

    return answer


@dataclass
class Site:
    """What is served: pages by path; others are 404. `busiest` is how many it served at once."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    port: int = 0
    under_way: int = 0
    busiest: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    asked_for: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order, but for robots.txt."""
        return [each.path for each in self.asked if each.path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.under_way += 1
        self.busiest = max(self.busiest, self.under_way)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = await read_request(reader)
                self.asked.append(request)
                self.asked_for.set()
                page = self.pages.get(request.path, Response(b"", 404))
                await write(writer, reader, page(request) if callable(page) else page)
        finally:
            self.under_way -= 1
            self.idle.set()
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Request(first.split(" ")[1], headers)


async def write(
    writer: asyncio.StreamWriter, reader: asyncio.StreamReader, response: Response
) -> None:
    headers = {"Connection": "close", **response.headers}
    if not response.endless and not response.slow:
        headers["Content-Length"] = str(len(response.body))
    lines = [f"HTTP/1.1 {response.status} Said", *(f"{name}: {headers[name]}" for name in headers)]
    writer.write("\r\n".join([*lines, "", ""]).encode() + response.body)
    await writer.drain()
    while response.endless:
        writer.write(response.body)
        await writer.drain()
    if response.slow:
        await reader.read()  # until the other side has had enough


@asynccontextmanager
async def serving(pages: Mapping[str, Page] | None = None) -> AsyncIterator[Site]:
    """A site at a free port of 127.0.0.1."""
    site = Site(dict(pages or {}))
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        while site.under_way:
            site.idle.clear()
            await site.idle.wait()


# Documents


def item(
    title: str,
    link: str | None = None,
    text: str = "",
    published: datetime | str | None = None,
    more: str = "",
) -> str:
    """An item of an RSS feed; `text` is HTML."""
    at = format_datetime(published) if isinstance(published, datetime) else published
    parts = [
        f"<title>{escape(title)}</title>",
        f"<link>{escape(link)}</link>" if link else "",
        f"<description><![CDATA[{text}]]></description>" if text else "",
        f"<pubDate>{at}</pubDate>" if at else "",
    ]
    return f"<item>{''.join(parts)}{more}</item>"


def rss(*items: str, title: str = "Вестник", encoding: str | None = "utf-8") -> str:
    """An RSS 2.0 document, as newspapers publish it."""
    declared = f' encoding="{encoding}"' if encoding else ""
    return (
        f'<?xml version="1.0"{declared}?>\n<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:yandex="http://news.yandex.ru"><channel>'
        f"<title>{escape(title)}</title><link>https://vestnik.kz/</link>"
        f"<description>Новости дня</description><language>ru</language>\n{''.join(items)}\n"
        "</channel></rss>\n"
    )


def atom(*entries: str, title: str = "Вестник", base: str = "https://vestnik.kz/") -> str:
    """An Atom 1.0 document."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru" xml:base="{base}">'
        f"<title>{escape(title)}</title><id>urn:vestnik</id>"
        f"<updated>2025-12-19T14:05:00+05:00</updated>{''.join(entries)}</feed>\n"
    )


def page(title: str, *paragraphs: str, head: str = "") -> str:
    """A web page with an article, a menu and a footer around it."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'{head}</head><body><nav><a href="/">Главная</a> <a href="/s">Спорт</a></nav>'
        f"<main><article><h1>{escape(title)}</h1>{body}</article></main>"
        "<footer>Все права защищены</footer></body></html>"
    )
