"""The tables of feeds and clippings."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.feeds import FeedTable, StoredFeed

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
URL = "https://vestnik.kz/rss"


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[FeedTable]:
    opened = await FeedTable.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def added(table: FeedTable, url: str = URL, title: str = "Вестник") -> StoredFeed:
    feed = await table.add_feed(url, title, NOW)
    assert feed
    return feed


async def again(table: FeedTable, feed: StoredFeed) -> StoredFeed:
    found = await table.feed(feed.id)
    assert found
    return found


async def test_a_feed_that_is_added_is_due_at_once(table: FeedTable) -> None:
    feed = await added(table)
    assert feed == StoredFeed(
        *(feed.id, URL, "Вестник", None, None), False, 0, 0, "", None, None, NOW
    )
    assert await table.due_feeds(NOW) == await table.feeds() == [feed]
    assert await table.next_poll() == NOW


async def test_a_feed_is_on_the_list_once(table: FeedTable) -> None:
    await added(table)
    assert await table.add_feed(URL, "Иначе", LATER) is None
    await table.seed_feeds([URL, "https://trend.az/rss"], NOW)
    assert [feed.url for feed in await table.feeds()] == [URL, "https://trend.az/rss"]


async def test_a_removed_feed_is_nowhere_until_it_is_added_again(table: FeedTable) -> None:
    feed = await added(table)
    await table.feed_failed(feed.id, "timeout", NOW, LATER, paused=True)
    await table.remove_feed(feed.id)
    await table.seed_feeds([URL], LATER)
    assert await table.feeds() == await table.due_feeds(LATER + LATER.resolution) == []
    assert await table.feed(feed.id) is None
    assert await table.next_poll() is None
    new = await added(table, title="Новый")
    assert (new.id, new.title, new.failures, new.error, new.paused) == (
        feed.id,
        "Новый",
        0,
        "",
        False,
    )


async def test_a_paused_feed_is_not_polled_and_a_resumed_one_at_once(table: FeedTable) -> None:
    feed = await added(table)
    await table.pause_feed(feed.id, NOW, paused=True)
    assert (await again(table, feed)).paused
    assert await table.due_feeds(LATER) == []
    assert await table.next_poll() is None
    await table.pause_feed(feed.id, LATER, paused=False)
    assert [each.next_poll for each in await table.due_feeds(LATER)] == [LATER]


async def test_a_poll_moves_the_next_one(table: FeedTable) -> None:
    feed = await added(table)
    polled = replace(feed, etag='"1"', modified="Fri")
    await table.feed_polled(polled, "Вестник дня", NOW, LATER)
    assert await again(table, feed) == replace(
        polled, title="Вестник дня", last_success=NOW, next_poll=LATER
    )
    assert await table.due_feeds(NOW) == []
    assert await table.due_feeds(LATER) != []
    await table.poll_at(feed.id, NOW)
    assert await table.due_feeds(NOW) != []


async def test_failures_are_counted_from_the_first_until_a_poll_goes_well(table: FeedTable) -> None:
    feed = await added(table)
    await table.feed_failed(feed.id, "timeout", NOW, LATER, paused=False)
    await table.feed_failed(feed.id, "gone", LATER, LATER, paused=True)
    failed = await again(table, feed)
    assert (failed.failures, failed.error, failed.failing_since) == (2, "gone", NOW)
    assert failed.paused
    await table.feed_polled(failed, "", LATER, LATER)
    well = await again(table, feed)
    assert (well.failures, well.error, well.failing_since, well.paused) == (0, "", None, True)


async def test_due_feeds_come_the_longest_waiting_first(table: FeedTable) -> None:
    first, second = await added(table), await added(table, "https://trend.az/rss")
    await table.poll_at(first.id, LATER)
    assert [feed.id for feed in await table.due_feeds(LATER)] == [second.id, first.id]
    assert await table.next_poll() == NOW


async def test_an_article_is_known_by_any_of_its_keys(table: FeedTable) -> None:
    feed = await added(table)
    await table.clipped(feed.id, ["url:a.kz/1", "text:a.kz 1"], "feeds/a.kz/1.md", NOW)
    assert await table.clipping(["url:a.kz/2", "text:a.kz 1"]) == "feeds/a.kz/1.md"
    assert await table.clipping(["url:a.kz/2"]) is None
    assert await table.clipping([]) is None
    assert (await again(table, feed)).articles == 1


async def test_other_keys_of_a_known_article_count_for_no_feed(table: FeedTable) -> None:
    feed = await added(table)
    await table.note_clippings(["url:a.kz/1"], "", NOW)
    await table.note_clippings(["url:a.kz/1", "url:a.kz/2"], "feeds/a.kz/1.md", NOW)
    assert await table.clipping(["url:a.kz/1"]) == ""
    assert await table.clipping(["url:a.kz/1", "url:a.kz/2"]) == "feeds/a.kz/1.md"
    assert (await again(table, feed)).articles == 0
