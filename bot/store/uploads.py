"""Documents that admins have sent and not added yet, with what they fixed in them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.database import Database
from retrieval.models import PartialDate

KEPT = timedelta(days=2)
"""How long a document waits to be added."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it came; `source` and `date` are fixed by the admin, None: as it says."""

    id: int
    chat_id: int
    name: str
    content: bytes = field(repr=False)
    source: str | None = None
    date: PartialDate | None = None


class Uploads(Database):
    """The table `uploads`."""

    async def add_upload(self, chat_id: int, name: str, content: bytes, now: datetime) -> Upload:
        """Keep a document until it is added; those kept too long go."""
        async with self.transaction() as db:
            await db.execute("DELETE FROM uploads WHERE made < ?", ((now - KEPT).isoformat(),))
            cursor = await db.execute(
                "INSERT INTO uploads (chat_id, name, content, made) VALUES (?, ?, ?, ?)",
                (chat_id, name, content, now.isoformat()),
            )
        return Upload(cursor.lastrowid or 0, chat_id, name, content)

    async def upload(self, upload_id: int, chat_id: int) -> Upload | None:
        """A document sent in this chat, None if it is added, dropped or too old."""
        row = await self.row(
            "SELECT id, chat_id, name, content, source, date FROM uploads"
            " WHERE id = ? AND chat_id = ?",
            upload_id,
            chat_id,
        )
        if row is None:
            return None
        number, chat, name, content, source, date = row
        fixed = PartialDate.fromisoformat(date) if date else None
        return Upload(number, chat, name, content, source, fixed)

    async def fix_source(self, upload_id: int, source: str | None) -> None:
        """Set the source by hand; None leaves it to what the document says."""
        await self.write("UPDATE uploads SET source = ? WHERE id = ?", source, upload_id)

    async def fix_date(self, upload_id: int, date: PartialDate | None) -> None:
        """Set the date by hand; None leaves it to what the document says."""
        shown = str(date) if date else None
        await self.write("UPDATE uploads SET date = ? WHERE id = ?", shown, upload_id)

    async def drop_upload(self, upload_id: int) -> None:
        """Forget a document: it is added, or not wanted."""
        await self.write("DELETE FROM uploads WHERE id = ?", upload_id)
