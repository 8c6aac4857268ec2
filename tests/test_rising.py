"""Sets of numbers as rising arrays do what Python's sets do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.arrays import Ids
from retrieval.rising import common, distinct, union, within

sets = st.sets(st.integers(0, 30), max_size=20)


def rising(numbers: set[int]) -> Ids:
    return np.array(sorted(numbers), np.int32)


@given(st.lists(sets, max_size=4))
def test_a_union_has_what_any_set_has(numbers: list[set[int]]) -> None:
    found = union([*map(rising, numbers)])
    assert found.tolist() == sorted(set().union(*numbers))
    assert found.dtype == np.int32


@given(st.lists(sets, min_size=1, max_size=4))
def test_common_is_what_every_set_has(numbers: list[set[int]]) -> None:
    assert common(map(rising, numbers)).tolist() == sorted(set.intersection(*numbers))


@given(st.lists(st.integers(0, 30), max_size=20), sets)
def test_numbers_are_within_a_set_in_any_order(numbers: list[int], whole: set[int]) -> None:
    found = within(np.array(numbers, np.int32), rising(whole))
    assert found.tolist() == [number in whole for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "once"), [([], []), ([0], [0]), ([0, 0, 1, 1, 1, 7], [0, 1, 7])]
)
def test_each_number_once(numbers: list[int], once: list[int]) -> None:
    assert distinct(np.array(numbers, np.int32)).tolist() == once


def test_one_set_alone_is_not_copied() -> None:
    one = rising({1, 5})
    assert union([one]) is one
    assert union([one, rising(set())]) is one
