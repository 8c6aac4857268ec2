"""New articles to the right chats, once: what is news to a reader, and the messages of a digest."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.database import StoreError
from bot.delivery import Part
from bot.quotes import quote_of
from bot.render.digest import ARTICLES_A_MESSAGE, QUOTE, Heading, Item, message
from bot.searcher import Searcher
from bot.store import Store
from bot.store.digests import News, Plan
from bot.store.outbox import Entry, Parcel
from bot.store.subscriptions import Subscription
from retrieval.generation import Generation
from retrieval.models import Article, Hit
from retrieval.topics import TopicError, match, parse_topic, words_of

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Subscriptions planned in one transaction: few enough that answers need not wait for it."""
TICK = 1.0
"""Seconds between looks at the schedules: a clock that was set anew does no harm."""
KEPT = timedelta(days=90)
"""How long news wait for a reader who is away, and what was delivered is remembered."""
BRIEF_FROM = 30
"""Articles from which on a digest has titles only."""


class Planner:
    """Turns what arrived into digests in the outbox, each subscription at its own time."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], zone: ZoneInfo, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._wake = wake

    async def run(self, ending: asyncio.Event) -> None:
        """Look at the schedules until the end."""
        tidied: datetime | None = None
        while not ending.is_set():
            now = self._clock()
            try:
                looked_at = AT_ONCE
                while looked_at == AT_ONCE and not ending.is_set():
                    looked_at = await self.plan_due()
                if tidied is None or now - tidied > timedelta(days=1):
                    await self._tidy(now)
                    tidied = now
            except StoreError as error:
                log.error("digests are not planned: %s; trying again", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), TICK)

    async def plan_due(self) -> int:
        """Plan the next ones that are due; returns how many were looked at."""
        now = self._clock()
        due = await self._store.due_subscriptions(now, AT_ONCE)
        news: dict[tuple[int, int], list[News]] = {}
        last = await self._store.last_news() if due else 0
        plans = []
        for subscription in due:
            schedule = subscription.schedule(self._zone)
            if subscription.frequency == "now" and (end := schedule.quiet_end(now)):
                await self._store.postpone_due(subscription.chat_id, end)
                continue
            span = (subscription.cursor, last)
            if span not in news:
                news[span] = await self._store.news(*span)
            entries = await self._entries(subscription, news[span])
            following = None if subscription.frequency == "now" else schedule.next_due(now)
            plans.append(Plan(subscription, last, entries, following))
        if await self._store.carry_out(plans, now):
            self._wake()
        return len(due)

    async def plan_now(self, subscription: Subscription) -> int:
        """Put what is new to one reader on its way; returns the number of articles."""
        last = await self._store.last_news()
        entries = await self._entries(
            subscription, await self._store.news(subscription.cursor, last)
        )
        plan = Plan(subscription, last, entries, subscription.due, asked=True)
        put = await self._store.carry_out([plan], self._clock()) if entries else 0
        self._wake()
        return len(entries) if put else 0

    async def missed(self, subscription: Subscription) -> tuple[Entry, ...]:
        """What a reader who was away has missed, but for digests that were on their way."""
        missed = await self._store.missed(subscription.chat_id)
        if missed is None:
            return ()
        return await self._entries(subscription, await self._store.news(missed.start, missed.stop))

    async def _entries(self, subscription: Subscription, news: list[News]) -> tuple[Entry, ...]:
        """What of the news concerns a subscription, reprints folded under the earliest."""
        wanted = [each for each in news if each.kind == "new" or subscription.updates]
        matches: list[tuple[int, str]] = []
        if wanted and subscription.scope == "topics":
            span = (wanted[0].number - 1, wanted[-1].number)
            matches = await self._store.topic_news(subscription.chat_id, *span)
            matched = {number for number, _ in matches}
            wanted = [each for each in wanted if each.number in matched]
        elif wanted and subscription.scope == "sources":
            sources = await self._store.sources(subscription.chat_id)
            wanted = [each for each in wanted if each.source in sources]
        return folded(wanted, matches)

    async def _tidy(self, now: datetime) -> None:
        await self._store.forget_news(now - KEPT)
        await self._store.forget_digests(now - KEPT)
        await self._store.forget_notices(now - KEPT)


def folded(news: Sequence[News], matches: Iterable[tuple[int, str]] = ()) -> tuple[Entry, ...]:
    """An entry a story, in the order they arrived; those of one topic stand together.

    `matches` are numbers of news with the topics they match, in the order of the topics.
    """
    new = {each.article_id for each in news if each.kind == "new"}
    stories: dict[tuple[str, int], list[News]] = {}
    for each in {(each.kind, each.article_id): each for each in news}.values():
        if each.kind == "new" or each.article_id not in new:
            stories.setdefault((each.kind, each.story), []).append(each)
    of_news: dict[int, list[str]] = {}
    order: dict[str, int] = {}
    for number, text in matches:
        of_news.setdefault(number, []).append(text)
        order.setdefault(text, len(order))
    entries = []
    for first, *others in stories.values():
        found = {text for each in (first, *others) for text in of_news.get(each.number, ())}
        topics = tuple(sorted(found, key=order.__getitem__))
        editions = tuple(dict.fromkeys(each.source for each in others))
        entries.append(Entry(first.article_id, first.kind == "updated", topics, editions))
    return tuple(sorted(entries, key=lambda entry: order[entry.topics[0]] if entry.topics else 0))


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
        next_ones = waiting[:ARTICLES_A_MESSAGE]
        there = [entry for entry in next_ones if current.article(entry.article_id)]
        if not there:
            return Part(None, len(next_ones))
        numbers = await self._store.article_numbers([entry.article_id for entry in there])
        brief = len(parcel.entries) > BRIEF_FROM
        items = await asyncio.to_thread(
            lambda: [
                item(current, entry, number, brief=brief)
                for entry, number in zip(there, numbers, strict=True)
            ]
        )
        heading = await self._heading(parcel)
        reply, taken = message(heading, items)
        if taken == len(there):
            return Part(reply, len(next_ones))
        return Part(reply, next_ones.index(there[taken]))

    async def quiet_end(self, chat_id: int, now: datetime) -> datetime | None:
        """When the quiet hours of a chat end, None outside of them. Raises StoreError."""
        subscription = await self._store.subscription(chat_id)
        return subscription.schedule(self._zone).quiet_end(now) if subscription else None

    async def _heading(self, parcel: Parcel) -> Heading:
        subscription = await self._store.subscription(parcel.chat_id)
        zone = subscription.schedule(self._zone).zone if subscription else self._zone
        return Heading(
            parcel.since.astimezone(zone),
            parcel.until.astimezone(zone),
            len(parcel.entries),
            parcel.sent + 1,
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
