"""Feeds are polled when they are due, and their new articles put into the corpus folder."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from bot import clippings
from bot.addresses import canonical, site
from bot.clippings import address_keys
from bot.database import StoreError
from bot.entries import Entry, Feed, linked_feed, newest, read_feed
from bot.fetch import FEED, Fetched, Fetcher, FetchError, Refused, Trouble, Unreachable, checked
from bot.gleaning import Gleaned, Gleaner
from bot.headers import asked_pause
from bot.rebuilding import NOT_REBUILT
from bot.robots import Robots
from bot.settings import Settings
from bot.store.feeds import FeedTable, StoredFeed
from bot.texts.feeds import failing
from retrieval.models import PartialDate

log = logging.getLogger(__name__)

SITES = 4
"""Sites that are polled side by side."""
FIRST = 50
"""Articles that a new feed gives at most; older ones are not news."""
MOST = 200
"""Articles that a later poll takes at most; the next one takes the others."""
PATIENCE = timedelta(minutes=5)
"""How long one feed's pages are fetched before others have their turn."""
LONGEST_PAUSE = timedelta(hours=6)
REPORTED_AFTER = timedelta(days=1)
"""How long a feed fails before admins are told."""
AFTER_TROUBLE = 60.0
"""Seconds until the next try when the database or the disk fails."""
LONGEST_WAIT = 300.0
"""Seconds until the next look at what is due: the machine may have slept meanwhile."""


class Found(NamedTuple):
    """What stands at an address that was given for a feed."""

    url: str
    feed: Feed


class Added(NamedTuple):
    """What an address was understood as; `feed` is None if it was on the list already."""

    feed: StoredFeed | None
    found: Found


class Feeds:
    """Polls the feeds on the list; `on_stored` is called after a round that stored something."""

    def __init__(
        self,
        store: FeedTable,
        fetcher: Fetcher,
        settings: Settings,
        clock: Callable[[], datetime],
        on_stored: Callable[[], Awaitable[object]],
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._settings = settings
        self._clock = clock
        self._on_stored = on_stored
        self._robots = Robots(fetcher, clock)
        self._gleaner = Gleaner(fetcher, self._robots)
        self._waking = asyncio.Event()
        self._storing = asyncio.Lock()
        self._sites = asyncio.Semaphore(SITES)
        self._untold = False

    async def run(self, ending: asyncio.Event) -> None:
        """Poll what is due until the end; a poll under way then is done again at the next start."""
        end = asyncio.ensure_future(ending.wait())
        work = asyncio.ensure_future(self._work())
        await asyncio.wait({end, work}, return_when=asyncio.FIRST_COMPLETED)
        end.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    def wake(self) -> None:
        """Look at once at what is due."""
        self._waking.set()

    async def add(self, url: str) -> Added:
        """Put a feed on the list, or the one that a web page names.

        Raises FetchError for what is no feed or cannot be fetched, StoreError.
        """
        found = await self._find(url)
        known = {canonical(feed.url) or feed.url for feed in await self._store.feeds()}
        if (canonical(found.url) or found.url) in known:
            return Added(None, found)
        feed = await self._store.add_feed(found.url, found.feed.title, self._clock())
        self.wake()
        return Added(feed, found)

    async def check(self, feed_id: int) -> None:
        """Poll a feed now."""
        await self._store.poll_at(feed_id, self._clock())
        self.wake()

    async def round(self) -> None:
        """Poll every feed that is due. Raises StoreError, after the others are polled."""
        due = sorted(await self._store.due_feeds(self._clock()), key=lambda feed: site(feed.url))
        sites = [list(feeds) for _, feeds in groupby(due, key=lambda feed: site(feed.url))]
        done = await asyncio.gather(*map(self._poll_site, sites), return_exceptions=True)
        await self._tell()
        for failed in filter(None, done):
            raise failed

    async def _work(self) -> None:
        seeded = False
        while True:
            self._waking.clear()
            try:
                if not seeded:
                    await self._store.seed_feeds(self._settings.feeds, self._clock())
                    seeded = True
                await self.round()
                seconds = self._until(await self._store.next_poll())
            except StoreError as error:
                log.error("feeds are polled later: %s", error)
                seconds = AFTER_TROUBLE
            with suppress(TimeoutError):
                await asyncio.wait_for(self._waking.wait(), seconds)

    def _until(self, due: datetime | None) -> float:
        if self._untold:
            return AFTER_TROUBLE
        wait = (due - self._clock()).total_seconds() if due else LONGEST_WAIT
        return min(max(wait, 1.0), LONGEST_WAIT)

    async def _tell(self) -> None:
        """Say that something was stored; if that fails, again after the next round."""
        if not self._untold:
            return
        try:
            await self._on_stored()
            self._untold = False
        except (*NOT_REBUILT, StoreError, OSError) as error:
            log.error("articles from feeds are taken into the archive later: %s", error)

    async def _find(self, url: str) -> Found:
        address = str(checked(url))
        fetched = await self._fetch(address)
        try:
            return Found(address, await asyncio.to_thread(read_feed, fetched))
        except Refused:
            linked = await asyncio.to_thread(linked_feed, fetched)
            if linked is None or linked == address:
                raise
        address = str(checked(linked))
        return Found(address, await asyncio.to_thread(read_feed, await self._fetch(address)))

    async def _fetch(self, url: str, etag: str | None = None, at: str | None = None) -> Fetched:
        permit = self._robots.permit
        return await self._fetcher.get(url, FEED, etag=etag, modified=at, permit=permit)

    async def _poll_site(self, feeds: list[StoredFeed]) -> None:
        async with self._sites:
            for feed in feeds:
                await self._poll(feed)

    async def _poll(self, feed: StoredFeed) -> None:
        try:
            fetched = await self._fetch(feed.url, feed.etag, feed.modified)
            if fetched.status == 304:
                await self._went_well(feed, feed.title)
                return
            found = await asyncio.to_thread(read_feed, fetched)
        except FetchError as error:
            await self._went_wrong(feed, error)
            return
        is_whole = await self._take(feed, found)
        validators = (fetched.etag, fetched.modified) if is_whole else (None, None)
        asked = replace(feed, etag=validators[0], modified=validators[1])
        await self._went_well(asked, found.title or feed.title)

    async def _take(self, feed: StoredFeed, found: Feed) -> bool:
        """Store what is new in a feed; whether nothing of it is left for the next poll."""
        started = self._clock()
        fresh = await self._fresh(feed, found)
        whole = len(fresh) <= MOST
        for entry in fresh[:MOST]:
            if self._clock() - started > PATIENCE:
                return False
            try:
                await self._take_one(feed, found.title or feed.title, entry)
            except Unreachable as error:
                log.info("%s is fetched later: %s", entry.url, error)
                whole = False
            except OSError as error:
                log.error("an article of %s is stored later: %s", feed.url, error)
                return False
        return whole

    async def _fresh(self, feed: StoredFeed, found: Feed) -> list[Entry]:
        """The entries that are not known yet, newest first; of a new feed only so many."""
        fresh = []
        for entry in newest(found.entries):
            keys = address_keys(feed.url, entry.url, entry.guid)
            if not keys or await self._store.clipping(keys) is None:
                fresh.append(entry)
        if feed.last_success is not None:
            return fresh
        old = (address_keys(feed.url, entry.url, entry.guid) for entry in fresh[FIRST:])
        await self._store.note_clippings((key for keys in old for key in keys), "", self._clock())
        return fresh[:FIRST]

    async def _take_one(self, feed: StoredFeed, title: str, entry: Entry) -> None:
        gleaned = await self._gleaner.glean(entry, feed.url, title, self._clock())
        async with self._storing:  # what two feeds have at once is seen here the second time
            known = await self._store.clipping(gleaned.keys)
            if known is None:
                await self._write(feed, gleaned)
            else:
                await self._store.note_clippings(gleaned.keys, known, self._clock())

    async def _write(self, feed: StoredFeed, gleaned: Gleaned) -> None:
        """The file first: if the bot is stopped before the note, the same file is written again."""
        now = self._clock().astimezone(self._settings.timezone)
        path = clippings.path_of(gleaned.clipping, PartialDate(now.year, now.month, now.day))
        text = clippings.document(gleaned.clipping)
        await asyncio.to_thread(clippings.write, self._settings.corpus_dir, path, text)
        await self._store.clipped(feed.id, gleaned.keys, str(path), now)
        self._untold = True

    async def _went_well(self, feed: StoredFeed, title: str) -> None:
        now = self._clock()
        pause = timedelta(minutes=self._settings.feed_minutes)
        await self._store.feed_polled(feed, title, now, now + pause)

    async def _went_wrong(self, feed: StoredFeed, error: FetchError) -> None:
        now = self._clock()
        log.warning("%s was not polled: %s", feed.url, error)
        pause = back_off(feed, self._settings.feed_minutes)
        if isinstance(error, Unreachable):
            pause = max(pause, asked_pause(error.retry_after, now))
        gone = error.trouble is Trouble.GONE
        await self._store.feed_failed(feed.id, error.trouble, now, now + pause, paused=gone)
        since = feed.failing_since or now
        if gone or now - since >= REPORTED_AFTER:
            text = failing(feed.title, feed.url, error.trouble)
            await self._store.add_notice(f"feed:{feed.id}:{since.isoformat()}", text, now)


def back_off(feed: StoredFeed, minutes: int) -> timedelta:
    """How long to leave a feed alone that has failed once more: twice as long each time.

    Up to a tenth less, so that the feeds that failed together do not come back together.
    """
    usual = timedelta(minutes=minutes)
    pause = min(usual * (1 << min(feed.failures, 10)), max(usual, LONGEST_PAUSE))
    (number,) = blake2b(f"{feed.url} {feed.failures}".encode(), digest_size=1).digest()
    return pause * (1 - number / 2560)
