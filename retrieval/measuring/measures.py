"""The measures of a run, by ir-measures, with what chance alone may make of them.

nDCG, reciprocal rank and recall are those of trec_eval. Intervals are percentile bootstrap ones
over questions; whether two runs differ is judged by a paired randomisation test (M. Smucker,
J. Allan, B. Carterette, «A comparison of statistical significance tests for IR evaluation», 2007).
"""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import numpy as np

from retrieval.arrays import Floats
from retrieval.measuring.trec import Qrels, Run

MEASURES: Mapping[str, str] = {
    "nDCG@10": "nDCG@10",
    "MRR@10": "RR@10",
    "R@1": "R@1",
    "R@3": "R@3",
    "R@10": "R@10",
    "R@100": "R@100",
}
"""Each measure, and how ir-measures calls it for one question."""
DEPTH = 100
"""How many passages of a question they look at."""
CONFIDENCE = 0.95
RESAMPLES = 9999
SEED = 20_261_122
"""The same values give the same intervals."""
_BATCH = 500
"""Resamples held in memory at a time."""


class MeasuresError(Exception):
    """A library that only measuring needs is not installed; one line that says the mend."""


class Interval(NamedTuple):
    """Where a mean lies, with 95% confidence."""

    low: float
    high: float


class Difference(NamedTuple):
    """How one run differs from another on the same questions."""

    mean: float
    interval: Interval
    p: float
    """How likely so great a difference would be if the runs were as good as each other."""
    better: int
    worse: int
    tied: int


def require() -> None:
    """Raises MeasuresError where what measuring needs is not installed."""
    for name in ("ir_measures", "scipy.stats"):
        _library(name)


def per_question(qrels: Qrels, run: Run) -> dict[str, Floats]:
    """Each measure for each question of the qrels, in their order.

    A question that the run lacks, or that has no passage left to be right, counts 0.
    Raises MeasuresError.
    """
    ir_measures = _library("ir_measures")
    place = {question: number for number, question in enumerate(qrels)}
    values = {name: np.zeros(len(place)) for name in MEASURES}
    names = {ir_measures.parse_measure(theirs): name for name, theirs in MEASURES.items()}
    for found in ir_measures.iter_calc(list(names), qrels, run):
        values[names[found.measure]][place[found.query_id]] = found.value
    return values


def mean(values: Floats) -> float:
    """The mean over the questions; 0 where there are none."""
    return float(values.mean()) if len(values) else 0.0


def interval(values: Floats) -> Interval:
    """The bootstrap interval of the mean; of fewer than two questions, the mean alone.

    Raises MeasuresError.
    """
    if len(values) < 2:
        return Interval(mean(values), mean(values))
    stats = _library("scipy.stats")
    low, high = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=SEED,
    ).confidence_interval
    return Interval(float(low), float(high))


def compare(ours: Floats, theirs: Floats) -> Difference:
    """Test whether our run differs from theirs, question by question. Raises MeasuresError."""
    gains = ours - theirs
    better, worse = int((gains > 0).sum()), int((gains < 0).sum())
    tied = len(gains) - better - worse
    return Difference(mean(gains), interval(gains), _p(gains), better, worse, tied)


def _p(gains: Floats) -> float:
    """Of a randomisation test: under the null hypothesis each gain may as well be a loss."""
    if len(gains) < 2 or not gains.any():
        return 1.0
    stats = _library("scipy.stats")
    tested = stats.permutation_test(
        (gains,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        rng=SEED,
    )
    return float(tested.pvalue)


def _library(name: str) -> ModuleType:
    """A module that only measuring needs: the bot is installed without it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        mend = "measuring needs it: pip install '.[dev]'"
        raise MeasuresError(f"{error.name} is not installed; {mend}") from error
