"""The messages of a digest, written one after another from the archive as it is now."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery import Part
from bot.quotes import quote_of
from bot.render.digest import QUOTE, Heading, Item, message
from bot.searcher import Searcher
from bot.store import Store
from bot.store.outbox import Entry, Parcel
from retrieval.generation import Generation
from retrieval.models import Article, Hit
from retrieval.topics import TopicError, match, parse_topic, words_of

log = logging.getLogger(__name__)

AT_ONCE, BRIEF_AT_ONCE = 10, 30
"""Articles of one message at most, and of one with titles only."""
BRIEF_FROM = 30
"""Articles from which on a digest has titles only."""


class Writer:
    """Writes the messages of a digest, one after another, from the archive as it is now."""

    def __init__(self, store: Store, searcher: Searcher, zone: ZoneInfo) -> None:
        self._store = store
        self._searcher = searcher
        self._zone = zone

    async def next_message(self, parcel: Parcel) -> Part:
        """The next message of a digest; articles that have gone are passed over.

        Raises StoreError.
        """
        current = self._searcher.current
        waiting = parcel.entries[parcel.sent :]
        brief = len(parcel.entries) > BRIEF_FROM
        next_ones = waiting[: BRIEF_AT_ONCE if brief else AT_ONCE]
        there = [entry for entry in next_ones if current.article(entry.article_id)]
        if not there:
            return Part(None, len(next_ones))
        numbers = await self._store.article_numbers([entry.article_id for entry in there])
        items = await asyncio.to_thread(
            lambda: [
                item(current, entry, number, brief=brief)
                for entry, number in zip(there, numbers, strict=True)
            ]
        )
        heading = await self._heading(parcel, current)
        reply, taken = message(heading, items)
        if taken == len(there):
            return Part(reply, len(next_ones))
        return Part(reply, next_ones.index(there[taken]))

    async def quiet_end(self, chat_id: int, now: datetime) -> datetime | None:
        """When the quiet hours of a chat end, None outside of them. Raises StoreError."""
        subscription = await self._store.subscription(chat_id)
        return subscription.schedule(self._zone).quiet_end(now) if subscription else None

    async def _heading(self, parcel: Parcel, current: Generation) -> Heading:
        """Articles that have gone are not counted, now or in the numbers of the others."""
        subscription = await self._store.subscription(parcel.chat_id)
        zone = subscription.zone(self._zone) if subscription else self._zone
        there = [entry for entry in parcel.entries if current.article(entry.article_id)]
        return Heading(
            parcel.since.astimezone(zone),
            parcel.until.astimezone(zone),
            sum(not entry.updated for entry in there),
            sum(entry.updated for entry in there),
            sum(bool(current.article(e.article_id)) for e in parcel.entries[: parcel.sent]) + 1,
        )


def item(current: Generation, entry: Entry, number: int | None, *, brief: bool) -> Item:
    """An article of a digest with what is quoted of it. Raises LookupError if it has gone."""
    article = current.article(entry.article_id)
    if article is None:
        raise LookupError(entry.article_id)
    hits = () if brief else _hits(current, article, entry.topics)
    return Item(
        article,
        tuple(quote_of(hit, QUOTE) for hit in hits),
        number,
        entry.updated,
        entry.topics,
        entry.editions,
    )


def _hits(current: Generation, article: Article, topics: Sequence[str]) -> tuple[Hit, ...]:
    """The passages that matched the first of the topics that still does, else the lead."""
    for text in topics:
        try:
            topic = parse_topic(text, current.analyzer)
        except TopicError as error:  # of another release, with other rules
            log.warning("topic %r cannot be shown: %s", text, error)
            continue
        if found := match(topic, words_of(current, article.id)):
            return found.hits
    return tuple(Hit(passage, 0.0, ()) for passage in current.passages_of(article.id)[:1])
