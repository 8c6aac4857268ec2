"""The SQLite file that the store is kept in: one writer at a time, migrations.

What comes to be written at one moment is one transaction, in one turn of a thread: an answer writes
six times, and it is turns and commits that cost, not what is written.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from bot.migrations import MIGRATIONS
from bot.together import Outcome, Together

T = TypeVar("T")

Connection = aiosqlite.Connection
"""What a transaction of several steps is carried out on."""
Direct = sqlite3.Connection
"""What a piece of work is carried out on, in a thread."""
Work = Callable[[Direct], Any]

SETTINGS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)

UNUSABLE = (sqlite3.Error, ValueError, OverflowError)
"""What SQLite raises; ValueError when the connection is closed, OverflowError for a huge number."""


class StoreError(Exception):
    """The database cannot be read or written: the caller goes on without it and says so."""


class Database:
    """The SQLite file. `open` it, `close` it.

    It is read through a connection of its own, so that nobody sees what another is half way
    through writing; only whoever is in a transaction reads there.
    """

    def __init__(
        self,
        connection: Connection,
        writer: Direct,
        reader: Direct,
        threads: Callable[[], Executor] = lambda: ThreadPoolExecutor(1),
    ) -> None:
        self._db = connection
        self._direct = writer, reader
        self._writes: Together[Work] = Together(partial(_written, writer), threads())
        self._reads: Together[Work] = Together(partial(_read, reader), threads())
        self._writer: asyncio.Task[object] | None = None

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the database, creating or migrating it. Raises StoreError, with the path."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = _connected(path)  # fails here, and not in a thread, if it cannot be had
            connection = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path}: cannot be opened: {error}; the folder must be writable"
            ) from error
        database = cls(connection, writer, _connected(path))
        try:
            await database._prepare()
        except (StoreError, sqlite3.Error) as error:
            await database.close()
            raise StoreError(f"{path}: {error}; free the disk, or put a backup there") from error
        return database

    async def close(self) -> None:
        async with self._writes.turn, self._reads.turn:
            await self._db.close()
            for direct in self._direct:
                direct.close()

    async def _prepare(self) -> None:
        # In WAL the file survives a crash of the process whatever is synchronous; with NORMAL only
        # a power cut may cost the last commits.
        await self._db.execute("PRAGMA journal_mode = WAL")
        for setting in SETTINGS:
            await self._db.execute(setting)
        for number, script in enumerate(MIGRATIONS, start=1):
            await self._migrate(number, script)
        writer, reader = self._direct
        for setting in SETTINGS:
            writer.execute(setting)
            reader.execute(setting)
        reader.execute("PRAGMA query_only = ON")
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
        async with self._writes.turn:
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

    async def written(self, work: Callable[[Direct], T]) -> T:
        """Carry out some writing, all or nothing; what else is to be written then goes with it.

        It is done in a thread, and must touch nothing but the connection. Raises StoreError.
        """
        try:
            outcome: T = await self._writes(work)
        except UNUSABLE as error:
            raise StoreError(str(error)) from error
        return outcome

    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        is_writing = self._writer is not None and self._writer is asyncio.current_task()
        try:
            if is_writing:
                return [tuple(row) for row in await self._db.execute_fetchall(query, values)]
            found: list[tuple[Any, ...]] = await self._reads(
                lambda db: db.execute(query, values).fetchall()
            )
        except UNUSABLE as error:
            raise StoreError(str(error)) from error
        return found

    async def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """The first row of a query, None if it has none."""
        return next(iter(await self.rows(query, *values)), None)

    async def write(self, query: str, *values: object) -> int:
        """Run one statement; returns the id of the row that it inserted."""
        return await self.written(lambda db: db.execute(query, values).lastrowid or 0)


def _connected(path: Path) -> Direct:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _written(db: Direct, works: Sequence[Work]) -> list[Outcome]:
    """Carry them out in one transaction; what one that fails has done is undone."""
    db.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_alone(db, work) for work in works]
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return outcomes


def _alone(db: Direct, work: Work) -> Outcome:
    db.execute("SAVEPOINT work")
    outcome = _tried(db, work)
    if isinstance(outcome, Exception):
        db.execute("ROLLBACK TO work")
    db.execute("RELEASE work")
    return outcome


def _read(db: Direct, works: Sequence[Work]) -> list[Outcome]:
    return [_tried(db, work) for work in works]


def _tried(db: Direct, work: Work) -> Outcome:
    try:
        return work(db)
    except UNUSABLE as error:
        return error


def inserted(db: Direct, query: str, rows: Iterable[Sequence[object]]) -> list[int]:
    """Insert rows one by one; returns the id of each."""
    return [db.execute(query, row).lastrowid or 0 for row in rows]


def marks(values: Sequence[object]) -> str:
    """A question mark for each value, as a list of parameters in SQL."""
    return ", ".join("?" * len(values))
