"""The ranker gives LightGBM's own scores with numpy alone, and refuses what is no model of ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.measuring.boosting import tree_of
from retrieval.ranker import FORMAT, LEAVES, RankerError, Tree, compiled, identity, load

FEATURES = ("own", "article", "phrase")
TREE: dict[str, Any] = {
    "feature": [0, 2],
    "threshold": [0.5, 0.25],
    "left": [1, -1],
    "right": [-2, -3],
    "values": [1.0, 2.0, 4.0],
}
"""own ≤ 0.5: phrase ≤ 0.25: 1, else 4; own above it: 2."""
MODEL: dict[str, Any] = {
    "format": FORMAT,
    "identity": identity(FEATURES),
    "weights": [0.0, 0.0, 0.0],
    "trees": [TREE],
}


def written(folder: Path, model: object) -> Path:
    path = folder / "ranker.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


def changed(**parts: object) -> dict[str, Any]:
    return {**MODEL, "trees": [TREE, {**TREE, **parts}]}


def rows(*values: tuple[float, ...]) -> np.typing.NDArray[np.float32]:
    return np.array(values, np.float32).reshape(-1, len(FEATURES))


def test_a_row_goes_left_up_to_the_threshold_and_right_above_it(tmp_path: Path) -> None:
    ranker = load(written(tmp_path, MODEL), FEATURES)
    asked = rows((0.5, 9, 0.25), (0.5, 9, 0.26), (0.51, 9, 0), (-3, 9, 9))
    assert ranker.scores(asked).tolist() == [1, 4, 2, 4]


def test_trees_are_added_and_one_of_a_single_leaf_is_a_tree(tmp_path: Path) -> None:
    single = {"feature": [], "threshold": [], "left": [], "right": [], "values": [0.5]}
    ranker = load(written(tmp_path, {**MODEL, "trees": [TREE, single, TREE]}), FEATURES)
    assert ranker.scores(rows((0, 0, 0), (1, 0, 0))).tolist() == [2.5, 4.5]
    alone = load(written(tmp_path, {**MODEL, "trees": [single]}), FEATURES)
    assert alone.scores(rows((0, 0, 0))).tolist() == [0.5]


def test_a_weight_adds_its_feature_to_the_score(tmp_path: Path) -> None:
    ranker = load(written(tmp_path, {**MODEL, "weights": [0.0, 0.5, 10.0]}), FEATURES)
    assert ranker.scores(rows((0, 4, 0), (0, 0, 1))).tolist() == [1 + 2, 4 + 10]


def test_no_rows_have_no_scores() -> None:
    assert (
        compiled([Tree((0,), (0.5,), (-1,), (-2,), (1.0, 2.0))], FEATURES, [0.0] * 3)
        .scores(rows())
        .tolist()
        == []
    )


@pytest.mark.parametrize("shape", [(4, 2), (4, 4), (3,)])
def test_a_matrix_of_other_width_is_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    ranker = load(written(tmp_path, MODEL), FEATURES)
    with pytest.raises(ValueError, match="no matrix of 3 features"):
        ranker.scores(np.zeros(shape, np.float32))


@given(
    seed=st.integers(0, 2**31),
    leaves=st.integers(2, LEAVES),
    trees=st.integers(1, 30),
    decimals=st.integers(0, 3),
)
@settings(deadline=None, max_examples=25)
def test_the_scores_are_those_of_lightgbm(
    seed: int, leaves: int, trees: int, decimals: int
) -> None:
    """With few decimals many values are alike, and some are just what a node asks for."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(300, 5)).round(decimals).astype(np.float32)
    labels = (features[:, 0] * features[:, 1] + features[:, 2] > 0).astype(int)
    parameters = {"objective": "binary", "num_leaves": leaves, "min_data_in_leaf": 5}
    booster = lightgbm.train(
        {**parameters, "verbose": -1, "num_threads": 1}, lightgbm.Dataset(features, labels), trees
    )
    grown = [tree_of(each["tree_structure"]) for each in booster.dump_model()["tree_info"]]
    ours = compiled(grown, [f"f{number}" for number in range(5)], [0.0] * 5).scores(features)
    theirs = booster.predict(features, raw_score=True)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ({**MODEL, "format": FORMAT + 1}, "format"),
        ({**MODEL, "identity": identity(FEATURES[::-1])}, "other features"),
        ({**MODEL, "trees": []}, "0 trees"),
        ({**MODEL, "trees": [TREE] * 2001}, "2001 trees"),
        ({**MODEL, "trees": [[]]}, "list indices"),
        ({**MODEL, "trees": 3}, "not iterable"),
        ({**MODEL, "weights": [0.0]}, "1 weights"),
        ({**MODEL, "weights": [0.0, 0.0, float("nan")]}, "not finite"),
        ({**MODEL, "weights": [0.0, 0.0, "1"]}, "str"),
        ({"format": FORMAT}, "identity"),
        ([], "list indices"),
        (None, "not subscriptable"),
        (changed(feature=[0, 3]), "feature that there is not"),
        (changed(feature=[0, -1]), "feature that there is not"),
        (changed(feature=[0, 1.5]), "not whole"),
        (changed(feature=[0, True]), "not whole"),
        (changed(feature=[0]), "do not fit"),
        (changed(values=[1.0, 2.0]), "do not fit"),
        (changed(threshold=[0.5, float("nan")]), "not finite"),
        (changed(threshold=[0.5, float("inf")]), "not finite"),
        (changed(threshold=[0.5, 1e300]), "not finite"),
        (changed(threshold=[0.5, 10**400]), "not finite"),
        (changed(threshold=[0.5, "1"]), "str"),
        (changed(values=[1.0, 2.0, float("nan")]), "not finite"),
        (changed(left=[1, 0]), "hang together"),
        (changed(left=[1, 1]), "hang together"),
        (changed(left=[1, -2]), "hang together"),
        (changed(left=[1, 7]), "hang together"),
        (changed(left=[1, -9]), "hang together"),
        (changed(left=[-1, 1]), "back to itself"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, model: object, said: str) -> None:
    with pytest.raises(RankerError, match=said) as raised:
        load(written(tmp_path, model), FEATURES)
    assert "ranker.json" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_tree_of_too_many_leaves_is_refused(tmp_path: Path) -> None:
    nodes = range(LEAVES)
    chain = {
        "feature": [0] * LEAVES,
        "threshold": [0.0] * LEAVES,
        "left": [~number for number in nodes],
        "right": [*nodes[1:], ~LEAVES],
        "values": [0.0] * (LEAVES + 1),
    }
    with pytest.raises(RankerError, match=f"{LEAVES + 1} leaves"):
        load(written(tmp_path, {**MODEL, "trees": [chain]}), FEATURES)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ranker.json"
    path.write_bytes(content)
    with pytest.raises(RankerError, match="not a ranker"):
        load(path, FEATURES)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: (path.unlink(), path.mkdir())])
def test_a_missing_file_is_refused(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    path = written(tmp_path, MODEL)
    spoil(path)
    with pytest.raises(RankerError, match=r"ranker\.json: \w+"):
        load(path, FEATURES)


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_other_names_or_another_order_are_other_features(one: list[str], other: list[str]) -> None:
    assert (identity(one) == identity(other)) == ("\n".join(one) == "\n".join(other))
