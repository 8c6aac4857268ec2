"""The article ledger: what the archive has and had; and the news, in the order they arrived."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from bot.database import Connection, Database, marks

Kind = Literal["new", "updated"]


class Known(NamedTuple):
    """An article as the ledger knows it: hashes of what a reader sees, whole and by passage."""

    digest: str
    fingerprint: bytes = b""


class Arrival(NamedTuple):
    """An article that readers are to hear of."""

    article_id: str
    kind: Kind
    source: str
    """"" where it is not known."""
    story: str
    """The id of the article that was the first with this text; its own if it is the first."""
    topics: tuple[int, ...]
    """The topics that it matches."""


class Ledger(Database):
    """The tables `articles`, `news` and `matches`."""

    async def standing_digests(self) -> dict[str, str]:
        """The digest of each article that the archive has, by id; "" where no more is known."""
        rows = await self.rows(
            "SELECT article_id, IIF(fingerprint = x'', '', digest) FROM articles"
            " WHERE removed IS NULL"
        )
        return dict(rows)

    async def known_articles(self, article_ids: Sequence[str]) -> dict[str, Known]:
        """Those of some articles that the archive has or had, by id."""
        rows = await self.rows(
            "SELECT article_id, digest, fingerprint FROM articles"
            " WHERE article_id IN (SELECT value FROM json_each(?))",
            json.dumps(article_ids),
        )
        return {article_id: Known(*rest) for article_id, *rest in rows}

    async def known_digests(self, digests: Sequence[str]) -> set[str]:
        """Those of some digests that an article has or had when it was last recorded."""
        rows = await self.rows(
            "SELECT digest FROM articles WHERE digest IN (SELECT value FROM json_each(?))",
            json.dumps(digests),
        )
        return {row[0] for row in rows}

    async def gone_articles(self, removed: Sequence[str], most: int) -> dict[str, bytes]:
        """The fingerprints of articles that have gone, with those that go now; the latest known."""
        rows = await self.rows(
            "SELECT article_id, fingerprint FROM articles WHERE removed IS NOT NULL"
            " OR article_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?",
            json.dumps(removed),
            most,
        )
        return dict(rows)

    async def record_articles(
        self,
        articles: Mapping[str, Known],
        arrivals: Sequence[Arrival],
        now: datetime,
        changed: Mapping[str, Sequence[int]] | None = None,
        removed: Sequence[str] = (),
    ) -> None:
        """Note articles that are new or otherwise, those that have gone, and what is news.

        Readers who want news at once are due now. `arrivals` come in the order of their stories.
        `changed` are the topics of articles that are no news again, for readers who have not had
        them yet.
        """
        async with self.transaction() as db:
            await db.executemany(
                "INSERT INTO articles (article_id, digest, fingerprint, first_seen)"
                " VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET"
                " digest = excluded.digest, fingerprint = excluded.fingerprint, removed = NULL",
                [(article_id, *known, now.isoformat()) for article_id, known in articles.items()],
            )
            await db.executemany(
                "UPDATE articles SET removed = ? WHERE article_id = ? AND removed IS NULL",
                [(now.isoformat(), article_id) for article_id in removed],
            )
            for arrival in arrivals:
                await _add_news(db, arrival, now)
            for article_id, topics in (changed or {}).items():
                await db.executemany(
                    "INSERT OR IGNORE INTO matches (topic_id, news_id)"
                    " SELECT ?, MAX(id) FROM news WHERE article_id = ? HAVING MAX(id)",
                    [(topic, article_id) for topic in topics],
                )
            if arrivals:
                await db.execute(
                    "UPDATE subscriptions SET due = ?"
                    " WHERE frequency = 'now' AND due IS NULL AND subscribed AND NOT paused",
                    (now.isoformat(),),
                )

    async def recent_news(self, since: datetime) -> list[str]:
        """The ids of the articles that arrived lately, in the order they came."""
        rows = await self.rows(
            "SELECT DISTINCT article_id FROM news WHERE arrived >= ? ORDER BY id",
            since.isoformat(),
        )
        return [row[0] for row in rows]

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

    async def first_seen(self, article_ids: Sequence[str]) -> dict[str, str]:
        """When each of some articles of the archive was first seen, by article id."""
        rows = await self.rows(
            "SELECT article_id, first_seen FROM articles"
            " WHERE removed IS NULL AND article_id IN (SELECT value FROM json_each(?))",
            json.dumps(article_ids),
        )
        return dict(rows)

    async def moved_to(self, article_id: str) -> str | None:
        """Where an article is now that has gone from its place unchanged; None if nowhere."""
        row = await self.row(
            "SELECT there.article_id FROM articles AS gone JOIN articles AS there"
            " ON there.digest = gone.digest AND there.removed IS NULL"
            " WHERE gone.article_id = ? ORDER BY there.id LIMIT 1",
            article_id,
        )
        return row[0] if row else None

    async def forget_news(self, before: datetime) -> None:
        """Forget news that arrived before a time: nobody is going to be told of them."""
        await self.write("DELETE FROM news WHERE arrived < ?", before.isoformat())


async def _add_news(db: Connection, arrival: Arrival, now: datetime) -> None:
    """One row of news; its story is the number of the first news with that text."""
    cursor = await db.execute(
        "INSERT INTO news (article_id, kind, source, story, arrived) VALUES"
        " (?, ?, ?, (SELECT MIN(id) FROM news WHERE article_id = ?), ?)",
        (arrival.article_id, arrival.kind, arrival.source, arrival.story, now.isoformat()),
    )
    number = cursor.lastrowid or 0
    await db.execute("UPDATE news SET story = id WHERE id = ? AND story IS NULL", (number,))
    await db.executemany(
        "INSERT INTO matches (topic_id, news_id) VALUES (?, ?)",
        [(topic, number) for topic in arrival.topics],
    )
