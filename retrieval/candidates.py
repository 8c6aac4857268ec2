"""The passages worth a closer look: the best by BM25 of the passage and of its article."""

from typing import NamedTuple

from retrieval.arrays import Floats, Ids
from retrieval.generation import Generation
from retrieval.scorer import steps
from retrieval.tally import Tally

ARTICLE = 0.4
"""How much of its article's own score a passage gets: the right article is easier to tell than
the right paragraph of it."""
LEAD = 0.2
"""How much more the first paragraph of an article is worth; the n-th one gets 1/n of that."""
DEPTH = 300
"""How many passages are looked at closely."""


class Candidates(NamedTuple):
    """The passages looked at closely, the best first, and what the index alone says of each."""

    numbers: Ids
    own: Floats
    """BM25 of the passage."""
    article: Floats
    """BM25 of its article."""
    base: Floats
    """What they are ordered by where there is no ranker."""
    coverage: Floats
    """The share of the question that it has, by the weight of the words: 0 to 1."""


def candidates(generation: Generation, found: Tally, k: int = DEPTH) -> Candidates:
    """The `k` best passages that have something of the question and meet its conditions."""
    base = steps().lift(
        found.own,
        found.article_scores,
        found.article,
        generation.place_of[found.numbers],
        found.coverage,
        (ARTICLE, LEAD),
    )
    rows = steps().best(base, found.numbers, k)
    article = found.article_scores[found.article[rows]]
    return Candidates(
        found.numbers[rows], found.own[rows], article, base[rows], found.coverage[rows]
    )
