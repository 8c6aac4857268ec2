"""The SQLite file that the store is kept in: one connection, one writer at a time, migrations."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

import aiosqlite

from bot.migrations import MIGRATIONS

Connection = aiosqlite.Connection
"""What a transaction is carried out on."""

UNUSABLE = (sqlite3.Error, ValueError, OverflowError)
"""What SQLite raises; ValueError when the connection is closed, OverflowError for a huge number."""


class StoreError(Exception):
    """The database cannot be read or written: the caller goes on without it and says so."""


class Database:
    """The SQLite file. `open` it, `close` it.

    It is read through a connection of its own, so that nobody sees what another is half way
    through writing; only whoever is in a transaction reads there.
    """

    def __init__(self, connection: Connection, reader: Connection) -> None:
        self._db = connection
        self._reader = reader
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[object] | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the database, creating or migrating it. Raises StoreError, with the path."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            sqlite3.connect(path).close()  # fails here, and not in a thread, if it cannot be had
            connection = await aiosqlite.connect(path, isolation_level=None)
            reader = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path}: cannot be opened: {error}; the folder must be writable"
            ) from error
        database = cls(connection, reader)
        try:
            await database._prepare()
        except (StoreError, sqlite3.Error) as error:
            await database.close()
            raise StoreError(f"{path}: {error}; free the disk, or put a backup there") from error
        return database

    async def close(self) -> None:
        async with self._writing:
            await self._db.close()
            await self._reader.close()

    async def _prepare(self) -> None:
        await self._db.execute("PRAGMA busy_timeout = 5000")
        await self._db.execute("PRAGMA journal_mode = WAL")
        # In WAL this survives a crash of the process; only a power cut may cost the last commits.
        await self._db.execute("PRAGMA synchronous = NORMAL")
        await self._db.execute("PRAGMA foreign_keys = ON")
        for number, script in enumerate(MIGRATIONS, start=1):
            await self._migrate(number, script)
        await self._reader.execute("PRAGMA busy_timeout = 5000")
        await self._reader.execute("PRAGMA query_only = ON")
        (version,) = await self.row("PRAGMA user_version") or (0,)
        if version > len(MIGRATIONS):
            raise StoreError(f"made by a newer release (schema {version})")

    async def _migrate(self, number: int, script: Sequence[str]) -> None:
        async with self.transaction() as db:
            row = await (await db.execute("PRAGMA user_version")).fetchone()
            if row is None or row[0] >= number:
                return
            for statement in script:
                await db.execute(statement)
            await db.execute(f"PRAGMA user_version = {number}")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """All or nothing; the lock keeps other coroutines' writes out of this transaction."""
        async with self._writing:
            self._writer = asyncio.current_task()
            try:
                await self._finish("BEGIN IMMEDIATE")
                yield self._db
                await self._finish("COMMIT")
            except UNUSABLE as error:
                await self._roll_back()
                raise StoreError(str(error)) from error
            except BaseException:
                await self._roll_back()
                raise
            finally:
                self._writer = None

    async def _roll_back(self) -> None:
        with suppress(*UNUSABLE):  # closed or broken: SQLite itself rolls back
            if self._db.in_transaction:
                await self._finish("ROLLBACK")

    async def _finish(self, statement: str) -> None:
        """Run a statement to its end, also when cancelled: none is left half way in its thread."""
        running = asyncio.ensure_future(self._db.execute(statement))
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait({running})
            raise

    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        is_writing = self._writer is not None and self._writer is asyncio.current_task()
        connection = self._db if is_writing else self._reader
        try:
            return [tuple(row) for row in await connection.execute_fetchall(query, values)]
        except UNUSABLE as error:
            raise StoreError(str(error)) from error

    async def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query, None if it has none."""
        return next(iter(await self.rows(query, *values)), None)

    async def write(self, query: str, *values: object) -> int:
        """Run one statement; returns the id of the row that it inserted."""
        async with self.transaction() as db:
            cursor = await db.execute(query, values)
            return cursor.lastrowid or 0


def marks(values: Sequence[object]) -> str:
    """A question mark for each value, as a list of parameters in SQL."""
    return ", ".join("?" * len(values))
