"""An engine in a process of its own: its memory is its own, and its garbage is no one else's.

All of them are bound to the same core, with one thread each, and answer in turns.
"""

import gc
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.outcomes import Built
from tests.benchmarks.peers import Found, Peer

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
_MEGABYTE = 2**20
_CONTEXT = get_context("spawn")

Queries = Sequence[list[str]]
Kind = type[Peer]


class Engine:
    """An engine that was opened and waits for questions; `running` starts one."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.open_s: float = pipe.recv()
        """Seconds until it could answer; with the building, where nothing is stored."""

    def times(self, queries: Queries, k: int) -> list[float]:
        """How long each question took, in microseconds."""
        taken: list[float] = self._told(_times, queries, k)
        return taken

    def found(self, queries: Queries, k: int) -> list[Found]:
        """The best `k` passages of each question."""
        found: list[Found] = self._told(_found, queries, k)
        return found

    def memory_mb(self) -> float:
        """What it holds in memory beyond what it held before it was opened; mapped files count."""
        self._pipe.send(None)
        grown: float = self._pipe.recv()
        return grown

    def _told(self, work: Callable[[Peer, Queries, int], Any], queries: Queries, k: int) -> Any:
        self._pipe.send((work, queries, k))
        return self._pipe.recv()


@contextmanager
def running(kind: Kind, corpus: Path, folder: Path) -> Iterator[Engine]:
    """An engine in a process that ends behind the `with`."""
    with _process(_serve, kind, corpus, folder) as pipe:
        yield Engine(pipe)


def build(kind: Kind, corpus: Path, folder: Path) -> Built:
    """Build an index in a process of its own."""
    with _process(_build, kind, corpus, folder) as pipe:
        seconds, peak = pipe.recv()
    files = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return Built(seconds, peak, sum(files) / _MEGABYTE)


@contextmanager
def _process(
    target: Callable[[Connection, Kind, Path, Path], None], kind: Kind, corpus: Path, folder: Path
) -> Iterator[Connection]:
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=target, args=(there, kind, corpus, folder))
    with _environment({**ONE_THREAD, **kind.environment}):
        process.start()
    there.close()
    try:
        with here:
            yield here
    except EOFError as error:
        process.join()
        raise RuntimeError(f"{kind.name} ended early, with code {process.exitcode}") from error
    process.join()


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    """What a process that is started inside inherits."""
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _one_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _build(pipe: Connection, kind: Kind, corpus: Path, folder: Path) -> None:
    _one_core()
    kind.prepare()
    peer, start = kind(corpus, folder), time.perf_counter()
    peer.build()
    seconds = time.perf_counter() - start
    pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def _serve(pipe: Connection, kind: Kind, corpus: Path, folder: Path) -> None:
    """Open an index, then do what is asked until the other end is closed."""
    _one_core()
    kind.prepare()
    peer = kind(corpus, folder)
    before, start = _resident(), time.perf_counter()
    peer.open()
    pipe.send(time.perf_counter() - start)
    gc.collect()
    gc.freeze()
    while (order := _next(pipe)) is not Ellipsis:
        if order is None:
            pipe.send((_resident() - before) / _MEGABYTE)
        else:
            work, queries, k = order
            pipe.send(work(peer, queries, k))


def _next(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return Ellipsis


def _resident() -> int:
    gc.collect()
    held: int = psutil.Process().memory_info().rss
    return held


def _times(peer: Peer, queries: Queries, k: int) -> list[float]:
    taken = []
    for terms in queries:
        start = time.perf_counter_ns()
        peer.ask(terms, k)
        taken.append((time.perf_counter_ns() - start) / 1000)
    return taken


def _found(peer: Peer, queries: Queries, k: int) -> list[Found]:
    return [peer.found(peer.ask(terms, k)) for terms in queries]
