"""What robots.txt lets the bot fetch: none means all, one that cannot be had means nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.fetch import Fetcher, FetchError, Refused, Trouble, Unreachable
from bot.robots import KEPT, LONGEST_DELAY, TRIED_AGAIN, Robots
from tests.feed_server import Page, Response, Site, redirect, serving

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
TEXT = {"Content-Type": "text/plain"}


def rules(*lines: str) -> Response:
    return Response("\n".join(lines).encode(), 200, TEXT)


@dataclass
class Here:
    site: Site
    fetcher: Fetcher
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.robots = Robots(self.fetcher, lambda: self.now)

    async def permit(self, path: str = "/a") -> float:
        return await self.robots.permit(self.site.url + path)

    def asked(self) -> int:
        return sum(request.path == "/robots.txt" for request in self.site.asked)


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    async with serving() as site, Fetcher({site.host}) as fetcher:
        yield Here(site, fetcher)


@pytest.mark.parametrize(
    ("lines", "path", "allowed"),
    [
        ((), "/a", True),
        (("User-agent: *", "Disallow:"), "/a", True),
        (("User-agent: *", "Disallow: /"), "/a", False),
        (("User-agent: *", "Disallow: /private"), "/a", True),
        (("User-agent: *", "Disallow: /private"), "/private/1?a=b", False),
        (("User-agent: *", "Disallow: /", "Allow: /news"), "/news/1", True),
        (("User-agent: *", "Disallow: /*.pdf$"), "/a.pdf", False),
        (("User-agent: *", "Disallow: /новости"), "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", 0),
        (("User-agent: Googlebot", "Disallow: /"), "/a", True),
        (("User-agent: doslovno", "Disallow: /", "", "User-agent: *", "Allow: /"), "/a", False),
        (("User-agent: *", "Disallow: /", "", "User-agent: Doslovno", "Disallow:"), "/a", True),
        (("<html>", "Disallow: /"), "/a", True),
        (("\x00\x01", "User-agent: *", "Disallow: /"), "/a", False),
    ],
)
async def test_the_rules_for_the_bot_are_kept(
    here: Here, lines: tuple[str, ...], path: str, *, allowed: bool
) -> None:
    here.site.pages["/robots.txt"] = rules(*lines)
    if allowed:
        assert await here.permit(path) == 0
    else:
        with pytest.raises(Refused, match=r"robots\.txt"):
            await here.permit(path)


@pytest.mark.parametrize(
    "response",
    [
        *(Response(b"", status) for status in (400, 401, 403, 404, 410)),
        Response(b"\x89PNG", 200, {"Content-Type": "image/png"}),
        redirect("/robots.txt"),
    ],
)
async def test_where_there_are_no_rules_all_is_allowed(here: Here, response: Page) -> None:
    here.site.pages["/robots.txt"] = response
    assert await here.permit() == 0


async def test_rules_that_cannot_be_had_forbid_all_for_a_while(here: Here) -> None:
    here.site.pages["/robots.txt"] = Response(b"", 503)
    for _ in range(2):
        with pytest.raises(Unreachable, match=r"robots\.txt") as raised:
            await here.permit()
        assert raised.value.trouble is Trouble.BUSY
    assert here.asked() == 1
    here.site.pages["/robots.txt"] = rules()
    here.now += TRIED_AGAIN
    assert await here.permit() == 0


async def test_rules_are_asked_for_once_a_day(here: Here) -> None:
    here.site.pages["/robots.txt"] = rules()
    for path in ("/a", "/b?c=d"):
        await here.permit(path)
    assert here.asked() == 1
    here.site.pages["/robots.txt"] = rules("User-agent: *", "Disallow: /")
    here.now += KEPT - timedelta(seconds=1)
    await here.permit()
    here.now += timedelta(seconds=1)
    with pytest.raises(FetchError):
        await here.permit()
    assert here.asked() == 2


@pytest.mark.parametrize(
    ("delay", "expected"),
    [("2", 2.0), ("0.5", 0.5), ("3600", LONGEST_DELAY), ("часто", 0.0), ("-1", 0.0)],
)
async def test_a_delay_between_requests_is_kept_within_reason(
    here: Here, delay: str, expected: float
) -> None:
    here.site.pages["/robots.txt"] = rules("User-agent: *", f"Crawl-delay: {delay}")
    assert await here.permit() == expected


async def test_rules_that_were_known_hold_while_they_cannot_be_had(here: Here) -> None:
    here.site.pages["/robots.txt"] = rules("User-agent: *", "Disallow: /private")
    await here.permit()
    here.site.pages["/robots.txt"] = Response(b"", 500)
    here.now += KEPT
    assert await here.permit("/a") == 0
    with pytest.raises(Refused):
        await here.permit("/private")
    assert here.asked() == 2
