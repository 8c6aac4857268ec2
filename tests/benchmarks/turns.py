"""Engines asked in turns, so that whatever else the machine does falls on all of them alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from tests.benchmarks.engines import Engine, Kind, Queries
from tests.benchmarks.outcomes import Timing

BLOCK = 10
"""Questions that one engine answers before it is the next one's turn."""
BUDGET = 20.0
"""Seconds an engine may take for its questions of one depth."""
FEWEST = 8
TRIED = 5
"""Questions asked beforehand, to see how many there is time for."""
_FOR_P95, _FOR_P99 = 20, 100
"""Of fewer questions no such percentile is named."""


@dataclass
class Asked:
    """The questions of one engine, and what they took."""

    numbers: Sequence[int]
    taken: dict[int, list[float]] = field(default_factory=dict)
    """By the number of a question, microseconds in each round."""

    def wanted(self, block: Sequence[int]) -> list[int]:
        """Those of a block that are to be asked; those never asked even when time is up."""
        mine = set(self.numbers).intersection(block)
        if sum(map(sum, self.taken.values())) > BUDGET * 1e6:
            mine -= self.taken.keys()
        return [number for number in block if number in mine]

    def times(self) -> dict[int, float]:
        """Of each question, the median of the rounds."""
        return {number: median(rounds) for number, rounds in self.taken.items()}


def timings(
    engines: Mapping[Kind, Engine], queries: Queries, natural: int, k: int, rounds: int
) -> dict[Kind, Timing]:
    """Ask every engine; the first `natural` of the queries are people's questions."""
    chance = np.random.default_rng(k)
    asked = {kind: _planned(engine, queries, k) for kind, engine in engines.items()}
    kinds = list(engines)
    for _ in range(rounds):
        for block in _blocks(chance.permutation(len(queries)).tolist()):
            for place in chance.permutation(len(kinds)).tolist():
                kind = kinds[place]
                wanted = asked[kind].wanted(block)
                times = engines[kind].times([queries[number] for number in wanted], k)
                for number, taken in zip(wanted, times, strict=True):
                    asked[kind].taken.setdefault(number, []).append(taken)
    first = asked[kinds[0]].times()
    return {kind: _timing(asked[kind].times(), first, natural, k) for kind in kinds}


def _planned(engine: Engine, queries: Queries, k: int) -> Asked:
    """As many questions as half of the budget is enough for, evenly chosen."""
    tried = np.linspace(0, len(queries) - 1, TRIED).astype(int).tolist()
    usual = float(np.mean(engine.times([queries[number] for number in tried], k))) / 1e6
    count = min(max(int(BUDGET / 2 / usual), FEWEST), len(queries))
    return Asked(np.linspace(0, len(queries) - 1, count).astype(int).tolist())


def _blocks(order: list[int]) -> Iterator[list[int]]:
    return (order[start : start + BLOCK] for start in range(0, len(order), BLOCK))


def _timing(times: dict[int, float], first: dict[int, float], natural: int, k: int) -> Timing:
    every = list(times.values())
    middle = median(every)
    typed = [taken for number, taken in times.items() if number < natural]
    return Timing(
        k,
        len(every),
        middle,
        float(np.percentile(every, 95)) if len(every) >= _FOR_P95 else None,
        float(np.percentile(every, 99)) if len(every) >= _FOR_P99 else None,
        max(every),
        median(typed) if typed else None,
        middle / median(first[number] for number in times),
    )
