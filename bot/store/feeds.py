"""Feeds: how each was last polled; and clippings: what is known of the articles from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.database import marks
from bot.store.notices import Notices

FEED_COLUMNS = (
    "id, url, title, etag, modified, paused, articles, failures, error,"
    " last_success, failing_since, next_poll"
)


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """A feed: a row of `feeds`. Times are in UTC."""

    id: int
    url: str
    title: str
    etag: str | None
    modified: str | None
    paused: bool
    articles: int
    """How many articles it has given."""
    failures: int
    """How often in a row it could not be polled."""
    error: str
    """The Trouble of the last poll; empty if there was none."""
    last_success: datetime | None
    failing_since: datetime | None
    next_poll: datetime


def feed_from(row: Sequence[Any]) -> StoredFeed:
    """A feed from the columns of FEED_COLUMNS."""
    given = dict(zip(FEED_COLUMNS.split(", "), row, strict=True))
    for name in ("last_success", "failing_since", "next_poll"):
        given[name] = given[name] and datetime.fromisoformat(given[name])
    return StoredFeed(**given | {"paused": bool(given["paused"])})


class FeedTable(Notices):
    """The tables `feeds` and `clippings`."""

    async def seed_feeds(self, urls: Iterable[str], now: datetime) -> None:
        """Add the feeds of the settings; one that was removed in a chat stays removed."""
        async with self.transaction() as db:
            await db.executemany(
                "INSERT INTO feeds (url, added, next_poll) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(url, now.isoformat(), now.isoformat()) for url in urls],
            )

    async def add_feed(self, url: str, title: str, now: datetime) -> StoredFeed | None:
        """Add a feed, or one that was removed anew; None if there is one with this address."""
        async with self.transaction() as db:
            cursor = await db.execute(
                "INSERT INTO feeds (url, title, added, next_poll) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (url) DO UPDATE SET removed = 0, paused = 0, title = excluded.title,"
                " etag = NULL, modified = NULL, failures = 0, error = '', failing_since = NULL,"
                " added = excluded.added, next_poll = excluded.next_poll WHERE removed",
                (url, title, now.isoformat(), now.isoformat()),
            )
            added = cursor.rowcount > 0
        return next(iter(await self._feeds("url = ?", url)), None) if added else None

    async def feeds(self) -> list[StoredFeed]:
        """All feeds but removed ones, in the order in which they were added."""
        return await self._feeds("TRUE ORDER BY id")

    async def feed(self, feed_id: int) -> StoredFeed | None:
        return next(iter(await self._feeds("id = ?", feed_id)), None)

    async def due_feeds(self, now: datetime) -> list[StoredFeed]:
        """The feeds to be polled by now, the longest waiting first."""
        return await self._feeds(
            "NOT paused AND next_poll <= ? ORDER BY next_poll, id", now.isoformat()
        )

    async def _feeds(self, condition: str, *values: object) -> list[StoredFeed]:
        rows = await self.rows(
            f"SELECT {FEED_COLUMNS} FROM feeds WHERE NOT removed AND {condition}",  # noqa: S608
            *values,
        )
        return [feed_from(row) for row in rows]

    async def next_poll(self) -> datetime | None:
        """When the next feed is due, None if there is none to poll."""
        row = await self.row("SELECT MIN(next_poll) FROM feeds WHERE NOT removed AND NOT paused")
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    async def pause_feed(self, feed_id: int, now: datetime, *, paused: bool) -> None:
        """Poll a feed no more until it is resumed; then it is polled at once."""
        await self.write(
            "UPDATE feeds SET paused = ?, next_poll = ? WHERE id = ?",
            paused,
            now.isoformat(),
            feed_id,
        )

    async def remove_feed(self, feed_id: int) -> None:
        """Take a feed off the list; its articles stay, and so does what is known of them."""
        await self.write("UPDATE feeds SET removed = 1 WHERE id = ?", feed_id)

    async def poll_at(self, feed_id: int, at: datetime) -> None:
        """Poll a feed at this time, whatever was planned."""
        await self.write("UPDATE feeds SET next_poll = ? WHERE id = ?", at.isoformat(), feed_id)

    async def feed_polled(
        self, feed: StoredFeed, title: str, now: datetime, next_poll: datetime
    ) -> None:
        """A poll went well; `feed` has the validators to ask with next time."""
        await self.write(
            "UPDATE feeds SET title = ?, etag = ?, modified = ?, failures = 0, error = '',"
            " failing_since = NULL, last_success = ?, next_poll = ? WHERE id = ?",
            title,
            feed.etag,
            feed.modified,
            now.isoformat(),
            next_poll.isoformat(),
            feed.id,
        )

    async def feed_failed(
        self, feed_id: int, error: str, now: datetime, next_poll: datetime, *, paused: bool
    ) -> None:
        """A poll failed, and why."""
        await self.write(
            "UPDATE feeds SET failures = failures + 1, error = ?, paused = paused OR ?,"
            " failing_since = coalesce(failing_since, ?), next_poll = ? WHERE id = ?",
            error,
            paused,
            now.isoformat(),
            next_poll.isoformat(),
            feed_id,
        )

    async def clipped(self, feed_id: int, keys: Iterable[str], path: str, now: datetime) -> None:
        """Note what an article that was stored is known by; it counts for its feed."""
        async with self.transaction() as db:
            await db.executemany(*_noting(keys, path, now))
            await db.execute("UPDATE feeds SET articles = articles + 1 WHERE id = ?", (feed_id,))

    async def note_clippings(self, keys: Iterable[str], path: str, now: datetime) -> None:
        """Note by what else an article is known; `path` is empty for one that is not stored."""
        async with self.transaction() as db:
            await db.executemany(*_noting(keys, path, now))

    async def clipping(self, keys: Sequence[str]) -> str | None:
        """The path of the article that is known by any of these, None if there is none."""
        row = await self.row(
            f"SELECT path FROM clippings WHERE key IN ({marks(keys)}) ORDER BY path DESC LIMIT 1",  # noqa: S608
            *keys,
        )
        return row[0] if row else None


def _noting(
    keys: Iterable[str], path: str, now: datetime
) -> tuple[str, list[tuple[str, str, str]]]:
    statement = "INSERT INTO clippings (key, path, added) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    return statement, [(key, path, now.isoformat()) for key in keys]
