"""Fits the ranker's trees: LambdaMART (C. Burges, 2010) by LightGBM, the only import of it.

Small trees, much regularisation, and features of which more can only be better kept to that: the
sets that it learns from are few, and of another kind than news.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from retrieval.arrays import Floats, Ids
from retrieval.features import FEATURES
from retrieval.measuring.examples import Examples
from retrieval.ranker import FloatMatrix, Tree

TREES = 100
NEGATIVES = 150
"""How many candidates of a question, the best by BM25, are learned from beside the right ones."""
PARAMETERS: Mapping[str, Any] = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 15,
    "label_gain": [0, 1],
    "num_leaves": 8,
    "learning_rate": 0.08,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
MONOTONE: Mapping[str, int] = {
    **dict.fromkeys(("own", "base", "article", "text", "coverage", "names", "rest", "kin"), 1),
    **dict.fromkeys(("about", "phrase", "near", "sentence", "sentence_kin", "asked"), 1),
}
"""Features of which more can only be better."""
STEADY: Mapping[str, float] = {"base": 5.0}
"""What a feature adds to the score by itself, beside the trees: it costs a little on sets that were
learned from, and gains more on those that were not."""


class BoostingError(Exception):
    """There is nothing to learn from, or no library to learn with; one line that says so."""


class Part(NamedTuple):
    """Some questions of a set."""

    examples: Examples
    questions: Ids
    """Their places in the set."""


class _Table(NamedTuple):
    features: FloatMatrix
    relevant: Ids
    groups: list[int]
    weights: Floats


def version() -> str:
    """Of LightGBM: another one may give other trees. Raises BoostingError."""
    return str(_lightgbm().__version__)


def fit(parts: Sequence[Part], without: Sequence[str] = (), seed: int = 0) -> tuple[Tree, ...]:
    """Trees over FEATURES that never ask for those in `without`; every set weighs the same.

    The same examples and seed give the same trees. Raises BoostingError.
    """
    lightgbm = _lightgbm()
    columns = [number for number, name in enumerate(FEATURES) if name not in without]
    table = _table(parts)
    if not (columns and table.groups):
        raise BoostingError("no feature is left, or no question has a right candidate")
    monotone = [MONOTONE.get(FEATURES[column], 0) for column in columns]
    learned = lightgbm.Dataset(
        table.features[:, columns], table.relevant, group=table.groups, weight=table.weights
    )
    booster = lightgbm.train(
        {**PARAMETERS, "monotone_constraints": monotone, "seed": seed}, learned, TREES
    )
    return tuple(
        tree_of(grown["tree_structure"], columns) for grown in booster.dump_model()["tree_info"]
    )


def weights(without: Sequence[str] = ()) -> tuple[float, ...]:
    """STEADY as a weight for each of FEATURES."""
    return tuple(0.0 if name in without else STEADY.get(name, 0.0) for name in FEATURES)


def _table(parts: Sequence[Part]) -> _Table:
    rows = [(part, chosen) for part in parts for chosen in _chosen(part)]
    if not rows:
        return _Table(
            np.empty((0, len(FEATURES)), np.float32), np.empty(0, np.int32), [], np.ones(0)
        )
    weights = np.concatenate(
        [np.full(len(chosen), 1 / max(len(part.questions), 1)) for part, chosen in rows]
    )
    return _Table(
        np.concatenate([part.examples.features[chosen] for part, chosen in rows]),
        np.concatenate([part.examples.relevance[chosen] > 0 for part, chosen in rows]).astype(
            np.int32
        ),
        [len(chosen) for _, chosen in rows],
        weights / weights.mean(),
    )


def _chosen(part: Part) -> Iterator[Ids]:
    """For each question that has a right candidate, the rows to learn from."""
    bounds = part.examples.bounds
    for question in part.questions.tolist():
        right = part.examples.relevance[bounds[question] : bounds[question + 1]] > 0
        if right.any():
            near = np.arange(len(right)) < NEGATIVES
            yield (bounds[question] + np.flatnonzero(right | near)).astype(np.int32)


def tree_of(root: Mapping[str, Any], columns: Sequence[int] | None = None) -> Tree:
    """A tree of LightGBM's as the model file has it: the root first, each node before its own.

    `columns` says which of FEATURES each of its features is, if they are not the same.
    """
    nodes: list[list[Any]] = []
    values: list[float] = []

    def visit(node: Mapping[str, Any]) -> int:
        if "leaf_value" in node:
            values.append(float(f"{node['leaf_value']:.9g}"))
            return ~(len(values) - 1)
        place = len(nodes)
        feature = node["split_feature"]
        column = columns[feature] if columns else feature
        nodes.append([column, _single(node["threshold"]), 0, 0])
        nodes[place][2:] = visit(node["left_child"]), visit(node["right_child"])
        return place

    visit(root)
    feature, threshold, left, right = zip(*nodes, strict=True) if nodes else [()] * 4
    return Tree(feature, threshold, left, right, tuple(values))


def _single(threshold: float) -> float:
    """The greatest number of single precision that is not above it, in its shortest spelling."""
    single = np.float32(threshold)
    if single > threshold:
        single = np.nextafter(single, np.float32(-np.inf))
    return float(str(single))


def _lightgbm() -> Any:
    """It is needed for training only: the bot is installed without it."""
    try:
        return import_module("lightgbm")
    except ModuleNotFoundError as error:
        mend = "training needs it: pip install '.[dev]'"
        raise BoostingError(f"lightgbm is not installed; {mend}") from error
