"""Topics: saved questions, each kept once whoever asks it, and which chats follow it."""

from datetime import datetime

from bot.database import Database


class Topics(Database):
    """The tables `topics` and `chat_topics`."""

    async def topics(self, chat_id: int) -> list[tuple[int, str]]:
        """The topics (id, text) that a chat follows, in the order in which they were added."""
        rows = await self.rows(
            "SELECT topics.id, topics.text FROM chat_topics JOIN topics ON topics.id = topic_id"
            " WHERE chat_id = ? ORDER BY added, topics.id",
            chat_id,
        )
        return [(topic_id, text) for topic_id, text in rows]

    async def add_topic(self, chat_id: int, text: str, now: datetime) -> int:
        """Let a chat follow a topic; returns its id. Doing it twice is doing it once."""
        async with self.transaction() as db:
            await db.execute("INSERT INTO topics (text) VALUES (?) ON CONFLICT DO NOTHING", (text,))
            (topic_id,) = await self.row("SELECT id FROM topics WHERE text = ?", text) or (0,)
            await db.execute(
                "INSERT INTO chat_topics (chat_id, topic_id, added) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (chat_id, topic_id, now.isoformat()),
            )
            return int(topic_id)

    async def remove_topic(self, chat_id: int, topic_id: int) -> None:
        """Let a chat no longer follow a topic; with its last chat a topic goes, and its matches."""
        async with self.transaction() as db:
            await db.execute(
                "DELETE FROM chat_topics WHERE chat_id = ? AND topic_id = ?", (chat_id, topic_id)
            )
            await db.execute(
                "DELETE FROM topics WHERE id = ?"
                " AND NOT EXISTS (SELECT 1 FROM chat_topics WHERE topic_id = topics.id)",
                (topic_id,),
            )
