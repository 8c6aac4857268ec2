"""New articles to the right chats, once: who is due, and what becomes a digest then."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.arrived import Arrived, Choices
from bot.database import StoreError
from bot.store import Store
from bot.store.digests import Plan
from bot.store.outbox import Entry
from bot.store.subscriptions import Subscription
from bot.trying import until

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Subscriptions planned in one transaction: few enough that answers need not wait for it."""
TICK = 1.0
"""Seconds between looks at the schedules: a clock that was set anew does no harm."""
KEPT = timedelta(days=90)
"""How long news wait for a reader who is away, and what was delivered is remembered."""


class Planner:
    """Turns what arrived into digests in the outbox, each subscription at its own time."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], zone: ZoneInfo, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._wake = wake
        self._arrived: Arrived | None = None
        self._added = 0

    async def run(self, ending: asyncio.Event) -> None:
        """Look at the schedules until the end."""
        tidied: datetime | None = None
        while not ending.is_set():
            now = self._clock()
            try:
                looked_at = 1
                while looked_at and not ending.is_set():
                    looked_at = await self.plan_due()
                if tidied is None or now - tidied > timedelta(days=1):
                    await self._tidy(now)
                    tidied = now
            except StoreError as error:
                log.error("digests are not planned: %s; trying again", error)
            await until(ending, TICK)

    async def plan_due(self) -> int:
        """Plan the next ones that are due; returns how many were looked at."""
        now = self._clock()
        due = await self._store.due_subscriptions(now, AT_ONCE)
        if not due:
            self._arrived = None  # what was read for a round is not kept after it
            return 0
        arrived = await self._arrived_since(min(each.cursor for each in due))
        chosen = await self._choices(due, arrived)
        plans = await asyncio.to_thread(
            lambda: [self._plan(subscription, arrived, chosen, now) for subscription in due]
        )
        if await self._store.carry_out(plans, now):
            self._wake()
        return len(due)

    def _plan(
        self, subscription: Subscription, arrived: Arrived, chosen: Choices, now: datetime
    ) -> Plan:
        schedule = subscription.schedule(self._zone)
        if subscription.frequency != "now":
            entries = arrived.entries(subscription, subscription.cursor, chosen)
            return Plan(subscription, arrived.stop, entries, schedule.next_due(now))
        if quiet_end := schedule.quiet_end(now):
            return Plan(subscription, subscription.cursor, (), quiet_end)
        entries = arrived.entries(subscription, subscription.cursor, chosen)
        return Plan(subscription, arrived.stop, entries, None)

    async def plan_now(self, subscription: Subscription) -> int:
        """Put what is new to one reader on its way; returns the number of articles."""
        last = await self._store.last_news()
        entries = await self._between(subscription, subscription.cursor, last)
        plan = Plan(subscription, last, entries, subscription.due, asked=True)
        put = await self._store.carry_out([plan], self._clock()) if entries else 0
        self._wake()
        return len(entries) if put else 0

    async def resume(self, chat_id: int) -> None:
        """A reader is back: what was missed is held, and the rest goes on from now."""
        while subscription := await self._store.subscription(chat_id):
            now, last = self._clock(), await self._store.last_news()
            entries = await self._between(subscription, subscription.cursor, last)
            due = subscription.schedule(self._zone).next_due(now)
            plan = Plan(subscription, last, entries, due)
            if not subscription.subscribed or await self._store.resume(plan, now):
                return

    async def _between(
        self, subscription: Subscription, start: int, stop: int
    ) -> tuple[Entry, ...]:
        arrived = await Arrived.read(self._store, start, stop, subscription.chat_id)
        return arrived.entries(subscription, start, await self._choices([subscription], arrived))

    async def _arrived_since(self, start: int) -> Arrived:
        """What arrived after a number: read once for a round of readers, who are many."""
        last = await self._store.last_news()
        known = self._arrived
        added = self._store.matches_added
        if known is None or known.stop != last or known.start > start or added != self._added:
            known = self._arrived = await Arrived.read(self._store, start, last)
            self._added = added
        return known

    async def _choices(self, subscriptions: Sequence[Subscription], arrived: Arrived) -> Choices:
        topics = [each.chat_id for each in subscriptions if each.scope == "topics"]
        sources = [each.chat_id for each in subscriptions if each.scope == "sources"]
        return Choices(
            await self._store.topics_of(topics, arrived.matches) if topics else {},
            await self._store.sources_of(sources) if sources else {},
        )

    async def _tidy(self, now: datetime) -> None:
        await self._store.forget_news(now - KEPT)
        await self._store.forget_digests(now - KEPT)
        await self._store.forget_notices(now - KEPT)
