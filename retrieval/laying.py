"""The terms of some passages laid end to end, as features and evidence count them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids, runs
from retrieval.bm25 import Bm25
from retrieval.segment import Segment

Classes = NDArray[np.int16]
Entries = dict[int, int]
"""Classes by the numbers of terms."""


class Laid(NamedTuple):
    """The terms of some passages, one passage after another."""

    rows: Ids
    """For each term the place of its passage among those asked for; rising."""
    marks: NDArray[np.uint8]
    classes: tuple[Classes, ...]
    """For each mapping that was given the class of each term; 0 for one without."""


def laid(
    segments: Sequence[Segment], index: Bm25, numbers: Ids, classes: Sequence[Mapping[str, int]]
) -> Laid:
    """Lay the passages of these numbers; `index` numbers them and the terms of each segment."""
    entries = [_entries(index, mapping) for mapping in classes]
    parts = [
        _laid(segment, numbers, index.first[place], [of[place] for of in entries])
        for place, segment in enumerate(segments)
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


def _laid(segment: Segment, numbers: Ids, first: int, entries: Sequence[Entries]) -> Laid:
    """Those of the passages that are in one segment."""
    inside = np.flatnonzero((numbers >= first) & (numbers < first + segment.size))
    local = numbers[inside] - first
    starts, stops = segment.ends[local], segment.ends[local + 1]
    lengths = stops - starts
    places = runs(starts, lengths)
    terms = segment.numbers[places]
    return Laid(
        np.repeat(inside, lengths).astype(np.int32),
        segment.marks[places],
        tuple(_table(segment, each)[terms] for each in entries),
    )


def _entries(index: Bm25, classes: Mapping[str, int]) -> list[Entries]:
    """For each segment the classes by the numbers that their terms have there."""
    entries: list[Entries] = [{} for _ in index.parts]
    for term, of in classes.items():
        for part, number in index.places(term):
            entries[part][number] = of
    return entries


def _table(segment: Segment, entries: Entries) -> Classes:
    """For each term of a segment its class."""
    table = np.zeros(len(segment.vocabulary), np.int16)
    table[list(entries)] = list(entries.values())
    return table
