"""What the ranker learns from: for each question of a test set its candidates, and which are right.

The only place of training and validation that looks into the search.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import numpy as np

from retrieval.arrays import Floats, Ids
from retrieval.assembling import Progress
from retrieval.generation import Generation
from retrieval.measuring.trec import Qrels
from retrieval.measuring.trial import Trial
from retrieval.query import Query, parse
from retrieval.ranker import FloatMatrix
from retrieval.ranking import rank
from retrieval.understanding import understand


class Pool(NamedTuple):
    """The candidates of one question."""

    numbers: Ids
    """Of passages, the best by BM25 first."""
    features: FloatMatrix
    base: Floats
    """What they are ordered by where there is no ranker."""


@dataclass(frozen=True, eq=False)
class Examples:
    """The candidates of all questions of one set that have an answer, question after question."""

    name: str
    questions: tuple[str, ...]
    """Their ids, in the order of the set."""
    features: FloatMatrix
    relevance: Ids
    """Of each candidate, 0 where it is not known to be right."""
    base: Floats
    groups: Ids
    """How many candidates each question has."""
    names: tuple[str, ...]
    """The passage id of each candidate."""
    qrels: Qrels
    milliseconds: Floats
    """How long reading a question, finding its candidates and their features took."""

    @property
    def bounds(self) -> Ids:
        """Where each question's candidates begin, and behind them where the last ones end."""
        return np.concatenate([[0], np.cumsum(self.groups)]).astype(np.int32)


def examples(name: str, trial: Trial, progress: Progress | None = None) -> Examples:
    """Collect the candidates of each judged question; `progress` is told how many are done."""
    pools: list[Pool] = []
    milliseconds: list[float] = []
    for done, question in enumerate(trial.qrels, start=1):
        started = perf_counter()
        query = parse(trial.queries[question], trial.generation.analyzer)
        pools.append(pool(trial.generation, query))
        milliseconds.append((perf_counter() - started) * 1000)
        if progress:
            progress(done, len(trial.qrels))
    found = [[trial.names[number] for number in each.numbers.tolist()] for each in pools]
    relevance = [
        judged.get(passage, 0)
        for judged, passages in zip(trial.qrels.values(), found, strict=True)
        for passage in passages
    ]
    return Examples(
        name=name,
        questions=tuple(trial.qrels),
        features=np.concatenate([each.features for each in pools]),
        relevance=np.array(relevance, np.int32),
        base=np.concatenate([each.base for each in pools]),
        groups=np.array([len(each.numbers) for each in pools], np.int32),
        names=tuple(passage for passages in found for passage in passages),
        qrels=trial.qrels,
        milliseconds=np.array(milliseconds),
    )


def pool(generation: Generation, query: Query) -> Pool:
    """The candidates of a question, at most 300."""
    ranking = rank(generation, understand(generation, query), ranker=None)
    return Pool(ranking.numbers, ranking.features, ranking.base)
