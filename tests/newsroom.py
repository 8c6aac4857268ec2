"""An archive, a store, an intake and a planner with a clock that a test moves: no Telegram."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from bot.digest import Planner
from bot.intake import Intake
from bot.message import Reply
from bot.searcher import Searcher
from bot.store import Store
from bot.store.outbox import PARCEL_COLUMNS, Entry, Parcel, parcel_from
from bot.writer import Writer
from retrieval.topics import parse_topic
from tests.builders import corpus
from tests.rebuilt import in_place, opened

MORNING = datetime(2026, 11, 22, 3, tzinfo=UTC)
"""08:00 in Almaty, an hour before the digests."""
ALMATY = ZoneInfo("Asia/Almaty")


@dataclass
class Newsroom:
    """What takes articles in and makes digests of them, in one folder."""

    folder: Path
    store: Store
    searcher: Searcher
    now: datetime = MORNING
    woken: int = 0

    def __post_init__(self) -> None:
        self.intake = Intake(self.searcher, self.store, lambda: self.now)
        self.planner = Planner(self.store, lambda: self.now, ALMATY, self._wake)
        self.writer = Writer(self.store, self.searcher, ALMATY)

    @classmethod
    async def open(cls, folder: Path, files: Mapping[str, str] | None = None) -> Self:
        articles = corpus(folder / "articles", files or {})
        state = folder / "state"
        searcher = Searcher(opened(articles, state), articles, state, MORNING, in_place)
        return cls(folder, await Store.open(folder / "bot.sqlite3"), searcher)

    def _wake(self) -> None:
        self.woken += 1

    async def subscribe(self, chat_id: int, *topics: str, **changes: object) -> None:
        """A chat that gets everything daily at nine, or as `changes` say, or these topics."""
        await self.store.saw(chat_id, "private", "Анна", None, self.now)
        await self.store.subscribe(chat_id, self.now, ALMATY)
        if topics:
            changes["scope"] = "topics"
        if changes:
            await self.store.change(chat_id, self.now, ALMATY, **changes)  # type: ignore[arg-type]
        for text in topics:
            await self.follow(chat_id, text)

    async def follow(self, chat_id: int, text: str) -> None:
        topic = parse_topic(text, self.searcher.current.analyzer)
        number = await self.store.add_topic(chat_id, topic.text, self.now)
        await self.intake.follow(chat_id, number, topic.text)

    async def arrive(self, **files: str) -> None:
        """Files appear in the folder (`uran="…"` is uran.txt) and are taken in."""
        corpus(self.folder / "articles", {f"{name}.txt": text for name, text in files.items()})
        await self.intake.refresh()

    async def wait(self, **time: float) -> list[Parcel]:
        """Time passes, and what is due is planned; the digests that came of it."""
        self.now += timedelta(**time)
        before = {parcel.id for parcel in await self.parcels()}
        while await self.planner.plan_due():
            pass
        return [parcel for parcel in await self.parcels() if parcel.id not in before]

    async def parcels(self) -> list[Parcel]:
        """All that is or was on its way."""
        rows = await self.store.rows(f"SELECT {PARCEL_COLUMNS} FROM outbox")
        return [parcel_from(row) for row in rows]

    async def message(self, parcel: Parcel) -> Reply:
        """The first message of a digest, its quotes checked."""
        part = await self.writer.next_message(parcel)
        assert part.reply is not None
        part.reply.check()
        return part.reply


def articles(parcel: Parcel) -> list[str]:
    """The names of a digest's articles, without `.txt`."""
    return [entry.article_id.removesuffix(".txt") for entry in parcel.entries]


def entry(parcel: Parcel, name: str) -> Entry:
    return next(each for each in parcel.entries if each.article_id == f"{name}.txt")
