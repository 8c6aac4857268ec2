"""What the score is made of: the weight of a pair and two rules for the idf of a term."""

import math
from collections.abc import Callable, Iterable

from rank_bm25 import BM25Okapi

from retrieval.arrays import Floats, Ids

Rarity = Callable[[int, int], float]
"""The idf of what is in so many passages: of their number in all, and of how many have it."""


def weights_of(pairs: Ids, average: float, k1: float, b: float) -> Floats:
    """What a term adds to a score, but for its idf: a weight for each row of `pairs`.

    The expression is the library's, in its order of operations: the sums are equal to the last bit.
    """
    counts, lengths = pairs[:, 0], pairs[:, 1]
    weights: Floats = counts * (k1 + 1) / (counts + k1 * (1 - b + b * lengths / average))
    return weights


def lucene(size: int, count: int) -> float:
    """Lucene's idf, log(1 + (N - n + 0.5) / (n + 0.5)): above zero, and falling with n.

    The library's own gives a term of more than half of the passages the weight of a rare one.
    """
    return math.log1p((size - count + 0.5) / (count + 0.5))


class Library(BM25Okapi):  # type: ignore[misc]  # rank_bm25 has no types
    """rank-bm25's own class; it is imported here only."""


class Okapi(Library):
    """The library's own idf, by its own code: what is below zero becomes `epsilon` of the average.

    The average is over all terms, and the sum is taken in the order in which they first occur.
    """

    def __init__(self, size: int, counts: Iterable[int], epsilon: float = 0.25) -> None:
        """For `size` passages; `counts`: for each term, in that order, how many have it."""
        self.corpus_size = size
        self.epsilon = epsilon
        self.idf: dict[int, float] = {}
        frequencies = dict(enumerate(counts))
        if frequencies:
            self._calc_idf(frequencies)
        self._of_count = dict(zip(frequencies.values(), self.idf.values(), strict=True))
        self.idf.clear()

    def __call__(self, size: int, count: int) -> float:
        """The idf of a term that `count` passages have; nothing for one that none has."""
        if size != self.corpus_size:
            raise ValueError(f"the idf was computed for {self.corpus_size} passages, not {size}")
        return self._of_count[count] if count else 0.0
