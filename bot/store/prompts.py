"""What the bot has asked a person: their next message is the answer to it, and no question."""

from datetime import datetime
from typing import NamedTuple

from bot.database import Database


class Prompt(NamedTuple):
    """What was asked: `number` is that of what it concerns (an upload, say), 0 for nothing."""

    kind: str
    number: int
    made: datetime


class Prompts(Database):
    """The table `prompts`: at most one a person and chat."""

    async def ask_for(
        self, chat_id: int, user_id: int, kind: str, number: int, now: datetime
    ) -> None:
        """Take the person's next message for an answer of this kind; an earlier prompt is gone."""
        await self.write(
            "INSERT OR REPLACE INTO prompts (chat_id, user_id, kind, number, made)"
            " VALUES (?, ?, ?, ?, ?)",
            chat_id,
            user_id,
            kind,
            number,
            now.isoformat(),
        )

    async def take_prompt(self, chat_id: int, user_id: int, since: datetime) -> Prompt | None:
        """What the person was asked after `since`; it counts once, and an older one never."""
        if await self._prompt(chat_id, user_id) is None:
            return None  # nearly always so, and nothing is to be written then
        async with self.transaction() as db:
            rows = await db.execute_fetchall(
                "DELETE FROM prompts WHERE chat_id = ? AND user_id = ?"
                " RETURNING kind, number, made",
                (chat_id, user_id),
            )
        found = [Prompt(kind, number, datetime.fromisoformat(at)) for kind, number, at in rows]
        return next((prompt for prompt in found if prompt.made > since), None)

    async def drop_prompt(self, chat_id: int, user_id: int) -> None:
        """Expect no answer any more."""
        if await self._prompt(chat_id, user_id):
            await self.write(
                "DELETE FROM prompts WHERE chat_id = ? AND user_id = ?", chat_id, user_id
            )

    async def _prompt(self, chat_id: int, user_id: int) -> tuple[object, ...] | None:
        return await self.row(
            "SELECT kind FROM prompts WHERE chat_id = ? AND user_id = ?", chat_id, user_id
        )
