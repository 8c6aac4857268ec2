"""Who is due for a digest, what is news to them, and the step that puts a digest on its way."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.database import Connection, Database, marks
from bot.store.outbox import Entry, entries_json
from bot.store.subscriptions import SUBSCRIPTION_COLUMNS, Subscription, subscription_from

WITHIN = "id > ? AND id <= ?"


class News(NamedTuple):
    """An article that arrived, by the number of its arrival."""

    number: int
    article_id: str
    kind: str
    source: str
    story: int


class Plan(NamedTuple):
    """What becomes of a subscription that was due: its next time, its digest if there is one."""

    subscription: Subscription
    cursor: int
    """The news up to this one are dealt with."""
    entries: tuple[Entry, ...]
    due: datetime | None
    asked: bool = False


class Digests(Database):
    """What ties the tables `subscriptions`, `news` and `outbox` together."""

    async def due_subscriptions(self, now: datetime, limit: int) -> list[Subscription]:
        """Those whose time has come, longest waiting first; not the paused and unreachable."""
        rows = await self.rows(
            f"SELECT {SUBSCRIPTION_COLUMNS} FROM subscriptions"  # noqa: S608
            " WHERE due <= ? AND subscribed AND NOT paused"
            " AND chat_id IN (SELECT id FROM chats WHERE active) ORDER BY due LIMIT ?",
            now.isoformat(),
            limit,
        )
        return [subscription_from(row) for row in rows]

    async def has_subscribers(self) -> bool:
        """Whether there is anybody to be told of news, now or when they are back."""
        return await self.row("SELECT 1 FROM subscriptions LIMIT 1") is not None

    async def news(self, start: int, stop: int) -> list[News]:
        """What arrived after number `start`, up to number `stop`."""
        rows = await self.rows(
            f"SELECT id, article_id, kind, source, story FROM news WHERE {WITHIN} ORDER BY id",  # noqa: S608
            start,
            stop,
        )
        return [News(*row) for row in rows]

    async def waiting_news(self, chat_id: int) -> list[News]:
        """What has arrived for a chat since its last digest."""
        row = await self.row("SELECT cursor FROM subscriptions WHERE chat_id = ?", chat_id)
        return await self.news(row[0], await self.last_news()) if row else []

    async def all_topics(self) -> list[tuple[int, str]]:
        """Every topic that some chat follows."""
        return [(number, text) for number, text in await self.rows("SELECT id, text FROM topics")]

    matches_added = 0
    """Counts how often matches were added to news that may have been read already."""

    async def add_matches(self, topic_id: int, numbers: Sequence[int]) -> None:
        """Note that these news match a topic that was added after they arrived."""
        self.matches_added += 1
        async with self.transaction() as db:
            await db.executemany(
                "INSERT OR IGNORE INTO matches (topic_id, news_id)"
                " SELECT id, ? FROM topics WHERE id = ?",
                [(number, topic_id) for number in numbers],
            )

    async def last_news(self) -> int:
        """The number of what arrived last, 0 before the first."""
        (number,) = await self.row("SELECT MAX(id) FROM news") or (None,)
        return number or 0

    async def matches(
        self, start: int, stop: int, chat_id: int | None = None
    ) -> list[tuple[int, int]]:
        """Topics and the news in between that they match; of one chat's topics, or of all."""
        rows = await self.rows(
            "SELECT topic_id, news_id FROM matches WHERE news_id > ?1 AND news_id <= ?2"
            " AND (?3 IS NULL"
            "  OR topic_id IN (SELECT topic_id FROM chat_topics WHERE chat_id = ?3))",
            start,
            stop,
            chat_id,
        )
        return [(topic, number) for topic, number in rows]

    async def topic_texts(self, topics: Iterable[int]) -> dict[int, str]:
        """What these topics say."""
        rows = await self.rows(
            "SELECT id, text FROM topics WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps([*topics]),
        )
        return dict(rows)

    async def topics_of(
        self, chat_ids: Sequence[int], among: Iterable[int]
    ) -> dict[int, list[int]]:
        """Which of these topics each chat follows, in the order in which they were added."""
        found: dict[int, list[int]] = {}
        for chat_id, topic in await self.rows(
            f"SELECT chat_id, topic_id FROM chat_topics WHERE chat_id IN ({marks(chat_ids)})"  # noqa: S608
            " AND +topic_id IN (SELECT value FROM json_each(?)) ORDER BY chat_id, added, topic_id",
            *chat_ids,
            json.dumps([*among]),
        ):
            found.setdefault(chat_id, []).append(topic)
        return found

    async def sources_of(self, chat_ids: Sequence[int]) -> dict[int, set[str]]:
        """The sources that each chat chose."""
        found: dict[int, set[str]] = {}
        for chat_id, source in await self.rows(
            f"SELECT chat_id, source FROM chat_sources WHERE chat_id IN ({marks(chat_ids)})",  # noqa: S608
            *chat_ids,
        ):
            found.setdefault(chat_id, set()).add(source)
        return found

    async def carry_out(self, plans: Sequence[Plan], now: datetime) -> int:
        """Move the cursors and put the digests into the outbox, all at once.

        A subscription that has changed since it was read is left for the next time. Returns how
        many digests are on their way.
        """
        put = 0
        async with self.transaction() as db:
            for plan in plans:
                put += await _carry_out(db, plan, now)
        return put

    # Readers who were away

    async def resume(self, plan: Plan, now: datetime) -> bool:
        """End a pause or an absence: what was missed is held until the reader says a word.

        False, and nothing is done, if the subscription has changed since it was read.
        """
        read = plan.subscription
        async with self.transaction() as db:
            cursor = await db.execute(
                "UPDATE subscriptions SET paused = 0, cursor = ?, since = ?, due = ?, unasked = 1"
                " WHERE chat_id = ? AND cursor = ? AND subscribed",
                (
                    *(plan.cursor, now.isoformat(), plan.due and plan.due.isoformat()),
                    *(read.chat_id, read.cursor),
                ),
            )
            if not cursor.rowcount:
                return False
            await db.execute(
                "UPDATE outbox SET state = 'held' WHERE chat_id = ? AND state = 'pending'",
                (read.chat_id,),
            )
            if plan.entries:
                await _put(db, plan, now, "held")
            return True

    async def unasked(self, chat_id: int) -> bool:
        """Whether a reader is back and has not been asked yet whether to send what is held."""
        query = "SELECT 1 FROM subscriptions WHERE chat_id = ? AND unasked"
        return await self.row(query, chat_id) is not None

    async def asked(self, chat_id: int) -> None:
        """A reader who is back has been asked."""
        await self.write("UPDATE subscriptions SET unasked = 0 WHERE chat_id = ?", chat_id)

    async def hasten(self, chat_id: int, now: datetime) -> bool:
        """Send what is on its way to a chat now, quiet hours or not. False if nothing is."""
        async with self.transaction() as db:
            cursor = await db.execute(
                "UPDATE outbox SET asked = 1, next_try = iif(error = '', ?, next_try)"
                " WHERE chat_id = ? AND state = 'pending'",
                (now.isoformat(), chat_id),
            )
            return bool(cursor.rowcount)

    async def held_articles(self, chat_id: int) -> int:
        """How many articles are held for a reader until there is a word."""
        (waiting,) = await self.row(
            "SELECT SUM(json_array_length(articles) - sent) FROM outbox"
            " WHERE chat_id = ? AND state = 'held'",
            chat_id,
        ) or (0,)
        return waiting or 0

    async def release_held(self, chat_id: int, now: datetime) -> bool:
        """Send what is held, at once. False if there is nothing."""
        async with self.transaction() as db:
            cursor = await db.execute(
                "UPDATE outbox SET state = 'pending', asked = 1, next_try = ?"
                " WHERE chat_id = ? AND state = 'held'",
                (now.isoformat(), chat_id),
            )
            return bool(cursor.rowcount)

    async def drop_held(self, chat_id: int, now: datetime) -> bool:
        """Let what is held be. False if there is nothing."""
        async with self.transaction() as db:
            cursor = await db.execute(
                "UPDATE outbox SET state = 'dropped', finished = ?"
                " WHERE chat_id = ? AND state = 'held'",
                (now.isoformat(), chat_id),
            )
            return bool(cursor.rowcount)


async def _carry_out(db: Connection, plan: Plan, now: datetime) -> int:
    read = plan.subscription
    cursor = await db.execute(
        "UPDATE subscriptions SET cursor = ?1, since = iif(?3, ?4, since),"
        # Of what has arrived since it was read nobody will say again that it is due.
        " due = COALESCE(?2, iif((SELECT MAX(id) FROM news) > ?1, ?4, NULL))"
        " WHERE chat_id = ?5 AND cursor = ?6 AND due IS ?7 AND subscribed",
        (
            plan.cursor,
            plan.due and plan.due.isoformat(),
            bool(plan.entries),
            now.isoformat(),
            read.chat_id,
            read.cursor,
            read.due and read.due.isoformat(),
        ),
    )
    if not cursor.rowcount or not plan.entries:
        return 0
    await _put(db, plan, now, "pending")
    return 1


async def _put(db: Connection, plan: Plan, now: datetime, state: str) -> None:
    """A digest for the outbox, of what came since the last one."""
    read = plan.subscription
    await db.execute(
        "INSERT INTO outbox (chat_id, articles, since, until, asked, next_try, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(read.chat_id, entries_json(plan.entries), read.since.isoformat(), now.isoformat()),
            *(plan.asked, now.isoformat(), state),
        ),
    )
