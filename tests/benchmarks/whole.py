"""The whole question on large archives: from its text to the answer as a chat gets it, on one core.

    python -m tests.benchmarks.whole [--sizes N…] [--json FILE] [--work DIR]

The archives are those of `realistic`, the questions the development half of RuBQ as people typed
them; what counts is the median of some rounds. An archive that has no index yet is indexed first
(`reloading` measures that). Then: how long a process takes from its start to its first answer, in
the terminal and in a chat of the sandbox, with the index in the system's cache of files.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.sandbox.server import Sandbox
from tests.benchmarks.answering import Memory, answering
from tests.benchmarks.archives import Archive, archive, indexed
from tests.benchmarks.realistic import WORK
from tests.benchmarks.sentences import asked
from tests.running import READER, RunningBot
from tests.sandbox_client import SandboxClient

SIZES = (100_000, 1_000_000)
ROUNDS = 3
STAGED = 8
"""Of so many questions one is measured stage by stage."""
STARTS = 3
PATIENCE = 120
"""Seconds to wait for the first answer in a chat."""


@dataclass(frozen=True)
class Whole:
    """What was measured on one archive."""

    passages: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    slowest_ms: float
    opened_s: float
    memory: Memory
    terminal_s: float
    """From the start of `doslovno ask` to its end."""
    chat_s: float
    """From the start of `doslovno run` to the reply in the chat."""


def measure(where: Archive, questions: Sequence[str], console: Console) -> Whole:
    """Ask everything, look at the stages, start anew some times."""
    passages = indexed(where).built["passages"]
    with answering(where, one_core=True) as bot:
        rounds = [bot.times(questions) for _ in range(ROUNDS)]
        times = np.median(rounds, axis=0)
        memory, opened = bot.memory(), bot.opened_s
        console.print(bot.stages(questions[::STAGED]))
    p50, p95, p99 = np.percentile(times, [50, 95, 99]).tolist()
    starts = [first_in_terminal(where, questions[number]) for number in range(STARTS)]
    chats = [asyncio.run(first_in_chat(where, questions[number])) for number in range(STARTS)]
    return Whole(
        *(passages, p50, p95, p99, float(times.max()), opened, memory),
        *(median(starts), median(chats)),
    )


def first_in_terminal(where: Archive, question: str) -> float:
    """Seconds that `doslovno ask` takes as a whole."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", question],
        env=where.environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


async def first_in_chat(where: Archive, question: str) -> float:
    """Seconds from the start of the bot to its reply to a question that waits for it."""
    async with Sandbox() as sandbox, SandboxClient(sandbox.url) as client:
        said = await client.say(READER, question)
        start = time.perf_counter()
        bot = await RunningBot.start(sandbox.url, where.articles, where.state)
        try:
            await client.wait_for_reply(said, seconds=PATIENCE)
            return time.perf_counter() - start
        finally:
            await bot.stop()


def shown(results: Sequence[Whole]) -> Table:
    table = Table(title="A question, from its text to the answer's; a start, to the first answer")
    heads = ("passages", "p50, ms", "p95, ms", "p99, ms", "max, ms", "opened, s", "own, MB")
    for head in (*heads, "mapped, MB", "ask, s", "in a chat, s"):
        table.add_column(head, justify="right", no_wrap=True)
    for each in results:
        times = (each.p50_ms, each.p95_ms, each.p99_ms, each.slowest_ms)
        table.add_row(
            *(f"{each.passages:,}", *(f"{taken:.1f}" for taken in times), f"{each.opened_s:.2f}"),
            *(f"{each.memory.own:,.0f}", f"{each.memory.mapped:,.0f}"),
            *(f"{each.terminal_s:.2f}", f"{each.chat_s:.2f}"),
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="The whole question on large archives.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="paragraphs")
    parser.add_argument("--work", type=Path, default=WORK, help="where archives are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured")
    options = parser.parse_args()
    console = Console(width=120)
    questions = asked()
    results = [measure(archive(options.work, size), questions, console) for size in options.sizes]
    console.print(shown(results))
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in results], indent=1))


if __name__ == "__main__":
    main()
