"""The polling loop: what is due is polled, new articles are stored once, nothing kills it."""

import asyncio
import os
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import feeds as module
from bot.database import StoreError
from bot.feeds import Feeds, back_off
from bot.fetch import Fetcher, FetchError, Refused, Trouble
from bot.headers import asked_pause
from bot.settings import Settings
from bot.store.feeds import FeedTable, StoredFeed
from retrieval.corpus import CorpusError, read
from retrieval.models import Article
from tests.feed_server import (
    Request,
    Response,
    Site,
    atom,
    conditional,
    html,
    item,
    page,
    redirect,
    rss,
    serving,
    xml,
)

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
AT = datetime(2025, 12, 19, 14, 5, tzinfo=UTC)
DAY = timedelta(days=1)
LONG = "Казахстан и Япония договорились о поставках урана и редких металлов. " * 12
OTHER = "Средний коридор связывает порты Каспия с железными дорогами Европы. " * 12
LEAD = "<p>Казахстан и Япония договорились о поставках урана и редких металлов…</p>"


@dataclass
class Newsroom:
    """A list of feeds with a clock that stands still until it is moved."""

    site: Site
    table: FeedTable
    corpus: Path
    settings: Settings
    fetcher: Fetcher
    now: datetime = NOW
    stored: int = 0
    fails: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feeds = Feeds(self.table, self.fetcher, self.settings, self.clock, self.on_stored)

    def clock(self) -> datetime:
        return self.now

    async def on_stored(self) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.stored += 1

    async def add(self, path: str = "/rss") -> StoredFeed:
        feed, _ = await self.feeds.add(self.site.url + path)
        assert feed
        return feed

    async def poll(self, feed: StoredFeed, later: timedelta = timedelta()) -> StoredFeed:
        """Poll this feed after a while; returns it as it is then."""
        self.now += later
        await self.table.poll_at(feed.id, self.now)
        await self.feeds.round()
        return await self.again(feed)

    async def again(self, feed: StoredFeed) -> StoredFeed:
        now = await self.table.feed(feed.id)
        assert now
        return now

    def articles(self) -> list[Article]:
        found = read(self.corpus)
        assert found.refused == ()
        return list(found.articles)

    def titles(self) -> set[str]:
        return {article.title for article in self.articles()}


@asynccontextmanager
async def newsroom(folder: Path, site: Site, **given: object) -> AsyncIterator[Newsroom]:
    corpus = folder / "articles"
    corpus.mkdir(exist_ok=True)
    options = {"corpus_dir": corpus, "fetch_allow_hosts": frozenset({site.host})}
    settings = Settings.model_validate({**options, **given})
    table = await FeedTable.open(folder / "bot.sqlite3")
    try:
        async with Fetcher(settings.fetch_allow_hosts, deadline=5) as fetcher:
            yield Newsroom(site, table, corpus, settings, fetcher)
    finally:
        await table.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as serves:
        yield serves


@pytest.fixture
async def here(tmp_path: Path, site: Site) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path, site) as room:
        yield room


# Articles


async def test_a_new_feed_gives_what_it_has_now(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(
        rss(
            item("Уран & металлы", "https://vestnik.kz/1", f"<p>{LONG}</p><p>— Да.</p>", AT),
            item("Коридор", "https://vestnik.kz/2", OTHER),
        )
    )
    feed = await here.poll(await here.add())
    first, second = sorted(here.articles(), key=lambda article: article.title, reverse=True)
    assert (first.title, first.source, str(first.date)) == (
        "Уран & металлы",
        "Вестник",
        "2025-12-19",
    )
    assert first.url == "https://vestnik.kz/1"
    assert first.text == f"{LONG.strip()}\n\n— Да."
    assert re.fullmatch(r"feeds/vestnik\.kz/2025-12-19-[0-9a-f]{16}\.md", first.path)
    assert (second.title, second.date) == ("Коридор", None)
    assert second.path.startswith("feeds/vestnik.kz/2025-12-20-")
    assert (feed.articles, feed.title, feed.last_success) == (2, "Вестник", NOW)
    assert feed.next_poll == NOW + timedelta(minutes=15)
    assert here.stored == 1


async def test_what_is_known_is_not_stored_again_even_with_another_text(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", "https://vestnik.kz/1", LONG, AT)))
    feed = await here.poll(await here.add())
    here.site.pages["/rss"] = xml(rss(item("Уран: уточнено", "https://vestnik.kz/1", OTHER, AT)))
    feed = await here.poll(feed, DAY)
    assert here.titles() == {"Уран"}
    assert (feed.articles, here.stored) == (1, 1)


async def test_a_file_that_was_deleted_does_not_come_back(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", "https://vestnik.kz/1", LONG, AT)))
    feed = await here.poll(await here.add())
    (here.corpus / here.articles()[0].path).unlink()
    await here.poll(feed, DAY)
    assert here.articles() == []


@pytest.mark.parametrize(
    "again",
    [
        item("Уран", "http://www.vestnik.kz/1/?utm_source=rss&utm_medium=feed#comments", LONG),
        item("Уран", "https://m.vestnik.kz/1?from=rss", OTHER),
        item("Уран", "https://vestnik.kz/amp/1-uran", LONG),
        item("УРАН", "https://vestnik.kz/economy/1", f"<p>{LONG}</p>"),
    ],
)
async def test_an_article_under_another_address_is_stored_once(here: Newsroom, again: str) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", "https://vestnik.kz/1", LONG), again))
    here.site.pages["/two"] = xml(rss(again))
    await here.poll(await here.add())
    await here.poll(await here.add("/two"))
    assert len(here.articles()) == 1


async def test_two_feeds_at_once_store_an_article_once(here: Newsroom) -> None:
    async with serving() as second:
        settings = here.settings.model_copy(
            update={"fetch_allow_hosts": frozenset({here.site.host, second.host})}
        )
        for site in (here.site, second):
            site.pages["/rss"] = xml(rss(item("Уран", "https://vestnik.kz/1", LONG)))
        async with Fetcher(settings.fetch_allow_hosts) as fetcher:
            both = Newsroom(here.site, here.table, here.corpus, settings, fetcher)
            await both.add()
            await both.feeds.add(f"{second.url}/rss")
            await both.feeds.round()
    assert len(here.articles()) == 1


async def test_a_reprint_on_another_site_is_stored(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", "https://vestnik.kz/1", LONG)))
    here.site.pages["/two"] = xml(rss(item("Уран", "https://trend.az/1", LONG), title="Тренд"))
    for path in ("/rss", "/two"):
        await here.poll(await here.add(path))
    assert {article.source for article in here.articles()} == {"Вестник", "Тренд"}


async def test_entries_without_an_address_are_told_apart_by_their_own_id_or_text(
    here: Newsroom,
) -> None:
    here.site.pages["/rss"] = xml(
        rss(
            item("Уран", text=LONG, more='<guid isPermaLink="false">1</guid>'),
            item("Коридор", text=OTHER, more='<guid isPermaLink="false">2</guid>'),
            item("Без всего", text=LONG + OTHER),
        )
    )
    feed = await here.poll(await here.add())
    await here.poll(feed, DAY)
    assert len(here.articles()) == 3


async def test_all_entries_that_link_to_the_front_page_are_stored(here: Newsroom) -> None:
    front = "https://vestnik.kz/"
    here.site.pages["/rss"] = xml(rss(item("Уран", front, LONG), item("Коридор", front, OTHER)))
    await here.poll(await here.add())
    assert len(here.articles()) == 2


async def test_of_a_long_new_feed_the_newest_are_stored_and_the_others_never(
    here: Newsroom,
) -> None:
    def numbered(number: int) -> str:
        text = f"{LONG} {number}"
        return item(f"№ {number}", f"https://a.kz/{number}", text, AT + timedelta(hours=number))

    entries = [numbered(number) for number in range(60)]
    here.site.pages["/rss"] = xml(rss(*entries))
    here.now = AT + timedelta(days=5)
    feed = await here.poll(await here.add())
    here.site.pages["/rss"] = xml(rss(*entries, numbered(60)))
    feed = await here.poll(feed, DAY)
    assert here.titles() == {f"№ {number}" for number in range(10, 61)}
    assert feed.articles == 51


# Whole texts


async def test_where_the_feed_has_a_lead_the_page_is_read(here: Newsroom) -> None:
    link = f"{here.site.url}/1"
    here.site.pages["/rss"] = xml(rss(item("Уран", link, LEAD, AT)))
    here.site.pages["/1"] = html(page("Уран", LONG, OTHER))
    await here.poll(await here.add())
    (article,) = here.articles()
    assert LONG.strip() in article.text
    assert OTHER.strip() in article.text
    assert "Главная" not in article.text
    assert here.site.busiest == 1


@pytest.mark.parametrize(
    "response",
    [
        Response(b"", 404),
        Response(b"", 500),
        Response(b"%PDF", 200, {"Content-Type": "application/pdf"}),
        html(""),
        html(page("Уран", "Коротко.")),
        html(
            page("Проверка", "Включите файлы cookie и обновите страницу, чтобы продолжить. " * 20)
        ),
        redirect("http://127.0.0.1:1/"),
        redirect("http://169.254.169.254/"),
        Response(b"\x00\x01\x02", 200, {"Content-Type": "text/html"}),
    ],
)
async def test_where_the_page_gives_less_the_lead_is_kept(
    here: Newsroom, response: Response
) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", f"{here.site.url}/1", LEAD, AT)))
    here.site.pages["/1"] = response
    feed = await here.poll(await here.add())
    (article,) = here.articles()
    assert article.text == LEAD.removeprefix("<p>").removesuffix("</p>")
    assert feed.error == ""


async def test_a_whole_text_needs_no_page(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", f"{here.site.url}/1", LONG, AT)))
    await here.poll(await here.add())
    assert "/1" not in here.site.paths


async def test_a_headline_whose_page_does_not_answer_is_fetched_later(here: Newsroom) -> None:
    here.site.pages["/rss"] = conditional(xml(rss(item("Уран", f"{here.site.url}/1"))), '"1"')
    here.site.pages["/1"] = Response(b"", 503)
    feed = await here.poll(await here.add())
    assert here.articles() == []
    here.site.pages["/1"] = html(page("Уран", LONG))
    await here.poll(feed, timedelta(minutes=15))
    (article,) = here.articles()
    assert LONG.strip() in article.text


async def test_a_headline_without_a_page_is_an_article_of_its_title(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран подорожал", f"{here.site.url}/1")))
    await here.poll(await here.add())
    assert [article.text for article in here.articles()] == ["Уран подорожал"]


async def test_what_a_page_says_of_its_address_makes_it_known(here: Newsroom) -> None:
    link = f'<link rel="canonical" href="{here.site.url}/uran">'
    here.site.pages["/1"] = redirect("/moved")
    here.site.pages["/moved"] = html(page("Уран", LONG, head=link))
    here.site.pages["/rss"] = xml(rss(item("Уран", f"{here.site.url}/1", LEAD)))
    here.site.pages["/two"] = xml(
        rss(item("А", f"{here.site.url}/uran", OTHER), item("Б", f"{here.site.url}/moved", OTHER))
    )
    await here.poll(await here.add())
    await here.poll(await here.add("/two"))
    assert len(here.articles()) == 1


async def test_robots_txt_keeps_the_bot_from_pages_and_feeds(here: Newsroom) -> None:
    rules = b"User-agent: *\nDisallow: /private/\n"
    here.site.pages["/robots.txt"] = Response(rules, 200, {"Content-Type": "text/plain"})
    here.site.pages["/rss"] = xml(rss(item("Уран", f"{here.site.url}/private/1", LEAD)))
    here.site.pages["/private/1"] = html(page("Уран", LONG))
    here.site.pages["/private/rss"] = xml(rss())
    await here.poll(await here.add())
    assert [article.text for article in here.articles()] == [LEAD[3:-4]]
    with pytest.raises(Refused, match=r"robots\.txt"):
        await here.add("/private/rss")
    assert set(here.site.paths) == {"/rss"}


# Polling


async def test_a_feed_is_asked_only_for_what_has_changed(here: Newsroom) -> None:
    here.site.pages["/rss"] = conditional(xml(rss(item("Уран", text=LONG))), '"1"')
    feed = await here.poll(await here.add())
    assert feed.etag == '"1"'
    feed = await here.poll(feed, DAY)
    assert here.site.asked[-1].headers["if-none-match"] == '"1"'
    assert (feed.last_success, feed.title, feed.etag) == (NOW + DAY, "Вестник", '"1"')


async def test_what_was_not_stored_is_asked_for_again(
    here: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No space on the disk: neither the article nor the feed's ETag is noted."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    here.site.pages["/rss"] = conditional(xml(rss(item("Уран", text=LONG))), '"1"')
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        feed = await here.poll(await here.add())
    assert (feed.etag, feed.articles, here.stored) == (None, 0, 0)
    assert [path for path in here.corpus.rglob("*") if path.is_file()] == []
    await here.poll(feed, timedelta(minutes=15))
    assert (here.titles(), here.stored) == ({"Уран"}, 1)


async def test_a_feed_that_fails_is_left_alone_longer_each_time(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss())
    feed = await here.add()
    here.site.pages["/rss"] = Response(b"", 500)
    pauses = []
    for _ in range(8):
        feed = await here.poll(feed, timedelta(minutes=1))
        pauses.append((feed.next_poll - here.now) / timedelta(minutes=1))
    for pause, usual in zip(pauses, (15, 30, 60, 120, 240, 360, 360, 360), strict=True):
        assert 0.9 * usual <= pause <= usual
    assert (feed.failures, feed.error, feed.failing_since) == (8, Trouble.SERVER, NOW + DAY / 1440)
    here.site.pages["/rss"] = xml(rss())
    feed = await here.poll(feed)
    assert (feed.failures, feed.error, feed.failing_since) == (0, "", None)


async def test_a_server_that_names_its_pause_is_left_alone_so_long(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss())
    feed = await here.add()
    here.site.pages["/rss"] = Response(b"", 429, {"Retry-After": "7200"})
    assert (await here.poll(feed)).next_poll == NOW + timedelta(hours=2)


async def test_a_feed_that_is_gone_is_paused_and_admins_are_told(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss())
    feed = await here.add()
    here.site.pages["/rss"] = Response(b"", 410)
    feed = await here.poll(feed)
    assert (feed.paused, feed.error) == (True, Trouble.GONE)
    (notice,) = await here.table.untold_notices()
    assert "приостановлена" in notice.text
    assert await here.table.due_feeds(NOW + 30 * DAY) == []


async def test_a_feed_that_fails_for_a_day_is_reported_once_until_it_worked(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss())
    feed = await here.add()
    told = []
    for hours, response in (
        (0, Response(b"", 500)),
        (23, Response(b"", 500)),
        (1, Response(b"", 500)),
        (24, Response(b"", 500)),
        (1, xml(rss())),
        (1, Response(b"", 404)),
        (25, Response(b"", 404)),
    ):
        here.site.pages["/rss"] = response
        feed = await here.poll(feed, timedelta(hours=hours))
        told.append(len(await here.table.untold_notices()))
    assert told == [0, 0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("response", "trouble"),
    [
        (html("<p>Нет ленты</p>"), Trouble.NOT_A_FEED),
        (xml(b""), Trouble.NOT_A_FEED),
        (Response(b"%PDF", 200, {"Content-Type": "application/pdf"}), Trouble.NOT_TEXT),
        (redirect("http://127.0.0.1:1/rss"), Trouble.PRIVATE),
        (redirect("http://localhost/rss"), Trouble.PRIVATE),
        (Response(b"", 404), Trouble.MISSING),
    ],
)
async def test_what_is_no_feed_is_said_and_not_added(
    here: Newsroom, response: Response, trouble: Trouble
) -> None:
    here.site.pages["/rss"] = response
    with pytest.raises(FetchError) as raised:
        await here.add()
    assert raised.value.trouble is trouble
    assert await here.table.feeds() == []


async def test_the_feed_that_a_page_names_is_added(here: Newsroom) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    here.site.pages["/news"] = html(page("Вестник", LONG, head=link))
    here.site.pages["/rss.xml"] = xml(rss(item("Уран", text=LONG)))
    feed, found = await here.feeds.add(f"{here.site.url}/news")
    assert feed
    assert feed.url == found.url == f"{here.site.url}/rss.xml"
    assert (found.feed.title, len(found.feed.entries)) == ("Вестник", 1)


async def test_a_feed_is_added_once_and_anew_after_it_was_removed(here: Newsroom) -> None:
    here.site.pages["/rss"] = here.site.pages["/rss/"] = xml(rss(title="Вестник"))
    feed = await here.add()
    for path in ("/rss", "/rss/", "/rss?utm_source=tg"):
        here.site.pages[path] = xml(rss())
        assert (await here.feeds.add(here.site.url + path)).feed is None
    await here.table.remove_feed(feed.id)
    assert (await here.add()).id == feed.id


async def test_feeds_of_one_site_are_polled_one_after_another(here: Newsroom) -> None:
    for number in range(6):
        here.site.pages[f"/{number}"] = xml(atom(title=f"№ {number}"), "application/atom+xml")
        await here.add(f"/{number}")
    here.site.busiest = 0
    await here.feeds.round()
    assert here.site.busiest == 1
    assert {feed.title for feed in await here.table.feeds()} == {f"№ {n}" for n in range(6)}


async def test_a_failure_of_the_database_is_raised_after_the_others_are_polled(
    here: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", text=LONG)))
    await here.add()
    with monkeypatch.context() as patch:

        async def broken(*_: object) -> None:
            raise StoreError("disk I/O error")

        patch.setattr(here.table, "feed_polled", broken)
        with pytest.raises(StoreError):
            await here.feeds.round()
    assert (len(here.articles()), here.stored) == (1, 1)
    await here.feeds.round()
    assert (len(here.articles()), here.stored) == (1, 1)


async def test_word_of_what_was_stored_is_given_again_until_it_is_taken(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", text=LONG)))
    here.fails += [CorpusError("the folder is gone"), StoreError("locked")]
    feed = await here.add()
    for expected in (0, 0, 1, 1):
        feed = await here.poll(feed, DAY)
        assert here.stored == expected


# The loop


async def run_until(here: Newsroom, done: asyncio.Event) -> None:
    ending = asyncio.Event()
    running = asyncio.ensure_future(here.feeds.run(ending))
    try:
        async with asyncio.timeout(10):
            await done.wait()
    finally:
        ending.set()
        await running


async def test_the_loop_polls_the_feeds_of_the_settings_and_ends(
    tmp_path: Path, site: Site
) -> None:
    site.pages["/rss"] = xml(rss(item("Уран", text=LONG)))
    done = asyncio.Event()
    async with newsroom(tmp_path, site, feeds=(f"{site.url}/rss",)) as here:

        async def on_stored() -> None:
            done.set()

        here.on_stored = on_stored  # type: ignore[method-assign]
        here.__post_init__()
        await run_until(here, done)
        assert here.titles() == {"Уран"}
        (feed,) = await here.table.feeds()
        await here.table.remove_feed(feed.id)
        await here.table.seed_feeds(here.settings.feeds, NOW)
        assert await here.table.feeds() == []


async def test_a_feed_that_is_added_is_polled_without_waiting(here: Newsroom) -> None:
    done = asyncio.Event()

    def answer(_: Request) -> Response:
        if here.site.paths.count("/rss") == 2:
            done.set()
        return xml(rss())

    here.site.pages["/rss"] = answer
    asking = asyncio.ensure_future(here.feeds.add(f"{here.site.url}/rss"))
    await run_until(here, done)
    assert (await asking).feed


async def test_the_loop_outlives_a_database_that_fails(
    here: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asyncio.Event()
    real, calls = here.table.due_feeds, []

    async def broken(now: datetime) -> list[StoredFeed]:
        calls.append(now)
        if len(calls) == 1:
            here.feeds.wake()
            raise StoreError("disk I/O error")
        done.set()
        return await real(now)

    monkeypatch.setattr(here.table, "due_feeds", broken)
    await run_until(here, done)
    assert len(calls) >= 2


async def test_the_end_does_not_wait_for_a_slow_site(here: Newsroom) -> None:
    here.site.pages["/rss"] = xml(rss())
    await here.add()
    here.site.pages["/rss"] = Response(b"<rss", 200, {"Content-Type": "text/xml"}, slow=True)
    here.site.asked_for.clear()
    await run_until(here, here.site.asked_for)
    assert (await here.table.feeds())[0].failures == 0


# Pauses


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("-5", timedelta()),
        ("999999999999999999999", DAY),
        ("Sat, 20 Dec 2025 10:00:00 GMT", timedelta(hours=1)),
        ("Sat, 20 Dec 2025 08:00:00 GMT", timedelta()),
        ("Sat, 20 Dec 2035 08:00:00 GMT", DAY),
        ("завтра", timedelta()),
        ("", timedelta()),
        (None, timedelta()),
    ],
)
def test_a_pause_that_is_asked_for_is_read(header: str | None, expected: timedelta) -> None:
    assert asked_pause(header, NOW) == expected


def test_a_pause_is_never_shorter_than_usual_for_feeds_that_are_polled_seldom() -> None:
    feed = StoredFeed(1, "https://a.kz/rss", "", None, None, False, 0, 5, "", None, None, NOW)
    assert back_off(feed, 1440) >= timedelta(minutes=1440 * 0.9)
    assert back_off(feed, 15) <= module.LONGEST_PAUSE


async def test_nothing_of_the_table_is_left_locked(here: Newsroom, tmp_path: Path) -> None:
    here.site.pages["/rss"] = xml(rss(item("Уран", text=LONG)))
    await here.poll(await here.add())
    connection = sqlite3.connect(tmp_path / "bot.sqlite3")
    (count,) = connection.execute("SELECT count(*) FROM clippings").fetchone()
    connection.close()
    assert count == 2
