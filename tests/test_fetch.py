"""Fetching: public addresses only, whatever they are written as; limits of size, time, kind."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetch import (
    AGENT,
    FEED,
    PAGE,
    ROBOTS,
    Fetcher,
    FetchError,
    Missing,
    Refused,
    Trouble,
    Unreachable,
    checked,
)
from bot.guard import is_allowed, is_public
from bot.headers import media_type
from tests.feed_server import Response, Site, conditional, gzip_bomb, html, redirect, serving, xml

REFUSALS = {Trouble.PRIVATE, Trouble.NO_HOST, Trouble.ADDRESS}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as serves:
        yield serves


@pytest.fixture
async def fetcher(site: Site) -> AsyncIterator[Fetcher]:
    async with Fetcher({site.host}) as fetches:
        yield fetches


async def trouble_of(fetcher: Fetcher, url: str) -> Trouble:
    with pytest.raises(FetchError) as raised:
        await fetcher.get(url)
    return raised.value.trouble


# What comes


async def test_a_page_comes_with_what_its_head_says(site: Site, fetcher: Fetcher) -> None:
    kind = {"Content-Type": 'Text/HTML; Charset="Windows-1251"'}
    body = "<p>Уран</p>".encode("cp1251")
    site.pages["/a"] = Response(body, 200, {**kind, "ETag": '"1"', "Last-Modified": "Fri"})
    found = await fetcher.get(f"{site.url}/a#part")
    assert (found.status, found.content, found.url) == (200, body, f"{site.url}/a")
    assert (found.kind, found.charset) == ("text/html", "windows-1251")
    assert (found.etag, found.modified) == ('"1"', "Fri")
    (request,) = site.asked
    assert request.headers["user-agent"] == AGENT
    assert request.headers["host"] == site.host


async def test_what_has_not_changed_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    site.pages["/a"] = conditional(html("Уран"), '"1"')
    first = await fetcher.get(f"{site.url}/a")
    again = await fetcher.get(f"{site.url}/a", etag=first.etag, modified="Fri")
    assert (again.status, again.content) == (304, b"")
    assert site.asked[1].headers["if-modified-since"] == "Fri"


@pytest.mark.parametrize("etag", ["«1»", "x" * 501, ""])
async def test_a_validator_that_could_not_be_sent_back_is_left_out(
    site: Site, fetcher: Fetcher, etag: str
) -> None:
    site.pages["/a"] = html("Уран", ETag=etag)
    assert (await fetcher.get(f"{site.url}/a")).etag is None


async def test_redirects_are_followed_to_the_end(site: Site, fetcher: Fetcher) -> None:
    for number in range(5):
        site.pages[f"/{number}"] = redirect(f"{number + 1}", 301 + number % 2)
    site.pages["/5"] = html("Уран")
    assert (await fetcher.get(f"{site.url}/0")).url == f"{site.url}/5"


@pytest.mark.parametrize(
    ("to", "trouble"),
    [
        ("/loop", Trouble.REDIRECTS),
        ("ftp://a.kz/", Trouble.ADDRESS),
        ("file:///etc/passwd", Trouble.ADDRESS),
        ("javascript:alert(1)", Trouble.ADDRESS),
        ("http://user:secret@127.0.0.1/", Trouble.ADDRESS),
        ("http:////p]", Trouble.ADDRESS),
        ("http://[::", Trouble.CONNECTION),
        ("http://", Trouble.REDIRECTS),
        ("http://127.0.0.1:{other}/", Trouble.PRIVATE),
        ("http://localhost:{port}/", Trouble.PRIVATE),
        ("//2130706433:{port}/", Trouble.PRIVATE),
        ("http://169.254.169.254/latest/meta-data", Trouble.PRIVATE),
    ],
)
async def test_a_redirect_is_checked_as_the_first_address_is(
    site: Site, fetcher: Fetcher, to: str, trouble: Trouble
) -> None:
    async with serving({"/": html("Тайна")}) as inner:
        site.pages["/loop"] = redirect(to.format(other=inner.port, port=site.port))
        assert await trouble_of(fetcher, f"{site.url}/loop") is trouble
        assert inner.asked == []


@pytest.mark.parametrize(
    ("status", "error", "trouble"),
    [
        (404, Missing, Trouble.MISSING),
        (410, Missing, Trouble.GONE),
        (401, Missing, Trouble.DENIED),
        (403, Missing, Trouble.DENIED),
        (204, Missing, Trouble.MISSING),
        (304, None, None),
        (429, Unreachable, Trouble.BUSY),
        (503, Unreachable, Trouble.BUSY),
        (500, Unreachable, Trouble.SERVER),
        (599, Unreachable, Trouble.SERVER),
    ],
)
async def test_a_status_says_whether_to_come_again(
    site: Site,
    fetcher: Fetcher,
    status: int,
    error: type[FetchError] | None,
    trouble: Trouble | None,
) -> None:
    site.pages["/a"] = Response(b"", status, {"Retry-After": "120"})
    if error is None:
        assert (await fetcher.get(f"{site.url}/a")).status == status
        return
    with pytest.raises(error) as raised:
        await fetcher.get(f"{site.url}/a")
    assert raised.value.trouble is trouble
    if isinstance(raised.value, Unreachable):
        assert raised.value.retry_after == "120"


# What does not


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("text/html; charset=utf-8", {PAGE, FEED, ROBOTS}),
        ("application/xhtml+xml", {PAGE, FEED}),
        ("text/plain", {PAGE, FEED, ROBOTS}),
        ("text/xml", {PAGE, FEED, ROBOTS}),
        ("application/xml", {PAGE, FEED}),
        ("application/rss+xml", {PAGE, FEED}),
        ("application/atom+xml", {PAGE, FEED}),
        ("application/octet-stream", {FEED, ROBOTS}),
        ("image/png", set()),
        ("application/pdf", set()),
        ("application/json", set()),
        ("video/mp4", set()),
        ("", {PAGE, FEED, ROBOTS}),
    ],
)
async def test_only_text_is_taken(
    site: Site, fetcher: Fetcher, kind: str, taken: set[object]
) -> None:
    site.pages["/a"] = Response(b"<a>", 200, {"Content-Type": kind})
    for wanted in (PAGE, FEED, ROBOTS):
        if wanted in taken:
            assert (await fetcher.get(f"{site.url}/a", wanted)).content == b"<a>"
        else:
            with pytest.raises(Refused, match="not text"):
                await fetcher.get(f"{site.url}/a", wanted)


async def test_nothing_endless_packed_or_plain_is_read_to_its_end(
    site: Site, fetcher: Fetcher
) -> None:
    kind = {"Content-Type": "text/plain"}
    site.pages["/endless"] = Response(b"x" * 65536, 200, kind, endless=True)
    site.pages["/bomb"] = gzip_bomb(64)
    for path in ("/endless", "/bomb"):
        assert await trouble_of(fetcher, site.url + path) is Trouble.TOO_LARGE


async def test_packed_text_is_unpacked_and_damaged_is_an_error(
    site: Site, fetcher: Fetcher
) -> None:
    site.pages["/packed"] = gzip_bomb(1)
    assert (await fetcher.get(f"{site.url}/packed")).content == bytes(1024 * 1024)
    whole = gzip_bomb(1)
    site.pages["/damaged"] = whole._replace(body=b"x" + whole.body)
    assert await trouble_of(fetcher, f"{site.url}/damaged") is Trouble.CONNECTION
    for encoding in ("br", "gzip, gzip", "zstd"):
        headers = {**whole.headers, "Content-Encoding": encoding}
        site.pages["/odd"] = whole._replace(headers=headers)
        assert await trouble_of(fetcher, f"{site.url}/odd") is Trouble.NOT_TEXT


async def test_a_body_that_never_ends_coming_is_given_up(site: Site) -> None:
    site.pages["/slow"] = Response(b"<p>", 200, {"Content-Type": "text/html"}, slow=True)
    async with Fetcher({site.host}, deadline=0.05) as fetcher:
        assert await trouble_of(fetcher, f"{site.url}/slow") is Trouble.TIMEOUT


async def test_what_is_no_http_or_nobody_there_is_no_connection(fetcher: Fetcher) -> None:
    async with serving() as gone:
        pass
    async with Fetcher({gone.host}) as other:
        assert await trouble_of(other, gone.url) is Trouble.CONNECTION
    assert await trouble_of(fetcher, "http://a b.invalid/") is Trouble.NO_HOST


# Which addresses


@pytest.mark.parametrize(
    "url",
    [
        *("", " ", "a.kz", "//a.kz", "ftp://a.kz", "file:///etc/passwd", "gopher://a.kz", "http:"),
        *("http://", "http:///a", "https://u:p@a.kz", "http://u@a.kz", "http://a.kz:99999/"),
        *("http://a.kz:x/", "http://[::1", "http://a.kz/\x00", "http://a\nb.kz", "javascript:1"),
        *("http://１２７.０.０.１/", "data:text/html,x", f"http://a.kz/{'x' * 2000}"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="not a web address"):
        checked(url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://2130706433/"),
        *("http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://0/"),
        *("http://10.1.2.3/", "http://192.168.0.1/", "http://172.16.0.1/", "http://100.64.0.1/"),
        *("http://169.254.169.254/", "http://[fe80::1]/", "http://[fc00::1]/", "http://0.0.0.0/"),
        *("http://[::]/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/"),
        *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[64:ff9b::a00:1]/"),
        *("http://[::127.0.0.1]/", "http://[fec0::1]/", "http://[64:ff9b:1::7f00:1]/"),
        *("http://127.0.0.1:1/", "https://127.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/"),
    ],
)
async def test_no_private_address_is_fetched_however_it_is_written(url: str) -> None:
    async with Fetcher({"127.0.0.1:2", "news.lan"}) as fetcher:
        assert await trouble_of(fetcher, url) in REFUSALS


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "2a00:1450:4010:c0f::64", "::ffff:8.8.8.8", "64:ff9b::808:808", "1.1.1.1"),
        *("2002:808:808::1", "2606:4700::1111"),
    ],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_counts_as_that(address: object) -> None:
    plain = is_public(str(address))
    assert is_public(f"::ffff:{address}") is plain
    assert is_public(f"64:ff9b::{address}") is plain
    assert not is_public(f"::{address}")


@pytest.mark.parametrize("text", ["", "a.kz", "127.0.0.1:80", "fe80::1%eth0", "1.1.1"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize(
    ("url", "allowed", "expected"),
    [
        ("http://news.lan/", {"news.lan"}, True),
        ("http://NEWS.lan:8000/", {"news.lan"}, True),
        ("http://news.lan:8000/", {"news.lan:8000"}, True),
        ("http://news.lan/", {"news.lan:80"}, True),
        ("https://news.lan/", {"news.lan:443"}, True),
        ("https://news.lan/", {"news.lan:80"}, False),
        ("http://news.lan:8001/", {"news.lan:8000"}, False),
        ("http://a.news.lan/", {"news.lan"}, False),
        ("http://news.lan.evil.kz/", {"news.lan"}, False),
        ("http://[::1]:8000/", {"[::1]:8000"}, True),
        ("http://[::1]/", {"::1"}, True),
        ("http://[::1]/", {"[::1]"}, True),
    ],
)
def test_allowed_hosts_are_meant_exactly(url: str, allowed: set[str], *, expected: bool) -> None:
    assert is_allowed(httpx.URL(url), allowed) is expected


class Names:
    """A name server that gives the next of its answers each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0)


async def test_a_name_with_one_private_address_among_others_is_refused() -> None:
    for answer in (["8.8.8.8", "127.0.0.1"], ["::1", "8.8.8.8"]):
        async with Fetcher(resolve=Names(answer).resolve) as fetcher:
            assert await trouble_of(fetcher, "http://a.kz/") is Trouble.PRIVATE


async def test_the_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    """The name is asked for once: a second answer cannot lead elsewhere."""
    site.pages["/a"] = html("Уран")
    names = Names(["127.0.0.1"])
    async with Fetcher({"news.lan"}, resolve=names.resolve) as fetcher:
        found = await fetcher.get(f"http://news.lan:{site.port}/a")
    assert names.asked == ["news.lan"]
    assert found.url == f"http://news.lan:{site.port}/a"
    assert site.asked[0].headers["host"] == f"news.lan:{site.port}"


async def test_every_redirect_asks_for_its_name_anew(site: Site) -> None:
    site.pages["/a"] = redirect("/b")
    site.pages["/b"] = html("Тайна")
    names = Names(["127.0.0.1"], ["127.0.0.1"])
    async with Fetcher({"news.lan"}, resolve=names.resolve) as fetcher:
        await fetcher.get(f"http://news.lan:{site.port}/a")
    assert names.asked == ["news.lan", "news.lan"]


async def test_the_next_address_is_tried_where_nobody_answers_at_the_first(site: Site) -> None:
    site.pages["/a"] = html("Уран")
    names = Names(["127.0.0.2", "127.0.0.1"])
    async with Fetcher({"news.lan"}, resolve=names.resolve) as fetcher:
        assert (await fetcher.get(f"http://news.lan:{site.port}/a")).status == 200


async def test_proxies_of_the_environment_are_not_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.pages["/a"] = html("Уран")
    async with Fetcher({site.host}) as fetches:
        assert (await fetches.get(f"{site.url}/a")).status == 200


# One at a time


async def test_a_host_is_asked_one_thing_at_a_time(site: Site, fetcher: Fetcher) -> None:
    site.pages["/a"] = html("Уран")
    await asyncio.gather(*(fetcher.get(f"{site.url}/a") for _ in range(5)))
    assert (len(site.asked), site.busiest) == (5, 1)


async def test_hosts_do_not_wait_for_one_another(site: Site) -> None:
    site.pages["/slow"] = Response(b"<p>", 200, slow=True)
    site.pages["/a"] = html("Уран")
    async with Fetcher({site.host, "news.lan"}, resolve=always_here) as fetcher:
        waiting = asyncio.ensure_future(fetcher.get(f"{site.url}/slow"))
        await site.asked_for.wait()
        assert (await fetcher.get(f"http://news.lan:{site.port}/a")).status == 200
        waiting.cancel()


async def always_here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_cookies_are_not_kept(site: Site, fetcher: Fetcher) -> None:
    site.pages["/a"] = html("Уран", **{"Set-Cookie": "who=reader; Path=/"})
    for _ in range(2):
        await fetcher.get(f"{site.url}/a")
    assert all("cookie" not in request.headers for request in site.asked)


async def test_a_pause_that_was_asked_for_is_kept_between_requests(site: Site) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def permit(_url: str) -> float:
        return 5.0

    site.pages["/a"] = html("Уран")
    async with Fetcher({site.host}, pause=pause) as fetcher:
        await fetcher.get(f"{site.url}/a", permit=permit)
        assert pauses == []
        await fetcher.get(f"{site.url}/a", permit=permit)
    (waited,) = pauses
    assert 4 < waited <= 5


async def test_permission_is_asked_for_every_address_on_the_way(site: Site) -> None:
    async def permit(url: str) -> float:
        if url.endswith("/b"):
            raise Refused(Trouble.ROBOTS, "not there")
        return 0.0

    site.pages["/a"] = redirect("/b")
    async with Fetcher({site.host}) as fetcher:
        with pytest.raises(Refused, match=r"robots\.txt"):
            await fetcher.get(f"{site.url}/a", permit=permit)
    assert site.paths == ["/a"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html", ("text/html", None)),
        ("TEXT/HTML ;charset=UTF-8", ("text/html", "utf-8")),
        ('text/xml; x=y; charset = "windows-1251"', ("text/xml", "windows-1251")),
        ("", ("", None)),
        (";", ("", None)),
    ],
)
def test_the_media_type_and_charset_are_read(header: str, expected: tuple[str, str | None]) -> None:
    assert media_type(header) == expected


async def test_a_feed_may_be_packed(site: Site, fetcher: Fetcher) -> None:
    packed = xml(gzip.compress(b"<rss/>"), **{"Content-Encoding": "gzip"})
    site.pages["/rss"] = packed
    assert (await fetcher.get(f"{site.url}/rss", FEED)).content == b"<rss/>"
