"""The learned ranker: reads the committed trees and scores candidates by them, with numpy alone.

The file is made by `retrieval.training`. A tree is its nodes, the root first: each asks whether a
feature is at most a threshold, `left` and `right` say where to go on if it is and if it is not, a
number below zero ends in the leaf ~number. Beside them a weight for each feature keeps the order
near that of BM25, on questions unlike those learned from.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Floats

FORMAT = 1
"""Of the model file; another one is not read."""
LEAVES = 16
"""How many leaves a tree may have: those still possible are kept as the bits of 16."""
TREES = 2000
"""How many trees are read at most."""

_HUGE = 1e30
"""No number of a tree comes near it; sums of such ones stay finite."""

FloatMatrix = NDArray[np.float32]
_Masks = NDArray[np.uint16]
_ALL = (1 << LEAVES) - 1


class RankerError(Exception):
    """The model cannot be used, said in one line: rank by BM25 alone, and say so."""


class Tree(NamedTuple):
    """One tree as the file has it."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Ranker:
    """Trees laid side by side, to be asked all at once (QuickScorer, Lucchese et al. 2015).

    Each node that says no strikes the leaves on its left off its tree's set; the leftmost leaf
    that is left is where the tree ends.
    """

    features: tuple[str, ...]
    feature: NDArray[np.intp] = field(repr=False)
    """For each node its column, the first nodes of all trees, then the second ones, and so on."""
    threshold: FloatMatrix = field(repr=False)
    kept: _Masks = field(repr=False)
    """For each node the leaves that its «no» leaves over, as bits, the leftmost lowest."""
    values: Floats = field(repr=False)
    """Of all leaves, left to right, 16 places for a tree."""
    weights: Floats = field(repr=False)
    """Of each feature, for what it adds to the score by itself."""

    def scores(self, features: FloatMatrix) -> Floats:
        """The score of each row, a candidate; higher is better, and only among one question's.

        Raises ValueError where the columns are not as many as the features.
        """
        if features.shape[1:] != (len(self.features),):
            raise ValueError(f"{features.shape} is no matrix of {len(self.features)} features")
        rows, trees = len(features), len(self.values) // LEAVES
        columns = np.ascontiguousarray(features.T, np.float32)
        masks = (columns[self.feature] <= self.threshold).astype(np.uint16)
        np.negative(masks, out=masks)
        masks |= self.kept
        left = np.bitwise_and.reduce(masks.reshape(len(masks) // trees, trees, rows), axis=0)
        leaves = np.bitwise_count((left & -left) - np.uint16(1))
        places = np.arange(0, trees * LEAVES, LEAVES)[:, np.newaxis] + leaves
        total: Floats = self.values[places].sum(axis=0) + features @ self.weights
        return total


def load_shipped(features: Sequence[str]) -> Ranker:
    """The model that ships with the project. Raises RankerError if it does not fit."""
    return load(files("retrieval").joinpath("ranker.json"), features)


def load(path: Path | Traversable, features: Sequence[str]) -> Ranker:
    """Read a model for these features, in this order.

    Raises RankerError where it is missing, damaged, or for other features.
    """
    try:
        trees, weights = _read(path, features)
        return compiled(trees, features, weights)
    except OSError as error:
        raise RankerError(f"{path}: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise RankerError(f"{path}: not a ranker: {error}") from error


def identity(features: Sequence[str]) -> str:
    """A hash of the names of features, in order: a model is for these and no others."""
    return blake2b("\n".join(features).encode(), digest_size=16).hexdigest()


def compiled(trees: Sequence[Tree], features: Sequence[str], weights: Sequence[float]) -> Ranker:
    """A ranker of these trees and weights, one of each feature.

    Raises ValueError for what is no tree, no weight, or no finite number.
    """
    if len(weights) != len(features) or not all(abs(each) < _HUGE for each in weights):
        raise ValueError(f"it has {len(weights)} weights, or one that is not finite")
    if not 0 < len(trees) <= TREES:
        raise ValueError(f"{len(trees)} trees, not 1 to {TREES}")
    for tree in trees:
        _check(tree, len(features))
    depth = max(len(tree.feature) for tree in trees)
    feature = np.zeros((depth, len(trees)), np.intp)
    threshold = np.zeros((depth, len(trees)), np.float32)
    kept = np.full((depth, len(trees)), _ALL, np.uint16)
    values = np.zeros((len(trees), LEAVES))
    for number, tree in enumerate(trees):
        nodes, order = slice(len(tree.feature)), _leaves(tree, 0)
        feature[nodes, number] = tree.feature
        threshold[nodes, number] = _rounded(tree.threshold)
        kept[nodes, number] = _kept(tree, order)
        values[number, : len(order)] = np.array(tree.values)[order]
    column = (-1, 1)
    return Ranker(
        features=tuple(features),
        feature=feature.ravel(),
        threshold=threshold.reshape(column),
        kept=kept.reshape(column),
        values=values.ravel(),
        weights=np.array(weights, np.float64),
    )


def _read(
    path: Path | Traversable, features: Sequence[str]
) -> tuple[list[Tree], tuple[float, ...]]:
    model = json.loads(path.read_text(encoding="utf-8"))
    if model["format"] != FORMAT:
        raise ValueError(f"it has format {model['format']!r}, not {FORMAT}")
    if model["identity"] != identity(features):
        raise ValueError("it was trained for other features; train it anew")
    trees = [Tree(*(tuple(tree[name]) for name in Tree._fields)) for tree in model["trees"]]
    return trees, tuple(model["weights"])


def _check(tree: Tree, width: int) -> None:
    nodes = len(tree.feature)
    if {len(tree.threshold), len(tree.left), len(tree.right), len(tree.values) - 1} != {nodes}:
        raise ValueError("the parts of a tree do not fit together")
    if nodes >= LEAVES:
        raise ValueError(f"a tree has {nodes + 1} leaves, not at most {LEAVES}")
    if not all(type(each) is int for each in (*tree.feature, *tree.left, *tree.right)):
        raise ValueError("a tree has a number that is not whole")
    if not all(0 <= each < width for each in tree.feature):
        raise ValueError("a tree asks for a feature that there is not")
    if not all(abs(each) < _HUGE for each in (*tree.threshold, *tree.values)):
        raise ValueError("a tree has a number that is not finite")
    if tree.feature:
        _check_links(tree)


def _check_links(tree: Tree) -> None:
    """Every node but the root, and every leaf, is led to once, and from a node before it."""
    nodes = range(len(tree.feature))
    if sorted((*tree.left, *tree.right)) != [
        each for each in range(~len(nodes), len(nodes)) if each
    ]:
        raise ValueError("the nodes of a tree do not hang together")
    if any(0 <= each <= node for node in nodes for each in (tree.left[node], tree.right[node])):
        raise ValueError("a tree leads back to itself")


def _leaves(tree: Tree, node: int) -> list[int]:
    """The leaves under a node, from left to right."""
    if node < 0 or not tree.feature:
        return [max(~node, 0)]
    return _leaves(tree, tree.left[node]) + _leaves(tree, tree.right[node])


def _kept(tree: Tree, order: Sequence[int]) -> list[int]:
    """For each node all bits but those of the leaves on its left."""
    bit = {leaf: 1 << place for place, leaf in enumerate(order)}
    return [_ALL - sum(bit[leaf] for leaf in _leaves(tree, left)) for left in tree.left]


def _rounded(thresholds: Sequence[float]) -> FloatMatrix:
    """Single precision, never upwards: a feature of that precision answers as it did."""
    single = np.array(thresholds, np.float32)
    lower = np.nextafter(single, np.float32(-np.inf))
    return np.where(single > np.array(thresholds), lower, single)
