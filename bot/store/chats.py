"""Which chats and users there are, and which chats can be reached."""

from datetime import datetime

from bot.database import Database


class Chats(Database):
    """The tables `chats` and `users`."""

    async def saw(
        self, chat_id: int, kind: str, title: str, user: tuple[int, str] | None, now: datetime
    ) -> None:
        """Note that a chat, and who wrote in it, are alive."""
        async with self.transaction() as db:
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
        await self.write("UPDATE chats SET active = ? WHERE id = ?", active, chat_id)
