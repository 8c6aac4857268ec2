"""Digests on their way to chats, and how far each has come."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bot.database import Database

PARCEL_COLUMNS = "id, chat_id, articles, sent, since, until, asked, attempts"


class Entry(NamedTuple):
    """An article of a digest, and why it is in it.

    `topics` are the texts of the topics that matched, `editions` the reprints
    that are folded under it.
    """

    article_id: str
    updated: bool = False
    topics: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()


def entries_json(entries: Sequence[Entry]) -> str:
    """Entries as `outbox.articles` holds them."""
    return json.dumps([[*entry] for entry in entries], separators=(",", ":"))


def entries_from(text: str) -> tuple[Entry, ...]:
    """What `entries_json` wrote."""
    return tuple(
        Entry(article_id, updated, tuple(topics), tuple(editions))
        for article_id, updated, topics, editions in json.loads(text)
    )


@dataclass(frozen=True, slots=True)
class Parcel:
    """A digest for a chat: all its entries, of which the first `sent` have arrived.

    It tells what came from `since` to `until`; `asked` is one from /digest, which waits for no
    quiet hours. `attempts` counts the failures since something last arrived.
    """

    id: int
    chat_id: int
    entries: tuple[Entry, ...]
    sent: int
    since: datetime
    until: datetime
    asked: bool
    attempts: int


class Outbox(Database):
    """The table `outbox`, and what befalls a chat while a digest is sent to it."""

    async def due_parcels(self, now: datetime, busy: Collection[int], limit: int) -> list[Parcel]:
        """What may be sent now, the longest waiting first; what was asked for goes ahead.

        Of each chat only the first one: a parcel that waits holds back those behind it, so that
        news comes in order. Of chats that are `busy`, closed or pausing there is none.
        """
        found: list[Parcel] = []
        for asked in (True, False):
            rows = await self.rows(
                f"SELECT {PARCEL_COLUMNS} FROM outbox AS head"  # noqa: S608
                " WHERE state = 'pending' AND asked = ? AND next_try <= ?"
                " AND chat_id NOT IN (SELECT value FROM json_each(?))"
                " AND NOT EXISTS (SELECT 1 FROM chats WHERE id = head.chat_id AND NOT active)"
                " AND (asked OR NOT EXISTS (SELECT 1 FROM subscriptions AS of"
                "  WHERE of.chat_id = head.chat_id AND (of.paused OR NOT of.subscribed)))"
                " AND NOT EXISTS (SELECT 1 FROM outbox AS other"
                "  WHERE other.chat_id = head.chat_id AND other.state = 'pending'"
                "  AND (other.asked, head.id) > (head.asked, other.id))"
                " ORDER BY next_try, id LIMIT ?",
                asked,
                now.isoformat(),
                json.dumps([*busy]),
                limit - len(found),
            )
            found += map(parcel_from, rows)
        return found

    async def delivered(self, parcel_id: int, sent: int, now: datetime, next_try: datetime) -> None:
        """The first `sent` entries have arrived; what is left goes no earlier than `next_try`.

        Saying it twice does no harm.
        """
        await self.write(
            "UPDATE outbox SET sent = ?1, attempts = 0, error = '', next_try = ?2,"
            " state = iif(?1 < json_array_length(articles), state, 'sent'),"
            " finished = iif(?1 < json_array_length(articles), finished, ?3),"
            " articles = iif(?1 < json_array_length(articles), articles, '[]') WHERE id = ?4",
            sent,
            next_try.isoformat(),
            now.isoformat(),
            parcel_id,
        )

    async def postponed(self, parcel_id: int, until: datetime, error: str = "") -> None:
        """Try again from then on; an error counts as an attempt."""
        await self.write(
            "UPDATE outbox SET next_try = ?, attempts = attempts + (?2 != ''), error = ?2"
            " WHERE id = ?3",
            until.isoformat(),
            error,
            parcel_id,
        )

    async def parked(self, parcel_id: int, error: str, now: datetime) -> None:
        """This one will never be taken: it is kept, with the reason, and not tried again."""
        await self.write(
            "UPDATE outbox SET state = 'parked', attempts = attempts + 1, error = ?, finished = ?"
            " WHERE id = ?",
            error,
            now.isoformat(),
            parcel_id,
        )

    async def closed(self, chat_id: int, error: str = "") -> None:
        """The bot may not write to a chat: its digests are held until it is back and is asked."""
        async with self.transaction() as db:
            await db.execute("UPDATE chats SET active = 0 WHERE id = ?", (chat_id,))
            await db.execute(
                "UPDATE outbox SET state = 'held', error = ?"
                " WHERE chat_id = ? AND state = 'pending'",
                (error, chat_id),
            )

    async def migrated(self, old_id: int, new_id: int) -> None:
        """A group became a supergroup: what belongs to it moves to its new id.

        What the new id has already stays as it is. The numbers of messages mean nothing there
        (https://core.telegram.org/api/channel#migration), so that answers keep their buttons, but
        no longer know their messages. Saying it twice does no harm.
        """
        if old_id == new_id:
            return
        moved = (new_id, old_id)
        async with self.transaction() as db:
            await db.execute("UPDATE OR IGNORE chats SET id = ? WHERE id = ?", moved)
            await db.execute("DELETE FROM chats WHERE id = ?", (old_id,))
            for table in ("subscriptions", "chat_topics", "chat_sources"):
                change = f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?"  # noqa: S608
                await db.execute(change, moved)
                await db.execute(f"DELETE FROM {table} WHERE chat_id = ?", (old_id,))  # noqa: S608
            await db.execute("UPDATE outbox SET chat_id = ? WHERE chat_id = ?", moved)
            await db.execute(
                "UPDATE answers SET chat_id = ?, message_id = 0 WHERE chat_id = ?", moved
            )

    async def forget_digests(self, before: datetime) -> None:
        """Forget the digests that were done with, or held for a word that never came, by then."""
        moment = before.isoformat()
        await self.write("DELETE FROM outbox WHERE finished < ?", moment)
        await self.write("DELETE FROM outbox WHERE state = 'held' AND until < ?", moment)


def parcel_from(row: tuple[Any, ...]) -> Parcel:
    """A row of PARCEL_COLUMNS as a value."""
    id_, chat_id, articles, sent, since, until, asked, attempts = row
    return Parcel(
        id_,
        chat_id,
        entries_from(articles),
        sent,
        datetime.fromisoformat(since),
        datetime.fromisoformat(until),
        bool(asked),
        attempts,
    )
