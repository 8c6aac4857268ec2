"""A digest to thousands of readers while Telegram stumbles and the bot is killed.

Run as `python -m tests.benchmarks.delivery --people 2000`; `--people 100 --kills 2` takes half a
minute. The sandbox is Telegram, in a process of its own; prints a table and asserts nothing.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.app import DATABASE
from bot.sandbox.world import SANDBOX_TOKEN
from tests.benchmarks.arrivals import Delivery, Sending
from tests.builders import ARTICLES, ROOT
from tests.running import ADMIN, environment
from tests.sandbox_client import SandboxClient

TOO_MANY, DROPPED = 0.05, 0.02
LIMIT = 25
"""Messages a second that Telegram allows."""
AT_ONCE = 500
"""Calls read from the journal at a time."""
QUIET = 6
"""Seconds without a call after which a delivery that is complete is over."""
PATIENCE = 10
"""So many times that, and one that isn't complete is over as well."""
EXPECTED = ("200", "429", "dropped before", "dropped after")
NEWS = {
    "Медь подорожала": "На лондонской бирже тонна меди подорожала до десяти тысяч долларов.",
    "Хлопок посеяли": "Фермеры Туркестанской области завершили сев хлопчатника раньше срока.",
    "Мост открыли": "Через Иртыш у Семея открыли движение по новому висячему переходу.",
    "Музей пополнили": "Коллекцию степной бронзы передали национальному музею в столице.",
    "Ледник отступил": "Гляциологи измерили, на сколько метров за лето отступил Туюксу.",
}
"""The digest: five articles, by their titles, that share nothing."""


@dataclass
class Ground:
    """A running sandbox, and the bot's folders; the bot is started and killed here."""

    client: SandboxClient
    url: str
    folder: Path
    bot: asyncio.subprocess.Process | None = None
    kills: list[float] = field(default_factory=list)

    async def start(self) -> None:
        """Start the bot; its log goes to a file, since nobody reads a pipe."""
        settings = environment(self.url, self.folder / "articles", self.folder / "state")
        with (self.folder / "bot.log").open("ab") as log:
            self.bot = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=settings,
            )

    async def stop(self, number: int = signal.SIGTERM) -> None:
        """Send a signal and wait for the end. Raises TimeoutError for a bot that goes on."""
        if self.bot and self.bot.returncode is None:
            self.bot.send_signal(number)
            async with asyncio.timeout(60):
                await self.bot.wait()

    async def kill(self) -> None:
        """`kill -9`, and the next start."""
        await self.stop(signal.SIGKILL)
        self.kills.append(time.time())
        await self.start()

    def subscribe(self, readers: Sequence[int]) -> None:
        """Subscribe everyone to everything, at once, from now on; the bot isn't running."""
        now = datetime.now(UTC).isoformat()
        with closing(sqlite3.connect(self.folder / "state" / DATABASE)) as db, db:
            db.executemany(
                "INSERT INTO chats (id, type, title, first_seen, last_seen)"
                " VALUES (?, 'private', ?, ?, ?)",
                [(reader, f"Читатель {reader}", now, now) for reader in readers],
            )
            db.executemany(
                "INSERT INTO subscriptions (chat_id, frequency, cursor, since)"
                " SELECT ?, 'now', COALESCE(MAX(id), 0), ? FROM news",
                [(reader, now) for reader in readers],
            )

    def drop_news(self) -> None:
        """The articles into the corpus folder."""
        for number, (title, text) in enumerate(NEWS.items()):
            front = f"---\ntitle: {title}\nsource: Вестник\ndate: 2025-12-19\n---\n"
            path = self.folder / "articles" / f"news{number}.md"
            path.write_text(front + text + "\n", encoding="utf-8")


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """A sandbox in its own process, and folders that are gone afterwards."""
    with TemporaryDirectory(prefix="delivery-") as folder:
        shutil.copytree(ARTICLES, Path(folder, "articles"))
        sandbox = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "sandbox", "--port", "0"),
            stdout=asyncio.subprocess.PIPE,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TELEGRAM_BOT_TOKEN": SANDBOX_TOKEN},
        )
        if sandbox.stdout is None:
            raise RuntimeError("the sandbox was started without a pipe")
        _, url, *_ = (await sandbox.stdout.readline()).decode().split()
        try:
            async with SandboxClient(url) as client:
                here = Ground(client, url, Path(folder))
                try:
                    yield here
                finally:
                    await here.stop(signal.SIGKILL)
        finally:
            sandbox.terminate()
            await sandbox.wait()


async def prepare(here: Ground, people: int) -> range:
    """A bot that has its database, readers who are subscribed, faults switched off still."""
    await here.start()
    await here.client.wait_for_bot(60)
    await here.client.wait_for_reply(await here.client.say(ADMIN, "/help"), seconds=60)
    await here.stop()
    readers = await here.client.crowd(people)
    here.subscribe(readers)
    await here.client.keep_calls(10 * people + 10_000)
    await here.start()
    return readers


async def switch_faults(client: SandboxClient, drops: str, seed: int) -> None:
    """Five percent of messages are too many, two percent lose their connection."""
    too_many = {"error_code": 429, "retry_after": 1, "share": TOO_MANY, "seed": seed}
    await client.fault("sendMessage", **too_many)
    kinds = ("before",) if drops == "before" else ("before", "after")
    for number, drop in enumerate(kinds, start=1):
        share = DROPPED / len(kinds)
        await client.fault("sendMessage", drop=drop, share=share, seed=seed + number)


async def deliver(here: Ground, readers: range, moments: Sequence[int]) -> Delivery:
    """Announce the news and watch until all is quiet; kill the bot at each of these arrivals."""
    here.drop_news()
    await here.client.say(ADMIN, "/reload")
    sendings: list[Sending] = []
    number = silence = arrived = 0
    while silence < PATIENCE:
        calls = await here.client.calls("sendMessage", after=number, wait=QUIET, limit=AT_ONCE)
        number = calls[-1]["number"] if calls else number
        fresh = [Sending.from_call(call) for call in calls if call["chat_id"] in readers]
        sendings += fresh
        arrived += sum(sending.text is not None for sending in fresh)
        silence = 0 if calls else silence + 1
        if len(here.kills) < len(moments) and arrived >= moments[len(here.kills)]:
            await here.kill()
        elif silence and not Delivery(sendings, [*NEWS]).missing(readers):
            break
    return Delivery(sendings, [*NEWS], here.kills)


async def measure(people: int, kills: int, drops: str, seed: int) -> tuple[range, Delivery]:
    """One whole run, from an empty folder."""
    dice = Random(seed)  # noqa: S311 - no secret
    moments = sorted(dice.sample(range(people // 20, people), kills))
    async with ground() as here:
        readers = await prepare(here, people)
        await switch_faults(here.client, drops, seed)
        return readers, await deliver(here, readers, moments)


def figures(readers: range, delivery: Delivery) -> dict[str, str]:
    """The column of a run."""
    repeats = Counter(str(repeat.cause) for repeat in delivery.repeats())
    by_kill = [repeats[str(number)] for number in range(1, len(delivery.kills) + 1)]
    codes = delivery.codes()
    rate = delivery.rate()
    return {
        "subscribers": f"{len(readers):,}",
        "messages that arrived": f"{codes['200'] + codes['dropped after']:,}",
        "calls answered 429": f"{codes['429']:,}",
        "connections dropped before the call": f"{codes['dropped before']:,}",
        "connections dropped after it": f"{codes['dropped after']:,}",
        "other refusals": f"{codes.total() - sum(codes[each] for each in EXPECTED):,}",
        "kills": f"{len(delivery.kills)}",
        "articles missing": f"{delivery.missing(readers):,}",
        "repeats in all": f"{repeats.total()}",
        "repeats of each kill": ", ".join(map(str, by_kill)) or "-",
        "repeats for a lost reply": f"{repeats['lost']}",
        "repeats without a cause": f"{repeats['?']}",
        "calls a second while sending": f"{rate:.1f} ({rate / LIMIT:.0%} of {LIMIT})",
        "most calls in any second": f"{delivery.busiest_second()}",
        "least gap in a chat, s": f"{delivery.smallest_gap():.2f}",
        "first call to last, s": f"{delivery.seconds():.0f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--drops",
        choices=("before", "half"),
        nargs="+",
        default=["before"],
        help="where connections break: before the call is done, or half of them after it",
    )
    options = parser.parse_args()
    columns = [
        figures(*asyncio.run(measure(options.people, options.kills, drops, options.seed)))
        for drops in options.drops
    ]
    table = Table("delivery", *(f"drops: {drops}" for drops in options.drops))
    for name in columns[0]:
        table.add_row(name, *(column[name] for column in columns))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
