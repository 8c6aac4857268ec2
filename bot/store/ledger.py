"""The article ledger: what the archive has and had, with a number for each article."""

from collections.abc import Sequence
from datetime import datetime

from bot.database import Database, marks


class Ledger(Database):
    """The table `articles`."""

    async def record_articles(self, digests: dict[str, str], now: datetime) -> None:
        """Bring the ledger in line with the archive: {article id: content hash}."""
        async with self.transaction() as db:
            await db.executemany(
                "INSERT INTO articles (article_id, digest, first_seen) VALUES (?, ?, ?)"
                " ON CONFLICT (article_id) DO UPDATE SET digest = excluded.digest, removed = NULL"
                " WHERE digest != excluded.digest OR removed IS NOT NULL",
                [(article_id, digest, now.isoformat()) for article_id, digest in digests.items()],
            )
            rows = await db.execute_fetchall(
                "SELECT article_id FROM articles WHERE removed IS NULL"
            )
            gone = [(now.isoformat(), row[0]) for row in rows if row[0] not in digests]
            await db.executemany("UPDATE articles SET removed = ? WHERE article_id = ?", gone)

    async def article_numbers(self, article_ids: Sequence[str]) -> list[int | None]:
        """The ledger's number of each article, for buttons; None for one it has not recorded."""
        rows = await self.rows(
            f"SELECT article_id, id FROM articles WHERE article_id IN ({marks(article_ids)})",  # noqa: S608
            *article_ids,
        )
        numbers: dict[str, int] = dict(rows)
        return [numbers.get(article_id) for article_id in article_ids]

    async def article_id(self, number: int) -> str | None:
        row = await self.row("SELECT article_id FROM articles WHERE id = ?", number)
        return row[0] if row else None

    async def first_seen(self) -> dict[str, str]:
        """When each article of the archive was first seen, by article id."""
        rows = await self.rows("SELECT article_id, first_seen FROM articles WHERE removed IS NULL")
        return dict(rows)
