"""A process that answers from an archive as the bot does, and how long each answer took."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import psutil
from rich.table import Table

from bot.opening import open_archive, settle
from retrieval import compiled
from tests.benchmarks.archives import MEGABYTE, Archive
from tests.benchmarks.questions import reply, stage_table

_CONTEXT = get_context("spawn")


class Memory(NamedTuple):
    """What a process holds, in megabytes."""

    own: float
    """Nobody else's: Python's objects, arrays that are not mapped, libraries' data."""
    mapped: float
    """Files mapped into memory that are there now; the system takes them back when it must."""


class Answering:
    """The other end of such a process; `answering` starts one."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.opened_s: float = pipe.recv()
        """Seconds from the opening of the archive until it could answer."""

    def times(self, questions: Sequence[str]) -> list[float]:
        """Milliseconds that each answer took: from the text of a question to the text of it."""
        self._pipe.send(("times", questions))
        taken: list[float] = self._pipe.recv()
        return taken

    def stages(self, questions: Sequence[str]) -> Table:
        """What each stage of an answer takes."""
        self._pipe.send(("stages", questions))
        table: Table = self._pipe.recv()
        return table

    def memory(self) -> Memory:
        """What the process holds now."""
        self._pipe.send(("memory", ()))
        memory: Memory = self._pipe.recv()
        return memory


@contextmanager
def answering(where: Archive, *, one_core: bool = False) -> Iterator[Answering]:
    """A process that answers from an archive; it ends behind the `with`."""
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_answer, args=(there, where, one_core))
    process.start()
    there.close()
    try:
        with here:
            yield Answering(here)
    finally:
        process.join()


def _answer(pipe: Connection, where: Archive, one_core: bool) -> None:
    if one_core:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    start = time.perf_counter()
    archive = open_archive(where.articles, where.state).generation
    settle()
    pipe.send(time.perf_counter() - start)
    compiled.load()
    work: dict[str, Callable[[Sequence[str]], Any]] = {
        "times": lambda questions: [_taken(archive, question) for question in questions],
        "stages": lambda questions: stage_table(archive, questions),
        "memory": lambda _: _memory(),
    }
    while (order := _next(pipe)) is not None:
        kind, questions = order
        pipe.send(work[kind](questions))


def _next(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return None


def _taken(archive: Any, question: str) -> float:
    start = time.perf_counter()
    reply(archive, question)
    return 1000 * (time.perf_counter() - start)


def _memory() -> Memory:
    found = psutil.Process().memory_full_info()
    return Memory(found.uss / MEGABYTE, (found.rss - found.uss) / MEGABYTE)
