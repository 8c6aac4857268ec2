"""The one path of articles that arrive: a new generation, the ledger, and word of what is new."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.database import StoreError
from bot.news import Difference, compare, described, differing, digests_of, percolated
from bot.rebuilding import NOT_REBUILT
from bot.render import ReloadReport
from bot.searcher import Searcher
from bot.store import Store
from bot.trying import until
from retrieval.generation import Generation
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

REPRINTED = timedelta(days=7)
"""How long after an article another one counts as its reprint."""
MOST_GONE = 1_000
"""Articles that have gone, the latest known ones, among which a new one is looked for."""
LOOK = 60.0
"""Seconds until a ledger that could not be written is tried again."""


class ReloadRunning(Exception):
    """A reload that somebody asked for is under way already: the second one is refused."""


class Intake:
    """Folder, feeds, uploads: whatever changed in the corpus folder is taken in here."""

    def __init__(self, searcher: Searcher, store: Store, clock: Callable[[], datetime]) -> None:
        self._searcher = searcher
        self._store = store
        self._clock = clock
        self._refreshing = asyncio.Lock()
        self._recording = asyncio.Lock()
        self._asked = False
        self._behind = True
        self.recorded = asyncio.Event()
        """Set when the ledger has what the archive has, for the first time."""

    async def run(self, ending: asyncio.Event) -> None:
        """Look at the folder if the start has not, and write the ledger again where that failed."""
        while not ending.is_set():
            if self._searcher.behind:
                await self._catch_up()
            if self._behind and not self._recording.locked():
                await self.record()
            await until(ending, LOOK)

    async def _catch_up(self) -> None:
        """Only said in the log if it fails; tried again while another process has the lock."""
        try:
            await self.refresh()
        except LockError as error:
            log.warning("the corpus folder is looked at later: %s", error)
        except NOT_REBUILT as error:
            self._searcher.behind = False
            log.error("answering from the index as it was: %s", error)

    async def reload(self) -> ReloadReport:
        """Refresh because somebody asked for it.

        Raises ReloadRunning while another such call is under way, else what `refresh` does.
        """
        if self._asked:
            raise ReloadRunning
        self._asked = True
        try:
            return await self.refresh()
        finally:
            self._asked = False

    async def refresh(self) -> ReloadReport:
        """Answer from what the corpus folder has now, and tell readers what is new.

        Waits for one that is under way. Raises one of NOT_REBUILT; the old archive goes on
        answering then.
        """
        async with self._refreshing:
            report = await self._searcher.reload(self._clock())
            await self.record(report)
            return report

    async def record(self, report: ReloadReport | None = None) -> None:
        """Bring the ledger in line with the archive, and write down the news.

        Where a report says what has changed, only that is compared. Only said in the log if it
        fails: `run` tries again, and finds the same differences.
        """
        async with self._recording:
            current, known = self._searcher.current, None if self._behind else report
            self._behind = True
            try:
                await self._record(current, await self._difference(current, known))
            except StoreError as error:
                log.error("the article ledger was not written: %s", error)
            else:
                self._behind = False
                self.recorded.set()

    async def _difference(self, current: Generation, report: ReloadReport | None) -> Difference:
        if report:
            return Difference((*report.added, *report.changed), report.removed)
        standing = await self._store.standing_digests()
        return await asyncio.to_thread(differing, current, standing)

    async def follow(self, chat_id: int, topic_id: int, text: str) -> None:
        """Look for a new topic in what has arrived for a chat and is not in a digest yet.

        Raises StoreError.
        """
        async with self._recording:
            current, topics = self._searcher.current, {topic_id: text}
            news = await self._store.waiting_news(chat_id)
            articles = [each.article_id for each in news if current.article(each.article_id)]
            matched = await asyncio.to_thread(percolated, current, topics, articles)
            numbers = [each.number for each in news if matched.get(each.article_id)]
            await self._store.add_matches(topic_id, numbers)

    async def _record(self, current: Generation, difference: Difference) -> None:
        (present, removed), now = difference, self._clock()
        if not (present or removed):
            return
        known = await self._store.known_articles(present)
        gone = await self._store.gone_articles(removed, MOST_GONE)
        digests = await asyncio.to_thread(digests_of, current, present)
        seen = await self._store.known_digests(list(digests.values()))
        found = await asyncio.to_thread(compare, current, digests, known, seen, gone)
        if not (found.news or found.changed) or not await self._store.has_subscribers():
            await self._store.record_articles(found.articles, (), now, removed=removed)
            return
        topics = dict(await self._store.all_topics())
        recent = await self._store.recent_news(now - REPRINTED)
        arrivals = await asyncio.to_thread(described, current, found.news, topics, recent)
        again = await asyncio.to_thread(percolated, current, topics, found.changed)
        await self._store.record_articles(found.articles, arrivals, now, again, removed)
