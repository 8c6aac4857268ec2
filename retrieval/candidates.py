"""The passages worth a closer look: the best by BM25 of the passage and of its article."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from retrieval.arrays import Floats, Ids
from retrieval.bm25 import Bm25
from retrieval.generation import Generation
from retrieval.sought import AKIN, Sought, coverage

ARTICLE = 0.4
"""How much of its article's own score a passage gets: the right article is easier to tell than
the right paragraph of it."""
EMPHASIS = 0.4
"""How far a word's score follows the weight of its kind, a name's above a verb's."""
LEAD = 0.2
"""How much more the first paragraph of an article is worth; the n-th one gets 1/n of that."""
DEPTH = 300
"""How many passages are looked at closely."""


class Scores(NamedTuple):
    """What the index alone says of every passage of the archive, in their order."""

    own: Floats
    """BM25 of the passage."""
    article: Floats
    """BM25 of its article."""
    coverage: Floats
    """The share of the question that it has, by the weight of the words: 0 to 1."""

    def base(self, generation: Generation) -> Floats:
        """What passages are ordered by where there is no ranker."""
        lead: Floats = 1 + LEAD / (1 + generation.place_of)
        return (self.own + ARTICLE * self.article) * lead


def scores(generation: Generation, sought: Sequence[Sought]) -> Scores:
    """Score every passage for the words of a question."""
    own = _sum(generation.index, sought, lambda passages: passages)
    articles = _sum(
        generation.by_article, sought, lambda passages: np.unique(generation.article_of[passages])
    )
    return Scores(own, articles[generation.article_of], coverage(generation.index, sought))


def best(base: Floats, found: Ids, k: int = DEPTH) -> Ids:
    """The `k` best of the passages found, best first, ties in their order."""
    values = base[found]
    if len(found) > k:
        least = np.partition(values, len(found) - k)[len(found) - k]
        found, values = found[values >= least], values[values >= least]
    return found[np.argsort(-values, kind="stable")[:k]]


def _sum(index: Bm25, sought: Sequence[Sought], of: Callable[[Ids], Ids]) -> Floats:
    """The score of every document; one that has a word in other words gets its rarity once.

    `of` says which documents of the index some passages are.
    """
    total, score = np.zeros((2, index.corpus_size))
    for word in sought:
        for group in word.groups:
            documents, scores = index.word_scores(group)
            score[documents] += scores
        if len(word.otherwise):
            score[of(word.otherwise)] += index.rarity(len(of(word.passages)))
        if word.kin:
            documents, scores = index.word_scores(word.kin)
            score[documents] = np.maximum(score[documents], AKIN * scores)
        score *= 1 - EMPHASIS + EMPHASIS * word.kind
        total += score
        score.fill(0)
    return total
