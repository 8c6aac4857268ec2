"""A query as the search reads it, and the best passages that it has found so far."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Floats, Ids
from retrieval.bm25.lists import Listed

Numbers = NDArray[np.int64]
Singles = NDArray[np.float32]

BLOCK = 1024
"""Passages whose bounds are added up at a time by kernels."""


class Query(NamedTuple):
    """The lists of a query in one part and what they are worth, the shortest list first."""

    lists: Numbers
    """A row a list: `Listed` but for its best weight."""
    worth: Floats
    """A row a list: its idf; that times how often the query has the term; the most that the list
    and all behind it give to a score. And a row of zeros."""
    order: Numbers
    """The lists in the order of the query, those that are repeated too."""


def query_of(terms: Sequence[tuple[Listed, float]]) -> Query:
    """Of the list and the idf of each term, in the order of the query."""
    idf = dict(terms)
    order = [listed for listed, _ in terms]
    shortest = sorted(idf, key=lambda listed: listed.stop - listed.start)
    number = {listed: number for number, listed in enumerate(shortest)}
    worth = [(0.0, 0.0, 0.0)]
    for listed in reversed(shortest):
        value = idf[listed] * order.count(listed)
        worth.append((idf[listed], value, worth[-1][2] + value * listed.greatest))
    return Query(
        np.array([listed[:4] for listed in shortest], np.int64),
        np.array(worth[::-1]),
        np.array([number[listed] for listed in order], np.int64),
    )


class Best(NamedTuple):
    """The best passages so far, in no order that means anything."""

    scores: Floats
    numbers: Numbers
    state: Numbers
    """How many there are, and the number of the first passage of the part being searched."""

    @classmethod
    def of(cls, k: int) -> "Best":
        """Room for so many."""
        return cls(np.empty(k), np.empty(k, np.int64), np.zeros(2, np.int64))

    def ranked(self) -> tuple[Ids, Floats]:
        """Best first, and by number where scores are equal."""
        numbers, scores = self.numbers[: self.state[0]], self.scores[: self.state[0]]
        order = np.lexsort((numbers, -scores))
        return numbers[order].astype(np.int32), scores[order]


Scratch = tuple[Floats, Numbers, Singles, Singles]
"""Room for kernels to compute in: the parts of a score, where each list was last looked into, the
bounds of a block, and what the rows are multiplied by."""


def scratch_of(lists: int) -> Scratch:
    """Room for a query of so many lists."""
    return (
        np.empty(lists),
        np.empty(lists, np.int64),
        np.empty(BLOCK, np.float32),
        np.empty(lists, np.float32),
    )
