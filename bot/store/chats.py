"""Which chats and users there are, and which chats can be reached."""

from datetime import datetime

from bot.database import Database, Direct


class Chats(Database):
    """The tables `chats` and `users`."""

    async def saw(
        self, chat_id: int, kind: str, title: str, user: tuple[int, str] | None, now: datetime
    ) -> bool:
        """Note that a chat, and who wrote in it, are alive.

        Whether it is back, and is to be asked what to do with what it missed.
        """
        at = now.isoformat()

        def note(db: Direct) -> bool:
            is_back = _reopen(db, chat_id)
            db.execute(
                "INSERT INTO chats (id, type, title, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET type = excluded.type, title = excluded.title,"
                " last_seen = excluded.last_seen",
                (chat_id, kind, title, at, at),
            )
            if user:
                db.execute(
                    "INSERT INTO users (id, name, first_seen, last_seen) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                    " last_seen = excluded.last_seen",
                    (*user, at, at),
                )
            return is_back

        return await self.written(note)

    async def reopen(self, chat_id: int) -> bool:
        """Mark a chat as open to the bot; whether it is back, as `saw` tells."""
        return await self.written(lambda db: _reopen(db, chat_id))


def _reopen(db: Direct, chat_id: int) -> bool:
    """A mark is set that stays until the chat has been asked, through a crash as well."""
    opened = db.execute("UPDATE chats SET active = 1 WHERE id = ? AND NOT active", (chat_id,))
    if opened.rowcount:
        db.execute(
            "UPDATE subscriptions SET unasked = 1 WHERE chat_id = ? AND subscribed AND NOT paused",
            (chat_id,),
        )
    query = "SELECT 1 FROM subscriptions WHERE chat_id = ? AND unasked"
    return db.execute(query, (chat_id,)).fetchone() is not None
