"""Who gets digests, when and of what; settings outlive a pause, a block and /unsubscribe."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack
from zoneinfo import ZoneInfo

from bot.database import Database
from bot.schedule import Frequency, Minutes, Schedule, zone_named

Scope = Literal["all", "topics", "sources"]
SUBSCRIPTION_COLUMNS = (
    "chat_id, subscribed, paused, frequency, minute, weekday, scope,"
    " quiet_from, quiet_to, timezone, updates, cursor, since, due"
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one chat gets: a row of `subscriptions`."""

    chat_id: int
    subscribed: bool
    paused: bool
    frequency: Frequency
    minute: int
    weekday: int
    scope: Scope
    quiet: Minutes | None
    timezone: str | None
    """The chat's own time zone; None: that of the settings."""
    updates: bool
    """Whether a big change of an article is shown."""
    cursor: int
    """The last of the news that is dealt with."""
    since: datetime
    """From when on the next digest tells."""
    due: datetime | None
    """When to look for news next; None: not until something arrives."""

    @property
    def active(self) -> bool:
        return self.subscribed and not self.paused

    def zone(self, default: ZoneInfo) -> ZoneInfo:
        """The chat's time zone, `default` where it has none or one that is no longer known."""
        return (self.timezone and zone_named(self.timezone)) or default

    def schedule(self, default: ZoneInfo) -> Schedule:
        zone = self.zone(default)
        return Schedule(self.frequency, self.minute, self.weekday, self.quiet, zone)


class Changes(TypedDict, total=False):
    """What a chat may change, each on its own."""

    frequency: Frequency
    minute: int
    weekday: int
    scope: Scope
    quiet: Minutes | None
    timezone: str | None
    updates: bool


def subscription_from(row: tuple[Any, ...]) -> Subscription:
    """A row of SUBSCRIPTION_COLUMNS as a value."""
    *fields, quiet_from, quiet_to, timezone, updates, cursor, since, due = row
    chat_id, subscribed, paused, frequency, minute, weekday, scope = fields
    return Subscription(
        chat_id,
        bool(subscribed),
        bool(paused),
        frequency,
        minute,
        weekday,
        scope,
        None if quiet_from is None or quiet_to is None else (quiet_from, quiet_to),
        timezone,
        bool(updates),
        cursor,
        datetime.fromisoformat(since),
        datetime.fromisoformat(due) if due else None,
    )


class Subscriptions(Database):
    """The tables `subscriptions` and `chat_sources`.

    `zone` is that of the settings, for chats without one of their own.
    """

    async def subscription(self, chat_id: int) -> Subscription | None:
        """What a chat gets, or got before it unsubscribed; None if it never subscribed."""
        row = await self.row(
            f"SELECT {SUBSCRIPTION_COLUMNS} FROM subscriptions WHERE chat_id = ?",  # noqa: S608
            chat_id,
        )
        return subscription_from(row) if row else None

    async def subscribe(self, chat_id: int, now: datetime, zone: ZoneInfo) -> Subscription:
        """Subscribe a chat from now on; a subscriber stays as it is, a former one keeps settings.

        A new one gets everything, daily at 09:00.
        """
        async with self.transaction() as db:
            await db.execute(
                "INSERT INTO subscriptions (chat_id, subscribed, cursor, since)"
                " VALUES (?, 0, 0, ?) ON CONFLICT DO NOTHING",
                (chat_id, now.isoformat()),
            )
            before = await self._known(chat_id)
            if not before.subscribed:
                due = before.schedule(zone).next_due(now)
                await db.execute(
                    "UPDATE subscriptions SET subscribed = 1, paused = 0, since = ?, due = ?,"
                    " cursor = COALESCE((SELECT MAX(id) FROM news), 0),"
                    " unasked = 0"
                    " WHERE chat_id = ?",
                    (now.isoformat(), due.isoformat(), chat_id),
                )
            return await self._known(chat_id)

    async def unsubscribe(self, chat_id: int, now: datetime) -> None:
        """Send this chat no more, nor what is on its way; settings, sources and topics are kept."""
        async with self.transaction() as db:
            await db.execute(
                "UPDATE subscriptions SET subscribed = 0, due = NULL WHERE chat_id = ?", (chat_id,)
            )
            await db.execute(
                "UPDATE outbox SET state = 'dropped', finished = ?"
                " WHERE chat_id = ? AND state IN ('pending', 'held')",
                (now.isoformat(), chat_id),
            )

    async def pause(self, chat_id: int) -> None:
        """Let nothing be due in this chat, and hold what is on its way, until it is resumed."""
        async with self.transaction() as db:
            await db.execute(
                "UPDATE subscriptions SET paused = 1, due = NULL WHERE chat_id = ? AND subscribed",
                (chat_id,),
            )
            await db.execute(
                "UPDATE outbox SET state = 'held' WHERE chat_id = ? AND state = 'pending'",
                (chat_id,),
            )

    async def change(
        self, chat_id: int, now: datetime, zone: ZoneInfo, **changes: Unpack[Changes]
    ) -> None:
        """Change settings of a subscriber, and when it is due; of others nothing is changed."""
        async with self.transaction() as db:
            before = await self.subscription(chat_id)
            if before is None or not before.subscribed:
                return
            after = replace(before, **changes)
            due = _due(before, after, now, zone)
            quiet_from, quiet_to = after.quiet or (None, None)
            await db.execute(
                "UPDATE subscriptions SET frequency = ?, minute = ?, weekday = ?, scope = ?,"
                " quiet_from = ?, quiet_to = ?, timezone = ?, updates = ?, due = ?"
                " WHERE chat_id = ?",
                (
                    *(after.frequency, after.minute, after.weekday, after.scope),
                    *(quiet_from, quiet_to, after.timezone, after.updates),
                    due.isoformat() if due else None,
                    chat_id,
                ),
            )
            if (before.quiet, before.timezone) != (after.quiet, after.timezone):
                await db.execute(  # put off to the end of quiet hours that are others now
                    "UPDATE outbox SET next_try = ?"
                    " WHERE chat_id = ? AND state = 'pending' AND error = ''",
                    (now.isoformat(), chat_id),
                )

    async def sources(self, chat_id: int) -> set[str]:
        """The sources that a chat chose; "" stands for articles whose source is not known."""
        rows = await self.rows("SELECT source FROM chat_sources WHERE chat_id = ?", chat_id)
        return {source for (source,) in rows}

    async def choose_source(self, chat_id: int, source: str, *, chosen: bool) -> None:
        """Choose a source or give it up; doing it twice is doing it once."""
        if chosen:
            statement = "INSERT INTO chat_sources (chat_id, source) VALUES (?, ?)"
            await self.write(f"{statement} ON CONFLICT DO NOTHING", chat_id, source)
        else:
            await self.write(
                "DELETE FROM chat_sources WHERE chat_id = ? AND source = ?", chat_id, source
            )

    async def _known(self, chat_id: int) -> Subscription:
        """The subscription of a chat that has one."""
        found = await self.subscription(chat_id)
        if found is None:
            raise LookupError(f"chat {chat_id} has no subscription")
        return found


def _due(
    before: Subscription, after: Subscription, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """When a changed subscription is due; what was due already is not put off to another day."""
    if not after.active:
        return None
    schedule = after.schedule(zone)
    if before.due and before.due <= now:
        return schedule.quiet_end(now) or now
    return schedule.next_due(now)
