"""Sets of numbers as rising arrays, as postings have them: nothing is sorted that is in order."""

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np

from retrieval.arrays import Flags, Ids

NONE: Ids = np.empty(0, np.int32)


def distinct(numbers: Ids) -> Ids:
    """Each number once; they never fall."""
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def union(sets: Sequence[Ids]) -> Ids:
    """The numbers that are in any of the sets."""
    some = [each for each in sets if len(each)]
    if len(some) < 2:
        return some[0] if some else NONE
    numbers = np.concatenate(some)
    numbers.sort(kind="stable")  # merges what is in order already
    return distinct(numbers)


def within(numbers: Ids, whole: Ids) -> Flags:
    """Which of some numbers are in a set; they come in any order."""
    if not len(whole):
        return np.zeros(len(numbers), bool)
    places = np.searchsorted(whole, numbers)
    found: Flags = whole[np.minimum(places, len(whole) - 1)] == numbers
    return found


def common(sets: Iterable[Ids]) -> Ids:
    """The numbers that are in each of the sets, one or more."""
    return reduce(lambda few, more: few[within(few, more)], sorted(sets, key=len))
