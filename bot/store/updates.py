"""The updates that are being handled, as they came."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.database import Database, Direct


class StoredUpdate(NamedTuple):
    """An update as it came: `key` tells the same update from another with its number."""

    key: str
    update_id: int
    payload: str


class Updates(Database):
    """The table `updates`."""

    async def add_updates(
        self, updates: Sequence[StoredUpdate], now: datetime, kept: timedelta
    ) -> set[str]:
        """Write down updates; returns the keys of those that were not here before.

        Those received longer ago than `kept` are forgotten.
        """
        at, forgotten = now.isoformat(), (now - kept).isoformat()

        def add(db: Direct) -> set[str]:
            db.execute("DELETE FROM updates WHERE received < ?", (forgotten,))
            added = (
                db.execute(
                    "INSERT OR IGNORE INTO updates (key, update_id, payload, received)"
                    " VALUES (?, ?, ?, ?)",
                    (*update, at),
                ).rowcount
                for update in updates
            )
            return {update.key for update, is_new in zip(updates, added, strict=True) if is_new}

        return await self.written(add)

    async def update_done(self, update_id: int) -> None:
        """Note that an update needs no more work; what it said is forgotten."""
        await self.write("UPDATE updates SET done = 1, payload = '' WHERE update_id = ?", update_id)

    async def left_over(self, since: datetime, attempts: int) -> list[StoredUpdate]:
        """Updates not done with, oldest first; each is given out at most `attempts` times."""
        async with self.transaction() as db:
            rows = await db.execute_fetchall(
                "SELECT key, update_id, payload FROM updates"
                " WHERE NOT done AND received >= ? AND attempts < ? ORDER BY received, update_id",
                (since.isoformat(), attempts),
            )
            await db.execute("UPDATE updates SET attempts = attempts + 1 WHERE NOT done")
        return [StoredUpdate(*row) for row in rows]
