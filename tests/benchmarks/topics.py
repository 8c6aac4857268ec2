"""How long it takes to tell which topics of many subscribers some new articles match.

Run as `python -m tests.benchmarks.topics [CORPUS_DIR]`: with the articles of that folder, or new
ones made of the paragraphs that ship. Prints a table and asserts nothing.
"""

import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.topics import Topic, find_topic, parse_topic, percolate
from tests.builders import corpus, shipped_archive

SUBSCRIBERS = 10_000
TOPICS = 500
"""Of one subscriber."""
NEW = 200
PARAGRAPHS = 8
"""Of a made-up article."""
POOLS = (500, 20_000, 200_000)
"""How many different topics the subscribers choose from, the first ones most often (Zipf)."""

T = TypeVar("T")


def made_up(folder: Path, chance: random.Random) -> Generation:
    """New articles, each of paragraphs of those that ship."""
    passages = shipped_archive().passages
    texts = ("\n\n".join(p.text for p in chance.sample(passages, PARAGRAPHS)) for _ in range(NEW))
    return build(corpus(folder, {f"{number}.txt": text for number, text in enumerate(texts)}))


def pool(words: Sequence[str], size: int, chance: random.Random) -> list[str]:
    """Different topics of every kind, of words as they stand in the articles."""
    made: dict[str, None] = {}
    while len(made) < size:
        one, two, three = chance.choices(words, k=3)
        kinds = (one, f"{one} {two}", f"{one} + {two}", f"{one} -{two}", f"«{one} {two}» + {three}")
        made[chance.choices(kinds, weights=(4, 3, 3, 2, 1))[0]] = None
    return list(made)


def drawn(texts: Sequence[str], chance: random.Random) -> dict[int, str]:
    """The topics that anyone has, with their numbers."""
    weights = list(accumulate(1 / rank for rank in range(1, len(texts) + 1)))
    numbers: set[int] = set()
    for _ in range(SUBSCRIBERS):
        numbers.update(chance.choices(range(len(texts)), cum_weights=weights, k=TOPICS))
    return {number: texts[number] for number in sorted(numbers)}


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def longest_wait(work: Callable[[], T]) -> tuple[T, float]:
    """How long another thread was kept from running for a moment, at worst, in milliseconds."""
    done, waits = Event(), [0.0]

    def tick() -> None:
        while not done.is_set():
            start = time.perf_counter()
            time.sleep(0.001)
            waits[0] = max(waits[0], time.perf_counter() - start)

    thread = Thread(target=tick)
    thread.start()
    try:
        return work(), 1000 * waits[0]
    finally:
        done.set()
        thread.join()


def matches(topics: Mapping[int, Topic], archive: Generation, names: Sequence[str]) -> int:
    return sum(1 for _ in percolate(topics, archive, names))


def measure(table: Table, archive: Generation, texts: Mapping[int, str]) -> None:
    names = [article.id for article in archive.articles[:NEW]]
    parsed, parsing = timed(
        lambda: {number: parse_topic(text, archive.analyzer) for number, text in texts.items()}
    )
    found, percolating = timed(lambda: matches(parsed, archive, names))
    _, wait = longest_wait(lambda: matches(parsed, archive, names))
    tracemalloc.start()
    again = {number: parse_topic(text, archive.analyzer) for number, text in texts.items()}
    matches(again, archive, names[: NEW // 4])
    memory = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    table.add_row(
        f"{len(texts):,}",
        f"{parsing:.2f} s",
        f"{percolating:.2f} s",
        f"{wait:.0f} ms",
        f"{memory:.0f} MB",
        f"{found:,}",
    )


def searched(archive: Generation, words: Sequence[str]) -> Table:
    """How long it takes to show what a new topic would have matched in the archive."""
    table = Table("a topic on the archive", "p50", "p95")
    for kind in ("{}", "{} {}", "{} + {}", "«{} {}»"):
        texts = [kind.format(*pair) for pair in pairwise(words)]
        topics = [parse_topic(text, archive.analyzer) for text in texts]
        times = [1000 * timed(partial(find_topic, each, archive, 3))[1] for each in topics]
        table.add_row(kind, f"{median(times):.1f} ms", f"{quantiles(times, n=20)[-1]:.1f} ms")
    return table


def main() -> None:
    chance = random.Random(3)  # noqa: S311
    with TemporaryDirectory() as folder:
        archive = build(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up(Path(folder), chance)
    words = sorted(
        {
            each.text[token.start : token.stop]
            for each in archive.articles
            for token in archive.analyzer.tokens(each.text)
            if token.weight >= 1
        }
    )
    table = Table("topics", "parse", "percolate", "longest wait", "memory", "matches")
    for size in POOLS:
        measure(table, archive, drawn(pool(words, size, chance), chance))
    console = Console(width=100)
    console.print(f"{SUBSCRIBERS:,} subscribers x {TOPICS} topics, {NEW} new articles")
    console.print(table)
    console.print(searched(archive, chance.sample(words, 200)))


if __name__ == "__main__":
    main()
