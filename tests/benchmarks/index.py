"""How fast the index finds, over any files of words: to be compared with others from outside.

    python -m tests.benchmarks.index --passages FILE --queries FILE --k 10 --json [--run FILE]

Each line of the files is a passage or a query, its words between spaces, in UTF-8. The score is
rank-bm25's as it comes: k1 1.5, b 0.75, epsilon 0.25, its own idf. The index is built in memory.
"""

import argparse
import json
import os
import resource
import time
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from retrieval import compiled
from retrieval.bm25 import Bm25, Okapi, Part
from retrieval.postings import Postings, postings_of
from retrieval.storing.strings import Strings, strings_of

ROUNDS = 3
MEGABYTE = 1_000_000


def lines(path: Path) -> Iterator[list[str]]:
    """The words of each line; none for an empty one."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.split()


def built(path: Path) -> Bm25:
    """The index of a file of passages."""
    numbering: defaultdict[str, int] = defaultdict()
    numbering.default_factory = numbering.__len__
    numbers, lengths = array("i"), array("i")
    for words in lines(path):
        numbers.extend(map(numbering.__getitem__, words))
        lengths.append(len(words))
    postings = postings_of(
        np.frombuffer(numbers, np.int32), np.frombuffer(lengths, np.int32), len(numbering)
    )
    okapi = Okapi(len(lengths), np.diff(postings.bounds).tolist())
    part = Part(Strings(strings_of("terms", numbering), "terms"), postings)
    return Bm25([part], k1=1.5, b=0.75, rarity=okapi)


def microseconds(index: Bm25, queries: Sequence[Sequence[str]], k: int) -> list[float]:
    """How long each query takes: the median of some rounds, after one that is not counted."""
    rounds: list[list[int]] = [[] for _ in range(ROUNDS + 1)]
    for times in rounds:
        for query in queries:
            start = time.perf_counter_ns()
            index.top(query, k)
            times.append(time.perf_counter_ns() - start)
    return [float(np.median(times)) / 1000 for times in zip(*rounds[1:], strict=True)]


def resident() -> float:
    """Memory of this process now, in megabytes; where the system does not tell, its greatest."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except FileNotFoundError:
        return peak()
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def peak() -> float:
    """The greatest memory that this process had, in megabytes (Linux counts kibibytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def size(postings: Postings) -> float:
    """Of the arrays, in megabytes."""
    return sum(each.nbytes for each in postings) / MEGABYTE


def write_run(path: Path, index: Bm25, queries: Sequence[Sequence[str]], k: int) -> None:
    """What is found, as a TREC run; 17 digits tell any two scores apart."""
    with path.open("w", encoding="utf-8") as file:
        for number, query in enumerate(queries):
            for rank, (passage, score) in enumerate(zip(*index.top(query, k), strict=True), 1):
                file.write(f"{number} Q0 {passage} {rank} {score:.17g} doslovno\n")


def measured(given: argparse.Namespace) -> dict[str, object]:
    """Build, ask, and say what it took."""
    queries = list(lines(given.queries))
    start = time.perf_counter()
    fast = not given.numpy and compiled.load()
    loaded = time.perf_counter()
    index = built(given.passages)
    ready = time.perf_counter()
    after = resident()
    times = microseconds(index, queries, given.k)
    p50, p95, p99 = np.percentile(times, [50, 95, 99]).tolist() if times else (None, None, None)
    if given.run:
        write_run(given.run, index, queries, given.k)
    return {
        "p50_us": p50,
        "p95_us": p95,
        "p99_us": p99,
        "max_us": max(times, default=None),
        "build_s": ready - loaded,
        "kernels_s": loaded - start,
        "rss_mb": after,
        "rss_after_queries_mb": resident(),
        "peak_mb": peak(),
        "postings_mb": sum(size(part.postings) for part in index.parts),
        "passages": index.corpus_size,
        "terms": sum(len(part.vocabulary) for part in index.parts),
        "queries": len(queries),
        "k": given.k,
        "kernels": "numba" if fast else "numpy",
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.index",
        description="Time the index over files of words: a passage or a query a line.",
        epilog="In the run, queries and passages have the numbers of their lines, from 0.",
    )
    parser.add_argument("--passages", type=Path, required=True, metavar="FILE")
    parser.add_argument("--queries", type=Path, required=True, metavar="FILE")
    parser.add_argument("--k", type=int, default=10, help="how many to find (default: 10)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--run", type=Path, metavar="FILE", help="write a TREC run with scores")
    parser.add_argument("--numpy", action="store_true", help="without compiled kernels")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    found = measured(given)
    if given.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:22}{value:,.1f}" if isinstance(value, float) else f"{name:22}{value}")


if __name__ == "__main__":
    main()
