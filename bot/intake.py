"""The one path of articles that arrive: a new generation, the ledger, and word of what is new."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.database import StoreError
from bot.render import ReloadReport
from bot.searcher import Searcher
from bot.store import Store
from bot.store.ledger import Arrival, Kind, Known
from bot.trying import until
from retrieval import reprints
from retrieval.generation import Generation
from retrieval.models import Article, Passage
from retrieval.topics import Topic, TopicError, parse_topic, percolate

log = logging.getLogger(__name__)

REPRINTED = timedelta(days=7)
"""How long after an article another one counts as its reprint."""
ANOTHER = 0.9
"""The share of a text that is new where another article stands at the place of the former one."""
MOST_GONE = 1_000
"""Articles that have gone, the latest known ones, among which a new one is looked for."""
LOOK = 60.0
"""Seconds until a ledger that could not be written is tried again."""


class ReloadRunning(Exception):
    """A reload that somebody asked for is under way already: the second one is refused."""


class Found(NamedTuple):
    """What the archive has that the ledger does not."""

    articles: dict[str, Known]
    """All that the archive has."""
    news: list[tuple[Article, Kind]]
    changed: list[str]
    """Ids of what is otherwise than it was, but no news."""


class Intake:
    """Folder, feeds, uploads: whatever changed in the corpus folder is taken in here."""

    def __init__(self, searcher: Searcher, store: Store, clock: Callable[[], datetime]) -> None:
        self._searcher = searcher
        self._store = store
        self._clock = clock
        self._refreshing = asyncio.Lock()
        self._recording = asyncio.Lock()
        self._asked = False
        self._behind = False

    async def run(self, ending: asyncio.Event) -> None:
        """Write the ledger again where that failed, until the end."""
        while not ending.is_set():
            if self._behind:
                await self.record()
            await until(ending, LOOK)

    async def reload(self) -> ReloadReport:
        """Refresh because somebody asked for it.

        Raises ReloadRunning while another such call is under way, CorpusError as `refresh` does.
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

        Waits for one that is under way. Raises CorpusError; the old archive goes on answering then.
        """
        async with self._refreshing:
            report = await self._searcher.reload(self._clock())
            await self.record()
            return report

    async def record(self) -> None:
        """Bring the ledger in line with the archive, and write down the news.

        Only said in the log if it fails: `run` tries again, and finds the same differences.
        """
        async with self._recording:
            try:
                await self._record(self._searcher.current, self._clock())
                self._behind = False
            except StoreError as error:
                self._behind = True
                log.error("the article ledger was not written: %s", error)

    async def follow(self, chat_id: int, topic_id: int, text: str) -> None:
        """Look for a new topic in what has arrived for a chat and is not in a digest yet.

        Raises StoreError.
        """
        async with self._recording:
            current, topics = self._searcher.current, {topic_id: text}
            news = await self._store.waiting_news(chat_id)
            articles = [each.article_id for each in news if current.article(each.article_id)]
            matched = await asyncio.to_thread(_percolated, current, topics, articles)
            numbers = [each.number for each in news if matched.get(each.article_id)]
            await self._store.add_matches(topic_id, numbers)

    async def _record(self, current: Generation, now: datetime) -> None:
        known = await self._store.known_articles()
        found = await asyncio.to_thread(_compare, current, known)
        news, changed = found.news, found.changed
        if not (news or changed) or not await self._store.has_subscribers():
            await self._store.record_articles(found.articles, (), now)
            return
        topics = dict(await self._store.all_topics())
        recent = await self._store.recent_news(now - REPRINTED)
        arrivals = await asyncio.to_thread(_described, current, news, topics, recent)
        again = await asyncio.to_thread(_percolated, current, topics, changed)
        await self._store.record_articles(found.articles, arrivals, now, again)


def _compare(current: Generation, known: Mapping[str, Known]) -> Found:
    """What of the archive is not in the ledger, or otherwise."""
    digests = {each.digest for each in known.values()}
    gone = [each.fingerprint for name, each in known.items() if not current.article(name)]
    found = Found({}, [], [])
    for article in current.articles:
        before = known.get(article.id)
        if before and before.digest == article.digest and before.fingerprint:
            found.articles[article.id] = before
            continue
        passages = current.passages_of(article.id)
        found.articles[article.id] = Known(article.digest, reprints.fingerprint(passages))
        kind = None if article.digest in digests else _kind(article, before, passages)
        if kind == "new" and before is None and _stood_elsewhere(gone[-MOST_GONE:], passages):
            kind = None
        if kind:
            found.news.append((article, kind))
        elif before:
            found.changed.append(article.id)
        digests.add(article.digest)
    return found


def _stood_elsewhere(gone: Sequence[bytes], passages: Sequence[Passage]) -> bool:
    """Whether an article that has gone had this text, but for a small change: it was moved."""
    return any(old and reprints.changed_share(old, passages) < reprints.BIG_CHANGE for old in gone)


def _kind(article: Article, before: Known | None, passages: Sequence[Passage]) -> Kind | None:
    """How an article that the ledger has not seen is news; None if a small change made it so.

    Where a line of a .jsonl is put in, each line below it stands at the place of another one.
    """
    if before is None:
        return "new"
    if article.id == f"{article.path}#{article.line}" and before.fingerprint:
        share = reprints.changed_share(before.fingerprint, passages)
        if share >= ANOTHER:
            return "new"
    return "updated" if reprints.is_big_change(before.fingerprint, passages) else None


def _described(
    current: Generation,
    news: Sequence[tuple[Article, Kind]],
    topics: Mapping[int, str],
    recent: Sequence[str],
) -> list[Arrival]:
    """The news with the stories they belong to and the topics they match, earliest first."""
    kinds = {article.id: kind for article, kind in news}
    new = sorted((article for article, _ in news), key=lambda article: str(article.date or "~"))
    known = [name for name in recent if name not in kinds and current.article(name)]
    stories = reprints.stories(
        reprints.words(current, [article.id for article in new]),
        reprints.words(current, known),
        current.analyzer,
    )
    matched = _percolated(current, topics, list(kinds))
    return [
        Arrival(
            article.id,
            kinds[article.id],
            article.source or "",
            stories[article.id],
            tuple(matched.get(article.id, ())),
        )
        for article in new
    ]


def _percolated(
    current: Generation, topics: Mapping[int, str], article_ids: Sequence[str]
) -> dict[str, list[int]]:
    """The topics that each article matches."""
    matched: dict[str, list[int]] = {}
    for topic, article_id in percolate(_parsed(topics, current), current, article_ids):
        matched.setdefault(article_id, []).append(topic)
    return matched


def _parsed(topics: Mapping[int, str], current: Generation) -> dict[int, Topic]:
    parsed = {}
    for number, text in topics.items():
        try:
            parsed[number] = parse_topic(text, current.analyzer)
        except TopicError as error:  # of another release, with other rules
            log.error("topic %r matches nothing any more: %s", text, error)
    return parsed
