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


class Missed(NamedTuple):
    """News that a reader who was away has not seen: after one number, up to another."""

    start: int
    stop: int
    since: datetime


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

    async def add_matches(self, topic_id: int, numbers: Sequence[int]) -> None:
        """Note that these news match a topic that was added after they arrived."""
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

    async def resume(self, chat_id: int, now: datetime, due: datetime) -> None:
        """End a pause or an absence: what was missed waits for a word, all else begins now."""
        async with self.transaction() as db:
            await db.execute(
                "UPDATE subscriptions SET paused = 0, due = ?,"
                " missed_from = COALESCE(missed_from, cursor),"
                " missed_since = COALESCE(missed_since, since),"
                " cursor = (SELECT COALESCE(MAX(id), 0) FROM news), since = ? WHERE chat_id = ?",
                (due.isoformat(), now.isoformat(), chat_id),
            )
            await db.execute(
                "UPDATE subscriptions SET missed_to = cursor WHERE chat_id = ?", (chat_id,)
            )
            await db.execute(
                "UPDATE outbox SET state = 'held' WHERE chat_id = ? AND state = 'pending'",
                (chat_id,),
            )

    async def missed(self, chat_id: int) -> Missed | None:
        """What a reader who is back has not been asked about yet, or has not answered."""
        row = await self.row(
            "SELECT missed_from, missed_to, missed_since FROM subscriptions"
            " WHERE chat_id = ? AND missed_from IS NOT NULL",
            chat_id,
        )
        return Missed(row[0], row[1], datetime.fromisoformat(row[2])) if row else None

    async def held_articles(self, chat_id: int) -> int:
        """How many articles wait in digests that could not be delivered."""
        (waiting,) = await self.row(
            "SELECT SUM(json_array_length(articles) - sent) FROM outbox"
            " WHERE chat_id = ? AND state = 'held'",
            chat_id,
        ) or (0,)
        return waiting or 0

    async def catch_up(
        self, chat_id: int, missed: Missed, entries: Sequence[Entry], now: datetime
    ) -> bool:
        """Send what was missed, digests that were held up first. False if it was done already."""
        async with self.transaction() as db:
            if not await _settle(db, chat_id, missed):
                return False
            await db.execute(
                "UPDATE outbox SET state = 'pending', next_try = ?"
                " WHERE chat_id = ? AND state = 'held'",
                (now.isoformat(), chat_id),
            )
            if entries:
                await _put(db, chat_id, entries, (missed.since, now), asked=True)
            return True

    async def skip_missed(self, chat_id: int, missed: Missed, now: datetime) -> bool:
        """Let what was missed be. False if it was settled already."""
        async with self.transaction() as db:
            if not await _settle(db, chat_id, missed):
                return False
            await db.execute(
                "UPDATE outbox SET state = 'dropped', finished = ?"
                " WHERE chat_id = ? AND state = 'held'",
                (now.isoformat(), chat_id),
            )
            return True


async def _carry_out(db: Connection, plan: Plan, now: datetime) -> int:
    read = plan.subscription
    cursor = await db.execute(
        "UPDATE subscriptions SET cursor = ?, due = ?, since = iif(?, ?, since)"
        " WHERE chat_id = ? AND cursor = ? AND due IS ? AND subscribed",
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
    await _put(db, read.chat_id, plan.entries, (read.since, now), asked=plan.asked)
    return 1


async def _put(
    db: Connection,
    chat_id: int,
    entries: Sequence[Entry],
    period: tuple[datetime, datetime],
    *,
    asked: bool,
) -> None:
    since, until = period
    await db.execute(
        "INSERT INTO outbox (chat_id, articles, since, until, asked, next_try)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            chat_id,
            entries_json(entries),
            since.isoformat(),
            until.isoformat(),
            asked,
            until.isoformat(),
        ),
    )


async def _settle(db: Connection, chat_id: int, missed: Missed) -> bool:
    cursor = await db.execute(
        "UPDATE subscriptions SET missed_from = NULL, missed_to = NULL, missed_since = NULL"
        " WHERE chat_id = ? AND missed_from = ? AND missed_to = ?",
        (chat_id, missed.start, missed.stop),
    )
    return bool(cursor.rowcount)
