"""In which order the passages that a question lets in are shown: BM25, then the learned ranker."""

from functools import cache
from typing import NamedTuple

import numpy as np

from retrieval.arrays import Flags, Floats, Ids
from retrieval.candidates import candidates
from retrieval.features import FEATURES, matrix
from retrieval.generation import Generation
from retrieval.preferences import preferred
from retrieval.ranker import FloatMatrix, Ranker, RankerError, load_shipped
from retrieval.tally import Tally, tally
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
    coverage: Floats
    """The share of the question that each has, by the weight of the words: 0 to 1."""
    tally: Tally
    """What all passages have of the question, limited to those admitted."""


def rank(
    generation: Generation,
    asked: Understood,
    admitted: Flags | None = None,
    ranker: Ranker | None = None,
) -> Ranking:
    """Find the candidates among the passages admitted (None: all), and put them in order.

    Without a ranker, BM25 alone orders them.
    """
    counted = tally(generation, asked.sought).limited(admitted)
    found = candidates(generation, counted)
    if not len(found.numbers):
        nothing = np.empty((0, len(FEATURES)), np.float32)
        return Ranking(found.numbers, found.base, found.base, nothing, found.coverage, counted)
    features = matrix(generation, asked.sought, found, asked.query.asks)
    merits = ranker.scores(features) if ranker else found.base.copy()
    spread = merits.max() - merits.mean()
    merits += PREFERRED * spread * preferred(generation, asked, found.numbers, merits)
    order = np.argsort(-merits, kind="stable")
    return Ranking(
        found.numbers[order],
        merits[order],
        found.base[order],
        features[order],
        found.coverage[order],
        counted,
    )


@cache
def shipped_ranker() -> Ranker | None:
    """The model that ships with the project; None if it is missing or does not fit.

    Why it is None, `ranker.load_shipped` says; the bot asks at its start.
    """
    try:
        return load_shipped(FEATURES)
    except RankerError:
        return None
