"""How long an answer takes on the shipped archive: the whole question, the first answer.

Run by `make bench`; prints a table and asserts nothing.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot import render
from bot.searcher import find
from retrieval.assembling import build
from retrieval.measuring.judgments import read_questions
from tests.builders import ARTICLES, ROOT
from tests.sandbox_client import SandboxClient

ROUNDS = 3
PORT = 18080


def milliseconds(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """The time of each question, the median of some rounds."""
    times: list[list[float]] = [[] for _ in questions]
    for _ in range(ROUNDS):
        for question, taken in zip(questions, times, strict=True):
            start = time.perf_counter()
            ask(question)
            taken.append(1000 * (time.perf_counter() - start))
    return [median(taken) for taken in times]


def row(table: Table, what: str, times: Sequence[float]) -> None:
    table.add_row(what, f"{median(times):.2f}", f"{quantiles(times, n=20)[-1]:.2f}")


async def first_answer() -> float:
    """Seconds from `doslovno sandbox --bot` to the first answer in its chat."""
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--bot", "--port", str(PORT)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the sandbox was started without a pipe")
        await process.stdout.readline()
        async with SandboxClient(f"http://127.0.0.1:{PORT}") as client:
            question = await client.say(101, "Какой маршрут называют Средним коридором?")
            await client.wait_for_reply(question, seconds=60)
        return time.perf_counter() - start
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    table = Table("what", "p50, ms", "p95, ms")
    questions = [question.text for question in read_questions(ROOT / "data/eval/questions.tsv")]
    with TemporaryDirectory() as folder:
        for path in ARTICLES.iterdir():
            Path(folder, path.name).write_bytes(path.read_bytes())
        archive = build(Path(folder))

    def whole(question: str) -> object:
        return render.answer(find(archive, question, 3))

    row(table, "question to rendered answer", milliseconds(whole, questions))
    console = Console(width=100)
    console.print(table)
    console.print(f"start of the sandbox to its first answer: {asyncio.run(first_answer()):.1f} s")


if __name__ == "__main__":
    main()
