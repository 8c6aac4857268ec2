"""Everything kept in SQLite: chats, users, answers and what their buttons refer to, the ledger.

One connection, one writer at a time; times are UTC in ISO 8601.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import aiosqlite

from bot.migrations import MIGRATIONS

log = logging.getLogger(__name__)


class StoreError(Exception):
    """The database cannot be read or written: the caller goes on without it and says so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answered question, or (while `reply_id` is None) one still to be answered."""

    id: int
    chat_id: int
    message_id: int
    question: str
    reply_id: int | None


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """What a quote's buttons refer to: a span of an article as it was when quoted."""

    article_id: str
    digest: str
    start: int
    stop: int
    text: str


class Store:
    """The SQLite file. `open` it, `close` it; every method may raise StoreError."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._db = connection
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the database, creating or migrating it. Raises StoreError, with the path."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path}: cannot be opened: {error}; check STATE_DIR") from error
        store = cls(connection)
        try:
            await store._prepare()
        except (StoreError, sqlite3.Error) as error:
            await connection.close()
            raise StoreError(f"{path}: {error}; restore a backup or move the file away") from error
        return store

    async def close(self) -> None:
        async with self._writing:
            await self._db.close()

    async def _prepare(self) -> None:
        await self._db.execute("PRAGMA busy_timeout = 5000")
        await self._db.execute("PRAGMA journal_mode = WAL")
        # In WAL this survives a crash of the process; only a power cut may cost the last commits.
        await self._db.execute("PRAGMA synchronous = NORMAL")
        await self._db.execute("PRAGMA foreign_keys = ON")
        for number, script in enumerate(MIGRATIONS, start=1):
            await self._migrate(number, script)
        (version,) = await self._one("PRAGMA user_version") or (0,)
        if version > len(MIGRATIONS):
            raise StoreError(f"made by a newer release (schema {version})")

    async def _migrate(self, number: int, script: Sequence[str]) -> None:
        async with self._transaction() as db:
            row = await (await db.execute("PRAGMA user_version")).fetchone()
            if row is None or row[0] >= number:
                return
            for statement in script:
                await db.execute(statement)
            await db.execute(f"PRAGMA user_version = {number}")

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """All or nothing; the lock keeps other coroutines' writes out of this transaction."""
        async with self._writing:
            try:
                await self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    await self._db.execute("ROLLBACK")
                    raise
                await self._db.execute("COMMIT")
            except (sqlite3.Error, ValueError) as error:  # ValueError: the connection is closed
                raise StoreError(str(error)) from error

    async def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return [tuple(row) for row in await self._db.execute_fetchall(query, values)]
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(str(error)) from error

    async def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(await self._all(query, *values)), None)

    async def _write(self, query: str, *values: object) -> int:
        """Run one statement; returns the id of the row that it inserted."""
        async with self._transaction() as db:
            cursor = await db.execute(query, values)
            return cursor.lastrowid or 0

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

    # Questions and answers

    async def open_answer(
        self, chat_id: int, message_id: int, question: str, now: datetime
    ) -> Answer:
        """Note a question before work on it; the same message again keeps its row and reply."""
        await self._write(
            "INSERT INTO answers (chat_id, message_id, question, asked) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (chat_id, message_id) DO UPDATE SET question = excluded.question",
            chat_id,
            message_id,
            question,
            now.isoformat(),
        )
        answer = await self.answer_to(chat_id, message_id)
        if answer is None:
            raise StoreError("an answer vanished while it was being written")
        return answer

    async def close_answer(self, answer_id: int, reply_id: int) -> None:
        """Note the message in which a question was answered."""
        await self._write("UPDATE answers SET reply_id = ? WHERE id = ?", reply_id, answer_id)

    async def drop_answer(self, answer_id: int) -> None:
        """Forget a question that can no longer be answered: the chat is closed to the bot."""
        await self._write("DELETE FROM answers WHERE id = ?", answer_id)

    async def answer_to(self, chat_id: int, message_id: int) -> Answer | None:
        return self._answer(
            await self._one(
                "SELECT id, chat_id, message_id, question, reply_id FROM answers"
                " WHERE chat_id = ? AND message_id = ?",
                chat_id,
                message_id,
            )
        )

    async def answer(self, answer_id: int) -> Answer | None:
        return self._answer(
            await self._one(
                "SELECT id, chat_id, message_id, question, reply_id FROM answers WHERE id = ?",
                answer_id,
            )
        )

    async def unanswered(self, since: datetime) -> list[Answer]:
        """Questions taken in since then that got no reply, oldest first."""
        rows = await self._all(
            "SELECT id, chat_id, message_id, question, reply_id FROM answers"
            " WHERE reply_id IS NULL AND asked >= ? ORDER BY id",
            since.isoformat(),
        )
        return [Answer(*row) for row in rows]

    @staticmethod
    def _answer(row: tuple[Any, ...] | None) -> Answer | None:
        return Answer(*row) if row else None

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

    async def forget_quotes(self, answer_id: int) -> None:
        """Drop the quotes of an answer whose question was edited."""
        await self._write("DELETE FROM quotes WHERE answer_id = ?", answer_id)

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
        rows = await self._all("SELECT question, id FROM examples")
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
        marks = ", ".join("?" * len(article_ids))
        rows = await self._all(
            f"SELECT article_id, id FROM articles WHERE article_id IN ({marks})",  # noqa: S608
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
