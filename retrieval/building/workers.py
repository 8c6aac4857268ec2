"""Files read and analysed by all cores: processes that each write parts of the index.

A part is on the disk as soon as it is done, so that nothing but the parts in hand is lost where a
build is interrupted, however that happens. A process ends when its parent has gone.
"""

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

from retrieval.analyzer import Analyzer
from retrieval.arrays import Ids
from retrieval.building import base, parts, words
from retrieval.building.parts import Key
from retrieval.building.reading import Reader
from retrieval.folder import Listed
from retrieval.storage import GenerationError

BATCH = 4 << 20
"""Bytes of files in a part; a file is never divided."""


class Job(NamedTuple):
    """What all parts of a build have in common."""

    corpus_dir: Path
    home: Path
    """The folder of the index."""
    key: Key
    leaving: Ids
    """The articles of the generation before whose files have changed or gone."""
    has_base: bool
    """Whether there is a generation before."""


class Worker:
    """Makes parts, in a process of its own or in this one."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._words = words.opened(job.home)
        analyzer = Analyzer(self._words)
        self._words.of(analyzer.version)
        before = base.opened(job.home, analyzer) if job.has_base else None
        self._reader = Reader(job.corpus_dir, analyzer, before, job.leaving)

    def part(self, batch: Sequence[Listed]) -> Path:
        """Read and analyse some files; where their part is. Raises OSError."""
        reads = [self._reader.read(listed) for listed in batch]
        part = parts.made(reads, self._reader.taken())
        return parts.store(self._job.home, part, self._words.taken(), self._job.key)


class _Process:
    """A worker in a process of its own, which makes one part at a time."""

    def __init__(self, job: Job) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(job, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, batch: Sequence[Listed]) -> None:
        """Have a part made. Raises OSError where the process has died."""
        self.connection.send(batch)

    def take(self) -> Path:
        """The part. Raises EOFError or OSError where the process has died, or could not write."""
        found: Path | OSError = self.connection.recv()
        if isinstance(found, OSError):
            raise found
        return found

    def end(self) -> None:
        """Have it end at once, whatever it has in hand."""
        self._process.terminate()
        self._process.join()
        self.connection.close()


def cores() -> int:
    """How many processes can work at the same time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def batches(files: Iterable[Listed]) -> Iterator[list[Listed]]:
    """The files in batches of neighbours."""
    batch: list[Listed] = []
    size = 0
    for listed in files:
        if batch and size + listed.stamp.size > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(listed)
        size += listed.stamp.size
    if batch:
        yield batch


def size_of(files: Iterable[Listed]) -> int:
    """Bytes, as they were listed."""
    return sum(listed.stamp.size for listed in files)


def run(job: Job, files: Iterable[Listed], workers: int) -> Iterator[Path]:
    """Have the files read and analysed; the part of each batch, as they are done.

    Raises GenerationError where a process dies, OSError where one cannot write.
    """
    waiting = list(reversed(list(batches(files))))
    if workers == 1 or len(waiting) == 1:
        worker = Worker(job)
        yield from (worker.part(batch) for batch in reversed(waiting))
        return
    processes = [_Process(job) for _ in range(min(workers, len(waiting)))]
    try:
        yield from _shared(processes, waiting)
    except (EOFError, ConnectionError) as error:
        raise GenerationError(
            f"{job.home}: a process of the build was killed, maybe for want of memory; "
            "start it again: what is done is kept"
        ) from error
    finally:
        for process in processes:
            process.end()


def _shared(processes: Sequence[_Process], waiting: list[list[Listed]]) -> Iterator[Path]:
    """Give each process the next batch when it has done one."""
    busy: dict[object, _Process] = {}
    for process in processes:
        process.give(waiting.pop())
        busy[process.connection] = process
    while busy:
        for connection in wait([process.connection for process in busy.values()]):
            process = busy.pop(connection)
            part = process.take()
            if waiting:
                process.give(waiting.pop())
                busy[connection] = process
            yield part


def _serve(job: Job, connection: Connection) -> None:
    """Make parts until there is no one to ask for them; Ctrl-C is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = Worker(job)
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(_made(worker, connection.recv()))


def _made(worker: Worker, batch: Sequence[Listed]) -> Path | OSError:
    try:
        return worker.part(batch)
    except OSError as error:
        return error
