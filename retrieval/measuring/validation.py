"""How well the ranker does on questions it has not seen: folds of questions, sets left out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Floats, Ids
from retrieval.features import FEATURES
from retrieval.measuring.boosting import Part, fit, weights
from retrieval.measuring.examples import Examples
from retrieval.measuring.measures import DEPTH, Interval, interval, mean, per_question
from retrieval.measuring.trec import falling
from retrieval.ranker import Ranker, compiled

FOLDS = 5
SHOWN = ("nDCG@10", "MRR@10", "R@1", "R@3", "R@10")

Measured = dict[str, Floats]
"""Each measure for each question of a set, in their order."""


class Mean(NamedTuple):
    """A measure over the questions of a set."""

    value: float
    interval: Interval


def summary(measured: Measured) -> dict[str, Mean]:
    """Each measure with its 95% bootstrap interval over the questions."""
    return {name: Mean(mean(measured[name]), interval(measured[name])) for name in SHOWN}


def gain(after: Measured, before: Measured, measure: str = "nDCG@10") -> Mean:
    """How much a measure rises, question by question, with the interval of a paired bootstrap."""
    gains = after[measure] - before[measure]
    return Mean(mean(gains), interval(gains))


def measured(examples: Examples, scores: Floats) -> Measured:
    """Rank each question's candidates by scores, ties as by BM25."""
    run = {
        question: falling(
            (examples.names[start + row], scores[start + row])
            for row in np.argsort(-scores[start:stop], kind="stable")[:DEPTH].tolist()
        )
        for question, (start, stop) in zip(
            examples.questions, pairwise(examples.bounds.tolist()), strict=True
        )
    }
    found = per_question(examples.qrels, run)
    return {name: found[name] for name in SHOWN}


def cross_validated(
    sets: Sequence[Examples], without: Sequence[str] = (), seed: int = 0
) -> list[Measured]:
    """Each set ranked by trees fitted to the other folds of the questions of all sets."""
    folds = [_folds(len(examples.questions), seed) for examples in sets]
    scores = [np.zeros(len(examples.relevance)) for examples in sets]
    for fold in range(FOLDS):
        seen = [Part(one, _ids(of != fold)) for one, of in zip(sets, folds, strict=True)]
        ranker = compiled(fit(seen, without, seed), FEATURES, weights(without))
        for one, of, found in zip(sets, folds, scores, strict=True):
            for start, stop in _bounds(one, _ids(of == fold)):
                found[start:stop] = ranker.scores(one.features[start:stop])
    return [measured(one, found) for one, found in zip(sets, scores, strict=True)]


def trained(sets: Sequence[Examples], without: Sequence[str] = (), seed: int = 0) -> Ranker:
    """A ranker that learned from all questions of these sets."""
    return compiled(fit(whole(sets), without, seed), FEATURES, weights(without))


def whole(sets: Sequence[Examples]) -> list[Part]:
    """All questions of these sets."""
    return [Part(one, np.arange(len(one.questions), dtype=np.int32)) for one in sets]


def ranked(ranker: Ranker, examples: Examples) -> Measured:
    """A set ranked by a ranker that has not learned from it."""
    scores = np.zeros(len(examples.relevance))
    for start, stop in pairwise(examples.bounds.tolist()):
        scores[start:stop] = ranker.scores(examples.features[start:stop])
    return measured(examples, scores)


def _folds(questions: int, seed: int) -> Ids:
    """For each question its fold; all folds of the same size but for one."""
    return (np.random.default_rng(seed).permutation(questions) % FOLDS).astype(np.int32)


def _ids(chosen: NDArray[np.bool_]) -> Ids:
    return np.flatnonzero(chosen).astype(np.int32)


def _bounds(examples: Examples, questions: Ids) -> Iterator[tuple[int, int]]:
    bounds = examples.bounds.tolist()
    return ((bounds[each], bounds[each + 1]) for each in questions.tolist())
