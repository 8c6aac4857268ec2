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
TELLING = 60
"""Characters of a passage that can be a lead: the first item of a list tells nothing."""
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
        there = [(entry, found) for entry in next_ones if (found := await self._found(entry))]
        if not there:
            return Part(None, len(next_ones))
        numbers = await self._store.article_numbers([found[0].id for _, found in there])
        items = await asyncio.to_thread(
            lambda: [
                item(current, entry, found, number, brief=brief)
                for (entry, found), number in zip(there, numbers, strict=True)
            ]
        )
        heading = await self._heading(parcel)
        reply, taken = message(heading, items)
        if taken == len(there):
            return Part(reply, len(next_ones))
        return Part(reply, next_ones.index(there[taken][0]))

    async def _found(self, entry: Entry) -> list[Article]:
        """The article and its reprints, as far as they are still there, wherever they are now."""
        found = []
        for name in (entry.article_id, *entry.editions):
            article = self._searcher.article(name)
            if article is None and (moved := await self._store.moved_to(name)):
                article = self._searcher.article(moved)
            found += [article] if article else []
        return found

    async def quiet_end(self, chat_id: int, now: datetime) -> datetime | None:
        """When the quiet hours of a chat end, None outside of them. Raises StoreError."""
        subscription = await self._store.subscription(chat_id)
        return subscription.schedule(self._zone).quiet_end(now) if subscription else None

    async def _heading(self, parcel: Parcel) -> Heading:
        """Articles that have gone are not counted, now or in the numbers of the others."""
        subscription = await self._store.subscription(parcel.chat_id)
        zone = subscription.zone(self._zone) if subscription else self._zone
        there = [bool(await self._found(entry)) for entry in parcel.entries]
        updated = [entry.updated for entry in parcel.entries]
        return Heading(
            parcel.since.astimezone(zone),
            parcel.until.astimezone(zone),
            sum(is_there and not again for is_there, again in zip(there, updated, strict=True)),
            sum(is_there and again for is_there, again in zip(there, updated, strict=True)),
            sum(there[: parcel.sent]) + 1,
        )


def item(
    current: Generation, entry: Entry, found: Sequence[Article], number: int | None, *, brief: bool
) -> Item:
    """The first of an entry's articles as a digest shows it, the others as editions of it."""
    article, *others = found
    sources = dict.fromkeys(each.source or "" for each in others if each.source != article.source)
    hits = () if brief and not entry.topics else _hits(current, article, entry.topics)
    return Item(
        article,
        tuple(quote_of(hit, QUOTE) for hit in hits),
        number,
        entry.updated,
        entry.topics,
        tuple(sources),
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
    passages = current.passages_of(article.id)
    telling = (each for each in passages if each.stop - each.start >= TELLING)
    lead = next(telling, passages[0] if passages else None)
    return (Hit(lead, 0.0, ()),) if lead else ()
