"""This index beside other BM25 engines, from ten thousand passages to a million.

    python -m tests.benchmarks.scale [--sizes N…] [--json FILE] [--charts DIR] [--work DIR]

The corpora and queries are those of `realistic`: the development questions of RuBQ, and as many
queries of 3–8 lemmas drawn with real frequencies. Each engine runs in a process of its own with one
thread, all on the same core, and they are asked in turns: one engine a few questions (`BLOCK`), the
next the same ones, in another order each time; what counts is the median over the rounds. An engine
that would take longer than `BUDGET` seconds is given evenly chosen questions only, and is compared
on those. First it is checked that each scores by the formula it is said to follow.

The clock runs from a list of lemmas to passages and scores in the form that the engine gives them.
"""

import argparse
import json
import os
import platform
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from tests.benchmarks import charts
from tests.benchmarks.agreement import agreement
from tests.benchmarks.engines import Engine, Kind, build, running
from tests.benchmarks.ours import OURS, read
from tests.benchmarks.outcomes import Built, Result, Row, as_json
from tests.benchmarks.peers import PEERS
from tests.benchmarks.realistic import WORK, lemma_file, natural, query_file
from tests.benchmarks.turns import timings

SIZES = (10_000, 100_000, 1_000_000)
DEPTHS = (10, 300)
ROUNDS = 5
CHECKED = 40
"""Questions whose scores are compared."""
CHECKED_SLOW = 4
"""The same for an engine that keeps no index: it takes seconds a question."""


def measure(size: int, kinds: Sequence[Kind], work: Path, rounds: int = ROUNDS) -> Result:
    """Build, open, check and time engines on a corpus; the first of them must be this index."""
    corpus, queries = lemma_file(work, size), query_file(work)
    folder = work / f"engines-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        built = {kind.kept: kind for kind in kinds if kind.kept}
        costs = {name: build(kind, corpus, folder / name) for name, kind in built.items()}
        with ExitStack() as stack:
            engines = {
                kind: stack.enter_context(running(kind, corpus, folder / kind.kept))
                for kind in kinds
            }
            asked = [line.split() for line in queries.read_text(encoding="utf-8").splitlines()]
            return Result(size, _rows(engines, costs, folder, asked, rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rows(
    engines: dict[Kind, Engine],
    costs: dict[str, Built],
    folder: Path,
    queries: list[list[str]],
    rounds: int,
) -> list[Row]:
    part = read(folder / OURS[0].kept)
    checked = {
        kind: agreement(
            kind, engine, part, queries[:: len(queries) // (CHECKED if kind.kept else CHECKED_SLOW)]
        )
        for kind, engine in engines.items()
    }
    taken = [timings(engines, queries, natural(queries), k, rounds) for k in DEPTHS]
    return [
        Row(
            kind.name,
            costs.get(kind.kept),
            engine.open_s,
            engine.memory_mb(),
            checked[kind],
            [depth[kind] for depth in taken],
        )
        for kind, engine in engines.items()
    ]


def machine() -> dict[str, str | int | None]:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="This index beside other BM25 engines.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="passages")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--ours-only", action="store_true", help="no other engine")
    parser.add_argument("--work", type=Path, default=WORK, help="where corpora are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured")
    parser.add_argument("--charts", type=Path, metavar="DIR", help="draw PNG charts")
    options = parser.parse_args()
    kinds = OURS if options.ours_only else (*OURS, *PEERS)
    console = Console(width=140)
    results = []
    for size in options.sizes:
        results.append(measure(size, kinds, options.work, options.rounds))
        for table in charts.tables(results[-1]):
            console.print(table)
    if options.json:
        written = {"machine": machine(), "sizes": as_json(results)}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(written, indent=1), encoding="utf-8")
    if options.charts:
        charts.draw(results, options.charts)


if __name__ == "__main__":
    main()
