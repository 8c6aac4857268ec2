"""In which order the passages that a question lets in are shown: BM25, then the learned ranker."""

from functools import cache
from typing import NamedTuple

import numpy as np

from retrieval.candidates import DEPTH, Scores, best, scores
from retrieval.features import FEATURES, matrix
from retrieval.generation import Generation
from retrieval.arrays import Flags, Floats, Ids
from retrieval.preferences import preferred
from retrieval.ranker import FloatMatrix, Ranker, RankerError, load_shipped
from retrieval.understanding import Understood

PREFERRED = 0.35
"""What a preference adds to a candidate, as a share of how far the best one stands above all."""


class Ranking(NamedTuple):
    """The candidates of a question, best first, at most `candidates.DEPTH`."""

    numbers: Ids
    """Of the passages."""
    merits: Floats
    """What they are ordered by: falling, and only comparable within one question."""
    base: Floats
    """What the index alone says of each."""
    features: FloatMatrix
    """A row each, the columns of `features.FEATURES`."""
    scores: Scores
    """Of all passages; their coverage is zero where a condition is not met."""


def rank(
    generation: Generation,
    asked: Understood,
    admitted: Flags | None = None,
    ranker: Ranker | None = None,
) -> Ranking:
    """Find the candidates among the passages admitted (None: all), and put them in order.

    Without a ranker, BM25 alone orders them.
    """
    found = scores(generation, asked.sought)
    if admitted is not None:
        found = found._replace(coverage=found.coverage * admitted)
    everywhere = found.base(generation)
    numbers = best(everywhere, np.flatnonzero(found.coverage).astype(np.int32), DEPTH)
    base = everywhere[numbers]
    if not len(numbers):
        return Ranking(numbers, base, base, np.empty((0, len(FEATURES)), np.float32), found)
    features = matrix(generation, asked.sought, found, everywhere, numbers, asked.query.asks)
    merits = ranker.scores(features) if ranker else base.copy()
    spread = merits.max() - merits.mean()
    merits += PREFERRED * spread * preferred(generation, asked, numbers, merits)
    order = np.argsort(-merits, kind="stable")
    return Ranking(numbers[order], merits[order], base[order], features[order], found)


@cache
def shipped_ranker() -> Ranker | None:
    """The model that ships with the project; None if it is missing or does not fit.

    Why it is None, `ranker.load_shipped` says; the bot asks at its start.
    """
    try:
        return load_shipped(FEATURES)
    except RankerError:
        return None
