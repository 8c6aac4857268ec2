"""What admins are to be told, each cause once."""

import json
from datetime import datetime
from typing import NamedTuple

from bot.database import Database


class Notice(NamedTuple):
    """A message to admins; `key` tells its cause from another."""

    key: str
    text: str
    reached: tuple[int, ...] = ()
    """The admins who have it."""


class Notices(Database):
    """The table `notices`."""

    async def add_notice(self, key: str, text: str, now: datetime) -> None:
        """Tell admins this, unless there was a notice with the same key before."""
        await self.write(
            "INSERT INTO notices (key, text, made) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            key,
            text,
            now.isoformat(),
        )

    async def untold_notices(self) -> list[Notice]:
        """What admins have not been told yet, oldest first."""
        rows = await self.rows(
            "SELECT key, text, reached FROM notices WHERE NOT told ORDER BY made, rowid"
        )
        return [Notice(key, text, tuple(json.loads(reached))) for key, text, reached in rows]

    async def notice_reached(self, key: str, admin_id: int) -> None:
        """One of the admins has it."""
        await self.write(
            "UPDATE notices SET reached = json_insert(reached, '$[#]', ?) WHERE key = ?",
            admin_id,
            key,
        )

    async def notice_told(self, key: str) -> None:
        """This one needs no more telling; its key is remembered."""
        await self.write("UPDATE notices SET told = 1 WHERE key = ?", key)

    async def forget_notices(self, before: datetime) -> None:
        """Forget the notices that were made before then: their causes may be told anew."""
        await self.write("DELETE FROM notices WHERE told AND made < ?", before.isoformat())
