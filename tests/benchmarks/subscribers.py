"""New articles against many subscribers with many topics: from arrival to the digests planned.

Run as `python -m tests.benchmarks.subscribers`; prints a table and asserts nothing.
10,000 subscribers with 500 topics each, 200 new articles, and questions asked meanwhile.
"""

import argparse
import asyncio
import random
import resource
import sys
import time
from collections.abc import Awaitable, Sequence
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.app import THREAD_TURN
from bot.store import Store
from retrieval.topics import TopicError, parse_topic
from tests.benchmarks.topics import NEW, PARAGRAPHS, SUBSCRIBERS, TOPICS, pool
from tests.builders import corpus, shipped_archive
from tests.newsroom import MORNING, Newsroom

QUESTION = "Какой маршрут называют Средним коридором?"
DAY = 24


def megabytes() -> float:
    """The most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def fill(store: Store, texts: Sequence[str], chance: random.Random) -> None:
    """Subscribers who follow topics of the pool, the first ones most often (Zipf)."""
    weights = list(accumulate(1 / rank for rank in range(1, len(texts) + 1)))
    numbers = range(1, len(texts) + 1)
    async with store.transaction() as db:
        await db.executemany("INSERT INTO topics (id, text) VALUES (?, ?)", enumerate(texts, 1))
        for chat in range(1, SUBSCRIBERS + 1):
            followed: set[int] = set()
            while len(followed) < TOPICS:
                followed |= set(chance.choices(numbers, cum_weights=weights, k=4 * TOPICS))
            await db.executemany(
                "INSERT INTO chat_topics (chat_id, topic_id, added) VALUES (?, ?, '')",
                [(chat, topic) for topic in chance.sample(sorted(followed), TOPICS)],
            )
        await db.executemany(
            "INSERT INTO chats (id, type, title, first_seen, last_seen)"
            " VALUES (?, 'private', '', '', '')",
            [(chat,) for chat in range(1, SUBSCRIBERS + 1)],
        )
        await db.executemany(
            "INSERT INTO subscriptions (chat_id, scope, cursor, since, due)"
            " VALUES (?, 'topics', 0, ?, ?)",
            [
                (chat, MORNING.isoformat(), MORNING.isoformat())
                for chat in range(1, SUBSCRIBERS + 1)
            ],
        )


async def asking(room: Newsroom, times: list[float]) -> None:
    """One question after another, and a look into the database, as an answer takes."""
    while True:
        start = time.perf_counter()
        await room.searcher.search(QUESTION, 3)
        await room.store.last_news()
        times.append(1000 * (time.perf_counter() - start))
        await asyncio.sleep(0.01)


async def measured(table: Table, what: str, work: Awaitable[object], room: Newsroom) -> None:
    times: list[float] = []
    questions = asyncio.ensure_future(asking(room, times))
    start = time.perf_counter()
    await work
    took = time.perf_counter() - start
    questions.cancel()
    await asyncio.wait({questions})
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else 0.0
    table.add_row(
        what, f"{took:.1f} s", f"{median(times):.1f} / {p95:.1f} ms", f"{megabytes():.0f} MB"
    )


def is_topic(text: str, room: Newsroom) -> bool:
    try:
        parse_topic(text, room.searcher.current.analyzer)
    except TopicError:
        return False
    return True


async def plan(room: Newsroom) -> None:
    while await room.planner.plan_due():
        pass


async def run(folder: Path, size: int, today: float) -> None:
    chance = random.Random(3)  # noqa: S311 -- no secret
    passages = shipped_archive().passages
    room = await Newsroom.open(folder, {"first.txt": "Первая статья архива.\n"})
    await room.intake.record()
    words = sorted({word for p in passages for word in p.text.split() if word.isalpha()})
    made = [
        text if chance.random() < today else f"{text} + имя{number}"
        for number, text in enumerate(pool(words, size, chance))
    ]
    texts = [text for text in made if is_topic(text, room)]
    await fill(room.store, texts, chance)
    before = megabytes()
    new = ("\n\n".join(p.text for p in chance.sample(passages, PARAGRAPHS)) for _ in range(NEW))
    corpus(folder / "articles", {f"{number}.txt": text for number, text in enumerate(new)})
    table = Table("what", "time", "questions meanwhile, p50 / p95", "memory at most")
    table.add_row("before", "", "", f"{before:.0f} MB")
    await room.searcher.reload(room.now)
    arrival = asyncio.ensure_future(room.intake.record())
    await measured(table, f"{NEW} articles against {len(texts):,} topics", arrival, room)
    planning = asyncio.ensure_future(plan(room))
    await measured(table, f"digests of {SUBSCRIBERS:,} subscribers", planning, room)
    row = await room.store.row("SELECT COUNT(*), SUM(json_array_length(articles)) FROM outbox")
    table.add_row(f"digests and articles in them: {row}", "", "", "")
    Console(width=110).print(table)
    await room.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=int, default=20_000, help="how many different topics")
    parser.add_argument(
        "--today",
        type=float,
        default=0.01,
        help="the share of them that the new articles may match",
    )
    given = parser.parse_args()
    sys.setswitchinterval(THREAD_TURN)
    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder), given.pool, given.today))


if __name__ == "__main__":
    main()
