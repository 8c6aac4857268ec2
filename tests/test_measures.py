"""The measures against figures worked out by hand, and what chance may make of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.measuring import measures
from retrieval.measuring.measures import (
    MEASURES,
    Interval,
    MeasuresError,
    compare,
    interval,
    mean,
    per_question,
    require,
)
from retrieval.measuring.trec import Qrels, Run


def ranked(names: str) -> dict[str, float]:
    return {name: float(-place) for place, name in enumerate(names)}


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ({"a": 1}, (1, 1, 1, 1, 1, 1)),
        ({"c": 1}, (1 / math.log2(4), 1 / 3, 0, 1, 1, 1)),
        ({"d": 1}, (1 / math.log2(5), 1 / 4, 0, 0, 1, 1)),
        ({"k": 1}, (0, 0, 0, 0, 0, 1)),
        ({"none": 1}, (0, 0, 0, 0, 0, 0)),
        ({"a": 1, "none": 1}, (1 / (1 + 1 / math.log2(3)), 1, 0.5, 0.5, 0.5, 0.5)),
        ({"a": 1, "b": 2}, ((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)), 1, 0.5, 1, 1, 1)),
        ({"a": 0, "b": 1}, (1 / math.log2(3), 0.5, 0, 1, 1, 1)),
    ],
)
def test_a_question_is_measured(relevant: dict[str, int], expected: tuple[float, ...]) -> None:
    values = per_question({"q": relevant}, {"q": ranked(LETTERS)})
    assert list(values) == list(MEASURES)
    assert [float(value[0]) for value in values.values()] == pytest.approx(list(expected))


@pytest.mark.parametrize(
    ("qrels", "run", "first"),
    [
        ({"q1": {"a": 1}, "q2": {"b": 1}}, {"q1": ranked("a"), "q2": ranked("ab")}, [1, 0]),
        ({"q2": {"b": 1}, "q1": {"a": 1}}, {"q1": ranked("a"), "q2": ranked("ab")}, [0, 1]),
        ({"q1": {"a": 1}, "q2": {"b": 1}}, {"q1": ranked("a")}, [1, 0]),
        ({"q1": {"a": 1}, "q2": {"b": 1}}, {"q1": ranked("a"), "q2": {}}, [1, 0]),
        ({"q1": {"a": 1}, "lost": {}}, {"q1": ranked("a"), "lost": ranked("a")}, [1, 0]),
        ({"q1": {"a": 1}}, {"q1": ranked("a"), "more": ranked("a")}, [1]),
        ({}, {"more": ranked("a")}, []),
        ({"q1": {"a": 1}}, {}, [0]),
    ],
)
def test_every_judged_question_counts_in_order(qrels: Qrels, run: Run, first: list[int]) -> None:
    assert per_question(qrels, run)["R@1"].tolist() == first


@pytest.mark.parametrize("values", [[], [0.25], [1.0, 1.0, 1.0], [0.0, 0.0]])
def test_values_that_do_not_vary_have_no_interval_to_speak_of(values: list[float]) -> None:
    only = values[0] if values else 0.0
    assert mean(np.array(values)) == only
    assert interval(np.array(values)) == Interval(only, only)


def test_an_interval_is_as_wide_as_theory_says() -> None:
    """Of 400 values, half of them 1: 0.5 ± 1.96 · sqrt(0.25 / 400)."""
    low, high = interval(np.array([0.0, 1.0] * 200))
    assert low == pytest.approx(0.451, abs=0.01)
    assert high == pytest.approx(0.549, abs=0.01)


@settings(max_examples=10)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_an_interval_holds_the_mean_and_is_the_same_again(values: list[float]) -> None:
    found = np.array(values)
    low, high = interval(found)
    assert low - 1e-9 <= found.mean() <= high + 1e-9
    assert interval(found) == (low, high)


def test_a_run_that_is_better_everywhere_is_better_beyond_chance() -> None:
    difference = compare(np.full(30, 0.6), np.full(30, 0.5))
    assert difference.mean == pytest.approx(0.1)
    assert (difference.better, difference.worse, difference.tied) == (30, 0, 0)
    assert difference.p < 0.001


@pytest.mark.parametrize(
    ("ours", "theirs", "counts"),
    [
        ([1, 0, 1, 0], [0, 1, 0, 1], (2, 2, 0)),
        ([1, 1, 0], [1, 0, 0], (1, 0, 2)),
        ([1, 0], [1, 0], (0, 0, 2)),
        ([1], [0], (1, 0, 0)),
        ([], [], (0, 0, 0)),
    ],
)
def test_what_may_be_chance_is_not_told_apart(
    ours: list[int], theirs: list[int], counts: tuple[int, int, int]
) -> None:
    difference = compare(np.array(ours, float), np.array(theirs, float))
    assert (difference.better, difference.worse, difference.tied) == counts
    assert difference.p == 1.0


def test_the_paired_test_is_that_of_all_signs() -> None:
    """Three gains of 1 and a loss of 1: 10 of the 16 sign patterns are as far from zero."""
    assert compare(np.array([1.0, 1, 1, 0]), np.array([0.0, 0, 0, 1])).p == pytest.approx(10 / 16)


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(measures, "import_module", missing)
    for call in (require, lambda: per_question({}, {}), lambda: interval(np.zeros(2))):
        with pytest.raises(MeasuresError, match=r"is not installed; .*pip install '\.\[dev\]'"):
            call()
