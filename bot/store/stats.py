"""What /stats counts: subscribers, digests on their way, questions, feeds."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.database import Database

REASONS = 5
"""How many reasons of failures are told."""
_SECONDS = re.compile(r"(?<=[Rr]etry in )\d+")
_TO_THE_MINUTE = len("2026-11-22T14:05")


@dataclass(frozen=True, slots=True)
class Subscribers:
    """Chats that subscribed: those that get digests, that paused, that cannot be reached."""

    active: int
    paused: int
    closed: int


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Digests: delivered in all and of late, waiting, held for the reader's word, parked."""

    delivered: int
    lately: int
    pending: int
    held: int
    parked: int
    failures: tuple[tuple[str, int], ...]
    """Reasons why digests did not arrive, as Telegram told them, most frequent first."""


class Stats(Database):
    """Figures out of the other tables; nothing is written here."""

    async def subscribers(self) -> Subscribers:
        row = await self.row(
            "SELECT COALESCE(SUM(reached AND NOT paused), 0), COALESCE(SUM(reached AND paused), 0),"
            " COALESCE(SUM(NOT reached), 0) FROM (SELECT paused, COALESCE(active, 1) AS reached"
            " FROM subscriptions LEFT JOIN chats ON chats.id = chat_id WHERE subscribed)"
        )
        return Subscribers(*(row or (0, 0, 0)))

    async def deliveries(self, since: datetime) -> Deliveries:
        """`since` is when «of late» began."""
        states: dict[str, int] = dict(
            await self.rows("SELECT state, COUNT(*) FROM outbox GROUP BY state")
        )
        lately = await self.row(
            "SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND finished >= ?",
            since.astimezone(UTC).isoformat(),
        )
        return Deliveries(
            states.get("sent", 0),
            lately[0] if lately else 0,
            states.get("pending", 0),
            states.get("held", 0),
            states.get("parked", 0),
            await self._failures(),
        )

    async def _failures(self) -> tuple[tuple[str, int], ...]:
        """The most frequent reasons; how long a 429 says to wait makes no other one of it."""
        reasons: Counter[str] = Counter()
        for error, number in await self.rows(
            "SELECT error, COUNT(*) FROM outbox WHERE error != '' AND state != 'sent'"
            " GROUP BY error ORDER BY error"
        ):
            reasons[_SECONDS.sub("…", error)] += number
        return tuple(reasons.most_common(REASONS))

    async def questions(self, starts: Sequence[datetime]) -> list[int]:
        """How many questions were asked in each stretch of time that begins at one of `starts`.

        They are aware, whole minutes, in order; the last stretch has no end.
        """
        bounds = [start.astimezone(UTC).isoformat()[:_TO_THE_MINUTE] for start in starts]
        rows = await self.rows(
            "SELECT substr(asked, 1, ?), COUNT(*) FROM answers"
            " WHERE asked >= ? AND offer IS NULL GROUP BY 1",
            _TO_THE_MINUTE,
            bounds[0],
        )
        counts = [0] * len(bounds)
        for minute, number in rows:
            counts[bisect_right(bounds, minute) - 1] += number
        return counts

    async def feed_counts(self) -> tuple[int, int]:
        """Feeds that are asked for news, and how many of these fail."""
        row = await self.row(
            "SELECT COUNT(*), COALESCE(SUM(failures > 0), 0) FROM feeds"
            " WHERE NOT paused AND NOT removed"
        )
        return row[0] if row else 0, row[1] if row else 0
