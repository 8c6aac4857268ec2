"""All queries: chats, users, updates, answers, what their buttons refer to, the article ledger.

Times are UTC in ISO 8601.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.database import Database


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, and the message that answers it (None while it is under way)."""

    id: int
    chat_id: int
    message_id: int
    question: str
    asked: datetime
    reply_id: int | None


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """What a quote's buttons refer to: a span of an article as it was when quoted."""

    article_id: str
    digest: str
    start: int
    stop: int
    text: str


class StoredUpdate(NamedTuple):
    """An update as it came: `key` tells the same update from another with its number."""

    key: str
    update_id: int
    payload: str


class Store(Database):
    """What the bot remembers. Every method may raise StoreError."""

    # Chats and users

    async def saw(
        self, chat_id: int, kind: str, title: str, user: tuple[int, str] | None, now: datetime
    ) -> None:
        """Note that a chat, and who wrote in it, are alive."""
        async with self._transaction() as db:
            await db.execute(
                "INSERT INTO chats (id, type, title, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET type = excluded.type, title = excluded.title,"
                " last_seen = excluded.last_seen, active = 1",
                (chat_id, kind, title, now.isoformat(), now.isoformat()),
            )
            if user:
                await db.execute(
                    "INSERT INTO users (id, name, first_seen, last_seen) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                    " last_seen = excluded.last_seen",
                    (*user, now.isoformat(), now.isoformat()),
                )

    async def set_active(self, chat_id: int, *, active: bool) -> None:
        """Mark a chat as reachable, or as one that blocked the bot; its rows are kept."""
        await self._write("UPDATE chats SET active = ? WHERE id = ?", active, chat_id)

    # Updates being handled

    async def add_updates(
        self, updates: Sequence[StoredUpdate], now: datetime, kept: timedelta
    ) -> set[str]:
        """Write down updates; returns the keys of those that were not here before.

        Those received longer ago than `kept` are forgotten.
        """
        new = set()
        async with self._transaction() as db:
            await db.execute("DELETE FROM updates WHERE received < ?", ((now - kept).isoformat(),))
            for update in updates:
                cursor = await db.execute(
                    "INSERT OR IGNORE INTO updates (key, update_id, payload, received)"
                    " VALUES (?, ?, ?, ?)",
                    (*update, now.isoformat()),
                )
                new |= {update.key} if cursor.rowcount else set()
        return new

    async def update_done(self, update_id: int) -> None:
        """Note that an update needs no more work; what it said is forgotten."""
        await self._write(
            "UPDATE updates SET done = 1, payload = '' WHERE update_id = ?", update_id
        )

    async def left_over(self, since: datetime, attempts: int) -> list[StoredUpdate]:
        """Updates not done with, oldest first; each is given out at most `attempts` times."""
        async with self._transaction() as db:
            rows = await db.execute_fetchall(
                "SELECT key, update_id, payload FROM updates"
                " WHERE NOT done AND received >= ? AND attempts < ? ORDER BY received, update_id",
                (since.isoformat(), attempts),
            )
            await db.execute("UPDATE updates SET attempts = attempts + 1 WHERE NOT done")
        return [StoredUpdate(*row) for row in rows]

    # Questions and answers

    async def open_answer(
        self, chat_id: int, message_id: int, question: str, asked: datetime
    ) -> Answer:
        """Begin an answer; it counts once it is closed, as a message's earlier one did."""
        number = await self._write(
            "INSERT INTO answers (chat_id, message_id, question, asked) VALUES (?, ?, ?, ?)",
            chat_id,
            message_id,
            question,
            asked.isoformat(),
        )
        return Answer(number, chat_id, message_id, question, asked, None)

    async def close_answer(self, answer_id: int, chat_id: int, reply_id: int) -> None:
        """Note the message in which a question was answered; a group's id may have changed."""
        await self._write(
            "UPDATE answers SET chat_id = ?, reply_id = ? WHERE id = ?",
            chat_id,
            reply_id,
            answer_id,
        )

    async def drop_answer(self, answer_id: int) -> None:
        """Forget an answer that did not reach its chat."""
        await self._write("DELETE FROM answers WHERE id = ?", answer_id)

    async def answer_to(self, chat_id: int, message_id: int) -> Answer | None:
        """The answer that a message has now."""
        row = await self._one(
            "SELECT id, chat_id, message_id, question, asked, reply_id FROM answers"
            " WHERE chat_id = ? AND message_id = ? AND reply_id IS NOT NULL"
            " ORDER BY id DESC LIMIT 1",
            chat_id,
            message_id,
        )
        return _answer(row)

    async def answer(self, answer_id: int) -> Answer | None:
        row = await self._one(
            "SELECT id, chat_id, message_id, question, asked, reply_id FROM answers WHERE id = ?",
            answer_id,
        )
        return _answer(row)

    async def add_quotes(self, answer_id: int, quotes: Iterable[StoredQuote]) -> list[int]:
        """Keep what the buttons under the quotes will refer to; returns an id each."""
        ids = []
        async with self._transaction() as db:
            for quote in quotes:
                cursor = await db.execute(
                    "INSERT INTO quotes (answer_id, article_id, digest, start, stop, text)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        answer_id,
                        quote.article_id,
                        quote.digest,
                        quote.start,
                        quote.stop,
                        quote.text,
                    ),
                )
                ids.append(cursor.lastrowid or 0)
        return ids

    async def drop_quotes(self, quote_ids: Sequence[int]) -> None:
        """Forget quotes that did not reach their chat: they count as not shown."""
        async with self._transaction() as db:
            await db.executemany("DELETE FROM quotes WHERE id = ?", [(each,) for each in quote_ids])

    async def quote(self, quote_id: int) -> StoredQuote | None:
        row = await self._one(
            "SELECT article_id, digest, start, stop, text FROM quotes WHERE id = ?", quote_id
        )
        return StoredQuote(*row) if row else None

    async def quoted(self, answer_id: int) -> list[StoredQuote]:
        """What an answer has quoted so far."""
        rows = await self._all(
            "SELECT article_id, digest, start, stop, text FROM quotes WHERE answer_id = ?",
            answer_id,
        )
        return [StoredQuote(*row) for row in rows]

    # Example questions

    async def example_ids(self, questions: Sequence[str]) -> list[int]:
        """An id for each question, the same one whenever it is asked for."""
        async with self._transaction() as db:
            for question in questions:
                await db.execute(
                    "INSERT OR IGNORE INTO examples (question) VALUES (?)", (question,)
                )
        rows = await self._all(
            f"SELECT question, id FROM examples WHERE question IN ({_marks(questions)})",  # noqa: S608
            *questions,
        )
        ids: dict[str, int] = dict(rows)
        return [ids[question] for question in questions]

    async def example(self, example_id: int) -> str | None:
        row = await self._one("SELECT question FROM examples WHERE id = ?", example_id)
        return row[0] if row else None

    # The article ledger

    async def record_articles(self, digests: dict[str, str], now: datetime) -> None:
        """Bring the ledger in line with the archive: {article id: content hash}."""
        async with self._transaction() as db:
            await db.executemany(
                "INSERT INTO articles (article_id, digest, first_seen) VALUES (?, ?, ?)"
                " ON CONFLICT (article_id) DO UPDATE SET digest = excluded.digest, removed = NULL"
                " WHERE digest != excluded.digest OR removed IS NOT NULL",
                [(article_id, digest, now.isoformat()) for article_id, digest in digests.items()],
            )
            rows = await db.execute_fetchall(
                "SELECT article_id FROM articles WHERE removed IS NULL"
            )
            gone = [(now.isoformat(), row[0]) for row in rows if row[0] not in digests]
            await db.executemany("UPDATE articles SET removed = ? WHERE article_id = ?", gone)

    async def article_numbers(self, article_ids: Sequence[str]) -> list[int | None]:
        """The ledger's number of each article, for buttons; None for one it has not recorded."""
        rows = await self._all(
            f"SELECT article_id, id FROM articles WHERE article_id IN ({_marks(article_ids)})",  # noqa: S608
            *article_ids,
        )
        numbers: dict[str, int] = dict(rows)
        return [numbers.get(article_id) for article_id in article_ids]

    async def article_id(self, number: int) -> str | None:
        row = await self._one("SELECT article_id FROM articles WHERE id = ?", number)
        return row[0] if row else None

    async def first_seen(self) -> dict[str, str]:
        """When each article of the archive was first seen, by article id."""
        rows = await self._all("SELECT article_id, first_seen FROM articles WHERE removed IS NULL")
        return dict(rows)


def _marks(values: Sequence[str]) -> str:
    """A question mark for each value, as a list of parameters in SQL."""
    return ", ".join("?" * len(values))


def _answer(row: tuple[Any, ...] | None) -> Answer | None:
    if row is None:
        return None
    id_, chat_id, message_id, question, asked, reply_id = row
    return Answer(id_, chat_id, message_id, question, datetime.fromisoformat(asked), reply_id)
