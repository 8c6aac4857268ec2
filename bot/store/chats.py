"""Which chats and users there are, and which chats can be reached."""

from datetime import datetime

from bot.database import Connection, Database


class Chats(Database):
    """The tables `chats` and `users`."""

    async def saw(
        self, chat_id: int, kind: str, title: str, user: tuple[int, str] | None, now: datetime
    ) -> bool:
        """Note that a chat, and who wrote in it, are alive; whether the chat was closed before."""
        async with self.transaction() as db:
            reopened = await _reopen(db, chat_id)
            await db.execute(
                "INSERT INTO chats (id, type, title, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET type = excluded.type, title = excluded.title,"
                " last_seen = excluded.last_seen",
                (chat_id, kind, title, now.isoformat(), now.isoformat()),
            )
            if user:
                await db.execute(
                    "INSERT INTO users (id, name, first_seen, last_seen) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                    " last_seen = excluded.last_seen",
                    (*user, now.isoformat(), now.isoformat()),
                )
            return reopened

    async def reopen(self, chat_id: int) -> bool:
        """Mark a chat as open to the bot; whether it was closed before."""
        async with self.transaction() as db:
            return await _reopen(db, chat_id)


async def _reopen(db: Connection, chat_id: int) -> bool:
    cursor = await db.execute("UPDATE chats SET active = 1 WHERE id = ? AND NOT active", (chat_id,))
    return bool(cursor.rowcount)
