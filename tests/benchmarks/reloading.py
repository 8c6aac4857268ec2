"""What it costs to build an index, to take in what has changed, and what answers notice of it.

    python -m tests.benchmarks.reloading [--paragraphs N] [--small N] [--files N] [--work DIR]

The archive is one of `realistic`. It is built from nothing; a smaller one is built, killed at half
(`kill -9`) and built on. Then ten articles of a file each are added, changed and removed, and ten
articles inside a file of 8 MB changed; what counts is the median of some rounds, each in a fresh
`doslovno index`, from its start until the new generation is open. Last, questions are asked at a
steady pace while nothing else runs, while articles come in one update after another, and while
another archive is built from nothing on all cores.
"""

import argparse
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, cycle
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from retrieval.analyzer import Analyzer
from retrieval.storage import open_generation
from tests.benchmarks.answering import Answering, answering
from tests.benchmarks.archives import Archive, Indexing, archive, indexed, indexing
from tests.benchmarks.realistic import WORK, articles
from tests.benchmarks.sentences import asked, texts

PARAGRAPHS, SMALL, FILES = 1_000_000, 100_000, 200_000
CHANGED = 10
"""Articles of an update."""
ROUNDS = 3
RATE = 10.0
"""Questions a second."""
SECONDS = 30.0
"""Of questions, for each of the loads."""
Row = tuple[str, str]


def built(where: Archive) -> Iterator[Row]:
    """Build from nothing."""
    shutil.rmtree(where.state, ignore_errors=True)
    found = indexed(where)
    passages, cores = found.built["passages"], os.cpu_count() or 1
    rate = 60 * passages / found.seconds
    yield f"{passages:,} passages from nothing", f"{found.seconds:.0f} s"
    yield "passages a minute; and core", f"{rate:,.0f}; {rate / cores:,.0f}"
    yield "merged afterwards", f"{found.whole - found.seconds:.1f} s"
    yield "most memory of all its processes", f"{found.peak_mb:,.0f} MB"


def resumed(where: Archive) -> Iterator[Row]:
    """Kill a build at half, and start it again."""
    shutil.rmtree(where.state, ignore_errors=True)
    first = indexed(where, _half)
    taken, done, total = first.progress[-1]
    again = indexed(where)
    shutil.rmtree(where.state)
    whole = indexed(where)
    passages = f"{again.built['passages']:,} passages"
    yield f"{passages}, undisturbed", f"{whole.seconds:.1f} s"
    yield f"{passages}, killed at {done / total:.0%}", f"{taken:.1f} s"
    yield f"{passages}, from there to the end", f"{again.seconds:.1f} s"


def _half(found: Indexing) -> bool:
    return bool(found.progress) and found.progress[-1][1] >= found.progress[-1][2] / 2


def updates(where: Archive, analyzer: Analyzer, rounds: int) -> Iterator[Row]:
    """Add, change and remove articles; change some lines of a large file and put them back."""
    taken: dict[str, list[float]] = {}
    for number in range(rounds):
        for what, change in _changes(where.articles, number):
            change()
            taken.setdefault(what, []).append(searchable(where, analyzer))
    for what, seconds in taken.items():
        yield what, f"{median(seconds):.2f} s, at most {max(seconds):.2f} s"


def _changes(folder: Path, number: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is done to the files, in order; nothing is left of it in the end."""
    paths = [folder / f"new-{each}.md" for each in range(CHANGED)]
    large = max(folder.glob("*.jsonl"))
    before = large.read_text(encoding="utf-8")

    def put(word: str) -> None:
        for each, path in enumerate(paths):
            title = f"---\ntitle: {word} {each}\nsource: Tests\ndate: 2025-12-19\n---\n\n"
            path.write_text(f"{title}{word.capitalize()} построил завод номер {number}.\n" * 3)

    def lines() -> None:
        every = before.splitlines(keepends=True)
        some = [line.replace(". ", ". Заново. ", 1) for line in every[:CHANGED]]
        aside = large.with_suffix(".aside")
        aside.write_text("".join([*some, *every[CHANGED:]]), encoding="utf-8")
        aside.replace(large)

    yield "nothing changed", lambda: None
    yield f"{CHANGED} articles added", lambda: put("Бабенков")
    yield f"{CHANGED} articles changed", lambda: put("Галушин")
    yield f"{CHANGED} articles removed", lambda: _removed(paths)
    yield f"{CHANGED} articles changed in a file of 8 MB", lines
    yield f"{CHANGED} articles there as before", lambda: _restored(large, before)


def _removed(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink()


def _restored(path: Path, before: str) -> None:
    path.write_text(before, encoding="utf-8")


def searchable(where: Archive, analyzer: Analyzer) -> float:
    """Seconds from the start of `doslovno index` until what it made is open."""
    found = indexed(where)
    start = time.perf_counter()
    generation = open_generation(where.stored, analyzer)
    if found.built["articles"] != len(generation.articles):
        raise ValueError(f"{len(generation.articles)} articles open, {found.built}")
    return found.seconds + time.perf_counter() - start


def scanned(work: Path, files: int) -> Iterator[Row]:
    """Look through many small files of which none has changed."""
    where = many(work, files)
    first = indexed(where)
    again = indexed(where)
    yield f"{files:,} files from nothing", f"{first.seconds:.0f} s"
    yield f"{files:,} files, none changed", f"{again.seconds:.2f} s"


def many(work: Path, files: int) -> Archive:
    """An archive of so many files, a paragraph each."""
    where = Archive(work / f"files-{files}/articles", work / f"files-{files}/state")
    if not where.articles.exists():
        aside = where.articles.with_name("part")
        shutil.rmtree(aside, ignore_errors=True)
        every = articles(texts(work), files)
        paragraphs = chain.from_iterable(text.split("\n\n") for _, text in every)
        for number, paragraph in enumerate(paragraphs):
            inside = aside / f"{number // 1000:03}"
            inside.mkdir(parents=True, exist_ok=True)
            (inside / f"{number}.txt").write_text(f"{paragraph}\n", encoding="utf-8")
        aside.rename(where.articles)
    return where


class Load(NamedTuple):
    """How long answers took beside something else, in milliseconds."""

    beside: str
    questions: int
    p50: float
    p95: float
    slowest: float


def loads(where: Archive, other: Archive, seconds: float) -> list[Load]:
    """Ask at a steady pace beside nothing, updates, and a build from nothing."""
    shutil.rmtree(other.state, ignore_errors=True)
    with answering(where) as bot:
        bot.times(asked())
        found = [_asked(bot, "nothing else", seconds)]
        with _one_after_another(where):
            found.append(_asked(bot, "one update after another", seconds))
        with indexing(other):
            found.append(_asked(bot, "a build from nothing", seconds))
    return found


def _asked(bot: Answering, beside: str, seconds: float) -> Load:
    taken: list[float] = []
    start = time.perf_counter()
    for number, question in enumerate(cycle(asked())):
        due = start + number / RATE
        if due > start + seconds:
            break
        time.sleep(max(due - time.perf_counter(), 0.0))
        taken += bot.times([question])
    p50, p95 = np.percentile(taken, [50, 95]).tolist()
    return Load(beside, len(taken), p50, p95, max(taken))


@contextmanager
def _one_after_another(where: Archive) -> Iterator[None]:
    """Updates without a pause, by a thread; it ends after the round that it is in."""
    done = Event()

    def work() -> None:
        for number in range(10**6):
            for _, change in _changes(where.articles, number):
                change()
                indexed(where)
            if done.is_set():
                return

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def shown(rows: Sequence[Row], beside: Sequence[Load], console: Console) -> None:
    table = Table("what", "")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    table = Table("answers beside", "questions", "p50, ms", "p95, ms", "max, ms", "p95 / idle")
    for load in beside:
        times = (load.p50, load.p95, load.slowest)
        ratio = load.p95 / beside[0].p95
        table.add_row(
            load.beside, str(load.questions), *(f"{each:.1f}" for each in times), f"{ratio:.2f}"
        )
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="What building and reloading cost.")
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS)
    parser.add_argument("--small", type=int, default=SMALL, help="paragraphs of the other archive")
    parser.add_argument("--files", type=int, default=FILES, help="files that are looked through")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of questions, each load")
    parser.add_argument("--reuse", action="store_true", help="do not build what is built already")
    parser.add_argument("--work", type=Path, default=WORK, help="where archives are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured")
    options = parser.parse_args()
    where, small = archive(options.work, options.paragraphs), archive(options.work, options.small)
    rows = list(resumed(small))
    if not (options.reuse and where.stored.exists()):
        rows += built(where)
    rows += updates(where, Analyzer(), options.rounds)
    rows += scanned(options.work, options.files)
    beside = loads(where, small, options.seconds)
    shown(rows, beside, Console(width=120))
    if options.json:
        said = {"rows": rows, "beside": [load._asdict() for load in beside]}
        options.json.write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
