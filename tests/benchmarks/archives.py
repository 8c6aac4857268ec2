"""Realistic archives on disk, and `doslovno index` at work on them.

An archive is a folder with `articles`, whose large files are links to those of `realistic`, and
`state`, where the index is.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import psutil

from bot.settings import index_in
from tests.benchmarks.realistic import article_folder
from tests.builders import ROOT

MEGABYTE = 2**20
PACE = 0.3
"""Seconds from one look at the memory of a process to the next."""


class Archive(NamedTuple):
    """Where the articles and the index are."""

    articles: Path
    state: Path

    @property
    def stored(self) -> Path:
        """The folder of the index."""
        return index_in(self.state)

    def environment(self) -> dict[str, str]:
        """The variables of a command that works on it."""
        return os.environ | {
            "CORPUS_DIR": str(self.articles),
            "STATE_DIR": str(self.state),
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "ERROR",
        }


def archive(work: Path, paragraphs: int) -> Archive:
    """An archive of that many paragraphs; the index may be there or not."""
    made = article_folder(work, paragraphs)
    folder = work / f"archive-{paragraphs}"
    found = Archive(folder / "articles", folder / "state")
    found.articles.mkdir(parents=True, exist_ok=True)
    for path in found.articles.iterdir():
        if not (made / path.name).exists():
            path.unlink()
    for path in made.iterdir():
        linked = found.articles / path.name
        if not (linked.exists() and linked.samefile(path)):
            linked.unlink(missing_ok=True)
            linked.hardlink_to(path)
    return found


@dataclass
class Indexing:
    """A run of `doslovno index --report`."""

    seconds: float = 0.0
    """Until the new generation could be opened."""
    whole: float = 0.0
    """Until the end, with what is merged afterwards."""
    peak_mb: float = 0.0
    """Of all its processes together, at the worst of the moments looked at; what they share
    counts once."""
    built: dict[str, Any] = field(default_factory=dict)
    progress: list[tuple[float, int, int]] = field(default_factory=list)
    """Seconds, bytes done, and bytes in all."""


def indexed(where: Archive, stop: Callable[[Indexing], bool] = lambda _: False) -> Indexing:
    """Bring an index up to date; killed with all its processes once `stop` says so."""
    with indexing(where) as child, watched(child.pid) as memory:
        found, start = Indexing(), time.perf_counter()
        for line in child.stdout or ():
            said, taken = json.loads(line), time.perf_counter() - start
            if "progress" in said:
                found.progress.append((taken, *said["progress"]))
            if "built" in said:
                found.built, found.seconds = said["built"], taken
            if stop(found):
                break
        else:
            if child.wait():
                raise RuntimeError(f"doslovno index ended with {child.returncode}")
            found.whole = time.perf_counter() - start
    found.peak_mb = max(memory, default=0.0)
    return found


@contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """What a process and its children hold, looked at again and again; in megabytes."""
    held: list[float] = []
    done = Event()

    def look() -> None:
        while not done.wait(PACE):
            held.append(_held(pid))

    thread = Thread(target=look)
    thread.start()
    try:
        yield held
    finally:
        done.set()
        thread.join()


@contextmanager
def indexing(where: Archive) -> Iterator[subprocess.Popen[str]]:
    """`doslovno index --report` as it runs; killed behind the `with` if it still does."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bot", "index", "--report"],
        stdout=subprocess.PIPE,
        env=where.environment(),
        text=True,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        _kill(child)


def _kill(child: subprocess.Popen[str]) -> None:
    """End a process and those that it has started, at once."""
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(child.pid)
        for each in [*family.children(recursive=True), family]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
    child.wait()
    if child.stdout:
        child.stdout.close()


def _held(pid: int) -> float:
    """The memory of a process and its children, in megabytes; shared pages by their share."""
    held = 0
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(pid)
        for each in [family, *family.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                held += each.memory_full_info().pss
    return held / MEGABYTE
