"""The terms of some passages laid end to end, as features and evidence count them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids
from retrieval.segment import Segment

Classes = NDArray[np.int16]


class Laid(NamedTuple):
    """The terms of some passages, one passage after another."""

    rows: Ids
    """For each term the place of its passage among those asked for; rising."""
    marks: NDArray[np.uint8]
    classes: tuple[Classes, ...]
    """For each mapping that was given the class of each term; 0 for one without."""


def laid(
    segments: Sequence[Segment],
    first: Sequence[int],
    numbers: Ids,
    classes: Sequence[Mapping[str, int]],
) -> Laid:
    """Lay the passages of these numbers; `first` has that of the first passage of each segment."""
    parts = [
        _laid(segment, numbers, start, stop, classes)
        for segment, (start, stop) in zip(segments, pairwise(first), strict=True)
    ]
    if len(parts) == 1:
        return parts[0]
    rows = np.concatenate([part.rows for part in parts] or [np.empty(0, np.int32)])
    order = np.argsort(rows, kind="stable")
    marks = [part.marks for part in parts] or [np.empty(0, np.uint8)]
    tables = zip(*(part.classes for part in parts), strict=True) if parts else ((),) * len(classes)
    return Laid(
        rows[order],
        np.concatenate(marks)[order],
        tuple(np.concatenate([*each, np.empty(0, np.int16)])[order] for each in tables),
    )


def _laid(
    segment: Segment, numbers: Ids, first: int, stop: int, classes: Iterable[Mapping[str, int]]
) -> Laid:
    """Those of the passages that are in one segment."""
    inside = np.flatnonzero((numbers >= first) & (numbers < stop))
    local = numbers[inside] - first
    starts, stops = segment.ends[local], segment.ends[local + 1]
    lengths = stops - starts
    before = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    terms = segment.numbers[places]
    return Laid(
        np.repeat(inside, lengths).astype(np.int32),
        segment.marks[places],
        tuple(_table(segment, mapping)[terms] for mapping in classes),
    )


def _table(segment: Segment, classes: Mapping[str, int]) -> Classes:
    """For each term of a segment its class."""
    table = np.zeros(len(segment.vocabulary), np.int16)
    for term, of in classes.items():
        number = segment.vocabulary.number(term)
        if number is not None:
            table[number] = of
    return table
