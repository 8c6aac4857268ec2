"""The bot over HTTP beside the barest bot there can be: what an answer costs, how long it takes.

The sandbox is Telegram, in this process and on a core of its own; each bot is a child process on
the other core. Both are given the same questions in turns, first all at once, then so many a
second. Run by `make bench`; prints a table and asserts nothing.
"""

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from bot.sandbox import people
from bot.sandbox.formatting import Text
from bot.sandbox.journal import Journal
from bot.sandbox.messages import Message
from bot.sandbox.server import Sandbox
from bot.sandbox.state import State
from bot.sandbox.wire import Json
from bot.sandbox.world import User
from retrieval.measuring.judgments import read_questions
from tests.builders import ARTICLES, ROOT
from tests.running import environment

BOTS = {
    "bare python-telegram-bot, one at a time": ("tests.benchmarks.echo",),
    "bare python-telegram-bot, 16 at once": ("tests.benchmarks.echo", "--side-by-side"),
    "Doslovno": ("bot", "run"),
}
PATIENCE = 300
"""Seconds after which a bot that has not answered all is given up."""


class Arrivals(Journal):
    """The calls of a bot, and of each message that it sent, when and to whom."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[int, float]] = []
        """The chat, and seconds of the clock that never goes back."""
        self.last = 0

    def add(
        self, method: str, params: Json, code: int, description: str = "", result: object = None
    ) -> None:
        if method.lower() == "sendmessage" and code == 200:
            self.sent.append((int(str(params["chat_id"])), time.perf_counter()))
        super().add(method, params, code, description, result)


@dataclass
class Ground:
    """A sandbox and the bot that answers there."""

    state: State
    arrivals: Arrivals
    process: psutil.Process
    readers: Sequence[User]
    rates: list[float] = field(default_factory=list)
    """Answers a second, by round."""
    costs: list[float] = field(default_factory=list)
    """Milliseconds of the processor for an answer, by round."""
    sandbox: list[float] = field(default_factory=list)
    """The share of its own core that the sandbox was busy for, by round."""
    waits: list[float] = field(default_factory=list)
    """Milliseconds from a question to its answer, asked so many a second."""

    def ask(self, reader: User, question: str) -> None:
        """A reader writes to the bot."""
        chat = self.state.chat(str(reader.id))
        people.say(self.state, Message(0, chat, reader, 0, Text(question)))

    async def answered(self, number: int) -> None:
        """Wait for so many answers in all. Raises TimeoutError for a bot that gives no more."""
        async with asyncio.timeout(PATIENCE):
            while len(self.arrivals.sent) < number:
                await self.arrivals.bell.heard()

    def burnt(self) -> float:
        """Seconds of the processor that the bot has had."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def ground(program: Sequence[str], readers: int) -> AsyncIterator[Ground]:
    """A sandbox with readers, and a bot on the second core that has answered once."""
    state = State()
    state.journal = arrivals = Arrivals()
    with TemporaryDirectory(prefix="http-") as folder:
        shutil.copytree(ARTICLES, Path(folder, "articles"))
        async with Sandbox(state) as sandbox:
            child = await _on_core(1, program, sandbox.url, Path(folder))
            try:
                here = Ground(
                    state, arrivals, psutil.Process(child.pid), state.directory.gather(readers)
                )
                here.ask(here.readers[0], "Какой маршрут называют Средним коридором?")
                await here.answered(1)
                yield here
            finally:
                child.terminate()
                await child.wait()


async def _on_core(
    core: int, program: Sequence[str], url: str, folder: Path
) -> asyncio.subprocess.Process:
    """A child process that keeps to this core; what keeps to one hands that on to its children."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *program),
            cwd=folder,
            env=environment(url, folder / "articles", folder / "state") | {"LOG_LEVEL": "WARNING"},
        )
    finally:
        os.sched_setaffinity(0, own)


async def flood(here: Ground, questions: Sequence[str]) -> None:
    """All questions at once, each from another reader."""
    before, burnt, start = len(here.arrivals.sent), here.burnt(), time.perf_counter()
    own = time.process_time()
    for reader, question in zip(here.readers, questions, strict=True):
        here.ask(reader, question)
    await here.answered(before + len(questions))
    taken = time.perf_counter() - start
    here.rates.append(len(questions) / taken)
    here.costs.append(1000 * (here.burnt() - burnt) / len(questions))
    here.sandbox.append((time.process_time() - own) / taken)


async def drip(here: Ground, questions: Sequence[str], rate: float) -> None:
    """So many questions a second, whether those before are answered or not."""
    before, start = len(here.arrivals.sent), time.perf_counter()
    due = {
        reader.id: start + number / rate
        for number, (reader, _) in enumerate(zip(here.readers, questions, strict=False))
    }
    for reader, question in zip(here.readers, questions, strict=False):
        await asyncio.sleep(due[reader.id] - time.perf_counter())
        here.ask(reader, question)
    await here.answered(before + len(questions))
    here.waits += [1000 * (at - due[chat]) for chat, at in here.arrivals.sent[before:]]


async def measure(questions: Sequence[str], rounds: int, rate: float, slow: int) -> list[Ground]:
    """All bots side by side, and the questions to one after another."""
    async with AsyncExitStack() as stack:
        grounds = [
            await stack.enter_async_context(ground(program, len(questions)))
            for program in BOTS.values()
        ]
        for number in range(rounds + 1):
            for here in grounds:
                await flood(here, questions)
                await drip(here, questions[:slow], rate)
            if not number:
                for here in grounds:  # the first round warms up
                    for kept in (here.rates, here.costs, here.sandbox, here.waits):
                        kept.clear()
        return grounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1000, help="asked at once")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rate", type=float, default=30, help="questions a second")
    parser.add_argument("--slow", type=int, default=300, help="asked at that rate, each round")
    options = parser.parse_args()
    os.sched_setaffinity(0, {0})
    texts = [question.text for question in read_questions(ROOT / "data/eval/questions.tsv")]
    questions = list(islice(cycle(texts), options.questions))
    grounds = asyncio.run(measure(questions, options.rounds, options.rate, options.slow))
    table = Table(
        "bot",
        "answers a second",
        "CPU an answer, ms",
        "p50, ms",
        "p95, ms",
        "sandbox busy",
        title=f"{options.questions:,} questions at once, then {options.rate:.0f} a second",
    )
    for name, here in zip(BOTS, grounds, strict=True):
        middle, high = np.percentile(here.waits, [50, 95])
        table.add_row(
            name,
            f"{median(here.rates):.0f}",
            f"{median(here.costs):.2f}",
            f"{middle:.1f}",
            f"{high:.1f}",
            f"{median(here.sandbox):.0%}",
        )
    console = Console(width=120)
    console.print(table)
    rates = [median(here.rates) for here in grounds]
    console.print(f"Doslovno at {rates[-1] / max(rates[:-1]):.2f} × the rate of the bare bot")


if __name__ == "__main__":
    main()
